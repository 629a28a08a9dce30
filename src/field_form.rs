//! One field of a record as something to edit: what the editor begins with, what it accepts, and
//! the value that a text stands for. The grid's cell editor and the drawer's fields share it.
//!
//! Not here: drawing an editor, and the rules that only the server can judge.

use crate::display_text::{StatusClass, class_of, decimal_in_line, instant_in, read_local, zone_note};
use crate::grid_view::EditorKind;
use crate::lookups::LookupTables;
use crate::record_sync::FieldName;
use crate::rest_client::{Access, Resource};
use record_store::{Fields, Version};
use rest_contract::{Access as FieldAccess, Field, Kind, Lookup, Value};
use std::rc::Rc;

/// How a field is edited.
#[derive(Clone)]
pub struct FieldForm {
    /// The present value in the form that `read` takes.
    pub initial: String,
    pub kind: EditorKind,
    /// What one should know while typing, such as the zone of a time.
    pub note: Option<String>,
    read: ReadText,
    /// The zone's name and offset at a time that is being typed.
    note_while_typing: Option<NoteOnText>,
}

type NoteOnText = Rc<dyn Fn(&str) -> Option<String>>;
type ReadText = Rc<dyn Fn(&str) -> Result<Value, String>>;

impl FieldForm {
    /// The form of a field whose present value is `value`, in an event of time zone `zone`.
    pub fn new(field: &'static Field, value: Option<&Value>, zone: &str, tables: &LookupTables) -> Self {
        let initial =
            |text: String| if matches!(value, None | Some(Value::Null)) { String::new() } else { text };
        let plain = value.map(Value::to_string).unwrap_or_default();
        let choices = field.lookup.map(|lookup| choices(field, lookup, &plain, tables)).unwrap_or_default();
        match field.kind {
            Kind::DateTime => {
                let at = value.and_then(Value::as_date_time);
                let zone = zone.to_owned();
                Self {
                    initial: at.map(|at| instant_in(&at, &zone)).unwrap_or_default(),
                    note: at.map(|at| zone_note(&at, &zone)),
                    kind: EditorKind::DateTime,
                    note_while_typing: Some(Rc::new({
                        let zone = zone.clone();
                        move |text| Some(zone_note(&read_local(text, &zone).ok()?, &zone))
                    })),
                    read: Rc::new(move |text| read_instant(text, &zone)),
                }
            }
            Kind::Boolean => Self {
                initial: initial(plain),
                kind: EditorKind::Choice(yes_or_no(matches!(value, None | Some(Value::Null)))),
                note: None,
                note_while_typing: None,
                read: Rc::new(move |text| read_plain(field, text)),
            },
            Kind::Text | Kind::Int64 if !choices.is_empty() => Self {
                initial: initial(plain),
                kind: EditorKind::Choice(choices.clone()),
                note: None,
                note_while_typing: None,
                read: Rc::new(move |text| read_choice(field, text, &choices)),
            },
            Kind::Text => Self {
                initial: initial(plain),
                kind: EditorKind::Text { max_length: field.max_length.map(u32::from) },
                note: None,
                note_while_typing: None,
                read: Rc::new(move |text| read_plain(field, text)),
            },
            Kind::Decimal | Kind::Int32 | Kind::Int64 | Kind::Date => Self {
                initial: initial(plain),
                kind: EditorKind::Number,
                note: None,
                note_while_typing: None,
                read: Rc::new(move |text| read_plain(field, text)),
            },
        }
    }

    /// The value that a text stands for, or what is wrong with it.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        (self.read)(text)
    }

    /// What one should know of a text while it is being typed.
    pub fn note_on(&self, text: &str) -> Option<String> {
        self.note_while_typing.as_ref()?(text)
    }

    /// `read` as the grid's editor wants it.
    pub fn check(&self) -> crate::grid_view::CheckText {
        let read = self.read.clone();
        Rc::new(move |text| read(text).map(|_| ()))
    }
}

fn read_plain(field: &'static Field, text: &str) -> Result<Value, String> {
    let text = if field.kind == Kind::Text { text.trim() } else { text };
    field.read_text(text).map_err(|problem| format!("{} {problem}.", field.title))
}

/// A code of the list. Where one types ahead, the text may be anything on the way.
fn read_choice(field: &'static Field, text: &str, choices: &[(String, String)]) -> Result<Value, String> {
    let text = text.trim();
    if !choices.iter().any(|(code, _)| code == text) {
        return Err(format!("{} takes a value of its list. {text:?} is not one.", field.title));
    }
    read_plain(field, text)
}

fn read_instant(text: &str, zone: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    read_local(text, zone).map(Value::DateTime)
}

