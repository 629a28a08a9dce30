//! Rules as people build them, held against a plain reading of the events: the list's question and
//! `addEvents` find the same ones, and those are the ones that the words of the rule name.

use axum::http::StatusCode;
use chrono::{DateTime, Days, NaiveDate, Utc};
use rest_contract::oracle::EVENT;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::oracle::selection_rule::{Comparison, Group, Operator, SelectionRule};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::acting::{batch, done};
use crate::test_service::*;

fn compare(field: &str, operator: Operator, value: &str) -> Comparison {
    Comparison { field: field.to_owned(), operator, value: value.to_owned() }
}

fn group(excludes: bool, comparison: Comparison) -> Group {
    Group { excludes, any: false, comparisons: vec![comparison] }
}

fn rule(groups: Vec<Group>) -> SelectionRule {
    SelectionRule { name: String::new(), groups }
}

async fn all_events(service: &TestService) -> Vec<Json> {
    let mut all = Vec::new();
    for offset in ["0", "499", "998"] {
        let query = [("limit", "499"), ("offset", offset), ("onlyData", "true")];
        all.extend(service.items(EVENTS, &query).await);
    }
    assert_eq!(all.len() as u64, EVENT_COUNT);
    all
}

async fn found(service: &TestService, q: &str) -> u64 {
    let query = [("q", q), ("limit", "1"), ("totalResults", "true"), ("fields", "EventId")];
    let answer = service.get(EVENTS, &query).await;
    assert_eq!(answer.status, StatusCode::OK, "{q}: {}", answer.text);
    answer.json()["totalResults"].as_u64().unwrap()
}

/// Asks by the rule; as many must be found as a reading of all says, which are some and not all.
async fn check(service: &TestService, all: &[Json], rule: &SelectionRule, belongs: impl Fn(&Json) -> bool) {
    let q = rule.q().unwrap();
    let expected = all.iter().filter(|event| belongs(event)).count();
    assert!((1..all.len()).contains(&expected), "{q}: the demo data hold no case of it");
    assert_eq!(found(service, &q).await, expected as u64, "{q}");
}

fn start(event: &Json) -> Option<DateTime<Utc>> {
    rest_contract::read_date_time(event["EventStartTime"].as_str()?)
}

fn quantity(event: &Json) -> Option<Decimal> {
    // Digits as they came, not as a double.
    event["UsageQuantity"].as_number().map(|number| rest_contract::read_decimal(&number.to_string()).unwrap())
}

#[tokio::test]
async fn a_day_is_all_of_it_and_ends_before_the_next() {
    let service = TestService::to_read().await;
    let all = &all_events(&service).await;
    let days = ["2026-10-31", "2026-10-01", "2026-09-15"];
    for typed in days {
        let day: NaiveDate = typed.parse().unwrap();
        let next = day.checked_add_days(Days::new(1)).unwrap();
        let of = |event: &Json| start(event).map(|at| at.date_naive());
        let by = |operator| rule(vec![group(false, compare("EventStartTime", operator, typed))]);
        check(&service, all, &by(Operator::AtMost), |e| of(e).is_some_and(|at| at <= day)).await;
        check(&service, all, &by(Operator::Below), |e| of(e).is_some_and(|at| at < day)).await;
        check(&service, all, &by(Operator::AtLeast), |e| of(e).is_some_and(|at| at >= day)).await;
        check(&service, all, &by(Operator::Above), |e| of(e).is_some_and(|at| at >= next)).await;
        check(&service, all, &by(Operator::Is), |e| of(e) == Some(day)).await;
        check(&service, all, &by(Operator::IsNot), |e| of(e) != Some(day)).await;
    }
    // A minute that an event begins in, to the minute and to the second.
    let some = start(&all[7]).unwrap();
    for (format, seconds) in [("%Y-%m-%d %H:%M", 60), ("%Y-%m-%dT%H:%M:%S", 1)] {
        let typed = some.format(format).to_string();
        let from = some.timestamp() - some.timestamp().rem_euclid(seconds);
        let is_within =
            |event: &Json| start(event).is_some_and(|at| (from..from + seconds).contains(&at.timestamp()));
        let by = |operator| rule(vec![group(false, compare("EventStartTime", operator, &typed))]);
        check(&service, all, &by(Operator::Is), is_within).await;
        check(&service, all, &by(Operator::IsNot), |event| !is_within(event)).await;
    }
}

