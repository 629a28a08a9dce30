use std::sync::Arc;

use grid_model::{Cursor, RowState, Step, left_edges};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::GridController;
use crate::ui::grid::{CellEditor, EditorKind, GridCommand};

/// The edit under way. It belongs to a record and a column, not to a place on the screen: rows may
/// scroll and data may change beneath it.
#[derive(Clone)]
pub(in crate::ui::grid) struct Editing {
    pub key: Arc<str>,
    pub column_id: String,
    /// The column's title, which names the field.
    pub title: String,
    pub is_number: bool,
    pub editor: CellEditor,
    pub text: RwSignal<String>,
    /// Where the record was last seen, and whether it is in the list now.
    pub row: usize,
    pub is_in_list: bool,
}

/// What the field begins with.
pub(super) enum EditStart {
    /// The text that is there.
    Keep,
    /// What was typed.
    Replace(String),
    /// What is on the clipboard: its text, and its number where it is one.
    Paste { text: String, number: Option<String> },
}

/// The floating elements, which are placed over their cell at every painting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::grid) enum FieldPlace {
    Editor,
    Hint,
}

/// A field is never narrower, in pixels; a currency column has no room for a message.
const LEAST_FIELD_WIDTH: u32 = 120;

/// A message grows no wider than this, in pixels; the style sheet says the same.
const MESSAGE_WIDTH: i64 = 320;

/// Room that a field needs beneath it for its message, in rows.
const ROWS_FOR_MESSAGE: i64 = 2;

impl GridController {
    /// Begins an edit, or says why not.
    pub(super) fn edit(&self, cursor: Cursor, start: EditStart) {
        let (Some(row), Some(column)) = (cursor.row(), self.column(cursor.column)) else { return };
        // Where something is being typed in another cell it is saved first, or stays.
        if !self.leaves_edit() {
            return;
        }
        if self.source.row_state(row) != RowState::Loaded {
            self.speak_state(row);
            return;
        }
        // The rows have moved and the next frame will show it: what was pressed is not there any more.
        if self.at_row(row).map(|picked| picked.key) != self.source.row_key(row) {
            self.mark_dirty();
            return;
        }
        let (editor, key) = match (self.source.editor(row, cursor.column), self.source.row_key(row)) {
            (Ok(editor), Some(key)) => (editor, key),
            (Err(reason), _) => return self.refuse_edit(cursor, reason),
            (Ok(_), None) => return,
        };
        self.go(cursor);
        self.shown.hint.set(String::new());
        let text = match start {
            EditStart::Keep => editor.initial.clone(),
            EditStart::Replace(typed) => first_text(&editor, typed),
            EditStart::Paste { number: Some(number), .. } if editor.kind == EditorKind::Number => number,
            EditStart::Paste { text, .. } => match pasted_text(&editor, text) {
                Ok(text) => text,
                Err(reason) => return self.refuse_edit(cursor, reason),
            },
        };
        self.shown.editing.set(Some(Editing {
            key,
            column_id: column.id,
            title: column.title,
            is_number: column.alignment == grid_model::Alignment::End,
            editor,
            text: RwSignal::new(text),
            row,
            is_in_list: true,
        }));
    }

    /// Says in the cell and aloud why it is not edited.
    pub(super) fn refuse_edit(&self, cursor: Cursor, reason: String) {
        self.go(cursor);
        self.speak(&reason);
        self.shown.hint.set(reason);
    }

    /// Accepts what was typed, if it is right, and steps on. What is wrong stays open.
    pub(in crate::ui::grid) fn commit(&self, step: Option<Step>) {
        let Some(editing) = self.shown.editing.get_untracked() else { return };
        let text = editing.text.get_untracked();
        let column = match self.column_to_save(&editing, &text) {
            Ok(column) => column,
            Err(wrong) => {
                self.speak(&wrong);
                self.reveal_field(&editing);
                self.focus_field();
                return;
            }
        };
        self.end_edit();
        let cursor = Cursor::at(editing.row, column);
        if text != editing.editor.initial {
            let row = editing.is_in_list.then_some(editing.row);
            self.on_command.run(GridCommand::Commit { row, key: editing.key, column, text });
        }
        match step {
            Some(step) => self.walk_from(cursor, step),
            None => self.mark_dirty(),
        }
    }

    /// Whoever leaves the page by a link or by Back has left the field as well.
    pub(super) fn commit_at_the_end(&self) {
        let Some(Some(editing)) = self.shown.editing.try_get_untracked() else { return };
        let Some(text) = editing.text.try_get_untracked() else { return };
        if text == editing.editor.initial {
            return;
        }
        let column = self.column_to_save(&editing, &text);
        let Editing { key, title, row, is_in_list, .. } = editing;
        self.on_command.run(match column {
            Ok(column) => GridCommand::Commit { row: is_in_list.then_some(row), key, column, text },
            Err(reason) => GridCommand::Unsaved { key, title, text, reason },
        });
    }

    /// The column that a text may be saved in, or why it may not.
    fn column_to_save(&self, editing: &Editing, text: &str) -> Result<usize, String> {
        let Some(column) = self.column_place(&editing.column_id) else {
            return Err(format!("The column {} is hidden; show it again to save.", editing.title));
        };
        if text != editing.editor.initial {
            (editing.editor.check)(text)?;
        }
        Ok(column)
    }

    fn walk_from(&self, cursor: Cursor, step: Step) {
        let to = cursor.moved(step, self.view.borrow().extent());
        // Shift+Enter in the first row stays there: the header has nothing to edit.
        self.go(if to.row().is_some() { to } else { cursor });
    }

    /// Leaves the edit; the record was never touched, so what stood there stands again.
    pub(super) fn cancel_edit(&self) {
        self.end_edit();
        self.mark_dirty();
    }

