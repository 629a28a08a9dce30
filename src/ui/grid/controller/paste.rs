use std::ops::Range;

use grid_model::Selection;
use leptos::prelude::*;
use web_sys::Event;

use super::GridController;
use super::edit::EditStart;
use crate::ui::controls::{pasted_html, pasted_number, pasted_plain};
use crate::ui::grid::GridCommand;

struct PasteRange {
    /// In the order of the list.
    rows: Vec<usize>,
    columns: Range<usize>,
    /// So many of its rows are not here.
    left_out: usize,
}

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
        let one = text.trim_end_matches(['\r', '\n']);
        let range = self.range();
        let is_one_cell =
            range.as_ref().is_none_or(|range| range.rows.len() <= 1 && range.columns.len() <= 1);
        if is_one_cell && !one.contains(['\t', '\r', '\n']) {
            return self
                .edit(cursor, EditStart::Paste { text: one.to_owned(), number: pasted_number(event) });
        }
        if let Some(reason) = self.source.why_not_pasted() {
            return self.refuse_edit(cursor, reason);
        }
        if range.as_ref().is_some_and(|range| range.left_out > 0) {
            let reason = "Some rows of the range are not loaded. Choose the first cell and paste there.";
            return self.refuse_edit(cursor, reason.to_owned());
        }
        // What is being typed in a cell is saved first, or stays.
        if let Some(row) = cursor.row().filter(|_| self.leaves_edit()) {
            // A range begins at its first row and column, wherever the cursor is in it.
            let (rows, columns) = match range {
                Some(range) => (range.rows, range.columns),
                None => (vec![row], cursor.column..cursor.column + 1),
            };
            self.on_command.run(GridCommand::Paste { rows, columns, text, html: pasted_html(event) });
        }
    }

    /// The range of cells that is selected, where its rows stand now.
    fn range(&self) -> Option<PasteRange> {
        self.shown.selection.with_untracked(|selection| {
            let Selection::Cells(range) = selection else { return None };
            let mut rows: Vec<_> =
                range.records.keys().filter_map(|key| self.source.row_of_key(key)).collect();
            rows.sort_unstable();
            let left_out = range.records.left_out() + range.records.len() - rows.len();
            let columns = *range.columns.start()..range.columns.end() + 1;
            Some(PasteRange { rows, columns, left_out })
        })
    }
}
