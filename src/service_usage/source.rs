//! The rows of the list. They begin remote: windows of a hundred are fetched as they come into sight,
//! with what the platform can filter and order by. Once every event is here, everything is answered
//! from memory; a short list gets there by itself, a long one when a person asks for what the
//! platform cannot answer.

use super::columns::{Shows, UsageColumns};
use super::every_event::{GoOn, Progress, read_every_event};
use super::question::Question;
use super::words;
use crate::grid_view::{CellEditor, GridSource};
use crate::rest_client::{Failure, FailureKind};
use crate::sign_in::Session;
use grid_model::{CellFace, PageRequest, RowCount, RowState, Tone, WindowCache};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::cloud_foundry::{UsageEvent, UsageField, UsageTable, settled};
use std::cell::{Cell, Ref, RefCell};
use std::ops::Range;
use std::rc::Rc;

const PAGE: usize = 100;
const PAGES_KEPT: usize = 200;
/// Lists up to this many events are read whole without being asked.
const READ_BY_ITSELF: usize = 5_000;
/// New events are taken only at this age: a younger one may still be overtaken by an older one that
/// is committed later.
pub const SAFETY_AGE: i64 = 60;

/// How much of the whole list is here.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reading {
    #[default]
    NotBegun,
    Under(Progress),
    Stopped(Progress),
    /// Every event up to this second is here.
    Whole(i64),
    Failed(Failure),
}

/// What following has brought, for a person to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followed {
    pub at: i64,
    pub taken: usize,
    /// Events that are still too young.
    pub held_back: usize,
    pub failure: Option<String>,
}

pub struct UsageList {
    pub session: Session,
    pub columns: UsageColumns,
    cache: RefCell<WindowCache<UsageEvent>>,
    table: RefCell<UsageTable>,
    /// The rows that answer the question, where they are answered from memory.
    local: RefCell<Option<Vec<u32>>>,
    question: RefCell<Question>,
    run: Cell<u64>,
    is_looking: Cell<bool>,
    pub revision: RwSignal<u64>,
    pub count: RwSignal<RowCount>,
    pub reading: RwSignal<Reading>,
    pub followed: RwSignal<Option<Followed>>,
    /// Why nothing at all could be shown.
    pub failure: RwSignal<Option<Failure>>,
}

impl UsageList {
    pub fn new(session: Session, question: Question) -> Rc<Self> {
        let needs_every_event = question.needs_every_event();
        let list = Rc::new(Self {
            session,
            columns: UsageColumns::default(),
            cache: RefCell::new(WindowCache::new(PAGE, PAGES_KEPT)),
            table: RefCell::default(),
            local: RefCell::default(),
            question: RefCell::new(question),
            run: Cell::new(0),
            is_looking: Cell::new(false),
            revision: RwSignal::new(0),
            count: RwSignal::new(RowCount::Unknown),
            reading: RwSignal::default(),
            followed: RwSignal::default(),
            failure: RwSignal::new(None),
        });
        if needs_every_event {
            list.answer_from_memory();
            list.read_whole();
        }
        list
    }

    pub fn is_whole(&self) -> bool {
        matches!(self.reading.try_get_untracked(), Some(Reading::Whole(_)))
    }

    /// Whether the page that showed the list has been left: an answer may come after that.
    fn is_gone(&self) -> bool {
        self.reading.try_get_untracked().is_none()
    }

