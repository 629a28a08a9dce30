//! The rows behind the event grid: pages that were fetched, overlaid with what the store knows.

use super::columns::{EventColumns, Shows};
use super::question::Question;
use super::rows::EventRow;
use crate::display_text::{class_of, decimal_in_line, instant_utc, sum_in_line};
use crate::field_form::{FieldForm, Standing, text_of};
use crate::grid_view::{CellEditor, GridSource};
use crate::record_sync::{Confirmed, View};
use crate::rest_client::{EventPageQuery, Failure, FailureKind, RecordKey, Resource};
use crate::sign_in::Session;
use grid_model::{CellFace, CellMark, PageRequest, RowCount, RowState, Tone, WindowCache};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Fields, Mark};
use rest_contract::{Field, Kind, Lookup, Value};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// Rows fetched at once: a screen and a half, so that the first rows come quickly.
const PAGE: usize = 100;
/// Pages kept: 20,000 rows, some tens of megabytes.
const PAGES_KEPT: usize = 200;
/// Decimals for which room is kept so that points stand in line.
const QUANTITY_PLACES: usize = 6;
const AMOUNT_PLACES: usize = 4;

/// How the list stands, for what surrounds the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListStatus {
    pub count: RowCount,
    pub loading: bool,
    /// Why nothing at all could be shown.
    pub failure: Option<Failure>,
}

pub struct EventList {
    pub session: Session,
    pub batch: Option<String>,
    pub columns: EventColumns,
    cache: RefCell<WindowCache<EventRow>>,
    question: RefCell<Question>,
    /// The row whose cell is being edited, as it was when that began.
    begun: RefCell<Option<(RecordKey, Confirmed)>>,
    pub revision: RwSignal<u64>,
    pub status: RwSignal<ListStatus>,
    /// Goes up when all is to be read again.
    pub refreshed: RwSignal<u64>,
}

impl EventList {
    /// Made within a component, whose end ends its listening.
    pub fn new(session: Session, batch: Option<String>, question: Question) -> Rc<Self> {
        let list = Rc::new(Self {
            session,
            columns: EventColumns::new(batch.is_some()),
            batch,
            cache: RefCell::new(WindowCache::new(PAGE, PAGES_KEPT)),
            question: RefCell::new(question),
            begun: RefCell::default(),
            revision: RwSignal::new(0),
            status: RwSignal::new(ListStatus { loading: true, ..ListStatus::default() }),
            refreshed: RwSignal::new(0),
        });
        let changed = list.clone();
        session.sync.on_changed(move |keys| {
            let mut cache = changed.cache.borrow_mut();
            let concerned = cache.loaded().filter(|(_, row)| row.concerns(keys)).map(|(place, _)| place);
            for place in concerned.collect::<Vec<_>>() {
                if let Some(row) = cache.row_mut(place) {
                    row.refresh(&session.sync);
                }
            }
        });
        list
    }

    /// Another filter or order.
    pub fn ask(&self, question: Question) {
        if *self.question.borrow() == question {
            return;
        }
        *self.question.borrow_mut() = question;
        self.cache.borrow_mut().restart();
        self.status.set(ListStatus { loading: true, ..ListStatus::default() });
        self.touch();
    }

    pub fn question(&self) -> Question {
        self.question.borrow().clone()
    }

    /// Reads everything in sight again, keeping what is shown until its successor arrives.
    pub fn refresh(&self) {
        self.cache.borrow_mut().refresh();
        self.refreshed.update(|times| *times += 1);
        self.touch();
    }

    /// Asks again for pages that failed.
    pub fn retry(&self) {
        self.cache.borrow_mut().retry();
        self.status.update(|status| {
            status.failure = None;
            status.loading = true;
        });
        self.touch();
    }

    fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    pub fn place_of(&self, key: &str) -> Option<usize> {
        self.cache.borrow().loaded().find(|(_, row)| &*row.key.path == key).map(|(place, _)| place)
    }

    pub fn with_row<T>(&self, place: usize, look: impl FnOnce(&EventRow) -> T) -> Option<T> {
        self.cache.borrow().row(place).map(look)
    }

    /// The number of the event in a row.
    pub fn event_number(&self, place: usize) -> Option<String> {
        self.with_row(place, |row| row.key.name())
    }

