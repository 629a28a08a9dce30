//! `Search`, which the vendor documents for other resources.

use super::*;

async fn search(billing: &Billing, query: Json) -> Answer {
    billing.send(Method::POST, &format!("{BUCKETS}/Search"), &json!({ "query": query })).await
}

#[tokio::test]
async fn conditions_and_orders_are_followed() {
    let billing = Billing::to_read().await;
    let all = billing.buckets().await;
    let term = |name: &str, operator: &str, value: Json| json!({ "name": name, "operator": operator, "value": value });
    type Test = fn(&Json) -> bool;
    for (terms, fits) in [
        (
            json!([term("name", "contains", "Voice".into())]),
            (|one| one["name"].as_str().unwrap().contains("Voice")) as Test,
        ),
        (json!([term("name", "contains", "%".into())]), |_| false),
        (json!([term("retired", "eq", true.into())]), |one| one["retired"] == true),
        (
            json!([term("usageBucketBaseUnitId", "eq", DATA.into()), term("identity", "ltEq", 40.into())]),
            |one| one["usageBucketBaseUnitId"] == DATA && one["identity"].as_i64().unwrap() <= 40,
        ),
        (json!([term("start", "gtEq", "2025-01-01T00:00:00Z".into())]), |one| {
            one["start"].as_str().unwrap() >= "2025-01-01T00:00:00.000Z"
        }),
        (json!([term("usageBucketBaseUnitName", "notEq", "Time".into())]), |one| {
            one["usageBucketBaseUnitName"] != "Time"
        }),
    ] {
        let body = ok(&search(&billing, json!({ "search": terms, "condition": "and", "top": 10_000 })).await);
        let expected = all.iter().filter(|one| fits(one)).cloned().collect::<Vec<_>>();
        assert_eq!(
            (&body["totalCount"], &body["items"]),
            (&expected.len().into(), &Json::from(expected)),
            "{terms}"
        );
    }
    let ordered = json!({ "orderBy": [{ "name": "name", "direction": "desc" }], "pagination": { "pageNumber": 2, "pageSize": 5 } });
    let body = ok(&search(&billing, ordered).await);
    let mut names = all.iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    names.sort_by(|one, other| other.as_str().cmp(&one.as_str()));
    let found = body["pagedResults"]["items"].as_array().unwrap().iter().map(|one| one["name"].clone());
    assert_eq!(found.collect::<Vec<_>>(), names[5..10]);
    assert_eq!(ok(&search(&billing, json!({})).await)["items"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn questions_that_cannot_be_followed_are_refused() {
    let billing = Billing::to_read().await;
    let term = |name: &str, operator: &str, value: Json| json!([{ "name": name, "operator": operator, "value": value }]);
    for (query, expected) in [
        (json!({ "search": term("nope", "eq", 1.into()) }), "10400004"),
        (json!({ "search": term("name", "like", "x".into()) }), "10400007"),
        (json!({ "search": term("identity", "eq", "x".into()) }), "10400002"),
        (json!({ "search": term("identity", "contains", "x".into()) }), "10400007"),
        (json!({ "search": term("name", "eq", "\u{0}".into()) }), "10400002"),
        (json!({ "search": term("end", "gt", "2026-12-31T23:59:59.1234567Z".into()) }), "10400002"),
        (json!({ "top": 0 }), "11900000"),
        (json!({ "condition": "or" }), "10400007"),
        (json!({ "orderBy": [{ "name": "nope" }] }), "10400004"),
        (json!({ "orderBy": [{ "name": "name", "direction": "up" }] }), "10400007"),
        (json!({ "pagination": { "pageSize": 0 } }), "11900000"),
        (json!([]), "10400001"),
    ] {
        refused_for(&search(&billing, query).await, "create", &[expected]);
    }
}
