//! `q` and `finder`, end to end against the rows that they should find.

use axum::http::{Method, StatusCode};
use serde_json::Value as Json;

use crate::test_service::*;

/// Asks the service and a plain reading of all events; both must find the same ones.
async fn check(service: &TestService, all: &[Json], q: &str, belongs: impl Fn(&Json) -> bool) {
    let query = [("q", q), ("limit", "499"), ("totalResults", "true"), ("fields", "EventId")];
    let answer = service.get(EVENTS, &query).await;
    assert_eq!(answer.status, StatusCode::OK, "{q}: {}", answer.text);
    let expected = all.iter().filter(|event| belongs(event)).count();
    assert!(expected > 0, "{q}: the demo data hold no case of it");
    assert_eq!(answer.json()["totalResults"], expected, "{q}");
}

async fn all_events(service: &TestService) -> Vec<Json> {
    let mut all = Vec::new();
    for offset in ["0", "499", "998"] {
        let query = [("limit", "499"), ("offset", offset), ("expand", "all"), ("onlyData", "true")];
        all.extend(service.items(EVENTS, &query).await);
    }
    assert_eq!(all.len() as u64, EVENT_COUNT);
    all
}

#[tokio::test]
async fn expressions_find_what_they_say() {
    let service = TestService::to_read().await;
    let all = &all_events(&service).await;
    let text = |event: &Json, field: &str| event[field].as_str().unwrap_or_default().to_owned();
    let number = |event: &Json, field: &str| event[field].as_f64().unwrap();
    check(&service, all, "EventStatus = 'ORA_ERROR'", |e| e["EventStatus"] == "ORA_ERROR").await;
    check(&service, all, "EventStatus != 'ORA_PROCESSED' AND CurrencyCode = 'EUR'", |e| {
        e["EventStatus"] != "ORA_PROCESSED" && e["CurrencyCode"] == "EUR"
    })
    .await;
    check(&service, all, "CurrencyCode is null", |e| e["CurrencyCode"].is_null()).await;
    check(&service, all, "not (CurrencyCode is null) and Error is not null", |e| {
        !e["CurrencyCode"].is_null() && !e["Error"].is_null()
    })
    .await;
    check(&service, all, "CurrencyCode in ('JPY','KWD')", |e| {
        e["CurrencyCode"] == "JPY" || e["CurrencyCode"] == "KWD"
    })
    .await;
    check(&service, all, "CurrencyCode not in ('USD','EUR')", |e| {
        !e["CurrencyCode"].is_null() && e["CurrencyCode"] != "USD" && e["CurrencyCode"] != "EUR"
    })
    .await;
    check(&service, all, "UsageQuantity > 9.5", |e| number(e, "UsageQuantity") > 9.5).await;
    check(&service, all, "UsageQuantity < 0", |e| number(e, "UsageQuantity") < 0.0).await;
    check(&service, all, "UsageQuantity between 2 and 10", |e| {
        (2.0..=10.0).contains(&number(e, "UsageQuantity"))
    })
    .await;
    check(&service, all, "EventNumber like 'TEL*'", |e| text(e, "EventNumber").starts_with("TEL")).await;
    check(&service, all, "EventNumber like '%-2611-%' or EventNumber like 'REV%'", |e| {
        text(e, "EventNumber").contains("-2611-") || text(e, "EventNumber").starts_with("REV")
    })
    .await;
    check(&service, all, "UPPER(EventTimeZone) = 'EUROPE/BERLIN'", |e| e["EventTimeZone"] == "Europe/Berlin")
        .await;
    check(&service, all, "lower(ServiceId) like lower('CLIENT%')", |e| {
        text(e, "ServiceId").starts_with("client")
    })
    .await;
    check(&service, all, "BatchNumber = 'UB-2026-11-API'", |e| e["BatchNumber"] == "UB-2026-11-API").await;
    check(&service, all, "EventStartTime >= '2026-11-01T00:00:00+00:00'", |e| {
        text(e, "EventStartTime").as_str() >= "2026-11-01"
    })
    .await;
    check(&service, all, "EventStartTime < '2026-09-01'", |e| {
        text(e, "EventStartTime").as_str() < "2026-09-01"
    })
    .await;
    check(&service, all, "LeEventStartDate = '2026-10-15'", |e| e["LeEventStartDate"] == "2026-10-15").await;
    check(&service, all, "ReverseFlag = true", |e| e["ReverseFlag"] == true).await;
    check(&service, all, "usageMessages.MessageName = 'OSS_SERVICE_ID_UNKNOWN'", |e| {
        e["Error"] == "OSS_SERVICE_ID_UNKNOWN"
    })
    .await;
    check(&service, all, "usageCharges.BilledAmount < 0", |e| {
        e["usageCharges"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|charge| charge["BilledAmount"].as_f64() < Some(0.0))
    })
    .await;
}

