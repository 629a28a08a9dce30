//! What became of a record, one step below the other, the newest first.

use super::{EventNumbers, field_words, record_words, value_in_words};
use crate::data::lookups::LookupTables;
use crate::text::{count, second_utc};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Record, Value};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub struct Happened {
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: Vec<String>,
    /// Where more of it is told: address and words.
    pub way: Option<(String, &'static str)>,
}

/// The steps in the order of their times, the newest first.
pub fn happened_list(mut all: Vec<Happened>) -> impl IntoView {
    all.sort_by_key(|one| Reverse(one.at));
    let each = all.into_iter().map(|Happened { at, who, what, way }| {
        let what = what.into_iter().map(|line| view! { <span>{line}</span> }).collect_view();
        let way = way.map(|(address, words)| view! { <a href=address>{words}</a> });
        view! { <li><span class="number quiet">{second_utc(&at)}</span><div>{what}{way}</div><span class="quiet">{who}</span></li> }
    });
    view! { <ol class="timeline">{each.collect_view()}</ol> }
}

/// Changes as steps: what one request changed of one record stands together. Records are named but for those
/// of the kind `own`.
pub fn changes_in_steps(
    changes: &[Record],
    own: &str,
    tables: &LookupTables,
    numbers: &EventNumbers,
) -> Vec<Happened> {
    let mut all: Vec<Happened> = Vec::new();
    let mut before = None;
    for change in changes {
        let Some(at) = change.get("ChangedAt").and_then(Value::as_date_time) else { continue };
        let line = in_words(change, tables, numbers);
        let record = record_words(change);
        let same = (change.text("RequestId"), at, record.clone());
        match all.last_mut() {
            Some(last) if before.as_ref() == Some(&same) => last.what.push(line),
            _ => {
                let is_own = change.text("ResourceName") == Some(own);
                let what = (!is_own).then_some(record).into_iter().chain([line]).collect();
                let who = change.text("ChangedBy").unwrap_or_default().to_owned();
                all.push(Happened { at, who, what, way: None });
            }
        }
        before = Some(same);
    }
    all
}

/// Between changes of one run of a job there is less; what comes later is another run.
const ONE_RUN: TimeDelta = TimeDelta::seconds(60);

/// Changes of many records, those of one request together: how many records, and of each field what was done to
/// it in how many of them. The changes are in their order, the newest first.
pub fn changes_by_request(
    changes: &[Record],
    tables: &LookupTables,
    numbers: &EventNumbers,
) -> Vec<Happened> {
    let at = |change: &Record| change.get("ChangedAt").and_then(Value::as_date_time);
    let who = |change: &Record| change.text("ChangedBy").unwrap_or_default().to_owned();
    let runs = changes.chunk_by(|newer, older| {
        let is_one = newer.text("RequestId") == older.text("RequestId") && who(newer) == who(older);
        let gap = at(newer).zip(at(older)).map(|(newer, older)| newer - older);
        is_one && gap.is_some_and(|gap| gap < ONE_RUN)
    });
    let told = |run: &[Record]| {
        let newest = run.first()?;
        let records: BTreeSet<String> = run.iter().map(record_words).collect();
        let mut by_field = BTreeMap::<&str, Vec<String>>::new();
        for change in run {
            by_field.entry(field_words(change)).or_default().push(in_words(change, tables, numbers));
        }
        let first = records.first()?;
        let what = match records.len() {
            1 => first.clone(),
            number => format!("{} records changed", count(number as u64)),
        };
        let lines = by_field.into_iter().map(|(field, lines)| match lines.as_slice() {
            [one, others @ ..] if others.iter().all(|other| other == one) => match others.len() + 1 {
                1 => one.clone(),
                times => format!("{one}, {} times", count(times as u64)),
            },
            lines => format!("{field}: {} values", count(lines.len() as u64)),
        });
        let what = std::iter::once(what).chain(lines).collect();
        Some(Happened { at: at(newest)?, who: who(newest), what, way: None })
    };
    runs.filter_map(told).collect()
}

/// What a change did, such as "Service: a \u{2192} b".
fn in_words(change: &Record, tables: &LookupTables, numbers: &EventNumbers) -> String {
    let told = |name: &str| {
        let words = value_in_words(change, CHANGE_HISTORY.field(name)?, tables, numbers);
        Some(words).filter(|words| !words.is_empty())
    };
    let empty = || "(empty)".to_owned();
    let (from, to) = (told("ValueBefore"), told("ValueAfter"));
    format!("{}: {} \u{2192} {}", field_words(change), from.unwrap_or_else(empty), to.unwrap_or_else(empty))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Time, who, request, event, field, before, after; the newest first.
    fn told(changes: &[[&str; 7]]) -> Vec<String> {
        let read = |(id, [at, who, request, event, field, before, after]): (usize, &[&str; 7])| {
            let body = format!(
                r#"{{"ChangeId":{id},"ChangedAt":"2026-11-29T{at}Z","ChangedBy":"{who}","RequestId":"{request}","ResourceName":"usageEvents",
                    "RecordKey":"{event}","EventNumber":"{event}","FieldName":"{field}","ValueBefore":"{before}","ValueAfter":"{after}"}}"#
            );
            Record::read(&CHANGE_HISTORY, body.as_bytes()).unwrap()
        };
        let changes: Vec<Record> = changes.iter().enumerate().map(read).collect();
        let steps = changes_by_request(&changes, &LookupTables::default(), &EventNumbers::new());
        steps
            .into_iter()
            .map(|one| format!("{} {}: {}", second_utc(&one.at), one.who, one.what.join("; ")))
            .collect()
    }

    #[wasm_bindgen_test]
    fn what_one_request_changed_stands_together_and_under_who_changed_it() {
        let changes = [
            ["15:50:45", "Job", "r2", "E-2", "EventStatus", "A", "B"],
            ["15:50:44", "Job", "r2", "E-1", "EventStatus", "A", "B"],
            ["15:50:32", "Edith", "r1", "E-2", "BatchNumber", "OLD", "NEW"],
            ["15:50:32", "Edith", "r1", "E-1", "BatchNumber", "OLD", "NEW"],
            // The same job at work another time.
            ["15:40:00", "Job", "r2", "E-3", "UsageQuantity", "1", "2"],
            ["15:40:00", "Job", "r2", "E-1", "UsageQuantity", "3", "4"],
            ["15:39:00", "Edith", "r0", "E-1", "ServiceId", "x", "y"],
        ];
        assert_eq!(
            told(&changes),
            [
                "2026-11-29 15:50:45 Job: 2 records changed; Status: A \u{2192} B, 2 times",
                "2026-11-29 15:50:32 Edith: 2 records changed; Batch: OLD \u{2192} NEW, 2 times",
                "2026-11-29 15:40:00 Job: 2 records changed; Quantity: 2 values",
                "2026-11-29 15:39:00 Edith: Event E-1; Service: x \u{2192} y",
            ]
        );
    }
}
