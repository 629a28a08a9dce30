//! The endpoints of the vendor's own pages, each tested under its name: requests carry every argument
//! that the page lists, answers are compared with the page's schema, member by member.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::acting::{DONE, batch};
use crate::creating::made;
use crate::test_service::*;

/// A member of a schema: its name and its type as the page writes it.
type Member = (&'static str, &'static str);

/// "Update an usage event", response: subscriptionUsageEventBatches-usageEvents-item-response.
const EVENT: [Member; 37] = [
    ("BatchNumber", "string"),
    ("CorpCurrencyCode", "string"),
    ("CreatedBy", "string"),
    ("CreationDate", "date-time"),
    ("CurcyConvRateType", "string"),
    ("CurrencyCode", "string"),
    ("Error", "string"),
    ("EventEndTime", "date-time"),
    ("EventId", "int64"),
    ("EventNumber", "string"),
    ("EventRatingType", "string"),
    ("EventStartTime", "date-time"),
    ("EventStatus", "string"),
    ("EventTimeZone", "string"),
    ("EventType", "string"),
    ("EventTypeId", "int64"),
    ("FileName", "string"),
    ("LastUpdateDate", "date-time"),
    ("LastUpdateLogin", "string"),
    ("LastUpdatedBy", "string"),
    ("LeEventStartDate", "date"),
    ("PricedOn", "date-time"),
    ("RatingSource", "string"),
    ("RelatedBatchId", "int64"),
    ("RelatedEventId", "int64"),
    ("ReportedUsageQuantity", "number"),
    ("ReportedUsageUnitOfMeasure", "string"),
    ("ReverseFlag", "boolean"),
    ("ServiceId", "string"),
    ("SourceInterfaceType", "string"),
    ("SubscriptionProductPuid", "string"),
    ("UsageBatchId", "int64"),
    ("UsageQuantity", "number"),
    ("UsageUnitOfMeasure", "string"),
    ("links", "array"),
    ("usageCharges", "array"),
    ("usageMessages", "array"),
];

/// ...-usageCharges-item-response.
const CHARGE: [Member; 27] = [
    ("AllowanceAmount", "number"),
    ("BilledAmount", "number"),
    ("ChargeCurrency", "string"),
    ("ChargeDefinition", "string"),
    ("ChargeDefinitionId", "int64"),
    ("ChargeName", "string"),
    ("ConversionRate", "number"),
    ("CreatedBy", "string"),
    ("CreationDate", "date-time"),
    ("EventId", "int64"),
    ("ExtendedAmount", "number"),
    ("LastUpdateDate", "date-time"),
    ("LastUpdateLogin", "string"),
    ("LastUpdatedBy", "string"),
    ("ObjectVersionNumber", "int32"),
    ("ParentEntity", "string"),
    ("ParentEntityId", "int64"),
    ("PricedQuantity", "number"),
    ("PricedQuantityUnitOfMeasure", "string"),
    ("SequenceNumber", "int32"),
    ("SubscriptionId", "int64"),
    ("SubscriptionProductId", "int64"),
    ("UsageChargeId", "int64"),
    ("UsageChargePuid", "string"),
    ("UserReportedQuantity", "number"),
    ("UserReportedUnitOfMeasure", "string"),
    ("links", "array"),
];

/// ...-usageMessages-item-response.
const MESSAGE: [Member; 19] = [
    ("AdditionalMessageText", "string"),
    ("BatchId", "int64"),
    ("BatchNumber", "string"),
    ("CreatedBy", "string"),
    ("CreationDate", "date-time"),
    ("EventNumber", "string"),
    ("LastUpdateDate", "date-time"),
    ("LastUpdateLogin", "string"),
    ("LastUpdatedBy", "string"),
    ("MessageName", "string"),
    ("MessageText", "string"),
    ("MessageType", "string"),
    ("MessageUserDetails", "string"),
    ("ObjectVersionNumber", "int32"),
    ("ParentEntity", "string"),
    ("ParentEntityId", "int64"),
    ("TranslatedMessageText", "string"),
    ("UsageMessageId", "int64"),
    ("links", "array"),
];

