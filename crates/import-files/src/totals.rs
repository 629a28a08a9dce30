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

    /// Takes a row out that was added.
    pub fn take(&mut self, row: &EventRow) {
        self.rows = self.rows.saturating_sub(1);
        for (currency, amount) in &row.amounts {
            let Some(sum) = self.amounts.get_mut(currency) else { continue };
            sum.take(*amount);
            if sum.is_empty() {
                self.amounts.remove(currency);
            }
        }
    }

    /// Adds a row that is refused; an amount that cannot be read is counted.
    pub fn add_refused(&mut self, row: &RefusedRow) {
        self.rows += 1;
        self.amounts.entry(row.currency.clone()).or_default().add_digits(row.billed.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::Record;
    use rest_contract::oracle::EVENT;

    fn row(amounts: &[(&str, &str)]) -> EventRow {
        let amounts = amounts
            .iter()
            .map(|(currency, amount)| ((*currency).to_owned(), amount.parse().expect("an amount")));
        EventRow {
            number: "E".to_owned(),
            event: Record::new(&EVENT),
            currency: String::new(),
            amounts: amounts.collect(),
            lacks: None,
            emptied: 0,
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_row_that_is_taken_out_leaves_the_others_to_the_last_digit() {
        let rows = [row(&[("EUR", "0.1")]), row(&[("EUR", "-30.025"), ("JPY", "7")]), row(&[])];
        let mut totals = Totals::default();
        rows.iter().for_each(|row| totals.add(row));
        totals.take(&rows[1]);
        assert_eq!((totals.rows, totals.amounts.len()), (2, 1));
        assert_eq!(totals.amounts["EUR"].text(), "0.100");
        totals.take(&rows[0]);
        totals.take(&rows[2]);
        assert_eq!((totals.rows, totals.amounts.len()), (0, 0));
    }
}
