//! PATCH: several operations, all or none.

use super::*;

async fn patch(billing: &Billing, id: i64, body: Json) -> Answer {
    billing.send(Method::PATCH, &format!("{BUCKETS}/{id}"), &body).await
}

fn operations(items: Json) -> Json {
    json!({ "details": {}, "usageBucketBases": { "items": items } })
}

#[tokio::test]
async fn results_come_in_the_order_of_the_request() {
    let billing = Billing::new().await;
    let free = items(
        &billing
            .send(Method::POST, BUCKETS, &json!({ "name": "Spare", "usageBucketBaseUnitId": COUNT }))
            .await,
    );
    let spare = &free[0]["identity"];
    let body = json!({
        "details": { "name": "Addressed" },
        "usageBucketBases": { "items": [
            { "patchType": "create", "patchClientId": 7, "name": "One", "usageBucketBaseUnitId": COUNT },
            { "patchType": "delete", "patchClientId": 8, "identity": spare },
            { "patchType": "update", "identity": 2, "retired": true },
            { "patchType": "create", "name": "Spare", "usageBucketBaseUnitId": DATA },
        ] },
    });
    let done = items(&patch(&billing, 1, body).await);
    let actions = done.iter().map(|item| item["action"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(actions, ["updated", "created", "deleted", "updated", "created"]);
    let client_ids = done.iter().map(|item| item["patchClientId"].as_i64()).collect::<Vec<_>>();
    assert_eq!(client_ids, [None, Some(7), Some(8), None, None]);
    assert_eq!(done[0]["instance"]["name"], "Addressed");
    assert_eq!((&done[2]["identity"], &done[2]["instance"]), (spare, &Json::Null));
    // A name given up in one operation can be taken in a later one.
    assert_eq!(done[4]["instance"]["name"], "Spare");
    assert_eq!(billing.json(&format!("{BUCKETS}/2")).await["instance"]["retired"], true);
}

#[tokio::test]
async fn one_fault_undoes_everything_and_all_faults_are_told() {
    let billing = Billing::new().await;
    let before = billing.buckets().await;
    let in_use = billing
        .picked(
            "SELECT MIN(l.base_bucket_id) FROM usage_bucket_bases l \
             JOIN usage_buckets u ON u.usage_bucket_id = l.usage_bucket_id WHERE u.ended_at IS NULL",
        )
        .await;
    let answer = patch(
        &billing,
        1,
        operations(json!([
            { "patchType": "create", "name": "Good", "usageBucketBaseUnitId": COUNT },
            { "patchType": "update", "identity": 2, "name": "" },
            { "patchType": "delete", "identity": in_use },
            { "patchType": "update", "identity": 999_999, "name": "x" },
            { "patchType": "create", "usageBucketBaseUnitId": 999 },
        ])),
    )
    .await;
    refused_for(
        &answer,
        "patch",
        &[
            "11900000 usageBucketBases.items[1].name",
            "10400006 usageBucketBases.items[2].the base bucket",
            "10400004 usageBucketBases.items[3].identity 999999",
            "10400000 usageBucketBases.items[4].name is required",
            "10400004 usageBucketBases.items[4].usageBucketBaseUnitId 999",
        ],
    );
    assert_eq!(billing.buckets().await, before);
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let billing = Billing::new().await;
    for (body, expected) in [
        (operations(json!([{ "patchType": "attach" }])), "10400007 usageBucketBases.items[0].patchType"),
        (operations(json!([{ "patchType": "detach" }])), "10400007"),
        (operations(json!([{}])), "10400007"),
        (
            operations(json!([{ "patchType": "update", "name": "x" }])),
            "10400000 usageBucketBases.items[0].identity",
        ),
        (operations(json!({})), "10400001 usageBucketBases.items must"),
        (operations(json!([1])), "10400001 usageBucketBases.items must"),
        (json!({ "usageBucketBases": 1 }), "10400001 usageBucketBases must"),
        (json!({ "details": [] }), "10400001 details must"),
    ] {
        refused_for(&patch(&billing, 1, body).await, "patch", &[expected]);
    }
    let many = (0..1001).map(|_| json!({ "patchType": "create" })).collect::<Vec<_>>();
    refused_for(&patch(&billing, 1, operations(many.into())).await, "patch", &["11900000"]);
}

#[tokio::test]
async fn the_address_must_name_a_bucket_unless_all_are_new() {
    let billing = Billing::new().await;
    let create = json!([{ "patchType": "create", "name": "From zero", "usageBucketBaseUnitId": COUNT }]);
    let update = json!([{ "patchType": "update", "identity": 1, "name": "x" }]);
    assert_eq!(patch(&billing, 999_999, operations(create.clone())).await.status, StatusCode::NOT_FOUND);
    assert_eq!(patch(&billing, 0, operations(update)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(items(&patch(&billing, 0, operations(create)).await).len(), 1);
    assert_eq!(items(&patch(&billing, 1, json!({})).await), Vec::<Json>::new());
}
