//! Tokens, Basic credentials and what each role may do.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::Utc;
use demo_server::database::{query, query_scalar};

use crate::test_service::*;

async fn token(service: &TestService, form: &str) -> Answer {
    let request = Request::post("/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    service.send(request).await
}

async fn with_authorization(
    service: &TestService,
    method: Method,
    path: &str,
    authorization: &str,
) -> Answer {
    service.send(request(method, path, "", &[("authorization", authorization)], "{}")).await
}

#[tokio::test]
async fn a_password_gives_a_token_that_works() {
    let service = TestService::new().await;
    let answer = token(&service, "grant_type=password&username=editor&password=editor").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let given = answer.json();
    assert_eq!((&given["token_type"], &given["expires_in"]), (&"bearer".into(), &3600.into()));
    assert_eq!(
        given["scope"],
        "subscription_usage.read subscription_usage.write usage_bucket.read usage_bucket.write \
         cloud_controller.admin_read_only"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let bearer = format!("Bearer {}", given["access_token"].as_str().unwrap());
    assert_eq!(with_authorization(&service, Method::GET, EVENTS, &bearer).await.status, StatusCode::OK);
    let path = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    assert_eq!(with_authorization(&service, Method::PATCH, &path, &bearer).await.status, StatusCode::OK);

    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", given["refresh_token"].as_str().unwrap());
    let renewed = token(&service, &refresh).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text);
    assert_ne!(renewed.json()["access_token"], given["access_token"]);
    let next = renewed.json()["refresh_token"].as_str().unwrap().to_owned();
    let next = token(&service, &format!("grant_type=refresh_token&refresh_token={next}")).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.text);
}

/// What both token services give for a form.
async fn given(service: &TestService, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("client_id=x&{form}")))
        .unwrap();
    service.send(request).await
}

fn renewal_by(answer: &Answer) -> String {
    format!("grant_type=refresh_token&refresh_token={}", answer.json()["refresh_token"].as_str().unwrap())
}

