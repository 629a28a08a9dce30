//! The rows of the list of changes: one for each field typed, one for each action. A row is a place in
//! the log; its words are made when it is painted.

use super::Shown;
use super::words::{detail, part, part_count, record_name, time_text, tone};
use crate::grid_view::{CellEditor, GridSource};
use crate::sign_in::Session;
use grid_model::{CellFace, Column, RowCount, RowState};
use record_store::{IntentId, Time};
use std::cell::RefCell;
use std::cmp::Reverse;
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

/// The place of one row: which part of which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: Time,
    intent: IntentId,
    part: usize,
}

pub struct ChangeList {
    session: Session,
    rows: RefCell<Vec<Place>>,
}

impl ChangeList {
    pub fn new(session: Session) -> Rc<Self> {
        Rc::new(Self { session, rows: RefCell::default() })
    }

    /// Takes the changes from the log, the newest first.
    pub fn collect(&self, shown: Shown) {
        let mut rows = self.rows.borrow_mut();
        rows.clear();
        self.session.sync.with_log(|log| {
            let entries = log.entries().filter(|entry| match shown {
                Shown::All => true,
                Shown::Unsettled => entry.ended.is_none(),
                Shown::Done => entry.ended.is_some(),
            });
            for entry in entries {
                let (at, intent) = (entry.kept.at, entry.kept.intent);
                rows.extend((0..part_count(entry)).map(|part| Place { at, intent, part }));
            }
        });
        rows.sort_by_key(|row| (Reverse((row.at, row.intent)), row.part));
    }

    pub fn len(&self) -> usize {
        self.rows.borrow().len()
    }

    pub fn intent(&self, row: usize) -> Option<IntentId> {
        self.rows.borrow().get(row).map(|row| row.intent)
    }
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
        let intent = key.parse().map(IntentId).ok()?;
        self.rows.borrow().iter().position(|row| row.intent == intent)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some((place, (id, ..))) = self.rows.borrow().get(row).copied().zip(COLUMNS.get(column)) else {
            return CellFace::default();
        };
        self.session.sync.with_log(|log| {
            let Some(entry) = log.entry(place.intent) else { return CellFace::default() };
            let part = || part(entry, place.part);
            match *id {
                "at" => text.push_str(&time_text(entry.kept.at)),
                "state" => {
                    let standing = entry.standing();
                    text.push_str(standing.name());
                    return CellFace { tone: tone(standing), ..CellFace::default() };
                }
                "record" => text.push_str(&record_name(&entry.kept.key)),
                "what" => text.push_str(part().map_or("", |part| part.what)),
                "from" => text.push_str(&part().map(|part| part.from).unwrap_or_default()),
                "to" => text.push_str(&part().map(|part| part.to).unwrap_or_default()),
                _ => text.push_str(&detail(entry)),
            }
            CellFace::default()
        })
    }

    fn viewport(&self, _rows: Range<usize>) {}

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("What happened is not edited. Open the record to change it again.".to_owned())
    }
}
