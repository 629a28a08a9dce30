//! Rows that follow from records and are none themselves, such as groups, as the grid's source. All of them are here.

use super::columns::ColumnSet;
use super::list_source::List;
use super::pages::ListStatus;
use super::row_spec::RowSpec;
use crate::ui::grid::{CellEditor, GridSource};
use grid_model::{CellFace, Column, ColumnLayout, CopiedCell, RowCount};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

pub struct LocalList<Spec: RowSpec> {
    pub spec: Spec,
    columns: ColumnSet<Spec::ColumnKind>,
    rows: RefCell<Arc<Vec<Spec::Row>>>,
    /// Places in `rows`.
    shown: RefCell<Vec<usize>>,
    /// Where the rows stand in `shown`, once it is asked for.
    by_key: RefCell<Option<HashMap<Arc<str>, usize>>>,
    revision: RwSignal<u64>,
    pub status: RwSignal<ListStatus>,
}

impl<Spec: RowSpec> LocalList<Spec> {
    pub fn new(columns: ColumnSet<Spec::ColumnKind>, spec: Spec) -> Rc<Self> {
        Rc::new(Self {
            spec,
            columns,
            rows: RefCell::default(),
            shown: RefCell::default(),
            by_key: RefCell::default(),
            revision: RwSignal::new(0),
            status: RwSignal::default(),
        })
    }

    /// Shows these rows in this order, in the place of those that were here.
    pub fn show(&self, rows: Arc<Vec<Spec::Row>>, compare: impl Fn(&Spec::Row, &Spec::Row) -> Ordering) {
        let mut shown: Vec<_> = rows.iter().enumerate().collect();
        shown.sort_by(|(_, one), (_, other)| compare(one, other));
        *self.shown.borrow_mut() = shown.into_iter().map(|(place, _)| place).collect();
        *self.rows.borrow_mut() = rows;
        self.by_key.take();
        self.status.update(|status| status.count = RowCount::Exactly(self.shown.borrow().len()));
        self.revision.update(|revision| *revision += 1);
    }

    /// Looks at the row that is shown at a place.
    fn with_row<T>(&self, row: usize, look: impl FnOnce(&Spec::Row) -> T) -> Option<T> {
        let place = self.shown.borrow().get(row).copied()?;
        self.rows.borrow().get(place).map(look)
    }
}

impl<Spec: RowSpec> List for Rc<LocalList<Spec>> {
    fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        self.columns.lay_out(layout)
    }

    fn revision(&self) -> Signal<u64> {
        self.revision.into()
    }

    fn status(&self) -> Signal<ListStatus> {
        self.status.into()
    }

    fn totalled(&self, row: usize) -> Amounts {
        self.with_row(row, |row| self.spec.totalled(row)).unwrap_or_default()
    }

    fn turn(&self) -> Option<u64> {
        self.row_count().exact().map(|_| self.revision.get_untracked())
    }
}

impl<Spec: RowSpec> GridSource for Rc<LocalList<Spec>> {
    fn row_count(&self) -> RowCount {
        self.status.with_untracked(|status| status.count)
    }

    fn row_key(&self, row: usize) -> Option<Arc<str>> {
        self.with_row(row, |row| self.spec.key(row)).flatten()
    }

    fn row_version(&self, row: usize) -> Arc<str> {
        self.with_row(row, |row| self.spec.version(row)).unwrap_or_else(|| "".into())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        let mut by_key = self.by_key.borrow_mut();
        let by_key = by_key.get_or_insert_with(|| {
            // Of records of one key the first one counts.
            let places = (0..self.shown.borrow().len()).rev();
            places.filter_map(|row| Some((self.row_key(row)?, row))).collect()
        });
        by_key.get(key).copied()
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some(kind) = self.columns.kind(column) else { return CellFace::default() };
        self.with_row(row, |row| self.spec.cell(row, kind, text)).unwrap_or_default()
    }

    fn exact(&self, row: usize, column: usize) -> Option<CopiedCell> {
        let kind = self.columns.kind(column)?;
        self.with_row(row, |row| self.spec.copied(row, kind))?
    }

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err(Spec::READ_ONLY.to_owned())
    }
}
