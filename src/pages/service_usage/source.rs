//! The rows of the list. They begin remote: windows of a hundred are fetched as they come into sight,
//! with what the platform can filter and order by. Once every event is here, everything is answered
//! from memory; a short list gets there by itself, a long one when a person asks for what the
//! platform cannot answer.

use super::columns::{CREATED_AT, ColumnKind, GUID, STATE, columns, tell_in_words};
use super::every_event::Progress;
use super::following::Followed;
use super::labels;
use super::list_query::{FILTERS, ListQuery};
use super::organizations::Organizations;
use super::reading::Reading;
use crate::api::{Failure, RestClient};
use crate::data::latest::Latest;
use crate::data::session::Session;
use crate::features::list::{ListSpec, News, Page, PagedList, RowSpec, WholeProgress};
use crate::features::whole_list::{TableRows, TableSpec, filtered_value, question_of};
use crate::text::unread_text;
use crate::ui::key_input::composed;
use chrono::{DateTime, NaiveDate};
use grid_model::{CellFace, CopiedCell, PageRequest, Tone};
use grid_table::{
    Amount, ColumnKind as Kept, Filter, OwnedValue, Question, Row as TableRow, Table, Test, Value,
};
use leptos::prelude::*;
use rest_contract::Field;
use rest_contract::cloud_foundry::{UsageEvent, UsageField, UsageTable};
use std::cell::{Cell, Ref, RefCell};
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;

/// Lists up to this many events are read whole without being asked.
const READ_BY_ITSELF: usize = 5_000;

pub type UsageList = TableRows<Usage>;

pub struct Usage {
    pub session: Session,
    pub organizations: Organizations,
    /// What follows from every event together is worked out from here, in the order in which they came.
    pub(super) table: RefCell<UsageTable>,
    /// How many rows of the table nothing can come before any more.
    pub(super) settled: Cell<usize>,
    /// How many events the platform has, as the latest page told.
    pub(super) announced: Cell<usize>,
    /// How many of the last rows are younger than the safety age.
    pub unsettled: RwSignal<usize>,
    query: RefCell<ListQuery>,
    /// Reading all of it, or looking for what came after.
    pub(super) latest: Latest,
    pub(super) is_looking: Cell<bool>,
    pub reading: RwSignal<Reading>,
    pub followed: RwSignal<Option<Followed>>,
    /// The list turned out to be short.
    is_short: Cell<bool>,
}

/// The list of all events. Made within a component, whose end lets go of it.
pub fn usage_list(session: Session, query: ListQuery) -> Rc<UsageList> {
    tell_in_words(session.lookups);
    let needs_every_event = query.needs_every_event();
    let usage = Usage {
        session,
        organizations: Organizations::new(),
        table: RefCell::default(),
        settled: Cell::new(0),
        announced: Cell::new(0),
        unsettled: RwSignal::new(0),
        query: RefCell::new(query),
        latest: Latest::new(session),
        is_looking: Cell::new(false),
        reading: RwSignal::default(),
        followed: RwSignal::default(),
        is_short: Cell::new(false),
    };
    let list = TableRows::of(PagedList::new(session, columns(), usage));
    list.read_organizations();
    if needs_every_event {
        list.answer_from_memory();
        list.read_whole();
    }
    // As every list that is read whole tells it.
    let (reading, progress) = (list.spec().reading, list.list.pages.progress);
    Effect::new(move || progress.set(progress_of(reading.get())));
    // A short list is read whole once its first page has told so.
    let handle = StoredValue::new_local(Rc::clone(&list));
    let revision = list.list.pages.revision;
    Effect::new(move || {
        revision.track();
        handle.with_value(|list| untrack(|| list.read_if_short()));
    });
    list
}

impl UsageList {
    fn read_organizations(&self) {
        let revision = self.list.pages.revision;
        self.spec().organizations.read(self.spec().session.client, move || {
            let _ = revision.try_update(|revision| *revision += 1);
        });
    }

    /// Shows what answers the question. While events are still to come, rows are too.
    pub(super) fn answer_from_memory(self: &Rc<Self>) {
        self.list.pages.set_growing(!self.is_whole());
        self.answer();
    }

    /// The second, on the platform's clock, up to which every event is here.
    pub fn as_of(&self) -> Option<i64> {
        match self.spec().reading.try_get_untracked() {
            Some(Reading::Whole(at)) => Some(at),
            _ => None,
        }
    }

    pub fn is_whole(&self) -> bool {
        self.as_of().is_some()
    }

