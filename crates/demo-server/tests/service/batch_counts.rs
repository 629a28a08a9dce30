//! A batch's counts are kept apart from its events; they must never disagree.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use demo_server::database::query;
use serde_json::Value as Json;

use crate::test_service::*;

/// Counts every event of every batch and compares with what the batches say.
async fn check(service: &TestService) {
    let rows = query(
        "SELECT b.batch_number, e.event_status, COUNT(*) FROM usage_events e \
         JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id GROUP BY 1, 2",
    )
    .fetch_all(&service.service.database.readers)
    .await
    .unwrap();
    let mut counted = BTreeMap::<(String, String), i64>::new();
    for row in rows {
        let (batch, status): (String, String) = (row.try_get(0).unwrap(), row.try_get(1).unwrap());
        let count: i64 = row.try_get(2).unwrap();
        *counted.entry((batch.clone(), "CountOfUsageEvents".to_owned())).or_default() += count;
        let name = match status.as_str() {
            "ORA_ERROR" => "CountOfEventsErrored",
            "ORA_IN_PROCESS" => "CountOfEventsInprocess",
            "ORA_PROCESSED" => "CountOfEventsProcessed",
            "ORA_REVERSED" => "ReversedEventsCount",
            _ => continue,
        };
        *counted.entry((batch, name.to_owned())).or_default() += count;
    }
    for batch in service.items(BATCHES, &[("limit", "499")]).await {
        for name in [
            "CountOfUsageEvents",
            "CountOfEventsErrored",
            "CountOfEventsInprocess",
            "CountOfEventsProcessed",
            "ReversedEventsCount",
        ] {
            let key = (batch["BatchNumber"].as_str().unwrap().to_owned(), name.to_owned());
            assert_eq!(batch[name], counted.get(&key).copied().unwrap_or_default(), "{key:?}");
        }
    }
}

async fn batch(service: &TestService, number: &Json) -> Json {
    service.get(&format!("{BATCHES}/{}", number.as_str().unwrap()), &[]).await.json()
}

#[tokio::test]
async fn counts_agree_with_the_rows_whatever_happens_to_them() {
    let service = TestService::new().await;
    check(&service).await;
    let event = service.event("EventStatus = 'ORA_ERROR' and BatchNumber = 'UB-2026-11-API'").await;
    let before = batch(&service, &event["BatchNumber"]).await;
    let answer = service.patch(&event_path(&event), &[], r#"{"EventStatus":"ORA_READY"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let after = batch(&service, &event["BatchNumber"]).await;
    assert_eq!(
        after["CountOfEventsErrored"].as_i64(),
        before["CountOfEventsErrored"].as_i64().map(|count| count - 1)
    );
    assert_eq!(after["CountOfUsageEvents"], before["CountOfUsageEvents"]);
    assert_ne!(change_indicator(&after), change_indicator(&before), "the counts are part of what was read");
    check(&service).await;

    // A moved count is no reason to refuse a description that was based on the older one.
    let path = format!("{BATCHES}/{}", event["BatchNumber"].as_str().unwrap());
    let headers = [("if-match", change_indicator(&before))];
    let answer = service.patch(&path, &headers, r#"{"BatchDescription":"Checked"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);

    // Changes that come by another way than the API are counted too.
    let mut transaction = service.service.database.begin_write().await.unwrap();
    for sql in [
        "UPDATE usage_events SET usage_batch_id = 300000209000101 WHERE event_status = 'ORA_ON_HOLD'",
        "UPDATE usage_events SET event_status = 'ORA_IN_PROCESS' WHERE event_status = 'ORA_READY'",
        "DELETE FROM usage_messages",
        "DELETE FROM usage_events WHERE event_status = 'ORA_ERROR' \
         AND event_id NOT IN (SELECT event_id FROM usage_charges)",
    ] {
        assert!(query(sql).execute(&mut *transaction).await.unwrap().rows_affected() > 0, "{sql}");
    }
    transaction.commit().await.unwrap();
    check(&service).await;
}

#[tokio::test]
async fn counts_can_be_asked_for_in_queries() {
    let service = TestService::new().await;
    let query = [
        ("q", "CountOfEventsErrored > 0 and BatchStatus = 'ORA_DRAFT'"),
        ("orderBy", "CountOfUsageEvents:desc"),
    ];
    let found = service.items(BATCHES, &query).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["BatchNumber"], "UB-2026-11-API");
}