    async fn fetch(self: Rc<Self>, asked: PageRequest) {
        let stamp = self.session.sync.stamp();
        let question = self.question();
        let (q, order_by) = (question.q(), question.order_by());
        let query = EventPageQuery {
            batch: self.batch.as_deref(),
            q: &q,
            order_by: &order_by,
            shape: "expand=usageCharges",
            offset: asked.offset,
            limit: asked.limit,
        };
        match self.session.client.event_page(&query).await {
            Ok(page) => {
                let mut rows: Vec<_> = page.items.iter().filter_map(EventRow::read).collect();
                let sync = &self.session.sync;
                sync.list_read(
                    stamp,
                    rows.iter().map(|row| (row.key.clone(), row.version.clone(), row.fields.clone())),
                );
                for row in &mut rows {
                    row.refresh(sync);
                }
                let total = page.total_results.and_then(|total| usize::try_from(total).ok());
                let mut cache = self.cache.borrow_mut();
                if !cache.accept(asked, rows, total, page.has_more) {
                    return;
                }
                let status = ListStatus { count: cache.count(), loading: false, failure: None };
                drop(cache);
                self.status.set(status);
            }
            Err(failure) => {
                if !self.cache.borrow_mut().fail(asked, failure.title()) {
                    return;
                }
                if failure.kind == FailureKind::SignedOut {
                    self.session.expire();
                }
                self.status.update(|status| {
                    status.loading = false;
                    status.failure = (status.count == RowCount::Unknown).then_some(failure);
                });
            }
        }
        self.touch();
    }

    /// A field's value as shown, and how sure it is.
    fn look<T>(&self, row: &EventRow, field: &Field, look: impl FnOnce(Option<&Value>, CellMark) -> T) -> T {
        let sync = &self.session.sync;
        sync.with_view(&row.key, |view| match view.filter(|view| view.version().is_some()) {
            Some(view) => {
                let saved = || sync.was_just_saved(&row.key, field.name);
                look(view.shown(&field.name), cell_mark(view.mark(&field.name), saved))
            }
            None => look(row.fields.get(field.name), CellMark::Plain),
        })
    }

    /// Why a field of a row cannot be edited, if so.
    fn bars(&self, row: &EventRow, field: &Field) -> Option<String> {
        let tables = self.session.lookups.tables.get_untracked();
        self.session.with_access(|access| {
            self.session.sync.with_view(&row.key, |view| {
                let view = view.as_ref();
                if view.is_some_and(|view| view.mark(&field.name) == Mark::Conflict) {
                    return Some("Someone else changed this too. Open the event to decide.".to_owned());
                }
                let standing = Standing {
                    access,
                    resource: Resource::Event,
                    event_status: [
                        text_of(&row.fields, "EventStatus"),
                        view.and_then(|view| view.shown(&"EventStatus")?.as_text()),
                    ],
                    version: Some(view.and_then(View::version).unwrap_or(&row.version)),
                    is_gone: view.is_some_and(View::is_gone),
                    is_retired: false,
                };
                standing.bars(field, &tables)
            })
        })
    }

    fn form(&self, row: &EventRow, field: &'static Field) -> FieldForm {
        let tables = self.session.lookups.tables.get_untracked();
        let zone = text_of(&row.fields, "EventTimeZone").unwrap_or_default();
        // What was typed and refused is what a correction begins from.
        let typed = self.session.sync.with_view(&row.key, |view| {
            view.and_then(|view| crate::record_sync::typed_value(&view, field.name).cloned())
        });
        match typed {
            Some(typed) => FieldForm::new(field, Some(&typed), zone, &tables),
            None => self.look(row, field, |value, _| FieldForm::new(field, value, zone, &tables)),
        }
    }

    /// Proposes what was typed into a cell. `Err` tells the person why nothing was changed.
    pub fn commit(&self, key: &str, column: usize, text: &str) -> Result<(), String> {
        let place = self
            .place_of(key)
            .ok_or("The row left the list while it was being edited. Open the event to change it.")?;
        let Some(Shows::Field(field)) = self.columns.shows(column) else { return Ok(()) };
        let cache = self.cache.borrow();
        let Some(row) = cache.row(place) else { return Ok(()) };
        if let Some(reason) = self.bars(row, field) {
            return Err(reason);
        }
        let value = self.form(row, field).read(text)?;
        let begun = self.begun.borrow_mut().take().filter(|(begun, _)| *begun == row.key);
        let (key, over) = begun.unwrap_or_else(|| (row.key.clone(), row.confirmed()));
        drop(cache);
        self.session.sync.propose(key, over, Fields::from([(field.name, value)]));
        Ok(())
    }
}

