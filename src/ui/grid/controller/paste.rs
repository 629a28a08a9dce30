use leptos::prelude::*;
use web_sys::Event;

use super::GridController;
use super::edit::EditStart;
use crate::ui::controls::{pasted_html, pasted_number, pasted_plain};
use crate::ui::grid::GridCommand;

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
        if !one.contains(['\t', '\r', '\n']) {
            return self
                .edit(cursor, EditStart::Paste { text: one.to_owned(), number: pasted_number(event) });
        }
        if let Some(reason) = self.source.why_not_pasted() {
            return self.refuse_edit(cursor, reason);
        }
        // What is being typed in a cell is saved first, or stays.
        if let Some(row) = cursor.row().filter(|_| self.leaves_edit()) {
            let html = pasted_html(event);
            self.on_command.run(GridCommand::Paste { row, column: cursor.column, text, html });
        }
    }
}
