//! The history of a batch added up to its steps: counted whole, however many changes there are, and the same at
//! both ends where it tells of two batches.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::acting::{DONE, batch, done, rules};
use crate::test_service::*;

async fn rows(service: &TestService, batch: &str) -> Vec<Json> {
    let q = format!("BatchNumber = '{batch}'");
    let newest = [("q", q.as_str()), ("orderBy", "StepNumber:desc"), ("limit", "100")];
    service.items(&format!("{BASE}/changeSteps"), &newest).await
}

/// Who, kind of step, field, other batch, changes, records counted, the one record, before, after; the newest first.
async fn steps(service: &TestService, batch: &str) -> Vec<String> {
    let in_short = |row: Json| {
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        let count = format!("{}/{}", row["ChangeCount"], row["RecordCount"]);
        let values = match row["ValuesDiffer"].as_bool().unwrap() {
            true => "differ".to_owned(),
            false => format!("{} {}", text("ValueBefore"), text("ValueAfter")),
        };
        let [who, kind, field, other, record] =
            ["ChangedBy", "StepKind", "FieldName", "OtherBatchNumber", "RecordKey"].map(text);
        format!("{who}: {kind} {field} {other} {count} {record} {values}")
    };
    rows(service, batch).await.into_iter().map(in_short).collect()
}

const JOB: &str = "Rate Subscription Usage Events";

