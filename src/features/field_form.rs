//! One field of a record as something to edit: what the editor begins with, what it accepts, and
//! the value that a text stands for. The grid's cell editor and the drawer's fields share it.
//!
//! Not here: drawing an editor, and the rules that only the server can judge.

use crate::api::{Access, Resource};
use crate::data::lookups::{LookupTables, text_in_words};
use crate::data::sync::{Confirmed, FieldName};
use crate::text::{
    StatusClass, class_of, decimal, instant_in, instant_to_type, names_its_offset, read_local,
    read_to_the_millisecond, second_utc, unread_text, visible, with_notation, zone_note,
};
use crate::ui::grid::{CheckText, EchoText, EditorKind};
use record_store::{Fields, Version};
use rest_contract::logisense::BASE_BUCKET;
use rest_contract::oracle::closed_period::{ClosedPeriod, holding};
use rest_contract::oracle::life_cycle::Reason;
use rest_contract::{Access as FieldAccess, Field, Kind, Lookup, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How a field is edited. It stays as it was when the editing began: a time that is typed means the
/// zone that was shown then.
#[derive(Clone)]
pub struct FieldForm {
    /// The present value in the form that `read` takes.
    pub initial: String,
    pub kind: EditorKind,
    /// What one should know while typing, such as the zone of a time.
    pub note: Option<String>,
    read: ReadText,
    /// What is understood of a text while it is being typed.
    echo: Option<EchoText>,
    /// Of a time, the zone on whose clock it is typed; empty for UTC.
    zone: Option<String>,
}

type ReadText = Rc<dyn Fn(&str) -> Result<Value, String>>;

impl FieldForm {
    /// The form of a field whose present value is `value`, in an event of time zone `zone`.
    pub fn new(field: &'static Field, value: Option<&Value>, zone: &str, tables: &LookupTables) -> Self {
        let value = value.filter(|value| **value != Value::Null);
        let plain = value.map(Value::to_string).unwrap_or_default();
        let choices = field.lookup.map(|lookup| choices(field, lookup, &plain, tables)).unwrap_or_default();
        let is_whole = field.lookup.is_none_or(|lookup| tables.is_whole(lookup));
        let form = |initial: String, kind: EditorKind, read: ReadText| Self {
            initial,
            kind,
            note: None,
            read,
            echo: None,
            zone: None,
        };
        let by_kind: ReadText = Rc::new(move |text| read_plain(field, text));
        match field.kind {
            Kind::DateTime => {
                let at = value.and_then(Value::as_date_time);
                let initial = at.map(|at| instant_to_type(&at, zone)).unwrap_or_default();
                let zone = zone.to_owned();
                let (reading, echoing) = (zone.clone(), zone.clone());
                let closed =
                    if field.name == "EventStartTime" { tables.closed_periods() } else { &[] }.to_vec();
                Self {
                    note: at.map(|at| zone_note(&at, &zone)),
                    echo: Some(Rc::new(move |text| {
                        Some(zone_note(&read_local(text, &echoing).ok()?, &echoing))
                    })),
                    zone: Some(zone),
                    ..form(
                        initial,
                        EditorKind::DateTime,
                        Rc::new(move |text| {
                            let read = read_instant(field, text, &reading)?;
                            match holding(&closed, Some(&read)) {
                                Some(period) => Err(closed_words(period)),
                                None => Ok(read),
                            }
                        }),
                    )
                }
            }
            Kind::Boolean => form(plain, EditorKind::Choice(yes_or_no(value.is_none())), by_kind),
            Kind::Text | Kind::Int64 if !choices.is_empty() => {
                let kind = EditorKind::Choice(choices.clone());
                form(plain, kind, Rc::new(move |text| read_choice(field, text, &choices, is_whole)))
            }
            Kind::Text => form(plain, EditorKind::Text, by_kind),
            // An identity is told by its digits as they are.
            Kind::Date | Kind::Int64 => form(plain, EditorKind::Number, by_kind),
            Kind::Decimal | Kind::Int32 => {
                let initial = with_notation(|notation| notation.write_to_type(&plain));
                let echo: EchoText = Rc::new(number_echo);
                Self { echo: Some(echo), ..form(initial, EditorKind::Number, by_kind) }
            }
        }
    }

    /// The value that a text stands for, or what is wrong with it.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        (self.read)(text)
    }

    /// What is understood of a text while it is being typed.
    pub fn preview_of(&self, text: &str) -> Option<String> {
        self.echo.as_ref()?(text)
    }

    /// `read` as the grid's editor wants it.
    pub fn check(&self) -> CheckText {
        let read = self.read.clone();
        Rc::new(move |text| read(text).map(|_| ()))
    }

    /// `preview_of` as the grid's editor wants it.
    pub fn echo(&self) -> Option<EchoText> {
        self.echo.clone()
    }

    /// What is proposed where `text` was typed for `value` over the confirmed state `over`. A time rests
    /// on the zone that was shown when the typing began, unless it names its own offset: the zone goes
    /// along as it was, so that the two are a conflict for a person to decide where somebody has
    /// changed it.
    pub fn proposed(
        &self,
        field: FieldName,
        (text, value): (&str, Value),
        over: &Confirmed,
    ) -> Fields<FieldName, Value> {
        let mut changes = Fields::from([(field, value)]);
        if names_its_offset(text) {
            return changes;
        }
        let confirmed = over.1.get(ZONE);
        let is_confirmed =
            |confirmed: &&Value| self.zone.as_deref() == Some(confirmed.as_text().unwrap_or_default());
        if let Some(confirmed) = confirmed.filter(is_confirmed) {
            changes.insert(ZONE, confirmed.clone());
        }
        changes
    }
}

