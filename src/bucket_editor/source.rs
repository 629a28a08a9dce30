//! The rows behind the list. Base buckets are few, so all of them are read, and filter and order are
//! made here. A cell shows what the store knows of the record, else the row as it was read.

use super::columns::{BucketColumns, ROWS};
use super::question::Question;
use crate::display_text::{count, instant_utc};
use crate::event_grid::cell_mark;
use crate::grid_view::{CellEditor, GridSource};
use crate::lookups::Code;
use crate::record_sync::FieldName;
use crate::rest_client::{BillingLists, Failure, FailureKind, RecordKey, content_of, fields_of};
use crate::sign_in::Session;
use grid_model::{CellFace, CellMark, RowCount, RowState, SortDirection, SortKey, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Fields, Version};
use rest_contract::logisense::{BASE_BUCKET, BaseBucket, ListEntry};
use rest_contract::logisense::{BASE_UNITS, LOCATION_GROUPS, LOCATIONS, USAGE_CLASSES};
use rest_contract::{Record, Value};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::ops::Range;
use std::rc::Rc;

/// A bucket as it was read last.
pub struct BucketRow {
    pub key: RecordKey,
    version: Version,
    fields: Fields<FieldName, Value>,
    /// How many rows scope it, where the list told.
    details: Option<usize>,
}

pub struct BucketList {
    session: Session,
    pub columns: BucketColumns,
    question: RefCell<Question>,
    rows: RefCell<Vec<BucketRow>>,
    /// Places in `rows`, filtered and in order.
    shown: RefCell<Vec<usize>>,
    pub lists: RefCell<BillingLists>,
    pub revision: RwSignal<u64>,
    /// How many there are in all, once they are read.
    pub total: RwSignal<Option<usize>>,
    /// How many are shown.
    pub count: RwSignal<RowCount>,
    /// Goes up when rows stand in other places.
    pub reordered: RwSignal<u64>,
    /// Why nothing at all could be shown.
    pub failure: RwSignal<Option<Failure>>,
    pub is_reading: RwSignal<bool>,
}

impl BucketList {
    pub fn new(session: Session, question: Question) -> Rc<Self> {
        Rc::new(Self {
            session,
            columns: BucketColumns::default(),
            question: RefCell::new(question),
            rows: RefCell::default(),
            shown: RefCell::default(),
            lists: RefCell::default(),
            revision: RwSignal::new(0),
            total: RwSignal::new(None),
            count: RwSignal::new(RowCount::Unknown),
            reordered: RwSignal::new(0),
            failure: RwSignal::new(None),
            is_reading: RwSignal::new(false),
        })
    }

    pub fn ask(&self, question: Question) {
        if *self.question.borrow() != question {
            *self.question.borrow_mut() = question;
            self.collect();
        }
    }

