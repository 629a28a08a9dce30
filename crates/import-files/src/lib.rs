//! Files of usage as rows, and rows as usage events: the one reader for the console's import and for
//! `demo-server load`.
//!
//! ```text
//! bytes ─► text ─► csv ─┐
//! bytes ─► xlsx ────────┴─► cell (Row) ─► mapping (Survey) ─► row_reader ─► EventRow or RefusedRow ─► totals
//! ```
//!
//! A file is read twice: once by [`Survey`], which finds in which notation each column writes its numbers and dates,
//! from all its cells, and tells what a person has to say; then by [`RowReader`]. Nothing is to be sent before the
//! second reading has seen the last row, for a late byte may disprove what was taken for the encoding, and a late
//! quote that the file is no table.
//!
//! Which number an event gets whose file has none, and what a file does that comes a second time: [`event_number`].
//!
//! An event that is there is not changed by an import: a row that says otherwise is told with both values
//! ([`differences`]), and a person may then have the event corrected to what the row says ([`correction`]). Nor can it be
//! told whether a row without a number of its own is there under another one: how many events there are from the file's
//! first start to its last ([`StartSpan`]) has to be shown before rows are sent.
//!
//! Not here: asking for files, sending events, and any database.

mod cell;
mod correction;
pub mod csv;
mod date_form;
mod differences;
mod event_field;
pub mod event_number;
mod event_row;
mod evidence;
mod failed_rows;
mod file_sum;
pub mod focus;
mod mapping;
mod moment;
mod named_amounts;
mod number_form;
mod row_pack;
mod row_reader;
mod shortened;
mod start_span;
mod table;
pub mod text;
mod totals;
mod unit_code;
pub mod xlsx;

pub use cell::{Cell, CellFault, Row};
pub use correction::{Correction, correction};
pub use date_form::DateForm;
pub use differences::{Difference, Place, differences};
pub use event_field::EventField;
pub use event_row::{EventRow, Note, RefusedRow, WHOLE_TEXT, WHOLE_TEXT_TYPE, is_currency_code};
pub use failed_rows::{FailedRows, REASON_COLUMN};
pub use file_sum::FileSum;
pub use focus::Holds;
pub use mapping::{ColumnsMapping, EmptyCells, FormFrom, MappedColumn, Mapping, Question, Survey};
pub use moment::ClockReading;
pub use number_form::NumberForm;
pub use row_pack::RowPack;
pub use row_reader::RowReader;
pub use start_span::StartSpan;
pub use table::{Said, SheetTable, Table, TableFault, TextTable};
pub use totals::Totals;
