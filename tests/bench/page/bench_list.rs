//! The events as the source of the product's grid.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use grid_model::{CellFace, RowCount, SortDirection, SortKey};
use grid_table::{Filter, OrderKey, Question, Row};
use leptos::prelude::*;
use usage_desk::ui::grid::{CellEditor, GridSource};

use crate::columns::{COLUMNS, named};
use crate::event_table::EventTable;

pub(crate) struct BenchList {
    pub events: RefCell<EventTable>,
    /// Goes up when anything that is shown may have changed.
    pub revision: RwSignal<u64>,
    /// The filter that the rows in sight are of has this number.
    pub query: RwSignal<u64>,
    /// The order that the rows in sight are in.
    pub sort: RwSignal<Vec<SortKey>>,
    /// The question that the rows in sight answer.
    shown: RefCell<Question>,
    /// How many rows a load will bring that has not ended.
    expected: Cell<Option<usize>>,
}

impl BenchList {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            events: RefCell::new(EventTable::new()),
            revision: RwSignal::new(0),
            query: RwSignal::new(0),
            sort: RwSignal::new(Vec::new()),
            shown: RefCell::default(),
            expected: Cell::default(),
        })
    }

    /// Begins anew, without events.
    pub(crate) fn clear(&self) {
        self.events.replace(EventTable::new());
        self.shown.replace(Question::default());
        self.expected.set(None);
        self.query.update(|query| *query += 1);
        self.sort.set(Vec::new());
        self.repaint();
    }

    /// A load will bring so many rows at least. Until its end they stand in the order in which they come.
    pub(crate) fn expect_rows(&self, rows: usize) {
        self.expected.set(Some(rows));
    }

    /// How many rows the load that has not ended will bring.
    pub(crate) fn expected(&self) -> Option<usize> {
        self.expected.get()
    }

    /// How many rows are in sight or to come.
    pub(crate) fn rows(&self) -> usize {
        self.expected.get().unwrap_or_else(|| self.events.borrow().shown().len())
    }

    /// Asks for another order; `None` is the one of the load.
    pub(crate) fn order_by(&self, order: Option<OrderKey>) {
        let mut events = self.events.borrow_mut();
        let question = Question { order: order.into_iter().collect(), ..events.question().clone() };
        events.ask(question);
    }

    /// Asks for other rows; `None` are all of them.
    pub(crate) fn filter_by(&self, filter: Option<Filter>) {
        let mut events = self.events.borrow_mut();
        let question = Question { filters: filter.into_iter().collect(), ..events.question().clone() };
        events.ask(question);
    }

    /// Looks at so many rows, and shows the answer once it is there. Whether it is.
    pub(crate) fn step(&self, rows: usize) -> bool {
        let mut events = self.events.borrow_mut();
        if !events.step(rows) {
            return false;
        }
        let question = events.question().clone();
        drop(events);
        self.expected.set(None);
        let before = self.shown.replace(question.clone());
        if before.filters != question.filters {
            self.query.update(|query| *query += 1);
        }
        if before.order != question.order {
            self.sort.set(question.order.iter().map(sort_key).collect());
        }
        self.repaint();
        true
    }

    /// Orders as the head of a column asks for it.
    pub(crate) fn sort_at_once(&self, keys: &[SortKey]) {
        let order = keys.first().and_then(|key| Some(OrderKey::new(named(&key.column)?, key.direction)));
        self.order_by(order);
        while !self.step(usize::MAX) {}
    }

    pub(crate) fn repaint(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    fn row(&self, place: usize) -> Option<Row> {
        let events = self.events.borrow();
        match self.expected.get() {
            Some(_) => Row::try_from(place).ok().filter(|row| *row < events.len()),
            None => events.shown().get(place).copied(),
        }
    }
}

fn sort_key(key: &OrderKey) -> SortKey {
    let column = COLUMNS[key.column].0;
    match key.direction {
        SortDirection::Ascending => SortKey::ascending(column),
        SortDirection::Descending => SortKey::descending(column),
    }
}

impl GridSource for BenchList {
    fn row_count(&self) -> RowCount {
        RowCount::Exactly(self.rows())
    }

    fn row_key(&self, row: usize) -> Option<Arc<str>> {
        Some(self.row(row)?.to_string().into())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.events.borrow().place(key.parse().ok()?)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        if let Some(row) = self.row(row) {
            self.events.borrow().push_text(row, column, text);
        }
        CellFace::default()
    }

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("Cells of this page are changed by its script alone.".to_owned())
    }
}
