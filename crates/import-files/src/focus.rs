//! Cost-and-usage files in the layout of the FinOps Foundation ("FOCUS Specification", versions 1.0 to 1.3), known by
//! their headers: what each row becomes as a usage event with one charge, or why it cannot.
//!
//! Times without an offset are UTC, and numbers have a point before the fraction, as the specification has them:
//! nothing is asked. Vendors' own columns (`x_...`) are passed over, but tell rows apart.

mod columns;
mod row;

pub use columns::{ColumnFault, FocusColumns, Holds};
pub(crate) use row::{number_of, read_row, record, refused};
