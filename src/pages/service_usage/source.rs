//! The rows of the list. They begin remote: windows of a hundred are fetched as they come into sight,
//! with what the platform can filter and order by. Once every event is here, everything is answered
//! from memory; a short list gets there by itself, a long one when a person asks for what the
//! platform cannot answer.

use super::columns::{ColumnKind, columns};
use super::following::Followed;
use super::labels;
use super::list_query::ListQuery;
use super::organizations::Organizations;
use super::reading::Reading;
use crate::api::{Failure, RestClient};
use crate::data::latest::Latest;
use crate::data::session::Session;
use crate::features::list::{ColumnSet, List, ListPages, ListStatus, Page};
use crate::text::unread_text;
use crate::ui::grid::{CellEditor, GridSource};
use grid_model::{CellFace, Column, ColumnLayout, PageRequest, RowCount, RowState, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::cloud_foundry::{UsageEvent, UsageField, UsageTable};
use std::cell::{Cell, Ref, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

const MOST_PAGES: usize = 200;
/// Lists up to this many events are read whole without being asked.
const READ_BY_ITSELF: usize = 5_000;

pub struct UsageList {
    pub session: Session,
    pub organizations: Organizations,
    columns: ColumnSet<ColumnKind>,
    pages: ListPages<UsageEvent>,
    pub(super) table: RefCell<UsageTable>,
    /// How many rows of the table nothing can come before any more.
    pub(super) settled: Cell<usize>,
    /// How many events the platform has, as the latest page told.
    pub(super) announced: Cell<usize>,
    /// How many of the last rows are younger than the safety age.
    pub unsettled: RwSignal<usize>,
    /// The rows that answer the query, where they are answered from memory.
    pub(super) local: RefCell<Option<Vec<u32>>>,
    query: RefCell<ListQuery>,
    /// Reading all of it, or looking for what came after.
    pub(super) latest: Latest,
    pub(super) is_looking: Cell<bool>,
    pub revision: RwSignal<u64>,
    pub count: RwSignal<RowCount>,
    pub reading: RwSignal<Reading>,
    pub followed: RwSignal<Option<Followed>>,
    /// Why nothing at all could be shown.
    pub failure: RwSignal<Option<Failure>>,
}

impl UsageList {
    pub fn new(session: Session, query: ListQuery) -> Rc<Self> {
        let needs_every_event = query.needs_every_event();
        let list = Rc::new(Self {
            session,
            organizations: Organizations::new(),
            columns: columns(),
            pages: ListPages::new(session, MOST_PAGES),
            table: RefCell::default(),
            settled: Cell::new(0),
            announced: Cell::new(0),
            unsettled: RwSignal::new(0),
            local: RefCell::default(),
            query: RefCell::new(query),
            latest: Latest::new(session),
            is_looking: Cell::new(false),
            revision: RwSignal::new(0),
            count: RwSignal::new(RowCount::Unknown),
            reading: RwSignal::default(),
            followed: RwSignal::default(),
            failure: RwSignal::new(None),
        });
        list.read_organizations();
        if needs_every_event {
            list.answer_from_memory();
            list.read_whole();
        }
        list
    }

    fn read_organizations(&self) {
        let revision = self.revision;
        self.organizations.read(self.session.client, move || {
            let _ = revision.try_update(|revision| *revision += 1);
        });
    }

    /// The second, on the platform's clock, up to which every event is here.
    pub fn as_of(&self) -> Option<i64> {
        match self.reading.try_get_untracked() {
            Some(Reading::Whole(at)) => Some(at),
            _ => None,
        }
    }

    pub fn is_whole(&self) -> bool {
        matches!(self.reading.try_get_untracked(), Some(Reading::Whole(_)))
    }

    /// Every event, where [`UsageList::is_whole`]; else what is here of them.
    pub fn table(&self) -> Ref<'_, UsageTable> {
        self.table.borrow()
    }

    /// Another filter or order; the same one changes nothing.
    pub fn ask(self: &Rc<Self>, query: ListQuery) {
        if *self.query.borrow() == query {
            return;
        }
        let needs_every_event = query.needs_every_event();
        *self.query.borrow_mut() = query;
        self.pages.restart();
        self.failure.set(None);
        if self.is_whole() || needs_every_event {
            self.answer_from_memory();
        } else {
            *self.local.borrow_mut() = None;
            self.count.set(RowCount::Unknown);
        }
        if needs_every_event {
            self.read_whole();
        }
        self.touch();
    }

    pub(super) fn answer_from_memory(&self) {
        let query = self.query.borrow();
        let table = self.table.borrow();
        let mut rows = table.rows(&query.filter());
        table.sort(&mut rows, &query.order());
        // While events are still to come, rows are too.
        self.count.set(if self.is_whole() {
            RowCount::Exactly(rows.len())
        } else {
            RowCount::AtLeast(rows.len())
        });
        *self.local.borrow_mut() = Some(rows);
    }

    /// Begins anew with everything.
    pub fn refresh(self: &Rc<Self>) {
        let was_whole = self.is_whole() || self.query.borrow().needs_every_event();
        self.stop();
        self.read_organizations();
        *self.table.borrow_mut() = UsageTable::default();
        self.forget_what_is_settled();
        *self.local.borrow_mut() = None;
        self.pages.restart();
        self.reading.set(Reading::NotBegun);
        self.count.set(RowCount::Unknown);
        self.failure.set(None);
        if was_whole {
            self.answer_from_memory();
            self.read_whole();
        }
        self.touch();
    }

    /// Asks again for pages that failed.
    pub fn retry(self: &Rc<Self>) {
        self.failure.set(None);
        if matches!(self.reading.get_untracked(), Reading::Failed(_)) {
            return self.read_whole();
        }
        self.pages.retry();
        self.touch();
    }

    pub(super) fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    async fn fetch(self: Rc<Self>, asked: PageRequest) {
        let query = self.query.borrow().for_the_platform();
        // Windows begin at multiples of the page.
        let query = format!("page={}&per_page={}{query}", asked.offset / asked.limit + 1, asked.limit);
        let mut is_short = false;
        let read = async |client: RestClient| {
            let answer = client.usage_events(&query).await?;
            let page = answer.page()?;
            is_short = asked.offset == 0 && page.total.is_some_and(|total| total <= READ_BY_ITSELF);
            Ok(Page { rows: page.read_events(), total: page.total, has_more: page.has_more })
        };
        let is_shown = self.pages.read(asked, read).await;
        // The page that showed the list may have been left meanwhile.
        if self.reading.is_disposed() {
            return;
        }
        if self.local.borrow().is_none() {
            let status = self.pages.status.get_untracked();
            self.count.set(status.count);
            self.failure.set(status.failure);
        }
        if is_shown && is_short && !self.query.borrow().is_filtered() {
            self.read_whole();
        }
        self.touch();
    }

    fn local_row(&self, place: usize) -> Option<Option<usize>> {
        self.local.borrow().as_ref().map(|rows| rows.get(place).map(|row| *row as usize))
    }

    /// The guid of the event in a row.
    pub fn guid(&self, place: usize) -> Option<String> {
        match self.local_row(place) {
            Some(row) => row.map(|row| self.table.borrow().guid(row).to_owned()),
            None => self.pages.with_row(place, |event| event.guid.clone()),
        }
    }

    /// Where an event stands among the rows.
    pub fn place_of(&self, guid: &str) -> Option<usize> {
        match &*self.local.borrow() {
            Some(rows) => {
                let table = self.table.borrow();
                rows.iter().position(|row| table.guid(*row as usize) == guid)
            }
            None => self.pages.index_of(|event| event.guid == guid),
        }
    }
}

impl List for Rc<UsageList> {
    fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        self.columns.lay_out(layout)
    }

    fn revision(&self) -> Signal<u64> {
        self.revision.into()
    }

    fn status(&self) -> Signal<ListStatus> {
        let (count, failure) = (self.count, self.failure);
        Signal::derive(move || ListStatus { count: count.get(), loading: false, failure: failure.get() })
    }

    fn retry(&self) {
        UsageList::retry(self);
    }
}

