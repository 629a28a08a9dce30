use grid_model::{Cursor, MAX_WIDTH, Place, RowState, Selection, left_edges};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};

use super::GridController;
use super::cursor_record::CursorRecord;
use super::edit::EditStart;
use crate::ui::grid::GridCommand;

/// What the pressed pointer is doing.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui::grid) enum Drag {
    /// Selecting cells from where it was pressed.
    Cells { from: Cursor },
    /// Making a column wider: its width when pressed and the pointer's place then, in pixels.
    Width { column: usize, from_width: i32, from_x: i32 },
}

impl GridController {
    pub(in crate::ui::grid) fn pointer_down(&self, event: &PointerEvent) {
        let Some(target) = target(event) else { return };
        self.tapped.set(None);
        if event.button() != 0 || self.is_from_field(event) || within(&target, ".grid-retry") {
            return;
        }
        let Some(cursor) = cell_of(&target) else { return };
        // A finger or a pen may be about to scroll. It has pressed only once it is lifted where it was put:
        // then a click follows.
        if matches!(event.pointer_type().as_str(), "touch" | "pen") && !within(&target, ".grid-resize") {
            self.tapped.set(Some(cursor));
            return;
        }
        if !self.leaves_edit() {
            event.prevent_default();
            return;
        }
        if within(&target, ".grid-resize") {
            event.prevent_default();
            if let Some(column) = self.column(cursor.column) {
                let from_width = i32::try_from(column.width).unwrap_or(i32::MAX);
                let drag = Drag::Width { column: cursor.column, from_width, from_x: event.client_x() };
                self.drag.set(Some(drag));
            }
            return;
        }
        // A link that is pressed with Ctrl opens in another tab, and selects nothing.
        let is_elsewhere = (event.ctrl_key() || event.meta_key()) && within(&target, LINK);
        if cursor.place == Place::Header || is_elsewhere {
            return;
        }
        let selection = self.shown.selection.get_untracked();
        if event.shift_key() {
            // Else the browser would select text from where it was last pressed.
            event.prevent_default();
            self.focus();
            self.select(selection.extended(self.cursor(), cursor, self));
        } else if event.ctrl_key() || event.meta_key() {
            if let Some(row) = cursor.row() {
                self.begin_with_pressed(row);
                self.toggle(row);
            }
        } else {
            self.select(Selection::None);
            // Captured only once it moves: a captured click would come to the grid, not to the cell.
            self.drag.set(Some(Drag::Cells { from: cursor }));
            self.activate(cursor);
            self.view.borrow_mut().is_pressed = true;
            return;
        }
        self.activate(cursor);
    }

    /// As in a spreadsheet, the row that was pressed before belongs to the selection that a press of another one
    /// with Ctrl begins.
    fn begin_with_pressed(&self, row: usize) {
        if !self.shown.selection.with_untracked(Selection::is_none) {
            return;
        }
        let view = self.view.borrow();
        let pressed = match &view.cursor_record {
            CursorRecord::On(pressed) if view.is_pressed => pressed.clone(),
            _ => return,
        };
        drop(view);
        if self.at_row(row).is_some_and(|other| other.key != pressed.key) {
            self.select(Selection::None.toggled(pressed));
        }
    }

    /// What is being typed is accepted by pressing elsewhere; while it is wrong, it stays.
    pub(super) fn leaves_edit(&self) -> bool {
        if self.shown.editing.with_untracked(Option::is_some) {
            self.commit(None);
        }
        self.shown.editing.with_untracked(Option::is_none)
    }

    /// A finger was put on a cell and lifted there.
    fn tap(&self, cursor: Cursor) {
        if cursor.row().is_some() && self.leaves_edit() {
            self.select(Selection::None);
            self.focus();
            self.activate(cursor);
        }
    }

    fn capture(&self, event: &PointerEvent) {
        // Without capture the drag merely ends at the grid's edge.
        let _ = self.elements.root.set_pointer_capture(event.pointer_id());
    }