    /// Every event, where [`UsageList::is_whole`]; else what is here of them.
    pub fn events(&self) -> Ref<'_, UsageTable> {
        self.spec().table.borrow()
    }

    /// Another filter or order; the same one changes nothing.
    pub fn ask(self: &Rc<Self>, query: ListQuery) {
        if *self.spec().query.borrow() == query {
            return;
        }
        let needs_every_event = query.needs_every_event();
        *self.spec().query.borrow_mut() = query;
        if needs_every_event || self.is_whole() {
            self.answer_from_memory();
        } else {
            self.list.pages.leave_whole();
            self.list.pages.restart();
        }
        if needs_every_event {
            self.read_whole();
        }
    }

    /// Begins anew with everything.
    pub fn refresh(self: &Rc<Self>) {
        let was_whole = self.is_whole() || self.spec().query.borrow().needs_every_event();
        self.stop();
        self.read_organizations();
        self.forget_from(0);
        self.forget_what_is_settled();
        self.list.pages.leave_whole();
        self.list.pages.restart();
        self.spec().reading.set(Reading::NotBegun);
        if was_whole {
            self.answer_from_memory();
            self.read_whole();
        }
    }

    /// Asks again for pages that failed.
    pub fn retry(self: &Rc<Self>) {
        if matches!(self.spec().reading.get_untracked(), Reading::Failed(_)) {
            self.list.pages.status.update(|status| status.failure = None);
            return self.read_whole();
        }
        self.list.pages.retry();
    }

    fn read_if_short(self: &Rc<Self>) {
        if self.spec().is_short.take() {
            self.read_whole();
        }
    }

    /// Rows are answered from memory, whether all of them are here or not yet.
    pub(super) fn is_local(&self) -> bool {
        self.list.pages.whole().is_some()
    }

    /// The guid of the event in a row.
    pub fn guid(&self, place: usize) -> Option<String> {
        self.list.pages.with_row(place, |event| event.guid.clone())
    }

    /// Which events pass what is asked of their instances, whatever their state and time; nothing where that is
    /// nothing.
    pub fn wanted_instances(&self) -> Option<Vec<bool>> {
        let query = self.spec().query.borrow();
        query.is_filtered().then(|| {
            let is_of_event = |name: &str| matches!(name, STATE | CREATED_AT);
            let mut query = query.clone().with(UsageField::State, Vec::new());
            query.filters.retain(|(field, _)| !is_of_event(field.name));
            let mut wanted = vec![false; self.events().len()];
            for key in self.keys_of(question_of_instances(&query)) {
                if let Some(one) = usize::try_from(key).ok().and_then(|row| wanted.get_mut(row)) {
                    *one = true;
                }
            }
            wanted
        })
    }
}

/// What is asked, but for the days.
fn question_of_instances(query: &ListQuery) -> Question {
    let mut question = question_of::<Usage>(&query.find, &[], &query.filters, &query.sort);
    let asked = FILTERS.iter().zip(&query.any_of).filter(|(_, values)| !values.is_empty());
    question.filters.extend(asked.filter_map(|((field, _), values)| {
        let values = values.iter().cloned().map(OwnedValue::Text).collect();
        Some(Filter { column: Usage::column(field.path())?, test: Test::OneOf(values) })
    }));
    question
}

fn midnight(day: Option<NaiveDate>) -> Option<OwnedValue> {
    let at = day?.and_time(chrono::NaiveTime::MIN).and_utc();
    Some(OwnedValue::Instant(at.timestamp_micros()))
}

impl ListSpec for Usage {
    const MOST_PAGES: usize = 200;

    async fn page(&self, client: RestClient, asked: PageRequest) -> Result<Page<UsageEvent>, Failure> {
        let (query, is_filtered) = {
            let query = self.query.borrow();
            (query.for_the_platform(), query.is_filtered())
        };
        let page = client.usage_event_window(&query, asked.offset, asked.limit).await?;
        let is_short = asked.offset == 0 && page.total.is_some_and(|total| total <= READ_BY_ITSELF);
        self.is_short.set(is_short && !is_filtered);
        Ok(Page { rows: page.events, total: page.total, has_more: page.has_more })
    }
}

impl TableSpec for Usage {
    fn table() -> Table {
        let texts = std::iter::once(GUID).chain(UsageField::ALL.map(UsageField::path));
        let columns: Vec<_> = std::iter::once(Kept::Instant).chain(texts.map(|_| Kept::Text)).collect();
        Table::composing(&columns, |text| composed(text).into_owned())
    }

    fn column(field: &str) -> Option<usize> {
        let before = [CREATED_AT, GUID];
        let names = before.into_iter().chain(UsageField::ALL.map(UsageField::path));
        names.into_iter().position(|name| name == field)
    }

    fn values<'row>(event: &'row UsageEvent, _: &'row [Amount]) -> Vec<Value<'row>> {
        let about = [Value::Instant(event.created_at.saturating_mul(MICROS)), Value::Text(&event.guid)];
        about.into_iter().chain(UsageField::ALL.map(|field| Value::Text(event.text(field)))).collect()
    }

