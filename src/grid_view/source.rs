use std::ops::Range;
use std::rc::Rc;

use grid_model::{CellFace, RowCount, RowState, Tone};

/// Where a grid's rows come from: a screen's view of its records. Columns are meant by their place
/// in the slice that the grid was given.
///
/// All but [`GridSource::viewport`] and [`GridSource::editor`] are called while a frame is being
/// painted, once for every cell in sight: they must answer from memory. None may change a signal
/// that leads back to the grid, save by the revision, which is looked at in the next frame.
pub trait GridSource {
    fn row_count(&self) -> RowCount;

    fn row_state(&self, row: usize) -> RowState;

    /// The record's name, which stays when rows move. `None` while the row is not loaded.
    fn row_key(&self, row: usize) -> Option<String>;

    /// Where a record stands now, if it is loaded. An open editor follows its record by this.
    fn row_of_key(&self, key: &str) -> Option<usize>;

    /// Appends what the cell shows to `text` and says how it looks. Only called for loaded rows.
    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace;

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
    /// range changes, and after every data revision.
    fn viewport(&self, rows: Range<usize>);

    /// The editor for a cell, or why it cannot be edited, in words for the person who tried.
    fn editor(&self, row: usize, column: usize) -> Result<CellEditor, String>;
}

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
}

/// `Err` holds what is wrong with the text, in words for the person who typed it.
pub type CheckText = Rc<dyn Fn(&str) -> Result<(), String>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditorKind {
    Text {
        /// In UTF-16 units, as HTML's `maxlength` counts.
        max_length: Option<u32>,
    },
    Number,
    /// Codes and their labels; the committed text is a code.
    Choice(Vec<(String, String)>),
    DateTime,
}