/// Why nothing of an event is changed that began in a period.
pub fn closed_words(period: &ClosedPeriod) -> String {
    format!(
        "{} is closed: no event that began in it can be changed. An administrator can reopen it on the overview.",
        period.name
    )
}

/// The event's zone, on whose clock its times are typed.
pub const ZONE: FieldName = "EventTimeZone";

fn read_plain(field: &'static Field, text: &str) -> Result<Value, String> {
    let text = if field.kind == Kind::Text { text.trim() } else { text };
    with_notation(|notation| notation.read_field(field, text))
        .map_err(|problem| format!("{} {problem}.", field.title))
}

/// What is understood of a number: as it will be shown, and in machine notation where that differs by
/// more than grouping.
pub fn number_echo(text: &str) -> Option<String> {
    with_notation(|notation| {
        let plain = rest_contract::read_decimal(&notation.read(text).ok()?).ok()?.to_string();
        let shown = notation.write(&plain);
        let is_alike = notation.write_to_type(&plain) == plain;
        Some(if is_alike { format!("= {shown}") } else { format!("= {shown} ({plain})") })
    })
}

/// A code of the list. Where one types ahead, the text may be anything on the way.
/// A list that did not come whole rules nothing out: the server decides.
fn read_choice(
    field: &'static Field,
    text: &str,
    choices: &[(String, String)],
    is_whole: bool,
) -> Result<Value, String> {
    let text = text.trim();
    if is_whole && !choices.iter().any(|(code, _)| code == text) {
        return Err(format!("{} takes a value of its list. {text:?} is not one.", field.title));
    }
    read_plain(field, text)
}

fn read_instant(field: &'static Field, text: &str, zone: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let is_of_bucket = BASE_BUCKET.field(field.name).is_some_and(|other| std::ptr::eq(other, field));
    let at = if is_of_bucket { read_to_the_millisecond(text) } else { read_local(text, zone) };
    at.map(Value::DateTime)
}

/// Units that are mapped stand first, each in the order that it had, and say to which.
pub fn mapped_first(units: &mut [(String, String)], mapped: &BTreeMap<String, String>) {
    units.sort_by_key(|(unit, _)| !mapped.contains_key(unit));
    for (unit, meaning) in units {
        if let Some(to) = mapped.get(unit) {
            *meaning = format!("{meaning}, mapped to {to}");
        }
    }
}

