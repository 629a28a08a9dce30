use grid_model::{CopiedCell, RowState, Selection, html_table, tab_separated};
use leptos::prelude::*;
use std::collections::BinaryHeap;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use super::GridController;
use crate::ui::grid::{GridCommand, Missing};

impl GridController {
    /// Puts the selection, or the active cell, on the clipboard. Only loaded rows can be copied;
    /// that others were left out is said, never passed over.
    pub(in crate::ui::grid) fn copy(&self, event: &ClipboardEvent) {
        if self.is_from_field(event) {
            return;
        }
        let Some(clipboard) = event.clipboard_data() else { return };
        let (rows, missing) = self.copied_rows();
        if rows.is_empty() {
            return;
        }
        event.prevent_default();
        let put = clipboard
            .set_data("text/plain", &tab_separated(&rows))
            .and_then(|()| clipboard.set_data("text/html", &html_table(&rows)));
        if put.is_err() {
            self.speak("The browser did not allow copying.");
            return;
        }
        let copied = rows.len();
        match missing {
            Missing::None if copied == 1 => self.speak("Copied."),
            Missing::None => self.speak(&format!("{copied} rows copied.")),
            Missing::Rows(missing) => self.speak(&format!(
                "{copied} rows copied; {missing} selected rows are not loaded and were left out."
            )),
            Missing::Unknown => self.speak(&format!(
                "{copied} loaded rows copied; there are more that are not loaded and were left out."
            )),
        }
        self.on_command.run(GridCommand::Copied { rows: copied, missing });
    }

    /// Copies as if the keys had been pressed.
    pub(in crate::ui::grid) fn copy_by_command(&self) {
        self.focus();
        let document: web_sys::HtmlDocument = document().unchecked_into();
        if document.exec_command("copy") != Ok(true) {
            self.speak("The browser did not allow copying.");
        }
    }

    fn copied_rows(&self) -> (Vec<Vec<CopiedCell>>, Missing) {
        let selection = self.shown.selection.get_untracked();
        let count = self.source.row_count();
        let in_columns = match &selection {
            Selection::Cells(range) => *range.columns.start()..range.columns.end() + 1,
            Selection::None => self.cursor().column..self.cursor().column + 1,
            Selection::Records(_) | Selection::All(_) => 0..self.view.borrow().inputs.columns.len(),
        };
        // In the order of the list, whatever the order of choosing was.
        let (rows, meant): (Vec<usize>, usize) = match (&selection, selection.records()) {
            (_, Some(records)) => {
                let places = records.keys().filter_map(|key| self.source.row_of_key(key));
                // A heap: the standard library's sorting is five kilobytes for a list that is copied seldom.
                let places: BinaryHeap<usize> = places.collect();
                (places.into_sorted_vec(), records.len() + records.left_out())
            }
            (Selection::All(_), None) => {
                let is_meant =
                    |row: &usize| self.source.row_key(*row).is_none_or(|key| selection.holds(&key));
                let rows: Vec<usize> = (0..count.known()).filter(is_meant).collect();
                let meant = rows.len();
                (rows, meant)
            }
            (_, None) => {
                let row = self.cursor().row();
                (row.into_iter().collect(), usize::from(row.is_some()))
            }
        };
        let copied: Vec<Vec<CopiedCell>> = rows
            .iter()
            .filter(|row| self.source.row_state(**row) == RowState::Loaded)
            .map(|row| in_columns.clone().map(|column| self.source.copied(*row, column)).collect())
            .collect();
        let missing = match meant.saturating_sub(copied.len()) {
            _ if matches!(selection, Selection::All(_)) && count.exact().is_none() => Missing::Unknown,
            0 => Missing::None,
            missing => Missing::Rows(missing),
        };
        (copied, missing)
    }
}
