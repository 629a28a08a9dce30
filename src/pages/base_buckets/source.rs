//! The rows behind the list. Base buckets are few, so all of them are read, and filter and order are
//! made here. A cell shows what the store knows of the record, else the row as it was read.

use super::columns::{BUCKET_COLUMNS, ROWS, STATE, UNIT, UNIT_NAME, columns};
use super::list_query::{ACTIVE, RETIRED};
use crate::api::{BillingLists, RecordKey, Resource, System, content_of, fields_of};
use crate::data::lookups::Code;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::list::{ListQuery, ListSpec, News, PagedList, RowSpec, WholeProgress, copied_value};
use crate::features::record_panel::cell_mark;
use crate::features::whole_list::{
    TableRows, TableSpec, column_kind, filtered_value, owned_cell, question_of,
};
use crate::text::{count, second_utc};
use crate::ui::controls::UnreadRecord;
use crate::ui::grid::GridSource;
use crate::ui::key_input::composed;
use grid_model::{CellFace, CellMark, CopiedCell, Picked, SortKey, Tone};
use grid_table::{Amount, ColumnKind, OwnedValue, Question, Row as TableRow, Table, Value as Kept};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Fields, Version};
use rest_contract::logisense::{BASE_UNITS, LOCATION_GROUPS, LOCATIONS, USAGE_CLASSES};
use rest_contract::logisense::{ListEntry, details_of};
use rest_contract::{Field, Record, Value};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A bucket as it was read last.
#[derive(Clone)]
pub struct BucketRow {
    pub key: RecordKey,
    version: Version,
    fields: Fields<FieldName, Value>,
    /// What its columns held when the list was put in order last.
    shown: Vec<OwnedValue>,
}

pub type BucketList = TableRows<Buckets>;

pub struct Buckets {
    session: Session,
    query: RefCell<ListQuery>,
    /// All of them, as they were read last.
    read: RefCell<Vec<BucketRow>>,
    /// How many rows scope each, where that was told.
    details: RefCell<HashMap<Arc<str>, usize>>,
    /// How many there are in all, once they are read.
    pub total: RwSignal<Option<usize>>,
    /// Buckets that came without a number that could be read.
    pub unread: RwSignal<Vec<UnreadRecord>>,
    pub is_reading: RwSignal<bool>,
    /// It is to be read once more as soon as the reading that is under way has come to its end: what was
    /// made or deleted since that one left would be missing from it.
    is_wanted: Cell<bool>,
}

/// The list of all base buckets. Made within a component, whose end lets go of it.
pub fn bucket_list(session: Session, query: ListQuery) -> Rc<BucketList> {
    let buckets = Buckets {
        session,
        query: RefCell::new(query),
        read: RefCell::default(),
        details: RefCell::default(),
        total: RwSignal::new(None),
        unread: RwSignal::default(),
        is_reading: RwSignal::new(false),
        is_wanted: Cell::new(false),
    };
    TableRows::of(PagedList::new(session, columns(), buckets))
}

impl BucketList {
    pub fn ask(self: &Rc<Self>, query: ListQuery) {
        let spec = &self.list.spec;
        if spec.query.replace(query.clone()) != query && spec.total.get_untracked().is_some() {
            self.collect();
        }
    }

