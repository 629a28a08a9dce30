//! A change in words: what of which record, from what to what, and why it stands where it does.

use crate::bucket_editor::record_title;
use crate::display_text::instant_utc;
use crate::record_sync::{Entry, FieldName, Standing, refusal_words};
use crate::rest_client::{RecordKey, Resource};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use record_store::{Content, Mark, Time};
use rest_contract::Value;
use rest_contract::oracle::action::{Action, MARKS};

/// One field that was typed, or one action.
pub struct Part {
    pub what: &'static str,
    pub from: String,
    pub to: String,
}

/// How many parts a change has.
pub fn part_count(entry: &Entry) -> usize {
    match &entry.kept.content {
        Content::Edit(changes) => changes.len(),
        Content::Action(_) => 1,
    }
}

pub fn part(entry: &Entry, at: usize) -> Option<Part> {
    match &entry.kept.content {
        Content::Edit(changes) => {
            let (field, change) = changes.iter().nth(at)?;
            Some(Part {
                what: field_title(&entry.kept.key, field),
                from: change.base.as_ref().map(Value::to_string).unwrap_or_default(),
                to: change.mine.to_string(),
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
                    .map(|(name, value)| format!("{}: {value}", field_title(&entry.kept.key, name)));
                wanted.collect::<Vec<_>>().join(", ")
            };
            // What it is known by afterwards is how the record was when the person asked, or says
            // nothing to a person.
            let was_so = |name: &str| !is_asked_for(name) && !MARKS.contains(&name);
            Some(Part {
                what: action.map_or(asked.name, |action| action.title),
                from: words(&was_so),
                to: words(&is_asked_for),
            })
        }
    }
}

pub fn parts(entry: &Entry) -> impl Iterator<Item = Part> + '_ {
    (0..part_count(entry)).filter_map(|at| part(entry, at))
}

/// What the server or the console said about it.
pub fn detail(entry: &Entry) -> String {
    let said = entry.kept.refusal.as_ref().filter(|_| entry.ended.is_none());
    match (entry.standing(), said) {
        (Standing::Open(Mark::Refused), Some((kind, reasons))) => {
            let reasons: Vec<_> = reasons.iter().map(|reason| reason.message.as_str()).collect();
            if reasons.is_empty() { refusal_words(*kind).to_owned() } else { reasons.join(" ") }
        }
        (Standing::Open(Mark::InDoubt), _) => {
            "Sent, not confirmed. Checking what the server holds.".to_owned()
        }
        (Standing::Open(Mark::Conflict), _) => {
            "Someone else changed this too. Open the record to decide.".to_owned()
        }
        (Standing::Open(Mark::Waiting), _) => "Kept here, sent as soon as possible.".to_owned(),
        _ => String::new(),
    }
}

pub fn record_name(key: &RecordKey) -> String {
    if let Some(title) = record_title(key) {
        return title;
    }
    match (key.resource, key.event_name()) {
        (Resource::Batch, _) => format!("Batch {}", key.name()),
        (Resource::Charge, Some(event)) => format!("Charge {} of event {event}", key.name()),
        (Resource::Message, Some(event)) => format!("Message {} of event {event}", key.name()),
        (_, Some(event)) => format!("Event {event}"),
        (_, None) => key.name(),
    }
}

fn field_title(key: &RecordKey, field: &FieldName) -> &'static str {
    key.resource.schema().field(field).map_or(*field, |field| field.title)
}

pub fn time_text(at: Time) -> String {
    let instant = i64::try_from(at.0).ok().and_then(DateTime::<Utc>::from_timestamp_millis);
    instant.map(|at| instant_utc(&at).chars().take(19).collect()).unwrap_or_default()
}

pub fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Open(Mark::Conflict | Mark::Refused) => Tone::Bad,
        Standing::Open(Mark::InDoubt) => Tone::Warn,
        Standing::Open(Mark::Waiting | Mark::Sending) => Tone::Info,
        Standing::Open(Mark::Confirmed) | Standing::Settled => Tone::Ok,
        Standing::Discarded => Tone::Quiet,
    }
}
