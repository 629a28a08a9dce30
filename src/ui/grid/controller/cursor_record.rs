use grid_model::{Cursor, Picked, RowState, Rows};
use leptos::prelude::*;

use super::{GridController, View};
use crate::ui::grid::SoughtRow;
use std::sync::Arc;

/// So many rows are shown on either side of a record that the screen led to.
const AROUND: usize = 2;

/// Which record the person put the cursor on. The cursor is drawn in a row, and rows move: what an
/// action takes is this record, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CursorRecord {
    /// The cursor stands where a list begins, or its record has gone: nobody chose what is there.
    Nobody,
    /// The person went to a row that is not loaded yet.
    Coming,
    On(Picked),
    /// The screen led to a record, which is expected in this row and may not be loaded yet.
    Sought {
        sought: SoughtRow,
        is_in_sight: bool,
    },
    /// The record is not among the rows; others stand in its place. It may still come back.
    Gone(Picked),
    /// Another question was asked. The cursor stands at the record of this key, or at the nearest one that is left,
    /// and nobody chose what is there.
    Beside {
        key: Arc<str>,
        /// Records that stood around it on the screen, in the order in which they take its place.
        around: Arc<[Arc<str>]>,
        /// The revision at which they were last looked for.
        looked_at: Option<u64>,
    },
}

impl CursorRecord {
    /// Whether the person put the cursor where it is.
    pub(super) fn is_put(&self) -> bool {
        !matches!(self, CursorRecord::Nobody | CursorRecord::Beside { .. })
    }
}

impl GridController {
    /// The record that is on the screen in a row; where the row is not painted, the one that is loaded.
    pub(super) fn at_row(&self, row: usize) -> Option<Picked> {
        self.painter.borrow().picked(row).or_else(|| self.source.picked(row))
    }

    pub(in crate::ui::grid) fn row_of(&self, key: &str) -> Option<usize> {
        self.source.row_of_key(key)
    }

    /// The cursor goes where its record goes.
    pub(super) fn follow_cursor(&self, view: &mut View) {
        let row = view.cursor.row();
        let cursor_record = match std::mem::replace(&mut view.cursor_record, CursorRecord::Nobody) {
            CursorRecord::Nobody => CursorRecord::Nobody,
            CursorRecord::Beside { key, around, looked_at } => {
                let revision = Some(view.inputs.revision);
                if looked_at != revision
                    && let Some(place) = self.place_beside(&key, &around)
                {
                    view.cursor = Cursor::at(place, view.cursor.column);
                }
                CursorRecord::Beside { key, around, looked_at: revision }
            }
            CursorRecord::Coming => match row.and_then(|row| self.source.picked(row)) {
                Some(picked) => CursorRecord::On(picked),
                None => CursorRecord::Coming,
            },
            CursorRecord::Sought { sought, is_in_sight } => self.follow_sought(view, sought, is_in_sight),
            CursorRecord::On(picked) | CursorRecord::Gone(picked) => {
                match self.source.row_of_key(&picked.key) {
                    Some(place) => {
                        view.cursor = Cursor::at(place, view.cursor.column);
                        CursorRecord::On(picked)
                    }
                    // A row that was let go far away, or is being read, may well hold it.
                    None if row.is_some_and(|row| {
                        row < view.viewport.rows() && self.source.row_state(row) != RowState::Loaded
                    }) =>
                    {
                        CursorRecord::On(picked)
                    }
                    None => CursorRecord::Gone(picked),
                }
            }
        };
        view.cursor_record = cursor_record;
    }

