//! Purge and reseed: what is left, and what happens beside it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use demo_server::faults::FaultSwitches;

use super::*;

#[tokio::test]
async fn what_is_left_is_one_event_for_each_instance() {
    let platform = Platform::new().await;
    let before = platform.all_events().await;
    let instances = platform.instances().await;
    let asked_at = chrono::Utc::now().timestamp();
    platform.purge().await;
    let seeded = platform.all_events().await;
    assert_eq!(guids(&seeded), guids(&instances), "instance guids, in the order of instances");
    let moment = seeded[0]["created_at"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(moment).unwrap().timestamp() >= asked_at, "{moment}");
    for (event, instance) in seeded.iter().zip(&instances) {
        assert_eq!(event["service_instance"]["guid"], event["guid"]);
        assert_eq!((&event["state"], event["created_at"].as_str()), (&"CREATED".into(), Some(moment)));
        // What an event says of its instance is what the instance is now.
        for (member, of) in [
            ("name", &event["service_instance"]["name"]),
            ("type", &event["service_instance"]["type"]),
            ("space_guid", &event["space"]["guid"]),
            ("space_name", &event["space"]["name"]),
            ("organization_guid", &event["organization"]["guid"]),
            ("service_plan_guid", &event["service_plan"]["guid"]),
            ("service_plan_name", &event["service_plan"]["name"]),
            ("service_offering_guid", &event["service_offering"]["guid"]),
            ("service_broker_name", &event["service_broker"]["name"]),
        ] {
            assert_eq!(of, &instance[member], "{member} of {event}");
        }
    }
    assert!(before.len() > seeded.len());
}

#[tokio::test]
async fn a_cursor_does_not_outlive_its_event() {
    let platform = Platform::new().await;
    let old = guid(&platform.all_events().await[10]).to_owned();
    platform.purge().await;
    let after_purge = platform.get(&address(EVENTS, &[("after_guid", &old)])).await;
    assert_eq!(after_purge.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error(&after_purge), (10008, "CF-UnprocessableEntity".to_owned()));
    // A seeded guid comes again with every purge, so such a cursor goes on working.
    let seeded = guid(&platform.all_events().await[10]).to_owned();
    platform.purge().await;
    let rest = platform.events(&[("after_guid", &seeded), ("per_page", "5000")]).await;
    assert_eq!(guids(&rest), guids(&platform.all_events().await[11..]));
}

#[tokio::test]
async fn any_body_will_do_that_is_not_broken_json() {
    let platform = Platform::new().await;
    for (body, status) in
        [("", 200), ("{}", 200), (r#"{"dry_run":true}"#, 200), ("[1]", 200), ("{", 400), ("nonsense", 400)]
    {
        let before = platform.all_events().await;
        let answer = platform.as_admin(Method::POST, PURGE, body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        if status == 400 {
            assert_eq!(error(&answer), (1001, "CF-MessageParseError".to_owned()));
            assert_eq!(platform.all_events().await, before, "nothing was purged");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_made_during_purges_are_counted_once() {
    let platform = std::sync::Arc::new(Platform::new().await);
    let model = platform.managed_instance().await;
    let mut at_work = Vec::new();
    for worker in 0..4 {
        let (platform, model) = (platform.clone(), model.clone());
        at_work.push(tokio::spawn(async move {
            for number in 0..8 {
                let body = json!({
                    "name": format!("burst-{worker}-{number}"),
                    "space_guid": model["space_guid"],
                    "service_plan_guid": model["service_plan_guid"],
                });
                let made = platform.as_admin(Method::POST, INSTANCES, &body.to_string()).await;
                assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
                // Every second one goes again, so that deletions race as well.
                if number % 2 == 1 {
                    let address = format!("{INSTANCES}/{}", guid(&made.json()));
                    let gone = platform.as_admin(Method::DELETE, &address, "").await;
                    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
                }
            }
        }));
    }
    for _ in 0..2 {
        let platform = platform.clone();
        at_work.push(tokio::spawn(async move {
            for _ in 0..6 {
                platform.purge().await;
            }
        }));
    }
    for work in at_work {
        work.await.unwrap();
    }
    let mut told = BTreeMap::<String, Vec<String>>::new();
    for event in platform.all_events().await {
        let instance = event["service_instance"]["guid"].as_str().unwrap().to_owned();
        told.entry(instance).or_default().push(event["state"].as_str().unwrap().to_owned());
    }
    let instances = platform.instances().await;
    assert_eq!(
        instances.iter().filter(|one| one["name"].as_str().unwrap().starts_with("burst-")).count(),
        16
    );
    for instance in &instances {
        assert_eq!(told.remove(guid(instance)), Some(vec!["CREATED".to_owned()]), "{instance}");
    }
    // What is told of instances that are gone begins with their start: no stop without one.
    for (instance, states) in told {
        assert_eq!(states, ["CREATED", "DELETED"], "{instance}");
    }
}

#[tokio::test]
async fn in_the_vendors_two_steps_an_instance_made_between_them_starts_twice() {
    let service = TestService::with(|service| service.faults = Some(FaultSwitches::default())).await;
    let platform = Platform { service };
    let rule = r#"[{"path":"destructively_purge","kind":{"step_gap_ms":600000}}]"#;
    let rules = Request::put("/faults").body(Body::from(rule)).unwrap();
    assert_eq!(platform.service.send(rules).await.status, StatusCode::NO_CONTENT);
    let like = platform.managed_instance().await;
    let body = json!({"name": "between", "space_guid": like["space_guid"], "service_plan_guid": like["service_plan_guid"]});
    let between = async {
        while !platform.all_events().await.is_empty() {
            tokio::task::yield_now().await;
        }
        let made = platform.as_admin(Method::POST, INSTANCES, &body.to_string()).await.json();
        // Now the second step may come.
        platform.service.send(Request::delete("/faults").body(Body::empty()).unwrap()).await;
        made["guid"].clone()
    };
    let ((), made) = tokio::join!(platform.purge(), between);
    let events = platform.all_events().await;
    let of_it: Vec<_> = events.iter().filter(|event| event["service_instance"]["guid"] == made).collect();
    assert_eq!(of_it.len(), 2, "{of_it:?}");
    assert!(of_it.iter().all(|event| event["state"] == "CREATED"));
    assert_eq!(of_it.iter().filter(|event| event["guid"] == made).count(), 1, "one of them is seeded");
}
