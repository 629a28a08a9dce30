//! What events of spans of time come to: counted by status, added up by currency, held against sums made otherwise.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use demo_server::database::{Statement, query};
use rest_contract::oracle::event_metrics::{EventKind, EventMetrics, METRICS_ACTION, metrics_request};
use rest_contract::{month::Month, read_decimal};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::acting::{batch, done, rules};
use crate::creating::made;
use crate::rating::call;
use crate::test_service::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

async fn metrics(service: &TestService, boundaries: &[DateTime<Utc>]) -> EventMetrics {
    let path = format!("{EVENTS}/action/{METRICS_ACTION}");
    let headers = [("content-type", "application/vnd.oracle.adf.action+json")];
    // A reader's role is enough.
    let body = metrics_request(boundaries);
    let answer = service.send(request(Method::POST, &path, "viewer", &headers, &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    EventMetrics::read(answer.text.as_bytes(), boundaries).unwrap()
}

/// `status, reversal or not, currency: sum` of each span.
fn sums(metrics: &EventMetrics, span: usize) -> Vec<String> {
    let amounts = metrics.spans[span].amounts.iter();
    let lines = amounts.flat_map(|(kind, amounts)| {
        amounts.iter().map(|(currency, sum)| {
            let reversal = if kind.is_reversal { " reversal" } else { "" };
            format!("{}{reversal} {currency}: {}", kind.status, sum.text().unwrap())
        })
    });
    lines.collect()
}

fn count(metrics: &EventMetrics, span: usize) -> u64 {
    metrics.spans[span].counts.values().sum()
}

/// A service without any event.
async fn empty() -> TestService {
    let service = TestService::new().await;
    let mut transaction = service.service.database.begin_write().await.unwrap();
    for table in ["usage_charges", "usage_messages", "usage_events"] {
        query(&format!("DELETE FROM {table}")).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    service
}

/// An event that brings its charges, in a batch.
async fn add(service: &TestService, batch: &str, number: &str, start: &str, currency: &str, charges: Json) {
    let event = json!({
        "EventNumber": number, "SubscriptionProductPuid": "SP-10041-TEL", "EventType": "ORA_VOICE_DATA",
        "EventRatingType": "ORA_PRE_RATED", "EventStartTime": start, "EventEndTime": start,
        "UsageQuantity": 1, "UsageUnitOfMeasure": "MIN", "CurrencyCode": currency,
    });
    let text = event.to_string().replacen('{', &format!("{{\"usageCharges\":{},", raw(&charges)), 1);
    made(service, &format!("{batch}/child/usageEvents"), &text).await;
}

/// Amounts travel as numbers with every digit: the texts of a test lose their quotes.
fn raw(charges: &Json) -> String {
    let one = |charge: &Json| {
        let currency = charge[1].as_str().map(|code| format!(",\"ChargeCurrency\":\"{code}\""));
        format!("{{\"BilledAmount\":{}{}}}", charge[0].as_str().unwrap(), currency.unwrap_or_default())
    };
    format!("[{}]", charges.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(","))
}

async fn process(service: &TestService, batch: &str) {
    done(service, batch, "lockForReview", "{}").await;
    done(service, batch, "submit", "{}").await;
    service.rate().await;
}

#[tokio::test]
async fn a_month_and_its_days_hold_the_events_of_their_zones_clock() {
    let service = empty().await;
    let own = batch(&service, "SET-S", "ORA_RATING").await;
    for (place, (start, amount)) in [
        ("2026-09-30T21:59:59.999999Z", "1.00"),
        ("2026-09-30T22:00:00Z", "2.00"),
        ("2026-10-25T00:30:00Z", "4.00"),
        ("2026-10-25T01:30:00Z", "8.00"),
        ("2026-10-25T22:30:00Z", "16.00"),
        ("2026-10-25T23:00:00Z", "32.00"),
        ("2026-10-31T22:59:59.999500Z", "64.00"),
        ("2026-10-31T23:00:00Z", "128.00"),
    ]
    .into_iter()
    .enumerate()
    {
        add(&service, &own, &format!("S{}", place + 1), start, "EUR", json!([[amount]])).await;
    }
    process(&service, &own).await;
    for (zone, events, october, events_25th, the_25th) in [
        ("UTC", 6, "252.00", 4, "60.00"),
        ("Europe/Berlin", 6, "126.00", 3, "28.00"),
        ("America/Los_Angeles", 6, "252.00", 2, "48.00"),
        ("Asia/Kolkata", 6, "63.00", 2, "12.00"),
        ("Africa/Cairo", 6, "63.00", 2, "12.00"),
        ("America/Havana", 6, "252.00", 2, "48.00"),
    ] {
        let clock: Tz = zone.parse().unwrap();
        let offset = |at: &DateTime<Utc>| {
            use chrono::{Offset as _, TimeZone as _};
            Some(i64::from(clock.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
        };
        let month = Month::read("2026-10").unwrap();
        let span = month.span(offset).unwrap();
        let whole = metrics(&service, &[span.start, span.end]).await;
        assert_eq!(count(&whole, 0), events, "{zone}");
        assert_eq!(sums(&whole, 0), [format!("ORA_PROCESSED EUR: {october}")], "{zone}");
        let days = month.days(offset).unwrap();
        let boundaries: Vec<_> = days.iter().map(|day| day.from).chain([span.end]).collect();
        let by_day = metrics(&service, &boundaries).await;
        assert_eq!(count(&by_day, 24), events_25th, "{zone}");
        assert_eq!(sums(&by_day, 24), [format!("ORA_PROCESSED EUR: {the_25th}")], "{zone}");
        assert_eq!((0..days.len()).map(|day| count(&by_day, day)).sum::<u64>(), events, "{zone}");
        let first_and_last = whole.spans[0].first_and_last.unwrap();
        assert!(span.contains(&first_and_last.0) && span.contains(&first_and_last.1), "{zone}");
    }
}

#[tokio::test]
async fn every_currency_is_a_line_with_every_digit() {
    let service = empty().await;
    let own = batch(&service, "M09", "ORA_RATING").await;
    let start = "2026-10-05T10:00:00Z";
    for (number, currency, charges) in [
        ("EUR", "EUR", json!([["12.50"], ["0.50"]])),
        ("JPY", "JPY", json!([["900"], ["1200"]])),
        ("KWD", "KWD", json!([["0.125"], ["0.125"]])),
        // In another currency than its event, and with more decimals than the currency has.
        ("USD", "EUR", json!([["0.00125", "USD"]])),
        // More digits than SQLite adds up by itself, twice the same, once of the other sign.
        (
            "LONG",
            "GBP",
            json!([["12345678901.123456789"], ["12345678901.123456789"], ["-0.00000000000000001"]]),
        ),
        // Added before and behind the point; one of them behind it only.
        (
            "PARTS",
            "SEK",
            json!([["12345678901.50"], ["-12345678901.25000000001"], ["-0.00000000125"], ["0.00000000125"]]),
        ),
        ("NOTHING", "CHF", json!([["0"], ["-1.50"], ["1.5"]])),
    ] {
        add(&service, &own, number, start, currency, charges).await;
    }
    // Without a currency an event can only wait.
    let blank = made(
        &service,
        &format!("{own}/child/usageEvents"),
        &json!({
            "EventNumber": "BLANK", "SubscriptionProductPuid": "SP-10041-TEL", "EventType": "ORA_VOICE_DATA",
            "EventStartTime": start, "UsageQuantity": 1, "UsageUnitOfMeasure": "MIN",
            "usageCharges": [{ "BilledAmount": 7 }],
        })
        .to_string(),
    )
    .await;
    assert_eq!(blank["CurrencyCode"], Json::Null);
    let found = metrics(&service, &[at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")]).await;
    assert_eq!(
        sums(&found, 0),
        [
            "ORA_DRAFT : 7",
            "ORA_DRAFT CHF: 0.00",
            "ORA_DRAFT EUR: 13.00",
            "ORA_DRAFT GBP: 24691357802.24691357799999999",
            "ORA_DRAFT JPY: 2100",
            "ORA_DRAFT KWD: 0.250",
            "ORA_DRAFT SEK: 0.24999999999",
            "ORA_DRAFT USD: 0.00125",
        ]
    );
}

#[tokio::test]
async fn many_long_amounts_are_few_groups() {
    let service = empty().await;
    let own = batch(&service, "LONG", "ORA_RATING").await;
    let amounts: Vec<_> = (10..60).map(|place| json!([format!("-12345.6789012{place}")])).collect();
    add(&service, &own, "LONG", "2026-10-05T10:00:00Z", "EUR", json!(amounts)).await;
    let mut reading = service.service.database.readers.begin().await.unwrap();
    let sum = reading.exact_sum("billed_amount");
    let sql = format!("SELECT {}, {}, COUNT(*) FROM usage_charges GROUP BY 1", sum.group, sum.digits);
    let rows = Statement::new(&sql).rows(&mut reading).await.unwrap();
    assert_eq!(rows.len(), 1);
    let (group, digits): (String, String) = (rows[0].try_get(0).unwrap(), rows[0].try_get(1).unwrap());
    let sum = sum.read(&group, Some(&digits), rows[0].try_get(2).unwrap()).unwrap();
    assert_eq!(sum.text().as_deref(), Some("-617283.945061725"));
}

#[tokio::test]
async fn what_a_reversal_takes_back_stands_apart_in_the_month_of_its_event() {
    let service = empty().await;
    let own = batch(&service, "M10", "ORA_RATING").await;
    for number in 1..=5 {
        let start = format!("2026-10-1{number}T10:00:00Z");
        add(&service, &own, &format!("R{number}"), &start, "EUR", json!([["20.00"]])).await;
    }
    process(&service, &own).await;
    let october = [at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")];
    let back = batch(&service, "BACK", "ORA_REVERSE_REPLACE").await;
    let which = rules(&[("INCLUDE", "EventNumber = 'R3'")]);
    done(&service, &back, "addEvents", &which).await;
    let waiting = metrics(&service, &october).await;
    assert_eq!(sums(&waiting, 0), ["ORA_PROCESSED EUR: 100.00"], "nothing is taken back yet");
    process(&service, &back).await;
    let found = metrics(&service, &october).await;
    assert_eq!(
        sums(&found, 0),
        ["ORA_PROCESSED EUR: 80.00", "ORA_PROCESSED reversal EUR: -20.00", "ORA_REVERSED EUR: 20.00"]
    );
    assert!(found.as_of > waiting.as_of);
    // With a replacement.
    let more = batch(&service, "MORE", "ORA_RATING").await;
    add(&service, &more, "R3-NEW", "2026-10-13T10:00:00Z", "EUR", json!([["15.00"]])).await;
    process(&service, &more).await;
    let net: Decimal = metrics(&service, &october).await.spans[0]
        .amounts
        .values()
        .map(|amounts| read_decimal(&amounts["EUR"].text().unwrap()).unwrap())
        .sum();
    assert_eq!(net.to_string(), "95.00");
}

/// What could not be rated again stays processed at its old amounts; that it has an error must not be lost.
#[tokio::test]
async fn processed_events_that_have_an_error_stand_apart() {
    let service = empty().await;
    let own = batch(&service, "FIRST", "ORA_RATING").await;
    for number in 1..=3 {
        let event = call(&format!("R{number}"), "24000", json!({}));
        made(&service, &format!("{own}/child/usageEvents"), &event).await;
    }
    process(&service, &own).await;
    let span = [at("2026-11-10T00:00:00Z"), at("2026-11-11T00:00:00Z")];
    let processed = |error: Option<&str>| EventKind {
        status: "ORA_PROCESSED".to_owned(),
        is_reversal: false,
        error: error.map(str::to_owned),
    };
    let before = metrics(&service, &span).await;
    assert_eq!(before.spans[0].counts, BTreeMap::from([(processed(None), 3)]));
    for (number, which, counts) in [
        ("SOME", "R1", vec![(processed(None), 2), (processed(Some("OSS_NO_PRICE_LIST_LINE")), 1)]),
        ("ALL", "R2','R3", vec![(processed(Some("OSS_NO_PRICE_LIST_LINE")), 3)]),
    ] {
        // Of a currency that has no price any more.
        let mut transaction = service.service.database.begin_write().await.unwrap();
        let sql = format!("UPDATE usage_events SET currency_code = 'AUD' WHERE event_number in ('{which}')");
        query(&sql).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let again = batch(&service, number, "ORA_RERATE").await;
        let rule = format!("EventNumber in ('{which}')");
        done(&service, &again, "addEvents", &rules(&[("INCLUDE", &rule)])).await;
        process(&service, &again).await;
        let found = metrics(&service, &span).await;
        assert_eq!(found.spans[0].counts, BTreeMap::from_iter(counts), "{number}");
        assert_eq!(sums(&found, 0), sums(&before, 0), "{number}");
    }
}

/// All of the demo's data: what the action says, and what a plain reading of every event and charge comes to.
#[tokio::test]
async fn figures_are_those_of_the_rows() {
    let service = TestService::to_read().await;
    let boundaries = [at("2026-08-15T00:00:00Z"), at("2026-09-12T08:00:00Z"), at("2026-11-30T00:00:00Z")];
    let found = metrics(&service, &boundaries).await;
    let rows = query(
        "SELECT e.event_start_time, e.event_status, e.reverses_event_id IS NOT NULL, COALESCE(e.error, ''), \
         e.event_id, c.charge_currency, CAST(c.billed_amount AS TEXT) FROM usage_events e \
         LEFT JOIN usage_charges c ON c.event_id = e.event_id",
    )
    .fetch_all(&service.service.database.readers)
    .await
    .unwrap();
    let mut events = BTreeMap::<(usize, String, bool, String), std::collections::BTreeSet<i64>>::new();
    let mut amounts = BTreeMap::<(usize, String, bool, String, String), Decimal>::new();
    for row in rows {
        let start: Option<i64> = row.try_get(0).unwrap();
        let Some(start) = start.and_then(DateTime::from_timestamp_micros) else { continue };
        let Some(span) = boundaries.windows(2).position(|ends| (ends[0]..ends[1]).contains(&start)) else {
            continue;
        };
        let (status, is_reversal, error): (String, bool, String) =
            (row.try_get(1).unwrap(), row.try_get(2).unwrap(), row.try_get(3).unwrap());
        let of = events.entry((span, status.clone(), is_reversal, error.clone())).or_default();
        of.insert(row.try_get(4).unwrap());
        let (currency, billed): (Option<String>, Option<String>) =
            (row.try_get(5).unwrap(), row.try_get(6).unwrap());
        if let Some(billed) = billed {
            let error = if status == "ORA_ERROR" { error } else { String::new() };
            let key = (span, status, is_reversal, error, currency.unwrap_or_default());
            *amounts.entry(key).or_default() += read_decimal(&billed).unwrap();
        }
    }
    let mut told_events = BTreeMap::new();
    let mut told_amounts = BTreeMap::new();
    for (span, of) in found.spans.iter().enumerate() {
        let key = |kind: &EventKind| {
            (span, kind.status.clone(), kind.is_reversal, kind.error.clone().unwrap_or_default())
        };
        told_events.extend(of.counts.iter().map(|(kind, count)| (key(kind), *count)));
        for (kind, sums) in &of.amounts {
            let (span, status, is_reversal, error) = key(kind);
            told_amounts.extend(sums.iter().map(|(currency, sum)| {
                let key = (span, status.clone(), is_reversal, error.clone(), currency.clone());
                (key, read_decimal(&sum.text().unwrap()).unwrap())
            }));
        }
    }
    let events: BTreeMap<_, _> = events.into_iter().map(|(key, ids)| (key, ids.len() as u64)).collect();
    assert!(events.len() > 10 && amounts.len() > 20, "{} {}", events.len(), amounts.len());
    assert_eq!(told_events, events);
    assert_eq!(told_amounts, amounts);
}

#[tokio::test]
async fn what_are_no_boundaries_is_refused() {
    let service = TestService::new().await;
    let many = format!("[{}]", vec!["\"2026-10-01T00:00:00Z\""; 201].join(","));
    for boundaries in [
        "[]",
        r#"["2026-10-01T00:00:00Z"]"#,
        r#"["2026-10-01T00:00:00Z","2026-10-01T00:00:00Z"]"#,
        r#"["2026-11-01T00:00:00Z","2026-10-01T00:00:00Z"]"#,
        r#"["2026-10-01","2026-11-01"]"#,
        r#"["2026-10-01T00:00:00","2026-11-01T00:00:00Z"]"#,
        &many,
    ] {
        let body = format!("{{\"boundaries\":{boundaries}}}");
        let answer = service.act(EVENTS, METRICS_ACTION, &body).await;
        assert_eq!(answer.faults(), ["27024 /boundaries"], "{boundaries}");
    }
    assert_eq!(service.act(EVENTS, METRICS_ACTION, "{}").await.faults(), ["27024 /boundaries"]);
    assert_eq!(service.act(EVENTS, METRICS_ACTION, r#"{"spans":[]}"#).await.faults(), ["26080 "]);
    // As one event's, or of a batch, there is no such action.
    let event = service.event("EventStatus = 'ORA_PROCESSED'").await;
    assert_eq!(service.act(&event_path(&event), METRICS_ACTION, "{}").await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.act(BATCHES, METRICS_ACTION, "{}").await.status, StatusCode::NOT_FOUND);
}
