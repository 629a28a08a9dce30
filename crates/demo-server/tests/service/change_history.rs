//! The history of changes as a list: over all, of a batch with what is in it, of an event.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::test_service::*;

async fn history(service: &TestService, q: &str) -> Vec<Json> {
    let list = format!("{BASE}/changeHistory");
    service.items(&list, &[("q", q), ("orderBy", "ChangeId:desc"), ("limit", "100")]).await
}

/// Record, field, before, after.
fn in_short(rows: &[Json]) -> Vec<String> {
    let text = |row: &Json, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    rows.iter()
        .map(|row| {
            ["RecordKey", "FieldName", "ValueBefore", "ValueAfter"].map(|name| text(row, name)).join(" ")
        })
        .collect()
}

#[tokio::test]
async fn a_batch_has_the_changes_of_what_is_in_it() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_ERROR'").await;
    let (number, batch) = (event["EventNumber"].as_str().unwrap(), event["BatchNumber"].as_str().unwrap());
    assert_eq!(history(&service, &format!("BatchNumber = '{batch}'")).await, Vec::<Json>::new());

    let path = format!("{EVENTS}/{number}");
    let body = r#"{"ServiceId":"client-2","UsageQuantity":7.50}"#;
    let changed = service.send(request(Method::PATCH, &path, "editor2", &[], body)).await;
    assert_eq!(changed.status, 200);
    let named = service.patch(&format!("{BATCHES}/{batch}"), &[], r#"{"BatchName":"October"}"#).await;
    assert_eq!(named.status, 200);
    let other = service.event(&format!("EventStatus = 'ORA_ERROR' and BatchNumber != '{batch}'")).await;
    let other = other["EventNumber"].as_str().unwrap();
    assert_eq!(service.patch(&format!("{EVENTS}/{other}"), &[], r#"{"ServiceId":"x"}"#).await.status, 200);

    let (service_id, quantity) = (event["ServiceId"].as_str().unwrap(), &event["UsageQuantity"]);
    let name = service.get(&format!("{BATCHES}/{batch}"), &[]).await.json();
    assert_eq!(name["BatchName"], "October");
    let of_event = [
        format!("{number} UsageQuantity {quantity} 7.50"),
        format!("{number} ServiceId {service_id} client-2"),
    ];
    assert_eq!(in_short(&history(&service, &format!("EventNumber = '{number}'")).await), of_event);
    let of_batch = history(&service, &format!("BatchNumber = '{batch}'")).await;
    assert_eq!(in_short(&of_batch)[1..], of_event);
    assert!(in_short(&of_batch)[0].starts_with(&format!("{batch} BatchName ")), "{of_batch:?}");
    let who = of_batch.iter().map(|row| row["ChangedBy"].as_str().unwrap());
    assert_eq!(who.collect::<Vec<_>>(), ["Edith Okafor", "Emil Brandt", "Emil Brandt"]);
    assert_eq!(of_batch[1]["RequestId"], changed.header("x-request-id"));
    assert_eq!(of_batch[1]["ObjectVersionNumber"], 2);
    let all = history(&service, "").await;
    assert_eq!(all.len(), 4);
    let one = service.get(&format!("{BASE}/changeHistory/{}", all[0]["ChangeId"]), &[]).await;
    assert_eq!(one.json()["RecordKey"], other);
}

#[tokio::test]
async fn it_is_paged_and_outlives_its_records() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    let (number, batch) = (event["EventNumber"].as_str().unwrap(), event["BatchNumber"].as_str().unwrap());
    assert_eq!(service.delete(&format!("{EVENTS}/{number}"), &[]).await.status, 204);
    let q = format!("BatchNumber = '{batch}' and EventNumber = '{number}'");
    let held = history(&service, &q).await;
    assert!(held.len() > 10, "{held:?}");
    assert!(held.iter().all(|row| row["ValueAfter"] == json!(null) && row["ValueBefore"] != json!(null)));

    let query = [("q", q.as_str()), ("orderBy", "ChangeId:desc"), ("limit", "3"), ("totalResults", "true")];
    let page = async |offset: &str| {
        let query = query.iter().copied().chain([("offset", offset)]).collect::<Vec<_>>();
        service.get(&format!("{BASE}/changeHistory"), &query).await.json()
    };
    let mut read = Vec::new();
    for offset in ["0", "3"] {
        let page = page(offset).await;
        assert_eq!((&page["totalResults"], &page["hasMore"]), (&json!(held.len()), &json!(true)));
        read.extend(page["items"].as_array().unwrap().iter().map(|row| row["ChangeId"].clone()));
    }
    let first: Vec<_> = held.iter().take(6).map(|row| row["ChangeId"].clone()).collect();
    assert_eq!(read, first);
    // Empty values come last, whatever the database does by itself.
    let ordered =
        service.items(&format!("{BASE}/changeHistory"), &[("orderBy", "ValueAfter"), ("limit", "100")]).await;
    assert!(ordered.last().unwrap()["ValueAfter"].is_null());
    assert_eq!(service.patch(&format!("{BASE}/changeHistory/1"), &[], "{}").await.status, 405);
}

/// Event, batch, previous batch, before, after of the events that moved, the oldest first.
async fn moves(service: &TestService, batch: &str) -> Vec<String> {
    let q = format!(
        "(BatchNumber = '{batch}' or OtherBatchNumber = '{batch}') and FieldName = 'BatchNumber' \
         and ResourceName = 'usageEvents'"
    );
    let rows = history(service, &q).await;
    let text = |row: &Json, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let names = ["EventNumber", "BatchNumber", "OtherBatchNumber", "ValueBefore", "ValueAfter"];
    rows.iter().rev().map(|row| names.map(|name| text(row, name)).join(" ")).collect()
}

#[tokio::test]
async fn what_went_to_another_batch_and_came_back_is_told_in_both() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_PROCESSED' and ReverseFlag = true").await;
    let (number, home) = (event["EventNumber"].as_str().unwrap(), event["BatchNumber"].as_str().unwrap());
    let q = format!("EventNumber = '{number}'");
    let rules = json!({"ruleBuilderConditions":[{"ConditionGroupType":"INCLUDE","ConditionRestQParam":q}]})
        .to_string();
    let made = json!({"BatchNumber":"AGAIN","UsageType":"ORA_RERATE"}).to_string();
    assert_eq!(service.post(BATCHES, &[], &made).await.status, 201);
    let again = format!("{BATCHES}/AGAIN");
    assert_eq!(service.act(&again, "addEvents", &rules).await.status, 200);
    let left = format!("{number} AGAIN {home} {home} AGAIN");
    assert_eq!(moves(&service, home).await, [left.as_str()]);
    assert_eq!(moves(&service, "AGAIN").await, [left.as_str()]);

    assert_eq!(service.act(&again, "deleteEvents", r#"{"mode":"ALL"}"#).await.status, 200);
    let back = format!("{number} {home} AGAIN AGAIN {home}");
    assert_eq!(moves(&service, home).await, [left.clone(), back.clone()]);
    assert_eq!(moves(&service, "AGAIN").await, [left, back]);

    // A reversal that is taken out again is told of its original, in both directions.
    let made = json!({"BatchNumber":"BACK","UsageType":"ORA_REVERSE_REPLACE"}).to_string();
    assert_eq!(service.post(BATCHES, &[], &made).await.status, 201);
    let back = format!("{BATCHES}/BACK");
    assert_eq!(service.act(&back, "addEvents", &rules).await.status, 200);
    let reversal = service.event("BatchNumber = 'BACK'").await["EventId"].clone();
    assert_eq!(service.act(&back, "deleteEvents", r#"{"mode":"ALL"}"#).await.status, 200);
    let q = format!("BatchNumber = '{home}' and FieldName = 'RelatedEventId'");
    let named =
        [format!("{number} RelatedEventId {reversal} -"), format!("{number} RelatedEventId - {reversal}")];
    assert_eq!(in_short(&history(&service, &q).await), named);
}