    /// Reads everything again.
    pub fn read(self: &Rc<Self>) {
        if self.list.spec.is_reading.get_untracked() {
            self.list.spec.is_wanted.set(true);
            return;
        }
        self.list.spec.is_reading.set(true);
        let rows = Rc::clone(self);
        spawn_local(async move {
            let spec = &rows.list.spec;
            let session = spec.session;
            let stamp = session.sync.stamp();
            let result = match session.client.read_billing_lists().await {
                Ok(lists) => {
                    take_lists(session, lists);
                    session.client.read_buckets().await
                }
                Err(failure) => Err(failure),
            };
            if spec.is_reading.try_set(false).is_some() {
                return;
            }
            if spec.is_wanted.take() {
                rows.read();
            }
            match result {
                Ok(read) => {
                    let buckets: Vec<_> = read.buckets.iter().filter_map(row_of).collect();
                    let known =
                        buckets.iter().map(|row| (row.key.clone(), row.version.clone(), row.fields.clone()));
                    session.sync.list_read(stamp, known);
                    spec.total.set(Some(read.buckets.len()));
                    let unread = read.buckets.iter().filter(|bucket| bucket.key().is_none());
                    spec.unread.set(unread.map(UnreadRecord::of).collect());
                    let counted = read.buckets.iter().filter(|_| read.has_details);
                    let counted =
                        counted.filter_map(|bucket| Some((key_of(bucket)?.path, details_of(bucket).len())));
                    *spec.details.borrow_mut() = counted.collect();
                    *spec.read.borrow_mut() = buckets;
                    rows.list.pages.status.maybe_update(|status| status.not_again.take().is_some());
                    let as_of = session.client.now_at(System::LogiSense);
                    rows.list.pages.progress.set(WholeProgress::Here { as_of, news: News::default() });
                    rows.collect();
                }
                Err(failure) => {
                    session.expire_by(&failure);
                    // What was read before is still worth more than a message in its place.
                    if spec.total.get_untracked().is_none() {
                        rows.list.pages.status.update(|status| status.failure = Some(failure));
                    } else {
                        rows.list.pages.status.update(|status| status.not_again = Some(failure));
                    }
                }
            }
        });
    }

    /// A bucket was read by itself: the count of its rows is newer here.
    pub fn knows_details(&self, key: &RecordKey, details: usize) {
        self.list.spec.details.borrow_mut().insert(Arc::clone(&key.path), details);
        self.list.pages.touch();
    }

    /// Filters and sorts anew, by what the store knows now.
    fn collect(self: &Rc<Self>) {
        let spec = &self.list.spec;
        let with_shown = |row: &BucketRow| {
            let identity = row.key.identity()?;
            Some((identity, BucketRow { shown: spec.shown_values(row), ..row.clone() }))
        };
        let rows: Vec<_> = spec.read.borrow().iter().filter_map(with_shown).collect();
        self.take(&rows);
    }

    /// The buckets that are shown, as they stand on the screen.
    pub fn shown(&self) -> Vec<Picked> {
        (0..self.list.row_count().known()).filter_map(|row| self.list.picked(row)).collect()
    }

    /// A bucket's name and content as they were read last.
    pub fn seen(&self, key: &RecordKey) -> Option<(String, String)> {
        let spec = &self.list.spec;
        spec.with_bucket(key, |row| (spec.text(row, "name"), spec.version(row).to_string()))
    }

    /// What a bucket shows in a field, in words.
    pub fn words_of(&self, key: &RecordKey, name: FieldName) -> String {
        let spec = &self.list.spec;
        spec.with_bucket(key, |row| spec.text(row, name)).unwrap_or_default()
    }

    /// Whether a bucket of that name is known; names are told apart without regard to case.
    pub fn has_name(&self, name: &str) -> bool {
        let (spec, name) = (&self.list.spec, name.trim().to_lowercase());
        spec.read.borrow().iter().any(|row| spec.text(row, "name").to_lowercase() == name)
    }
}

/// Columns behind those of the fields: texts by which buckets are ordered and found.
const BEHIND: [&str; 3] = [UNIT_NAME, NAME_IN_SMALL_LETTERS, DIGITS];
const NAME_IN_SMALL_LETTERS: &str = "name in small letters";
const DIGITS: &str = "identity as a text";

impl Buckets {
    /// Looks at a bucket, whether it is shown or not.
    fn with_bucket<T>(&self, key: &RecordKey, look: impl FnOnce(&BucketRow) -> T) -> Option<T> {
        self.read.borrow().iter().find(|row| row.key == *key).map(look)
    }