    /// Every event, where [`UsageList::is_whole`]; else what is here of them.
    pub fn table(&self) -> Ref<'_, UsageTable> {
        self.table.borrow()
    }

    /// Another filter or order; the same one changes nothing.
    pub fn ask(self: &Rc<Self>, question: Question) {
        if *self.question.borrow() == question {
            return;
        }
        let needs_every_event = question.needs_every_event();
        *self.question.borrow_mut() = question;
        self.cache.borrow_mut().restart();
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

    fn answer_from_memory(&self) {
        let question = self.question.borrow();
        let table = self.table.borrow();
        let mut rows = table.rows(&question.filter());
        table.sort(&mut rows, &question.order());
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
        let was_whole = self.is_whole() || self.question.borrow().needs_every_event();
        self.stop();
        *self.table.borrow_mut() = UsageTable::default();
        *self.local.borrow_mut() = None;
        self.cache.borrow_mut().restart();
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
            self.refresh();
            return;
        }
        self.cache.borrow_mut().retry();
        self.touch();
    }

    fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    /// Ends a reading that is under way.
    pub fn stop(&self) {
        self.run.set(self.run.get() + 1);
        self.reading.update(|reading| {
            if let Reading::Under(progress) = reading {
                *reading = Reading::Stopped(*progress);
            }
        });
    }

    /// Reads every event, unless they are here or coming. A reading that was stopped goes on where
    /// it stood.
    pub fn read_whole(self: &Rc<Self>) {
        let here = self.table.borrow().len();
        let begun = match self.reading.get_untracked() {
            Reading::Whole(_) | Reading::Under(_) => return,
            Reading::Stopped(progress) => progress,
            Reading::NotBegun | Reading::Failed(_) => {
                Progress { read: here, total: self.count.get_untracked().known() }
            }
        };
        self.run.set(self.run.get() + 1);
        self.reading.set(Reading::Under(begun));
        spawn_local(self.clone().read_pages(self.run.get()));
    }

    async fn read_pages(self: Rc<Self>, run: u64) {
        let (cursor, before) = {
            let table = self.table.borrow();
            (table.last_guid().map(str::to_owned), table.len())
        };
        let mut shown = before.max(1);
        let result = read_every_event(self.session.client, cursor, &mut |events, _, progress| {
            if self.run.get() != run || self.is_gone() {
                return GoOn::No;
            }
            let mut table = self.table.borrow_mut();
            events.iter().for_each(|event| table.push(event));
            drop(table);
            let progress = Progress { read: before + progress.read, total: before + progress.total };
            self.reading.set(Reading::Under(progress));
            // Shown at 1, 2, 4, … pages: filtering and ordering what is here takes time as well.
            if self.local.borrow().is_some() && progress.read >= shown * 2 {
                shown = progress.read;
                self.answer_from_memory();
                self.touch();
            }
            GoOn::Yes
        })
        .await;
        if self.run.get() != run || self.is_gone() {
            return;
        }
        match result {
            Ok(()) => {
                self.reading.set(Reading::Whole(words::now()));
                self.answer_from_memory();
            }
            Err(failure) => self.reading_failed(failure),
        }
        self.touch();
    }

    fn reading_failed(&self, failure: Failure) {
        self.expire_if(&failure);
        if self.table.borrow().is_empty() && self.local.borrow().is_some() {
            self.failure.set(Some(failure.clone()));
        }
        self.reading.set(Reading::Failed(failure));
    }

    fn expire_if(&self, failure: &Failure) {
        if failure.kind == FailureKind::SignedOut {
            self.session.expire();
        }
    }

    /// Looks once for events that came after the last one.
    pub async fn follow_once(self: Rc<Self>) {
        // A look that takes long is not overtaken by the next: both would take the same events.
        if !self.is_whole() || self.is_looking.replace(true) {
            return;
        }
        let run = self.run.get();
        let cursor = self.table.borrow().last_guid().map(str::to_owned);
        let now = words::now();
        let (mut taken, mut held_back) = (0, 0);
        let result = read_every_event(self.session.client, cursor, &mut |events, _, _| {
            if self.run.get() != run {
                return GoOn::No;
            }
            let old_enough = settled(events, now, SAFETY_AGE);
            let mut table = self.table.borrow_mut();
            events.iter().take(old_enough).for_each(|event| table.push(event));
            taken += old_enough;
            held_back += events.len() - old_enough;
            if held_back == 0 { GoOn::Yes } else { GoOn::No }
        })
        .await;
        self.is_looking.set(false);
        if self.run.get() != run || self.is_gone() {
            return;
        }
        let failure = result.err().map(|failure| {
            self.expire_if(&failure);
            match failure.kind {
                FailureKind::Refused(422, _) => {
                    "The platform no longer knows the last event that was read: events were purged or pruned. Refresh to read the list anew.".to_owned()
                }
                _ => failure.title(),
            }
        });
        self.followed.update(|followed| {
            let before = followed.as_ref().map_or(0, |followed| followed.taken);
            *followed =
                Some(Followed { at: now, taken: before + taken, held_back, failure: failure.clone() });
        });
        if failure.is_none() {
            self.reading.set(Reading::Whole(now));
        }
        if taken > 0 {
            self.answer_from_memory();
            self.touch();
        }
    }

    async fn fetch(self: Rc<Self>, asked: PageRequest) {
        let query = self.question.borrow().for_the_platform();
        // Windows begin at multiples of the page.
        let query = format!("page={}&per_page={PAGE}{query}", asked.offset / PAGE + 1);
        let result = match self.session.client.usage_events(&query).await {
            Ok(answer) => answer.page().and_then(|page| {
                Ok((answer.events(&page)?, usize::try_from(page.total).ok(), page.has_more))
            }),
            Err(failure) => Err(failure),
        };
        if self.is_gone() {
            return;
        }
        match result {
            Ok((events, total, has_more)) => {
                let is_short = asked.offset == 0 && total.is_some_and(|total| total <= READ_BY_ITSELF);
                let mut cache = self.cache.borrow_mut();
                if !cache.accept(asked, events, total, has_more) {
                    return;
                }
                let count = cache.count();
                drop(cache);
                if self.local.borrow().is_none() {
                    self.count.set(count);
                    self.failure.set(None);
                }
                if is_short && !self.question.borrow().is_filtered() {
                    self.read_whole();
                }
            }
            Err(failure) => {
                let mut cache = self.cache.borrow_mut();
                if !cache.fail(asked, failure.title()) {
                    return;
                }
                let knows_nothing = cache.count() == RowCount::Unknown;
                drop(cache);
                self.expire_if(&failure);
                self.failure.set(knows_nothing.then_some(failure));
            }
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
            None => self.cache.borrow().row(place).map(|event| event.guid.clone()),
        }
    }

    /// Where an event stands among the rows.
    pub fn place_of(&self, guid: &str) -> Option<usize> {
        match &*self.local.borrow() {
            Some(rows) => {
                let table = self.table.borrow();
                rows.iter().position(|row| table.guid(*row as usize) == guid)
            }
            None => {
                self.cache.borrow().loaded().find(|(_, event)| event.guid == guid).map(|(place, _)| place)
            }
        }
    }
}

