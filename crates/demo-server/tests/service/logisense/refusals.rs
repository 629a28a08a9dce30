//! Refusals that have nothing to do with what a bucket is.

use demo_server::database::query;

use super::*;

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_are_told() {
    let billing = Billing::new().await;
    for (method, path, status, kind, allow) in [
        (Method::GET, "/ResourceServer/api/v8/Usage", 404, "read", ""),
        (Method::GET, "/ResourceServer/api/v7/Usage/Bucket/Base", 404, "read", ""),
        (Method::GET, "/ResourceServer", 404, "", ""),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/abc", 404, "read", ""),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/-1", 404, "read", ""),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/99999999999999999999", 404, "read", ""),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/999999", 404, "read", ""),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/1/Detail/2", 404, "read", ""),
        (Method::PUT, "/ResourceServer/api/v8/Usage/Bucket/Base/999999", 404, "update", ""),
        (Method::DELETE, "/ResourceServer/api/v8/Usage/Bucket/Base", 405, "delete", "GET, POST"),
        (
            Method::POST,
            "/ResourceServer/api/v8/Usage/Bucket/Base/1",
            405,
            "create",
            "GET, PUT, PATCH, DELETE",
        ),
        (Method::GET, "/ResourceServer/api/v8/Usage/Bucket/Base/Search", 405, "read", "POST"),
        (Method::PATCH, "/ResourceServer/api/v8/Usage/Bucket/Base/1/Detail", 405, "patch", "GET"),
    ] {
        let answer = billing.send(method.clone(), path, &json!({})).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        if !kind.is_empty() {
            let told = faults(&answer, answer.status, kind);
            assert!(told[0].starts_with(&format!("10400{status} ")), "{told:?}");
        }
    }
    let lower = billing.get("/resourceserver/API/V8/usage/BUCKET/base/1").await;
    assert_eq!(lower.status, StatusCode::NOT_FOUND, "the first part belongs to the router");
    assert_eq!(billing.get("/ResourceServer/api/v8/usage/BUCKET/base/1/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told() {
    let billing = Billing::new().await;
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(1024 * 1024));
    for (method, path, media_type, body, status) in [
        (Method::POST, BUCKETS, "text/plain", "{}", 415),
        (Method::POST, BUCKETS, "", "{}", 415),
        (Method::POST, BUCKETS, "application/json", "", 400),
        (Method::POST, BUCKETS, "application/json", "{", 400),
        (Method::POST, BUCKETS, "application/json", "[]", 400),
        (Method::POST, BUCKETS, "application/json; charset=utf-8", "\"x\"", 400),
        (Method::POST, BUCKETS, "application/json", long.as_str(), 413),
        (Method::POST, BUCKETS, "application/json", "{\"name\":\"\\ud800\"}", 400),
    ] {
        let headers = [("content-type", media_type)];
        let answer = billing.send_with(method, path, &headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{media_type}: {}", answer.text);
        assert!(!faults(&answer, answer.status, "create").is_empty());
    }
}

#[tokio::test]
async fn each_role_may_do_its_own() {
    let service = TestService::new().await;
    for (user, may_read, may_write) in
        [("developer", false, false), ("viewer", true, false), ("editor", true, true), ("admin", true, true)]
    {
        let bearer = format!("Bearer {}", sign_in(&service, user).await);
        let headers = [("authorization", bearer.as_str())];
        let read = service.send(request(Method::GET, BUCKETS, "", &headers, "")).await;
        assert_eq!(read.status == StatusCode::OK, may_read, "{user}");
        let path = format!("{BUCKETS}/1");
        let body = format!(r#"{{"name":"By {user}"}}"#);
        let written = service.send(request(Method::PUT, &path, "", &headers, &body)).await;
        assert_eq!(written.status == StatusCode::OK, may_write, "{user}: {}", written.text);
        if !may_write {
            let told = faults(&written, StatusCode::FORBIDDEN, "update");
            assert!(told[0].contains("usage_bucket."), "the missing permission is named: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_fault_of_the_service_tells_nothing_of_its_inside() {
    let billing = Billing::new().await;
    let mut transaction = billing.service.service.database.begin_write().await.unwrap();
    query("ALTER TABLE base_buckets RENAME TO hidden").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    for (method, kind) in [(Method::GET, "read"), (Method::PUT, "update"), (Method::DELETE, "delete")] {
        let answer = billing.send(method, &format!("{BUCKETS}/1"), &json!({ "name": "x" })).await;
        let told = faults(&answer, StatusCode::INTERNAL_SERVER_ERROR, kind);
        assert!(!answer.text.contains("base_buckets") && told[0].starts_with("10400500"), "{}", answer.text);
    }
}