#[tokio::test]
async fn case_matters_in_values_and_names() {
    let service = TestService::to_read().await;
    let none = service.items(EVENTS, &[("q", "EventNumber like 'tel*'")]).await;
    assert!(none.is_empty(), "like is case-sensitive");
    let answer = service.get(EVENTS, &[("q", "eventNumber = 'x'")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_text_is_found_in_any_case_of_any_script() {
    let service = TestService::new().await;
    let event = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    for (stored, typed) in [
        ("Zürich-07", ["zürich", "ZÜRICH", "Zürich-0"]),
        ("Straße 9", ["straße", "STRAßE", "Straß"]),
        ("ΑΘΗΝΑΣ-ς", ["αθηνας", "Αθηνασ", "σ-σ"]),
        ("Łódź/ŻÓŁĆ", ["łódź", "ŁÓDŹ", "żółć"]),
        ("Екатеринбург", ["екатеринбург", "ЕКАТЕРИНБУРГ", "ТЕРИН"]),
        ("100 % _ok_ * \\x", ["100 %", "% _OK_ *", "* \\X"]),
        ("東京2", ["東京", "京2", "東京2"]),
    ] {
        let body = serde_json::json!({ "ServiceId": stored }).to_string();
        assert_eq!(service.patch(&event, &[], &body).await.status, StatusCode::OK, "{stored}");
        for text in typed {
            let q = rest_contract::oracle::any_like(&["EventNumber", "ServiceId"], text);
            let found = service.items(EVENTS, &[("q", &q)]).await;
            assert_eq!(found.len(), 1, "{text} finds {stored}: {q}");
            let q = format!("LOWER(ServiceId) = LOWER('{}')", stored.replace('\'', "''"));
            assert_eq!(service.items(EVENTS, &[("q", &q)]).await.len(), 1, "{q}");
        }
    }
    // A letter and its accent are one, however they are written.
    for (stored, typed) in [
        ("Zu\u{308}rich-7", ["zürich", "ZU\u{308}RICH", "rich-7"]),
        ("Café-é", ["cafe\u{301}", "CAFÉ", "e\u{301}-É"]),
        ("Việt ê\u{323} \u{1eb9}\u{302}", ["viê\u{323}t", "VIE\u{302}\u{323}T", "Ệ ệ"]),
        ("Чаи\u{306}", ["чай", "ЧАЙ", "чаИ\u{306}"]),
        ("\u{212b}ngstrom \u{212a}9", ["ångstrom", "k9", "ÅNGSTROM K"]),
        ("J\u{30c}x", ["ǰx", "j\u{30c}x", "J\u{30c}X"]),
        ("\u{1100}\u{1161}\u{11a8}", ["각", "가\u{11a8}", "\u{1100}\u{1161}\u{11a8}"]),
    ] {
        let body = serde_json::json!({ "ServiceId": stored }).to_string();
        assert_eq!(service.patch(&event, &[], &body).await.status, StatusCode::OK, "{stored}");
        for text in typed {
            let like = rest_contract::oracle::any_like(&["EventNumber", "ServiceId"], text);
            let is_not = format!("LOWER(ServiceId) not in ('x', LOWER('{stored}')) or ServiceId is null");
            for (q, count) in [(like, 1), (is_not, usize::try_from(EVENT_COUNT).unwrap() - 1)] {
                let query = [("q", q.as_str()), ("totalResults", "true"), ("limit", "1")];
                let answer = service.get(EVENTS, &query).await;
                assert_eq!(answer.json()["totalResults"], count, "{text} finds {stored}: {q}");
            }
        }
    }
    // As many letters as are typed, and not as many as break a database.
    for (letters, status) in [(150, StatusCode::OK), (500, StatusCode::BAD_REQUEST)] {
        let text: String = ('각'..).take(letters).collect();
        let q = rest_contract::oracle::any_like(&["ServiceId", "EventNumber"], &text);
        assert_eq!(service.get(EVENTS, &[("q", &q)]).await.status, status, "{letters}");
    }
    // A wildcard that was typed finds itself and nothing else.
    for text in ["100 _", "1%0", "*ok", "\\%", "zzz"] {
        let q = rest_contract::oracle::any_like(&["ServiceId"], text);
        assert!(service.items(EVENTS, &[("q", &q)]).await.is_empty(), "{text}: {q}");
    }
    for (q, part) in
        [("ServiceId like 'a' escape 'ab'", "one letter"), ("ServiceId like 'a' escape", "a value")]
    {
        let answer = service.get(EVENTS, &[("q", q)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text.contains(part), "{q}: {}", answer.text);
    }
}

#[tokio::test]
async fn version_1_asks_by_example() {
    let service = TestService::to_read().await;
    let headers = [("rest-framework-version", "1")];
    for (q, status) in [
        ("EventNumber TEL*;EventStatus ORA_ERROR", StatusCode::OK),
        ("EventStatus=ORA_ERROR", StatusCode::OK),
        ("EventStatus = 'ORA_ERROR' and CurrencyCode = 'EUR'", StatusCode::OK), // one value, matched by nothing
        ("Nope=1", StatusCode::BAD_REQUEST),
    ] {
        let answer =
            service.send(request(Method::GET, &address(EVENTS, &[("q", q)]), "viewer", &headers, "")).await;
        assert_eq!(answer.status, status, "{q}: {}", answer.text);
    }
    let q = [("q", "EventNumber TEL*;EventStatus ORA_ERROR"), ("onlyData", "true")];
    let answer =
        service.send(request(Method::GET, &address(EVENTS, &q), "viewer", &headers, "")).await.json();
    let items = answer["items"].as_array().unwrap();
    assert!(!items.is_empty());
    assert!(
        items.iter().all(|item| item["EventStatus"] == "ORA_ERROR"
            && item["EventNumber"].as_str().unwrap().starts_with("TEL"))
    );
    let answer = service.get(EVENTS, &[("q", "EventStatus = 'A';CurrencyCode = 'B'")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "later versions refuse the old syntax");
}

#[tokio::test]
async fn finders_find_one_item() {
    let service = TestService::to_read().await;
    let event = service.event("EventStatus = 'ORA_ERROR'").await;
    let number = event["EventNumber"].as_str().unwrap();
    for finder in
        [format!("EventNumber;EventNumber={number}"), format!("PrimaryKey;EventId={}", event["EventId"])]
    {
        let items = service.items(EVENTS, &[("finder", &finder)]).await;
        assert_eq!(items.len(), 1, "{finder}");
        assert_eq!(items[0]["EventNumber"], number);
    }
    let items = service.items(BATCHES, &[("finder", "BatchNumber;BatchNumber=UB-2026-11-API")]).await;
    assert_eq!(items.len(), 1);
    for finder in ["Nope;A=1", "EventNumber;Nope=1", "EventNumber"] {
        let answer = service.get(EVENTS, &[("finder", finder)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{finder}");
    }
}

#[tokio::test]
async fn what_cannot_be_followed_says_where() {
    let service = TestService::to_read().await;
    for (query, part) in [
        (
            ("q", "EventStatus = 'ORA_ERROR' and Nope = 1"),
            "\"Nope\" is not an attribute of subscriptionUsageEvents (at character 31)",
        ),
        (("q", "EventStatus ="), "expected a value (at character 14)"),
        (("q", "EventId = 'abc'"), "not a whole number"),
        (("orderBy", "Nope:asc"), "\"Nope\" is not an attribute"),
        (("fields", "Nope"), "\"Nope\" is not an attribute or child"),
        (("expand", "nope"), "\"nope\" is not an attribute or child"),
        (("limit", "-1"), "whole number"),
        (("limit", "0"), "whole number"),
        (("offset", "x"), "whole number"),
        (("totalResults", "perhaps"), "true or false"),
    ] {
        let answer = service.get(EVENTS, &[query]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query:?}");
        assert_eq!(answer.faults(), ["29140 "], "{query:?}");
        assert!(answer.text.replace("\\\"", "\"").contains(part), "{query:?}: {}", answer.text);
    }
}