    /// Reads everything again.
    pub fn read(self: &Rc<Self>) {
        if self.is_reading.get_untracked() {
            return;
        }
        self.is_reading.set(true);
        let list = Rc::clone(self);
        spawn_local(async move {
            let stamp = list.session.sync.stamp();
            let lists = list.session.client.read_billing_lists().await;
            let result = match lists {
                Ok(lists) => {
                    list.take_lists(lists);
                    list.session.client.read_buckets().await
                }
                Err(failure) => Err(failure),
            };
            if list.is_reading.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(read) => {
                    let row = |bucket: &BaseBucket| row_of(bucket, read.has_details);
                    *list.rows.borrow_mut() = read.buckets.iter().map(row).collect();
                    list.total.set(Some(read.buckets.len()));
                    list.failure.set(None);
                    let rows = list.rows.borrow();
                    let known =
                        rows.iter().map(|row| (row.key.clone(), row.version.clone(), row.fields.clone()));
                    list.session.sync.list_read(stamp, known.collect::<Vec<_>>().into_iter());
                    drop(rows);
                    list.collect();
                }
                Err(failure) => {
                    if failure.kind == FailureKind::SignedOut {
                        list.session.expire();
                    }
                    // What was read before is still worth more than a message in its place.
                    if list.total.get_untracked().is_none() {
                        list.failure.set(Some(failure));
                    } else {
                        list.session.sync.notices.tell(
                            Tone::Warn,
                            format!("The list could not be read again. {}", failure.advice()),
                        );
                    }
                }
            }
        });
    }

    fn take_lists(&self, lists: BillingLists) {
        let entries = |list: &[ListEntry]| {
            let code = |entry: &ListEntry| Code {
                code: entry.identity.to_string(),
                meaning: entry.name.clone(),
                is_offered: true,
            };
            list.iter().map(code).collect::<Vec<_>>()
        };
        let mut units = lists.units.clone();
        units.sort_by_key(|unit| (unit.sort_order, unit.identity));
        let unit = |unit: rest_contract::logisense::BaseUnit| Code {
            code: unit.identity.to_string(),
            meaning: unit.name,
            is_offered: unit.visible && unit.is_base_bucket_eligible,
        };
        let lookups = self.session.lookups;
        lookups.take(BASE_UNITS, units.into_iter().map(unit).collect());
        lookups.take(USAGE_CLASSES, entries(&lists.classes));
        lookups.take(LOCATIONS, entries(&lists.locations));
        lookups.take(LOCATION_GROUPS, entries(&lists.groups));
        *self.lists.borrow_mut() = lists;
    }

    /// A bucket was read by itself: the count of its rows is newer here.
    pub fn knows_details(&self, key: &RecordKey, details: usize) {
        if let Some(row) = self.rows.borrow_mut().iter_mut().find(|row| row.key == *key) {
            row.details = Some(details);
        }
        self.touch();
    }

    fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    /// Filters and sorts anew.
    pub fn collect(&self) {
        let rows = self.rows.borrow();
        let question = self.question.borrow();
        let mut shown: Vec<usize> = (0..rows.len())
            .filter(|place| rows.get(*place).is_some_and(|row| self.fits(row, &question)))
            .collect();
        shown.sort_by(|one, other| {
            let (Some(one), Some(other)) = (rows.get(*one), rows.get(*other)) else { return Ordering::Equal };
            self.compare(one, other, &question.sort)
        });
        let before = std::mem::replace(&mut *self.shown.borrow_mut(), shown);
        if self.total.get_untracked().is_some() {
            self.count.set(RowCount::Exactly(self.shown.borrow().len()));
        }
        if before != *self.shown.borrow() {
            self.reordered.update(|times| *times += 1);
        }
        self.touch();
    }

    fn fits(&self, row: &BucketRow, question: &Question) -> bool {
        let find = question.find.trim().to_lowercase();
        let holds = |name: FieldName| self.text(row, name).to_lowercase().contains(&find);
        let is = |name: FieldName, wanted: &Value| self.look(row, name, |value, _| value == Some(wanted));
        (find.is_empty() || ["name", "usageBucketBaseUnitId", "ownerName", "identity"].into_iter().any(holds))
            && question.unit.is_none_or(|unit| is("usageBucketBaseUnitId", &Value::Integer(unit)))
            && question.retired.is_none_or(|retired| is("retired", &Value::Boolean(retired)))
    }

    fn compare(&self, one: &BucketRow, other: &BucketRow, sort: &[SortKey]) -> Ordering {
        for key in sort {
            let order = match key.column.as_str() {
                ROWS => one.details.cmp(&other.details),
                name => BASE_BUCKET.field(name).map_or(Ordering::Equal, |field| {
                    let place = |row: &BucketRow| self.look(row, field.name, |value, _| sort_place(value));
                    match (field.lookup, place(one), place(other)) {
                        (None, one, other) => one.cmp(&other),
                        (Some(_), ..) => self.text(one, field.name).cmp(&self.text(other, field.name)),
                    }
                }),
            };
            let order = if key.direction == SortDirection::Descending { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        let identity = |row: &BucketRow| row.key.identity();
        identity(one).cmp(&identity(other))
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
            Some(Value::Boolean(true)) if name == "retired" => "Retired".to_owned(),
            Some(Value::Boolean(false)) if name == "retired" => "Active".to_owned(),
            Some(Value::DateTime(at)) => instant_utc(at).get(..19).unwrap_or_default().to_owned(),
            Some(Value::Integer(unit)) if name == "usageBucketBaseUnitId" => {
                let code = unit.to_string();
                let tables = self.session.lookups.tables.get_untracked();
                let meaning = tables.meaning(BASE_UNITS, &code);
                // A unit that the list does not have is still named by the bucket itself.
                match row.fields.get("usageBucketBaseUnitName").and_then(Value::as_text) {
                    Some(name) if meaning == code => name.to_owned(),
                    _ => meaning.to_owned(),
                }
            }
            Some(other) => other.to_string(),
        }
    }

    pub fn with_row<T>(&self, row: usize, look: impl FnOnce(&BucketRow) -> T) -> Option<T> {
        let place = self.shown.borrow().get(row).copied()?;
        self.rows.borrow().get(place).map(look)
    }

    /// The buckets in these rows of the grid.
    pub fn keys(&self, rows: impl Iterator<Item = usize>) -> Vec<RecordKey> {
        rows.filter_map(|row| self.with_row(row, |row| row.key.clone())).collect()
    }

    pub fn place_of(&self, key: &RecordKey) -> Option<usize> {
        let rows = self.rows.borrow();
        self.shown.borrow().iter().position(|place| rows.get(*place).is_some_and(|row| row.key == *key))
    }

    /// A bucket's name and content as they were read last.
    pub fn seen(&self, key: &RecordKey) -> Option<(String, String)> {
        let rows = self.rows.borrow();
        let row = rows.iter().find(|row| row.key == *key)?;
        let version = self.session.sync.with_view(key, |view| Some(view?.version()?.token.clone()));
        Some((self.text(row, "name"), version.unwrap_or_else(|| row.version.token.clone())))
    }

    /// What a bucket shows in a field, in words.
    pub fn words_of(&self, key: &RecordKey, name: FieldName) -> String {
        let rows = self.rows.borrow();
        rows.iter().find(|row| row.key == *key).map(|row| self.text(row, name)).unwrap_or_default()
    }

    /// Whether a bucket of that name is known; names are told apart without regard to case.
    pub fn has_name(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        self.rows.borrow().iter().any(|row| self.text(row, "name").to_lowercase() == name)
    }
}