impl GridSource for Rc<UsageList> {
    fn row_count(&self) -> RowCount {
        match &*self.local.borrow() {
            Some(rows) if self.is_whole() => RowCount::Exactly(rows.len()),
            Some(rows) => RowCount::AtLeast(rows.len()),
            None => self.pages.count(),
        }
    }

    fn row_state(&self, row: usize) -> RowState {
        match self.local_row(row) {
            Some(Some(_)) => RowState::Loaded,
            Some(None) => RowState::Loading,
            None => self.pages.state(row),
        }
    }

    fn row_key(&self, row: usize) -> Option<Arc<str>> {
        self.guid(row).map(Arc::from)
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.place_of(key)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some(kind) = self.columns.kind(column) else { return CellFace::default() };
        let tone = match self.local_row(row) {
            Some(Some(row)) => {
                let table = self.table.borrow();
                let about =
                    (table.created_at(row), table.guid(row), table.text(row, UsageField::InstanceGuid));
                write_cell(kind, about, |field| table.text(row, field), self.organizations, text)
            }
            Some(None) => Tone::Plain,
            None => {
                let written = self.pages.with_row(row, |event| {
                    if let Some(fault) = event.fault() {
                        match kind {
                            ColumnKind::CreatedAt => text.push_str(&unread_text(fault)),
                            ColumnKind::Guid => text.push_str(&event.guid),
                            ColumnKind::Field(field) => text.push_str(event.text(field)),
                            ColumnKind::Organization => (),
                        }
                        return Tone::Plain;
                    }
                    let about = (event.created_at, event.guid.as_str(), event.text(UsageField::InstanceGuid));
                    write_cell(kind, about, |field| event.text(field), self.organizations, text)
                });
                written.unwrap_or(Tone::Plain)
            }
        };
        CellFace { tone, ..CellFace::default() }
    }