/// The members that the page leaves null in one or other state of an event.
fn check(item: &Json, members: &[Member]) {
    let found = item.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    let mut expected = members.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    expected.sort_unstable();
    let mut found_sorted = found.clone();
    found_sorted.sort_unstable();
    assert_eq!(found_sorted, expected, "no member is missing and none is added");
    for (name, kind) in members {
        let value = &item[*name];
        let is_time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).is_ok();
        let fits = value.is_null()
            || match *kind {
                "string" => value.is_string(),
                "date-time" => value.as_str().is_some_and(is_time),
                "date" => value.as_str().is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok()),
                "int64" => value.is_i64(),
                "int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                "array" => value.is_array(),
                other => panic!("{other}"),
            };
        assert!(fits, "{name} is no {kind}: {value}");
    }
    for link in item["links"].as_array().unwrap() {
        let names = link.as_object().unwrap().keys().collect::<Vec<_>>();
        assert!(
            names.iter().all(|name| ["href", "kind", "name", "properties", "rel"].contains(&name.as_str()))
        );
        let relations = ["self", "lov", "parent", "canonical", "child", "enclosure", "action", "custom"];
        assert!(relations.contains(&link["rel"].as_str().unwrap()), "{link}");
        assert!(
            ["collection", "item", "describe", "other"].contains(&link["kind"].as_str().unwrap()),
            "{link}"
        );
        assert_eq!(link["rel"] == "self", link["properties"]["changeIndicator"].is_string(), "{link}");
    }
}

/// LOV links by name: where the page says each leads, and which attribute of it the value is.
const LISTS: [(&str, &str, &str, &str); 11] = [
    ("CurrencyCodeVA", "", "CurrencyCode", "CurrencyCode"),
    ("EventRatingTypeVA", "ORA_OSS_EVENTS_RATING_TYPE", "EventRatingType", "LookupCode"),
    ("EventStatusVA", "ORA_OSS_EVENT_STATUS", "EventStatus", "LookupCode"),
    ("EventTypeVA", "", "EventType", "EventType"),
    ("RatingSourceVA", "ORA_OSS_USAGE_RATING_SOURCE", "RatingSource", "LookupCode"),
    ("SourceInterfaceTypeVA", "ORA_OSS_EVENTS_SOURCE_IF_TYPE", "SourceInterfaceType", "LookupCode"),
    ("SubscriptionProductVA", "", "SubscriptionProductPuid", "SubscriptionProductPuid"),
    ("TimezoneVA", "", "EventTimeZone", "TimezoneCode"),
    ("UsageEventBatchesVA", "", "BatchNumber", "BatchNumber"),
    ("UsageEventErrorKeysVVOVA", "", "Error", "MessageName"),
    ("UsageUomVA", "", "ReportedUsageUnitOfMeasure", "UOMCode"),
];

