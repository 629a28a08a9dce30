//! Actions of batches and events: what they do, what they refuse and with which words.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::creating::made;
use crate::test_service::*;

pub(crate) const DONE: &str = "BatchNumber = 'UB-2026-08-TEL' and EventStatus = 'ORA_PROCESSED'";

/// The `result` of an action, which must succeed.
pub(crate) async fn done(service: &TestService, path: &str, action: &str, body: &str) -> Json {
    let answer = service.act(path, action, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {action} {body}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/vnd.oracle.adf.actionresult+json");
    answer.json()["result"].clone()
}

pub(crate) fn rules(rules: &[(&str, &str)]) -> String {
    let rules =
        rules.iter().map(|(group, q)| json!({ "ConditionGroupType": group, "ConditionRestQParam": q }));
    json!({ "ruleBuilderConditions": rules.collect::<Vec<_>>() }).to_string()
}

pub(crate) async fn batch(service: &TestService, number: &str, usage_type: &str) -> String {
    let body = json!({ "BatchNumber": number, "UsageType": usage_type }).to_string();
    made(service, BATCHES, &body).await;
    format!("{BATCHES}/{number}")
}

#[tokio::test]
async fn one_event_is_reversed_into_a_new_batch_or_a_named_one() {
    let service = TestService::new().await;
    let events = service.items(EVENTS, &[("q", DONE), ("limit", "3")]).await;
    let result = done(&service, &event_path(&events[0]), "reverse", "{}").await;
    let number = result["reverseBatchNumber"].as_str().unwrap();
    let batch = service.get(&format!("{BATCHES}/{number}"), &[]).await.json();
    assert_eq!(
        (&batch["UsageType"], &batch["BatchStatus"]),
        (&json!("ORA_REVERSE_REPLACE"), &json!("ORA_DRAFT"))
    );
    assert_eq!((&batch["CountOfUsageEvents"], &result["count"]), (&json!(1), &json!(1)));
    // It is of the business unit of the original's batch.
    let home = service.get(&format!("{BATCHES}/UB-2026-08-TEL"), &[]).await.json();
    for name in ["BusinessUnitId", "BusinessUnitName"] {
        assert_ne!(home[name], Json::Null);
        assert_eq!(batch[name], home[name], "{name}");
    }

    // The second one joins, by the path through its batch.
    let nested =
        format!("{BATCHES}/UB-2026-08-TEL/child/usageEvents/{}", events[1]["EventNumber"].as_str().unwrap());
    let body = json!({
        "reverseBatchId": batch["UsageBatchId"],
        "reverseBatchNumber": number,
        "reverseEventNumber": events[1]["EventNumber"],
    });
    done(&service, &nested, "reverse", &body.to_string()).await;
    for event in &events[..2] {
        let original = service.get(&event_path(event), &[]).await.json();
        assert_eq!(
            (&original["EventStatus"], &original["ReverseFlag"]),
            (&json!("ORA_PROCESSED"), &json!(false))
        );
        assert_eq!(original["RelatedBatchId"], batch["UsageBatchId"]);
        assert_ne!(change_indicator(&original), change_indicator(event));
        let reversing = service.event(&format!("EventId = {}", original["RelatedEventId"])).await;
        assert_eq!(reversing["EventNumber"], format!("{}-REV", event["EventNumber"].as_str().unwrap()));
        assert_eq!(
            (&reversing["EventStatus"], &reversing["ReverseFlag"]),
            (&json!("ORA_DRAFT"), &json!(false))
        );
        assert_eq!(reversing["RelatedEventId"], event["EventId"]);
        assert_eq!(reversing["RelatedBatchId"], event["UsageBatchId"]);
        for quantity in ["UsageQuantity", "ReportedUsageQuantity"] {
            let negated = format!("-{}", event[quantity]).replace("--", "");
            assert_eq!(reversing[quantity].to_string(), negated);
        }
        for same in
            ["ServiceId", "EventStartTime", "CurrencyCode", "SubscriptionProductPuid", "LeEventStartDate"]
        {
            assert_eq!(reversing[same], event[same], "{same}");
        }
        // It repeats its original and is not edited.
        let answer = service.patch(&event_path(&reversing), &[], r#"{"UsageQuantity":1}"#).await;
        assert_eq!(answer.faults(), ["27023 /ReverseFlag"]);
    }
    let again = service.act(&event_path(&events[0]), "reverse", "{}").await;
    assert_eq!(
        (again.status, again.faults()),
        (StatusCode::BAD_REQUEST, vec!["27023 /ReverseFlag".to_owned()])
    );

    // Deleting the reversing event lets the original go.
    let reversing = format!("{}-REV", event_path(&events[0]));
    assert_eq!(service.delete(&reversing, &[]).await.status, StatusCode::NO_CONTENT);
    let original = service.get(&event_path(&events[0]), &[]).await.json();
    assert_eq!((&original["ReverseFlag"], &original["RelatedEventId"]), (&json!(true), &Json::Null));
    done(&service, &event_path(&events[0]), "reverse", "{}").await;
}

#[tokio::test]
async fn reverse_refuses_what_the_guards_bar() {
    let service = TestService::new().await;
    let open = batch(&service, "OPEN", "ORA_REVERSE_REPLACE").await;
    batch(&service, "RERATE", "ORA_RERATE").await;
    for (q, faults) in [
        ("EventStatus = 'ORA_DRAFT'", "27023 /EventStatus"),
        ("EventStatus = 'ORA_ERROR'", "27023 /EventStatus"),
        ("EventStatus = 'ORA_REVERSED'", "27023 /EventStatus"),
        ("EventStatus = 'ORA_IN_PROCESS'", "27023 "),
        ("EventStatus = 'ORA_PROCESSED' and BatchNumber = 'UB-2026-11-CLD'", "27023 "),
        ("EventStatus = 'ORA_PROCESSED' and BatchNumber = 'UB-2026-10-REV'", "27023 /ReverseFlag"),
    ] {
        let path = event_path(&service.event(q).await);
        let answer = service.act(&path, "reverse", r#"{"reverseBatchNumber":"OPEN"}"#).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec![faults.to_owned()]),
            "{q}"
        );
    }
    let event = service.event(DONE).await;
    let path = event_path(&event);
    for (body, faults) in [
        (r#"{"reverseEventNumber":"OTHER"}"#, "27024 /reverseEventNumber"),
        (r#"{"reverseBatchNumber":"NONE"}"#, "27024 /reverseBatchNumber"),
        (r#"{"reverseBatchId":1}"#, "27024 /reverseBatchId"),
        (r#"{"reverseBatchId":"x"}"#, "27024 /reverseBatchId"),
        (r#"{"reverseBatchNumber":"RERATE"}"#, "27024 /reverseBatchNumber"),
        (r#"{"reverseBatchNumber":"UB-2026-10-REV"}"#, "27023 /BatchStatus"),
        (r#"{"nope":1}"#, "26080 "),
        ("[]", "26080 "),
    ] {
        let answer = service.act(&path, "reverse", body).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (StatusCode::BAD_REQUEST, vec![faults.to_owned()]),
            "{body}"
        );
    }
    let stale = [("content-type", "application/vnd.oracle.adf.action+json"), ("if-match", "\"E0\"")];
    let answer = service.post(&format!("{path}/action/reverse"), &stale, "{}").await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    let answer = service.post(&format!("{path}/action/reverse"), &[], "{}").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let viewer = [("content-type", "application/vnd.oracle.adf.action+json")];
    let viewer = request(Method::POST, &format!("{path}/action/reverse"), "viewer", &viewer, "{}");
    assert_eq!(service.send(viewer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(service.get(&path, &[]).await.json(), event, "nothing was done");
    assert_eq!(service.get(&open, &[]).await.json()["CountOfUsageEvents"], 0);
}

#[tokio::test]
async fn rules_add_what_they_mean_and_say_what_they_left_out() {
    let service = TestService::new().await;
    let rerate = batch(&service, "RR", "ORA_RERATE").await;
    let september = "BatchNumber = 'UB-2026-09-TEL'";
    let total = |q: String| {
        let service = &service;
        async move {
            let answer = service.get(EVENTS, &[("q", &q), ("totalResults", "true"), ("limit", "1")]).await;
            answer.json()["totalResults"].as_i64().unwrap()
        }
    };
    let matched = total(format!("{september} and UsageQuantity > 1")).await;
    let free = total(format!("{september} and UsageQuantity > 1 and ReverseFlag = true")).await;
    let exact =
        total(format!("{september} and UsageQuantity > 1 and ReverseFlag = true and ServiceId like '%1'"))
            .await;
    assert!(matched > free && free > exact && exact > 0, "the demo data have all kinds");
    let body = rules(&[
        ("INCLUDE", september),
        ("EXCLUDE", "UsageQuantity <= 1"),
        ("exclude", "ServiceId like '%1'"),
    ]);
    let result = done(&service, &rerate, "addEvents", &body).await;
    assert_eq!(result["count"], free - exact);
    let left_out = result["leftOut"].as_array().unwrap();
    let sum = left_out.iter().map(|one| one["count"].as_i64().unwrap()).sum::<i64>();
    assert_eq!(result["leftOutCount"], sum);
    assert!(
        left_out.iter().any(|one| one["reason"] == "The event has been reversed already."),
        "{left_out:?}"
    );

    // The events themselves are in the batch now; they remember where they came from, and are held.
    let children = service.items(&format!("{rerate}/child/usageEvents"), &[("limit", "499")]).await;
    assert_eq!(children.len() as i64, free - exact);
    let home = service.get(&format!("{BATCHES}/UB-2026-09-TEL"), &[]).await.json()["UsageBatchId"].clone();
    assert!(children.iter().all(|event| event["RelatedBatchId"] == home && event["ReverseFlag"] == false));
    let held = service.act(&event_path(&children[0]), "reverse", "{}").await;
    assert_eq!(held.faults(), ["27023 /ReverseFlag"]);
    let kept = service.items(&format!("{rerate}/child/ruleBuilderConditions"), &[]).await;
    assert_eq!(kept.len(), 3, "what was selected is on record");
    // Without rules the kept ones are followed; nothing is added twice.
    assert_eq!(done(&service, &rerate, "addEvents", "").await["count"], 0);
    let second = batch(&service, "RR2", "ORA_RERATE").await;
    assert_eq!(done(&service, &second, "addEvents", &body).await["count"], 0);

    // Taken out, they are where they were.
    let part = rules(&[("INCLUDE", "UsageQuantity > 10")]).replace("{\"rule", "{\"mode\":\"rule\",\"rule");
    let some = done(&service, &rerate, "deleteEvents", &part).await["count"].as_i64().unwrap();
    assert!(some > 0 && some < free - exact);
    assert_eq!(
        done(&service, &rerate, "deleteEvents", r#"{"mode":"All"}"#).await["count"],
        free - exact - some
    );
    let back = service.get(&event_path(&children[0]), &[]).await.json();
    assert_eq!(
        (&back["UsageBatchId"], &back["RelatedBatchId"], &back["ReverseFlag"]),
        (&home, &Json::Null, &json!(true))
    );
}

#[tokio::test]
async fn rules_make_reversing_events_and_deleting_unmakes_them() {
    let service = TestService::new().await;
    let reversal = batch(&service, "RV", "ORA_REVERSE_REPLACE").await;
    let q = "EventType = 'ORA_ENERGY' and UsageQuantity > 0";
    let by_batch = json!({ "ruleBuilderConditions": [
        { "QualifiedRestObjectName": "subscriptionUsageEventBatches", "ConditionRestQParam": "BatchNumber = 'UB-2026-09-NRG'" },
        { "QualifiedRestObjectName": "subscriptionProductsLOV", "ConditionGroupType": "EXCLUDE",
          "ConditionRestQParam": "CustomerName like 'Alpine%'", "ConditionNumber": "planted", "ConditionJson": {"any": 1} },
    ]});
    let result = done(&service, &reversal, "addEvents", &by_batch.to_string()).await;
    let made = service.items(&format!("{reversal}/child/usageEvents"), &[("limit", "499")]).await;
    assert_eq!(result["count"], made.len() as i64);
    assert!(made.len() > 30 && made.iter().all(|event| event["EventType"] == "ORA_ENERGY"));
    let rule = service
        .items(&format!("{reversal}/child/ruleBuilderConditions"), &[("q", "ConditionNumber = 'planted'")])
        .await;
    assert_eq!(rule.len(), 1, "a planted number shows whether a lost action took place");
    assert_eq!(
        service.act(&reversal, "addEvents", &by_batch.to_string()).await.faults(),
        ["25013 /ruleBuilderConditions/1/ConditionNumber"]
    );
    let none = service.items(EVENTS, &[("q", &format!("{q} and ReverseFlag = true and BatchNumber = 'UB-2026-09-NRG' and SubscriptionProductPuid != 'SP-10041-NRG'"))]).await;
    assert!(none.is_empty(), "every original is held: {none:?}");
    assert_eq!(service.act(&reversal, "deleteEvents", "{}").await.faults(), ["27024 /mode"]);
    assert_eq!(
        done(&service, &reversal, "deleteEvents", r#"{"mode":"ALL"}"#).await["count"],
        made.len() as i64
    );
    let free = service
        .items(EVENTS, &[("q", &format!("{q} and ReverseFlag = true and BatchNumber = 'UB-2026-09-NRG'"))])
        .await;
    assert!(!free.is_empty() && free.iter().all(|event| event["RelatedEventId"].is_null()));
    for (body, faults) in [
        (rules(&[("EXCLUDE", "EventId > 1")]), "27014 /ruleBuilderConditions"),
        (rules(&[("BOTH", "EventId > 1")]), "27024 /ruleBuilderConditions/0/ConditionGroupType"),
        (rules(&[("INCLUDE", "EventId > 1"), ("INCLUDE", "EventId >")]), "27024 /ruleBuilderConditions/1/ConditionRestQParam"),
        (rules(&[("INCLUDE", "Nope = 1")]), "27024 /ruleBuilderConditions/0/ConditionRestQParam"),
        (json!({"ruleBuilderConditions": [{"QualifiedRestObjectName": "x", "ConditionRestQParam": "a = 1"}]}).to_string(),
         "27024 /ruleBuilderConditions/0/QualifiedRestObjectName"),
        (json!({"ruleBuilderConditions": 5}).to_string(), "26080 /ruleBuilderConditions"),
    ] {
        assert_eq!(service.act(&reversal, "addEvents", &body).await.faults(), [faults], "{body}");
    }
    let emptied = service.act(&reversal, "deleteEvents", r#"{"mode":"ALL"}"#).await;
    assert_eq!(emptied.faults(), ["27023 "], "there are none to take out");
    let rating =
        service.act(&format!("{BATCHES}/UB-2026-11-API"), "addEvents", &rules(&[("INCLUDE", q)])).await;
    assert_eq!(rating.faults(), ["27023 /UsageType"]);
}

#[tokio::test]
async fn a_batch_moves_from_draft_to_locked_and_back_and_on() {
    let service = TestService::new().await;
    let path = batch(&service, "LIFE", "ORA_RERATE").await;
    let status =
        || async { service.get(&path, &[]).await.json()["BatchStatus"].as_str().unwrap().to_owned() };
    assert_eq!(service.act(&path, "lockForReview", "{}").await.faults(), ["27023 "], "it is empty");
    done(&service, &path, "addEvents", &rules(&[("INCLUDE", DONE)])).await;
    for (action, after) in [
        ("lockForReview", "ORA_LOCKED"),
        ("revert", "ORA_DRAFT"),
        ("lockForReview", "ORA_LOCKED"),
        ("revertForEdit", "ORA_DRAFT"),
        ("lockForReview", "ORA_LOCKED"),
    ] {
        let result = done(&service, &path, action, "{}").await;
        assert_eq!(
            (result["batchStatus"].as_str(), status().await.as_str()),
            (Some(after), after),
            "{action}"
        );
    }
    for (action, body) in [
        ("addEvents", rules(&[("INCLUDE", DONE)])),
        ("deleteEvents", r#"{"mode":"ALL"}"#.to_owned()),
        ("lockForReview", String::new()),
    ] {
        assert_eq!(service.act(&path, action, &body).await.faults(), ["27023 /BatchStatus"], "{action}");
    }
    let count = service.get(&path, &[]).await.json()["CountOfUsageEvents"].clone();
    assert_eq!(done(&service, &path, "submit", "{}").await["count"], count);
    let batch = service.get(&path, &[]).await.json();
    assert_eq!((&batch["BatchStatus"], &batch["CountOfEventsInprocess"]), (&json!("ORA_IN_PROCESS"), &count));
    for action in ["submit", "revert", "lockForReview"] {
        assert_eq!(service.act(&path, action, "").await.faults(), ["27023 /BatchStatus"], "{action}");
    }
    assert_eq!(service.act(&path, "submit", r#"{"now":true}"#).await.faults(), ["26080 "]);
}

#[tokio::test]
async fn metrics_count_batches_and_events_by_status_and_day() {
    let service = TestService::new().await;
    // Of the last hours only, so that the demo's own batches of the same person are not among them.
    let today = r#"{"noOfDays":0}"#;
    assert_eq!(done(&service, BATCHES, "getMyBatchesMetrics", today).await["batches"], 0);
    // The person's drafts of the last day, whatever day each was made on: midnight may lie between them.
    let drafts = |month: &Json| {
        let rows = month["metrics"].as_array().unwrap().iter();
        let drafts = rows.filter(|row| row["batchStatus"] == "ORA_DRAFT").collect::<Vec<_>>();
        ["batches", "total", "processed", "errored"]
            .map(|name| drafts.iter().map(|row| row[name].as_i64().unwrap()).sum::<i64>())
    };
    let before = drafts(&done(&service, BATCHES, "getMyBatchesMetrics", r#"{"noOfDays":1}"#).await);
    batch(&service, "M1", "ORA_RERATE").await;
    batch(&service, "M2", "ORA_RATING").await;
    done(&service, &format!("{BATCHES}/M1"), "addEvents", &rules(&[("INCLUDE", DONE)])).await;
    let events = service.get(&format!("{BATCHES}/M1"), &[]).await.json()["CountOfUsageEvents"].clone();
    let month = done(&service, BATCHES, "getMyBatchesMetrics", r#"{"noOfDays":1}"#).await;
    let rows = month["metrics"].as_array().unwrap();
    let events = events.as_i64().unwrap();
    let more = drafts(&month).into_iter().zip(before).map(|(now, before)| now - before);
    assert_eq!(more.collect::<Vec<_>>(), [2, events, events, 0], "{month}");
    let sum = rows.iter().map(|row| row["total"].as_i64().unwrap()).sum::<i64>();
    assert_eq!(month["total"], sum);
    let all = r#"{"batchStatus":"ORA_COMPLETED_ERRORS","timeUnitCode":"YEAR","timeUnitValue":10}"#;
    let all = done(&service, BATCHES, "getMetricsForUsageBatches", all).await;
    let errored = service.items(BATCHES, &[("q", "BatchStatus = 'ORA_COMPLETED_ERRORS'")]).await;
    let sum = errored.iter().map(|batch| batch["CountOfEventsErrored"].as_i64().unwrap()).sum::<i64>();
    assert_eq!((&all["batches"], &all["errored"]), (&json!(errored.len()), &json!(sum)));
    for (action, body, fault) in [
        ("getMyBatchesMetrics", r#"{"noOfDays":-1}"#, "27024 /noOfDays"),
        ("getMyBatchesMetrics", r#"{"noOfDays":1.5}"#, "27024 /noOfDays"),
        ("getMetricsForUsageBatches", r#"{"timeUnitCode":"EON"}"#, "27024 /timeUnitCode"),
        ("getMetricsForUsageBatches", r#"{"timeUnitValue":"x"}"#, "27024 /timeUnitValue"),
    ] {
        assert_eq!(service.act(BATCHES, action, body).await.faults(), [fault], "{body}");
    }
}
