//! The rows of the list of changes: one for each field typed, one for each action, in the words that they show.

use super::Shown;
use super::columns::{CHANGE_COLUMNS, ChangesQuery, columns};
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, Entry};
use crate::features::change_text::{
    Told, after, detail, machine_time_text, part, part_count, time_text, tone, zone_of,
};
use crate::features::list::{ListSpec, PagedList, RowSpec, copied_value};
use crate::features::rule_words::rule_words;
use crate::features::whole_list::{TableRows, TableSpec, column_kind, filtered_value, question_of};
use crate::ui::key_input::composed;
use grid_model::{CellFace, CopiedCell};
use grid_table::{
    Amount, ColumnKind, Filter, OwnedValue, Question, Row as TableRow, Table, Test, Value as Kept,
};
use leptos::prelude::*;
use record_store::{IntentId, Time};
use rest_contract::{Field, Value};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// One part of one change, with the texts of its columns but the first.
#[derive(Clone)]
pub struct ChangeRow {
    key: Arc<str>,
    at: Time,
    intent: IntentId,
    part: usize,
    status: ChangeStatus,
    is_ended: bool,
    texts: Vec<String>,
}

pub type ChangeList = TableRows<Changes>;

pub struct Changes {
    session: Session,
    query: RefCell<ChangesQuery>,
    /// The log moved on and is read anew before long.
    is_due: Cell<bool>,
    is_resting: Cell<bool>,
}

/// The list of changes. Made within a component, whose end lets go of it.
pub fn change_list(session: Session, query: ChangesQuery) -> Rc<ChangeList> {
    let changes = Changes {
        session,
        query: RefCell::new(query),
        is_due: Cell::new(false),
        is_resting: Cell::new(false),
    };
    TableRows::of(PagedList::new(session, columns(), changes))
}

/// Many changes take their steps one after another: the list of them is not made anew for each.
const REST: Duration = Duration::from_millis(200);

impl ChangeList {
    /// Another filter or order; the same one changes nothing.
    pub fn ask(&self, query: ChangesQuery) {
        if self.list.spec.query.replace(query.clone()) != query {
            self.list.pages.restart();
        }
    }

    /// The log has moved on: takes the changes from it, at once or after a rest.
    pub fn follow(self: &Rc<Self>) {
        let spec = &self.list.spec;
        spec.is_due.set(true);
        if spec.is_resting.replace(true) {
            return;
        }
        self.collect();
        let list = Rc::clone(self);
        let go_on = move || {
            let spec = &list.list.spec;
            spec.is_resting.set(false);
            if spec.is_due.get() && !list.is_left() {
                list.follow();
            }
        };
        set_timeout(go_on, REST);
    }

    /// Takes the changes from the log, the newest first.
    fn collect(self: &Rc<Self>) {
        let spec = &self.list.spec;
        spec.is_due.set(false);
        let mut rows: Vec<ChangeRow> = spec.session.sync.with_log(|log| {
            log.entries().flat_map(|entry| (0..part_count(entry)).map(|at| spec.row_of(entry, at))).collect()
        });
        rows.sort_by_key(|row| (Reverse((row.at, row.intent)), row.part));
        self.take(&(0..).zip(rows).collect::<Vec<_>>());
    }

    /// The changes that are shown, in their order, each once.
    pub fn intents(&self) -> Vec<IntentId> {
        let pages = &self.list.pages;
        let shown = (0..pages.count().known()).filter_map(|row| pages.with_row(row, |row| row.intent));
        let mut known = HashSet::new();
        shown.filter(|intent| known.insert(*intent)).collect()
    }
}

/// As a table keeps instants.
fn micros_of(at: Time) -> Option<i64> {
    i64::try_from(at.0).ok()?.checked_mul(1_000)
}

/// The change that a row is about.
pub fn intent_of(key: &str) -> Option<IntentId> {
    let (intent, _) = key.split_once(' ')?;
    Some(IntentId(intent.parse().ok()?))
}

/// Columns behind those of the fields.
#[derive(Clone, Copy)]
enum Extra {
    Key,
    Ended,
}

impl Extra {
    fn column(self) -> usize {
        CHANGE_COLUMNS.columns.len() + self as usize
    }
}

