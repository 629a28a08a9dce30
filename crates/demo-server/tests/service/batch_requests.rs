//! Several requests in one body: in order, all or nothing, each under its own precondition.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::test_service::*;

const MEDIA_TYPE: (&str, &str) = ("content-type", "application/vnd.oracle.adf.batch+json");

async fn send(service: &TestService, user: &str, parts: Json) -> Answer {
    let body = json!({ "parts": parts }).to_string();
    service.send(request(Method::POST, BASE, user, &[MEDIA_TYPE], &body)).await
}

fn new_event(number: &str) -> Json {
    json!({
        "EventNumber": number, "ServiceId": "s", "EventType": "ORA_ENERGY", "UsageQuantity": 1.50,
        "EventStartTime": "2026-11-10T08:00:00Z", "UsageUnitOfMeasure": "KWH",
    })
}

#[tokio::test]
async fn parts_are_carried_out_in_order() {
    let service = TestService::new().await;
    let answer = send(&service, "editor", json!([
        { "id": "1", "path": "/subscriptionUsageEventBatches", "operation": "create", "payload": { "BatchNumber": "B" } },
        { "id": "2", "path": "/subscriptionUsageEventBatches/B/child/usageEvents", "operation": "create", "payload": new_event("P1") },
        { "id": "3", "path": "/subscriptionUsageEventBatches/B/child/usageEvents/P1", "operation": "update", "payload": { "UsageQuantity": 2 } },
        { "id": "4", "path": "/subscriptionUsageEvents", "operation": "upsert", "payload": { "EventNumber": "P1", "ServiceId": "t" } },
        { "id": "5", "path": format!("{BASE}/subscriptionUsageEvents/P1?onlyData=true&fields=UsageQuantity,ServiceId"), "operation": "get" },
        { "id": "6", "path": "/subscriptionUsageEvents/P1/child/usageCharges", "operation": "create", "payload": { "UsageChargePuid": "P1C" } },
        { "id": "7", "path": "/subscriptionUsageEvents/P1/child/usageCharges/P1C", "operation": "delete" },
    ])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), MEDIA_TYPE.1);
    let parts = answer.json()["parts"].as_array().unwrap().clone();
    assert_eq!(parts.iter().map(|part| part["id"].as_str().unwrap()).collect::<String>(), "1234567");
    assert_eq!(parts[0]["payload"]["BatchStatus"], "ORA_DRAFT");
    assert_eq!(
        parts[4]["payload"],
        json!({ "ServiceId": "t", "UsageQuantity": 2 }),
        "a part sees what those before it did"
    );
    assert!(parts[6].get("payload").is_none() && parts[0].get("preconditionSucceeded").is_none());
    let batch = service.get(&format!("{BATCHES}/B"), &[]).await.json();
    assert_eq!(batch["CountOfUsageEvents"], 1);
}

#[tokio::test]
async fn one_failing_part_undoes_all_and_is_listed_alone() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    let number = event["EventNumber"].as_str().unwrap();
    let current = change_indicator(&event);
    let patch = |if_match: &str| {
        json!({ "id": "patch", "path": format!("/subscriptionUsageEvents/{number}"), "operation": "update",
                "ifMatch": if_match, "payload": { "ServiceId": "batched" } })
    };
    let create = json!({ "id": "create", "path": "/subscriptionUsageEvents", "operation": "create", "payload": new_event("P2") });
    for (bad, status, fault) in [
        (
            json!({ "id": "bad", "path": "/subscriptionUsageEvents", "operation": "create", "payload": {} }),
            400,
            "27014",
        ),
        (json!({ "id": "bad", "path": "/nope", "operation": "get" }), 404, ""),
        (json!({ "id": "bad", "path": "/currenciesLOV/USD", "operation": "delete" }), 405, ""),
        (json!({ "id": "bad", "path": "/subscriptionUsageEvents", "operation": "grow" }), 400, "27024"),
        (
            json!({ "id": "bad", "path": "/subscriptionUsageEventBatches/UB-2026-11-API/action/submit", "operation": "create" }),
            400,
            "27023",
        ),
        (patch("\"E0\""), 412, ""),
    ] {
        let answer = send(&service, "editor", json!([create, patch(current), bad, create])).await;
        assert_eq!(answer.status.as_u16(), status, "{bad}: {}", answer.text);
        let parts = answer.json()["parts"].as_array().unwrap().clone();
        assert_eq!(
            (parts.len(), &parts[0]["id"], &parts[0]["status"]),
            (1, &bad["id"], &json!(status.to_string()))
        );
        let details = parts[0]["payload"]["o:errorDetails"][0]["o:errorCode"].as_str().unwrap_or_default();
        assert_eq!(details, fault, "{bad}");
        if status == 412 {
            assert_eq!(parts[0]["preconditionSucceeded"], false);
            assert_eq!(
                parts[0]["payload"]["EventId"], event["EventId"],
                "the current item, as ever with 412"
            );
        }
        assert_eq!(service.get(&event_path(&event), &[]).await.json(), event, "nothing has changed");
        assert!(service.items(EVENTS, &[("q", "EventNumber = 'P2'")]).await.is_empty());
    }
    let answer = send(&service, "editor", json!([create, patch(current)])).await;
    assert_eq!(
        (answer.status, &answer.json()["parts"][1]["preconditionSucceeded"]),
        (StatusCode::OK, &json!(true))
    );
    assert_eq!(service.get(&event_path(&event), &[]).await.json()["ServiceId"], "batched");
}

#[tokio::test]
async fn roles_sizes_and_shapes_are_checked() {
    let service = TestService::new().await;
    let read = json!([{ "id": "1", "path": "/subscriptionUsageEvents?limit=1", "operation": "get" }]);
    assert_eq!(send(&service, "viewer", read).await.status, StatusCode::OK);
    let write = json!([{ "id": "1", "path": "/subscriptionUsageEvents", "operation": "create", "payload": new_event("P3") }]);
    assert_eq!(send(&service, "viewer", write).await.status, StatusCode::FORBIDDEN);
    let many = vec![json!({ "path": "/currenciesLOV", "operation": "get" }); 1001];
    assert_eq!(send(&service, "editor", json!(many)).await.faults(), ["27024 /parts"]);
    assert_eq!(send(&service, "editor", json!("none")).await.faults(), ["26080 "]);
    let plain = service.post(BASE, &[], "{}").await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