    fn fits(_: &UsageEvent) -> bool {
        true
    }

    fn made(table: &Table, row: TableRow) -> Option<UsageEvent> {
        let text = |name: &str| match Self::column(name).map(|column| table.value(row, column)) {
            Some(Value::Text(text)) => text.to_owned(),
            _ => String::new(),
        };
        let created_at = match table.value(row, 0) {
            Value::Instant(at) => at / MICROS,
            _ => return None,
        };
        Some(UsageEvent::of(text(GUID), created_at, |field| text(field.path())))
    }

    fn row_of_key(table: &Table, key: &str) -> Option<TableRow> {
        table.row_with_text(Self::column(GUID)?, key)
    }

    fn question(&self) -> Question {
        let query = self.query.borrow();
        let mut question = question_of_instances(&query);
        let (from, before) = (midnight(query.first_day()), midnight(query.day_after()));
        if from.is_some() || before.is_some() {
            let from = from.map_or(Bound::Unbounded, Bound::Included);
            let to = before.map_or(Bound::Unbounded, Bound::Excluded);
            question.filters.push(Filter { column: 0, test: Test::Between { from, to } });
        }
        question
    }
}

/// Instants are kept in microseconds.
const MICROS: i64 = 1_000_000;

impl RowSpec for Usage {
    type Row = UsageEvent;
    type ColumnKind = ColumnKind;
    const READ_ONLY: &'static str = "The platform's events are read here and never changed.";

    fn key(&self, event: &UsageEvent) -> Option<Arc<str>> {
        Some(event.guid.as_str().into())
    }

    fn value(&self, event: &UsageEvent, field: &'static Field) -> Option<rest_contract::Value> {
        event.fault().is_none().then(|| filtered_value::<Self>(event, field))?
    }

    fn cell(&self, event: &UsageEvent, kind: ColumnKind, text: &mut String) -> CellFace {
        if let Some(fault) = event.fault() {
            match kind {
                ColumnKind::CreatedAt => text.push_str(&unread_text(fault)),
                ColumnKind::Guid => text.push_str(&event.guid),
                ColumnKind::Field(field) => text.push_str(event.text(field)),
                ColumnKind::Organization => (),
            }
            return CellFace::default();
        }
        CellFace { tone: write_cell(kind, event, self.organizations, text), ..CellFace::default() }
    }

    fn copied(&self, event: &UsageEvent, kind: ColumnKind) -> Option<CopiedCell> {
        let is_time = matches!(kind, ColumnKind::CreatedAt) && event.fault().is_none();
        is_time.then(|| CopiedCell::Time {
            at: event.created_at.saturating_mul(MICROS),
            text: labels::time(event.created_at),
        })
    }
}

/// Writes a cell.
fn write_cell(kind: ColumnKind, event: &UsageEvent, organizations: Organizations, text: &mut String) -> Tone {
    match kind {
        ColumnKind::CreatedAt => text.push_str(&labels::shown_time(event.created_at)),
        ColumnKind::Guid => {
            text.push_str(&event.guid);
            return Tone::Quiet;
        }
        ColumnKind::Field(UsageField::State) => {
            let code = event.text(UsageField::State);
            let (word, tone) = labels::state(code);
            text.push_str(word);
            if code == "CREATED"
                && event.guid == event.text(UsageField::InstanceGuid)
                && !event.guid.is_empty()
            {
                text.push_str(", seeded");
                return Tone::Warn;
            }
            return tone;
        }
        ColumnKind::Organization => {
            text.push_str(&organizations.painted_name(event.text(UsageField::OrganizationGuid)));
        }
        ColumnKind::Field(field) => {
            text.push_str(labels::value(field, event.text(field)));
            if matches!(field, UsageField::OrganizationGuid | UsageField::InstanceGuid | UsageField::PlanGuid)
            {
                return Tone::Quiet;
            }
        }
    }
    Tone::Plain
}

fn progress_of(reading: Reading) -> WholeProgress {
    let of = |progress: Progress| (progress.read, progress.total);
    match reading {
        Reading::NotBegun => WholeProgress::InSight,
        Reading::Under(progress) => {
            let (read, of) = of(progress);
            WholeProgress::Reading { read, of, per_second: 0 }
        }
        Reading::Stopped(progress) => {
            let (read, of) = of(progress);
            WholeProgress::Stopped { read, of }
        }
        Reading::Failed(failure) => WholeProgress::Failed { read: 0, of: 0, failure },
        Reading::Whole(at) => WholeProgress::Here {
            as_of: DateTime::from_timestamp(at, 0).unwrap_or_default(),
            news: News::default(),
        },
    }
}
