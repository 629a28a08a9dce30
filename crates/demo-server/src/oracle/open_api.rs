//! This API's part of the service's description (`crate::open_api`), made from the resource tree.

use rest_contract::{Access, Field, Kind};
use serde_json::{Map, Value as Json, json};
use sqlx::Error;

use crate::database::Connection;
use crate::open_api_parts::{
    Operation, Refusals, array, example, fields, in_header, in_path, in_query, object,
};
use crate::oracle::protocol::parameters::Page;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::ROOTS;

const BASE: &str = "/crmRestApi/resources/11.13.18.05";
const JSON_TYPE: &[&str] = &["application/json"];

pub(crate) async fn paths(connection: &mut Connection) -> Result<Map<String, Json>, Error> {
    let mut paths = Map::new();
    for root in ROOTS {
        add(&mut paths, connection, root, BASE, &[]).await?;
    }
    Ok(paths)
}

/// Adds a resource at an address, and its children below it.
async fn add(
    paths: &mut Map<String, Json>,
    connection: &mut Connection,
    resource: &'static Resource,
    address: &str,
    parents: &[Json],
) -> Result<(), Error> {
    let collection = format!("{address}/{}", resource.name);
    let name = format!("{}{}", resource.name, parents.len());
    let key = in_path(&name, key_schema(resource), key_example(connection, resource).await?);
    let item = format!("{collection}/{{{name}}}");
    let own = parents.iter().cloned().chain([key]).collect::<Vec<_>>();

    let mut methods = Map::new();
    let list = operation(format!("List {}", resource.name))
        .parameters(parents.iter().cloned())
        .parameters(list_parameters(resource))
        .answers(200, JSON_TYPE, &page(resource));
    methods.insert("get".to_owned(), list.done());
    if resource.writes.create {
        let settable = sent(resource, |field| field.access != Access::ReadOnly);
        let create = operation(format!("Add one to {}", resource.name))
            .parameters(parents.iter().cloned())
            .parameter(in_header("Upsert-Mode", json!({ "type": "boolean" })))
            .body("application/json", settable)
            .answers(201, JSON_TYPE, &shown(resource))
            .answers(200, JSON_TYPE, &shown(resource));
        methods.insert("post".to_owned(), create.done());
    }
    paths.insert(collection.clone(), methods.into());
    paths.insert(item.clone(), item_methods(resource, &own).into());

    for action in resource.collection_actions {
        let path = format!("{collection}/action/{action}");
        paths.insert(path, json!({ "post": act(action).parameters(parents.iter().cloned()).done() }));
    }
    for action in resource.actions {
        let path = format!("{item}/action/{action}");
        paths.insert(path, json!({ "post": act(action).parameters(own.iter().cloned()).done() }));
    }
    for address in [&collection, &item] {
        let described = operation(format!("Describe {}", resource.name))
            .parameters(if *address == collection { parents.to_vec() } else { own.clone() })
            .answers(200, &["application/vnd.oracle.adf.description+json"], &json!({ "type": "object" }));
        paths.insert(format!("{address}/describe"), json!({ "get": described.done() }));
    }
    for child in resource.children {
        Box::pin(add(paths, connection, child, &format!("{item}/child"), &own)).await?;
    }
    Ok(())
}

fn item_methods(resource: &'static Resource, own: &[Json]) -> Map<String, Json> {
    let mut methods = Map::new();
    let get = operation(format!("Get one of {}", resource.name))
        .parameters(own.iter().cloned())
        .parameters([in_query("fields", text()), in_query("expand", text())])
        .parameters(
            resource.writes.change.then(|| in_query(crate::oracle::commands::preview::PARAMETER, text())),
        )
        .answers(200, JSON_TYPE, &shown(resource));
    methods.insert("get".to_owned(), get.done());
    if resource.writes.change {
        let writable = sent(resource, |field| matches!(field.access, Access::Writable | Access::Version));
        let change = operation(format!("Change one of {}", resource.name))
            .parameters(own.iter().cloned())
            .parameter(in_header("If-Match", text()))
            .body("application/json", writable)
            .answers(200, JSON_TYPE, &shown(resource))
            // The answer to a stale If-Match is the item as it is now.
            .answers(412, JSON_TYPE, &shown(resource));
        methods.insert("patch".to_owned(), change.done());
    }
    if resource.writes.delete {
        let delete = operation(format!("Remove one of {}", resource.name))
            .parameters(own.iter().cloned())
            .parameter(in_header("If-Match", text()));
        // A rule of approvals is in force for some time more, and the answer says until when.
        let delete = match resource.table == crate::oracle::commands::approval_rule::TABLE {
            true => delete.answers(200, JSON_TYPE, &shown(resource)),
            false => delete.answers_nothing(204),
        };
        let delete = delete.answers(412, JSON_TYPE, &shown(resource));
        methods.insert("delete".to_owned(), delete.done());
    }
    methods
}