/// The grid's mark for the store's.
pub fn cell_mark(mark: Mark, just_saved: impl FnOnce() -> bool) -> CellMark {
    match mark {
        Mark::Confirmed if just_saved() => CellMark::Saved,
        Mark::Confirmed => CellMark::Plain,
        Mark::Waiting => CellMark::Waiting,
        Mark::Sending => CellMark::Sending,
        Mark::InDoubt => CellMark::InDoubt,
        Mark::Conflict => CellMark::Conflict,
        Mark::Refused => CellMark::Refused,
    }
}

impl GridSource for Rc<EventList> {
    fn row_count(&self) -> RowCount {
        self.cache.borrow().count()
    }

    fn row_state(&self, row: usize) -> RowState {
        self.cache.borrow().state(row)
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.with_row(row, |row| row.key.path.to_string())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.place_of(key)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let cache = self.cache.borrow();
        let (Some(row), Some(shows)) = (cache.row(row), self.columns.shows(column)) else {
            return CellFace::default();
        };
        match shows {
            Shows::Billed => {
                let sums = row.billed(&self.session.sync);
                match sums.values().next() {
                    Some(sum) if sums.len() == 1 => text.push_str(&sum_in_line(sum, AMOUNT_PLACES)),
                    Some(_) => text.push_str("several currencies"),
                    None => (),
                }
                CellFace::default()
            }
            Shows::Field(field) => {
                let tables = self.session.lookups.tables.get_untracked();
                let face = self.look(row, field, |value, mark| {
                    let tone = push_text(field, value, &tables, text);
                    CellFace { mark, tone, editable: false }
                });
                CellFace { editable: self.bars(row, field).is_none(), ..face }
            }
        }
    }

    fn failure(&self, row: usize) -> String {
        let cache = self.cache.borrow();
        format!("{}.", cache.failure(row).unwrap_or("These rows could not be loaded"))
    }

    fn viewport(&self, rows: Range<usize>) {
        let plan = self.cache.borrow_mut().plan(rows);
        for asked in plan.ask {
            spawn_local(self.clone().fetch(asked));
        }
    }

    fn editor(&self, row: usize, column: usize) -> Result<CellEditor, String> {
        let cache = self.cache.borrow();
        let row = cache.row(row).ok_or("This row is still being loaded.")?;
        match self.columns.shows(column) {
            Some(Shows::Field(field)) => {
                if let Some(reason) = self.bars(row, field) {
                    return Err(reason);
                }
                let form = self.form(row, field);
                let check = form.check();
                *self.begun.borrow_mut() = Some((row.key.clone(), row.confirmed()));
                Ok(CellEditor { initial: form.initial, kind: form.kind, note: form.note, check })
            }
            Some(Shows::Billed) => {
                Err("The billed amount is the sum of the event's charges. Open the event to change one."
                    .to_owned())
            }
            None => Err(String::new()),
        }
    }
}

/// Writes a field's value as the grid shows it, and says how it looks.
fn push_text(
    field: &Field,
    value: Option<&Value>,
    tables: &crate::lookups::LookupTables,
    text: &mut String,
) -> Tone {
    match value {
        None | Some(Value::Null) => Tone::Plain,
        Some(Value::Decimal(number)) => {
            text.push_str(&decimal_in_line(number, QUANTITY_PLACES));
            Tone::Plain
        }
        Some(Value::DateTime(at)) => {
            text.push_str(&instant_utc(at));
            Tone::Plain
        }
        Some(Value::Text(code)) => match field.lookup {
            Some(list @ (Lookup::Codes(_) | Lookup::ErrorKey)) => {
                text.push_str(tables.meaning(list, code));
                if field.name == "EventStatus" { class_of(code).tone() } else { Tone::Plain }
            }
            _ => {
                text.push_str(code);
                match field.name {
                    "CurrencyCode" | "UsageUnitOfMeasure" | "EventTimeZone" => Tone::Quiet,
                    _ => Tone::Plain,
                }
            }
        },
        Some(other) => {
            debug_assert!(field.kind != Kind::Decimal, "decimals are written above");
            text.push_str(&other.to_string());
            Tone::Plain
        }
    }
}
