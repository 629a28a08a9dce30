//! A closed period: nothing that began in it is written, on whatever road, until it is open again.

use axum::http::{Method, StatusCode};
use demo_server::database::{query, query_scalar};
use rest_contract::oracle::life_cycle::Reason;
use serde_json::{Value as Json, json};

use crate::acting::{batch, done, rules};
use crate::creating::made;
use crate::rating::call;
use crate::test_service::*;

const PERIODS: &str = "/crmRestApi/resources/11.13.18.05/usageClosedPeriods";
/// October 2026 on the clock of Berlin: 745 hours.
const START: &str = "2026-09-30T22:00:00+00:00";
const END: &str = "2026-10-31T23:00:00+00:00";
const INSIDE: &str = "2026-10-31T22:59:59.999500+00:00";

async fn ask(service: &TestService, user: &str, method: Method, path: &str, body: &Json) -> Answer {
    let headers = [("content-type", "application/json")];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    service.send(request(method, path, user, &headers, &body)).await
}

async fn close(service: &TestService, name: &str, start: &str, end: &str) -> Answer {
    let body = json!({ "PeriodName": name, "StartTime": start, "EndTime": end, "TimeZone": "Europe/Berlin" });
    ask(service, "admin", Method::POST, PERIODS, &body).await
}

async fn close_october(service: &TestService) {
    let answer = close(service, "October 2026", START, END).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

/// All that the database holds of events, charges and batches, so that a refusal is seen to change nothing.
async fn all_events(service: &TestService) -> Vec<String> {
    let sql = "SELECT e.event_number || ' ' || e.event_status || ' ' || e.object_version_number || ' ' || \
               e.usage_batch_id || ' ' || COALESCE(e.service_id, '') || ' ' || \
               (SELECT COUNT(*) FROM usage_charges c WHERE c.event_id = e.event_id) \
               FROM usage_events e ORDER BY e.event_id";
    query_scalar(sql).fetch_all(&service.service.database.readers).await.unwrap()
}

fn refused(case: &str, answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{case}: {}", answer.text);
    let told = [Reason::InClosedPeriod.to_string(), Reason::BatchHasClosedEvents.to_string()];
    let told = told.iter().any(|words| answer.text.contains(words.as_str()));
    assert!(told || answer.text.contains("a period that is closed"), "{case}: {}", answer.text);
}

#[tokio::test]
async fn only_an_administrator_closes_and_opens_a_period_and_both_are_in_the_history() {
    let service = TestService::filled(50).await;
    let period = json!({ "PeriodName": "P", "StartTime": START, "EndTime": END });
    for user in ["viewer", "editor"] {
        let answer = ask(&service, user, Method::POST, PERIODS, &period).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{user}: {}", answer.text);
    }
    close_october(&service).await;
    let listed = service.items(PERIODS, &[("onlyData", "true")]).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["StartTime"], START);
    assert_eq!(listed[0]["EndTime"], END);
    assert_eq!(listed[0]["CreatedBy"], "Ada Moreau");
    let path = format!("{PERIODS}/October%202026");
    let answer = ask(&service, "editor", Method::DELETE, &path, &Json::Null).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    let again = close(&service, "October 2026", START, END).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "{}", again.text);
    let backwards = close(&service, "Backwards", END, START).await;
    assert_eq!(backwards.status, StatusCode::BAD_REQUEST, "{}", backwards.text);
    let answer = ask(&service, "admin", Method::DELETE, &path, &Json::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert!(service.items(PERIODS, &[]).await.is_empty());
    let history = "/crmRestApi/resources/11.13.18.05/changeHistory";
    let steps = service.items(history, &[("q", "ResourceName = 'usageClosedPeriods'")]).await;
    assert!(steps.iter().any(|step| step["ValueBefore"] == "October 2026"), "{steps:?}");
}