    pub(in crate::ui::grid) fn pointer_move(&self, event: &PointerEvent) {
        // Released where the grid did not hear of it.
        if event.buttons() & 1 == 0 && self.drag.get().is_some() {
            self.pointer_lost();
        }
        match self.drag.get() {
            None => (),
            Some(Drag::Cells { from }) => {
                let Some(to) = self.cell_at(event.client_x(), event.client_y()) else { return };
                if to != self.cursor() {
                    self.capture(event);
                    let now = self.shown.selection.get_untracked();
                    let begun = if now.is_of_cells() { now } else { Selection::None };
                    self.select(begun.extended(from, to, self));
                    self.go(to);
                }
            }
            Some(Drag::Width { column, from_width, from_x }) => {
                let mut widths = self.widths();
                let wanted = self.allowed_width(column, from_width + event.client_x() - from_x);
                if let Some(width) = widths.get_mut(column).filter(|width| **width != wanted) {
                    self.capture(event);
                    *width = wanted;
                    // Only seen; the screen hears of it when the pointer is let go.
                    let _ = self.painter.borrow().set_widths(&widths);
                }
            }
        }
    }

    pub(in crate::ui::grid) fn pointer_up(&self, event: &PointerEvent) {
        if let Some(Drag::Width { column, from_width, from_x }) = self.drag.take() {
            let width = self.allowed_width(column, from_width + event.client_x() - from_x);
            if i32::try_from(width) != Ok(from_width) {
                self.on_command.run(GridCommand::ResizeColumn { column, width });
            }
        }
    }

    /// The pointer was taken away; a width goes back to what it was.
    pub(in crate::ui::grid) fn pointer_lost(&self) {
        self.tapped.set(None);
        if let Some(Drag::Width { .. }) = self.drag.take() {
            let _ = self.painter.borrow().set_widths(&self.widths());
        }
    }

    pub(in crate::ui::grid) fn click(&self, event: &MouseEvent) {
        let Some(target) = target(event) else { return };
        if self.is_from_field(event) || within(&target, ".grid-resize") {
            return;
        }
        let Some(cursor) = cell_of(&target) else { return };
        if let Some(tapped) = self.tapped.take() {
            self.tap(tapped);
        }
        // With Shift a press selects, a text that is wrong holds the person where it is, and the second click of
        // a double click comes when the first one has opened the record.
        let is_held = self.shown.editing.with_untracked(Option::is_some);
        let opens = !(event.shift_key() || is_held || event.detail() > 1);
        if within(&target, LINK) && !opens {
            event.prevent_default();
        }
        match cursor.place {
            Place::Row(row) if within(&target, ".grid-retry") => {
                self.on_command.run(GridCommand::Retry { row });
                self.focus();
            }
            Place::Row(row) if within(&target, LINK) && opens => {
                if let Some(picked) = self.at_row(row) {
                    self.on_command.run(GridCommand::Followed { key: picked.key });
                }
            }
            Place::Row(_) => (),
            Place::Header => {
                if self.shown.editing.with_untracked(Option::is_some) {
                    return;
                }
                self.activate(cursor);
                if self.column(cursor.column).is_some_and(|column| column.sortable) {
                    let additive = event.shift_key();
                    self.on_command.run(GridCommand::Sort { column: cursor.column, additive });
                }
            }
        }
    }

    pub(in crate::ui::grid) fn double_click(&self, event: &MouseEvent) {
        let Some(target) = target(event) else { return };
        if self.is_from_field(event) || within(&target, ".grid-retry") || within(&target, LINK) {
            return;
        }
        if within(&target, ".grid-resize") {
            return cell_of(&target).into_iter().for_each(|cursor| self.fit(cursor.column));
        }
        let Some((cursor, row)) = cell_of(&target).and_then(|cursor| Some((cursor, cursor.row()?))) else {
            return;
        };
        if self.source.row_state(row) != RowState::Loaded {
            return;
        }
        if self.may_edit(row, cursor.column) {
            self.edit(cursor, EditStart::Keep);
        } else {
            self.open(row);
        }
    }

    /// A link that is pressed takes no focus: the grid has it, and its keys go on.
    pub(in crate::ui::grid) fn mouse_down(&self, event: &MouseEvent) {
        if !target(event).is_some_and(|target| within(&target, LINK)) {
            return;
        }
        event.prevent_default();
        if self.shown.editing.with_untracked(Option::is_none) {
            self.focus();
        }
    }