fn row_of(bucket: &BaseBucket, has_details: bool) -> BucketRow {
    let record = Record::from(bucket);
    let details = bucket.details.as_ref().map_or(0, |details| details.0.len());
    BucketRow {
        key: RecordKey::bucket(bucket.identity),
        version: content_of(&record),
        fields: fields_of(&record),
        details: has_details.then_some(details),
    }
}

/// Nothing first, then numbers and instants by size, texts without regard to case.
fn sort_place(value: Option<&Value>) -> (i64, String) {
    match value {
        None | Some(Value::Null) => (i64::MIN, String::new()),
        Some(Value::Integer(number)) => (*number, String::new()),
        Some(Value::Boolean(yes)) => (i64::from(*yes), String::new()),
        Some(Value::DateTime(at)) => (at.timestamp_millis(), String::new()),
        Some(other) => (0, other.to_string().to_lowercase()),
    }
}

impl GridSource for Rc<BucketList> {
    fn row_count(&self) -> RowCount {
        self.count.get_untracked()
    }

    fn row_state(&self, row: usize) -> RowState {
        if self.with_row(row, |_| ()).is_some() { RowState::Loaded } else { RowState::Loading }
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.with_row(row, |row| row.key.path.to_string())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        let rows = self.rows.borrow();
        self.shown.borrow().iter().position(|place| rows.get(*place).is_some_and(|row| *row.key.path == *key))
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some(name) = self.columns.name(column) else { return CellFace::default() };
        let face = self.with_row(row, |row| {
            if name == ROWS {
                match row.details {
                    Some(details) => text.push_str(&count(details as u64)),
                    None => text.push('\u{2013}'),
                }
                return CellFace::default();
            }
            self.look(row, name, |value, mark| {
                text.push_str(&self.words(row, name, value));
                let tone = match (name, value) {
                    ("retired", Some(Value::Boolean(false))) => Tone::Ok,
                    ("retired" | "ownerName" | "identity", _) => Tone::Quiet,
                    _ => Tone::Plain,
                };
                CellFace { mark, tone, editable: false }
            })
        });
        face.unwrap_or_default()
    }

    fn viewport(&self, _rows: Range<usize>) {}

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("Open the base bucket to change it, or select several and change them together.".to_owned())
    }
}
