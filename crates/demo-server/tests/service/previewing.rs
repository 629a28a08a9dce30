//! `dependency`: what an item would be, without its becoming so.

use axum::http::StatusCode;
use demo_server::database::query_scalar;
use serde_json::json;

use crate::acting::DONE;
use crate::test_service::*;

#[tokio::test]
async fn an_item_is_shown_as_it_would_be_and_stays_as_it_is() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    let path = event_path(&event);
    let before = service.get(&path, &[]).await;
    let history = "SELECT COUNT(*) FROM change_history";
    let readers = &service.service.database.readers;
    let noted: i64 = query_scalar(history).fetch_one(readers).await.unwrap();
    let dependency = "EventStartTime=2026-11-30T23:30:00+00:00,EventEndTime=,EventTimeZone='Asia/Tokyo',UsageQuantity=2.50";
    let answer = service.get(&path, &[("dependency", dependency), ("expand", "all")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let preview = answer.json();
    assert_eq!(preview["EventStartTime"], "2026-11-30T23:30:00+00:00");
    assert_eq!((&preview["EventEndTime"], &preview["EventTimeZone"]), (&json!(null), &json!("Asia/Tokyo")));
    assert!(answer.text.contains("\"UsageQuantity\":2.50,"), "{}", answer.text);
    assert_eq!(preview["LeEventStartDate"], "2026-12-01", "what follows from them is shown");
    // A change would still have to be based on what there is.
    assert_eq!(answer.header("etag"), before.header("etag"));
    assert_eq!(change_indicator(&preview), before.header("etag"));
    assert_eq!(service.get(&path, &[]).await.text, before.text);
    assert_eq!(query_scalar::<i64>(history).fetch_one(readers).await.unwrap(), noted);
}

#[tokio::test]
async fn what_may_not_be_is_not_shown() {
    let service = TestService::new().await;
    let draft = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    let rated = event_path(&service.event(DONE).await);
    for (path, dependency, fault) in [
        (draft.as_str(), "Nope=1", "29140 "),
        (&draft, "EventStatus=ORA_PROCESSED", "27024 /EventStatus"),
        (&draft, "UsageQuantity=much", "27024 /UsageQuantity"),
        (&draft, "EventId=1", "24003 /EventId"),
        (&draft, "EventStatus=", "27014 /EventStatus"),
        (&rated, "ServiceId=x", "27023 /EventStatus"),
        (EVENTS, "ServiceId=x", "29140 "),
        (&format!("{BASE}/currenciesLOV/USD"), "Name=Buck", "29140 "),
    ] {
        let answer = service.get(path, &[("dependency", dependency)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {dependency}: {}", answer.text);
        assert_eq!(answer.faults(), [fault], "{path} {dependency}");
    }
    let body = json!({ "parts": [{
        "id": "1", "operation": "get", "path": format!("{draft}?dependency=ServiceId=x").replace(BASE, ""),
    }]});
    let batch = [("content-type", "application/vnd.oracle.adf.batch+json")];
    let answer = service.post(BASE, &batch, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
}