fn act(action: &str) -> Operation {
    let result = object(json!({ "result": { "type": "object" } }), &["result"]);
    operation(format!("Carry out {action}"))
        .body(crate::oracle::commands::actions::MEDIA_TYPE, json!({ "type": "object" }))
        .answers(200, &["application/json", crate::oracle::commands::actions::RESULT_MEDIA_TYPE], &result)
        .answers(412, JSON_TYPE, &json!({ "type": "object" }))
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn operation(summary: String) -> Operation {
    let refusals = Refusals {
        media_types: &["application/vnd.oracle.adf.error+json", "text/plain"],
        schema: object(
            json!({ "title": text(), "status": text(), "o:errorDetails": array(json!({ "type": "object" })) }),
            &["title", "status", "o:errorDetails"],
        ),
        statuses: &[400, 401, 403, 404, 405, 406, 413, 415, 503],
    };
    let version = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    Operation::new(summary, &refusals).parameter(in_header("REST-Framework-Version", version))
}

fn list_parameters(resource: &Resource) -> Vec<Json> {
    let flag = json!({ "type": "boolean" });
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": Page::HIGHEST_LIMIT });
    let mut parameters = vec![
        in_query("q", json!({ "type": "string", "example": format!("{} is not null", resource.schema.key) })),
        in_query("orderBy", json!({ "type": "string", "example": format!("{}:desc", resource.schema.key) })),
        in_query("limit", limit),
        in_query("offset", json!({ "type": "integer", "minimum": 0, "maximum": i32::MAX })),
        in_query("totalResults", flag.clone()),
        in_query("onlyData", flag),
    ];
    for name in ["fields", "expand", "links", "finder"] {
        parameters.push(in_query(name, text()));
    }
    parameters
}

fn key_schema(resource: &Resource) -> Json {
    match resource.key_field().map(|field| field.kind) {
        Some(Kind::Int32 | Kind::Int64) => json!({ "type": "integer", "format": "int64" }),
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

/// The key of the first item there is.
async fn key_example(connection: &mut Connection, resource: &'static Resource) -> Result<Json, Error> {
    let Some(field) = resource.key_field() else { return Ok(Json::Null) };
    let (column, _) = resource.column(field, "t");
    let sql = format!(
        "SELECT CAST({column} AS TEXT) FROM {} t {} ORDER BY t.{} LIMIT 1",
        resource.table,
        resource.joins("t"),
        resource.id_column
    );
    let key = example(connection, &sql).await?;
    // Where there is no item yet, the example is at least of the right kind.
    Ok(match field.kind {
        Kind::Int32 | Kind::Int64 => key.parse::<i64>().unwrap_or(1).into(),
        _ if key.is_empty() => "none".into(),
        _ => key.into(),
    })
}

/// An item as it is shown. Which members there are depends on what was asked for.
fn shown(resource: &Resource) -> Json {
    object(fields(resource.schema, |_| true).into(), &[])
}

fn sent(resource: &Resource, wanted: impl Fn(&Field) -> bool) -> Json {
    object(fields(resource.schema, wanted).into(), &[])
}

fn page(resource: &Resource) -> Json {
    let number = json!({ "type": "integer", "minimum": 0 });
    object(
        json!({
            "items": array(shown(resource)), "totalResults": number, "count": number, "limit": number,
            "offset": number, "hasMore": { "type": "boolean" }, "links": array(json!({ "type": "object" })),
        }),
        &["items", "count", "limit", "offset", "hasMore", "links"],
    )
}
