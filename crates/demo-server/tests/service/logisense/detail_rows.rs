//! `Usage/Bucket/BaseDetail`.

use super::*;

const DETAILS: &str = "/ResourceServer/api/v8/Usage/Bucket/BaseDetail";

#[tokio::test]
async fn rows_are_made_changed_and_deleted() {
    let billing = Billing::new().await;
    let body = json!({ "usageBucketBaseId": 1, "geoTreeLocationId": 3, "exclude": true });
    let made = items(&billing.send(Method::POST, DETAILS, &body).await).remove(0);
    assert_eq!(made["usageBucketBaseName"], billing.free_bucket().await["name"]);
    assert_eq!((&made["exclude"], &made["usageClassId"]), (&true.into(), &Json::Null));
    let details = billing.json(&format!("{BUCKETS}/1/Detail")).await["instance"]["details"].clone();
    assert_eq!(details.as_array().map(Vec::len), Some(2), "several rows are an array");

    let path = format!("{DETAILS}/{}", made["identity"]);
    let body = json!({ "geoTreeLocationId": null, "geoTreeLocationGroupId": 2, "exclude": false });
    let changed = items(&billing.send(Method::PUT, &path, &body).await).remove(0);
    assert_eq!((&changed["geoTreeLocationId"], &changed["geoTreeLocationGroupId"]), (&Json::Null, &2.into()));
    assert_eq!(billing.json(&path).await["instance"], changed);

    let gone = items(&billing.send_with(Method::DELETE, &path, &[], "").await);
    assert_eq!(gone[0]["dtoTypeKey"], "usageBucketBaseDetail");
    assert_eq!(billing.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rows_that_mean_nothing_are_refused() {
    let billing = Billing::new().await;
    let retired = billing.picked("SELECT MIN(base_bucket_id) FROM base_buckets WHERE retired").await;
    for (body, expected) in [
        (json!({}), &["10400000 usageBucketBaseId", "10400000 usageClassId"][..]),
        (json!({ "usageBucketBaseId": retired, "usageClassId": 1 }), &["10400004 usageBucketBaseId"]),
        (json!({ "usageBucketBaseId": 1, "usageClassId": 999 }), &["10400004 usageClassId 999"]),
        (
            json!({ "usageBucketBaseId": 1, "geoTreeLocationId": 1, "geoTreeLocationGroupId": 1 }),
            &["11900000 geoTreeLocationId"],
        ),
        (
            json!({ "usageBucketBaseId": 1, "usageClassId": "1" }),
            &["10400002 usageClassId", "10400000 usageClassId"],
        ),
    ] {
        refused_for(&billing.send(Method::POST, DETAILS, &body).await, "create", expected);
    }
}

#[tokio::test]
async fn rows_are_listed_and_paged() {
    let billing = Billing::new().await;
    let all = billing.json(DETAILS).await;
    let count = all["items"].as_array().unwrap().len();
    assert_eq!(all["totalCount"], count);
    let page = billing.json(&format!("{DETAILS}/Paged?pageNumber=2&pageSize=7")).await;
    assert_eq!(page["pagedResults"]["totalCount"], count);
    assert_eq!(
        page["pagedResults"]["items"].as_array().unwrap()[..],
        all["items"].as_array().unwrap()[7..14]
    );
}
