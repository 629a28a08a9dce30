//! This API's part of the service's description (`crate::open_api`).

use rest_contract::Access;
use rest_contract::logisense::{BASE_BUCKET, BASE_PATH, LARGEST_PAGE, LOGIN_PATH};
use serde_json::{Map, Value as Json, json};

use crate::open_api_parts::{Operation, Refusals, array, fields, in_header, in_path, in_query, object};

const JSON_TYPE: &[&str] = &["application/json"];

pub(crate) fn paths() -> Map<String, Json> {
    let mut paths = Map::new();
    let mut add = |path: &str, methods: Json| paths.insert(format!("{BASE_PATH}/{path}"), methods);
    let id = || in_path("id", json!({ "type": "integer", "format": "int64", "minimum": 0 }), 1.into());
    let (bucket, with_details, detail) = (bucket(), bucket_with_details(), detail());
    let list = |summary: &str, item: &Json| get(summary, &item_list(item)).done();
    let pages = |summary: &str, item: &Json| get(summary, &paged(item)).parameters(page_parameters()).done();
    let one = |summary: &str, item: &Json| get(summary, &single(item)).parameter(id()).done();
    let tag = || in_header("If-Match", json!({ "type": "string" }));

    add(
        "Usage/Bucket/Base",
        json!({
            "get": list("List base buckets", &bucket),
            "post": write("Add a base bucket", new_bucket(), &bucket).done(),
        }),
    );
    add("Usage/Bucket/Base/Paged", json!({ "get": pages("List base buckets by pages", &bucket) }));
    add(
        "Usage/Bucket/Base/Paged/Detail",
        json!({ "get": pages("List base buckets by pages, with details", &with_details) }),
    );
    let found = json!({ "anyOf": [item_list(&bucket), paged(&bucket)] });
    add(
        "Usage/Bucket/Base/Search",
        json!({ "post": get("Search base buckets", &found).body("application/json", search()).done() }),
    );
    add(
        "Usage/Bucket/Base/{id}",
        json!({
            "get": one("Get a base bucket", &bucket),
            "put": write("Change a base bucket", writable(), &bucket).parameters([id(), tag()]).done(),
            "patch": get("Change, add and delete base buckets", &written(&result_item()))
                .parameters([id(), tag()])
                .body("application/json", patch())
                .done(),
            "delete": get("Delete a base bucket", &written(&result_item())).parameters([id(), tag()]).done(),
        }),
    );
    add(
        "Usage/Bucket/Base/{id}/Detail",
        json!({ "get": one("Get a base bucket with details", &with_details) }),
    );
    add(
        "Usage/Bucket/BaseDetail",
        json!({
            "get": list("List detail rows", &detail),
            "post": write("Add a detail row", detail_change(), &detail).done(),
        }),
    );
    add("Usage/Bucket/BaseDetail/Paged", json!({ "get": pages("List detail rows by pages", &detail) }));
    add(
        "Usage/Bucket/BaseDetail/{id}",
        json!({
            "get": one("Get a detail row", &detail),
            "put": write("Change a detail row", detail_change(), &detail).parameter(id()).done(),
            "delete": get("Delete a detail row", &written(&result_item())).parameter(id()).done(),
        }),
    );
    let text = json!({ "type": "string" });
    let entry = object(json!({ "identity": { "type": "integer" }, "name": text }), &["identity", "name"]);
    for (path, noun) in [
        ("Usage/Bucket/BaseUnit", "units"),
        ("Usage/Bucket", "usage buckets"),
        ("Usage/Class", "usage classes"),
        ("GeoTree/Location", "locations"),
        ("GeoTree/LocationGroup", "groups of locations"),
    ] {
        add(path, json!({ "get": list(&format!("List {noun}"), &entry) }));
        let summary = format!("List {noun} by pages");
        add(&format!("{path}/Paged"), json!({ "get": pages(&summary, &entry) }));
        add(&format!("{path}/{{id}}"), json!({ "get": one(&format!("Get one of the {noun}"), &entry) }));
    }
    paths.insert(LOGIN_PATH.to_owned(), json!({ "post": login() }));
    paths
}

fn refusals() -> Refusals {
    let fault = object(
        json!({ "code": { "type": "integer" }, "message": { "type": "string" } }),
        &["code", "message"],
    );
    let text = json!({ "type": "string" });
    Refusals {
        media_types: JSON_TYPE,
        schema: object(
            json!({ "trackingId": text, "type": text, "errors": array(fault) }),
            &["trackingId", "type", "errors"],
        ),
        statuses: &[400, 401, 403, 404, 405, 412, 413, 415, 503],
    }
}

fn get(summary: &str, schema: &Json) -> Operation {
    Operation::new(summary, &refusals()).answers(200, JSON_TYPE, schema)
}

/// POST or PUT of an object, which is answered bare.
fn write(summary: &str, body: Json, item: &Json) -> Operation {
    get(summary, &written(item)).body("application/json", body)
}

fn login() -> Json {
    let text = json!({ "type": "string" });
    let error = Refusals {
        media_types: JSON_TYPE,
        schema: object(json!({ "error": text, "error_description": text }), &["error"]),
        statuses: &[400, 405],
    };
    let form = object(
        json!({
            "grant_type": { "type": "string", "enum": ["password", "refresh_token"] }, "client_id": text,
            "username": text, "password": text, "client_secret": text, "refresh_token": text,
        }),
        &["grant_type"],
    );
    let given = object(
        json!({
            "access_token": text, "refresh_token": text, "token_type": text,
            "expires_in": { "type": "integer" }, "audience": text, ".issued": text, ".expires": text,
        }),
        &["access_token", "refresh_token", "token_type", "expires_in"],
    );
    Operation::new("Sign in", &error)
        .body("application/x-www-form-urlencoded", form)
        .answers(200, JSON_TYPE, &given)
        .done()
}

