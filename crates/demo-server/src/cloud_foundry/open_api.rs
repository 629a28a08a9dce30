//! This API's part of the service's description (`crate::open_api`).

use serde_json::{Map, Value as Json, json};
use sqlx::Error;

use crate::database::Connection;
use crate::open_api_parts::{Operation, Refusals, array, example, in_path, in_query, object};

const JSON_TYPE: &[&str] = &["application/json"];

pub(crate) async fn paths(connection: &mut Connection) -> Result<Map<String, Json>, Error> {
    let event = "SELECT MIN(service_usage_event_guid) FROM service_usage_events";
    let instance = "SELECT MIN(service_instance_guid) FROM service_instances";
    let (event, instance) = (example(connection, event).await?, example(connection, instance).await?);
    let guid = |example: &str| in_path("guid", json!({ "type": "string", "minLength": 1 }), example.into());
    let get = |summary: &str, schema: &Json| operation(summary).answers(200, JSON_TYPE, schema);
    let discovery = object(json!({ "links": { "type": "object" } }), &["links"]);
    let instances = object(json!({ "resources": array(service_instance()) }), &["resources"]);
    let paths = json!({
        "/": { "get": get("What the platform offers", &discovery).done() },
        "/v3": { "get": get("What is here", &discovery).done() },
        "/v3/info": { "get": get("About the platform", &discovery).done() },
        "/v3/organizations": {
            "get": get("List organizations", &page(&organization())).parameters(paging()).parameter(in_query("guids", json!({ "type": "string" }))).done(),
        },
        "/v3/service_usage_events": {
            "get": get("List service usage events", &page(&usage_event())).parameters(list_parameters()).done(),
        },
        "/v3/service_usage_events/{guid}": {
            "get": get("Get a service usage event", &usage_event()).parameter(guid(&event)).done(),
        },
        "/v3/service_usage_events/actions/destructively_purge_all_and_reseed": {
            "post": get("Purge and seed service usage events", &json!({ "type": "object" })).done(),
        },
        "/demo/service_usage_events/actions/prune": {
            "post": get("Remove events older than 31 days", &object(json!({ "deleted": { "type": "integer" } }), &["deleted"])).done(),
        },
        "/demo/service_instances": {
            "get": get("List service instances", &instances).done(),
            "post": operation("Add a service instance")
                .body("application/json", creation())
                .answers(201, JSON_TYPE, &service_instance())
                .done(),
        },
        "/demo/service_instances/{guid}": {
            "get": get("Get a service instance", &service_instance()).parameter(guid(&instance)).done(),
            "patch": get("Change a service instance", &service_instance())
                .parameter(guid(&instance))
                .body("application/json", change())
                .done(),
            "delete": operation("Remove a service instance").parameter(guid(&instance)).answers_nothing(204).done(),
        },
    });
    match paths {
        Json::Object(paths) => Ok(paths),
        _ => Ok(Map::new()),
    }
}

fn operation(summary: &str) -> Operation {
    let text = json!({ "type": "string" });
    let error = object(
        json!({ "code": { "type": "integer" }, "title": text, "detail": text }),
        &["code", "title", "detail"],
    );
    let refusals = Refusals {
        media_types: JSON_TYPE,
        schema: object(json!({ "errors": array(error) }), &["errors"]),
        statuses: &[400, 401, 403, 404, 405, 409, 422, 503],
    };
    Operation::new(summary, &refusals)
}

fn paging() -> Vec<Json> {
    vec![
        in_query("page", json!({ "type": "integer", "minimum": 1 })),
        in_query(
            "per_page",
            json!({ "type": "integer", "minimum": 1, "maximum": super::list_parameters::HIGHEST_PER_PAGE }),
        ),
    ]
}

fn organization() -> Json {
    let text = json!({ "type": "string" });
    object(json!({ "guid": text, "name": text }), &["guid", "name"])
}

fn list_parameters() -> Vec<Json> {
    let text = json!({ "type": "string" });
    let mut parameters = paging();
    parameters.push(in_query(
        "order_by",
        json!({ "type": "string", "enum": ["created_at", "+created_at", "-created_at"] }),
    ));
    for name in ["after_guid", "guids", "service_instance_types", "service_offering_guids", "created_ats"] {
        parameters.push(in_query(name, text.clone()));
    }
    for operator in ["lt", "lte", "gt", "gte"] {
        let at = json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$" });
        parameters.push(in_query(&format!("created_ats[{operator}]"), at));
    }
    parameters
}

fn page(resource: &Json) -> Json {
    let link = object(json!({ "href": { "type": "string" } }), &["href"]);
    let mut none = link.clone();
    none["nullable"] = true.into();
    let count = json!({ "type": "integer", "minimum": 0 });
    let pagination = object(
        json!({ "total_results": count, "total_pages": count, "first": link, "last": link, "next": none, "previous": none }),
        &["total_results", "total_pages", "first", "last", "next", "previous"],
    );
    object(
        json!({ "pagination": pagination, "resources": array(resource.clone()) }),
        &["pagination", "resources"],
    )
}

fn usage_event() -> Json {
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": "string", "nullable": true });
    let named = object(json!({ "guid": maybe, "name": maybe }), &["guid", "name"]);
    let instance = object(json!({ "guid": text, "name": text, "type": text }), &["guid", "name", "type"]);
    let at = json!({ "type": "string", "format": "date-time" });
    object(
        json!({
            "guid": text, "created_at": at, "updated_at": at, "state": text, "space": named,
            "organization": object(json!({ "guid": text }), &["guid"]), "service_instance": instance,
            "service_plan": named, "service_offering": named, "service_broker": named,
            "links": { "type": "object" },
        }),
        &[
            "guid",
            "created_at",
            "updated_at",
            "state",
            "space",
            "organization",
            "service_instance",
            "service_plan",
            "service_offering",
            "service_broker",
            "links",
        ],
    )
}

fn service_instance() -> Json {
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": "string", "nullable": true });
    object(
        json!({
            "guid": text, "name": text, "type": text, "space_guid": text, "space_name": text,
            "organization_guid": text, "service_plan_guid": maybe, "service_plan_name": maybe,
            "service_offering_guid": maybe, "service_offering_name": maybe,
            "service_broker_guid": maybe, "service_broker_name": maybe,
            "created_at": text, "updated_at": text,
        }),
        &["guid", "name", "type", "space_guid", "created_at", "updated_at"],
    )
}

fn creation() -> Json {
    let mut creation = change();
    creation["properties"]["space_guid"] = json!({ "type": "string" });
    creation["required"] = json!(["name", "space_guid"]);
    creation
}

fn change() -> Json {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
    let plan = json!({ "type": "string", "nullable": true });
    let mut change = object(json!({ "name": name, "service_plan_guid": plan }), &[]);
    change["additionalProperties"] = false.into();
    change
}
