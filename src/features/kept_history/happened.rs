//! What became of a record, one step below the other, the newest first.

mod moves;

use moves::Moves;
pub use moves::OfBatch;

use super::{NamedEvents, RELATED, field_words, record_words, value_in_words};
use crate::data::lookups::LookupTables;
use crate::routes;
use crate::text::{count, events, second_utc};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Record, Value};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub struct Happened {
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: Vec<Line>,
    /// Where more of it is told: address and words.
    pub way: Option<(String, &'static str)>,
}

/// A line of what happened; one about another batch leads to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Words(String),
    Batch { before: String, number: String, after: &'static str },
}

impl From<String> for Line {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl Line {
    fn shown(self) -> AnyView {
        match self {
            Self::Words(words) => view! { <span>{words}</span> }.into_any(),
            Self::Batch { before, number, after } => {
                let address = routes::batch(&number);
                view! { <span>{before}" "<a href=address>{number}</a>{after}</span> }.into_any()
            }
        }
    }
}

/// The steps in the order of their times, the newest first.
pub fn happened_list(mut all: Vec<Happened>) -> impl IntoView {
    all.sort_by_key(|one| Reverse(one.at));
    let each = all.into_iter().map(|Happened { at, who, what, way }| {
        let what = what.into_iter().map(Line::shown).collect_view();
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
    named: &NamedEvents,
) -> Vec<Happened> {
    let mut all: Vec<Happened> = Vec::new();
    let mut before = None;
    for change in changes {
        let Some(at) = change.get("ChangedAt").and_then(Value::as_date_time) else { continue };
        let line = in_words(change, tables, named);
        let record = record_words(change);
        let same = (change.text("RequestId"), at, record.clone());
        match all.last_mut() {
            Some(last) if before.as_ref() == Some(&same) => last.what.push(line.into()),
            _ => {
                let is_own = change.text("ResourceName") == Some(own);
                let what = (!is_own).then_some(record).into_iter().chain([line]).map(Into::into).collect();
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
/// it in how many of them. Events that went to another batch or came from one are told as that. The changes are
/// in their order, the newest first.
pub fn changes_by_request(
    changes: &[Record],
    of: OfBatch<'_>,
    tables: &LookupTables,
    named: &NamedEvents,
) -> Vec<Happened> {
    let moves = Moves::of(changes, of, named);
    let at = |change: &Record| change.get("ChangedAt").and_then(Value::as_date_time);
    let who = |change: &Record| change.text("ChangedBy").unwrap_or_default().to_owned();
    let runs = changes.chunk_by(|newer, older| {
        let is_one = newer.text("RequestId") == older.text("RequestId") && who(newer) == who(older);
        let gap = at(newer).zip(at(older)).map(|(newer, older)| newer - older);
        is_one && gap.is_some_and(|gap| gap < ONE_RUN)
    });
    let told = |run: &[Record]| {
        let newest = run.first()?;
        // The oldest of them may have begun before what was read.
        let is_cut = of.is_part && run.last().map(Record::key) == changes.last().map(Record::key);
        let (went, rest) = moves.told(run, is_cut);
        let records: BTreeSet<String> = rest.iter().map(|change| record_words(change)).collect();
        let are_events = rest.iter().all(|change| change.text("ResourceName") == Some("usageEvents"));
        let mut by_field = BTreeMap::<&str, Vec<String>>::new();
        for change in rest {
            by_field.entry(field_words(change)).or_default().push(in_words(change, tables, named));
        }
        let at_least = if is_cut { "At least " } else { "" };
        let what = match records.first() {
            Some(one) if records.len() == 1 && !is_cut => Some(one.clone()),
            Some(_) if are_events => Some(format!("{at_least}{} changed", events(records.len()))),
            Some(_) => Some(format!("{at_least}{} changed", records_in_words(records.len()))),
            None => None,
        };
        let lines = by_field.into_iter().map(|(field, lines)| match lines.as_slice() {
            [one, others @ ..] if others.iter().all(|other| other == one) => match others.len() + 1 {
                1 => one.clone(),
                times => format!("{one}, {} times", count(times as u64)),
            },
            lines => format!("{field}: {} values", count(lines.len() as u64)),
        });
        let what = went.into_iter().chain(what.into_iter().chain(lines).map(Into::into)).collect();
        Some(Happened { at: at(newest)?, who: who(newest), what, way: None })
    };
    runs.filter_map(told).collect()
}

fn records_in_words(number: usize) -> String {
    if number == 1 { "1 record".to_owned() } else { format!("{} records", count(number as u64)) }
}

/// What a change did, such as "Service: a \u{2192} b".
fn in_words(change: &Record, tables: &LookupTables, named: &NamedEvents) -> String {
    let told = |name: &str| {
        let words = value_in_words(change, CHANGE_HISTORY.field(name)?, tables, named);
        Some(words).filter(|words| !words.is_empty())
    };
    let empty = || "(empty)".to_owned();
    let (from, to) = (told("ValueBefore"), told("ValueAfter"));
    // An event names the one that reverses it; a reversal that was withdrawn is nowhere any more.
    if change.text("FieldName") == Some(RELATED) {
        match (&from, &to) {
            (None, Some(number)) if change.text("ValueAfter").is_some_and(|id| named.contains_key(id)) => {
                return format!("Reversal requested: {number}");
            }
            (None, Some(_)) => return "Reversal requested, withdrawn since".to_owned(),
            (Some(_), None) => return "Reversal withdrawn".to_owned(),
            _ => (),
        }
    }
    format!("{}: {} \u{2192} {}", field_words(change), from.unwrap_or_else(empty), to.unwrap_or_else(empty))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::kept_history::NamedEvent;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Time, who, request, event, field, before, after; the newest first.
    fn told_of(changes: &[[&str; 7]], of: OfBatch<'_>, named: &NamedEvents) -> Vec<String> {
        let read = |(id, [at, who, request, event, field, before, after]): (usize, &[&str; 7])| {
            let text = |text: &str| if text.is_empty() { "null".to_owned() } else { format!(r#""{text}""#) };
            let (before, after) = (text(before), text(after));
            let body = format!(
                r#"{{"ChangeId":{id},"ChangedAt":"2026-11-29T{at}Z","ChangedBy":"{who}","RequestId":"{request}","ResourceName":"usageEvents",
                    "RecordKey":"{event}","EventNumber":"{event}","FieldName":"{field}","ValueBefore":{before},"ValueAfter":{after}}}"#
            );
            Record::read(&CHANGE_HISTORY, body.as_bytes()).unwrap()
        };
        let changes: Vec<Record> = changes.iter().enumerate().map(read).collect();
        let words = |line: &Line| match line {
            Line::Words(words) => words.clone(),
            Line::Batch { before, number, after } => format!("{before} [{number}]{after}"),
        };
        let steps = changes_by_request(&changes, of, &LookupTables::default(), named);
        let step = |one: Happened| {
            let what: Vec<String> = one.what.iter().map(words).collect();
            format!("{} {}: {}", second_utc(&one.at), one.who, what.join("; "))
        };
        steps.into_iter().map(step).collect()
    }

    const WHOLE: OfBatch<'static> = OfBatch { number: "UB-1", re_rates: false, is_part: false };

    #[wasm_bindgen_test]
    fn what_one_request_changed_stands_together_and_under_who_changed_it() {
        let changes = [
            ["15:50:45", "Job", "r2", "E-2", "EventStatus", "A", "B"],
            ["15:50:44", "Job", "r2", "E-1", "EventStatus", "A", "B"],
            // The same job at work another time.
            ["15:40:00", "Job", "r2", "E-3", "UsageQuantity", "1", "2"],
            ["15:40:00", "Job", "r2", "E-1", "UsageQuantity", "3", "4"],
            ["15:39:00", "Edith", "r0", "E-1", "ServiceId", "x", "y"],
        ];
        let told = |of| told_of(&changes, of, &NamedEvents::new());
        assert_eq!(
            told(WHOLE),
            [
                "2026-11-29 15:50:45 Job: 2 events changed; Status: A \u{2192} B, 2 times",
                "2026-11-29 15:40:00 Job: 2 events changed; Quantity: 2 values",
                "2026-11-29 15:39:00 Edith: Event E-1; Service: x \u{2192} y",
            ]
        );
        // Of the oldest request more may have been changed than was read.
        let part = told(OfBatch { is_part: true, ..WHOLE });
        assert_eq!(part[2], "2026-11-29 15:39:00 Edith: At least 1 event changed; Service: x \u{2192} y");
    }

    #[wasm_bindgen_test]
    fn events_that_left_a_batch_and_came_back_are_told_with_the_other_batch() {
        let changes = [
            ["15:52:00", "Edith", "r4", "E-1", "BatchNumber", "UB-1", "RR-9"],
            ["15:51:00", "Edith", "r3", "E-2", "BatchNumber", "RR-7", "UB-1"],
            ["15:51:00", "Edith", "r3", "E-1", "BatchNumber", "RR-7", "UB-1"],
            ["15:50:32", "Edith", "r1", "E-2", "BatchNumber", "UB-1", "RR-7"],
            ["15:50:32", "Edith", "r1", "E-1", "BatchNumber", "UB-1", "RR-7"],
        ];
        let told = |of| told_of(&changes, of, &NamedEvents::new());
        assert_eq!(
            told(WHOLE),
            [
                "2026-11-29 15:52:00 Edith: Event E-1 went to [RR-9] for re-rating",
                "2026-11-29 15:51:00 Edith: 2 events came back from [RR-7]",
                "2026-11-29 15:50:32 Edith: 2 events went to [RR-7] for re-rating",
            ]
        );
        let re_rates = OfBatch { number: "RR-7", re_rates: true, is_part: false };
        let whole = told(re_rates);
        assert_eq!(whole[1], "2026-11-29 15:51:00 Edith: 2 events went back to [UB-1]");
        assert_eq!(whole[2], "2026-11-29 15:50:32 Edith: 2 events came from [UB-1] for re-rating");
        // Where the way before was not read, nothing is made up.
        let part = told_of(&changes[..3], OfBatch { is_part: true, ..re_rates }, &NamedEvents::new());
        assert_eq!(part[1], "2026-11-29 15:51:00 Edith: At least 2 events went to [UB-1]");
    }

    #[wasm_bindgen_test]
    fn events_that_are_to_be_reversed_are_told_with_the_batch_of_their_reversals() {
        let changes = [
            ["15:52:00", "Edith", "r4", "E-1", "RelatedEventId", "11", ""],
            ["15:50:00", "Edith", "r1", "E-2", "RelatedEventId", "", "12"],
            ["15:50:00", "Edith", "r1", "E-1", "RelatedEventId", "", "11"],
        ];
        let event = |number: &str| NamedEvent { number: number.to_owned(), batch: "RV-1".to_owned() };
        let named = NamedEvents::from([("12".to_owned(), event("E-2-REV"))]);
        assert_eq!(
            told_of(&changes, WHOLE, &named),
            [
                "2026-11-29 15:52:00 Edith: Event E-1; Reversal withdrawn",
                "2026-11-29 15:50:00 Edith: A reversal of event E-2 was added to [RV-1]; Event E-1; Reversal requested, withdrawn since",
            ]
        );
        let named =
            NamedEvents::from([("11".to_owned(), event("E-1-REV")), ("12".to_owned(), event("E-2-REV"))]);
        let both = told_of(&changes, WHOLE, &named);
        assert_eq!(both[1], "2026-11-29 15:50:00 Edith: Reversals of 2 events were added to [RV-1]");
    }
}
