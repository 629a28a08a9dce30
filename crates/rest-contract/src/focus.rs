//! Cost-and-usage files in the layout of the FinOps Foundation ("FOCUS Specification", versions 1.0 to 1.3)
//! row by row: what each becomes as a usage event with one charge, or why it cannot.
//!
//! Times without an offset are UTC, as the specification has them. Vendors' own columns (`x_...`) are passed
//! over, but tell rows apart. Not here: bytes and quotes (the caller's CSV reader), and any database.

mod columns;
mod event_number;
mod moment;
mod row;
mod shortened;
mod unit_code;

pub use columns::{ColumnFault, FocusColumns};
pub use event_number::Twins;
pub use row::{FocusRow, Note, RefusedRow, is_currency_code, read_row};
