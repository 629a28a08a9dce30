use web_sys::Event;

use super::GridController;
use super::edit::EditStart;
use crate::ui::controls::{pasted_number, pasted_plain};

impl GridController {
    /// What is pasted into a cell is as if it were typed there: the editor opens with it, or the cell says why
    /// not.
    pub(in crate::ui::grid) fn paste(&self, event: &Event) {
        let cursor = self.cursor();
        if self.is_from_field(event) || cursor.row().is_none() {
            return;
        }
        let Some(text) = pasted_plain(event) else { return };
        event.prevent_default();
        let text = text.trim_end_matches(['\r', '\n']);
        if text.contains(['\t', '\r', '\n']) {
            let reason = "These are several cells. Copy one value and paste it into one cell.";
            return self.refuse_edit(cursor, reason.to_owned());
        }
        self.edit(cursor, EditStart::Paste { text: text.to_owned(), number: pasted_number(event) });
    }
}