    fn details(&self, row: &BucketRow) -> Option<usize> {
        self.details.borrow().get(&row.key.path).copied()
    }

    /// What the columns of a row hold now.
    fn shown_values(&self, row: &BucketRow) -> Vec<OwnedValue> {
        let text = |name: FieldName| OwnedValue::Text(self.text(row, name));
        let of_field = |field: &'static Field| match field.name {
            ROWS => self.details(row).map_or(OwnedValue::Blank, |rows| OwnedValue::Instant(rows as i64)),
            STATE => text(STATE),
            UNIT => self.look(row, UNIT, |unit, _| match unit.and_then(Value::as_integer) {
                Some(unit) => OwnedValue::Text(unit.to_string()),
                None => OwnedValue::Blank,
            }),
            name => self.look(row, name, |value, _| owned_cell(value)),
        };
        let digits = row.key.identity().unwrap_or_default().to_string();
        let name = self.text(row, "name").to_lowercase();
        let behind = [text(UNIT), OwnedValue::Text(name), OwnedValue::Text(digits)];
        BUCKET_COLUMNS.fields().map(of_field).chain(behind).collect()
    }

    /// Looks at a field as it is to be shown.
    fn look<T>(
        &self,
        row: &BucketRow,
        name: FieldName,
        look: impl FnOnce(Option<&Value>, CellMark) -> T,
    ) -> T {
        let sync = &self.session.sync;
        sync.with_view(&row.key, |view| match view {
            Some(view) => {
                let mark = cell_mark(view.mark(&name), || sync.was_just_saved(&row.key, name));
                look(view.shown(&name).or_else(|| row.fields.get(name)), mark)
            }
            None => look(row.fields.get(name), CellMark::Plain),
        })
    }

    fn text(&self, row: &BucketRow, name: FieldName) -> String {
        self.look(row, name, |value, _| self.words(row, name, value))
    }

    fn words(&self, row: &BucketRow, name: FieldName, value: Option<&Value>) -> String {
        match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::Boolean(true)) if name == STATE => RETIRED.to_owned(),
            Some(Value::Boolean(false)) if name == STATE => ACTIVE.to_owned(),
            Some(Value::DateTime(at)) => second_utc(at),
            Some(Value::Integer(unit)) if name == UNIT => {
                let code = unit.to_string();
                let tables = self.session.lookups.tables.get_untracked();
                let meaning = tables.meaning(BASE_UNITS, &code);
                // A unit that the list does not have is still named by the bucket itself.
                match row.fields.get(UNIT_NAME).and_then(Value::as_text) {
                    Some(name) if meaning == code => name.to_owned(),
                    _ => meaning.to_owned(),
                }
            }
            Some(other) => other.to_string(),
        }
    }
}

impl TableSpec for Buckets {
    fn table() -> Table {
        let fields = BUCKET_COLUMNS.fields().map(column_kind);
        let columns: Vec<_> = fields.chain(BEHIND.map(|_| ColumnKind::Text)).collect();
        Table::composing(&columns, |text| composed(text).into_owned())
    }

    fn column(field: &str) -> Option<usize> {
        let names = BUCKET_COLUMNS.fields().map(|field| field.name).chain(BEHIND);
        names.into_iter().position(|name| name == field)
    }

    fn values<'row>(row: &'row BucketRow, _: &'row [Amount]) -> Vec<Kept<'row>> {
        row.shown.iter().map(OwnedValue::borrowed).collect()
    }

    fn row_of_key(table: &Table, key: &str) -> Option<TableRow> {
        table.row(RecordKey { resource: Resource::Bucket, path: key.into() }.identity()?)
    }