    /// Another question is asked: the record of before, or the one beside it, is where the cursor will stand.
    pub(super) fn step_aside(&self, view: &View) -> CursorRecord {
        let Some(row) = view.cursor.row() else { return CursorRecord::Nobody };
        let key = match &view.cursor_record {
            CursorRecord::On(picked) | CursorRecord::Gone(picked) => Arc::clone(&picked.key),
            CursorRecord::Beside { key, around, .. } => {
                return CursorRecord::Beside {
                    key: Arc::clone(key),
                    around: Arc::clone(around),
                    looked_at: None,
                };
            }
            CursorRecord::Nobody | CursorRecord::Coming | CursorRecord::Sought { .. } => {
                return CursorRecord::Nobody;
            }
        };
        let painter = self.painter.borrow();
        let key_of = |row| painter.picked(row).map(|picked| picked.key);
        let around = (row + 1..).map_while(key_of).chain((0..row).rev().map_while(key_of)).collect();
        CursorRecord::Beside { key, around, looked_at: None }
    }

    /// Where a record stands, or the nearest one that is left.
    fn place_beside(&self, key: &str, around: &[Arc<str>]) -> Option<usize> {
        let around_it = || around.iter().find_map(|key| self.source.row_of_key(key));
        self.source.row_of_key(key).or_else(|| self.source.row_near(key)).or_else(around_it)
    }

    /// The cursor goes to the row where a record is expected, and once that is loaded to the record alone.
    fn follow_sought(&self, view: &mut View, sought: SoughtRow, was_in_sight: bool) -> CursorRecord {
        let SoughtRow { row: expected, key } = sought;
        let row = self.source.row_of_key(&key).unwrap_or(expected);
        let is_there = row < view.viewport.rows();
        if is_there {
            // The column that opens records is in sight beside a drawer, and no letter edits it.
            let opening = view.inputs.columns.iter().position(|column| column.opens);
            view.cursor = Cursor::at(row, opening.unwrap_or(view.cursor.column));
            // Whoever scrolls on while it is loaded is not brought back.
            if !was_in_sight || row != expected {
                let last = view.viewport.rows() - 1;
                for near in [row.saturating_sub(AROUND), (row + AROUND).min(last), row] {
                    view.viewport.reveal(near);
                }
            }
        }
        match self.source.picked(row) {
            Some(picked) if picked.key == key => CursorRecord::On(picked),
            None if !is_there || self.source.row_state(row) != RowState::Loaded => {
                CursorRecord::Sought { sought: SoughtRow { row, key }, is_in_sight: is_there }
            }
            Some(_) | None => CursorRecord::Nobody,
        }
    }

    /// Tells the screen which record the cursor is on.
    pub(super) fn tell_active(&self) {
        let active = match &self.view.borrow().cursor_record {
            CursorRecord::On(picked) => Some(picked.clone()),
            CursorRecord::Nobody
            | CursorRecord::Coming
            | CursorRecord::Sought { .. }
            | CursorRecord::Gone(_)
            | CursorRecord::Beside { .. } => None,
        };
        if self.shown.active.with_untracked(|told| *told != active) {
            self.shown.active.set(active);
        }
    }

    /// Rows that a range was drawn over before they were loaded join it.
    pub(super) fn complete_range(&self, revision: u64) {
        if self.completed.replace(revision) == revision {
            return;
        }
        let completed = self.cursor().row().and_then(|row| {
            self.shown.selection.with_untracked(|selection| selection.completed(row, &FromSource(self)))
        });
        if let Some(selection) = completed {
            self.select(selection);
        }
    }

    pub(super) fn has_focus(&self) -> bool {
        document()
            .active_element()
            .is_some_and(|element| element == *AsRef::<web_sys::Element>::as_ref(&self.elements.root))
    }
}

/// The rows as they are loaded, for what is about to be painted.
struct FromSource<'a>(&'a GridController);

impl Rows for FromSource<'_> {
    fn at(&self, row: usize) -> Option<Picked> {
        self.0.source.picked(row)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.0.source.row_of_key(key)
    }
}

/// The rows as they are on the screen, for what a gesture takes.
impl Rows for GridController {
    fn at(&self, row: usize) -> Option<Picked> {
        self.at_row(row)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.source.row_of_key(key)
    }
}