#[tokio::test]
async fn patch_subscription_usage_event_batches_child_usage_events() {
    let service = TestService::new().await;
    let q = "EventStatus = 'ORA_ERROR' and BatchNumber = 'UB-2026-11-API'";
    let event = service.event(q).await;
    let path =
        format!("{BATCHES}/UB-2026-11-API/child/usageEvents/{}", event["EventNumber"].as_str().unwrap());
    // Every member of the request schemas, nested ones included.
    let request = json!({
        "CorpCurrencyCode": "EUR",
        "CurcyConvRateType": "Spot",
        "CurrencyCode": "GBP",
        "Error": "OSS_UOM_NOT_MAPPED",
        "EventEndTime": "2026-11-10T09:00:00+00:00",
        "EventRatingType": "ORA_PRE_RATED",
        "EventStartTime": "2026-11-10T08:00:00+00:00",
        "EventStatus": "ORA_DRAFT",
        "EventTimeZone": "Europe/London",
        "EventType": "ORA_ENERGY",
        "EventTypeId": 300_000_208_100_004_i64,
        "FileName": "corrected.csv",
        "PricedOn": "2026-11-11T00:00:00+00:00",
        "RelatedBatchId": 300_000_209_000_101_i64,
        "RelatedEventId": 300_000_209_351_523_i64,
        "ReportedUsageQuantity": 12.5,
        "ReportedUsageUnitOfMeasure": "WH",
        "ServiceId": "CP-01",
        "SourceInterfaceType": "ORA_UI",
        "usageCharges": [{
            "AllowanceAmount": 1.5, "BilledAmount": 2.5, "ChargeCurrency": "GBP", "ChargeDefinition": "ORA_USAGE",
            "ChargeDefinitionId": 7, "ChargeName": "Energy", "EventId": event["EventId"], "ExtendedAmount": 4,
            "ParentEntity": "ORA_USAGE_EVENT", "ParentEntityId": event["EventId"], "PricedQuantity": 0.0125,
            "PricedQuantityUnitOfMeasure": "KWH", "SequenceNumber": 1, "SubscriptionId": 1, "SubscriptionProductId": 2,
        }],
        "usageMessages": [{
            "MessageName": "CHECKED", "MessageText": "Checked", "MessageType": "ORA_INFO",
            "ParentEntity": "ORA_USAGE_EVENT", "ParentEntityId": event["EventId"],
        }],
        "UsageQuantity": 0.0125,
        "UsageUnitOfMeasure": "KWH",
    });
    // Framework version 2 nests children as plain arrays, as the page's schema shows them.
    let headers = [
        ("if-match", change_indicator(&event)),
        ("rest-framework-version", "2"),
        ("metadata-context", "sandbox=\"TrackEmployeeFeature\""),
    ];
    let answer = service.patch(&format!("{path}?expand=all"), &headers, &request.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("rest-framework-version"), "2");
    assert_eq!(answer.header("metadata-context"), headers[2].1);
    let item = answer.json();
    check(&item, &EVENT);
    let charges = item["usageCharges"].as_array().unwrap();
    charges.iter().for_each(|charge| check(charge, &CHARGE));
    let messages = item["usageMessages"].as_array().unwrap();
    messages.iter().for_each(|message| check(message, &MESSAGE));
    let nested = |items: &[Json], sent: &Json| {
        let sent = sent[0].as_object().unwrap();
        items.iter().any(|item| sent.iter().all(|(name, value)| item[name] == *value))
    };
    assert!(nested(charges, &request["usageCharges"]) && nested(messages, &request["usageMessages"]));
    for (name, value) in request.as_object().unwrap().iter().filter(|(_, value)| !value.is_array()) {
        assert_eq!(item[name], *value, "{name}");
    }
    // Message and charge carry the keys and versions by which a nested row is changed.
    let body = json!({ "usageMessages": [{
        "UsageMessageId": messages[0]["UsageMessageId"], "ObjectVersionNumber": messages[0]["ObjectVersionNumber"],
        "MessageText": "Once more",
    }]});
    assert_eq!(service.patch(&path, &[], &body.to_string()).await.status, StatusCode::OK);

    for (name, lookup, field, target) in LISTS {
        let links = item["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == "lov" && link["name"] == name).unwrap();
        let href = link["href"].as_str().unwrap();
        let finder = format!("?finder=LookupTypeIsActiveEnabledFinder%3BBindLookupType%3D{lookup}");
        assert_eq!(href.contains('?'), !lookup.is_empty(), "{name}");
        assert!(lookup.is_empty() || href.ends_with(&finder), "{name}: {href}");
        let list = href.strip_prefix("http://localhost").unwrap();
        let separator = if list.contains('?') { '&' } else { '?' };
        let rows = service.get(&format!("{list}{separator}limit=499"), &[]).await.json();
        let values = rows["items"].as_array().unwrap();
        assert!(values.iter().any(|row| row[target] == item[field]), "{name} lists {}", item[field]);
    }
    let children = item["links"].as_array().unwrap().iter().filter(|link| link["rel"] == "child");
    let children = children.map(|link| link["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(children, ["usageCharges", "usageMessages"]);
}

#[tokio::test]
async fn post_subscription_usage_event_batches_child_usage_events_action_reverse() {
    let service = TestService::new().await;
    let reversal = batch(&service, "REVERSAL", "ORA_REVERSE_REPLACE").await;
    let id = service.get(&reversal, &[]).await.json()["UsageBatchId"].clone();
    let event = service.event(DONE).await;
    let path = format!(
        "{BATCHES}/{}/child/usageEvents/{}",
        event["BatchNumber"].as_str().unwrap(),
        event["EventNumber"].as_str().unwrap()
    );
    let request = json!({
        "reverseBatchId": id,
        "reverseBatchNumber": "REVERSAL",
        "reverseEventNumber": event["EventNumber"],
    });
    check_action(&service, &path, "reverse", &request).await;
}

#[tokio::test]
async fn post_subscription_usage_event_batches_action_add_events() {
    let service = TestService::new().await;
    for (number, usage_type) in [("RERATE", "ORA_RERATE"), ("REVERSAL", "ORA_REVERSE_REPLACE")] {
        let path = batch(&service, number, usage_type).await;
        let request = json!({ "ruleBuilderConditions": [
            { "QualifiedRestObjectName": "subscriptionUsageEvents", "ConditionGroupType": "INCLUDE",
              "ConditionRestQParam": DONE, "AnyOther": {"additional": "property"} },
        ]});
        check_action(&service, &path, "addEvents", &request).await;
    }
}

/// The answer of an action is an object with a required object `result`, in the media type asked for.
async fn check_action(service: &TestService, path: &str, action: &str, request: &Json) {
    let path = format!("{path}/action/{action}");
    let action_type = ("content-type", "application/vnd.oracle.adf.action+json");
    let wrong = service.post(&path, &[("content-type", "text/plain")], &request.to_string()).await;
    assert_eq!(wrong.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let unacceptable =
        service.post(&path, &[action_type, ("accept", "text/html")], &request.to_string()).await;
    assert_eq!(unacceptable.status, StatusCode::NOT_ACCEPTABLE);
    let headers = [action_type, ("accept", "application/json"), ("metadata-context", "sandbox=\"S\"")];
    let answer = service.post(&path, &headers, &request.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("metadata-context"), "sandbox=\"S\"");
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["result"]);
    assert!(body["result"].is_object() && body["result"]["status"] == "SUCCESS", "{body}");
    let again = service.post(&path, &[action_type], "{}").await;
    if again.status == StatusCode::OK {
        assert_eq!(again.header("content-type"), "application/vnd.oracle.adf.actionresult+json");
    }
}

/// The lists beside a batch's events: their members, by the tables that the pages name.
#[tokio::test]
async fn get_children_of_subscription_usage_event_batches() {
    let service = TestService::new().await;
    let expected = [
        (
            "usageEventBatchErrors",
            "BatchId,BatchNumber,CountOfErroredEvents,EventBatchErrorId,EventBatchErrorNumber,MessageName,ObjectVersionNumber",
        ),
        ("usageEventBatchFiles", "BatchFileId,BatchFileNumber,BatchId,FileName,ObjectVersionNumber"),
        (
            "usageBusinessUnitBatches",
            "BatchId,BuBatchId,BuBatchNumber,BuId,EventsCount,EventsErroredCount,EventsProcessedCount,InprocessEventsCount,ObjectVersionNumber",
        ),
    ];
    let path = format!("{BATCHES}/UB-2026-10-TEL");
    let batch = service.get(&path, &[]).await.json();
    for (child, members) in expected {
        let rows = service.items(&format!("{path}/child/{child}"), &[]).await;
        assert!(!rows.is_empty(), "{child}");
        for row in &rows {
            for member in members.split(',').chain([
                "CreatedBy",
                "CreationDate",
                "LastUpdateDate",
                "LastUpdatedBy",
                "LastUpdateLogin",
                "links",
            ]) {
                assert!(row.get(member).is_some(), "{child} has no {member}: {row}");
            }
            assert_eq!(row["BatchId"], batch["UsageBatchId"], "{child}");
            let own = row["links"][0]["href"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
            assert_eq!(service.get(own, &[]).await.json(), *row, "{own}");
        }
        match child {
            "usageEventBatchErrors" => {
                let sum = rows.iter().map(|row| row["CountOfErroredEvents"].as_i64().unwrap()).sum::<i64>();
                assert_eq!(batch["CountOfEventsErrored"], sum);
            }
            "usageBusinessUnitBatches" => {
                assert_eq!((rows.len(), &rows[0]["EventsCount"]), (1, &batch["CountOfUsageEvents"]));
            }
            _ => {}
        }
    }
    let errors = format!("{path}/child/usageEventBatchErrors");
    let new = made(&service, &errors, r#"{"MessageName":"OSS_OTHER"}"#).await;
    assert_eq!(new["CountOfErroredEvents"], 0);
    assert_eq!(
        service.post(&errors, &[], r#"{"MessageName":"OSS_OTHER"}"#).await.faults(),
        ["25013 /MessageName"]
    );
    let own = format!("{errors}/{}", new["EventBatchErrorNumber"].as_str().unwrap());
    let answer = service.patch(&own, &[], r#"{"MessageName":"OSS_ANOTHER","ObjectVersionNumber":1}"#).await;
    assert_eq!((answer.status, &answer.json()["MessageName"]), (StatusCode::OK, &json!("OSS_ANOTHER")));
    assert_eq!(service.delete(&own, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn get_usage_batch_errors() {
    let service = TestService::new().await;
    let rows = service.items(&format!("{BASE}/usageBatchErrors"), &[]).await;
    let events = service
        .items(EVENTS, &[("q", "EventStatus = 'ORA_ERROR'"), ("fields", "Error"), ("limit", "499")])
        .await;
    let mut counts = BTreeMap::<&str, i64>::new();
    for event in &events {
        *counts.entry(event["Error"].as_str().unwrap()).or_default() += 1;
    }
    let found = rows
        .iter()
        .map(|row| (row["MessageName"].as_str().unwrap(), row["CountOfErroredEvents"].as_i64().unwrap()));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), counts);
    let one = service
        .get(&format!("{BASE}/usageBatchErrors/{}", rows[0]["MessageName"].as_str().unwrap()), &[])
        .await;
    assert_eq!(one.json(), rows[0]);
}

/// The rate table is there for everybody to see.
#[tokio::test]
async fn get_rates_and_allowances() {
    let service = TestService::new().await;
    let rates = service
        .items(
            &format!("{BASE}/usageRatesLOV"),
            &[("q", "EventType = 'ORA_VOICE_DATA' and CurrencyCode = 'EUR'")],
        )
        .await;
    let shown = rates
        .iter()
        .map(|rate| format!("{} {} {}", rate["RatingModel"], rate["AboveQuantity"], rate["UnitPrice"]));
    assert_eq!(shown.collect::<Vec<_>>(), ["\"ORA_TIER\" 0 0.023", "\"ORA_TIER\" 300 0.0115"]);
    let q = "SubscriptionProductPuid = 'SP-10041-TEL' and PeriodStart = '2026-11-01'";
    let allowances = service.items(&format!("{BASE}/usageAllowancesLOV"), &[("q", q)]).await;
    assert_eq!(
        (&allowances[0]["AllottedQuantity"], &allowances[0]["ConsumedQuantity"]),
        (&json!(300), &json!(0))
    );
    let conversions =
        service.items(&format!("{BASE}/unitConversionsLOV"), &[("q", "EventType = 'ORA_ENERGY'")]).await;
    assert_eq!(conversions[0]["ConversionRate"].to_string(), "0.001");
}

#[tokio::test]
async fn describe_tells_attributes_actions_and_children() {
    let service = TestService::new().await;
    let whole = service.get(&format!("{BASE}/describe"), &[("includeChildren", "true")]).await;
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(whole.header("content-type"), "application/vnd.oracle.adf.description+json");
    let posted = service.post(&format!("{BASE}/describe"), &[], "{}").await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    let whole = whole.json();
    let batches = &whole["Resources"]["subscriptionUsageEventBatches"];
    let actions = batches["item"]["actions"].as_array().unwrap();
    let names = actions.iter().map(|action| action["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        names,
        ["get", "update", "delete", "addEvents", "deleteEvents", "lockForReview", "revert", "submit"]
    );
    let event = &batches["children"]["usageEvents"];
    let attribute = |name: &str| {
        let attributes = event["attributes"].as_array().unwrap();
        attributes.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    assert_eq!(attribute("UsageQuantity")["type"], "number");
    assert_eq!(
        (&attribute("EventNumber")["updatable"], &attribute("EventNumber")["settable"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&attribute("EventStatus")["maxLength"], &attribute("EventStatus")["queryable"]),
        (&json!(30), &json!(true))
    );
    assert_eq!(attribute("CurrencyCode")["lov"]["childRef"], "CurrencyCodeVA");
    assert!(event["children"]["usageCharges"]["attributes"].is_array());
    let one = service.get(&format!("{EVENTS}/describe"), &[("metadataMode", "minimal")]).await.json();
    let one = &one["Resources"]["subscriptionUsageEvents"];
    assert!(one.get("attributes").is_none() && one.get("children").is_none());
    assert_eq!(one["item"]["actions"][3]["name"], "reverse");
    assert!(
        one["item"]["actions"][3]["href"]
            .as_str()
            .unwrap()
            .ends_with("/subscriptionUsageEvents/{id}/action/reverse")
    );
}
