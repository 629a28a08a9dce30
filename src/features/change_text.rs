//! A change in words: what of which record, from what to what, and why it stands where it does.

use crate::api::RecordKey;
use crate::data::lookups::{LookupTables, value_words};
use crate::data::sync::{ChangeStatus, Entry, FieldName, RecordSync, refusal_as_said, then_reversed};
use crate::text::{count, instant_in, machine_second_utc, second_utc, with_times_in};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use record_store::{Change, Content, Mark, Time};

use rest_contract::oracle::action::{Action, MARKS, RULES};
use rest_contract::{Access, Field, Kind, Value};
use std::collections::BTreeMap;

/// One field that was typed, or one action.
pub struct Part {
    pub what: &'static str,
    pub from: Told,
    pub to: Told,
}

/// How rules are told: what reads them is loaded with the list of all changes, and only there.
pub type RuleWords = fn(&str, &LookupTables) -> String;

/// In a line of a notice, where a rule would be too long.
pub fn rule_elsewhere(_: &str, _: &LookupTables) -> String {
    "see Changes".to_owned()
}

const RULES_TITLE: &str = "Rule";
const ZONE: FieldName = "EventTimeZone";

/// A value, or what an action was asked with.
pub enum Told {
    /// Names and values, and what follows upon them.
    Arguments(Vec<(&'static str, Option<&'static Field>, Value)>, String),
    Value(Option<&'static Field>, Value),
}

impl Told {
    /// For the reader of a screen: codes by their meanings, a rule by `rule_words`, a time on the clock of `zone`.
    pub fn shown(&self, zone: &str, tables: &LookupTables, rule_words: RuleWords) -> String {
        let words = |field: &Option<&'static Field>, value: &Value| match (field, value) {
            // What a person says stands on the clock of the event, what a system stamps in UTC.
            (Some(field), Value::DateTime(at)) => {
                instant_in(at, if field.access == Access::Writable { zone } else { "" })
            }
            (Some(field), _) => value_words(field, Some(value), tables),
            (None, _) => value.to_string(),
        };
        match self {
            Self::Arguments(all, then) => {
                let each = all.iter().map(|(title, field, value)| match value {
                    Value::Text(rules) if *title == RULES_TITLE => {
                        format!("{title}: {}", rule_words(rules, tables))
                    }
                    value => format!("{title}: {}", words(field, value)),
                });
                each.collect::<Vec<_>>().join(", ") + then
            }
            Self::Value(field, value) => words(field, value),
        }
    }

    /// For a file: numbers in machine notation, codes as they are on the wire.
    pub fn exact(&self) -> String {
        match self {
            Self::Arguments(all, then) => {
                let each = all.iter().map(|(title, _, value)| format!("{title}: {value}"));
                each.collect::<Vec<_>>().join(", ") + then
            }
            Self::Value(_, value) => value.to_string(),
        }
    }

    /// Whether it is an amount, and not the identity of something.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Value(Some(field), Value::Decimal(_) | Value::Integer(_)) => {
                matches!(field.kind, Kind::Decimal | Kind::Int32)
            }
            Self::Arguments(..) | Self::Value(..) => false,
        }
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
                from: Told::Value(field, change.base.clone().unwrap_or(Value::Null)),
                to: Told::Value(field, change.mine.clone()),
            })
        }
        Content::Action(asked) => {
            let action = Action::named(asked.name);
            let is_asked_for = |name: &str| action.is_none_or(|action| action.asks_for(name));
            let key = &entry.persisted.key;
            let wanted = |is_wanted: &dyn Fn(&str) -> bool| {
                let wanted = asked
                    .arguments
                    .iter()
                    .filter(|(name, value)| is_wanted(name) && **value != Value::Null)
                    .map(|(name, value)| (field_title(key, name), field_of(key, name), value.clone()));
                wanted.collect::<Vec<_>>()
            };
            // What it is known by afterwards is how the record was when the person asked, or says
            // nothing to a person.
            let was_so = |name: &str| !is_asked_for(name) && !MARKS.contains(&name);
            let then = match then_reversed(entry).len() {
                0 => String::new(),
                1 => "; then the reversal of 1 event is made in it".to_owned(),
                number => format!("; then the reversals of {} events are made in it", count(number as u64)),
            };
            Some(Part {
                what: action.map_or(asked.name, |action| action.title),
                from: Told::Arguments(wanted(&was_so), String::new()),
                to: Told::Arguments(wanted(&is_asked_for), then),
            })
        }
    }
}

pub fn parts(entry: &Entry) -> impl Iterator<Item = Part> + '_ {
    (0..part_count(entry)).filter_map(|at| part(entry, at))
}

/// What stands after a part: of an action that asks for nothing more and is done, what it did to its record.
pub fn after(entry: &Entry, part: &Part, say: impl FnOnce(&Told) -> String) -> String {
    let said = say(&part.to);
    match &entry.persisted.content {
        Content::Action(asked) if said.is_empty() && entry.status() == ChangeStatus::Settled => {
            Action::named(asked.name).map(Action::outcome).unwrap_or_default()
        }
        _ => said,
    }
}

/// The zone on whose clock the times of a change stand, as they do in the event: the one they were typed in, where
/// it went along, else that of the event, where it is known here. Empty for UTC.
pub fn zone_of(sync: &RecordSync, entry: &Entry) -> String {
    let zone_in = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
    let typed_in = match &entry.persisted.content {
        Content::Edit(changes) => zone_in(changes.get(ZONE).map(|change| &change.mine)),
        Content::Action(_) => None,
    };
    let of_event = || {
        let event = RecordKey::event(&entry.persisted.key.event_name()?);
        sync.with_view(&event, |view| zone_in(view?.shown(&ZONE)))
    };
    typed_in.or_else(of_event).unwrap_or_default()
}

/// What the server or the console said about it.
pub fn detail(entry: &Entry, zone: &str) -> String {
    with_times_in(zone, &detail_as_said(entry))
}

/// The same to the letter, for a file.
pub fn detail_as_said(entry: &Entry) -> String {
    let said = entry.persisted.refusal.as_ref().filter(|_| entry.ended.is_none());
    match (entry.status(), said) {
        (ChangeStatus::Open(Mark::Refused), Some((kind, reasons))) => refusal_as_said(*kind, reasons),
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
    field_of(key, field).map_or_else(|| argument_title(field), |field| field.title)
}

/// What an action asks for, where it is no field of the record.
fn argument_title(name: &FieldName) -> &'static str {
    match *name {
        "reverseBatchNumber" => "Reversal batch",
        "reverseEventNumber" => "Number of the reversal",
        RULES => RULES_TITLE,
        "mode" => "Which events",
        other => other,
    }
}

fn field_of(key: &RecordKey, field: &FieldName) -> Option<&'static Field> {
    key.resource.schema().field(field)
}

pub fn time_text(at: Time) -> String {
    instant_of(at).map(|at| second_utc(&at)).unwrap_or_default()
}

/// The same for a file, or a copy.
pub fn machine_time_text(at: Time) -> String {
    instant_of(at).map(|at| machine_second_utc(&at)).unwrap_or_default()
}

fn instant_of(at: Time) -> Option<DateTime<Utc>> {
    i64::try_from(at.0).ok().and_then(DateTime::from_timestamp_millis)
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