#[tokio::test]
async fn nothing_that_began_in_it_is_written_on_any_road() {
    let service = TestService::filled(0).await;
    let path = batch(&service, "B", "ORA_RATING").await;
    let again = batch(&service, "AGAIN", "ORA_RERATE").await;
    let back = batch(&service, "BACK", "ORA_REVERSE_REPLACE").await;
    for (number, at) in [("IN", INSIDE), ("OUT", END), ("DONE", START)] {
        let body =
            call(number, "60", json!({ "BatchNumber": "B", "EventStartTime": at, "EventEndTime": END }));
        made(&service, EVENTS, &body).await;
    }
    let charge = json!({ "UsageChargePuid": "C", "BilledAmount": 1 });
    made(&service, &format!("{EVENTS}/IN/child/usageCharges"), &charge.to_string()).await;
    let sql = "UPDATE usage_events SET event_status = 'ORA_PROCESSED', reverse_flag = TRUE WHERE event_number = 'DONE'";
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query(sql).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    close_october(&service).await;
    let before = all_events(&service).await;

    let change = |number: &str| format!("{EVENTS}/{number}");
    let to = |at: &str| json!({ "EventStartTime": at }).to_string();
    refused("change", &service.patch(&change("IN"), &[], r#"{"ServiceId":"other"}"#).await);
    refused("its zone", &service.patch(&change("IN"), &[], r#"{"EventTimeZone":"Asia/Tokyo"}"#).await);
    refused("out of it", &service.patch(&change("IN"), &[], &to("2026-11-10T00:00:00Z")).await);
    refused("into it", &service.patch(&change("OUT"), &[], &to(INSIDE)).await);
    refused(
        "in its batch",
        &service.patch(&format!("{path}/child/usageEvents/IN"), &[], r#"{"ServiceId":"o"}"#).await,
    );
    refused("delete", &service.delete(&change("IN"), &[]).await);
    let new = call("NEW", "60", json!({ "EventStartTime": START }));
    refused("create", &service.post(EVENTS, &[], &new).await);
    refused("create in a batch", &service.post(&format!("{path}/child/usageEvents"), &[], &new).await);
    let upsert = call("IN", "90", json!({ "EventStartTime": INSIDE, "BatchNumber": "B", "ServiceId": "o" }));
    refused("upsert", &service.post(EVENTS, &[("upsert-mode", "true")], &upsert).await);
    let nested = json!({ "BatchNumber": "N", "usageEvents": [serde_json::from_str::<Json>(&new).unwrap()] });
    refused("nested in a new batch", &service.post(BATCHES, &[], &nested.to_string()).await);
    let charges = format!("{EVENTS}/IN/child/usageCharges");
    refused(
        "a charge more",
        &service.post(&charges, &[], r#"{"UsageChargePuid":"D","BilledAmount":2}"#).await,
    );
    refused("a charge changed", &service.patch(&format!("{charges}/C"), &[], r#"{"BilledAmount":2}"#).await);
    refused("a charge less", &service.delete(&format!("{charges}/C"), &[]).await);
    let parts = json!({ "parts": [{ "id": "1", "path": "/subscriptionUsageEvents/IN", "operation": "update",
        "payload": { "ServiceId": "batched" } }] });
    let media_type = ("content-type", "application/vnd.oracle.adf.batch+json");
    let sent = request(Method::POST, BASE, "editor", &[media_type], &parts.to_string());
    refused("a part of a batch request", &service.send(sent).await);
    refused("reverse", &service.act(&change("DONE"), "reverse", "{}").await);
    let all = rules(&[("INCLUDE", "EventNumber in ('IN', 'DONE')")]);
    for (number, by) in [("re-rate by rules", &again), ("reverse by rules", &back)] {
        let result = done(&service, by, "addEvents", &all).await;
        assert_eq!(result["count"], 0, "{number}: {result}");
        let left_out = result["leftOut"].to_string();
        assert!(left_out.contains(&Reason::InClosedPeriod.to_string()), "{number}: {left_out}");
    }
    let result = done(&service, &path, "deleteEvents", r#"{"mode":"ALL"}"#).await;
    assert_eq!(
        (&result["count"], &result["leftOutCount"]),
        (&json!(1), &json!(2)),
        "only OUT goes: {result}"
    );
    let before: Vec<_> = before.into_iter().filter(|event| !event.starts_with("OUT")).collect();
    refused("the batch", &service.delete(&path, &[]).await);
    done(&service, &path, "lockForReview", "{}").await;
    refused("submit", &service.act(&path, "submit", "{}").await);
    done(&service, &path, "revert", "{}").await;
    refused("submit by hand", &service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await);
    assert_eq!(all_events(&service).await, before);

    // Beneath all of this the database itself refuses, also where a road forgot to ask.
    for sql in [
        "UPDATE usage_events SET service_id = 'forgotten' WHERE event_number = 'IN'",
        "DELETE FROM usage_events WHERE event_number = 'DONE'",
        "UPDATE usage_events SET event_start_time = event_start_time + 1",
    ] {
        let mut transaction = service.service.database.begin_write().await.unwrap();
        let refusal = query(sql).execute(&mut *transaction).await.unwrap_err();
        assert!(demo_server::database::is_closed_period(&refusal), "{sql}: {refusal}");
    }
    assert_eq!(all_events(&service).await, before);

    let answer =
        ask(&service, "admin", Method::DELETE, &format!("{PERIODS}/October%202026"), &Json::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    let answer = service.patch(&change("IN"), &[], r#"{"ServiceId":"other"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn it_is_not_closed_over_what_is_under_way() {
    let service = TestService::filled(0).await;
    batch(&service, "B", "ORA_RATING").await;
    let body = call("IN", "60", json!({ "BatchNumber": "B", "EventStartTime": INSIDE, "EventEndTime": END }));
    made(&service, EVENTS, &body).await;
    let put = async |assignment: &str| {
        let sql = format!("UPDATE usage_events SET {assignment} WHERE event_number = 'IN'");
        let mut transaction = service.service.database.begin_write().await.unwrap();
        query(&sql).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    };
    for (begin, end) in [
        ("event_status = 'ORA_IN_PROCESS'", "event_status = 'ORA_DRAFT'"),
        ("home_batch_id = usage_batch_id", "home_batch_id = NULL"),
        ("reverses_event_id = event_id", "reverses_event_id = NULL"),
    ] {
        put(begin).await;
        let answer = close(&service, "October 2026", START, END).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{begin}: {}", answer.text);
        assert!(answer.text.contains("1 event of this period is"), "{begin}: {}", answer.text);
        put(end).await;
    }
    // A draft is nobody's work in progress, and neither is what another month holds.
    close_october(&service).await;
}
