//! A change in words: what of which record, from what to what, and why it stands where it does.

use crate::api::RecordKey;
use crate::data::sync::{ChangeStatus, Entry, FieldName, refusal_text, then_reversed};
use crate::text::{decimal, second_utc};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use record_store::{Change, Content, Mark, Time};

use rest_contract::oracle::action::{Action, MARKS};
use rest_contract::{Field, Kind, Value};
use std::collections::BTreeMap;

/// One field that was typed, or one action.
pub struct Part {
    pub what: &'static str,
    pub from: Told,
    pub to: Told,
}

/// A value, or what an action was asked with.
pub enum Told {
    Words(String),
    /// An amount, and not the identity of something.
    Number(Value),
    Other(Value),
}

impl Told {
    fn of(field: Option<&Field>, value: Value) -> Self {
        let is_number = field.is_some_and(|field| matches!(field.kind, Kind::Decimal | Kind::Int32));
        if is_number && matches!(value, Value::Decimal(_) | Value::Integer(_)) {
            Self::Number(value)
        } else {
            Self::Other(value)
        }
    }

    /// For the reader of a screen.
    pub fn shown(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Number(Value::Decimal(number)) => decimal(number),
            Self::Number(value) | Self::Other(value) => value.to_string(),
        }
    }

    /// For a file: numbers in machine notation.
    pub fn exact(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Number(value) | Self::Other(value) => value.to_string(),
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// How many parts a change has.
pub fn part_count(entry: &Entry) -> usize {
    match &entry.persisted.content {
        Content::Edit(changes) => changing(changes).count(),
        Content::Action(_) => 1,
    }
}

/// The fields that were typed, without those that a change only rests on.
fn changing(
    changes: &BTreeMap<FieldName, Change<Value>>,
) -> impl Iterator<Item = (&FieldName, &Change<Value>)> {
    changes.iter().filter(|(_, change)| change.base.as_ref() != Some(&change.mine))
}

pub fn part(entry: &Entry, at: usize) -> Option<Part> {
    match &entry.persisted.content {
        Content::Edit(changes) => {
            let (name, change) = changing(changes).nth(at)?;
            let field = field_of(&entry.persisted.key, name);
            Some(Part {
                what: field_title(&entry.persisted.key, name),
                from: Told::of(field, change.base.clone().unwrap_or(Value::Null)),
                to: Told::of(field, change.mine.clone()),
            })
        }
        Content::Action(asked) => {
            let action = Action::named(asked.name);
            let is_asked_for = |name: &str| action.is_none_or(|action| action.asks_for(name));
            let words = |is_wanted: &dyn Fn(&str) -> bool| {
                let wanted = asked
                    .arguments
                    .iter()
                    .filter(|(name, value)| is_wanted(name) && **value != Value::Null)
                    .map(|(name, value)| format!("{}: {value}", field_title(&entry.persisted.key, name)));
                wanted.collect::<Vec<_>>().join(", ")
            };
            // What it is known by afterwards is how the record was when the person asked, or says
            // nothing to a person.
            let was_so = |name: &str| !is_asked_for(name) && !MARKS.contains(&name);
            let then = match then_reversed(entry).len() {
                0 => String::new(),
                number => format!("; then {number} events are reversed into it"),
            };
            Some(Part {
                what: action.map_or(asked.name, |action| action.title),
                from: Told::Words(words(&was_so)),
                to: Told::Words(words(&is_asked_for) + &then),
            })
        }
    }
}

pub fn parts(entry: &Entry) -> impl Iterator<Item = Part> + '_ {
    (0..part_count(entry)).filter_map(|at| part(entry, at))
}

/// What the server or the console said about it.
pub fn detail(entry: &Entry) -> String {
    let said = entry.persisted.refusal.as_ref().filter(|_| entry.ended.is_none());
    match (entry.status(), said) {
        (ChangeStatus::Open(Mark::Refused), Some((kind, reasons))) => refusal_text(*kind, reasons),
        (ChangeStatus::Open(Mark::InDoubt), _) => {
            "Sent, not confirmed. Checking what the server holds.".to_owned()
        }
        (ChangeStatus::Open(Mark::Conflict), _) => {
            "Someone else changed this too. Open the record to decide.".to_owned()
        }
        (ChangeStatus::Open(Mark::Waiting), _) => "Kept here, sent as soon as possible.".to_owned(),
        _ => String::new(),
    }
}

fn field_title(key: &RecordKey, field: &FieldName) -> &'static str {
    field_of(key, field).map_or(*field, |field| field.title)
}

fn field_of(key: &RecordKey, field: &FieldName) -> Option<&'static Field> {
    key.resource.schema().field(field)
}

pub fn time_text(at: Time) -> String {
    let instant = i64::try_from(at.0).ok().and_then(DateTime::<Utc>::from_timestamp_millis);
    instant.map(|at| second_utc(&at)).unwrap_or_default()
}

pub fn tone(status: ChangeStatus) -> Tone {
    match status {
        ChangeStatus::Open(Mark::Conflict | Mark::Refused) => Tone::Bad,
        ChangeStatus::Open(Mark::InDoubt) => Tone::Warn,
        ChangeStatus::Open(Mark::Waiting | Mark::Sending) => Tone::Info,
        ChangeStatus::Open(Mark::Confirmed) | ChangeStatus::Settled => Tone::Ok,
        ChangeStatus::Discarded => Tone::Quiet,
    }
}
