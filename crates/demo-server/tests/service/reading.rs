//! Collections, items, children, links and versions, as they are read.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::test_service::*;

#[tokio::test]
async fn a_page_says_how_big_it_is() {
    let service = TestService::to_read().await;
    for (query, count, limit, offset, more) in [
        (vec![], 25, 25, 0, true),
        (vec![("limit", "3"), ("offset", "4")], 3, 3, 4, true),
        (vec![("limit", "100000")], 499, 499, 0, true),
        (vec![("offset", "1190")], 10, 25, 1190, false),
        (vec![("offset", "99999")], 0, 25, 99999, false),
        (vec![("limit", "400"), ("offset", "800")], 400, 400, 800, false),
    ] {
        let page = service.get(EVENTS, &query).await.json();
        let found = json!([
            page["items"].as_array().unwrap().len(),
            page["count"],
            page["limit"],
            page["offset"],
            page["hasMore"]
        ]);
        assert_eq!(found, json!([count, count, limit, offset, more]), "{query:?}");
        assert!(page.get("totalResults").is_none(), "totals are given on request only");
    }
    let page = service.get(EVENTS, &[("totalResults", "true"), ("limit", "1")]).await.json();
    assert_eq!(page["totalResults"], EVENT_COUNT);
}

#[tokio::test]
async fn pages_together_are_the_whole() {
    let service = TestService::to_read().await;
    for order in
        ["", "EventStatus", "CurrencyCode:desc", "UsageQuantity:asc,EventStatus:desc", "BatchNumber:desc"]
    {
        let mut seen = Vec::new();
        loop {
            let offset = seen.len().to_string();
            let query = [
                ("orderBy", order),
                ("limit", "499"),
                ("offset", &offset),
                ("fields", "EventId"),
                ("onlyData", "true"),
            ];
            let page = service.get(EVENTS, &query).await.json();
            seen.extend(
                page["items"].as_array().unwrap().iter().map(|item| item["EventId"].as_i64().unwrap()),
            );
            if page["hasMore"] == false {
                break;
            }
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len() as u64, EVENT_COUNT, "ordered by {order:?}");
    }
}

#[tokio::test]
async fn lists_are_ordered_exactly() {
    let service = TestService::to_read().await;
    let values =
        |items: Vec<Json>, field: &str| items.into_iter().map(|item| item[field].clone()).collect::<Vec<_>>();
    let query = [("orderBy", "UsageQuantity:desc"), ("limit", "499"), ("fields", "UsageQuantity")];
    let quantities = values(service.items(EVENTS, &query).await, "UsageQuantity");
    assert!(quantities.windows(2).all(|pair| pair[0].as_f64() >= pair[1].as_f64()));
    assert!(quantities.iter().any(|value| value.to_string().len() > 8), "there are long decimals among them");
    let query = [("orderBy", "EventStartTime:asc"), ("limit", "499"), ("fields", "EventStartTime")];
    let times = values(service.items(EVENTS, &query).await, "EventStartTime");
    assert!(times.windows(2).all(|pair| pair[0].as_str() <= pair[1].as_str()));
    // Nulls as the vendor's database has them: last ascending, first descending.
    let query = [("orderBy", "CurrencyCode:desc"), ("limit", "1")];
    assert_eq!(service.items(EVENTS, &query).await[0]["CurrencyCode"], Json::Null);
    let query = [("orderBy", "CurrencyCode"), ("limit", "1")];
    assert_eq!(service.items(EVENTS, &query).await[0]["CurrencyCode"], "EUR");
}

