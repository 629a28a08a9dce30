use std::ops::Range;
use std::sync::Arc;

use grid_model::{FindStep, Selection};

/// What a person asked of the grid that is not the grid's to do. Columns are meant by their place
/// in the slice that the grid was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridCommand {
    /// Show the record: Enter or a double click on a cell that cannot be edited.
    Open {
        key: Arc<str>,
    },
    /// A link of the record's row was pressed, which is followed by itself.
    Followed {
        key: Arc<str>,
    },
    /// A text was accepted for a cell. `key` is the record that was being edited; `row` is where
    /// it stands now, `None` if it has left the list meanwhile.
    Commit {
        row: Option<usize>,
        key: Arc<str>,
        column: usize,
        text: String,
    },
    /// A text that cannot be saved was in a cell when the grid went: which record, the column's title, and why.
    Unsaved {
        key: Arc<str>,
        title: String,
        text: String,
        reason: String,
    },
    /// Several cells were pasted, or one into several: the rows and columns that were selected for them, and what
    /// the clipboard says of them as text, and as a table.
    Paste {
        rows: Range<usize>,
        columns: Range<usize>,
        text: String,
        html: Option<String>,
    },
    /// A header was pressed. `grid_model::next_sort` gives the order that follows.
    Sort {
        column: usize,
        additive: bool,
    },
    Select(Selection),
    /// So many rows are on the clipboard; `missing` more were selected but are not loaded.
    Copied {
        rows: usize,
        missing: Missing,
    },
    /// A column was given a width, in pixels, by drag or by key.
    ResizeColumn {
        column: usize,
        width: u32,
    },
    /// Find a text in the list.
    Find(FindStep),
    /// Fetch what failed once more.
    Retry {
        row: usize,
    },
    /// The menu of a column (`key` is `None`) or of a record's cell, at a point in the window, in pixels.
    Menu {
        key: Option<Arc<str>>,
        column: usize,
        left: i32,
        top: i32,
    },
}

/// Selected rows that were not copied because they are not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    None,
    Rows(usize),
    /// All rows are selected and how many there are is not known.
    Unknown,
}
