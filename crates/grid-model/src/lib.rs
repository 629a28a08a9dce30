//! The grid without a browser: which columns there are and how wide, which rows are in sight,
//! where the cursor goes when a key is pressed, what is selected, which pages of a long list are
//! here and which must be asked for, and the text that is painted or copied.
//!
//! Not here: the DOM (the app's `ui::grid` paints), what a row means (screens answer with text),
//! requests (screens send what [`WindowCache`] says is missing), and any clock.
//!
//! Lengths are whole CSS pixels. Rows and columns are counted from 0; ARIA's counting from 1
//! begins in `ui::grid`.

mod cell;
mod clipboard;
mod column;
mod column_layout;
mod cursor;
mod found_cells;
mod key_command;
mod key_map;
mod number_fit;
mod page_key;
mod pasted;
mod records;
mod row_count;
mod selection;
mod text_pack;
mod viewport;
mod visible_text;
mod whole_reading;
mod window_cache;

pub use cell::{CellFace, CellMark, Tone};
pub use clipboard::{CopiedCell, html_table, tab_separated};
pub use column::{Alignment, Column, SortDirection, SortKey, next_sort};
pub use column_layout::{
    ColumnLayout, MAX_WIDTH, frozen_first, left_edges, scroll_left_to_show, total_width,
};
pub use cursor::{Cursor, Extent, Place, Step};
pub use found_cells::{CellPlace, FoundCells};
pub use key_command::{EditKey, FindStep, KeyCommand, KeyPress, Zone};
pub use key_map::{KeyMap, KeyProblem, PressedKeys};
pub use number_fit::{NumberFit, number_fit};
pub use page_key::{KeyPlace, PAGE_KEYS, PageKey, PageKeys, Region, Screen};
pub use pasted::{PastedCell, pasted_cell, pasted_rows};
pub use records::{Picked, Records};
pub use row_count::{RowCount, RowState};
pub use selection::{AllRecords, CellRange, Rows, Selection};
pub use text_pack::TextPack;
pub use viewport::{ELEMENT_HEIGHT_LIMIT, Viewport};
pub use visible_text::visible;
pub use whole_reading::{Moved, OutOfOrder, ReadNext, WholeReading};
pub use window_cache::{PagePlan, PageRequest, WindowCache};
