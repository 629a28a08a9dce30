//! DELETE, and what it refuses.

use super::*;

#[tokio::test]
async fn a_bucket_in_use_stays_and_its_users_are_named() {
    let billing = Billing::new().await;
    for (sql, user) in [
        (
            "SELECT MIN(l.base_bucket_id) FROM usage_bucket_bases l \
             JOIN usage_buckets u ON u.usage_bucket_id = l.usage_bucket_id WHERE u.ended_at IS NULL",
            "usage bucket \"",
        ),
        ("SELECT MIN(base_bucket_id) FROM share_plan_bases", "share plan \""),
    ] {
        let id = billing.picked(sql).await;
        let path = format!("{BUCKETS}/{id}");
        let refused = faults(
            &billing.send_with(Method::DELETE, &path, &[], "").await,
            StatusCode::BAD_REQUEST,
            "delete",
        );
        assert!(refused[0].starts_with("10400006") && refused[0].contains(user), "{refused:?}");
        assert_eq!(billing.get(&path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_hung_on_it_goes_with_it() {
    let billing = Billing::new().await;
    let detail =
        billing.json(&format!("{BUCKETS}/1/Detail")).await["instance"]["details"]["identity"].clone();
    let path = format!("{BUCKETS}/1");
    let done = items(&billing.send_with(Method::DELETE, &path, &[], "").await);
    let expected = json!([
        { "identity": 1, "action": "deleted", "dtoTypeKey": "usageBucketBase" },
        { "foreignKeyIdentity": detail, "action": "deleted", "dtoTypeKey": "usageBucketBaseDetail" },
    ]);
    assert_eq!(Json::from(done), expected);
    for path in [path, format!("{BUCKETS}Detail/{detail}")] {
        assert_eq!(billing.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let again = billing.send_with(Method::DELETE, &format!("{BUCKETS}/1"), &[], "").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    // An identity is never given again.
    let body = json!({ "name": "Later", "usageBucketBaseUnitId": COUNT });
    let made = items(&billing.send(Method::POST, BUCKETS, &body).await);
    assert!(made[0]["identity"].as_i64().unwrap() > 1);
}