impl GridSource for Rc<UsageList> {
    fn row_count(&self) -> RowCount {
        match &*self.local.borrow() {
            Some(rows) if self.is_whole() => RowCount::Exactly(rows.len()),
            Some(rows) => RowCount::AtLeast(rows.len()),
            None => self.cache.borrow().count(),
        }
    }

    fn row_state(&self, row: usize) -> RowState {
        match self.local_row(row) {
            Some(Some(_)) => RowState::Loaded,
            Some(None) => RowState::Loading,
            None => self.cache.borrow().state(row),
        }
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.guid(row)
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.place_of(key)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some(shows) = self.columns.shows(column) else { return CellFace::default() };
        let tone = match self.local_row(row) {
            Some(Some(row)) => {
                let table = self.table.borrow();
                let about =
                    (table.created_at(row), table.guid(row), table.text(row, UsageField::InstanceGuid));
                write_cell(shows, about, |field| table.text(row, field), text)
            }
            Some(None) => Tone::Plain,
            None => {
                let cache = self.cache.borrow();
                let Some(event) = cache.row(row) else { return CellFace::default() };
                let about = (event.created_at, event.guid.as_str(), event.text(UsageField::InstanceGuid));
                write_cell(shows, about, |field| event.text(field), text)
            }
        };
        CellFace { tone, ..CellFace::default() }
    }

    fn failure(&self, row: usize) -> String {
        let cache = self.cache.borrow();
        format!("{}.", cache.failure(row).unwrap_or("These rows could not be loaded"))
    }

    fn viewport(&self, rows: Range<usize>) {
        if self.local.borrow().is_some() {
            return;
        }
        let plan = self.cache.borrow_mut().plan(rows);
        for asked in plan.ask {
            spawn_local(self.clone().fetch(asked));
        }
    }

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("The platform's events are read here and never changed.".to_owned())
    }
}

/// Writes a cell; `about` is when the event was created, its guid and its instance's.
fn write_cell<'a>(
    shows: Shows,
    (created_at, guid, instance): (i64, &str, &str),
    field_text: impl Fn(UsageField) -> &'a str,
    text: &mut String,
) -> Tone {
    match shows {
        Shows::CreatedAt => text.push_str(&words::time(created_at)),
        Shows::Guid => {
            text.push_str(guid);
            return Tone::Quiet;
        }
        Shows::Field(UsageField::State) => {
            let code = field_text(UsageField::State);
            let (word, tone) = words::state(code);
            text.push_str(word);
            if code == "CREATED" && guid == instance && !guid.is_empty() {
                text.push_str(", seeded");
                return Tone::Warn;
            }
            return tone;
        }
        Shows::Field(field) => {
            text.push_str(words::value(field, field_text(field)));
            if matches!(field, UsageField::OrganizationGuid | UsageField::InstanceGuid | UsageField::PlanGuid)
            {
                return Tone::Quiet;
            }
        }
    }
    Tone::Plain
}
