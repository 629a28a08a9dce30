use std::ops::Range;

use grid_model::{CopiedCell, Cursor, Selection, html_table, tab_separated};
use leptos::prelude::*;
use web_sys::Event;

use super::GridController;
use super::edit::EditStart;
use crate::ui::controls::{pasted_html, pasted_plain, told_cell};
use crate::ui::grid::GridCommand;

const NOT_WHOLE: &str = "Some rows of the range are not here any more. Select it again.";

impl GridController {
    /// What is pasted into a cell is as if it were typed there: the editor opens with it, or the cell says why
    /// not. Several cells are handed on.
    pub(in crate::ui::grid) fn paste(&self, event: &Event) {
        let cursor = self.cursor();
        if self.is_from_field(event) || cursor.row().is_none() {
            return;
        }
        let Some(text) = pasted_plain(event) else { return };
        event.prevent_default();
        let range = self.range(cursor);
        if matches!(&range, Some((rows, columns)) if rows.len() * columns.len() == 1) {
            // Where no table says that quotes are those of a copied cell, they belong to the text.
            let one = text.trim_end_matches(['\r', '\n']);
            let (text, number) = told_cell(event, one).unwrap_or_else(|| (one.to_owned(), None));
            if !text.contains(['\t', '\r', '\n']) {
                return self.edit(cursor, EditStart::Paste { text, number });
            }
        }
        if let Some(reason) = self.source.why_not_pasted() {
            return self.refuse_edit(cursor, reason);
        }
        let Some((rows, columns)) = range else {
            return self.refuse_edit(cursor, NOT_WHOLE.to_owned());
        };
        // What is being typed in a cell is saved first, or stays.
        if self.leaves_edit() {
            self.on_command.run(GridCommand::Paste { rows, columns, text, html: pasted_html(event) });
        }
    }

    /// Hands the first row of the range on for the rows below it, as if it had been copied and pasted there.
    pub(super) fn fill_down(&self, cursor: Cursor) {
        let refuse = |reason: &str| self.refuse_edit(cursor, reason.to_owned());
        if self.source.why_not_pasted().is_some() {
            return refuse("Cells of this list are not filled down.");
        }
        let Some((rows, columns)) = self.range(cursor) else { return refuse(NOT_WHOLE) };
        if rows.len() < 2 {
            return refuse("Select the cell with the value, and those below it that are to get it.");
        }
        let first: Vec<CopiedCell> =
            columns.clone().map(|column| self.source.copied(rows.start, column)).collect();
        let below = vec![first; rows.len() - 1];
        let (text, html) = (tab_separated(&below), Some(html_table(&below)));
        self.on_command.run(GridCommand::Paste { rows: rows.start + 1..rows.end, columns, text, html });
    }

    /// The rows and columns that are selected, or those of the cursor: a range begins at its first row and column,
    /// wherever the cursor is in it. Nothing where its records do not stand together any more, or are not all here.
    fn range(&self, cursor: Cursor) -> Option<(Range<usize>, Range<usize>)> {
        self.shown.selection.with_untracked(|selection| {
            let Selection::Cells(range) = selection else {
                let row = cursor.row()?;
                return Some((row..row + 1, cursor.column..cursor.column + 1));
            };
            let (mut first, mut last) = (usize::MAX, 0);
            for key in range.records.keys() {
                let row = self.source.row_of_key(key)?;
                (first, last) = (first.min(row), last.max(row));
            }
            let is_whole = range.records.left_out() == 0 && (first..=last).count() == range.records.len();
            is_whole.then(|| (first..last + 1, *range.columns.start()..range.columns.end() + 1))
        })
    }
}
