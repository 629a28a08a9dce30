//! One event, its members, and discovery.

use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn an_event_has_every_member_also_where_nothing_is_known() {
    let platform = Platform::to_read().await;
    let members = |value: &Json| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let names = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let mut kinds = BTreeSet::new();
    for event in platform.all_events().await {
        let kind = event["service_instance"]["type"].as_str().unwrap().to_owned();
        assert_eq!(
            members(&event),
            names(
                "guid created_at updated_at state space organization service_instance service_plan \
                 service_offering service_broker links"
            )
        );
        assert_eq!(members(&event["service_instance"]), names("guid name type"));
        assert_eq!(members(&event["organization"]), names("guid"));
        for of_plan in ["service_plan", "service_offering", "service_broker"] {
            assert_eq!(members(&event[of_plan]), names("guid name"));
            for value in event[of_plan].as_object().unwrap().values() {
                assert_eq!(value.is_null(), kind == "user_provided_service_instance", "{event}");
            }
        }
        assert!(event["space"]["guid"].is_string() && event["space"]["name"].is_string(), "{event}");
        assert_eq!(event["created_at"], event["updated_at"]);
        let time = event["created_at"].as_str().unwrap();
        assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
        assert!(["CREATED", "UPDATED", "DELETED"].contains(&event["state"].as_str().unwrap()));
        kinds.insert(kind);
    }
    assert_eq!(kinds.len(), 2);
}

#[tokio::test]
async fn an_event_is_found_at_its_own_address() {
    let platform = Platform::to_read().await;
    let event = platform.events(&[("per_page", "1")]).await.remove(0);
    assert_eq!(platform.json(path_of(&event["links"]["self"]["href"])).await, event);
    assert_eq!(platform.json(&format!("{EVENTS}/{}", guid(&event))).await, event);
}

#[tokio::test]
async fn links_lead_back_through_the_proxy() {
    let platform = Platform::to_read().await;
    let token = format!("bearer {}", platform.token(&[ADMIN], 4_000_000_000).await);
    let headers = [
        ("authorization", token.as_str()),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "api.example.org"),
    ];
    let answer = platform.service.send(request(Method::GET, EVENTS, "", &headers, "")).await.json();
    for href in [&answer["pagination"]["first"]["href"], &answer["resources"][0]["links"]["self"]["href"]] {
        assert!(href.as_str().unwrap().starts_with("https://api.example.org/v3/"), "{href}");
    }
}

#[tokio::test]
async fn discovery_leads_to_no_host_that_a_header_makes_up() {
    let platform = Platform::to_read().await;
    for (headers, expected) in [
        (&[("host", "desk.example.com:8443")][..], "http://desk.example.com:8443"),
        (
            &[("host", "inner"), ("x-forwarded-host", "desk.example.com"), ("x-forwarded-proto", "https")],
            "https://desk.example.com",
        ),
        (&[("host", "desk.example.com"), ("x-forwarded-host", "me@evil.example")], "http://desk.example.com"),
        (&[("host", "desk.example.com"), ("x-forwarded-host", "evil.example/x?")], "http://desk.example.com"),
        (&[("host", "desk.example.com"), ("x-forwarded-proto", "ftp")], "http://desk.example.com"),
        (&[("host", "desk.example.com"), ("forwarded", "host=evil.example")], "http://desk.example.com"),
        (&[("host", "desk.example.com"), ("x-host", "evil.example")], "http://desk.example.com"),
    ] {
        let mut headers = headers.to_vec();
        headers.push(("authorization", ""));
        for (path, link) in
            [("/", "/links/login/href"), ("/login", "/links/login"), ("/v3", "/links/self/href")]
        {
            let answer = platform.service.send(request(Method::GET, path, "", &headers, "")).await.json();
            let own = if path == "/v3" { "/v3" } else { "" };
            assert_eq!(answer.pointer(link).unwrap(), &format!("{expected}{own}"), "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn discovery_needs_no_token_and_names_the_list() {
    let platform = Platform::to_read().await;
    let plain = async |path: &str| {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        platform.service.send(request).await
    };
    let platform_root = plain("/").await;
    assert_eq!(platform_root.status, StatusCode::OK);
    let apis = platform_root.json()["links"].clone();
    assert_eq!(apis["self"]["href"], "http://localhost");
    assert!(apis["cloud_controller_v3"]["meta"]["version"].as_str().unwrap().starts_with("3."));
    let sign_in = apis["login"]["href"].as_str().unwrap();
    assert_eq!(apis["uaa"]["href"], sign_in);
    let prompts = plain(&format!("{}/login", sign_in.strip_prefix("http://localhost").unwrap())).await.json();
    assert_eq!(prompts["prompts"]["password"][0], "password");
    assert_eq!(prompts["links"]["uaa"], sign_in);
    let root = plain(path_of(&apis["cloud_controller_v3"]["href"])).await;
    assert_eq!(root.status, StatusCode::OK);
    let links = root.json()["links"].clone();
    assert_eq!(path_of(&links["service_usage_events"]["href"]), EVENTS);
    let info = plain(path_of(&links["info"]["href"])).await;
    assert_eq!(info.status, StatusCode::OK);
    assert!(info.json()["name"].is_string());
}

#[tokio::test]
async fn the_demo_tells_whole_lives_of_instances() {
    let platform = Platform::to_read().await;
    let events = platform.all_events().await;
    let times = events.iter().map(|event| event["created_at"].as_str().unwrap()).collect::<Vec<_>>();
    assert!(times.is_sorted(), "the order of arrival is that of time");
    assert!(times[0].starts_with("2026-08") && times[times.len() - 1].starts_with("2026-11"));
    let mut alive = BTreeSet::new();
    for event in &events {
        let instance = event["service_instance"]["guid"].as_str().unwrap();
        match event["state"].as_str().unwrap() {
            "CREATED" => assert!(alive.insert(instance), "made twice: {instance}"),
            "UPDATED" => assert!(alive.contains(instance), "changed but not there: {instance}"),
            _ => assert!(alive.remove(instance), "deleted but not there: {instance}"),
        }
    }
    let instances = platform.instances().await;
    assert_eq!(instances.iter().map(guid).collect::<BTreeSet<_>>(), alive);
    assert!(instances.len() >= 200, "{}", instances.len());
    let distinct = |member: fn(&Json) -> &Json| {
        instances.iter().filter_map(|one| member(one).as_str()).collect::<BTreeSet<_>>().len()
    };
    assert_eq!(distinct(|one| &one["organization_guid"]), 5);
    assert_eq!(distinct(|one| &one["space_guid"]), 13);
    assert_eq!(distinct(|one| &one["service_offering_guid"]), 6);
}