const BOTH_SERVICES: [&str; 2] = ["/oauth/token", "/AuthorizationServer/api/v8/Access/Login"];
const BY_PASSWORD: &str = "grant_type=password&username=editor&password=editor";

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_all_that_followed_its_sign_in_and_no_other() {
    let service = TestService::new().await;
    for path in BOTH_SERVICES {
        let first = given(&service, path, BY_PASSWORD).await;
        let other = given(&service, path, BY_PASSWORD).await;
        let second = given(&service, path, &renewal_by(&first)).await;
        assert_eq!(second.status, StatusCode::OK, "{path}: {}", second.text);
        for (what, form) in [("used", renewal_by(&first)), ("the newest", renewal_by(&second))] {
            let answer = given(&service, path, &form).await;
            assert!(answer.status.is_client_error(), "{path}, {what}: {}", answer.text);
            assert!(answer.json()["error"].is_string(), "{path}, {what}: {}", answer.text);
        }
        assert_eq!(given(&service, path, &renewal_by(&other)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn no_renewal_makes_a_session_longer() {
    let service = TestService::new().await;
    let database = &service.service.database;
    let ends = async || {
        let sql = "SELECT MAX(expires_at) FROM refresh_tokens";
        query_scalar::<i64>(sql).fetch_one(&database.readers).await.unwrap()
    };
    for path in BOTH_SERVICES {
        let signed_in = given(&service, path, BY_PASSWORD).await;
        let longest = ends().await;
        assert!((longest - Utc::now().timestamp() - 12 * 3600).abs() < 60, "{path}: {longest}");
        let mut transaction = database.begin_write().await.unwrap();
        let sql = "UPDATE refresh_tokens SET expires_at = $1";
        query(sql).bind(longest - 3600).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        // An hour later.
        let renewed = given(&service, path, &renewal_by(&signed_in)).await;
        assert_eq!((renewed.status, ends().await), (StatusCode::OK, longest - 3600), "{path}");
        let mut transaction = database.begin_write().await.unwrap();
        query(sql).bind(Utc::now().timestamp()).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let late = given(&service, path, &renewal_by(&renewed)).await;
        assert!(late.status.is_client_error(), "{path}: {}", late.text);
    }
}

#[tokio::test]
async fn a_token_is_for_its_own_api() {
    let service = TestService::new().await;
    let form = "grant_type=password&client_id=x&username=editor&password=editor";
    let login = Request::post("/AuthorizationServer/api/v8/Access/Login")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let billing = service.send(login).await.json();
    let platform = token(&service, "grant_type=password&username=editor&password=editor").await.json();
    let bearer = |given: &serde_json::Value| format!("Bearer {}", given["access_token"].as_str().unwrap());
    let buckets = "/ResourceServer/api/v8/Usage/Bucket/Base/";
    for (path, given, status) in [
        (EVENTS, &platform, StatusCode::OK),
        (EVENTS, &billing, StatusCode::UNAUTHORIZED),
        ("/v3/service_usage_events", &platform, StatusCode::OK),
        ("/v3/service_usage_events", &billing, StatusCode::UNAUTHORIZED),
        (buckets, &billing, StatusCode::OK),
        (buckets, &platform, StatusCode::UNAUTHORIZED),
    ] {
        let answer = with_authorization(&service, Method::GET, path, &bearer(given)).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    // Nor is a refresh token good at another's door.
    let refresh = billing["refresh_token"].as_str().unwrap();
    let elsewhere = token(&service, &format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "{}", elsewhere.text);
}

#[tokio::test]
async fn roles_carry_their_scopes() {
    let service = TestService::new().await;
    for (user, may_write, may_administer) in
        [("viewer", false, false), ("editor", true, false), ("editor2", true, false), ("admin", true, true)]
    {
        let answer =
            token(&service, &format!("grant_type=password&username={user}&password={user}")).await.json();
        let scopes = answer["scope"].as_str().unwrap();
        assert!(scopes.contains("subscription_usage.read"), "{user}");
        assert_eq!(scopes.contains("subscription_usage.write"), may_write, "{user}");
        assert!(scopes.contains("cloud_controller.admin_read_only"), "{user}");
        assert_eq!(scopes.contains("subscription_usage.admin"), may_administer, "{user}");
        let path = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
        let patched = service.send(request(Method::PATCH, &path, user, &[], "{}")).await;
        assert_eq!(patched.status == StatusCode::OK, may_write, "{user}: {}", patched.text);
        if !may_write {
            assert_eq!(patched.status, StatusCode::FORBIDDEN);
            assert!(patched.text.contains("subscription_usage.write"), "the missing permission is named");
        }
    }
}

#[tokio::test]
async fn bad_sign_ins_are_refused_as_uaa_does() {
    let service = TestService::new().await;
    for (form, status, error) in [
        ("grant_type=password&username=editor&password=wrong", StatusCode::UNAUTHORIZED, "unauthorized"),
        ("grant_type=password&username=nobody&password=nobody", StatusCode::UNAUTHORIZED, "unauthorized"),
        ("grant_type=refresh_token&refresh_token=x", StatusCode::UNAUTHORIZED, "invalid_token"),
        ("grant_type=magic", StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        ("username=editor", StatusCode::BAD_REQUEST, "invalid_request"),
        (
            "grant_type=password&username=editor&username=admin&password=editor",
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
    ] {
        let answer = token(&service, form).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{form}");
        assert!(answer.json()["error_description"].is_string(), "{form}");
    }
    let json = Request::post("/oauth/token")
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .unwrap();
    assert_eq!(service.send(json).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_bad_and_old_credentials_are_told_apart() {
    let service = TestService::with(|service| service.token_seconds = 0).await;
    let expired = token(&service, "grant_type=password&username=editor&password=editor").await.json();
    let expired = format!("Bearer {}", expired["access_token"].as_str().unwrap());
    let forged =
        "Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX25hbWUiOiJhZG1pbiIsIm5hbWUiOiJ4Iiwic2NvcGUiOltdfQ.".to_owned();
    for (authorization, part) in [
        (String::new(), "neither Basic nor Bearer"),
        ("Basic !!!".to_owned(), "cannot be read"),
        ("Basic ZWRpdG9yOndyb25n".to_owned(), "user name or the password"),
        ("Bearer abc".to_owned(), "not valid"),
        (forged, "not valid"),
        (format!("{expired}x"), "not valid"),
        (expired, "expired"),
    ] {
        let answer = with_authorization(&service, Method::GET, EVENTS, &authorization).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
        assert!(answer.text.contains(part), "{authorization}: {}", answer.text);
        assert!(
            answer.header("www-authenticate").starts_with("Bearer"),
            "a browser must not open its own prompt"
        );
    }
    let mut none = request(Method::GET, EVENTS, "viewer", &[], "");
    none.headers_mut().remove("authorization");
    let answer = service.send(none).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert!(answer.text.contains("No credentials were sent"));
}
