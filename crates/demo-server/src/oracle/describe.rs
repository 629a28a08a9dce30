//! `describe`: the resources as data for clients (Oracle REST, "Describe a resource"): attributes,
//! finders, actions, children. `metadataMode=minimal` leaves the attributes out, `includeChildren=true`
//! takes the children in.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use rest_contract::{Access, Field, Kind};
use serde_json::{Map, Value as Json, json};

use super::commands::actions;
use super::request::exchange::json_response;
use crate::oracle::protocol::parameters::{Page, Parameters};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::{ROOTS, list_of_values};

const MEDIA_TYPE: &str = "application/vnd.oracle.adf.description+json";

/// How much of each resource is described.
#[derive(Clone, Copy, Debug)]
struct Extent {
    attributes: bool,
    children: bool,
}

impl Extent {
    fn of(parameters: &Parameters) -> Result<Self, Refusal> {
        Ok(Self {
            attributes: parameters.get("metadataMode") != Some("minimal"),
            children: parameters.flag("includeChildren")?,
        })
    }
}

/// The description of one resource, standing at `address`.
pub(in crate::oracle) fn resource(
    resource: &'static Resource,
    address: &str,
    parameters: &Parameters,
) -> Result<Response, Refusal> {
    let extent = Extent::of(parameters)?;
    Ok(answer(Map::from_iter([(resource.name.to_owned(), description(resource, address, extent))])))
}

/// The catalogue of everything below a version's root.
pub(in crate::oracle) fn catalogue(base: &str, parameters: &Parameters) -> Result<Response, Refusal> {
    let extent = Extent::of(parameters)?;
    let one = |root: &&'static Resource| {
        (root.name.to_owned(), description(root, &format!("{base}/{}", root.name), extent))
    };
    Ok(answer(ROOTS.iter().map(one).collect()))
}

fn answer(resources: Map<String, Json>) -> Response {
    let body = json!({ "Resources": resources }).to_string();
    let mut response = json_response(StatusCode::OK, body.into_bytes());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

fn description(resource: &'static Resource, address: &str, extent: Extent) -> Json {
    let item = format!("{address}/{{id}}");
    let mut described = json!({
        "title": resource.noun,
        "links": [
            { "rel": "self", "href": format!("{address}/describe"), "name": "self", "kind": "describe" },
            { "rel": "canonical", "href": format!("{address}/describe"), "name": "canonical", "kind": "describe" },
        ],
        "collection": {
            "rangeSize": Page::DEFAULT_LIMIT,
            "finders": resource.finders.iter().map(|finder| json!({
                "name": finder.name,
                "attributes": finder.variables.iter().map(|(variable, _)| json!({ "name": variable })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "links": [{ "rel": "self", "href": address, "name": "self", "kind": "collection" }],
            "actions": collection_actions(resource, address),
        },
        "item": {
            "links": item_links(resource, &item),
            "actions": item_actions(resource, &item),
        },
    });
    if let Json::Object(members) = &mut described {
        if extent.attributes {
            let attributes = resource.schema.fields.iter().map(|field| attribute(resource, field));
            members.insert("attributes".to_owned(), attributes.collect());
        }
        if extent.children && !resource.children.is_empty() {
            let children = resource.children.iter().map(|child| {
                let address = format!("{item}/child/{}", child.name);
                (child.name.to_owned(), description(child, &address, extent))
            });
            members.insert("children".to_owned(), Json::Object(children.collect()));
        }
    }
    described
}

fn attribute(resource: &Resource, field: &Field) -> Json {
    let kind = match field.kind {
        Kind::Text => "string",
        Kind::Decimal => "number",
        Kind::Int32 | Kind::Int64 => "integer",
        Kind::Boolean => "boolean",
        Kind::DateTime => "datetime",
        Kind::Date => "date",
    };
    let mut described = json!({
        "name": field.name,
        "type": if resource.enclosures.contains(&field.name) { "attachment" } else { kind },
        "title": field.title,
        "updatable": resource.writes.change && matches!(field.access, Access::Writable | Access::Version),
        "settable": resource.writes.create && field.access != Access::ReadOnly,
        "queryable": true,
        "key": field.name == resource.schema.key,
    });
    if let Json::Object(members) = &mut described {
        if let Some(length) = field.max_length {
            members.insert("maxLength".to_owned(), length.into());
        }
        let name = resource.lists_of_values.iter().find(|(one, _)| *one == field.name).map(|(_, name)| *name);
        if let (Some(name), Some(lookup)) = (name, field.lookup) {
            let (list, query) = list_of_values(lookup);
            let lov = json!({ "childRef": name, "resource": list.name, "query": query });
            members.insert("lov".to_owned(), lov);
        }
    }
    described
}

fn collection_actions(resource: &Resource, address: &str) -> Vec<Json> {
    let json_type = ["application/json"];
    let mut described = vec![json!({ "name": "get", "method": "GET", "responseType": json_type })];
    if resource.writes.create {
        described.push(json!({
            "name": "create", "method": "POST", "requestType": json_type, "responseType": json_type,
        }));
        described.push(json!({
            "name": "upsert", "method": "POST", "header": "Upsert-Mode=true",
            "requestType": json_type, "responseType": json_type,
        }));
    }
    described
        .extend(resource.collection_actions.iter().map(|name| action(name, &format!("{address}/action"))));
    described
}

fn item_actions(resource: &Resource, item: &str) -> Vec<Json> {
    let json_type = ["application/json"];
    let mut described = vec![json!({ "name": "get", "method": "GET", "responseType": json_type })];
    if resource.writes.change {
        described.push(json!({
            "name": "update", "method": "PATCH", "requestType": json_type, "responseType": json_type,
        }));
    }
    if resource.writes.delete {
        described.push(json!({ "name": "delete", "method": "DELETE" }));
    }
    described.extend(resource.actions.iter().map(|name| action(name, &format!("{item}/action"))));
    described
}

fn action(name: &str, address: &str) -> Json {
    json!({
        "name": name,
        "method": "POST",
        "href": format!("{address}/{name}"),
        "requestType": [actions::MEDIA_TYPE],
        "responseType": ["application/json", actions::RESULT_MEDIA_TYPE],
    })
}

fn item_links(resource: &Resource, item: &str) -> Vec<Json> {
    let link = |relation: &str, href: String, name: &str, kind: &str| json!({ "rel": relation, "href": href, "name": name, "kind": kind });
    let mut links = vec![
        link("self", item.to_owned(), "self", "item"),
        link("canonical", item.to_owned(), "canonical", "item"),
    ];
    for child in resource.children {
        links.push(link("child", format!("{item}/child/{}", child.name), child.name, "collection"));
    }
    for field in resource.enclosures {
        links.push(link("enclosure", format!("{item}/enclosure/{field}"), field, "other"));
    }
    links
}