    fn failure(&self, row: usize) -> String {
        self.pages.failure(row)
    }

    fn viewport(&self, rows: Range<usize>) {
        if self.local.borrow().is_some() {
            return;
        }
        for asked in self.pages.in_sight(rows) {
            spawn_local(self.clone().fetch(asked));
        }
    }

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("The platform's events are read here and never changed.".to_owned())
    }
}

/// Writes a cell; `about` is when the event was created, its guid and its instance's.
fn write_cell<'a>(
    kind: ColumnKind,
    (created_at, guid, instance): (i64, &str, &str),
    field_text: impl Fn(UsageField) -> &'a str,
    organizations: Organizations,
    text: &mut String,
) -> Tone {
    match kind {
        ColumnKind::CreatedAt => text.push_str(&labels::time(created_at)),
        ColumnKind::Guid => {
            text.push_str(guid);
            return Tone::Quiet;
        }
        ColumnKind::Field(UsageField::State) => {
            let code = field_text(UsageField::State);
            let (word, tone) = labels::state(code);
            text.push_str(word);
            if code == "CREATED" && guid == instance && !guid.is_empty() {
                text.push_str(", seeded");
                return Tone::Warn;
            }
            return tone;
        }
        ColumnKind::Organization => {
            text.push_str(&organizations.painted_name(field_text(UsageField::OrganizationGuid)));
        }
        ColumnKind::Field(field) => {
            text.push_str(labels::value(field, field_text(field)));
            if matches!(field, UsageField::OrganizationGuid | UsageField::InstanceGuid | UsageField::PlanGuid)
            {
                return Tone::Quiet;
            }
        }
    }
    Tone::Plain
}
