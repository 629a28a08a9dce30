//! A list as its grid has it, and what is asked of its columns.

use super::file_rows::{OnRead, RowsRead};
use super::find::FindText;
use super::pages::ListStatus;
use super::whole_rows::WholeAnswers;
use crate::api::System;
use crate::ui::grid::GridSource;
use grid_model::{Column, ColumnLayout, CopiedCell, RowState};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::{Field, Value};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// What is shown in a grid, whatever its rows are.
pub trait List: GridSource {
    /// Shows the columns as a person laid them out.
    fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]>;

    /// Goes up when rows arrive, change or go.
    fn revision(&self) -> Signal<u64>;

    fn status(&self) -> Signal<ListStatus>;

    /// Tells the cells of the first of these rows that show a text, by the row and a bit for each column. Gives how many
    /// rows it has looked at: as many as take some milliseconds. Rows that are not here show nothing.
    fn find(
        &self,
        rows: Range<usize>,
        columns: &[Column],
        wanted: &FindText,
        found: &mut dyn FnMut(usize, u64),
    ) -> usize {
        find_by_cell(self, rows, columns, wanted, found)
    }

    /// Reads what failed once more, where rows are read by the list itself.
    fn retry(&self) {}

    /// What all rows tell, where all of them are here.
    fn whole(&self) -> Option<Rc<dyn WholeAnswers>> {
        None
    }

    /// All rows are wanted here, however few they are.
    fn want_whole(&self) {}

    /// What a file has of a cell.
    fn in_file(&self, row: usize, column: usize) -> CopiedCell {
        self.copied(row, column)
    }

    /// What the filter of a field's column looks at in a row; see [`RowSpec::value`](super::RowSpec::value).
    fn value(&self, row: usize, field: &'static Field) -> Option<Value> {
        let _ = (row, field);
        None
    }

    /// What a row adds to the total of each currency.
    fn totalled(&self, row: usize) -> Amounts {
        let _ = row;
        Amounts::new()
    }

    /// Records that came and have no row, because they have no key that can be read.
    fn without_place(&self) -> usize {
        0
    }

    /// Where all rows are here and answer what is asked, a number that changes when others are shown, or in another
    /// order.
    fn turn(&self) -> Option<u64> {
        None
    }

    /// Reads all rows by the list's own question, page by page, where they are not too many for that.
    fn read_pages(&self, system: System, on_read: OnRead) -> Option<RowsRead> {
        let _ = (system, on_read);
        None
    }

    /// What the server is asked for the rows that pass all filters but a column's own, where values of it can be searched
    /// among them.
    fn without_filter(&self, field: &'static Field) -> Option<EventsAsked> {
        let _ = field;
        None
    }
}

/// Events of one batch, or of all, that a row-match expression finds.
pub struct EventsAsked {
    pub batch: Option<String>,
    pub q: String,
}

/// Rows that are looked through cell by cell in one step.
const FOUND_AT_ONCE: usize = 300;

/// Finds what the cells of rows show, one by one.
pub fn find_by_cell<Rows: GridSource + ?Sized>(
    list: &Rows,
    rows: Range<usize>,
    columns: &[Column],
    wanted: &FindText,
    found: &mut dyn FnMut(usize, u64),
) -> usize {
    let mut text = String::new();
    let rows = rows.start..rows.end.min(rows.start.saturating_add(FOUND_AT_ONCE));
    for row in rows.clone().filter(|row| list.row_state(*row) == RowState::Loaded) {
        let mut bits = 0;
        for column in 0..columns.len().min(64) {
            text.clear();
            list.cell(row, column, &mut text);
            bits |= u64::from(wanted.is_in(&text)) << column;
        }
        if bits != 0 {
            found(row, bits);
        }
    }
    rows.len()
}
