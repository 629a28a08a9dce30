//! The rows of the list of changes: one for each field typed, one for each action. A row is a place in
//! the log; its words are made when it is painted.

use super::Shown;
use crate::data::session::Session;
use crate::features::change_text::{Told, after, detail, part, part_count, time_text, tone, zone_of};
use crate::features::list::{ColumnSet, LocalList, RowSpec, copied_value};
use crate::features::rule_words::rule_words;
use grid_model::{CellFace, Column, CopiedCell};
use leptos::prelude::GetUntracked;
use record_store::{IntentId, Time};
use rest_contract::Value;
use std::cmp::Reverse;
use std::rc::Rc;
use std::sync::Arc;

const COLUMNS: [(&str, &str, u32); 7] = [
    ("at", "When (UTC)", 156),
    ("state", "State", 110),
    ("record", "Record", 200),
    ("what", "Change", 160),
    ("from", "Before", 250),
    ("to", "After", 250),
    ("detail", "Reason", 360),
];

/// The place of one row: which part of which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    at: Time,
    intent: IntentId,
    part: usize,
}

pub type ChangeList = LocalList<Changes>;

pub struct Changes(Session);

/// The list of changes.
pub fn change_list(session: Session) -> Rc<ChangeList> {
    let columns = COLUMNS.map(|(id, title, width)| {
        let column = Column::new(id, title, width);
        let column = match id {
            "at" => column.frozen(),
            "record" => column.opening(),
            _ => column,
        };
        (column, id)
    });
    LocalList::new(ColumnSet::new(columns), Changes(session))
}

impl ChangeList {
    /// Takes the changes from the log, the newest first.
    pub fn collect(&self, shown: Shown) {
        let mut rows = Vec::new();
        self.spec.0.sync.with_log(|log| {
            let entries = log.entries().filter(|entry| match shown {
                Shown::All => true,
                Shown::Unsettled => entry.ended.is_none(),
                Shown::Done => entry.ended.is_some(),
            });
            for entry in entries {
                let (at, intent) = (entry.persisted.at, entry.persisted.intent);
                rows.extend((0..part_count(entry)).map(|part| Place { at, intent, part }));
            }
        });
        rows.sort_by_key(|row: &Place| (Reverse((row.at, row.intent)), row.part));
        self.take(Arc::new(rows));
    }

    /// The changes that are listed, in their order, each once.
    pub fn intents(&self) -> Vec<IntentId> {
        let mut intents: Vec<_> = self.rows().iter().map(|row| row.intent).collect();
        intents.dedup();
        intents
    }
}

/// The change that a row is about.
pub fn intent_of(key: &str) -> Option<IntentId> {
    let (intent, _) = key.split_once(' ')?;
    Some(IntentId(intent.parse().ok()?))
}

impl RowSpec for Changes {
    type Row = Place;
    type ColumnKind = &'static str;
    const READ_ONLY: &'static str = "History cannot be edited. Open the record to change it again.";

    fn key(&self, row: &Place) -> Option<Arc<str>> {
        Some(format!("{} {}", row.intent.0, row.part).into())
    }

    fn cell(&self, row: &Place, id: &'static str, text: &mut String) -> CellFace {
        self.0.sync.with_log(|log| {
            let Some(entry) = log.entry(row.intent) else { return CellFace::default() };
            let part = || part(entry, row.part);
            let sync = &self.0.sync;
            let shown = |told: &Told| {
                told.shown(&zone_of(sync, entry), &self.0.lookups.tables.get_untracked(), rule_words)
            };
            match id {
                "at" => text.push_str(&time_text(entry.persisted.at)),
                "state" => {
                    let status = entry.status();
                    text.push_str(status.name());
                    return CellFace { tone: tone(status), ..CellFace::default() };
                }
                "record" => text.push_str(&entry.persisted.key.title()),
                "what" => text.push_str(part().map_or("", |part| part.what)),
                "from" => text.push_str(&part().map(|part| shown(&part.from)).unwrap_or_default()),
                "to" => text.push_str(&part().map(|part| after(entry, &part, shown)).unwrap_or_default()),
                _ => text.push_str(&detail(entry, &zone_of(sync, entry))),
            }
            CellFace::default()
        })
    }

    fn copied(&self, row: &Place, id: &'static str) -> Option<CopiedCell> {
        let part = self.0.sync.with_log(|log| part(log.entry(row.intent)?, row.part))?;
        let told = match id {
            "from" => part.from,
            "to" => part.to,
            _ => return None,
        };
        match &told {
            Told::Value(Some(field), time @ Value::DateTime(_)) => copied_value(field, Some(time)),
            told => told.is_number().then(|| CopiedCell::Number(told.exact())),
        }
    }
}