#[tokio::test]
async fn what_a_person_does_to_one_event_after_the_other_is_one_step() {
    let service = TestService::new().await;
    let q = "BatchNumber = 'UB-2026-10-TEL' and EventStatus = 'ORA_ERROR'";
    let events = service.items(EVENTS, &[("q", q), ("limit", "4")]).await;
    let patch = async |event: &Json, user: &str, body: &str| {
        let answer = service.send(request(Method::PATCH, &event_path(event), user, &[], body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    };
    for event in &events[..3] {
        // Somebody else at work at the same time.
        patch(event, "editor2", r#"{"FileName":"new.csv"}"#).await;
        patch(event, "editor", r#"{"ServiceId":"x","EventStatus":"ORA_READY"}"#).await;
    }
    let same = [
        "Emil Brandt: CHANGED FileName - 3/3 - tel_202610_001.csv new.csv",
        "Edith Okafor: CHANGED EventStatus - 3/3 - ORA_ERROR ORA_READY",
        "Edith Okafor: CHANGED ServiceId - 3/0 - differ",
    ];
    let mut told = steps(&service, "UB-2026-10-TEL").await;
    told.sort();
    let mut expected = same.to_vec();
    expected.sort_unstable();
    assert_eq!(told, expected);
    // The same event again, or another field, is another step.
    let one = events[3]["EventNumber"].as_str().unwrap();
    for body in
        [r#"{"FileName":"y.csv"}"#, r#"{"ServiceId":"x"}"#, r#"{"ServiceId":"y"}"#, r#"{"ServiceId":"z"}"#]
    {
        patch(&events[3], "editor", body).await;
    }
    assert_eq!(
        steps(&service, "UB-2026-10-TEL").await[..3],
        [
            format!("Edith Okafor: CHANGED ServiceId - 1/1 {one} y z"),
            format!("Edith Okafor: CHANGED ServiceId - 1/1 {one} x y"),
            format!(
                "Edith Okafor: CHANGED ServiceId - 1/1 {one} {} x",
                events[3]["ServiceId"].as_str().unwrap()
            ),
        ]
    );
}

#[tokio::test]
async fn a_chain_of_re_ratings_is_counted_the_same_at_both_ends() {
    let service = TestService::new().await;
    let home = "UB-2026-08-TEL";
    let all = service.items(EVENTS, &[("q", DONE), ("limit", "499")]).await.len();
    assert!(all > 10);
    for number in ["RR-1", "RR-2"] {
        batch(&service, number, "ORA_RERATE").await;
    }
    let (first, second) = (format!("{BATCHES}/RR-1"), format!("{BATCHES}/RR-2"));
    // There and back, and there again.
    done(&service, &first, "addEvents", &rules(&[("INCLUDE", DONE)])).await;
    done(&service, &first, "deleteEvents", r#"{"mode":"ALL"}"#).await;
    done(&service, &first, "addEvents", &rules(&[("INCLUDE", DONE)])).await;
    for action in ["lockForReview", "submit"] {
        done(&service, &first, action, "{}").await;
    }
    service.rate().await;
    done(&service, &second, "addEvents", &rules(&[("INCLUDE", "BatchNumber = 'RR-1'")])).await;

    let moves = async |batch: &str| {
        let told = steps(&service, batch).await.into_iter();
        told.filter(|step| step.contains(" BatchNumber ")).collect::<Vec<_>>()
    };
    let way = |kind: &str, other: &str, from: &str, to: &str| {
        format!("Edith Okafor: {kind} BatchNumber {other} {all}/{all} - {from} {to}")
    };
    assert_eq!(
        moves(home).await,
        [
            way("WENT", "RR-1", home, "RR-1"),
            way("CAME_BACK", "RR-1", "RR-1", home),
            way("WENT", "RR-1", home, "RR-1"),
        ]
    );
    assert_eq!(
        moves("RR-1").await,
        [
            way("WENT", "RR-2", "RR-1", "RR-2"),
            way("CAME", home, home, "RR-1"),
            way("WENT_BACK", home, "RR-1", home),
            way("CAME", home, home, "RR-1"),
        ]
    );
    assert_eq!(moves("RR-2").await, [way("CAME", "RR-1", "RR-1", "RR-2")]);
    // That they go in process is one step of who submits them. So is the run of the job, of which the status is
    // counted by itself.
    let submitted = format!("Edith Okafor: CHANGED EventStatus - {all}/{all} - ORA_PROCESSED ORA_IN_PROCESS");
    assert_eq!(steps(&service, "RR-1").await.iter().filter(|step| **step == submitted).count(), 1);
    let rated = format!("{JOB}: CHANGED EventStatus - {all}/{all} - ORA_IN_PROCESS ORA_PROCESSED");
    assert!(steps(&service, "RR-1").await.contains(&rated));
}

#[tokio::test]
async fn reversals_are_told_in_both_batches_and_outlive_the_reversal() {
    let service = TestService::new().await;
    let home = "UB-2026-08-TEL";
    let two = service.items(EVENTS, &[("q", DONE), ("limit", "2")]).await;
    let names: Vec<_> = two.iter().map(|event| event["EventNumber"].as_str().unwrap()).collect();
    let q = format!("EventNumber in ('{}')", names.join("','"));
    let back = batch(&service, "RV-1", "ORA_REVERSE_REPLACE").await;
    done(&service, &back, "addEvents", &rules(&[("INCLUDE", &q)])).await;
    let made = |kind: &str, other: &str| format!("Edith Okafor: {kind} RelatedEventId {other} 2/2 - differ");
    assert_eq!(steps(&service, home).await, [made("REVERSED", "RV-1")]);
    assert_eq!(steps(&service, "RV-1").await, [made("REVERSES", home)]);
    done(&service, &back, "deleteEvents", r#"{"mode":"ALL"}"#).await;
    assert_eq!(steps(&service, home).await[0], made("REVERSED_NO_LONGER", "RV-1"));
    let there = steps(&service, "RV-1").await;
    assert!(there.contains(&made("REVERSES_NO_LONGER", home)), "{there:?}");
    assert!(there.contains(&"Edith Okafor: CHANGED EventStatus - 2/2 - ORA_DRAFT -".to_owned()), "{there:?}");
}

#[tokio::test]
async fn reversals_that_are_made_one_by_one_are_one_step() {
    let service = TestService::new().await;
    let two = service.items(EVENTS, &[("q", DONE), ("limit", "2")]).await;
    batch(&service, "RV-1", "ORA_REVERSE_REPLACE").await;
    for event in &two {
        done(&service, &event_path(event), "reverse", r#"{"reverseBatchNumber":"RV-1"}"#).await;
    }
    let there = "Edith Okafor: REVERSES RelatedEventId UB-2026-08-TEL 2/2 - differ";
    assert_eq!(steps(&service, "RV-1").await, [there]);
}

#[tokio::test]
async fn only_what_reverses_an_event_is_told_as_its_reversal() {
    let service = TestService::new().await;
    let home = "UB-2026-08-TEL";
    let one = service.items(EVENTS, &[("q", DONE), ("limit", "1")]).await;
    batch(&service, "RV-1", "ORA_REVERSE_REPLACE").await;
    done(&service, &event_path(&one[0]), "reverse", r#"{"reverseBatchNumber":"RV-1"}"#).await;
    let reversal = &service.items(EVENTS, &[("q", "BatchNumber = 'RV-1'")]).await[0];
    let deletion = request(Method::DELETE, &event_path(reversal), "editor", &[], "");
    assert_eq!(service.send(deletion).await.status, 204);
    let kinds = |steps: Vec<String>| {
        let kind = |step: String| step.split(' ').nth(2).unwrap_or_default().to_owned();
        let mut kinds: Vec<String> = steps.into_iter().map(kind).filter(|kind| kind != "CHANGED").collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(steps(&service, home).await), ["REVERSED", "REVERSED_NO_LONGER"]);
    assert_eq!(kinds(steps(&service, "RV-1").await), ["REVERSES", "REVERSES_NO_LONGER"]);

    // Another field may name any event.
    let q = "BatchNumber = 'UB-2026-10-TEL' and EventStatus = 'ORA_ERROR'";
    let wrong = &service.items(EVENTS, &[("q", q), ("limit", "1")]).await[0];
    let body = json!({ "RelatedEventId": one[0]["EventId"] }).to_string();
    assert_eq!(service.patch(&event_path(wrong), &[], &body).await.status, 200);
    assert_eq!(kinds(steps(&service, "UB-2026-10-TEL").await), [""; 0]);
}

#[tokio::test]
async fn steps_are_paged_and_read_one_by_one() {
    let service = TestService::new().await;
    let batch = "UB-2026-08-TEL";
    for name in ["a", "b", "c"] {
        let body = json!({ "BatchName": name }).to_string();
        assert_eq!(service.patch(&format!("{BATCHES}/{batch}"), &[], &body).await.status, 200);
    }
    let list = format!("{BASE}/changeSteps");
    let all = rows(&service, batch).await;
    assert_eq!(all.iter().map(|row| row["ValueAfter"].clone()).collect::<Vec<_>>(), ["c", "b", "a"]);
    let q = format!("BatchNumber = '{batch}'");
    let query = [("q", q.as_str()), ("orderBy", "StepNumber:desc"), ("limit", "2"), ("totalResults", "true")];
    let page = service.get(&list, &query).await.json();
    assert_eq!((&page["totalResults"], &page["hasMore"]), (&json!(3), &json!(true)));
    let rest = query.into_iter().chain([("offset", "2")]).collect::<Vec<_>>();
    assert_eq!(service.items(&list, &rest).await[0]["ChangeStepId"], all[2]["ChangeStepId"]);
    let one = service.get(&format!("{list}/{}", all[1]["ChangeStepId"]), &[]).await.json();
    assert_eq!(one["ValueAfter"], "b");
    assert_eq!(service.patch(&format!("{list}/1"), &[], "{}").await.status, 405);
}
