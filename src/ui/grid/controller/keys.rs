use grid_model::{Cursor, EditKey, KeyCommand, Place, RowState, Selection, Step, Zone};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::GridController;
use super::edit::EditStart;
use crate::ui::grid::GridCommand;
use crate::ui::key_input::Pressed;

impl GridController {
    pub(in crate::ui::grid) fn key_down(&self, event: &KeyboardEvent) {
        let pressed = Pressed::of(event);
        let press = pressed.press();
        if self.shown.editing.with_untracked(Option::is_some) && self.is_from_field(event) {
            if let Some(command) = EditKey::of(press) {
                event.prevent_default();
                match command {
                    EditKey::Commit(step) => self.commit(Some(step)),
                    EditKey::Cancel => self.cancel_edit(),
                }
            }
            return;
        }
        let cursor = self.cursor();
        let zone = if cursor.place == Place::Header { Zone::Header } else { Zone::Body };
        let Some(command) = KeyCommand::of(press, zone) else { return };
        // Escape that has nothing to clear is for whoever holds the grid, such as a drawer.
        if command == KeyCommand::ClearSelection && self.has_nothing_to_clear() {
            return;
        }
        // In a cell that nobody can edit nothing is typed: the page's keys go on to the page.
        let is_typed = matches!(command, KeyCommand::EditWith(_));
        let takes_text = || match cursor.place {
            Place::Row(row) => self.may_edit(row, cursor.column),
            Place::Header => false,
        };
        let is_of_page = || self.keys.is_some_and(|keys| keys.with_untracked(|map| map.may_take(press)));
        if is_typed && is_of_page() && !takes_text() {
            return;
        }
        event.prevent_default();
        self.obey(command, cursor);
    }

    pub(in crate::ui::grid) fn obey(&self, command: KeyCommand, cursor: Cursor) {
        let column = cursor.column;
        match command {
            KeyCommand::Move(step) => self.walk(cursor, step),
            KeyCommand::Extend(step) => {
                let to = cursor.moved(step, self.view.borrow().extent());
                // A selection is of rows; it cannot be drawn into the header.
                let to = if to.place == Place::Header { Cursor { place: Place::Row(0), ..to } } else { to };
                self.select(self.shown.selection.get_untracked().extended(cursor, to, self));
                self.go(to);
            }
            KeyCommand::EditOrOpen => self.edit_or_open(cursor),
            KeyCommand::Edit => self.edit(cursor, EditStart::Keep),
            KeyCommand::EditWith(text) => self.edit(cursor, EditStart::Replace(text)),
            KeyCommand::EditComposed => self.edit(cursor, EditStart::Replace(String::new())),
            KeyCommand::ToggleRow => {
                if let Some(row) = cursor.row() {
                    self.toggle(row);
                }
            }
            KeyCommand::SelectAll => {
                self.select(Selection::all(self.source.row_count().exact()));
                self.speak("All rows selected.");
            }
            KeyCommand::FillDown => self.fill_down(cursor),
            KeyCommand::ClearSelection => {
                self.shown.hint.set(String::new());
                self.select(Selection::None);
            }
            KeyCommand::Sort { additive } => {
                if self.column(column).is_some_and(|column| column.sortable) {
                    self.on_command.run(GridCommand::Sort { column, additive });
                }
            }
            KeyCommand::Widen(pixels) => self.widen(column, pixels),
            KeyCommand::Find(step) => self.on_command.run(GridCommand::Find(step)),
            KeyCommand::Fit => self.fit(column),
            KeyCommand::Menu => {
                let key = cursor.row().and_then(|row| self.at_row(row)).map(|picked| picked.key);
                // There is nothing to ask of a row that is not here.
                if let Some(row) = cursor.row().filter(|_| key.is_none()) {
                    return self.speak_state(row);
                }
                let (left, top) = self.point_below_active();
                self.on_command.run(GridCommand::Menu { key, column, left, top });
            }
        }
    }

    fn walk(&self, cursor: Cursor, step: Step) {
        let to = cursor.moved(step, self.view.borrow().extent());
        // A cell range ends with the next step, as in a spreadsheet; chosen rows stay chosen.
        if self.shown.selection.with_untracked(|selection| selection.is_of_cells()) {
            self.select(Selection::None);
        }
        self.go(to);
    }

    fn edit_or_open(&self, cursor: Cursor) {
        let Some(row) = cursor.row() else { return };
        match self.source.row_state(row) {
            RowState::Failed => self.on_command.run(GridCommand::Retry { row }),
            RowState::Loading => self.speak("Still loading."),
            RowState::Loaded if self.may_edit(row, cursor.column) => self.edit(cursor, EditStart::Keep),
            RowState::Loaded => self.open(row),
        }
    }

    /// Shows the record that is on the screen in a row.
    pub(super) fn open(&self, row: usize) {
        if let Some(picked) = self.at_row(row) {
            self.on_command.run(GridCommand::Open { key: picked.key });
        }
    }

    pub(super) fn toggle(&self, row: usize) {
        match self.at_row(row) {
            Some(picked) => self.select(self.shown.selection.get_untracked().toggled(picked)),
            None => self.speak("Still loading."),
        }
    }

    /// Whether the cell says that it can be edited; its editor may still give a reason why not.
    pub(super) fn may_edit(&self, row: usize, column: usize) -> bool {
        self.column(column).is_some_and(|column| column.editable)
            && self.source.row_state(row) == RowState::Loaded
            && self.source.cell(row, column, &mut String::new()).editable
    }

    fn has_nothing_to_clear(&self) -> bool {
        self.shown.selection.with_untracked(Selection::is_none)
            && self.shown.hint.with_untracked(String::is_empty)
    }

    /// The point of the window at the lower left corner of the active cell, where a menu opens;
    /// the grid's own corner while that cell is out of sight.
    fn point_below_active(&self) -> (i32, i32) {
        let cell = self.elements.root.query_selector(".is-active").ok().flatten();
        let place = match cell {
            Some(cell) => cell.get_bounding_client_rect(),
            None => self.elements.header.get_bounding_client_rect(),
        };
        // A window is no larger than an i32; the fraction of a pixel does not matter to a menu.
        (place.left() as i32, place.bottom() as i32)
    }
}
