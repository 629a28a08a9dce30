//! The endpoint of the vendor's page "Purge And Seed Service Usage Events", with the statuses that the
//! page lists, and its two siblings.

use demo_server::database::query;

use super::*;

/// The page shows one shape for every error: a list of objects with code, detail and title.
fn is_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["errors"], "{body}");
    for one in body["errors"].as_array().unwrap() {
        assert_eq!(one.as_object().unwrap().keys().collect::<Vec<_>>(), ["code", "detail", "title"], "{one}");
        assert!(one["code"].is_i64() && one["detail"].is_string() && one["title"].is_string(), "{one}");
    }
}

#[tokio::test]
async fn post_destructively_purge_all_and_reseed() {
    let platform = Platform::with(|service| service.policy.refuses_second_purge = true).await;
    // The page's own request: POST with an Authorization header and nothing else.
    let done = platform.as_admin(Method::POST, PURGE, "").await;
    assert_eq!((done.status, done.text.as_str()), (StatusCode::OK, "{}"), "no data structure");

    is_error(&platform.as_admin(Method::POST, PURGE, "{").await, 400);
    is_error(
        &platform.service.send(request(Method::POST, PURGE, "", &[("authorization", "")], "")).await,
        401,
    );
    is_error(&platform.send_as(&[ADMIN_READ_ONLY], Method::POST, PURGE, "").await, 403);
    is_error(&platform.as_admin(Method::POST, &format!("{PURGE}/x"), "").await, 404);

    // While somebody writes, the first purge waits and the second one is refused.
    let database = platform.service.service.database.clone();
    let writing = database.begin_write().await.unwrap();
    let (one, other) =
        (platform.as_admin(Method::POST, PURGE, ""), platform.as_admin(Method::POST, PURGE, ""));
    let (mut one, mut other) = (Box::pin(one), Box::pin(other));
    let first_is_refused;
    let refused = tokio::select! {
        answer = &mut one => { first_is_refused = true; answer }
        answer = &mut other => { first_is_refused = false; answer }
    };
    is_error(&refused, 409);
    drop(writing);
    let done = if first_is_refused { other.await } else { one.await };
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);

    let mut transaction = database.begin_write().await.unwrap();
    query("DROP TABLE service_usage_events").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    is_error(&platform.as_admin(Method::POST, PURGE, "").await, 500);
}

const EVENT_MEMBERS: [(&str, &[&str]); 11] = [
    ("created_at", &[]),
    ("guid", &[]),
    ("links", &["self"]),
    ("organization", &["guid"]),
    ("service_broker", &["guid", "name"]),
    ("service_instance", &["guid", "name", "type"]),
    ("service_offering", &["guid", "name"]),
    ("service_plan", &["guid", "name"]),
    ("space", &["guid", "name"]),
    ("state", &[]),
    ("updated_at", &[]),
];

fn is_event(event: &Json) {
    let found = event.as_object().unwrap();
    let members =
        |value: &Json| value.as_object().map_or_else(Vec::new, |value| value.keys().cloned().collect());
    assert_eq!(found.len(), EVENT_MEMBERS.len(), "{event}");
    for (name, inner) in EVENT_MEMBERS {
        assert_eq!(members(&event[name]), inner, "{name} of {event}");
        assert!(!inner.is_empty() || event[name].is_string(), "{name} of {event}");
    }
}

#[tokio::test]
async fn get_service_usage_events() {
    let platform = Platform::new().await;
    let page = platform.json(EVENTS).await;
    assert_eq!(page.as_object().unwrap().keys().collect::<Vec<_>>(), ["pagination", "resources"]);
    let pagination = page["pagination"].as_object().unwrap();
    let expected = ["first", "last", "next", "previous", "total_pages", "total_results"];
    assert_eq!(pagination.keys().collect::<Vec<_>>(), expected);
    assert!(pagination["first"]["href"].is_string() && pagination["next"]["href"].is_string());
    assert_eq!((pagination["previous"].is_null(), page["resources"].as_array().unwrap().len()), (true, 50));
    page["resources"].as_array().unwrap().iter().for_each(is_event);
}

#[tokio::test]
async fn get_service_usage_events_guid() {
    let platform = Platform::new().await;
    let listed = platform.events(&[("per_page", "1")]).await.remove(0);
    let one = platform.json(&format!("{EVENTS}/{}", guid(&listed))).await;
    is_event(&one);
    assert_eq!(one, listed);
}
