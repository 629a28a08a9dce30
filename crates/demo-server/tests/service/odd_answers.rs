//! What this service really answers, with one thing changed at a time into what no server should send: the
//! reader that the console uses takes each whole, loses no item, and writes nothing that it did not
//! understand.

use axum::http::Method;
use rest_contract::cloud_foundry::{EventPage, UsageTable};
use rest_contract::logisense::{BASE_BUCKET, content_version, read_list};
use rest_contract::oracle::charged_amounts::billed_by;
use rest_contract::oracle::correction::Change;
use rest_contract::oracle::correction_plan::Plan;
use rest_contract::oracle::eligibility::Eligibility;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::{BATCH, EVENT};
use rest_contract::{Collection, Record, Schema, Value};
use serde_json::{Map, Value as Json, json};

use crate::test_database::postgres_server;
use crate::test_service::*;

/// In all, over the lists below. A tenth of them where the answers come from PostgreSQL: the reader that is
/// tried is the same.
fn answer_count() -> usize {
    if postgres_server().is_some() { 2_100 } else { 21_000 }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// Stands in a text for a token that no JSON library would write.
const RAW: &str = "\u{1}RAW";
const TOKENS: [&str; 9] = [
    "0.333333333333333333333333333333333333",
    "1e400",
    "-0",
    "99999999999999999999999999999999999999999",
    "1E-7",
    "\"\\ud800\"",
    "{\"a\":1,\"a\":2}",
    "\"\\u0000\"",
    "[[[[[[[[]]]]]]]]",
];

/// A value that stands where another one should.
fn odd(dice: &mut Dice, was: &Json) -> Json {
    match dice.below(14) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(7),
        3 => json!(-1.5),
        4 => json!(""),
        5 => json!("\u{202e}0001 51\u{0}\u{7}"),
        6 => json!("x".repeat(5_000)),
        7 => json!([]),
        8 => json!({}),
        9 => json!([was]),
        10 => json!({ "value": was }),
        11 => json!(was.to_string()),
        12 => json!("ORA_OF_THEIR_OWN"),
        _ => json!(format!("{RAW}{}", dice.below(TOKENS.len()))),
    }
}

/// The paths of all values below one, each a list of names and places.
fn paths(value: &Json, here: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(here.clone());
    let children: Vec<(String, &Json)> = match value {
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        here.push(name);
        paths(child, here, found);
        here.pop();
    }
}

/// Changes what stands at a path, or takes it away.
fn change(answer: &mut Json, path: &[String], dice: &mut Dice) {
    let Some((last, above)) = path.split_last() else { return };
    let mut holder = answer;
    for name in above {
        holder = match holder {
            Json::Object(members) => members.get_mut(name).unwrap(),
            Json::Array(items) => items.get_mut(name.parse::<usize>().unwrap()).unwrap(),
            _ => unreachable!("a path leads through what it was made of"),
        };
    }
    match holder {
        Json::Object(members) if dice.below(8) == 0 => drop(members.remove(last)),
        Json::Object(members) => {
            let value = odd(dice, &members[last]);
            members.insert(last.clone(), value);
        }
        Json::Array(items) => {
            let at = last.parse::<usize>().unwrap();
            items[at] = odd(dice, &items[at].clone());
        }
        _ => unreachable!("a path leads through what it was made of"),
    }
}

fn text_of(answer: &Json) -> Vec<u8> {
    let mut text = answer.to_string();
    // The mark is written as an escape.
    if !text.contains("RAW") {
        return text.into_bytes();
    }
    for (at, token) in TOKENS.iter().enumerate() {
        let marked = Json::String(format!("{RAW}{at}")).to_string();
        text = text.replace(&marked, token);
    }
    text.into_bytes()
}

/// How many items a list answer still has, and nothing where it is no list any more.
fn items_of(answer: &Json, path: &[&str]) -> Option<usize> {
    let list = path.iter().try_fold(answer, |at, name| at.get(name))?;
    match list.as_str().and_then(|text| text.strip_prefix(RAW)) {
        // A token that is a list of one.
        Some(token) => {
            (TOKENS.iter().position(|one| one.starts_with('[')) == token.parse().ok()).then_some(1)
        }
        None => Some(list.as_array()?.len()),
    }
}

/// What holds for every record, odd or not.
fn check(record: &Record, what: &str) {
    let is_odd = record.present().any(|(_, value)| value.is_unread());
    let written = serde_json::to_string(record);
    let nested = record.faults().iter().any(|fault| fault.field.contains('/'));
    assert!(!is_odd || written.is_err(), "{what}: what is not understood is not written");
    assert!(is_odd || nested || written.is_ok(), "{what}: {written:?}");
    assert!(!is_odd || !record.faults().is_empty(), "{what}: and it is told");
    assert_eq!(record.faults().is_empty(), record.as_it_came().is_none(), "{what}");
    for (_, value) in record.present() {
        let _ = value.to_string();
    }
    let sums = billed_by(record, |_| true);
    sums.values().for_each(|sum| drop(sum.text()));
    let mut weighed = Eligibility::default();
    weighed.add(record, EventAction::Reverse, "ORA_COMPLETED", None, &[]);
    assert!(weighed.allowed.iter().all(|number| !number.is_empty()), "{what}: nothing nameless is acted on");
    let mut plan = Plan::default();
    let field = EVENT.field("CurrencyCode").unwrap();
    plan.add(record, "ORA_DRAFT", &[], &[(field, Change::SetTo(Value::Text("EUR".to_owned())))]);
    let touches = plan.changed.iter().flat_map(|row| &row.changes);
    assert!(touches.clone().all(|change| !change.before.is_unread()), "{what}: nothing odd is overwritten");
    let _ = content_version(record);
}

