//! What became of a record, one step below the other, the newest first.

use super::{EventNumbers, field_words, record_words, value_in_words};
use crate::data::lookups::LookupTables;
use crate::text::second_utc;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Record, Value};
use std::cmp::Reverse;

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

/// What a change did, such as "Service: a \u{2192} b".
pub fn in_words(change: &Record, tables: &LookupTables, numbers: &EventNumbers) -> String {
    let told = |name: &str| {
        let words = value_in_words(change, CHANGE_HISTORY.field(name)?, tables, numbers);
        Some(words).filter(|words| !words.is_empty())
    };
    let empty = || "(empty)".to_owned();
    let (from, to) = (told("ValueBefore"), told("ValueAfter"));
    format!("{}: {} \u{2192} {}", field_words(change), from.unwrap_or_else(empty), to.unwrap_or_else(empty))
}
