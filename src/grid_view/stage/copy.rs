use grid_model::{Alignment, CopiedCell, RowState, Selection, html_table, tab_separated};
use leptos::prelude::*;
use web_sys::ClipboardEvent;

use super::Stage;
use crate::grid_view::{GridCommand, Missing};

impl Stage {
    /// Puts the selection, or the active cell, on the clipboard. Only loaded rows can be copied;
    /// that others were left out is said, never passed over.
    pub(in crate::grid_view) fn copy(&self, event: &ClipboardEvent) {
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

    fn copied_rows(&self) -> (Vec<Vec<CopiedCell>>, Missing) {
        let columns = std::sync::Arc::clone(&self.view.borrow().inputs.columns);
        let cell = |row: usize, column: usize| {
            let mut text = String::new();
            self.source.cell(row, column, &mut text);
            let is_number = columns.get(column).is_some_and(|column| column.alignment == Alignment::End);
            CopiedCell { text, is_number }
        };
        let selection = self.shown.selection.get_untracked();
        let count = self.source.row_count();
        let in_columns = match (selection.rectangle(), self.cursor()) {
            (Some((_, columns)), _) => *columns.start()..columns.end() + 1,
            (None, cursor) if selection.is_none() => cursor.column..cursor.column + 1,
            (None, _) => 0..columns.len(),
        };
        let rows: Vec<usize> = match &selection {
            Selection::None => self.cursor().row().into_iter().collect(),
            Selection::Cells { anchor, focus } => (anchor.0.min(focus.0)..=anchor.0.max(focus.0)).collect(),
            Selection::Rows(rows) => rows.iter().collect(),
            Selection::AllRows => (0..count.known()).collect(),
        };
        let copied: Vec<Vec<CopiedCell>> = rows
            .iter()
            .filter(|row| self.source.row_state(**row) == RowState::Loaded)
            .map(|row| in_columns.clone().map(|column| cell(*row, column)).collect())
            .collect();
        let missing = match rows.len() - copied.len() {
            _ if selection == Selection::AllRows && count.exact().is_none() => Missing::Unknown,
            0 => Missing::None,
            missing => Missing::Rows(missing),
        };
        (copied, missing)
    }
}