#[tokio::test]
async fn an_event_is_the_same_through_both_parents() {
    let service = TestService::to_read().await;
    let event = service.event("EventStatus = 'ORA_ERROR'").await;
    let (batch, number) = (event["BatchNumber"].as_str().unwrap(), event["EventNumber"].as_str().unwrap());
    let nested = format!("{BATCHES}/{batch}/child/usageEvents/{number}");
    let other = service.get(&nested, &[]).await;
    assert_eq!(other.status, StatusCode::OK);
    let without_links = |item: &Json| {
        let mut item = item.clone();
        item.as_object_mut().unwrap().remove("links");
        item
    };
    assert_eq!(change_indicator(&other.json()), change_indicator(&event));
    assert_eq!(other.header("etag"), change_indicator(&event));
    assert_eq!(without_links(&event), without_links(&other.json()));
    let fields = without_links(&event).as_object().unwrap().len();
    assert_eq!(fields, 34, "every field of the vendor's page but children and links");

    let elsewhere = format!("{BATCHES}/UB-2026-08-TEL/child/usageEvents/{number}");
    assert_eq!(service.get(&elsewhere, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn links_lead_to_what_they_name() {
    let service = TestService::to_read().await;
    let event = service.event("EventStatus = 'ORA_ERROR'").await;
    let nested = format!(
        "{BATCHES}/{}/child/usageEvents/{}",
        event["BatchNumber"].as_str().unwrap(),
        event["EventNumber"].as_str().unwrap()
    );
    let item = service.get(&nested, &[]).await.json();
    let links = item["links"].as_array().unwrap();
    let relations = links.iter().map(|link| link["rel"].as_str().unwrap()).collect::<Vec<_>>();
    for (relation, count) in
        [("self", 1), ("canonical", 1), ("parent", 1), ("lov", 11), ("child", 2), ("action", 1)]
    {
        assert_eq!(relations.iter().filter(|one| **one == relation).count(), count, "{relation}");
    }
    for link in links {
        let href = link["href"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
        if link["rel"] == "action" {
            let answer = service.send(request(Method::OPTIONS, href, "viewer", &[], "")).await;
            assert_eq!(answer.header("allow"), "POST, OPTIONS", "{href}");
            continue;
        }
        let answer = service.send(request(Method::GET, href, "viewer", &[], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{href}");
        let is_collection = answer.json().get("items").is_some();
        assert_eq!(is_collection, link["kind"] == "collection", "{href}");
    }
    let behind_proxy = [("x-forwarded-proto", "https"), ("x-forwarded-host", "usage.example")];
    let answer = service.send(request(Method::GET, &nested, "viewer", &behind_proxy, "")).await;
    assert!(
        answer.json()["links"][0]["href"].as_str().unwrap().starts_with("https://usage.example/crmRestApi/")
    );
}

#[tokio::test]
async fn answers_carry_what_was_asked_for() {
    let service = TestService::to_read().await;
    let names = |item: &Json| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for (query, expected) in [
        (vec![("fields", "EventNumber,EventId"), ("onlyData", "true")], "EventId,EventNumber"),
        (vec![("fields", "EventNumber")], "EventNumber,links"),
        (
            vec![("fields", "EventNumber;usageCharges:BilledAmount"), ("onlyData", "true")],
            "EventNumber,usageCharges",
        ),
        (vec![("fields", "EventNumber"), ("expand", "all"), ("onlyData", "true")], "EventNumber"),
        (vec![("fields", "usageMessages:MessageName"), ("onlyData", "true")], "usageMessages"),
    ] {
        let items = service.items(EVENTS, &query).await;
        assert_eq!(names(&items[0]).join(","), expected, "{query:?}");
    }
    let item = &service.items(EVENTS, &[("links", "self,child"), ("limit", "1")]).await[0];
    let relations = item["links"].as_array().unwrap().iter().map(|link| link["rel"].as_str().unwrap());
    assert_eq!(relations.collect::<Vec<_>>(), ["self", "child", "child"]);
    let item = &service.items(EVENTS, &[("expand", "all"), ("limit", "1")]).await[0];
    assert!(item["usageCharges"]["items"].is_array() && item["usageMessages"]["items"].is_array());
}

#[tokio::test]
async fn expanded_children_have_the_shape_of_their_framework_version() {
    let service = TestService::to_read().await;
    let q = [("q", "EventStatus=ORA_PROCESSED"), ("expand", "usageCharges"), ("limit", "1")];
    for (version, is_object) in [("1", false), ("2", false), ("3", true), ("4", true), ("9", true)] {
        let q = match version {
            "1" => q,
            _ => [("q", "EventStatus = 'ORA_PROCESSED'"), q[1], q[2]],
        };
        let headers = [("rest-framework-version", version)];
        let answer = service.send(request(Method::GET, &address(EVENTS, &q), "viewer", &headers, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{version}: {}", answer.text);
        let charges = &answer.json()["items"][0]["usageCharges"];
        assert_eq!(charges.is_object(), is_object, "version {version}");
        let first = if is_object { &charges["items"][0] } else { &charges[0] };
        assert!(first["UsageChargePuid"].is_string(), "version {version}: {charges}");
        assert_eq!(answer.header("rest-framework-version"), if version == "9" { "4" } else { version });
    }
}

#[tokio::test]
async fn children_are_collections_of_their_own() {
    let service = TestService::to_read().await;
    let event = service.event("EventStatus = 'ORA_ERROR'").await;
    let (batch, number) = (event["BatchNumber"].as_str().unwrap(), event["EventNumber"].as_str().unwrap());
    for parent in [format!("{EVENTS}/{number}"), format!("{BATCHES}/{batch}/child/usageEvents/{number}")] {
        let messages = service.items(&format!("{parent}/child/usageMessages"), &[]).await;
        assert_eq!(messages.len(), 1);
        let message = &messages[0];
        assert_eq!(message["MessageName"], event["Error"]);
        assert_eq!(
            [&message["BatchNumber"], &message["EventNumber"]],
            [&event["BatchNumber"], &event["EventNumber"]]
        );
        assert!(!message["MessageUserDetails"].as_str().unwrap().is_empty());
        let path = format!("{parent}/child/usageMessages/{}", message["UsageMessageId"]);
        let one = service.get(&path, &[]).await;
        assert_eq!(one.json()["UsageMessageId"], message["UsageMessageId"]);
        assert_eq!(one.header("etag"), change_indicator(message));
    }
    let other = service.event("EventStatus = 'ORA_PROCESSED'").await;
    let charges = service.items(&format!("{}/child/usageCharges", event_path(&other)), &[]).await;
    let charge = &charges[0];
    assert_eq!(charge["EventId"], other["EventId"]);
    let foreign =
        format!("{}/child/usageCharges/{}", event_path(&event), charge["UsageChargePuid"].as_str().unwrap());
    assert_eq!(service.get(&foreign, &[]).await.status, StatusCode::NOT_FOUND, "a charge of another event");
}

#[tokio::test]
async fn an_unchanged_item_is_not_sent_again() {
    let service = TestService::new().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    let path = event_path(&event);
    let known = [("if-none-match", change_indicator(&event))];
    let get = |path: String| request(Method::GET, &path, "viewer", &known, "");
    let answer = service.send(get(path.clone())).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(answer.header("etag"), known[0].1);
    // The children may have changed although the event has not.
    assert_eq!(service.send(get(format!("{path}?expand=usageCharges"))).await.status, StatusCode::OK);
    assert_eq!(service.patch(&path, &[], r#"{"ServiceId":"moved"}"#).await.status, StatusCode::OK);
    assert_eq!(service.send(get(path)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_the_framework_headers() {
    let service = TestService::to_read().await;
    for path in
        [EVENTS, BATCHES, "/crmRestApi/resources/latest/currenciesLOV", "/crmRestApi/resources/latest/nope"]
    {
        let answer = service.get(path, &[]).await;
        assert_eq!(answer.header("cache-control"), "no-cache, no-store, must-revalidate", "{path}");
        assert_eq!(answer.header("rest-framework-version"), "4", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 24, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let mut plain = request(Method::GET, EVENTS, "viewer", &[], "");
    plain.headers_mut().remove("rest-framework-version");
    assert_eq!(service.send(plain).await.header("rest-framework-version"), "1");
}
