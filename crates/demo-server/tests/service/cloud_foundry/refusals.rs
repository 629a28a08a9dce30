//! Who may do what, and how a refusal looks.

use demo_server::database::query;

use super::*;

#[tokio::test]
async fn each_scope_may_do_what_the_platform_lets_it() {
    let platform = Platform::new().await;
    let event = format!("{EVENTS}/{}", guid(&platform.events(&[("per_page", "1")]).await[0]));
    let total = platform.json(EVENTS).await["pagination"]["total_results"].as_u64().unwrap();
    for (scopes, list, rows, get, purge) in [
        (&[ADMIN_READ_ONLY][..], 200, total, 200, 403),
        (&[GLOBAL_AUDITOR], 200, total, 200, 403),
        (&[READ, "cloud_controller.write"], 200, 0, 404, 403),
        (&["cloud_controller.write", "subscription_usage.admin"], 403, 0, 403, 403),
        (&[], 403, 0, 403, 403),
        // The last, for it purges.
        (&[ADMIN], 200, total, 200, 200),
    ] {
        let listed = platform.send_as(scopes, Method::GET, EVENTS, "").await;
        assert_eq!(listed.status.as_u16(), list, "{scopes:?}");
        if list == 200 {
            let page = listed.json();
            assert_eq!(page["pagination"]["total_results"], rows, "{scopes:?}");
            assert_eq!(page["resources"].as_array().unwrap().is_empty(), rows == 0, "{scopes:?}");
            assert!(page["pagination"]["first"]["href"].is_string(), "{scopes:?}");
        } else {
            assert_eq!(error(&listed), (10003, "CF-NotAuthorized".to_owned()));
        }
        let got = platform.send_as(scopes, Method::GET, &event, "").await;
        assert_eq!(got.status.as_u16(), get, "{scopes:?}");
        if get == 404 {
            assert_eq!(error(&got), (10010, "CF-ResourceNotFound".to_owned()));
        }
        let purged = platform.send_as(scopes, Method::POST, PURGE, "").await;
        assert_eq!(purged.status.as_u16(), purge, "{scopes:?}");
        if purge == 403 {
            assert_eq!(error(&purged), (10003, "CF-NotAuthorized".to_owned()));
        }
    }
}

#[tokio::test]
async fn the_people_of_the_demo_stand_for_the_roles() {
    let platform = Platform::new().await;
    for (user, sees_events, may_purge) in
        [("developer", false, false), ("viewer", true, false), ("editor", true, false), ("admin", true, true)]
    {
        let form = format!("grant_type=password&username={user}&password={user}");
        let sign_in = [("content-type", "application/x-www-form-urlencoded")];
        let given = platform.service.send(request(Method::POST, "/oauth/token", "", &sign_in, &form)).await;
        let bearer = format!("bearer {}", given.json()["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        let listed = platform.service.send(request(Method::GET, EVENTS, "", &headers, "")).await;
        assert_eq!(listed.status, StatusCode::OK, "{user}");
        assert_eq!(listed.json()["pagination"]["total_results"] != 0, sees_events, "{user}");
        assert_eq!(listed.header("x-user-guid"), user);
        let purged = platform.service.send(request(Method::POST, PURGE, "", &headers, "")).await;
        assert_eq!(purged.status == StatusCode::OK, may_purge, "{user}");
    }
}

#[tokio::test]
async fn credentials_are_bearer_tokens_that_are_good() {
    let platform = Platform::new().await;
    let good = platform.token(&[ADMIN], 4_000_000_000).await;
    let altered = format!("{good}x");
    let expired = platform.token(&[ADMIN], 1_000).await;
    let (none, bad) = ((10002, "CF-NotAuthenticated"), (1000, "CF-InvalidAuthToken"));
    for (authorization, (code, title)) in [
        (String::new(), none),
        ("Basic YWRtaW46YWRtaW4=".to_owned(), none),
        (good.clone(), none),
        ("bearer".to_owned(), bad),
        ("bearer x".to_owned(), bad),
        (format!("bearer {altered}"), bad),
        (format!("bearer {expired}"), bad),
    ] {
        for (method, path) in [
            (Method::GET, EVENTS),
            (Method::GET, "/v3/service_usage_events/x"),
            (Method::POST, PURGE),
            (Method::GET, INSTANCES),
        ] {
            let headers = [("authorization", authorization.as_str())];
            let answer = platform.service.send(request(method, path, "", &headers, "")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization} {path}");
            assert_eq!(error(&answer), (code, title.to_owned()), "{authorization} {path}");
        }
    }
    for scheme in ["bearer", "Bearer", "BEARER"] {
        let authorization = format!("{scheme} {good}");
        let headers = [("authorization", authorization.as_str())];
        let answer = platform.service.send(request(Method::GET, EVENTS, "", &headers, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{scheme}");
    }
}

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_are_told() {
    let platform = Platform::new().await;
    for (method, path, status, code, allow) in [
        (Method::GET, "/v3/apps", 404, 10000, ""),
        (Method::GET, "/v3/service_usage_events/a/b", 404, 10000, ""),
        (Method::GET, "/v3/service_usage_events/no-such-event", 404, 10010, ""),
        (Method::GET, "/v3/service_usage_events/%2F", 404, 10010, ""),
        (Method::POST, EVENTS, 405, 10000, "GET"),
        (Method::DELETE, "/v3/service_usage_events/x", 405, 10000, "GET"),
        (Method::GET, PURGE, 405, 10000, "POST"),
        (Method::PUT, "/demo/service_instances/x", 405, 10000, "GET, PATCH, DELETE"),
    ] {
        let answer = platform.as_admin(method.clone(), path, "").await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
        assert_eq!(error(&answer).0, code, "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_id_for_support() {
    let platform = Platform::new().await;
    for path in ["/v3", EVENTS, "/v3/service_usage_events/no-such-event", "/v3/nowhere"] {
        let answer = platform.get(path).await;
        assert_eq!(answer.header("x-vcap-request-id").len(), 24, "{path}");
        assert_eq!(answer.header("x-vcap-request-id"), answer.header("x-request-id"), "{path}");
    }
    assert_eq!(
        platform.get("/v3/service_usage_events/no-such-event").await.header("x-user-guid"),
        "collector"
    );
}

#[tokio::test]
async fn a_fault_of_the_service_is_an_unknown_error() {
    let platform = Platform::new().await;
    let mut transaction = platform.service.service.database.begin_write().await.unwrap();
    query("DROP TABLE service_usage_events").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    for (method, path) in [(Method::GET, EVENTS), (Method::POST, PURGE)] {
        let answer = platform.as_admin(method, path, "").await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(error(&answer), (10001, "UnknownError".to_owned()));
        assert!(!answer.text.contains("table"), "{}", answer.text);
    }
}
