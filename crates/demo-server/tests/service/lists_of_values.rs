//! The set-up lists behind the coded fields.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::test_service::*;

async fn codes(service: &TestService, lookup_type: &str) -> Vec<String> {
    let finder = format!("LookupTypeIsActiveEnabledFinder;BindLookupType={lookup_type}");
    let items = service.items(&format!("{BASE}/fndStaticLookups"), &[("finder", &finder)]).await;
    assert!(items.iter().all(|item| !item["Meaning"].as_str().unwrap().is_empty()), "{lookup_type}");
    items.iter().map(|item| item["LookupCode"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn codes_have_meanings() {
    let service = TestService::to_read().await;
    let statuses = codes(&service, "ORA_OSS_EVENT_STATUS").await;
    assert_eq!(
        statuses.join(","),
        "ORA_DRAFT,ORA_READY,ORA_ON_HOLD,ORA_IN_PROCESS,ORA_PROCESSED,ORA_ERROR,ORA_REVERSED"
    );
    for (lookup_type, count) in [
        ("ORA_OSS_BATCH_STATUS", 5),
        ("ORA_OSS_USAGE_TYPE", 3),
        ("ORA_OSS_EVENTS_RATING_TYPE", 2),
        ("ORA_OSS_USAGE_RATING_SOURCE", 2),
        ("ORA_OSS_EVENTS_SOURCE_IF_TYPE", 3),
        ("ORA_OSS_BATCH_CREATION_TYPE", 3),
        ("NOPE", 0),
    ] {
        assert_eq!(codes(&service, lookup_type).await.len(), count, "{lookup_type}");
    }
}

#[tokio::test]
async fn lists_are_ordinary_collections() {
    let service = TestService::new().await;
    let only = [("onlyData", "true")];
    let yen = service.get(&format!("{BASE}/currenciesLOV/JPY"), &only).await;
    assert_eq!(yen.json(), json!({"CurrencyCode": "JPY", "Name": "Yen", "Precision": 0}));
    assert_eq!(yen.header("etag"), "", "set-up data have no version here");
    let units = service.items(&format!("{BASE}/unitOfMeasuresLOV"), &[("q", "UOMCode = 'GB'")]).await;
    assert_eq!(units[0]["UOM"], "Gigabyte");
    for list in
        ["timezonesLOV", "subscriptionUsageEventTypes", "subscriptionProductsLOV", "usageEventErrorKeysLOV"]
    {
        assert!(!service.items(&format!("{BASE}/{list}"), &only).await.is_empty(), "{list}");
    }
    assert_eq!(
        service.patch(&format!("{BASE}/currenciesLOV/JPY"), &[], "{}").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn the_events_use_what_is_listed() {
    let service = TestService::to_read().await;
    let all = |list: &'static str, key: &'static str| {
        let service = &service;
        async move {
            let items = service.items(&format!("{BASE}/{list}"), &[("limit", "499")]).await;
            items.iter().map(|item| item[key].clone()).collect::<Vec<Json>>()
        }
    };
    let zones = all("timezonesLOV", "TimezoneCode").await;
    let units = all("unitOfMeasuresLOV", "UOMCode").await;
    let products = all("subscriptionProductsLOV", "SubscriptionProductPuid").await;
    let errors = all("usageEventErrorKeysLOV", "MessageName").await;
    let types = all("subscriptionUsageEventTypes", "EventType").await;
    let currencies = all("currenciesLOV", "CurrencyCode").await;
    for event in service.items(EVENTS, &[("limit", "499"), ("orderBy", "EventId:desc")]).await {
        for (list, field) in [
            (&zones, "EventTimeZone"),
            (&units, "UsageUnitOfMeasure"),
            (&units, "ReportedUsageUnitOfMeasure"),
            (&products, "SubscriptionProductPuid"),
            (&types, "EventType"),
        ] {
            assert!(list.contains(&event[field]), "{field} {}", event[field]);
        }
        assert!(event["Error"].is_null() || errors.contains(&event["Error"]));
        let blank_or_wrong = event["CurrencyCode"].is_null() || event["Error"] == "OSS_CURRENCY_NOT_ACTIVE";
        assert!(currencies.contains(&event["CurrencyCode"]) != blank_or_wrong, "{event}");
    }
}
