//! A change as one line of text for the journal, and back. Amounts keep their digits. A line that
//! cannot be read, because an older or newer console wrote it, is `None`.

use super::FieldName;
use super::change_log::{ChangeStatus, Entry};
use crate::api::{RecordKey, Resource};
use record_store::{
    Action, Change, Content, Ending, IntentId, Mark, PersistedIntent, Reason, RefusalKind, Time, map_of,
};
use rest_contract::{Value, oracle::action, read_date_time, read_decimal};
use serde::{Deserialize, Serialize};

/// A value as its kind and its text.
type ValueText = (char, String);

#[derive(Serialize, Deserialize)]
struct Line {
    intent: u64,
    resource: String,
    path: String,
    at: u64,
    sent_off_at: u64,
    lost_at: Option<u64>,
    over: Vec<u64>,
    standing: u8,
    mark: u8,
    steps: Vec<(u64, u8)>,
    refusal: Option<(u8, Vec<ReasonText>)>,
    edit: Option<Vec<FieldText>>,
    action: Option<ActionText>,
}

/// A field of an edit: name, typed over, typed, contested.
type FieldText = (String, Option<ValueText>, ValueText, bool);

/// Name, whether it creates the record, arguments.
type ActionText = (String, bool, Vec<(String, ValueText)>);

/// Field, message, code.
type ReasonText = (Option<String>, String, Option<String>);

const REFUSALS: [RefusalKind; 7] = [
    RefusalKind::Business,
    RefusalKind::Validation,
    RefusalKind::Role,
    RefusalKind::Gone,
    RefusalKind::Contended,
    RefusalKind::Offline,
    RefusalKind::NotDone,
];

pub fn write_line(entry: &Entry) -> String {
    let Entry { persisted, steps, .. } = entry;
    let (edit, asked) = match &persisted.content {
        Content::Edit(changes) => {
            let field = |(name, change): (&FieldName, &Change<Value>)| {
                let base = change.base.as_ref().map(value_text);
                ((*name).to_owned(), base, value_text(&change.mine), change.contested)
            };
            (Some(changes.iter().map(field).collect()), None)
        }
        Content::Action(asked) => {
            let argument = |(name, value): (&FieldName, &Value)| ((*name).to_owned(), value_text(value));
            let arguments = asked.arguments.iter().map(argument).collect();
            (None, Some((asked.name.to_owned(), asked.creates, arguments)))
        }
    };
    let refusal = persisted.refusal.as_ref().map(|(kind, reasons)| {
        let kind = REFUSALS.iter().position(|other| other == kind).unwrap_or_default();
        let reason = |reason: &Reason<FieldName>| {
            (reason.field.map(str::to_owned), reason.message.clone(), reason.code.clone())
        };
        (kind as u8, reasons.iter().map(reason).collect())
    });
    let line = Line {
        intent: persisted.intent.0,
        resource: persisted.key.resource.schema().resource.to_owned(),
        path: persisted.key.path.to_string(),
        at: persisted.at.0,
        sent_off_at: persisted.sent_off_at.0,
        lost_at: persisted.lost_at.map(|at| at.0),
        over: persisted.over.iter().map(|intent| intent.0).collect(),
        standing: status_number(entry.status()),
        mark: status_number(ChangeStatus::Open(persisted.mark)),
        steps: steps.iter().map(|(at, standing)| (at.0, status_number(*standing))).collect(),
        refusal,
        edit,
        action: asked,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

pub fn read_line(text: &str) -> Option<Entry> {
    let line: Line = serde_json::from_str(text).ok()?;
    let resource = Resource::ALL.into_iter().find(|resource| resource.schema().resource == line.resource)?;
    let field = |name: &str| resource.schema().field(name).map(|field| field.name);
    let argument =
        |name: &str| action::ARGUMENTS.into_iter().find(|known| *known == name).or_else(|| field(name));
    let content = match (line.edit, line.action) {
        (Some(edit), None) => {
            let changes = edit.into_iter().map(|(name, base, mine, contested)| {
                let base = base.map(|base| read_value(&base).ok_or(())).transpose().ok()?;
                Some((field(&name)?, Change { base, mine: read_value(&mine)?, contested }))
            });
            Content::Edit(map_of(changes.collect::<Option<Vec<_>>>()?))
        }
        (None, Some((name, creates, arguments))) => {
            let arguments = arguments.iter().map(|(name, value)| Some((argument(name)?, read_value(value)?)));
            let name = action::Action::named(&name)?.name;
            Content::Action(Action {
                name,
                arguments: map_of(arguments.collect::<Option<Vec<_>>>()?),
                creates,
            })
        }
        _ => return None,
    };
    let refusal = match line.refusal {
        Some((kind, reasons)) => {
            let reason = |(name, message, code): ReasonText| Reason {
                field: name.and_then(|name| field(&name)),
                message,
                code,
            };
            Some((*REFUSALS.get(usize::from(kind))?, reasons.into_iter().map(reason).collect()))
        }
        None => None,
    };
    let steps = line.steps.into_iter().map(|(at, standing)| Some((Time(at), numbered(standing)?)));
    let ChangeStatus::Open(mark) = numbered(line.mark)? else { return None };
    Some(Entry {
        persisted: PersistedIntent {
            intent: IntentId(line.intent),
            key: RecordKey { resource, path: line.path.into() },
            at: Time(line.at),
            sent_off_at: Time(line.sent_off_at),
            content,
            mark,
            refusal,
            lost_at: line.lost_at.map(Time),
            over: line.over.into_iter().map(IntentId).collect(),
        },
        ended: match numbered(line.standing)? {
            ChangeStatus::Open(_) => None,
            ChangeStatus::Settled => Some(Ending::Settled),
            ChangeStatus::Discarded => Some(Ending::Discarded),
        },
        steps: steps.collect::<Option<_>>()?,
    })
}

fn status_number(standing: ChangeStatus) -> u8 {
    let standing =
        if standing == ChangeStatus::Open(Mark::Confirmed) { ChangeStatus::Settled } else { standing };
    ChangeStatus::ALL.iter().position(|other| *other == standing).unwrap_or_default() as u8
}

fn numbered(number: u8) -> Option<ChangeStatus> {
    ChangeStatus::ALL.get(usize::from(number)).copied()
}

fn value_text(value: &Value) -> ValueText {
    let kind = match value {
        Value::Null => 'n',
        Value::Text(_) => 't',
        Value::Decimal(_) => 'd',
        Value::Integer(_) => 'i',
        Value::Boolean(_) => 'b',
        Value::DateTime(_) => 'z',
        Value::Date(_) => 'y',
        Value::Unread(_) => 'u',
    };
    (kind, value.to_string())
}

fn read_value((kind, text): &ValueText) -> Option<Value> {
    Some(match kind {
        'n' => Value::Null,
        't' => Value::Text(text.clone()),
        'd' => Value::Decimal(read_decimal(text).ok()?),
        'i' => Value::Integer(text.parse().ok()?),
        'b' => Value::Boolean(text.parse().ok()?),
        'z' => Value::DateTime(read_date_time(text)?),
        'y' => Value::Date(text.parse().ok()?),
        'u' => Value::Unread(text.clone()),
        _ => return None,
    })
}