    fn question(&self) -> Question {
        let query = self.query.borrow();
        let order = query.sort.iter().map(|key| {
            let column = match key.column.as_str() {
                UNIT => UNIT_NAME,
                // Without regard to case.
                "name" => NAME_IN_SMALL_LETTERS,
                name => name,
            };
            SortKey { column: column.to_owned(), ..key.clone() }
        });
        let order: Vec<_> = order.collect();
        let searched =
            BUCKET_COLUMNS.searched.iter().map(|name| if *name == "identity" { DIGITS } else { name });
        question_of::<Self>(&query.find, &searched.collect::<Vec<_>>(), &query.filters, &order)
    }
}

impl ListSpec for Buckets {
    const MOST_PAGES: usize = 0;

    fn without_place(&self) -> usize {
        self.unread.with_untracked(Vec::len)
    }
}

fn take_lists(session: Session, lists: BillingLists) {
    let entries = |list: &[ListEntry]| {
        let code = |entry: &ListEntry| Code {
            code: entry.identity.to_string(),
            meaning: entry.name.clone(),
            is_offered: true,
        };
        list.iter().map(code).collect::<Vec<_>>()
    };
    let mut units = lists.units;
    units.sort_by_key(|unit| (unit.sort_order, unit.identity));
    let unit = |unit: rest_contract::logisense::BaseUnit| Code {
        code: unit.identity.to_string(),
        meaning: unit.name,
        is_offered: unit.visible && unit.is_base_bucket_eligible,
    };
    let lookups = session.lookups;
    lookups.take(BASE_UNITS, units.into_iter().map(unit).collect());
    let others =
        [(USAGE_CLASSES, &lists.classes), (LOCATIONS, &lists.locations), (LOCATION_GROUPS, &lists.groups)];
    for (lookup, list) in others {
        // What could not be read now is known from before, or not yet.
        if let Some(list) = list {
            lookups.take(lookup, entries(list));
        }
    }
}

fn key_of(bucket: &Record) -> Option<RecordKey> {
    Some(RecordKey::bucket(bucket.get("identity")?.as_integer()?))
}

fn row_of(bucket: &Record) -> Option<BucketRow> {
    Some(BucketRow {
        key: key_of(bucket)?,
        version: content_of(bucket),
        fields: fields_of(bucket),
        shown: Vec::new(),
    })
}

impl RowSpec for Buckets {
    type Row = BucketRow;
    type ColumnKind = &'static Field;
    const READ_ONLY: &'static str =
        "Open the base bucket to change it, or select several and edit them together.";

    fn key(&self, row: &BucketRow) -> Option<Arc<str>> {
        Some(Arc::clone(&row.key.path))
    }

    fn version(&self, row: &BucketRow) -> Arc<str> {
        let version = self.session.sync.with_view(&row.key, |view| Some(view?.version()?.token.clone()));
        version.unwrap_or_else(|| row.version.token.clone()).into()
    }

    fn value(&self, row: &BucketRow, field: &'static Field) -> Option<Value> {
        filtered_value::<Self>(row, field)
    }

    fn cell(&self, row: &BucketRow, field: &'static Field, text: &mut String) -> CellFace {
        let name = field.name;
        if name == ROWS {
            match self.details(row) {
                Some(details) => text.push_str(&count(details as u64)),
                None => text.push('\u{2013}'),
            }
            return CellFace::default();
        }
        self.look(row, name, |value, mark| {
            text.push_str(&self.words(row, name, value));
            let tone = match (name, value) {
                (STATE, Some(Value::Boolean(false))) => Tone::Ok,
                (STATE | "ownerName" | "identity", _) => Tone::Quiet,
                _ => Tone::Plain,
            };
            CellFace { mark, tone, ..CellFace::default() }
        })
    }

    fn copied(&self, row: &BucketRow, field: &'static Field) -> Option<CopiedCell> {
        if field.name == ROWS {
            return self.details(row).map(|rows| CopiedCell::Number(rows.to_string()));
        }
        self.look(row, field.name, |value, _| match value? {
            time @ Value::DateTime(_) => copied_value(field, Some(time)),
            _ => None,
        })
    }
}