/// The codes to choose from. A code in use that the list does not have stays in it, and a status
/// offers only what a person may set by hand.
fn choices(field: &Field, lookup: Lookup, present: &str, tables: &LookupTables) -> Vec<(String, String)> {
    let is_status = field.name == "EventStatus";
    // A code of the system, or an identity, says nothing to a person; a currency's does.
    let is_meant_alone = matches!(lookup, Lookup::Codes(_) | Lookup::EventType) || field.kind == Kind::Int64;
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
    // Only what rated the event knows the codes.
    "ChargeDefinition",
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
        Some(Value::Decimal(number)) => decimal(number),
        // What a person says of an event stands on the event's own clock; what a system stamps on a record, such
        // as when it was priced, in UTC, as everywhere else, where less than a second is of no use.
        Some(Value::DateTime(at))
            if field.access != FieldAccess::Writable || is_left_to_processes(field.name) =>
        {
            format!("{} UTC", second_utc(at))
        }
        Some(Value::DateTime(at)) => instant_in(at, zone),
        Some(Value::Boolean(yes)) => if *yes { "Yes" } else { "No" }.to_owned(),
        Some(Value::Text(text)) => visible(&text_in_words(field, text, tables)).into_owned(),
        Some(Value::Integer(number)) => match field.lookup {
            Some(list) => tables.meaning(list, &number.to_string()).to_owned(),
            None => number.to_string(),
        },
        Some(Value::Unread(token)) => unread_text(token),
        Some(other) => other.to_string(),
    }
}

/// The record that a field belongs to, as far as it decides whether the field can be edited.
pub struct EditContext<'a> {
    pub access: Option<&'a Access>,
    pub resource: Resource,
    /// The event's status: as confirmed and as shown.
    pub event_status: [Option<&'a Value>; 2],
    /// When the event begins, as confirmed.
    pub event_start: Option<&'a Value>,
    /// The event takes another one back: see [`rest_contract::oracle::eligibility::is_reversal`].
    pub is_reversal: bool,
    pub version: Option<&'a Version>,
    pub is_gone: bool,
    /// Of a base bucket: nothing of it can be changed until it is brought back.
    pub is_retired: bool,
}

impl EditContext<'_> {
    /// Why nothing of the record can be edited, if so.
    pub fn why_read_only(&self, tables: &LookupTables) -> Option<String> {
        if self.resource.is_billing() {
            return self.why_bucket_is_read_only();
        }
        if let Some(reason) = self.access.and_then(|access| access.role.blocked_from_editing()) {
            return Some(reason.to_owned());
        }
        if self.is_gone {
            return Some("This record no longer exists on the server.".to_owned());
        }
        if self.resource == Resource::Message {
            return Some("Messages are written by the rating process.".to_owned());
        }
        if self.event_status.iter().flatten().any(|status| status.is_unread()) {
            return Some(
                "The status of this event could not be read, so it cannot be changed here.".to_owned(),
            );
        }
        if let Some(period) = holding(tables.closed_periods(), self.event_start) {
            return Some(closed_words(period));
        }
        if self.is_reversal {
            return Some(Reason::IsReversal.to_string());
        }
        let mut codes = self.event_status.iter().flatten().filter_map(|status| status.as_text());
        let status = codes.find(|code| {
            let class = class_of(code);
            !class.is_editable() && class != StatusClass::Unknown
        });
        if let Some(code) = status {
            let meaning = tables.meaning(crate::data::lookups::EVENT_STATUS, code);
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

    fn why_bucket_is_read_only(&self) -> Option<String> {
        if let Some(reason) = self.access.and_then(|access| access.role.blocked_from_buckets()) {
            return Some(reason.to_owned());
        }
        if self.is_gone {
            return Some("This base bucket no longer exists on the server.".to_owned());
        }
        self.is_retired.then(|| {
            "This base bucket is retired. Bring it back before you change anything of it.".to_owned()
        })
    }

    /// Why this field cannot be edited, if so; `value` is what it holds.
    pub fn why_not_editable(
        &self,
        field: &Field,
        value: Option<&Value>,
        tables: &LookupTables,
    ) -> Option<String> {
        if value.is_some_and(Value::is_unread) {
            return Some(format!(
                "{} came in a form that this console does not understand. It is shown as it came and cannot be changed here.",
                field.title
            ));
        }
        if field.access != FieldAccess::Writable || is_left_to_processes(field.name) {
            return Some(format!("{} is set by the system and cannot be changed here.", field.title));
        }
        self.why_read_only(tables)
    }
}
