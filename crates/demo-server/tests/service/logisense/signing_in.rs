//! The login endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

async fn login(service: &TestService, form: &str) -> Answer {
    service.send(request(Method::POST, LOGIN, "", &[FORM], form)).await
}

fn claims(given: &Json) -> Json {
    let token = given["access_token"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[tokio::test]
async fn a_person_and_a_program_get_tokens() {
    let service = TestService::new().await;
    for (form, interactive) in [
        ("username=viewer&password=viewer&grant_type=password&client_id=desk", true),
        ("client_secret=viewer&grant_type=password&client_id=viewer", false),
    ] {
        let answer = login(&service, form).await;
        let given = ok(&answer);
        assert_eq!((&given["token_type"], &given["expires_in"]), (&"bearer".into(), &1800.into()));
        for member in ["refresh_token", "audience", ".issued", ".expires"] {
            assert!(given[member].is_string(), "{member}");
        }
        assert_eq!(answer.header("cache-control"), "no-store");
        let claims = claims(&given);
        for member in ["ownerId", "actingOwnerId", "userId", "roleId", "exp"] {
            assert!(claims[member].is_i64(), "{member}: {claims}");
        }
        assert_eq!((&claims["isInteractive"], &claims["aud"]), (&interactive.into(), &given["audience"]));
        let bearer = format!("bearer {}", given["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        assert_eq!(
            service.send(request(Method::GET, BUCKETS, "", &headers, "")).await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn a_token_ends_and_is_renewed() {
    let service = TestService::with(|service| service.token_seconds = 0).await;
    let given = ok(&login(&service, "username=editor&password=editor&grant_type=password&client_id=x").await);
    let bearer = format!("Bearer {}", given["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let answer = service.send(request(Method::GET, BUCKETS, "", &headers, "")).await;
    assert!(faults(&answer, StatusCode::UNAUTHORIZED, "read")[0].contains("expired"));
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    let form = format!("grant_type=refresh_token&refresh_token={}", given["refresh_token"].as_str().unwrap());
    let renewed = ok(&login(&service, &form).await);
    assert_eq!(claims(&renewed)["user_name"], "editor");
    assert_ne!(renewed["access_token"], given["access_token"]);
    let again = login(&service, &form).await;
    assert_eq!((again.status, &again.json()["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
}

#[tokio::test]
async fn bad_sign_ins_are_refused() {
    let service = TestService::new().await;
    for (form, error) in [
        ("username=editor&password=wrong&grant_type=password&client_id=x", "invalid_grant"),
        ("username=no%00body&password=x&grant_type=password&client_id=x", "invalid_request"),
        ("client_secret=x&grant_type=password&client_id=viewer", "invalid_grant"),
        ("username=editor&password=editor&grant_type=password", "invalid_request"),
        ("username=editor&grant_type=password&client_id=x", "invalid_request"),
        ("username=a&password=b&client_secret=c&grant_type=password&client_id=x", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=magic", "unsupported_grant_type"),
        ("", "invalid_request"),
    ] {
        let answer = login(&service, form).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &error.into()),
            "{form}"
        );
        assert!(answer.json()["error_description"].is_string(), "{form}");
    }
    let json = [("content-type", "application/json")];
    assert_eq!(
        service.send(request(Method::POST, LOGIN, "", &json, "{}")).await.status,
        StatusCode::BAD_REQUEST
    );
    let get = service.send(request(Method::GET, LOGIN, "", &[], "")).await;
    assert_eq!((get.status, get.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
}

#[tokio::test]
async fn credentials_are_bearer_tokens_that_are_good() {
    let billing = Billing::new().await;
    for (authorization, part) in [
        (String::new(), "needs an access token"),
        ("Basic ZWRpdG9yOmVkaXRvcg==".to_owned(), "needs an access token"),
        ("Bearer x".to_owned(), "not valid"),
        (format!("Bearer {}x", billing.token), "not valid"),
    ] {
        let headers = [("authorization", authorization.as_str())];
        let answer = billing.service.send(request(Method::GET, BUCKETS, "", &headers, "")).await;
        let told = faults(&answer, StatusCode::UNAUTHORIZED, "read");
        assert!(told[0].contains(part), "{authorization}: {told:?}");
    }
}
