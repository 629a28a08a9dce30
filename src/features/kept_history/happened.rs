//! What became of a record, one step below the other, the newest first.

use super::{NamedEvents, RELATED, field_words, record_words, value_in_words};
use crate::data::lookups::LookupTables;
use crate::routes;
use crate::text::second_utc;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Record, Value};
use std::cmp::Reverse;

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
        let line = change_words(change, tables, named);
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

/// What a change did, such as "Service: a \u{2192} b".
pub fn change_words(change: &Record, tables: &LookupTables, named: &NamedEvents) -> String {
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