fn bucket() -> Json {
    object(fields(&BASE_BUCKET, |_| true).into(), &["identity", "name", "retired", "usageBucketBaseUnitId"])
}

fn bucket_with_details() -> Json {
    let mut bucket = bucket();
    let detail = detail();
    bucket["properties"]["details"] = json!({ "nullable": true, "anyOf": [detail, array(detail)] });
    bucket
}

fn detail() -> Json {
    let number = json!({ "type": "integer", "nullable": true });
    let text = json!({ "type": "string", "nullable": true });
    object(
        json!({
            "identity": { "type": "integer" }, "usageBucketBaseId": number, "usageBucketBaseName": text,
            "usageClassId": number, "usageClassName": text, "geoTreeLocationId": number,
            "geoTreeLocationName": text, "exclude": { "type": "boolean" },
            "geoTreeLocationGroupId": number, "geoTreeLocationGroupName": text,
        }),
        &["identity", "usageBucketBaseId", "exclude"],
    )
}

fn writable() -> Json {
    let mut properties = fields(&BASE_BUCKET, |field| field.access == Access::Writable);
    for (name, property) in &mut properties {
        property["nullable"] = matches!(name.as_str(), "start" | "end").into();
    }
    object(properties.into(), &[])
}

fn new_bucket() -> Json {
    let mut bucket = writable();
    bucket["required"] = json!(["name", "usageBucketBaseUnitId"]);
    bucket
}

fn detail_change() -> Json {
    let number = json!({ "type": "integer", "format": "int64", "nullable": true });
    object(
        json!({
            "usageBucketBaseId": number, "usageClassId": number, "geoTreeLocationId": number,
            "geoTreeLocationGroupId": number, "exclude": { "type": "boolean" },
        }),
        &[],
    )
}

fn patch() -> Json {
    let mut item = writable();
    item["properties"]["patchType"] = json!({ "type": "string", "enum": ["create", "update", "delete"] });
    item["properties"]["patchClientId"] = json!({ "type": "integer", "format": "int64" });
    item["properties"]["identity"] = json!({ "type": "integer", "format": "int64" });
    item["required"] = json!(["patchType"]);
    let items = object(json!({ "items": array(item) }), &["items"]);
    object(json!({ "details": writable(), "usageBucketBases": items }), &[])
}

fn search() -> Json {
    let text = json!({ "type": "string" });
    let operators = ["eq", "notEq", "lt", "ltEq", "gt", "gtEq", "contains"];
    let term = object(
        json!({ "name": text, "operator": { "type": "string", "enum": operators }, "value": {} }),
        &["name", "operator", "value"],
    );
    let order = object(
        json!({ "name": text, "direction": { "type": "string", "enum": ["asc", "desc"] } }),
        &["name"],
    );
    let query = object(
        json!({
            "top": { "type": "integer", "minimum": 1, "maximum": 10_000 }, "search": array(term),
            "orderBy": array(order), "pagination": pagination(),
        }),
        &[],
    );
    object(json!({ "query": query }), &["query"])
}

fn pagination() -> Json {
    object(
        json!({
            "pageNumber": { "type": "integer", "minimum": 1 },
            "pageSize": { "type": "integer", "minimum": 1, "maximum": LARGEST_PAGE },
            "excludeTotalCount": { "type": "boolean" },
        }),
        &[],
    )
}

fn page_parameters() -> Vec<Json> {
    vec![
        in_header("Pagination", json!({ "type": "string", "example": "{\"pageNumber\":1,\"pageSize\":20}" })),
        in_query("pageNumber", json!({ "type": "integer", "minimum": 1 })),
        in_query("pageSize", json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_PAGE })),
        in_query("excludeTotalCount", json!({ "type": "boolean" })),
    ]
}

fn item_list(item: &Json) -> Json {
    object(
        json!({ "trackingId": { "type": "string" }, "totalCount": { "type": "integer" }, "items": array(item.clone()) }),
        &["trackingId", "totalCount", "items"],
    )
}

fn paged(item: &Json) -> Json {
    let results =
        object(json!({ "totalCount": { "type": "integer" }, "items": array(item.clone()) }), &["items"]);
    object(
        json!({ "trackingId": { "type": "string" }, "pagination": pagination(), "pagedResults": results }),
        &["trackingId", "pagination", "pagedResults"],
    )
}

fn single(item: &Json) -> Json {
    object(json!({ "trackingId": { "type": "string" }, "instance": item }), &["trackingId", "instance"])
}

fn written(item: &Json) -> Json {
    let results = object(
        json!({ "totalCount": { "type": "integer" }, "items": array(item.clone()) }),
        &["totalCount", "items"],
    );
    object(
        json!({ "trackingId": { "type": "string" }, "type": { "type": "string" }, "results": results }),
        &["trackingId", "type", "results"],
    )
}

fn result_item() -> Json {
    let number = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    object(
        json!({
            "identity": number, "lhsId": number, "rhsId": number, "foreignKeyIdentity": number,
            "action": text, "dtoTypeKey": text, "patchClientId": number, "instance": { "type": "object" },
        }),
        &["action", "dtoTypeKey"],
    )
}
