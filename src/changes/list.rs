//! The rows of the list of changes: one for each field typed, one for each action.

use super::Shown;
use crate::bucket_editor::record_title;
use crate::display_text::instant_utc;
use crate::grid_view::{CellEditor, GridSource};
use crate::record_sync::{Entry, FieldName, Standing, refusal_words};
use crate::rest_client::{RecordKey, Resource};
use crate::sign_in::Session;
use chrono::{DateTime, Utc};
use grid_model::{CellFace, Column, RowCount, RowState, Tone};
use record_store::{Content, IntentId, Mark, Time};
use rest_contract::Value;
use rest_contract::oracle::action::Action;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

const COLUMNS: [(&str, &str, u32); 7] = [
    ("at", "When (UTC)", 156),
    ("state", "State", 110),
    ("record", "Record", 230),
    ("what", "Change", 190),
    ("from", "Before", 190),
    ("to", "After", 190),
    ("detail", "Reason", 360),
];

pub fn columns() -> Arc<[Column]> {
    COLUMNS
        .map(|(id, title, width)| {
            let column = Column::new(id, title, width);
            if id == "at" { column.frozen() } else { column }
        })
        .into()
}

/// One row, as it is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    pub intent: IntentId,
    pub cells: [String; COLUMNS.len()],
    pub standing: Standing,
}

pub struct ChangeList {
    session: Session,
    rows: RefCell<Vec<ChangeRow>>,
}

impl ChangeList {
    pub fn new(session: Session) -> Rc<Self> {
        Rc::new(Self { session, rows: RefCell::default() })
    }

    /// Takes the changes from the log, the newest first.
    pub fn collect(&self, shown: Shown) {
        let mut rows = self.session.sync.with_log(|log| {
            let entries = log.entries().filter(|entry| match shown {
                Shown::All => true,
                Shown::Unsettled => entry.ended.is_none(),
                Shown::Done => entry.ended.is_some(),
            });
            entries.flat_map(rows_of).collect::<Vec<_>>()
        });
        rows.sort_by(|one, other| other.cells[0].cmp(&one.cells[0]).then(other.intent.cmp(&one.intent)));
        *self.rows.borrow_mut() = rows;
    }

    pub fn len(&self) -> usize {
        self.rows.borrow().len()
    }

    pub fn intent(&self, row: usize) -> Option<IntentId> {
        self.rows.borrow().get(row).map(|row| row.intent)
    }
}

/// The changes as rows; the evidence is made of the same.
pub fn rows_of(entry: &Entry) -> Vec<ChangeRow> {
    let Entry { kept, .. } = entry;
    let standing = entry.standing();
    let row = |what: String, from: String, to: String| ChangeRow {
        intent: kept.intent,
        cells: [
            time_text(kept.at),
            standing.name().to_owned(),
            record_name(&kept.key),
            what,
            from,
            to,
            detail(entry),
        ],
        standing,
    };
    match &kept.content {
        Content::Edit(changes) => changes
            .iter()
            .map(|(field, change)| {
                let before = change.base.as_ref().map(Value::to_string).unwrap_or_default();
                row(field_title(&kept.key, field).to_owned(), before, change.mine.to_string())
            })
            .collect(),
        Content::Action(asked) => {
            let title = Action::named(asked.name).map_or(asked.name, |action| action.title);
            let arguments: Vec<_> =
                asked.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            vec![row(title.to_owned(), String::new(), arguments.join(", "))]
        }
    }
}

/// What the server or the console said about it.
fn detail(entry: &Entry) -> String {
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

impl GridSource for Rc<ChangeList> {
    fn row_count(&self) -> RowCount {
        RowCount::Exactly(self.len())
    }

    fn row_state(&self, _row: usize) -> RowState {
        RowState::Loaded
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.intent(row).map(|intent| intent.0.to_string())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.rows.borrow().iter().position(|row| row.intent.0.to_string() == key)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let rows = self.rows.borrow();
        let Some(row) = rows.get(row) else { return CellFace::default() };
        text.push_str(row.cells.get(column).map_or("", String::as_str));
        let is_state = COLUMNS.get(column).is_some_and(|(id, ..)| *id == "state");
        CellFace { tone: if is_state { tone(row.standing) } else { Tone::Plain }, ..CellFace::default() }
    }

    fn viewport(&self, _rows: Range<usize>) {}

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("What happened is not edited. Open the record to change it again.".to_owned())
    }
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
