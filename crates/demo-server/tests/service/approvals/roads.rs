//! The gate stands on every road to a submission and to a reversal, and an approval is good once.

use demo_server::database::query_scalar;
use demo_server::rating::Job;
use rest_contract::oracle::approval::Need;

use super::*;
use crate::acting::{DONE, rules};

/// All that a submission would move.
async fn everything(service: &TestService) -> Vec<String> {
    let sql = "SELECT e.event_number || ' ' || e.event_status || ' ' || e.object_version_number || ' ' || \
               b.batch_status || ' ' || b.object_version_number FROM usage_events e \
               JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id ORDER BY e.event_id";
    query_scalar(sql).fetch_all(&service.service.database.readers).await.unwrap()
}

async fn by_hand(service: &TestService, batch: &str) -> Answer {
    service.patch(&format!("{BATCHES}/{batch}"), &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await
}

async fn upsert(service: &TestService, batch: &str) -> Answer {
    let body = json!({ "BatchNumber": batch, "BatchStatus": "ORA_IN_PROCESS" });
    service.post(BATCHES, &[("upsert-mode", "true")], &body.to_string()).await
}

async fn in_a_batch_request(service: &TestService, batch: &str, operation: &str) -> Answer {
    let (path, key) = match operation {
        "upsert" => ("/subscriptionUsageEventBatches".to_owned(), Some(batch)),
        _ => (format!("/subscriptionUsageEventBatches/{batch}"), None),
    };
    let mut payload = json!({ "BatchStatus": "ORA_IN_PROCESS" });
    if let Some(key) = key {
        payload["BatchNumber"] = key.into();
    }
    let parts = json!({ "parts": [{ "id": "1", "path": path, "operation": operation, "payload": payload }] });
    let media_type = ("content-type", "application/vnd.oracle.adf.batch+json");
    service.send(request(Method::POST, BASE, "editor", &[media_type], &parts.to_string())).await
}

#[tokio::test]
async fn no_road_to_a_submission_leads_past_it() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    locked(&service, "LOCKED", "EUR", "6000").await;
    batch(&service, "DRAFT", "ORA_RATING").await;
    priced(&service, "DRAFT", "E-DRAFT", "EUR", &["6000"]).await;
    let before = everything(&service).await;
    let words = "EUR 6000 is above the limit of EUR 5000.";
    held("submit", &service.act(&format!("{BATCHES}/LOCKED"), "submit", "{}").await, words);
    held("status", &by_hand(&service, "DRAFT").await, words);
    held("upsert", &upsert(&service, "DRAFT").await, words);
    for operation in ["update", "upsert"] {
        held(operation, &in_a_batch_request(&service, "DRAFT", operation).await, words);
    }
    let administrator = act(&service, "admin", &format!("{BATCHES}/LOCKED"), "submit", &json!({})).await;
    held("an administrator", &administrator, words);
    assert_eq!(everything(&service).await, before);
    // A request to look is none to do.
    let looked = service.get(&format!("{BATCHES}/LOCKED/action/submit"), &[]).await;
    assert_eq!(looked.status, StatusCode::METHOD_NOT_ALLOWED, "{}", looked.text);
    let previewed =
        service.get(&format!("{BATCHES}/DRAFT"), &[("dependency", "BatchStatus='ORA_IN_PROCESS'")]).await;
    held("a preview", &previewed, words);

    for (name, again) in [("LOCKED", "submit"), ("DRAFT", "status")] {
        let approval = requested(&service, "editor", Some(name)).await;
        let waits = "waits for a second person";
        match again {
            "submit" => held(name, &service.act(&format!("{BATCHES}/{name}"), "submit", "{}").await, waits),
            _ => held(name, &by_hand(&service, name).await, waits),
        }
        approved(&service, "editor2", &approval).await;
        let answer = match again {
            "submit" => service.act(&format!("{BATCHES}/{name}"), "submit", "{}").await,
            _ => by_hand(&service, name).await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
        assert_eq!(status(&service, name).await, "ORA_IN_PROCESS");
        assert_eq!(state(&service, &approval).await, "SPENT");
        let spent = service.get(&path_of(&approval), &[]).await.json();
        assert_eq!((&spent["ActedBy"], &spent["DecidedBy"]), (&json!("Edith Okafor"), &json!("Emil Brandt")));
    }
    let history = "/crmRestApi/resources/11.13.18.05/changeHistory";
    let steps = service.items(history, &[("q", "ResourceName = 'usageApprovals'")]).await;
    let steps = steps.iter().map(|step| step["ValueAfter"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(steps, ["APPROVED", "SPENT", "APPROVED", "SPENT"]);
}

#[tokio::test]
async fn a_batch_that_came_back_with_errors_needs_an_approval_of_its_own() {
    let service = TestService::new().await;
    let path = batch(&service, "B", "ORA_RATING").await;
    let odd = json!({ "BatchNumber": "B", "ReportedUsageUnitOfMeasure": "GB" });
    made(&service, EVENTS, &call("E-1", "1", odd)).await;
    limit(&service, "EUR", 0).await;
    done(&service, &path, "lockForReview", "{}").await;
    let first = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &first).await;
    done(&service, &path, "submit", "{}").await;
    Job::new(service.service.database.clone()).work_off().await.unwrap();
    assert_eq!(status(&service, "B").await, "ORA_COMPLETED_ERRORS");
    let fixed =
        r#"{"ReportedUsageUnitOfMeasure":"SEC","ReportedUsageQuantity":60000,"EventStatus":"ORA_READY"}"#;
    let fixed = service.patch(&format!("{EVENTS}/E-1"), &[], fixed).await;
    assert_eq!(fixed.status, StatusCode::OK, "{}", fixed.text);
    held("again", &service.act(&path, "submit", "{}").await, "Ask for one first");
    held("again by status", &by_hand(&service, "B").await, "is above the limit of EUR 0.");
    let second = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &second).await;
    done(&service, &path, "submit", "{}").await;
    assert_eq!(state(&service, &first).await, "SPENT");
}

#[tokio::test]
async fn reversals_are_counted_whichever_road_they_came_and_add_up() {
    let service = TestService::new().await;
    rule(&service, "reversals", json!({ "RuleKind": "REVERSALS", "CountLimit": 2 })).await;
    let events = service.items(EVENTS, &[("q", DONE), ("limit", "5")]).await;
    let name = |place: usize| events[place]["EventNumber"].as_str().unwrap().to_owned();
    batch(&service, "MANY", "ORA_REVERSE_REPLACE").await;
    // One by the batch-less twin, one through its batch, one by rules.
    let into = |batch: &str| json!({ "reverseBatchNumber": batch }).to_string();
    done(&service, &event_path(&events[0]), "reverse", &into("MANY")).await;
    let home = format!("{BATCHES}/UB-2026-08-TEL/child/usageEvents/{}", name(1));
    done(&service, &home, "reverse", &into("MANY")).await;
    let by_rule = rules(&[("INCLUDE", &format!("EventNumber = '{}'", name(2)))]);
    let many = format!("{BATCHES}/MANY");
    done(&service, &many, "addEvents", &by_rule).await;
    done(&service, &many, "lockForReview", "{}").await;
    let words = "3 reversals are above the limit of 2.";
    held("all three", &service.act(&many, "submit", "{}").await, words);
    let by_status = by_hand(&service, "MANY").await;
    assert_eq!(by_status.status, StatusCode::BAD_REQUEST, "{}", by_status.text);

    // In pieces, each by a batch of its own: the third is one too many.
    for (place, refused) in [(3, false), (4, false)] {
        let result = done(&service, &event_path(&events[place]), "reverse", "{}").await;
        let path = format!("{BATCHES}/{}", result["reverseBatchNumber"].as_str().unwrap());
        done(&service, &path, "lockForReview", "{}").await;
        let answer = service.act(&path, "submit", "{}").await;
        assert_eq!(answer.status == StatusCode::CONFLICT, refused, "{place}: {}", answer.text);
    }
    let seen = weigh(&service, "editor", Some("MANY")).await;
    assert_eq!(seen.needs, [Need::Reversals { count: 3, earlier: 2, limit: 2 }]);
    assert_eq!((seen.action_code.as_str(), seen.event_count), ("REVERSE", 3));
    let approval = requested(&service, "editor", Some("MANY")).await;
    approved(&service, "admin", &approval).await;
    done(&service, &many, "submit", "{}").await;
    assert_eq!(state(&service, &approval).await, "SPENT");
}

#[tokio::test]
async fn what_replaces_a_reversed_event_is_no_reversal() {
    let service = TestService::new().await;
    rule(&service, "reversals", json!({ "RuleKind": "REVERSALS", "CountLimit": 1 })).await;
    let events = service.items(EVENTS, &[("q", DONE), ("limit", "2")]).await;
    let mut needs = Vec::new();
    for (place, name) in ["ONE", "TWO"].into_iter().enumerate() {
        let path = batch(&service, name, "ORA_REVERSE_REPLACE").await;
        let into = json!({ "reverseBatchNumber": name }).to_string();
        done(&service, &event_path(&events[place]), "reverse", &into).await;
        for number in 0..2 {
            let replacement = call(&format!("{name}-{number}"), "60", json!({ "BatchNumber": name }));
            made(&service, EVENTS, &replacement).await;
        }
        done(&service, &path, "lockForReview", "{}").await;
        let seen = weigh(&service, "editor", Some(name)).await;
        assert_eq!((seen.action_code.as_str(), seen.event_count), ("REVERSE", 3));
        needs.push(seen.needs);
        service.act(&path, "submit", "{}").await;
    }
    assert_eq!(needs, [vec![], vec![Need::Reversals { count: 1, earlier: 1, limit: 1 }]]);
}

#[tokio::test]
async fn of_two_who_submit_at_once_by_one_approval_one_does() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let approval = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &approval).await;
    let nothing = json!({});
    let submit = |user| act(&service, user, &path, "submit", &nothing);
    let answers = tokio::join!(submit("editor"), submit("admin"), submit("editor"));
    let answers = [answers.0, answers.1, answers.2];
    let done = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(done, 1, "{answers:?}");
    let spent = "SELECT COUNT(*) FROM change_history WHERE resource_name = 'usageApprovals' AND value_after = 'SPENT'";
    let spent: i64 = query_scalar(spent).fetch_one(&service.service.database.readers).await.unwrap();
    assert_eq!(spent, 1);
}