impl Changes {
    fn row_of(&self, entry: &Entry, at: usize) -> ChangeRow {
        let (sync, lookups) = (&self.session.sync, &self.session.lookups);
        let told = part(entry, at);
        let shown =
            |told: &Told| told.shown(&zone_of(sync, entry), &lookups.tables.get_untracked(), rule_words);
        let text = |field: &'static Field| match field.name {
            "state" => entry.status().name().to_owned(),
            "record" => entry.persisted.key.title(),
            "what" => told.as_ref().map_or("", |part| part.what).to_owned(),
            "from" => told.as_ref().map(|part| shown(&part.from)).unwrap_or_default(),
            "to" => told.as_ref().map(|part| after(entry, part, shown)).unwrap_or_default(),
            "at" => time_text(entry.persisted.at),
            _ => detail(entry, &zone_of(sync, entry)),
        };
        ChangeRow {
            key: format!("{} {at}", entry.persisted.intent.0).into(),
            at: entry.persisted.at,
            intent: entry.persisted.intent,
            part: at,
            status: entry.status(),
            is_ended: entry.ended.is_some(),
            texts: CHANGE_COLUMNS.fields().map(text).collect(),
        }
    }
}

impl ListSpec for Changes {
    const MOST_PAGES: usize = 0;
}

impl TableSpec for Changes {
    fn table() -> Table {
        let fields = CHANGE_COLUMNS.fields().map(column_kind);
        let columns: Vec<_> = fields.chain([ColumnKind::Text, ColumnKind::Flag]).collect();
        Table::composing(&columns, |text| composed(text).into_owned())
    }

    fn column(field: &str) -> Option<usize> {
        CHANGE_COLUMNS.fields().position(|known| known.name == field)
    }

    fn values<'row>(row: &'row ChangeRow, _: &'row [Amount]) -> Vec<Kept<'row>> {
        let at = micros_of(row.at).map_or(Kept::Blank, Kept::Instant);
        let texts = CHANGE_COLUMNS.fields().zip(&row.texts);
        let fields = texts.map(|(field, text)| if field.name == "at" { at } else { Kept::Text(text) });
        fields.chain([Kept::Text(&row.key), Kept::Flag(row.is_ended)]).collect()
    }

    fn row_of_key(table: &Table, key: &str) -> Option<TableRow> {
        table.row_with_text(Extra::Key.column(), key)
    }

    fn question(&self) -> Question {
        let ChangesQuery { shown, list } = &*self.query.borrow();
        let mut question =
            question_of::<Self>(&list.find, CHANGE_COLUMNS.searched, &list.filters, &list.sort);
        let is_ended = match shown {
            Shown::All => None,
            Shown::Unsettled => Some(false),
            Shown::Done => Some(true),
        };
        question.filters.extend(is_ended.map(|is_ended| Filter {
            column: Extra::Ended.column(),
            test: Test::equals(OwnedValue::Flag(is_ended)),
        }));
        question
    }
}

impl RowSpec for Changes {
    type Row = ChangeRow;
    type ColumnKind = &'static Field;
    const READ_ONLY: &'static str = "History cannot be edited. Open the record to change it again.";

    fn key(&self, row: &ChangeRow) -> Option<Arc<str>> {
        Some(Arc::clone(&row.key))
    }

    fn value(&self, row: &ChangeRow, field: &'static Field) -> Option<Value> {
        filtered_value::<Self>(row, field)
    }

    fn cell(&self, row: &ChangeRow, field: &'static Field, text: &mut String) -> CellFace {
        let place = Self::column(field.name);
        text.push_str(place.and_then(|place| row.texts.get(place)).map_or("", String::as_str));
        match field.name {
            "state" => CellFace { tone: tone(row.status), ..CellFace::default() },
            _ => CellFace::default(),
        }
    }

    fn copied(&self, row: &ChangeRow, field: &'static Field) -> Option<CopiedCell> {
        if field.name == "at" {
            return Some(CopiedCell::Time { at: micros_of(row.at)?, text: machine_time_text(row.at) });
        }
        let part = self.session.sync.with_log(|log| part(log.entry(row.intent)?, row.part))?;
        let told = match field.name {
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
