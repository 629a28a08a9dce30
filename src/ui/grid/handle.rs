use std::rc::Rc;
use std::sync::Arc;

use grid_model::{Cursor, KeyCommand};
use leptos::prelude::*;

use super::controller::GridController;

/// A grid for what stands around it, such as its menus; nothing happens where it is not on the page.
#[derive(Clone, Copy)]
pub struct GridHandle(StoredValue<Option<Rc<GridController>>, LocalStorage>);

impl Default for GridHandle {
    fn default() -> Self {
        Self(StoredValue::new_local(None))
    }
}

impl GridHandle {
    pub(super) fn set(self, controller: Rc<GridController>) {
        self.0.set_value(Some(controller));
    }

    pub(super) fn take(self) -> Option<Rc<GridController>> {
        self.0.try_update_value(Option::take).flatten()
    }

    /// An element that leaves the page loses the focus, and hears of it when the grid has ended.
    pub(super) fn get(self) -> Option<Rc<GridController>> {
        self.0.try_get_value().flatten()
    }

    pub fn focus(self) {
        self.get().inspect(|controller| controller.focus());
    }

    /// Says something to whoever listens to the grid.
    pub fn say(self, words: &str) {
        self.get().inspect(|controller| controller.speak(words));
    }

    /// What a key does, in the row of a record.
    pub fn obey(self, command: KeyCommand, key: &Arc<str>, column: usize) {
        if let Some(controller) = self.get()
            && let Some(row) = controller.row_of(key)
        {
            controller.obey(command, Cursor::at(row, column));
        }
    }

    /// The row and the column of the active cell.
    pub fn active(self) -> (usize, usize) {
        let cursor = self.get().map(|controller| controller.cursor());
        cursor.map_or((0, 0), |cursor| (cursor.row().unwrap_or(0), cursor.column))
    }

    /// Makes a cell active and brings it into sight, wherever the keyboard is.
    pub fn go(self, row: usize, column: usize) {
        self.get().inspect(|controller| controller.go(Cursor::at(row, column)));
    }

    pub fn fit(self, column: usize) {
        self.get().inspect(|controller| controller.fit(column));
    }

    pub fn fit_all(self) {
        self.get().inspect(|controller| controller.fit_all());
    }

    /// Puts what is selected on the clipboard, or the active cell.
    pub fn copy(self) {
        self.get().inspect(|controller| controller.copy_by_command());
    }
}
