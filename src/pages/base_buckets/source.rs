//! The rows behind the list. Base buckets are few, so all of them are read, and filter and order are
//! made here. A cell shows what the store knows of the record, else the row as it was read.

use super::columns::{ROWS, columns};
use super::list_query::ListQuery;
use crate::api::{BillingLists, RecordKey, content_of, fields_of};
use crate::data::lookups::Code;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::list::{LocalList, RowSpec};
use crate::features::record_panel::cell_mark;
use crate::text::{count, second_utc};
use crate::ui::controls::UnreadRecord;
use crate::ui::grid::GridSource;
use crate::ui::key_input::is_found_in;
use grid_model::{CellFace, CellMark, CopiedCell, Picked, SortDirection, SortKey, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Fields, Version};
use rest_contract::logisense::{BASE_BUCKET, ListEntry, details_of};
use rest_contract::logisense::{BASE_UNITS, LOCATION_GROUPS, LOCATIONS, USAGE_CLASSES};
use rest_contract::{Record, Value};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

/// A bucket as it was read last.
#[derive(Clone)]
pub struct BucketRow {
    pub key: RecordKey,
    version: Version,
    fields: Fields<FieldName, Value>,
    /// How many rows scope it, where the list told.
    details: Option<usize>,
}

pub type BucketList = LocalList<Buckets>;

pub struct Buckets {
    session: Session,
    query: RefCell<ListQuery>,
    /// How many there are in all, once they are read.
    pub total: RwSignal<Option<usize>>,
    /// Buckets that came without a number that could be read.
    pub unread: RwSignal<Vec<UnreadRecord>>,
    pub is_reading: RwSignal<bool>,
    /// It is to be read once more as soon as the reading that is under way has come to its end: what was
    /// made or deleted since that one left would be missing from it.
    is_wanted: Cell<bool>,
}

/// The list of all base buckets.
pub fn bucket_list(session: Session, query: ListQuery) -> Rc<BucketList> {
    let buckets = Buckets {
        session,
        query: RefCell::new(query),
        total: RwSignal::new(None),
        unread: RwSignal::default(),
        is_reading: RwSignal::new(false),
        is_wanted: Cell::new(false),
    };
    LocalList::new(columns(), buckets)
}

impl BucketList {
    pub fn ask(&self, query: ListQuery) {
        if self.spec.query.replace(query.clone()) != query && self.spec.total.get_untracked().is_some() {
            self.collect();
        }
    }

    /// Reads everything again.
    pub fn read(self: &Rc<Self>) {
        if self.spec.is_reading.get_untracked() {
            self.spec.is_wanted.set(true);
            return;
        }
        self.spec.is_reading.set(true);
        let list = Rc::clone(self);
        spawn_local(async move {
            let spec = &list.spec;
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
                list.read();
            }
            match result {
                Ok(read) => {
                    let row = |bucket: &Record| row_of(bucket, read.has_details);
                    let rows: Vec<_> = read.buckets.iter().filter_map(row).collect();
                    spec.total.set(Some(read.buckets.len()));
                    let unread = read.buckets.iter().filter(|bucket| bucket.key().is_none());
                    spec.unread.set(unread.map(UnreadRecord::of).collect());
                    list.status.update(|status| status.failure = None);
                    let known =
                        rows.iter().map(|row| (row.key.clone(), row.version.clone(), row.fields.clone()));
                    session.sync.list_read(stamp, known);
                    list.take(Arc::new(rows));
                    list.collect();
                }
                Err(failure) => {
                    session.expire_by(&failure);
                    // What was read before is still worth more than a message in its place.
                    if spec.total.get_untracked().is_none() {
                        list.status.update(|status| status.failure = Some(failure));
                    } else {
                        session.sync.notices.notify(
                            Tone::Warn,
                            format!("The list could not be read again. {}", failure.advice()),
                        );
                    }
                }
            }
        });
    }

    /// A bucket was read by itself: the count of its rows is newer here.
    pub fn knows_details(&self, key: &RecordKey, details: usize) {
        self.change_record(&key.path, |row| row.details = Some(details));
    }

    /// Filters and sorts anew.
    fn collect(&self) {
        let query = self.spec.query.borrow();
        self.show(|row| self.spec.fits(row, &query), |one, other| self.spec.compare(one, other, &query.sort));
    }

    /// The buckets that are shown, as they stand on the screen.
    pub fn shown(self: &Rc<Self>) -> Vec<Picked> {
        (0..self.row_count().known()).filter_map(|row| self.picked(row)).collect()
    }

    /// A bucket's name and content as they were read last.
    pub fn seen(&self, key: &RecordKey) -> Option<(String, String)> {
        let seen = |row: &BucketRow| (self.spec.text(row, "name"), self.spec.version(row).to_string());
        self.with_record(&key.path, seen)
    }

    /// What a bucket shows in a field, in words.
    pub fn words_of(&self, key: &RecordKey, name: FieldName) -> String {
        self.with_record(&key.path, |row| self.spec.text(row, name)).unwrap_or_default()
    }

    /// Whether a bucket of that name is known; names are told apart without regard to case.
    pub fn has_name(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        self.rows().iter().any(|row| self.spec.text(row, "name").to_lowercase() == name)
    }
}

impl Buckets {
    fn fits(&self, row: &BucketRow, query: &ListQuery) -> bool {
        let find = query.find.trim();
        let holds = |name: FieldName| is_found_in(find, &self.text(row, name));
        let is = |name: FieldName, wanted: &Value| self.look(row, name, |value, _| value == Some(wanted));
        (find.is_empty() || ["name", "usageBucketBaseUnitId", "ownerName", "identity"].into_iter().any(holds))
            && query.unit.is_none_or(|unit| is("usageBucketBaseUnitId", &Value::Integer(unit)))
            && query.retired.is_none_or(|retired| is("retired", &Value::Boolean(retired)))
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
            Some(Value::DateTime(at)) => second_utc(at),
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

fn row_of(bucket: &Record, has_details: bool) -> Option<BucketRow> {
    Some(BucketRow {
        key: RecordKey::bucket(bucket.get("identity")?.as_integer()?),
        version: content_of(bucket),
        fields: fields_of(bucket),
        details: has_details.then_some(details_of(bucket).len()),
    })
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

impl RowSpec for Buckets {
    type Row = BucketRow;
    type ColumnKind = FieldName;
    const READ_ONLY: &'static str =
        "Open the base bucket to change it, or select several and edit them together.";

    fn key(&self, row: &BucketRow) -> Option<Arc<str>> {
        Some(Arc::clone(&row.key.path))
    }

    fn version(&self, row: &BucketRow) -> Arc<str> {
        let version = self.session.sync.with_view(&row.key, |view| Some(view?.version()?.token.clone()));
        version.unwrap_or_else(|| row.version.token.clone()).into()
    }

    fn cell(&self, row: &BucketRow, name: FieldName, text: &mut String) -> CellFace {
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
            CellFace { mark, tone, ..CellFace::default() }
        })
    }

    fn copied(&self, row: &BucketRow, name: FieldName) -> Option<CopiedCell> {
        let rows = row.details.filter(|_| name == ROWS)?;
        Some(CopiedCell::Number(rows.to_string()))
    }
}
