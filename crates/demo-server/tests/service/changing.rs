//! PATCH: what changes, what does not, and what is refused.

use axum::http::{Method, StatusCode};
use demo_server::database::query;
use serde_json::{Value as Json, json};

use crate::test_service::*;

const ERRORED: &str = "EventStatus = 'ORA_ERROR' and BatchNumber = 'UB-2026-11-API'";
const DRAFT: &str = "EventStatus = 'ORA_DRAFT'";

/// The fields that differ between two items, links aside.
fn changed(before: &Json, after: &Json) -> Vec<String> {
    let before = before.as_object().unwrap();
    let names = before.keys().filter(|name| *name != "links" && before[*name] != after[name.as_str()]);
    names.cloned().collect()
}

#[tokio::test]
async fn only_the_sent_fields_change() {
    let service = TestService::new().await;
    let before = service.event(ERRORED).await;
    let body = r#"{"ReportedUsageQuantity":12.500000,"EventStatus":"ORA_READY","Error":null,"ServiceId":"client-1"}"#;
    let answer = service.patch(&event_path(&before), &[("if-match", change_indicator(&before))], body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let after = answer.json();
    let expected = [
        "Error",
        "EventStatus",
        "LastUpdateDate",
        "LastUpdateLogin",
        "LastUpdatedBy",
        "ReportedUsageQuantity",
        "ServiceId",
    ];
    let expected = expected.into_iter().filter(|name| before[name] != after[name]).collect::<Vec<_>>();
    assert_eq!(changed(&before, &after), expected);
    assert!(
        answer.text.contains("\"ReportedUsageQuantity\":12.500000,"),
        "digits are kept as they were sent"
    );
    assert_eq!(after["LastUpdatedBy"], "Edith Okafor");
    assert_ne!(change_indicator(&after), change_indicator(&before));
    assert_eq!(answer.header("etag"), change_indicator(&after));
    let read = service.get(&event_path(&before), &[]).await;
    assert_eq!(read.text, answer.text, "what was answered is what is stored");
}

#[tokio::test]
async fn a_name_that_is_given_twice_changes_nothing() {
    let service = TestService::new().await;
    let event = service.event(ERRORED).await;
    let path = event_path(&event);
    let before = service.get(&path, &[]).await;
    for (body, name) in [
        (r#"{"UsageQuantity":1,"UsageQuantity":2}"#, "UsageQuantity"),
        (r#"{"ServiceId":"a","ServiceId":"a"}"#, "ServiceId"),
        (r#"{"ServiceId":"a","\u0053erviceId":null}"#, "ServiceId"),
        (r#"{"usageCharges":[{"BilledAmount":1,"BilledAmount":2}]}"#, "usageCharges/BilledAmount"),
    ] {
        let answer = service.patch(&path, &[], body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.text.contains(&format!("{name} is given more than once")), "{body}: {}", answer.text);
    }
    assert_eq!(service.get(&path, &[]).await.text, before.text);
    let batch = r#"{"BatchNumber":"ONE","BatchNumber":"TWO"}"#;
    assert_eq!(service.post(BATCHES, &[], batch).await.status, StatusCode::BAD_REQUEST);
    let twice = r#"{"eventIds":[],"eventIds":[]}"#;
    let batch = format!("{BATCHES}/{}", event["BatchNumber"].as_str().unwrap());
    let answer = service.act(&batch, "deleteEvents", twice).await;
    assert!(answer.text.contains("eventIds is given more than once"), "{}", answer.text);
}

#[tokio::test]
async fn charges_and_messages_change_through_both_parents() {
    let service = TestService::new().await;
    let q = "EventStatus = 'ORA_ERROR' and usageCharges.BilledAmount is not null and BatchNumber != 'UB-2026-11-NRG'";
    let event = service.event(q).await;
    let (batch, number) = (event["BatchNumber"].as_str().unwrap(), event["EventNumber"].as_str().unwrap());
    let parents = [format!("{EVENTS}/{number}"), format!("{BATCHES}/{batch}/child/usageEvents/{number}")];
    for (version, parent) in (1..).zip(&parents) {
        let charges = format!("{parent}/child/usageCharges");
        let charge = service.items(&charges, &[]).await.remove(0);
        assert_eq!(charge["ObjectVersionNumber"], version);
        let path = format!("{charges}/{}", charge["UsageChargePuid"].as_str().unwrap());
        let body = format!(r#"{{"BilledAmount":-1.{version}0,"ObjectVersionNumber":{version}}}"#);
        let answer = service.patch(&path, &[], &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains(&format!("\"BilledAmount\":-1.{version}0,")));
        assert_eq!(answer.json()["ObjectVersionNumber"], version + 1);
        // The same body once more is based on a version that is no longer the newest.
        let stale = service.patch(&path, &[], &body).await;
        assert_eq!(stale.status, StatusCode::BAD_REQUEST);
        assert_eq!(stale.faults(), ["25014 /ObjectVersionNumber"]);

        let messages = format!("{parent}/child/usageMessages");
        let message = service.items(&messages, &[]).await.remove(0);
        let path = format!("{messages}/{}", message["UsageMessageId"]);
        let answer = service
            .patch(
                &path,
                &[("if-match", change_indicator(&message))],
                &format!(r#"{{"MessageText":"Seen {version}"}}"#),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json()["MessageText"], format!("Seen {version}"));
    }
}

#[tokio::test]
async fn a_stale_version_is_answered_with_the_current_item() {
    let service = TestService::new().await;
    let before = service.event(DRAFT).await;
    let (path, old) = (event_path(&before), change_indicator(&before));
    assert_eq!(
        service.patch(&path, &[("if-match", old)], r#"{"ServiceId":"first"}"#).await.status,
        StatusCode::OK
    );
    let late = service.patch(&path, &[("if-match", old)], r#"{"ServiceId":"second"}"#).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let current = service.get(&path, &[]).await;
    assert_eq!(late.text, current.text);
    assert_eq!(late.header("etag"), current.header("etag"));
    assert_eq!(current.json()["ServiceId"], "first");
    let again = [("if-match", late.header("etag"))];
    assert_eq!(service.patch(&path, &again, r#"{"ServiceId":"second"}"#).await.status, StatusCode::OK);
    // Without a version the last write wins.
    assert_eq!(service.patch(&path, &[], r#"{"ServiceId":"third"}"#).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bad_fields_are_named_one_by_one() {
    let service = TestService::new().await;
    let event = service.event(DRAFT).await;
    let long = "x".repeat(121);
    for (body, faults) in [
        (
            r#"{"Nope":1,"EventId":2,"CreatedBy":"me"}"#.to_owned(),
            vec!["24003 /CreatedBy", "24003 /EventId", "27024 /Nope"],
        ),
        (
            r#"{"UsageQuantity":"a","EventStartTime":"soon"}"#.to_owned(),
            vec!["27024 /UsageQuantity", "27024 /EventStartTime"],
        ),
        (format!(r#"{{"ServiceId":"{long}"}}"#), vec!["27024 /ServiceId"]),
        (
            r#"{"CurrencyCode":"XXX","UsageUnitOfMeasure":"??"}"#.to_owned(),
            vec!["27024 /CurrencyCode", "27024 /UsageUnitOfMeasure"],
        ),
        (r#"{"EventTimeZone":"Mars/Base"}"#.to_owned(), vec!["27024 /EventTimeZone"]),
        (r#"{"ServiceId":"a\u0000b"}"#.to_owned(), vec!["27024 /ServiceId"]),
        (r#"{"EventStatus":"ORA_NOPE"}"#.to_owned(), vec!["27024 /EventStatus"]),
        (r#"{"EventStatus":"ORA_PROCESSED"}"#.to_owned(), vec!["27024 /EventStatus"]),
        (r#"{"EventStatus":null}"#.to_owned(), vec!["27014 /EventStatus"]),
        (r#"{"EventType":""}"#.to_owned(), vec!["27014 /EventType"]),
        (r#"{"EventEndTime":"2020-01-01T00:00:00Z"}"#.to_owned(), vec!["27024 /EventEndTime"]),
        (r#"{"EventStartTime":"2036-01-01T00:00:00Z"}"#.to_owned(), vec!["27024 /EventStartTime"]),
        (r#"{"EventStartTime":"2026-10-01T08:00:00.1234567Z"}"#.to_owned(), vec!["27024 /EventStartTime"]),
        (
            r#"{"EventStartTime":"2026-10-01T08:00:00.12345600009Z"}"#.to_owned(),
            vec!["27024 /EventStartTime"],
        ),
        (r#"{"EventStartTime":"2026-09-30T23:59:60Z"}"#.to_owned(), vec!["27024 /EventStartTime"]),
        (r#"{"UsageQuantity":0.00000000000000000000000000001}"#.to_owned(), vec!["27024 /UsageQuantity"]),
        (r#"{"usageCharges":[{"BilledAmount":"a"}]}"#.to_owned(), vec!["27024 /usageCharges/BilledAmount"]),
        (
            r#"{"usageCharges":[{"CreatedBy":"me","Nope":1}],"usageMessages":[{"UsageMessageId":1}]}"#
                .to_owned(),
            vec!["24003 /usageCharges/CreatedBy", "27024 /usageCharges/Nope"],
        ),
        (
            r#"{"usageMessages":[{"UsageMessageId":1,"MessageText":"x"}]}"#.to_owned(),
            vec!["27024 /usageMessages/UsageMessageId"],
        ),
        ("[1]".to_owned(), vec!["26080 "]),
        ("{".to_owned(), vec!["26080 "]),
    ] {
        let answer = service.patch(&event_path(&event), &[], &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}: {}", answer.text);
        assert_eq!(answer.faults(), faults, "{body}");
    }
    assert_eq!(service.get(&event_path(&event), &[]).await.json(), event, "nothing has changed");
}

#[tokio::test]
async fn a_time_keeps_its_six_digits_of_a_second() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    for (sent, kept) in [
        ("2026-10-01T10:00:00.123456+02:00", "2026-10-01T08:00:00.123456+00:00"),
        ("2026-10-01T08:00:00.1234560000Z", "2026-10-01T08:00:00.123456+00:00"),
    ] {
        let body = format!(r#"{{"PricedOn":"{sent}"}}"#);
        let answer = service.patch(&event_path(&event), &[], &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json()["PricedOn"], kept);
    }
}

#[tokio::test]
async fn only_events_in_draft_or_error_are_open() {
    let service = TestService::new().await;
    for status in ["ORA_READY", "ORA_ON_HOLD", "ORA_IN_PROCESS", "ORA_PROCESSED", "ORA_REVERSED"] {
        let event =
            service.event(&format!("EventStatus = '{status}' and BatchNumber != 'UB-2026-11-NRG'")).await;
        let answer = service.patch(&event_path(&event), &[], r#"{"ServiceId":"x"}"#).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec!["27023 /EventStatus".to_owned()]),
            "{status}"
        );
    }
    let locked = service.event("EventStatus = 'ORA_ERROR' and BatchNumber = 'UB-2026-11-NRG'").await;
    let answer = service.patch(&event_path(&locked), &[], r#"{"ServiceId":"x"}"#).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("locked for review"), "{}", answer.text);
    let processed = service.event("EventStatus = 'ORA_PROCESSED'").await;
    let charges = format!("{}/child/usageCharges", event_path(&processed));
    let charge = service.items(&charges, &[]).await.remove(0);
    let path = format!("{charges}/{}", charge["UsageChargePuid"].as_str().unwrap());
    assert_eq!(service.patch(&path, &[], r#"{"BilledAmount":1}"#).await.faults(), ["27023 /EventStatus"]);
}

#[tokio::test]
async fn an_event_that_ends_too_early_can_still_be_corrected_elsewhere() {
    let service = TestService::new().await;
    let event = service.event("Error = 'OSS_END_BEFORE_START' and BatchNumber != 'UB-2026-11-NRG'").await;
    let answer = service.patch(&event_path(&event), &[], r#"{"CurcyConvRateType":"Spot"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let start = event["EventStartTime"].as_str().unwrap();
    let answer = service.patch(&event_path(&event), &[], &format!(r#"{{"EventEndTime":"{start}"}}"#)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn the_start_day_follows_start_and_zone() {
    let service = TestService::new().await;
    let path = event_path(&service.event(DRAFT).await);
    for (body, day) in [
        (
            r#"{"EventStartTime":"2026-10-01T23:30:00+00:00","EventEndTime":"2026-10-02T01:00:00Z","EventTimeZone":"Asia/Tokyo"}"#,
            "2026-10-02",
        ),
        (r#"{"EventTimeZone":"America/New_York"}"#, "2026-10-01"),
        (r#"{"EventTimeZone":null}"#, "2026-10-01"),
    ] {
        let answer = service.patch(&path, &[], body).await;
        assert_eq!(answer.json()["LeEventStartDate"], day, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn batches_take_new_names_and_one_new_status() {
    let service = TestService::new().await;
    let path = format!("{BATCHES}/UB-2026-11-API");
    let answer =
        service.patch(&path, &[], r#"{"BatchName":"API, November","BatchDescription":"Ünïcode ✓"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["BatchDescription"], "Ünïcode ✓");
    assert_eq!(answer.json()["ObjectVersionNumber"], 2);
    assert_eq!(
        service.patch(&path, &[], r#"{"CountOfUsageEvents":1}"#).await.faults(),
        ["24003 /CountOfUsageEvents"]
    );
    assert_eq!(
        service.patch(&path, &[], r#"{"BatchStatus":"ORA_COMPLETED"}"#).await.faults(),
        ["27024 /BatchStatus"]
    );
    assert_eq!(service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await.status, StatusCode::OK);
    let rerate = format!("{BATCHES}/UB-2026-11-NRG");
    assert_eq!(
        service.patch(&rerate, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await.faults(),
        ["27024 /BatchStatus"]
    );
}

#[tokio::test]
async fn nothing_new_is_no_new_version() {
    let service = TestService::new().await;
    let event = service.event(DRAFT).await;
    let body = json!({"ServiceId": event["ServiceId"], "links": event["links"]}).to_string();
    let answer = service.patch(&event_path(&event), &[], &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), event);
}

#[tokio::test]
async fn every_changed_field_is_on_record() {
    let service = TestService::new().await;
    let event = service.event(ERRORED).await;
    let body = r#"{"ServiceId":"client-2","Error":null,"UsageQuantity":7.50}"#;
    let headers = [("x-request-id", "forged")];
    let answer = service.send(request(Method::PATCH, &event_path(&event), "editor2", &headers, body)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let refused = service.patch(&event_path(&event), &[], r#"{"CurrencyCode":"XXX"}"#).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let rows = query(
        "SELECT changed_by, request_id, record_key, object_version_number, field_name, value_before, value_after \
         FROM change_history ORDER BY change_id",
    )
    .fetch_all(&service.service.database.readers)
    .await
    .unwrap();
    let number = event["EventNumber"].as_str().unwrap();
    let id = answer.header("x-request-id");
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let expected = [
        ("Error", text(&event["Error"]), None),
        ("ServiceId", text(&event["ServiceId"]), Some("client-2".to_owned())),
        ("UsageQuantity", Some(event["UsageQuantity"].to_string()), Some("7.50".to_owned())),
    ];
    let expected = expected.map(|(field, before, after)| {
        ("Emil Brandt".to_owned(), id.to_owned(), number.to_owned(), 2, field.to_owned(), before, after)
    });
    let recorded = rows.iter().map(|row| {
        let text = |column: &str| row.try_get::<String, _>(column).unwrap();
        let value = |column: &str| row.try_get::<Option<String>, _>(column).unwrap();
        let version = row.try_get::<i64, _>("object_version_number").unwrap();
        let (by, request, key) = (text("changed_by"), text("request_id"), text("record_key"));
        (by, request, key, version, text("field_name"), value("value_before"), value("value_after"))
    });
    assert_eq!(recorded.collect::<Vec<_>>(), expected);
}
