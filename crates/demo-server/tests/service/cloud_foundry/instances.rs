//! The demo's own API of service instances: each change tells its event, and only a change does.

use demo_server::database::query;

use super::*;

/// The events told since the last one of `before`.
async fn told_since(platform: &Platform, before: &[Json]) -> Vec<Json> {
    let last = guid(before.last().unwrap());
    platform.events(&[("after_guid", last)]).await
}

fn states(events: &[Json]) -> Vec<&str> {
    events.iter().map(|event| event["state"].as_str().unwrap()).collect()
}

async fn made(platform: &Platform, body: &Json) -> Json {
    let answer = platform.as_admin(Method::POST, INSTANCES, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

async fn changed(platform: &Platform, instance: &Json, body: &Json) -> Json {
    let address = format!("{INSTANCES}/{}", guid(instance));
    let answer = platform.as_admin(Method::PATCH, &address, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_life_is_told_by_its_events() {
    let platform = Platform::new().await;
    let model = platform.managed_instance().await;
    let other_plan = platform.instances().await.into_iter().find(|one| {
        one["service_plan_guid"].is_string() && one["service_plan_guid"] != model["service_plan_guid"]
    });
    let other_plan = other_plan.unwrap()["service_plan_guid"].clone();
    let before = platform.all_events().await;
    let (space, plan) = (&model["space_guid"], &model["service_plan_guid"]);
    let instance =
        made(&platform, &json!({"name": "db", "space_guid": space, "service_plan_guid": plan})).await;
    let address = format!("{INSTANCES}/{}", guid(&instance));
    assert_eq!(platform.as_admin(Method::GET, &address, "").await.json(), instance);

    // Neither nothing nor the same is a change.
    for same in [json!({}), json!({"name": "db"}), json!({"name": null, "service_plan_guid": plan})] {
        assert_eq!(changed(&platform, &instance, &same).await, instance);
    }
    assert_eq!(changed(&platform, &instance, &json!({"name": "db2"})).await["name"], "db2");
    let moved = changed(&platform, &instance, &json!({"service_plan_guid": other_plan})).await;
    assert_eq!(moved["service_plan_guid"], other_plan);
    let gone = platform.as_admin(Method::DELETE, &address, "").await;
    assert_eq!((gone.status, gone.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(platform.as_admin(Method::GET, &address, "").await.status, StatusCode::NOT_FOUND);

    let told = told_since(&platform, &before).await;
    assert_eq!(states(&told), ["CREATED", "UPDATED", "UPDATED", "DELETED"]);
    let names = told.iter().map(|event| event["service_instance"]["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["db", "db2", "db2", "db2"], "as it was at the time");
    let plans = told.iter().map(|event| &event["service_plan"]["guid"]).collect::<Vec<_>>();
    assert_eq!(plans, [plan, plan, &other_plan, &other_plan]);
    for event in &told {
        assert_eq!(event["service_instance"]["guid"], instance["guid"]);
        assert_ne!(event["guid"], instance["guid"], "only seeded events have the guid of the instance");
    }
}

#[tokio::test]
async fn an_instance_without_a_plan_is_user_provided() {
    let platform = Platform::new().await;
    let space = platform.managed_instance().await["space_guid"].clone();
    let before = platform.all_events().await;
    let instance = made(&platform, &json!({"name": "login", "space_guid": space})).await;
    assert_eq!(instance["type"], "user_provided_service_instance");
    let told = told_since(&platform, &before).await;
    assert_eq!(told[0]["service_instance"]["type"], "user_provided_service_instance");
    for of_plan in ["service_plan", "service_offering", "service_broker"] {
        assert_eq!(told[0][of_plan], json!({"guid": null, "name": null}));
    }
}

#[tokio::test]
async fn a_refused_change_leaves_neither_change_nor_event() {
    let platform = Platform::new().await;
    let (instances, events) = (platform.instances().await, platform.all_events().await);
    let managed = platform.managed_instance().await;
    let provided = instances.iter().find(|one| one["service_plan_guid"].is_null()).unwrap();
    let (managed_path, provided_path) =
        (format!("{INSTANCES}/{}", guid(&managed)), format!("{INSTANCES}/{}", guid(provided)));
    let (space, plan) = (&managed["space_guid"], &managed["service_plan_guid"]);
    let long = "x".repeat(256);
    let unknown = format!("{INSTANCES}/unknown");
    for (method, path, body, status) in [
        (Method::POST, INSTANCES, json!({"name": "a", "space_guid": "unknown"}), 422),
        (
            Method::POST,
            INSTANCES,
            json!({"name": "a", "space_guid": space, "service_plan_guid": "unknown"}),
            422,
        ),
        (Method::POST, INSTANCES, json!({"name": " ", "space_guid": space}), 422),
        (Method::POST, INSTANCES, json!({"name": long, "space_guid": space}), 422),
        (Method::POST, INSTANCES, json!({"space_guid": space}), 422),
        (Method::POST, INSTANCES, json!({"name": "a", "space_guid": space, "tags": []}), 422),
        (Method::PATCH, &managed_path, json!({"name": ""}), 422),
        (Method::PATCH, &managed_path, json!({"service_plan_guid": "unknown"}), 422),
        (Method::PATCH, &managed_path, json!({"space_guid": space}), 422),
        (Method::PATCH, &provided_path, json!({"service_plan_guid": plan}), 422),
        (Method::PATCH, &unknown, json!({"name": "a"}), 404),
        (Method::DELETE, &unknown, json!({}), 404),
        (Method::GET, &unknown, json!({}), 404),
    ] {
        let answer = platform.as_admin(method.clone(), path, &body.to_string()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path} {body}: {}", answer.text);
        assert_eq!(error(&answer).0, if status == 404 { 10010 } else { 10008 }, "{method} {path} {body}");
    }
    for body in ["", "{"] {
        let answer = platform.as_admin(Method::POST, INSTANCES, body).await;
        assert_eq!((answer.status.as_u16(), error(&answer).0), (400, 1001), "{body:?}");
    }
    assert_eq!(platform.instances().await, instances);
    assert_eq!(platform.all_events().await, events);
}

#[tokio::test]
async fn a_change_whose_event_cannot_be_written_is_not_made() {
    let platform = Platform::new().await;
    let (instances, managed) = (platform.instances().await, platform.managed_instance().await);
    let mut transaction = platform.service.service.database.begin_write().await.unwrap();
    query("DROP TABLE service_usage_events").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let path = format!("{INSTANCES}/{}", guid(&managed));
    let creation = json!({"name": "a", "space_guid": managed["space_guid"]});
    for (method, path, body) in [
        (Method::POST, INSTANCES, creation),
        (Method::PATCH, &path, json!({"name": "another"})),
        (Method::DELETE, &path, json!({})),
    ] {
        let answer = platform.as_admin(method, path, &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.text);
        assert_eq!(platform.instances().await, instances, "{body}");
    }
}

#[tokio::test]
async fn only_administrators_meet_it() {
    let platform = Platform::new().await;
    let path = format!("{INSTANCES}/{}", guid(&platform.managed_instance().await));
    for (method, path) in [
        (Method::GET, INSTANCES),
        (Method::POST, INSTANCES),
        (Method::GET, &path),
        (Method::PATCH, &path),
        (Method::DELETE, &path),
        (Method::POST, PRUNE),
    ] {
        for scopes in [&[ADMIN_READ_ONLY][..], &[GLOBAL_AUDITOR], &[READ], &[]] {
            let answer = platform.send_as(scopes, method.clone(), path, "{}").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {scopes:?}");
            assert_eq!(error(&answer), (10003, "CF-NotAuthorized".to_owned()));
        }
    }
}