/// Of an approval at the moment of an act: whether it holds, or the content changed first, and never both.
#[tokio::test]
async fn a_change_and_an_act_at_once_come_one_after_the_other() {
    for round in 0..6 {
        let service = TestService::filled(0).await;
        limit(&service, "EUR", 5000).await;
        batch(&service, "B", "ORA_RATING").await;
        priced(&service, "B", "E-B", "EUR", &["6000"]).await;
        let approval = requested(&service, "editor", Some("B")).await;
        approved(&service, "editor2", &approval).await;
        let charge = format!("{EVENTS}/E-B/child/usageCharges/E-B-0");
        let raise = service.patch(&charge, &[], r#"{"BilledAmount":60000}"#);
        let (raised, submitted) = match round % 2 {
            0 => tokio::join!(raise, by_hand(&service, "B")),
            _ => {
                let (submitted, raised) = tokio::join!(by_hand(&service, "B"), raise);
                (raised, submitted)
            }
        };
        let outcome = (raised.status == StatusCode::OK, submitted.status == StatusCode::OK);
        assert!(outcome.0 != outcome.1, "{outcome:?}: {} {}", raised.text, submitted.text);
        let expected = if outcome.1 { "SPENT" } else { "STALE" };
        assert_eq!(state(&service, &approval).await, expected);
    }
}
