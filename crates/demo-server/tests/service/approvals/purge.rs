//! The purge of Cloud Foundry's service usage events, by the same gate.

use super::*;
use demo_server::database::query_scalar;

const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";

async fn purge(service: &TestService) -> Answer {
    let bearer = service.token("admin").await;
    service.send(request(Method::POST, PURGE, "", &[("authorization", &bearer)], "{}")).await
}

async fn events(service: &TestService) -> Vec<i64> {
    let sql = "SELECT service_usage_event_id FROM service_usage_events ORDER BY service_usage_event_id";
    query_scalar(sql).fetch_all(&service.service.database.readers).await.unwrap()
}

#[tokio::test]
async fn a_purge_needs_a_second_person_where_its_rule_is_in_force_and_an_approval_is_good_for_one() {
    let service = TestService::new().await;
    limit(&service, "EUR", 5000).await;
    assert_eq!(purge(&service).await.status, StatusCode::OK, "rules about amounts are not about purges");
    rule(&service, "purge", json!({ "RuleKind": "PURGE" })).await;
    let before = events(&service).await;
    held("no approval", &purge(&service).await, "Every purge needs an approval.");
    assert_eq!(events(&service).await, before);

    let asked = requested(&service, "admin", None).await;
    assert_eq!((&asked["ActionCode"], &asked["BatchNumber"]), (&json!("PURGE"), &Json::Null));
    held("not yet", &purge(&service).await, "waits for a second person");
    assert_eq!(approve(&service, "admin", &asked).await.status, StatusCode::BAD_REQUEST);
    approved(&service, "editor", &asked).await;
    let (one, other) = tokio::join!(purge(&service), purge(&service));
    let statuses = [one.status, other.status];
    assert!(statuses.contains(&StatusCode::OK) && statuses.contains(&StatusCode::CONFLICT), "{statuses:?}");
    assert_eq!(state(&service, &asked).await, "SPENT");
    assert!(events(&service).await.iter().all(|event| !before.contains(event)));
}

#[tokio::test]
async fn an_event_more_on_the_platform_makes_it_out_of_date() {
    let service = TestService::new().await;
    rule(&service, "purge", json!({ "RuleKind": "PURGE" })).await;
    let asked = requested(&service, "admin", None).await;
    approved(&service, "editor", &asked).await;
    let bearer = service.token("admin").await;
    let instance = r#"{"name":"one-more","service_plan_guid":null}"#;
    let headers = [("authorization", bearer.as_str())];
    let space: String = query_scalar("SELECT MIN(space_guid) FROM spaces")
        .fetch_optional(&service.service.database.readers)
        .await
        .unwrap()
        .unwrap();
    let instance = instance.replacen('{', &format!(r#"{{"space_guid":"{space}","#), 1);
    let made = service.send(request(Method::POST, "/demo/service_instances", "", &headers, &instance)).await;
    assert!(made.status.is_success(), "{}", made.text);
    assert_eq!(state(&service, &asked).await, "STALE");
    held("after one more event", &purge(&service).await, "is out of date");
}
