//! Control totals: how many rows, and what they come to in each currency, to the last digit.

use std::collections::BTreeMap;

use crate::event_row::{EventRow, RefusedRow};
use crate::file_sum::FileSum;

/// Rows and their amounts by currency code; an empty code stands for rows without one. Currencies are never added to
/// one another. What is loaded and what is refused are together what the file holds.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub rows: u64,
    pub amounts: BTreeMap<String, FileSum>,
}

impl Totals {
    /// Adds a row that was read. One of a file without amounts has none.
    pub fn add(&mut self, row: &EventRow) {
        self.rows += 1;
        for (currency, amount) in &row.amounts {
            self.amounts.entry(currency.clone()).or_default().add(*amount);
        }
    }

    /// Adds a row that is refused; an amount that cannot be read is counted.
    pub fn add_refused(&mut self, row: &RefusedRow) {
        self.rows += 1;
        self.amounts.entry(row.currency.clone()).or_default().add_digits(row.billed.as_deref());
    }
}
