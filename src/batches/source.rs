//! The rows behind the batch grid. Batches are read here and edited nowhere yet, so the store does
//! not hold them.

use super::columns::BatchColumns;
use crate::display_text::{class_of, count, instant_utc};
use crate::grid_view::{CellEditor, GridSource};
use crate::rest_client::{Failure, FailureKind};
use crate::sign_in::Session;
use grid_model::{CellFace, PageRequest, RowCount, RowState, SortDirection, SortKey, Tone, WindowCache};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::{Lookup, Record, Value};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

const PAGE: usize = 100;
const PAGES_KEPT: usize = 50;

pub struct BatchList {
    session: Session,
    pub columns: BatchColumns,
    cache: RefCell<WindowCache<Record>>,
    order: RefCell<Vec<SortKey>>,
    pub revision: RwSignal<u64>,
    pub rows: RwSignal<RowCount>,
    /// Why nothing at all could be shown.
    pub failure: RwSignal<Option<Failure>>,
}

impl BatchList {
    pub fn new(session: Session) -> Rc<Self> {
        Rc::new(Self {
            session,
            columns: BatchColumns::default(),
            cache: RefCell::new(WindowCache::new(PAGE, PAGES_KEPT)),
            order: RefCell::default(),
            revision: RwSignal::new(0),
            rows: RwSignal::new(RowCount::Unknown),
            failure: RwSignal::new(None),
        })
    }

    /// Another order; the same one changes nothing.
    pub fn order(&self, order: Vec<SortKey>) {
        if *self.order.borrow() != order {
            *self.order.borrow_mut() = order;
            self.cache.borrow_mut().restart();
            self.touch();
        }
    }

    pub fn refresh(&self) {
        self.cache.borrow_mut().refresh();
        self.touch();
    }

    pub fn retry(&self) {
        self.cache.borrow_mut().retry();
        self.failure.set(None);
        self.touch();
    }

    pub fn number(&self, row: usize) -> Option<String> {
        self.cache.borrow().row(row).and_then(Record::key)
    }

    fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    async fn fetch(self: Rc<Self>, asked: PageRequest) {
        let mut order: Vec<_> = self
            .order
            .borrow()
            .iter()
            .map(|key| match key.direction {
                SortDirection::Ascending => format!("{}:asc", key.column),
                SortDirection::Descending => format!("{}:desc", key.column),
            })
            .collect();
        order.push("UsageBatchId:asc".to_owned());
        match self.session.client.batch_page("", &order.join(","), asked.offset, asked.limit).await {
            Ok(page) => {
                let total = page.total_results.and_then(|total| usize::try_from(total).ok());
                let mut cache = self.cache.borrow_mut();
                if !cache.accept(asked, page.items, total, page.has_more) {
                    return;
                }
                let count = cache.count();
                drop(cache);
                self.rows.set(count);
                self.failure.set(None);
            }
            Err(failure) => {
                let mut cache = self.cache.borrow_mut();
                if !cache.fail(asked, failure.title()) {
                    return;
                }
                let knows_nothing = cache.count() == RowCount::Unknown;
                drop(cache);
                if failure.kind == FailureKind::SignedOut {
                    self.session.expire();
                }
                self.failure.set(knows_nothing.then_some(failure));
            }
        }
        self.touch();
    }
}

impl GridSource for Rc<BatchList> {
    fn row_count(&self) -> RowCount {
        self.cache.borrow().count()
    }

    fn row_state(&self, row: usize) -> RowState {
        self.cache.borrow().state(row)
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.number(row)
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.cache
            .borrow()
            .loaded()
            .find(|(_, batch)| batch.key().as_deref() == Some(key))
            .map(|(place, _)| place)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let cache = self.cache.borrow();
        let (Some(batch), Some(field)) = (cache.row(row), self.columns.field(column)) else {
            return CellFace::default();
        };
        let tone = match batch.get(field.name) {
            Some(Value::Integer(number)) => {
                text.push_str(&count(*number));
                if field.name == "CountOfEventsErrored" && *number > 0 { Tone::Bad } else { Tone::Plain }
            }
            Some(Value::DateTime(at)) => {
                text.push_str(instant_utc(at).get(..19).unwrap_or_default());
                Tone::Plain
            }
            Some(Value::Text(code)) => match field.lookup {
                Some(list @ Lookup::Codes(_)) => {
                    text.push_str(self.session.lookups.tables.get_untracked().meaning(list, code));
                    if field.name == "BatchStatus" { class_of(code).tone() } else { Tone::Plain }
                }
                _ => {
                    text.push_str(code);
                    Tone::Plain
                }
            },
            Some(other) => {
                text.push_str(&other.to_string());
                Tone::Plain
            }
            None => Tone::Plain,
        };
        CellFace { tone, ..CellFace::default() }
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

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("Batches are read here. Open one to work on its events.".to_owned())
    }
}