/// The codes to choose from. A code in use that the list does not have stays in it, and a status
/// offers only what a person may set by hand.
fn choices(field: &Field, lookup: Lookup, present: &str, tables: &LookupTables) -> Vec<(String, String)> {
    let is_status = field.name == "EventStatus";
    // A code of the system, or an identity, says nothing to a person; a currency's does.
    let is_meant_alone = matches!(lookup, Lookup::Codes(_)) || field.kind == Kind::Int64;
    let list = tables.list(lookup).iter();
    let mut choices: Vec<_> = list
        .filter(|entry| entry.code == present || entry.is_offered)
        .filter(|entry| !is_status || class_of(&entry.code).can_be_set() || entry.code == present)
        .map(|entry| {
            let label = if entry.code == entry.meaning || is_meant_alone {
                entry.meaning.clone()
            } else {
                format!("{} \u{2013} {}", entry.code, entry.meaning)
            };
            (entry.code.clone(), label)
        })
        .collect();
    if choices.is_empty() {
        return choices;
    }
    if !present.is_empty() && !choices.iter().any(|(code, _)| code == present) {
        choices.insert(0, (present.to_owned(), present.to_owned()));
    }
    if present.is_empty() {
        choices.insert(0, (String::new(), "(none)".to_owned()));
    }
    choices
}

fn yes_or_no(is_empty: bool) -> Vec<(String, String)> {
    let choice = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    let none = is_empty.then(|| choice("", "(none)"));
    none.into_iter().chain([choice("true", "Yes"), choice("false", "No")]).collect()
}

/// Fields that the API lets one write and a person should not: they are set by processes, or name
/// other records by numbers that nobody knows by heart.
const LEFT_TO_PROCESSES: &[FieldName] = &[
    "ChargeDefinitionId",
    // Of a base bucket: set and cleared by retiring it and bringing it back.
    "end",
    "retired",
    "Error",
    "EventId",
    "EventTypeId",
    "ParentEntity",
    "ParentEntityId",
    "PricedOn",
    "RelatedBatchId",
    "RelatedEventId",
    "SequenceNumber",
    "SourceInterfaceType",
    "SubscriptionId",
    "SubscriptionProductId",
];

/// Whether the field is one that a process sets, though the API lets anybody write it.
pub fn is_left_to_processes(name: &str) -> bool {
    LEFT_TO_PROCESSES.contains(&name)
}

/// A value as a person reads it: digits grouped, an instant in its zone, a code by its meaning. Nothing
/// for an empty one.
pub fn shown_text(field: &Field, value: Option<&Value>, zone: &str, tables: &LookupTables) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Decimal(number)) => decimal_in_line(number, 0),
        Some(Value::DateTime(at)) => format!("{} {}", instant_in(at, zone), zone_note(at, zone)),
        Some(Value::Boolean(yes)) => if *yes { "Yes" } else { "No" }.to_owned(),
        Some(Value::Text(code)) => match field.lookup {
            Some(list @ (Lookup::Codes(_) | Lookup::ErrorKey)) => tables.meaning(list, code).to_owned(),
            _ => code.clone(),
        },
        Some(Value::Integer(number)) => match field.lookup {
            Some(list) => tables.meaning(list, &number.to_string()).to_owned(),
            None => number.to_string(),
        },
        Some(other) => other.to_string(),
    }
}

/// The record that a field belongs to, as far as it decides whether the field can be edited.
pub struct Standing<'a> {
    pub access: Option<&'a Access>,
    pub resource: Resource,
    /// The codes of the event's status: as confirmed and as shown.
    pub event_status: [Option<&'a str>; 2],
    pub version: Option<&'a Version>,
    pub is_gone: bool,
    /// Of a base bucket: nothing of it can be changed until it is brought back.
    pub is_retired: bool,
}

impl Standing<'_> {
    /// Why nothing of the record can be edited, if so.
    pub fn bars_record(&self, tables: &LookupTables) -> Option<String> {
        if self.resource.is_billing() {
            return self.bars_bucket();
        }
        if let Some(reason) = self.access.and_then(|access| access.role.barred_from_editing()) {
            return Some(reason.to_owned());
        }
        if self.is_gone {
            return Some("This record no longer exists on the server.".to_owned());
        }
        if self.resource == Resource::Message {
            return Some("Messages are written by the rating process.".to_owned());
        }
        let status = self.event_status.iter().flatten().find(|code| {
            let class = class_of(code);
            !class.is_editable() && class != StatusClass::Unknown
        });
        if let Some(code) = status {
            let meaning = tables.meaning(crate::lookups::EVENT_STATUS, code);
            return Some(format!(
                "Only events in draft or in error can be changed. This one is \u{201c}{meaning}\u{201d}."
            ));
        }
        match self.version {
            Some(Version { token, order: None }) if token.is_empty() => {
                Some("This record came without a version, so it cannot be changed safely.".to_owned())
            }
            _ => None,
        }
    }

    fn bars_bucket(&self) -> Option<String> {
        if let Some(reason) = self.access.and_then(|access| access.role.barred_from_buckets()) {
            return Some(reason.to_owned());
        }
        if self.is_gone {
            return Some("This base bucket no longer exists on the server.".to_owned());
        }
        self.is_retired.then(|| {
            "This base bucket is retired. Bring it back before you change anything of it.".to_owned()
        })
    }

    /// Why this field cannot be edited, if so.
    pub fn bars(&self, field: &Field, tables: &LookupTables) -> Option<String> {
        if field.access != FieldAccess::Writable || is_left_to_processes(field.name) {
            return Some(format!("{} is set by the system and cannot be changed here.", field.title));
        }
        self.bars_record(tables)
    }
}

/// A field's confirmed text in a row, or nothing.
pub fn text_of<'a>(fields: &'a Fields<FieldName, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_text)
}
