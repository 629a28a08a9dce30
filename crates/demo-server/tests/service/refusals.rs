//! The shape of errors, and the refusals that no single resource owns.

use axum::http::{Method, StatusCode};
use demo_server::database::query;

use crate::test_service::*;

#[tokio::test]
async fn errors_have_the_shape_of_their_framework_version() {
    let service = TestService::new().await;
    let path = format!("{EVENTS}/nope");
    for version in ["1", "2", "3"] {
        let answer = service
            .send(request(Method::GET, &path, "viewer", &[("rest-framework-version", version)], ""))
            .await;
        assert_eq!(answer.header("content-type"), "text/plain;charset=UTF-8");
        assert_eq!(answer.text, "The usage event \"nope\" was not found.");
    }
    let answer = service.get(&path, &[]).await;
    assert_eq!(answer.header("content-type"), "application/vnd.oracle.adf.error+json");
    let body = answer.json();
    assert_eq!(
        (&body["title"], &body["status"]),
        (&"Not Found".into(), &"404".into()),
        "the status is a text"
    );
    assert_eq!(body["o:errorDetails"][0]["detail"], "The usage event \"nope\" was not found.");
    for version in ["0", "10", "x", ""] {
        let answer = service
            .send(request(Method::GET, EVENTS, "viewer", &[("rest-framework-version", version)], ""))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{version:?}");
    }
}

#[tokio::test]
async fn every_kind_of_wrong_request_has_its_status() {
    let service = TestService::new().await;
    let event = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    let big = format!(r#"{{"ServiceId":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    let html = [("accept", "text/html")];
    let text = [("content-type", "text/plain")];
    for (method, path, headers, body, status) in [
        (Method::GET, "/crmRestApi", &[][..], "", StatusCode::NOT_FOUND),
        (Method::GET, "/crmRestApi/resources/11.13.18.05/nope", &[], "", StatusCode::NOT_FOUND),
        (Method::GET, "/crmRestApi/resources/1/subscriptionUsageEvents", &[], "", StatusCode::NOT_FOUND),
        (Method::GET, &format!("{event}/child/usageCharges/nope"), &[], "", StatusCode::NOT_FOUND),
        (Method::GET, &format!("{event}/child/usageMessages/notanumber"), &[], "", StatusCode::NOT_FOUND),
        (Method::GET, &format!("{BATCHES}/nope/child/usageEvents"), &[], "", StatusCode::NOT_FOUND),
        (Method::PUT, &event, &[], "{}", StatusCode::METHOD_NOT_ALLOWED),
        (Method::PATCH, EVENTS, &[], "{}", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, EVENTS, &html, "", StatusCode::NOT_ACCEPTABLE),
        (Method::PATCH, &event, &text, "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Method::PATCH, &event, &[], &big, StatusCode::PAYLOAD_TOO_LARGE),
        (Method::PATCH, &event, &[], "{\"ServiceId\":", StatusCode::BAD_REQUEST),
        (Method::PATCH, &event, &[], "", StatusCode::BAD_REQUEST),
        (Method::GET, &format!("{EVENTS}?q=%FF"), &[], "", StatusCode::BAD_REQUEST),
    ] {
        let answer = service.send(request(method.clone(), path, "editor", headers, body)).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        let said = answer.json();
        assert_eq!(said["status"], status.as_u16().to_string(), "{method} {path}");
        assert!(!said["o:errorDetails"][0]["detail"].as_str().unwrap().is_empty(), "{method} {path}");
    }
}

#[tokio::test]
async fn methods_are_told() {
    let service = TestService::new().await;
    let event = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    for (path, allowed) in [
        (EVENTS.to_owned(), "GET, HEAD, OPTIONS, POST"),
        (event.clone(), "GET, HEAD, OPTIONS, PATCH, DELETE"),
        (format!("{event}/action/reverse"), "POST, OPTIONS"),
        (format!("{event}/describe"), "GET, HEAD, OPTIONS"),
        (format!("{BATCHES}/UB-2026-11-API/child/usageEventBatchFiles"), "GET, HEAD, OPTIONS"),
        (format!("{BATCHES}/UB-2026-11-API/enclosure/CriteriaJson"), "GET, HEAD, OPTIONS, PUT, DELETE"),
        (format!("{BASE}/currenciesLOV/USD"), "GET, HEAD, OPTIONS"),
        (BASE.to_owned(), "POST, OPTIONS"),
    ] {
        let answer = service.send(request(Method::OPTIONS, &path, "viewer", &[], "")).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::NO_CONTENT, allowed), "{path}");
        let method = if allowed.contains("PUT") { Method::PATCH } else { Method::PUT };
        let answer = service.send(request(method, &path, "editor", &[], "")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
    let head = service.send(request(Method::HEAD, &event, "viewer", &[], "")).await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(!head.header("etag").is_empty());
    let by_override = [("x-http-method-override", "PATCH")];
    let answer =
        service.send(request(Method::POST, &event, "editor", &by_override, r#"{"ServiceId":"o"}"#)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn changes_need_a_header_that_forms_cannot_send_where_that_is_chosen() {
    let service = TestService::with(|service| service.policy.requires_requested_by = true).await;
    let event = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    let body = r#"{"ServiceId":"mine"}"#;
    let refused = service.patch(&event, &[], body).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("X-Requested-By"), "{}", refused.text);
    let overridden = [("x-http-method-override", "GET")];
    assert_eq!(service.post(&event, &overridden, "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(service.patch(&event, &[("x-requested-by", "desk")], body).await.status, StatusCode::OK);
    assert_eq!(service.get(&event, &[]).await.json()["ServiceId"], "mine");
    let asked = service.send(request(Method::OPTIONS, &event, "viewer", &[], "")).await;
    assert_eq!(asked.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn versions_are_told() {
    let service = TestService::new().await;
    let answer = service.get("/crmRestApi/resources", &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let one = &answer.json()["items"][0];
    assert_eq!((&one["version"], &one["isLatest"]), (&"11.13.18.05".into(), &true.into()));
    let extension = &one["adf:extension"];
    assert_eq!(extension["defaultFrameworkVersion"], "1");
    assert_eq!(extension["allowedFrameworkVersions"], serde_json::json!(["1", "2", "3", "4"]));
    for link in one["links"].as_array().unwrap() {
        let path = link["href"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
        assert_eq!(service.get(path, &[]).await.status, StatusCode::OK, "{link}");
    }
    let nobody =
        service.send(request(Method::GET, "/crmRestApi/resources", "", &[("authorization", "")], ""));
    assert_eq!(nobody.await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_fault_of_the_service_is_not_explained_to_the_client() {
    let service = TestService::new().await;
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query("ALTER TABLE usage_messages RENAME TO hidden").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let answer = service.get(EVENTS, &[("expand", "usageMessages")]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    for word in ["SELECT", "usage_messages", "sqlite", "table"] {
        assert!(!answer.text.contains(word), "{}", answer.text);
    }
    assert_eq!(answer.header("x-request-id").len(), 24);
}

#[tokio::test]
async fn health_is_told_to_anybody() {
    let service = TestService::new().await;
    let plain = axum::http::Request::get("/healthz").body(axum::body::Body::empty()).unwrap();
    let answer = service.send(plain).await;
    assert_eq!((answer.status, answer.json()["status"].as_str()), (StatusCode::OK, Some("UP")));
}