    fn end_edit(&self) {
        self.shown.editing.set(None);
        self.focus();
    }

    /// Someone typed. The field may have been scrolled out of sight; it comes back.
    pub(in crate::ui::grid) fn typed(&self, text: String) {
        let Some(editing) = self.shown.editing.get_untracked() else { return };
        self.reveal_field(&editing);
        editing.text.set(text);
    }

    fn reveal_field(&self, editing: &Editing) {
        if editing.is_in_list && self.view.borrow_mut().viewport.reveal(editing.row) {
            self.mark_dirty();
        }
    }

    /// The component has made (or removed) one of the floating elements.
    pub(in crate::ui::grid) fn floats(&self, place: FieldPlace, element: Option<HtmlElement>) {
        match place {
            FieldPlace::Editor => self.field.replace(element),
            FieldPlace::Hint => self.hint.replace(element),
        };
        self.place_field(self.view.borrow().inputs.revision);
    }

    /// Puts the floating elements over their cells.
    pub(super) fn place_field(&self, revision: u64) {
        if let Some(hint) = &*self.hint.borrow()
            && let Some(row) = self.cursor().row()
        {
            self.place(hint, row, self.cursor().column);
        }
        let Some(mut editing) = self.shown.editing.get_untracked() else { return };
        self.follow_record(&mut editing, revision);
        if let Some(field) = &*self.field.borrow() {
            self.place(field, editing.row, self.column_place(&editing.column_id).unwrap_or(0));
        }
    }

    fn follow_record(&self, editing: &mut Editing, revision: u64) {
        if self.followed.replace(revision) == revision {
            return;
        }
        let row = self.source.row_of_key(&editing.key);
        let (is_in_list, row) = (row.is_some(), row.unwrap_or(editing.row));
        if (is_in_list, row) != (editing.is_in_list, editing.row) {
            (editing.is_in_list, editing.row) = (is_in_list, row);
            // The field is not made anew by this: it is shown for a record, which is the same.
            self.shown.editing.update_untracked(|shown| *shown = Some(editing.clone()));
        }
    }

    fn place(&self, element: &HtmlElement, row: usize, column: usize) {
        let view = self.view.borrow();
        let viewport = &view.viewport;
        let columns = &view.inputs.columns;
        let widths: Vec<u32> = columns.iter().map(|column| column.width).collect();
        let mut left = left_edges(&widths).get(column).copied().map_or(0, i64::from);
        if columns.get(column).is_some_and(|column| column.frozen) {
            left += i64::from(self.elements.root.scroll_left());
        }
        let last = viewport.rows().saturating_sub(1);
        let top = viewport.row_top(row.min(last)) + viewport.drift();
        let top = top.clamp(0, (viewport.element_height() - viewport.row_height()).max(0));
        let below = viewport.top() + viewport.height() - viewport.row_top(row) - viewport.row_height();
        let flips = below < ROWS_FOR_MESSAGE * viewport.row_height()
            && viewport.row_top(row) - viewport.top() > ROWS_FOR_MESSAGE * viewport.row_height();
        let width = widths.get(column).copied().unwrap_or(0).max(LEAST_FIELD_WIDTH);
        let right_edge = i64::from(self.elements.root.scroll_left()) + i64::from(view.width);
        let ends = left + MESSAGE_WIDTH > right_edge;
        let style = element.style();
        let written = style
            .set_property("transform", &format!("translate({left}px, {top}px)"))
            .and_then(|()| style.set_property("--field-width", &format!("{width}px")))
            .and_then(|()| element.toggle_attribute_with_force("data-above", flips))
            .and_then(|_| element.toggle_attribute_with_force("data-end", ends));
        if let Err(refused) = written {
            leptos::logging::warn!("The cell's field could not be placed: {refused:?}");
        }
    }

    fn column_place(&self, id: &str) -> Option<usize> {
        self.view.borrow().inputs.columns.iter().position(|column| column.id == id)
    }

    fn focus_field(&self) {
        let field = self.field.borrow();
        let Some(Ok(Some(input))) = field.as_ref().map(|field| field.query_selector("input, select")) else {
            return;
        };
        if let Ok(input) = input.dyn_into::<HtmlElement>() {
            // A field that cannot take the focus keeps its text all the same.
            let _ = input.focus();
        }
    }

    /// Whether an event began in the open field and not in the grid proper.
    pub(super) fn is_from_field(&self, event: &web_sys::Event) -> bool {
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let field = self.field.borrow();
        field.as_ref().is_some_and(|field| {
            target.as_ref().is_some_and(|target| field.contains(Some(AsRef::<Node>::as_ref(target))))
        })
    }
}

/// The text after a first key: the key itself, or the first choice that begins with it.
fn first_text(editor: &CellEditor, typed: String) -> String {
    let EditorKind::Choice(choices) = &editor.kind else { return typed };
    let wanted = typed.to_lowercase();
    choices
        .iter()
        .find(|(_, label)| !wanted.is_empty() && label.to_lowercase().starts_with(&wanted))
        .map_or_else(|| editor.initial.clone(), |(code, _)| code.clone())
}

/// The text after a paste: what was pasted, or the choice of that code or name.
fn pasted_text(editor: &CellEditor, text: String) -> Result<String, String> {
    let EditorKind::Choice(choices) = &editor.kind else { return Ok(text) };
    let wanted = text.trim();
    let is_meant = |(code, label): &&(String, String)| code == wanted || label == wanted;
    choices
        .iter()
        .find(is_meant)
        .map(|(code, _)| code.clone())
        .ok_or_else(|| format!("\u{201c}{wanted}\u{201d} is not one of the values to choose from."))
}