#[tokio::test]
async fn no_answer_takes_the_page_away() {
    let service = TestService::to_read().await;
    let platform = service.token("admin").await;
    let billing = service.billing_token("admin").await;
    let ask = async |path: &str, bearer: &str| {
        let headers = [("authorization", bearer)];
        service.send(request(Method::GET, path, "", &headers, "")).await.json()
    };
    let errored = address(EVENTS, &[("limit", "2"), ("expand", "all"), ("q", "EventStatus = 'ORA_ERROR'")]);
    let rated = address(EVENTS, &[("limit", "2"), ("expand", "all"), ("q", "EventStatus = 'ORA_PROCESSED'")]);
    let oracle: [(&'static Schema, Json); 3] = [
        (&EVENT, ask(&errored, &platform).await),
        (&EVENT, ask(&rated, &platform).await),
        (&BATCH, ask(&address(BATCHES, &[("limit", "2"), ("totalResults", "true")]), &platform).await),
    ];
    let usage = ask("/v3/service_usage_events?per_page=3", &platform).await;
    let buckets = "/ResourceServer/api/v8/Usage/Bucket/Base";
    let list = ask(&format!("{buckets}/"), &billing).await;
    let paged = ask(&format!("{buckets}/Paged/Detail"), &billing).await;

    // What hangs on an event is tried by itself: most of its text is links.
    let samples: [(&str, &Json, &[&str]); 6] = [
        ("errored events", &oracle[0].1, &["items"]),
        ("rated events", &oracle[1].1, &["items"]),
        ("batches", &oracle[2].1, &["items"]),
        ("usage", &usage, &["resources"]),
        ("buckets", &list, &["items"]),
        ("paged buckets", &paged, &["pagedResults", "items"]),
    ];
    let places = samples.map(|(_, sample, _)| {
        let mut all = Vec::new();
        paths(sample, &mut Vec::new(), &mut all);
        all
    });
    let mut dice = Dice(0x0DD5);
    let answers = answer_count();
    let mut tried = 0;
    let mut odd_records = 0;
    while tried < answers {
        let at = tried % samples.len();
        let (name, sample, path) = samples[at];
        let mut answer = sample.clone();
        let changed = &places[at][dice.below(places[at].len())];
        change(&mut answer, changed, &mut dice);
        let body = text_of(&answer);
        let now = changed.iter().try_fold(&answer, |at, name| match at {
            Json::Array(items) => items.get(name.parse::<usize>().unwrap()),
            other => other.get(name),
        });
        let what = format!("{name} {} = {now:?}", changed.join("/"));
        // A page that says that more follows, and gives nothing, is no page.
        let is_none = |items: &usize| *items == 0 && answer.get("hasMore") == Some(&Json::Bool(true));
        let due = items_of(&answer, path).filter(|items| !is_none(items));
        tried += 1;
        match name {
            "usage" => match EventPage::read(&body) {
                Ok(page) => {
                    let events = page.read_events();
                    let mut table = UsageTable::default();
                    events.iter().for_each(|event| table.push(event));
                    assert_eq!(Some(table.len() + table.unread().len()), due, "{what}");
                    odd_records += table.unread().len();
                }
                Err(_) => assert_eq!(due, None, "{what}"),
            },
            _ => {
                let read = match oracle.get(at) {
                    Some((schema, _)) => Collection::read(schema, &body).map(|page| page.items),
                    None => read_list(&BASE_BUCKET, &body).map(|list| list.items),
                };
                match read {
                    Ok(items) => {
                        assert_eq!(Some(items.len()), due, "{what}");
                        items.iter().for_each(|record| check(record, &what));
                        odd_records += items.iter().filter(|record| !record.faults().is_empty()).count();
                    }
                    Err(_) => assert_eq!(due, None, "{what}"),
                }
            }
        }
    }
    assert!(odd_records > answers * 3 / 10, "only {odd_records} records were odd: this proves little");
    println!("{tried} answers, {odd_records} odd records, every list stood");
}

#[test]
fn a_path_that_is_changed_is_changed() {
    let mut dice = Dice(7);
    let sample = Json::Object(Map::from_iter([("a".to_owned(), json!([{ "b": 1 }]))]));
    let changes = (0..50).filter(|_| {
        let mut answer = sample.clone();
        change(&mut answer, &["a".to_owned(), "0".to_owned(), "b".to_owned()], &mut dice);
        answer != sample
    });
    assert!(changes.count() > 45);
}
