//! POST and DELETE: what is made, what it gets where it brings nothing, and what may go again.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::test_service::*;

const EVENT: &str = r#"{"SubscriptionProductPuid":"SP-10041-TEL","EventType":"ORA_VOICE_DATA",
    "EventStartTime":"2026-11-10T23:30:00+00:00","EventTimeZone":"Asia/Tokyo","UsageQuantity":12.50,
    "UsageUnitOfMeasure":"MIN","CurrencyCode":"EUR","FileName":"late.csv","EventNumber":"MINE-1"}"#;

pub(crate) async fn made(service: &TestService, path: &str, body: &str) -> Json {
    let answer = service.post(path, &[], body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path} {body}: {}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_new_batch_needs_nothing_and_keeps_a_chosen_number() {
    let service = TestService::new().await;
    let plain = made(&service, BATCHES, "{}").await;
    assert_eq!(plain["BatchNumber"], format!("UB-{}", plain["UsageBatchId"]));
    for (field, value) in
        [("BatchStatus", "ORA_DRAFT"), ("UsageType", "ORA_RATING"), ("CreatedBy", "Edith Okafor")]
    {
        assert_eq!(plain[field], value);
    }
    let body = r#"{"BatchNumber":"planted/1","UsageType":"ORA_RERATE","BusinessUnitName":"Vision Energy"}"#;
    let answer = service.post(BATCHES, &[], body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("http://localhost{BATCHES}/planted%2F1"));
    let read = service.get(&format!("{BATCHES}/planted%2F1"), &[]).await;
    assert_eq!((read.json(), read.header("etag")), (answer.json(), answer.header("etag")));
    assert_eq!(read.json()["BusinessUnitId"], 300_000_200_000_013_i64);

    for (body, faults) in [
        (r#"{"BatchNumber":"planted/1"}"#, "25013 /BatchNumber"),
        (r#"{"BatchStatus":"ORA_COMPLETED"}"#, "27024 /BatchStatus"),
        (r#"{"UsageType":"ORA_NOPE"}"#, "27024 /UsageType"),
        (r#"{"UsageBatchId":7}"#, "24003 /UsageBatchId"),
        (r#"{"CountOfUsageEvents":7}"#, "24003 /CountOfUsageEvents"),
        (r#"{"usageEventBatchFiles":[{}]}"#, "24005 /usageEventBatchFiles"),
        (r#"{"CriteriaJson":"not base64!"}"#, "27024 /CriteriaJson"),
    ] {
        let answer = service.post(BATCHES, &[], body).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec![faults.to_owned()]),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_new_event_is_complete_under_either_path() {
    let service = TestService::new().await;
    let in_batch = format!("{BATCHES}/UB-2026-11-API/child/usageEvents");
    let event = made(&service, &in_batch, EVENT).await;
    for (field, value) in [
        ("BatchNumber", json!("UB-2026-11-API")),
        ("EventNumber", json!("MINE-1")),
        ("EventStatus", json!("ORA_DRAFT")),
        ("EventRatingType", json!("ORA_TO_BE_RATED")),
        ("RatingSource", json!("ORA_SUBSCRIPTION")),
        ("SourceInterfaceType", json!("ORA_REST")),
        ("EventTypeId", json!(300_000_208_100_001_i64)),
        ("LeEventStartDate", json!("2026-11-11")),
        ("ReverseFlag", json!(false)),
        ("UsageQuantity", json!(12.50)),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    let again = service.post(&in_batch, &[], EVENT).await;
    assert_eq!(
        (again.status, again.faults()),
        (StatusCode::BAD_REQUEST, vec!["25013 /EventNumber".to_owned()])
    );

    // Without a batch it goes into one made for the purpose, and the next one joins it.
    let body = |number: &str| EVENT.replace("MINE-1", number);
    let second = made(&service, EVENTS, &body("MINE-2")).await;
    let third = made(&service, EVENTS, &body("MINE-3")).await;
    assert_eq!(second["BatchNumber"], third["BatchNumber"]);
    let batch =
        service.get(&format!("{BATCHES}/{}", second["BatchNumber"].as_str().unwrap()), &[]).await.json();
    assert_eq!((&batch["CreationType"], &batch["CountOfUsageEvents"]), (&json!("ORA_AUTOMATIC"), &json!(2)));
    let named = body("MINE-4").replace("{\"Sub", "{\"BatchNumber\":\"UB-2026-11-API\",\"Sub");
    assert_eq!(made(&service, EVENTS, &named).await["BatchNumber"], "UB-2026-11-API");

    // Its file is listed with the batch.
    let files = service.items(&format!("{BATCHES}/UB-2026-11-API/child/usageEventBatchFiles"), &[]).await;
    assert!(files.iter().any(|file| file["FileName"] == "late.csv"), "{files:?}");
}

#[tokio::test]
async fn a_number_of_blanks_is_none() {
    let service = TestService::new().await;
    let batch = made(&service, BATCHES, r#"{"BatchNumber":" \u00a0"}"#).await;
    assert_eq!(batch["BatchNumber"], format!("UB-{}", batch["UsageBatchId"]));
    for number in [" ", "\u{a0}  ", "\u{200b}"] {
        let body =
            EVENT.replace("MINE-1", number).replacen('{', &format!(r#"{{"BatchNumber":"{number}","#), 1);
        let event = made(&service, EVENTS, &body).await;
        let given = event["EventNumber"].as_str().unwrap();
        assert!(given.contains(&event["EventId"].to_string()), "{given}");
        assert!(event["BatchNumber"].as_str().unwrap().starts_with("UB-"), "{}", event["BatchNumber"]);
    }
}

#[tokio::test]
async fn missing_and_wrong_fields_of_a_new_event_are_named_together() {
    let service = TestService::new().await;
    let required = [
        "27014 /SubscriptionProductPuid",
        "27014 /EventStartTime",
        "27014 /EventType",
        "27014 /UsageQuantity",
        "27014 /UsageUnitOfMeasure",
    ];
    assert_eq!(service.post(EVENTS, &[], "{}").await.faults(), required);
    for (from, to, faults) in [
        ("\"CurrencyCode\":\"EUR\"", "\"EventRatingType\":\"ORA_PRE_RATED\"", "27014 /CurrencyCode"),
        ("SP-10041-TEL", "SP-NONE", "27024 /SubscriptionProductPuid"),
        ("\"MIN\"", "\"XXX\"", "27024 /UsageUnitOfMeasure"),
        ("\"EventType\"", "\"EventStatus\":\"ORA_PROCESSED\",\"EventType\"", "27024 /EventStatus"),
        ("\"EventType\"", "\"BatchNumber\":\"NONE\",\"EventType\"", "27024 /BatchNumber"),
        ("\"EventType\"", "\"EventId\":5,\"EventType\"", "24003 /EventId"),
        ("\"EventType\"", "\"EventEndTime\":\"2026-01-01T00:00:00Z\",\"EventType\"", "27024 /EventEndTime"),
        ("\"EventType\"", "\"ReverseFlag\":true,\"EventType\"", "24003 /ReverseFlag"),
        (
            "\"EventType\"",
            "\"usageCharges\":[{\"ChargeCurrency\":\"XXX\"}],\"EventType\"",
            "27024 /usageCharges/ChargeCurrency",
        ),
    ] {
        let body = EVENT.replacen(from, to, 1);
        let answer = service.post(EVENTS, &[], &body).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec![faults.to_owned()]),
            "{body}"
        );
    }
    let elsewhere = EVENT.replacen("\"EventType\"", "\"BatchNumber\":\"UB-2026-11-CLD\",\"EventType\"", 1);
    let answer = service.post(&format!("{BATCHES}/UB-2026-11-API/child/usageEvents"), &[], &elsewhere).await;
    assert_eq!(answer.faults(), ["27024 /BatchNumber"]);
    let closed = service.post(&format!("{BATCHES}/UB-2026-08-TEL/child/usageEvents"), &[], EVENT).await;
    assert_eq!(closed.faults(), ["27023 /BatchStatus"], "a completed batch takes no new events");
    let none = service.items(EVENTS, &[("q", "EventNumber = 'MINE-1'")]).await;
    assert!(none.is_empty(), "nothing was made by what was refused");
}

#[tokio::test]
async fn upsert_changes_what_stands_and_makes_what_does_not() {
    let service = TestService::new().await;
    let upsert = [("upsert-mode", "true")];
    let first = service.post(EVENTS, &upsert, EVENT).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let second = service.post(EVENTS, &upsert, &EVENT.replace("12.50", "13.75")).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text);
    assert_eq!(second.json()["EventId"], first.json()["EventId"]);
    assert!(second.text.contains("\"UsageQuantity\":13.75,"));
    let moved = EVENT.replace("SP-10041-TEL", "SP-10078-TEL");
    let answer = service.post(EVENTS, &upsert, &moved).await;
    assert_eq!(answer.faults(), ["24003 /SubscriptionProductPuid"]);
    let batch = r#"{"BatchNumber":"UB-2026-11-API","BatchName":"Renamed"}"#;
    let answer = service.post(BATCHES, &upsert, batch).await;
    assert_eq!((answer.status, &answer.json()["BatchName"]), (StatusCode::OK, &json!("Renamed")));
    assert_eq!(
        service.post(BATCHES, &[("upsert-mode", "perhaps")], "{}").await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn charges_and_messages_are_made_nested_and_alone() {
    let service = TestService::new().await;
    let nested = EVENT.replace(
        "{\"Sub",
        r#"{"usageCharges":[{"BilledAmount":1.10,"UsageChargePuid":"MINE-C"}],"usageMessages":[{"MessageText":"seen"}],"Sub"#,
    );
    let event = made(&service, EVENTS, &nested).await;
    let path = event_path(&event);
    let charges = service.items(&format!("{path}/child/usageCharges"), &[]).await;
    assert_eq!((charges.len(), &charges[0]["UsageChargePuid"]), (1, &json!("MINE-C")));
    assert_eq!((&charges[0]["ChargeCurrency"], &charges[0]["SequenceNumber"]), (&json!("EUR"), &json!(1)));
    let charge = made(&service, &format!("{path}/child/usageCharges"), r#"{"BilledAmount":2}"#).await;
    assert_eq!(charge["SequenceNumber"], 2);
    let message = made(&service, &format!("{path}/child/usageMessages"), r#"{"MessageName":"M"}"#).await;
    assert_eq!(message["EventNumber"], "MINE-1");
    let empty = service.post(&format!("{path}/child/usageMessages"), &[], "{}").await;
    assert_eq!(empty.faults(), ["27014 /MessageText"]);
    let elsewhere = format!("{{\"EventId\":{}}}", event["EventId"].as_i64().unwrap() + 1);
    let answer = service.post(&format!("{path}/child/usageCharges"), &[], &elsewhere).await;
    assert_eq!(answer.faults(), ["27024 /EventId"]);
    let processed = service.event("EventStatus = 'ORA_PROCESSED'").await;
    let answer = service.post(&format!("{}/child/usageCharges", event_path(&processed)), &[], "{}").await;
    assert_eq!(answer.faults(), ["27023 /EventStatus"]);
}

/// An event whose billed amount moved has changed: somebody who decided by the old amount is told.
#[tokio::test]
async fn a_moved_charge_is_a_changed_event() {
    let service = TestService::new().await;
    let event = made(&service, EVENTS, EVENT).await;
    let path = event_path(&event);
    let charges = format!("{path}/child/usageCharges");
    let mut seen = vec![change_indicator(&event).to_owned()];
    let mut look = async |what: &str, moved: bool| {
        let now = service.get(&path, &[]).await.header("etag").to_owned();
        assert_eq!(now > seen[seen.len() - 1], moved, "{what}");
        seen.push(now);
    };
    made(&service, &charges, r#"{"UsageChargePuid":"C1","BilledAmount":1.00}"#).await;
    look("a charge was made", true).await;
    service.patch(&format!("{charges}/C1"), &[], r#"{"BilledAmount":2.00}"#).await;
    look("a charge was changed", true).await;
    service.patch(&format!("{charges}/C1"), &[], r#"{"BilledAmount":2.00}"#).await;
    look("nothing was changed", false).await;
    made(&service, &format!("{path}/child/usageMessages"), r#"{"MessageText":"M"}"#).await;
    look("a message was made", false).await;
    assert_eq!(service.delete(&format!("{charges}/C1"), &[]).await.status, StatusCode::NO_CONTENT);
    look("a charge was deleted", true).await;
    let late = [("if-match", change_indicator(&event))];
    let answer = service.patch(&path, &late, r#"{"EventStatus":"ORA_READY"}"#).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn nested_rows_are_matched_by_key_or_added_and_the_rest_stays() {
    let service = TestService::new().await;
    let nested = EVENT.replace("{\"Sub", r#"{"usageCharges":[{"BilledAmount":1,"UsageChargePuid":"A"},{"BilledAmount":2,"UsageChargePuid":"B"}],"Sub"#);
    let event = made(&service, EVENTS, &nested).await;
    let path = event_path(&event);
    let body = r#"{"ServiceId":"s","usageCharges":[{"UsageChargePuid":"A","BilledAmount":3,"ObjectVersionNumber":1},{"BilledAmount":4}],"usageMessages":[{"MessageText":"new"}]}"#;
    let answer = service.patch(&path, &[("if-match", change_indicator(&event))], body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let whole = service.get(&path, &[("expand", "all")]).await.json();
    let charges = whole["usageCharges"]["items"].as_array().unwrap();
    let amounts = charges.iter().map(|charge| charge["BilledAmount"].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!((amounts, &whole["ServiceId"]), (vec![3, 2, 4], &json!("s")));
    let message = &whole["usageMessages"]["items"][0];
    let body = format!(
        r#"{{"usageMessages":[{{"UsageMessageId":{},"MessageText":"again"}}]}}"#,
        message["UsageMessageId"]
    );
    assert_eq!(service.patch(&path, &[], &body).await.status, StatusCode::OK);
    let messages = service.items(&format!("{path}/child/usageMessages"), &[]).await;
    assert_eq!((messages.len(), &messages[0]["MessageText"]), (1, &json!("again")));
    // One stale row refuses the whole.
    let body = r#"{"ServiceId":"t","usageCharges":[{"UsageChargePuid":"A","BilledAmount":9,"ObjectVersionNumber":1}]}"#;
    let stale = service.patch(&path, &[], body).await;
    assert_eq!(stale.faults(), ["25014 /usageCharges/ObjectVersionNumber"]);
    assert_eq!(service.get(&path, &[]).await.json()["ServiceId"], "s");
}

#[tokio::test]
async fn only_what_is_open_can_be_deleted() {
    let service = TestService::new().await;
    let event = made(&service, EVENTS, EVENT).await;
    let path = event_path(&event);
    made(&service, &format!("{path}/child/usageCharges"), r#"{"UsageChargePuid":"C1"}"#).await;
    let late = service.delete(&path, &[("if-match", change_indicator(&event))]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        service.delete(&path, &[("if-match", late.header("etag"))]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(service.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.delete(&path, &[]).await.status, StatusCode::NOT_FOUND);
    let recorded: i64 = demo_server::database::query_scalar(
        "SELECT COUNT(*) FROM change_history WHERE record_key = 'MINE-1' AND field_name = 'UsageQuantity' \
         AND value_before = '12.50' AND value_after IS NULL",
    )
    .fetch_one(&service.service.database.readers)
    .await
    .unwrap();
    assert_eq!(recorded, 1, "what was deleted is on record");
    for status in ["ORA_READY", "ORA_ON_HOLD", "ORA_IN_PROCESS", "ORA_PROCESSED", "ORA_REVERSED"] {
        let event = service.event(&format!("EventStatus = '{status}'")).await;
        assert_eq!(
            service.delete(&event_path(&event), &[]).await.faults(),
            ["27023 /EventStatus"],
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_draft_batch_goes_with_all_it_holds_and_no_other_does() {
    let service = TestService::new().await;
    for number in ["UB-2026-08-TEL", "UB-2026-10-TEL", "UB-2026-11-CLD", "UB-2026-11-NRG"] {
        let answer = service.delete(&format!("{BATCHES}/{number}"), &[]).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec!["27023 ".to_owned()]),
            "{number}"
        );
    }
    let path = format!("{BATCHES}/UB-2026-11-API");
    assert_eq!(service.delete(&path, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(service.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
    for table in ["usage_charges", "usage_messages"] {
        let sql =
            format!("SELECT COUNT(*) FROM {table} WHERE event_id NOT IN (SELECT event_id FROM usage_events)");
        let left: i64 = demo_server::database::query_scalar(&sql)
            .fetch_one(&service.service.database.readers)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let viewer = request(Method::DELETE, &path, "viewer", &[], "");
    assert_eq!(service.send(viewer).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rules_of_a_batch_are_kept_changed_and_deleted_while_it_is_in_draft() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let service = TestService::new().await;
    made(&service, BATCHES, r#"{"BatchNumber":"R","UsageType":"ORA_RERATE"}"#).await;
    let rules = format!("{BATCHES}/R/child/ruleBuilderConditions");
    let q = encode("EventType = 'ORA_ENERGY'");
    let body = format!(
        r#"{{"ConditionNumber":"MINE","ConditionRestQParam":"{q}","ConditionJson":"{}"}}"#,
        encode("{\"a\":1}")
    );
    let rule = made(&service, &rules, &body).await;
    assert_eq!((&rule["ConditionGroupType"], &rule["ConditionRestQParam"]), (&json!("INCLUDE"), &json!(q)));
    let path = format!("{rules}/{}", rule["ConditionId"]);
    let raw = service.get(&format!("{path}/enclosure/ConditionRestQParam"), &[]).await;
    assert_eq!((raw.status, raw.text.as_str()), (StatusCode::OK, "EventType = 'ORA_ENERGY'"));
    let json = service.get(&format!("{path}/enclosure/ConditionJson"), &[]).await;
    assert_eq!((json.header("content-type"), json.text.as_str()), ("application/json", "{\"a\":1}"));
    let raw = [("content-type", "text/plain")];
    let put =
        request(Method::PUT, &format!("{path}/enclosure/ConditionRestQParam"), "editor", &raw, "EventId > 5");
    assert_eq!(service.send(put).await.status, StatusCode::NO_CONTENT);
    assert_eq!(service.get(&path, &[]).await.json()["ConditionRestQParam"], encode("EventId > 5"));
    let put =
        request(Method::PUT, &format!("{path}/enclosure/ConditionRestQParam"), "editor", &raw, "EventId >");
    assert_eq!(service.send(put).await.faults(), ["27024 /ConditionRestQParam"]);
    for (body, faults) in [
        ("{}".to_owned(), "27014 /ConditionRestQParam"),
        (body, "25013 /ConditionNumber"),
        (
            format!(r#"{{"ConditionRestQParam":"{q}","ConditionGroupType":"BOTH"}}"#),
            "27024 /ConditionGroupType",
        ),
    ] {
        assert_eq!(service.post(&rules, &[], &body).await.faults(), [faults], "{body}");
    }
    assert_eq!(service.patch(&path, &[], r#"{"ConditionGroupType":"EXCLUDE"}"#).await.status, StatusCode::OK);
    assert_eq!(service.delete(&path, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(service.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
    let locked = format!("{BATCHES}/UB-2026-11-NRG/child/ruleBuilderConditions");
    let body = format!(r#"{{"ConditionRestQParam":"{q}"}}"#);
    assert_eq!(service.post(&locked, &[], &body).await.faults(), ["27023 /BatchStatus"]);
}
