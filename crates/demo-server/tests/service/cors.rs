//! Pages of other origins.

use axum::http::{Method, StatusCode};

use crate::test_service::*;

const DESK: &str = "https://desk.example.com";

async fn preflight(service: &TestService, path: &str, origin: &str) -> Answer {
    let headers = [("origin", origin), ("access-control-request-method", "PATCH"), ("authorization", "")];
    service.send(request(Method::OPTIONS, path, "", &headers, "")).await
}

#[tokio::test]
async fn no_foreign_origin_is_let_in_unless_it_is_named() {
    let service = TestService::new().await;
    let answer = preflight(&service, EVENTS, DESK).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let headers = [("origin", DESK)];
    let read = service.send(request(Method::GET, EVENTS, "viewer", &headers, "")).await;
    assert_eq!((read.status, read.header("access-control-allow-origin")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn each_api_says_what_a_foreign_page_may_do() {
    let allowed = vec!["https://other.example".to_owned(), DESK.to_owned()];
    let service = TestService::with(|service| service.policy.allowed_origins = allowed).await;
    for (path, methods, header, readable, seconds) in [
        (EVENTS, "OPTIONS, HEAD, GET, POST, PUT, PATCH, DELETE", "If-Match", "ETag", "3600"),
        ("/v3/service_usage_events", "GET, PUT, POST, DELETE", "Authorization", "x-vcap-request-id", "900"),
        (
            "/ResourceServer/api/v8/Usage/Bucket/Base",
            "GET, POST, PUT, PATCH, DELETE",
            "Pagination",
            "ETag",
            "900",
        ),
        ("/oauth/token", "POST", "Content-Type", "X-Request-Id", "900"),
        ("/AuthorizationServer/api/v8/Access/Login", "POST", "Content-Type", "X-Request-Id", "900"),
    ] {
        let answer = preflight(&service, path, DESK).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}: asked without credentials");
        assert_eq!(answer.header("access-control-allow-origin"), DESK, "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), methods, "{path}");
        assert!(answer.header("access-control-allow-headers").contains(header), "{path}");
        assert_eq!(answer.header("access-control-max-age"), seconds, "{path}");
        assert_eq!(answer.header("vary"), "Origin", "{path}");
        // The answer itself, refused though it be.
        let headers = [("origin", DESK), ("authorization", "")];
        let answer = service.send(request(Method::GET, path, "", &headers, "")).await;
        assert_eq!(answer.header("access-control-allow-origin"), DESK, "{path}");
        assert!(answer.header("access-control-expose-headers").contains(readable), "{path}");
        for stranger in ["https://evil.example", "null", "https://desk.example.com.evil.example"] {
            let answer = preflight(&service, path, stranger).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path} {stranger}");
        }
    }
    let answer = preflight(&service, "/healthz", DESK).await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "no API");
}
