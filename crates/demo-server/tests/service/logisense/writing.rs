//! What a base bucket must be, and what may become of it.

use super::*;

async fn create(billing: &Billing, body: Json) -> Answer {
    billing.send(Method::POST, BUCKETS, &body).await
}

async fn put(billing: &Billing, id: i64, body: Json) -> Answer {
    billing.send(Method::PUT, &format!("{BUCKETS}/{id}"), &body).await
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let billing = Billing::new().await;
    let taken = billing.free_bucket().await["name"].as_str().unwrap().to_uppercase();
    let long = "x".repeat(256);
    for (body, expected) in [
        (json!({}), &["10400000 name is required", "10400000 usageBucketBaseUnitId is required"][..]),
        (
            json!({ "name": 5, "retired": "yes", "start": "soon", "usageBucketBaseUnitId": 1.5 }),
            &[
                "10400002 name must",
                "10400002 start must",
                "10400002 retired must",
                "10400002 usageBucketBaseUnitId",
            ],
        ),
        (
            json!({ "name": null, "retired": null, "usageBucketBaseUnitId": null }),
            &["10400000 name cannot", "10400000 retired cannot", "10400000 usageBucketBaseUnitId cannot"],
        ),
        (json!({ "name": "  ", "usageBucketBaseUnitId": 999 }), &["11900000 name must have 1", "10400004"]),
        (json!({ "name": long, "usageBucketBaseUnitId": 4 }), &["11900000 name must have 1", "10400004"]),
        (json!({ "name": "a\u{0}b", "usageBucketBaseUnitId": 23 }), &["10400002 name must"]),
        (
            json!({ "name": "x", "usageBucketBaseUnitId": 23 }),
            &["10400004 usageBucketBaseUnitId 23 is a unit"],
        ),
        (json!({ "name": taken, "usageBucketBaseUnitId": COUNT }), &["10400003 name"]),
        (
            json!({ "name": "x", "usageBucketBaseUnitId": COUNT, "start": "2026-02-01T00:00:00Z", "end": "2026-01-01T00:00:00Z" }),
            &["11900000 end must not"],
        ),
    ] {
        refused_for(&create(&billing, body.clone()).await, "create", expected);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_passed_over() {
    let billing = Billing::new().await;
    let body = json!({
        "identity": 77_777, "ownerId": 5, "ownerName": "Mallory", "usageBucketBaseUnitName": "Gold",
        "whatever": { "a": [1] }, "name": "  New bucket ", "usageBucketBaseUnitId": COUNT,
    });
    let made = items(&create(&billing, body).await).remove(0);
    assert_ne!(made["identity"], 77_777);
    assert_eq!(made["name"], "New bucket", "names are trimmed");
    assert_eq!((&made["ownerId"], &made["usageBucketBaseUnitName"]), (&1.into(), &"Count".into()));
    assert_eq!((&made["retired"], &made["start"], &made["end"]), (&false.into(), &Json::Null, &Json::Null));
}

#[tokio::test]
async fn put_keeps_what_it_does_not_name() {
    let billing = Billing::new().await;
    let before = billing.free_bucket().await;
    let after = items(&put(&billing, 1, json!({ "name": "Renamed" })).await).remove(0);
    for member in ["identity", "start", "end", "retired", "usageBucketBaseUnitId", "ownerId"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    assert_eq!(after["name"], "Renamed");
    let after =
        items(&put(&billing, 1, json!({ "start": null, "end": "2026-12-31T23:59:59.123000+01:00" })).await);
    assert_eq!(after[0]["start"], Json::Null);
    assert_eq!(after[0]["end"], "2026-12-31T22:59:59.123Z", "instants are kept to the millisecond");
    for end in ["2026-12-31T23:59:59.1239Z", "2026-12-31T23:59:59.1230000001", "2026-12-31T23:59:60Z"] {
        let answer = put(&billing, 1, json!({ "end": end })).await;
        refused_for(&answer, "update", &["10400002 end must be a date and time to the millisecond"]);
    }
    // Its own name in other letters is no other's.
    assert_eq!(put(&billing, 1, json!({ "name": "RENAMED" })).await.status, StatusCode::OK);
    refused_for(&put(&billing, 1, json!({ "identity": 2 })).await, "update", &["11900000 identity must"]);
}

#[tokio::test]
async fn retiring_sets_the_end_and_bars_other_edits() {
    let billing = Billing::new().await;
    let retired = items(&put(&billing, 1, json!({ "retired": true })).await).remove(0);
    assert!(retired["end"].is_string(), "{retired}");
    refused_for(
        &put(&billing, 1, json!({ "name": "x" })).await,
        "update",
        &["10400005 the base bucket is retired"],
    );
    refused_for(&put(&billing, 1, json!({ "end": null })).await, "update", &["10400005"]);
    // The same again is no change.
    let same = items(&put(&billing, 1, json!({ "retired": true, "name": retired["name"] })).await).remove(0);
    assert_eq!(same, retired);
    let back = items(&put(&billing, 1, json!({ "retired": false, "name": "Back again" })).await).remove(0);
    assert_eq!(
        (&back["retired"], &back["end"], &back["name"]),
        (&false.into(), &Json::Null, &"Back again".into())
    );
}

#[tokio::test]
async fn items_are_wrapped_on_request() {
    let billing = Billing::new().await;
    let body = json!({ "name": "Wrapped", "usageBucketBaseUnitId": COUNT }).to_string();
    let headers = [("outputformat", r#"{"format":"result"}"#)];
    let answer = billing.send_with(Method::POST, BUCKETS, &headers, &body).await;
    let item = items(&answer).remove(0);
    assert_eq!((&item["action"], &item["dtoTypeKey"]), (&"created".into(), &"usageBucketBase".into()));
    assert_eq!(item["identity"], item["instance"]["identity"]);
    let headers = [("outputformat", r#"{"format":"dataFlow"}"#)];
    let answer = billing.send_with(Method::POST, BUCKETS, &headers, &body).await;
    refused_for(&answer, "create", &["10400007 OutputFormat"]);
}

#[tokio::test]
async fn a_version_can_be_asked_for() {
    let billing = Billing::new().await;
    let path = format!("{BUCKETS}/1");
    let tag = billing.get(&path).await.header("etag").to_owned();
    let write = |body: &'static str, tag: String| {
        let (billing, path) = (&billing, &path);
        async move { billing.send_with(Method::PUT, path, &[("if-match", &tag)], body).await }
    };
    let first = write(r#"{"name":"First"}"#, tag.clone()).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let newer = first.header("etag").to_owned();
    assert_ne!(newer, tag);
    let stale = write(r#"{"name":"Second"}"#, tag.clone()).await;
    assert_eq!(faults(&stale, StatusCode::PRECONDITION_FAILED, "update").len(), 1);
    for method in [Method::PATCH, Method::DELETE] {
        let body = r#"{"details":{"name":"Third"}}"#;
        let stale = billing.send_with(method, &path, &[("if-match", &tag)], body).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);
    }
    assert_eq!(billing.free_bucket().await["name"], "First");
    assert_eq!(write(r#"{"name":"Second"}"#, newer).await.status, StatusCode::OK);
    // Whoever asks for none writes last and wins.
    assert_eq!(put(&billing, 1, json!({ "name": "Last" })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn changes_are_on_record() {
    let billing = Billing::new().await;
    let unit = billing.free_bucket().await["usageBucketBaseUnitId"].to_string();
    let answer = put(&billing, 1, json!({ "name": "Audited", "usageBucketBaseUnitId": COUNT })).await;
    let rows = demo_server::database::query(
        "SELECT changed_by, request_id, record_key, field_name, value_before, value_after FROM change_history \
         WHERE resource_name = 'usageBucketBases' ORDER BY change_id",
    )
    .fetch_all(&billing.service.service.database.readers)
    .await
    .unwrap();
    let text = |row: usize, column: &str| rows[row].try_get::<String, _>(column).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((text(0, "changed_by"), text(0, "record_key")), ("Edith Okafor".to_owned(), "1".to_owned()));
    assert_eq!(text(0, "request_id"), answer.header("x-request-id"));
    assert_eq!((text(0, "field_name"), text(0, "value_after")), ("name".to_owned(), "Audited".to_owned()));
    assert_eq!((text(1, "value_before"), text(1, "value_after")), (unit, "1".to_owned()));
}