    /// The menu of a header or a cell. With Shift it is the browser's own, as in what is being typed and in rows that
    /// are not here. Of a selection that it is asked in, it is of all that is selected.
    pub(in crate::ui::grid) fn context_menu(&self, event: &MouseEvent) {
        let Some(cursor) = target(event).and_then(|target| cell_of(&target)) else { return };
        let picked = cursor.row().and_then(|row| self.at_row(row));
        let is_here = cursor.place == Place::Header || picked.is_some();
        if event.shift_key() || self.is_from_field(event) || !is_here {
            return;
        }
        event.prevent_default();
        if !self.leaves_edit() {
            return;
        }
        let is_outside = picked.as_ref().is_some_and(|picked| {
            self.shown.selection.with_untracked(|selection| match selection.cells_of(&picked.key) {
                Some(columns) => !columns.contains(&cursor.column),
                None => !selection.holds(&picked.key),
            })
        });
        if is_outside {
            self.select(Selection::None);
            self.activate(cursor);
        }
        let (left, top) = (event.client_x(), event.client_y());
        let key = picked.map(|picked| picked.key);
        self.on_command.run(GridCommand::Menu { key, column: cursor.column, left, top });
    }

    pub(super) fn widen(&self, column: usize, pixels: i32) {
        let Some(now) = self.widths().get(column).and_then(|width| i32::try_from(*width).ok()) else {
            return;
        };
        let width = self.allowed_width(column, now + pixels);
        self.on_command.run(GridCommand::ResizeColumn { column, width });
        self.speak(&format!("{width} pixels wide."));
    }

    /// Makes a column as wide as its head and what stands in it, in the rows that are here around those in sight.
    pub(in crate::ui::grid) fn fit(&self, column: usize) {
        let width = {
            let view = self.view.borrow();
            let (source, columns) = (&*self.source, &view.inputs.columns);
            self.painter.borrow_mut().natural_width(source, columns, &view.viewport, column)
        };
        let width = self.allowed_width(column, i32::try_from(width).unwrap_or(i32::MAX));
        self.on_command.run(GridCommand::ResizeColumn { column, width });
        self.speak(&format!("{width} pixels wide."));
    }

    pub(in crate::ui::grid) fn fit_all(&self) {
        (0..self.widths().len()).for_each(|column| self.fit(column));
        self.speak("All columns fit what stands in them.");
    }

    fn widths(&self) -> Vec<u32> {
        self.view.borrow().inputs.columns.iter().map(|column| column.width).collect()
    }

    fn allowed_width(&self, column: usize, wanted: i32) -> u32 {
        let least = self.column(column).map_or(0, |column| column.min_width);
        u32::try_from(wanted).unwrap_or(0).clamp(least, MAX_WIDTH.max(least))
    }

    /// The cell at a point of the window, or the nearest one: a drag may leave the grid, and a
    /// row beyond the edge is then brought into sight.
    fn cell_at(&self, x: i32, y: i32) -> Option<Cursor> {
        let root = self.elements.root.get_bounding_client_rect();
        let header = self.elements.header.offset_height();
        // Windows are smaller than an i32, and a fraction of a pixel decides nothing here.
        let (x, y) = (x - root.left() as i32, y - root.top() as i32 - header);
        let view = self.view.borrow();
        let viewport = &view.viewport;
        let y = i64::from(y).clamp(-viewport.row_height(), viewport.height() + viewport.row_height());
        let row = (viewport.top() + y).div_euclid(viewport.row_height());
        let row = usize::try_from(row).unwrap_or(0).min(viewport.rows().checked_sub(1)?);
        let scroll_left = u32::try_from(self.elements.root.scroll_left()).unwrap_or(0);
        let x = u32::try_from(x).unwrap_or(0);
        let widths: Vec<u32> = view.inputs.columns.iter().map(|column| column.width).collect();
        let column = view
            .inputs
            .columns
            .iter()
            .zip(left_edges(&widths))
            .position(|(column, left)| {
                let right = left.saturating_add(column.width);
                if column.frozen { x < right } else { x.saturating_add(scroll_left) < right }
            })
            .unwrap_or(widths.len().checked_sub(1)?);
        Some(Cursor::at(row, column))
    }
}

/// A link of a row, while the row is here.
const LINK: &str = ".grid-link[href]";

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn within(element: &Element, selector: &str) -> bool {
    element.closest(selector).is_ok_and(|found| found.is_some())
}

/// The cell that an element lies in, by the ARIA indices that the painter keeps right.
fn cell_of(element: &Element) -> Option<Cursor> {
    let cell = element.closest("[aria-colindex]").ok()??;
    let row = element.closest("[aria-rowindex]").ok()??;
    let index = |element: &Element, name: &str| element.get_attribute(name)?.parse::<usize>().ok();
    let column = index(&cell, "aria-colindex")?.checked_sub(1)?;
    let place = match index(&row, "aria-rowindex")?.checked_sub(2) {
        Some(row) => Place::Row(row),
        None => Place::Header,
    };
    Some(Cursor { place, column })
}