#[tokio::test]
async fn events_without_a_value_are_among_those_that_are_not_something() {
    let service = TestService::to_read().await;
    let all = &all_events(&service).await;
    assert!(all.iter().any(|event| event["CurrencyCode"].is_null()), "the demo data have blank currencies");
    for (field, value) in [
        ("CurrencyCode", "EUR"),
        ("CurrencyCode", "JPY"),
        ("Error", "none such"),
        ("EventTimeZone", "Europe/Berlin"),
    ] {
        let is = |event: &Json| event[field] == value;
        let not = rule(vec![group(false, compare(field, Operator::IsNot, value))]);
        let q = not.q().unwrap();
        let expected = all.iter().filter(|event| !is(event)).count() as u64;
        assert_eq!(found(&service, &q).await, expected, "{q}");
        let same = rule(vec![group(false, compare(field, Operator::Is, value))]);
        assert_eq!(
            found(&service, &same.q().unwrap()).await + expected,
            EVENT_COUNT,
            "is and is not are all"
        );
    }
    check(&service, all, &rule(vec![group(false, compare("UsageQuantity", Operator::AtMost, "1.5"))]), |e| {
        quantity(e).is_some_and(|quantity| quantity <= Decimal::new(15, 1))
    })
    .await;
    // Leaving out what is not something keeps what is, and nothing that is blank.
    let only = rule(vec![
        group(false, compare("EventId", Operator::IsNotEmpty, "")),
        group(true, compare("CurrencyCode", Operator::IsNot, "EUR")),
    ]);
    check(&service, all, &only, |e| e["CurrencyCode"] == "EUR").await;
    let rest = rule(vec![
        group(false, compare("EventId", Operator::IsNotEmpty, "")),
        group(true, compare("CurrencyCode", Operator::OneOf, "EUR,USD")),
    ]);
    check(&service, all, &rest, |e| e["CurrencyCode"] != "EUR" && e["CurrencyCode"] != "USD").await;
}

#[tokio::test]
async fn the_filter_of_a_column_finds_what_a_plain_reading_finds() {
    let service = TestService::to_read().await;
    let all = &all_events(&service).await;
    let one_of = |values: &[&str], or_blank| FieldCondition::OneOf {
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        or_blank,
    };
    let between = |from: &str, to: &str| FieldCondition::Between { from: from.to_owned(), to: to.to_owned() };
    let day = |event: &Json| Some(start(event)?.date_naive().to_string());
    let holds =
        |event: &Json| event["Error"].as_str().is_some_and(|text| text.to_lowercase().contains("currency"));
    type Belongs<'a> = &'a dyn Fn(&Json) -> bool;
    let cases: [(&str, FieldCondition, Belongs<'_>); 8] = [
        ("Error", FieldCondition::Contains("cUrrency ".to_owned()), &holds),
        ("CurrencyCode", one_of(&["EUR", "USD"], false), &|e| {
            e["CurrencyCode"] == "EUR" || e["CurrencyCode"] == "USD"
        }),
        ("CurrencyCode", one_of(&["EUR"], true), &|e| {
            e["CurrencyCode"] == "EUR" || e["CurrencyCode"].is_null()
        }),
        ("CurrencyCode", FieldCondition::Blank, &|e| e["CurrencyCode"].is_null()),
        ("CurrencyCode", FieldCondition::NotBlank, &|e| !e["CurrencyCode"].is_null()),
        ("UsageQuantity", between("1.5", "20"), &|e| {
            quantity(e)
                .is_some_and(|quantity| quantity >= Decimal::new(15, 1) && quantity <= Decimal::from(20))
        }),
        ("EventStartTime", between("2026-10-01", "2026-10-02"), &|e| {
            day(e).is_some_and(|day| day == "2026-10-01" || day == "2026-10-02")
        }),
        ("EventStartTime", between("", "2026-09-15"), &|e| day(e).is_some_and(|day| *day <= *"2026-09-15")),
    ];
    for (name, condition, belongs) in cases {
        let q = condition.q(EVENT.field(name).unwrap()).unwrap();
        let expected = all.iter().filter(|event| belongs(event)).count();
        assert!((1..all.len()).contains(&expected), "{q}: the demo data hold no case of it");
        assert_eq!(found(&service, &q).await, expected as u64, "{q}");
    }
}

#[tokio::test]
async fn what_a_rule_lists_is_what_it_adds() {
    let service = TestService::new().await;
    let september = || group(false, compare("BatchNumber", Operator::Is, "UB-2026-09-TEL"));
    let day = start(&service.event("BatchNumber = 'UB-2026-09-TEL' and ReverseFlag = true").await).unwrap();
    let day = day.date_naive().to_string();
    let rules = [
        rule(vec![Group {
            comparisons: vec![
                compare("BatchNumber", Operator::Is, "UB-2026-09-TEL"),
                compare("CurrencyCode", Operator::IsNot, "USD"),
            ],
            ..Group::default()
        }]),
        rule(vec![september(), group(true, compare("CurrencyCode", Operator::Is, "EUR"))]),
        rule(vec![september(), group(true, compare("CurrencyCode", Operator::IsNot, "EUR"))]),
        rule(vec![september(), group(true, compare("EventStartTime", Operator::Is, &day))]),
        rule(vec![september(), group(true, compare("EventStartTime", Operator::IsNot, &day))]),
        rule(vec![september(), group(true, compare("Error", Operator::IsNot, "none such"))]),
    ];
    for (at, rule) in rules.iter().enumerate() {
        let listed = found(&service, &format!("{} and ReverseFlag = true", rule.q().unwrap())).await;
        let path = batch(&service, &format!("RR-{at}"), "ORA_RERATE").await;
        let conditions: Json = serde_json::from_str(&rule.conditions().unwrap()).unwrap();
        let body = json!({ "ruleBuilderConditions": conditions }).to_string();
        let added = done(&service, &path, "addEvents", &body).await["count"].as_u64().unwrap();
        assert_eq!(added, listed, "{}", rule.q().unwrap());
        // No event has that error, so all are left out; every other rule adds some.
        assert_eq!(added == 0, at == 5);
        if added > 0 {
            done(&service, &path, "deleteEvents", r#"{"mode":"ALL"}"#).await;
        }
    }
}
