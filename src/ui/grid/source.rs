use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use grid_model::{CellFace, CopiedCell, Picked, RowCount, RowState, Tone};
use leptos::prelude::Callback;

/// Why several cells cannot be pasted where only one can.
pub const ONE_VALUE: &str = "These are several cells. Copy one value and paste it into one cell.";

/// Where a grid's rows come from: a screen's view of its records. Columns are meant by their place
/// in the slice that the grid was given.
///
/// All but [`GridSource::viewport`] and [`GridSource::editor`] are called while a frame is being
/// painted, once for every cell in sight: they must answer from memory. None may change a signal
/// that leads back to the grid, save by the revision, which is looked at in the next frame.
pub trait GridSource {
    fn row_count(&self) -> RowCount;

    /// A row is there once its record has a name, unless the source knows more of it.
    fn row_state(&self, row: usize) -> RowState {
        if self.row_key(row).is_some() { RowState::Loaded } else { RowState::Loading }
    }

    /// The record's name, which stays when rows move. `None` while the row is not loaded.
    fn row_key(&self, row: usize) -> Option<Arc<str>>;

    /// What tells the state that the row shows from another state of the same record. Empty where
    /// records never change.
    fn row_version(&self, row: usize) -> Arc<str> {
        let _ = row;
        Arc::from("")
    }

    /// The record of a row as it stands there; nothing while it is not loaded.
    fn picked(&self, row: usize) -> Option<Picked> {
        self.row_key(row).map(|key| Picked { key, version: self.row_version(row) })
    }

    /// Where a record stands now, if it is loaded. Selection, cursor and an open editor follow their
    /// records by this.
    fn row_of_key(&self, key: &str) -> Option<usize>;

    /// The row that takes the place of a record which is known and not shown, in the order of the list; nothing where the
    /// source cannot tell.
    fn row_near(&self, key: &str) -> Option<usize> {
        let _ = key;
        None
    }

    /// Appends what the cell shows to `text` and says how it looks. Only called for loaded rows.
    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace;

    /// The address of what a cell names, in a column that leads there.
    fn address(&self, row: usize, column: usize) -> Option<String> {
        let _ = (row, column);
        None
    }

    /// What a cell's text is short for, where its face says that it is.
    fn whole_text(&self, row: usize, column: usize) -> Option<String> {
        let _ = (row, column);
        None
    }

    /// What other programs read, where a cell is written for a reader.
    fn exact(&self, row: usize, column: usize) -> Option<CopiedCell> {
        let _ = (row, column);
        None
    }

    /// What a copy of the cell is: the text as it is shown, without the blanks that keep a column in line, or
    /// what is [`exact`](Self::exact).
    fn copied(&self, row: usize, column: usize) -> CopiedCell {
        self.exact(row, column).unwrap_or_else(|| {
            let mut text = String::new();
            self.cell(row, column, &mut text);
            CopiedCell::Text(text)
        })
    }

    fn row_tone(&self, row: usize) -> Tone {
        let _ = row;
        Tone::Plain
    }

    /// What to say in place of a row that could not be fetched.
    fn failure(&self, row: usize) -> String {
        let _ = row;
        "These rows could not be loaded.".to_owned()
    }

    /// These rows are in sight or about to be; what is missing should be fetched. Called when the
    /// range changes, and after every data revision. Nothing where every row is here.
    fn viewport(&self, rows: Range<usize>) {
        let _ = rows;
    }

    /// Why several cells cannot be pasted at once, in words for the person who tried; nothing where they can,
    /// by [`GridCommand::Paste`](super::GridCommand::Paste).
    fn why_not_pasted(&self) -> Option<String> {
        Some(ONE_VALUE.to_owned())
    }

    /// The editor for a cell, or why it cannot be edited, in words for the person who tried.
    fn editor(&self, row: usize, column: usize) -> Result<CellEditor, String>;
}

/// A record, and the row where it is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtRow {
    pub row: usize,
    pub key: Arc<str>,
}

/// The address of the record of a key, to which the cells of the column that opens records lead; it
/// answers from memory.
pub type RowLinks = Callback<Arc<str>, Option<String>>;

/// How a cell is edited.
#[derive(Clone)]
pub struct CellEditor {
    /// The text to begin with, in the form that [`CellEditor::check`] accepts.
    pub initial: String,
    pub kind: EditorKind,
    /// A quiet line under the field, such as the zone of an instant.
    pub note: Option<String>,
    /// Whether a text may be committed; else what is wrong with it.
    pub check: CheckText,
    /// What is understood of a text while it is being typed; stands in the note's place.
    pub echo: Option<EchoText>,
}

/// What a text is understood as, in words for the person who types it.
pub type EchoText = Rc<dyn Fn(&str) -> Option<String>>;

/// `Err` holds what is wrong with the text, in words for the person who typed it.
pub type CheckText = Rc<dyn Fn(&str) -> Result<(), String>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditorKind {
    /// Never cut: what is too long is refused by [`CheckText`], with all of it in the field.
    Text,
    Number,
    /// Codes and their labels; the committed text is a code.
    Choice(Vec<(String, String)>),
    DateTime,
}
