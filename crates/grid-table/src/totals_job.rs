//! The sums of a column over the rows that are shown, worked out in steps and then kept.

use super::bits::Bits;
use super::tallies::{Adding, Tallies, Totals, each_amount};
use super::{Row, Table};

#[derive(Clone, Debug)]
pub(super) struct FilteredTotals {
    totals: Totals,
    is_known: bool,
    adding: Option<Adding>,
    /// Words of the flags that are added up.
    done: usize,
}

impl FilteredTotals {
    pub(super) fn new(column: usize) -> Self {
        let totals = Totals { column, tallies: Tallies::default() };
        Self { totals, is_known: false, adding: None, done: 0 }
    }

    pub(super) fn column(&self) -> usize {
        self.totals.column
    }

    pub(super) fn known(&self) -> Option<&Totals> {
        self.is_known.then_some(&self.totals)
    }

    pub(super) fn into_totals(self) -> Totals {
        self.totals
    }

    pub(super) fn forget(&mut self) {
        *self = Self::new(self.totals.column);
    }

    /// Goes on until the budget is used up. Whether the sums are known.
    pub(super) fn step(&mut self, table: &Table, passing: &Bits, budget: &mut usize) -> bool {
        if self.is_known {
            return true;
        }
        let Totals { column, tallies } = &mut self.totals;
        if self.done == 0 {
            self.adding = Adding::new(1, table, *column);
        }
        let rows = passing.rows_in(passing.next_words(&mut self.done, budget));
        match &mut self.adding {
            Some(adding) => adding.add_rows(table, *column, rows, |_| 0),
            None => rows.for_each(|row| {
                each_amount(table, *column, row, |unit, value| tallies.add(unit, value));
            }),
        }
        if self.done < passing.word_count() {
            return false;
        }
        if let Some(adding) = self.adding.take() {
            let group_of = |row: Row| passing.get(row as usize).then_some(0);
            adding.done(table, *column, group_of, |_, unit, tally| tallies.put(unit, tally));
        }
        self.is_known = true;
        true
    }

    /// A row that was counted is about to change.
    pub(super) fn leave(&mut self, table: &Table, row: Row) {
        if self.is_known {
            let Totals { column, tallies } = &mut self.totals;
            each_amount(table, *column, row, |unit, value| tallies.subtract(unit, value));
        }
    }

    /// A row counts from now on.
    pub(super) fn enter(&mut self, table: &Table, row: Row) {
        if self.is_known {
            let Totals { column, tallies } = &mut self.totals;
            each_amount(table, *column, row, |unit, value| tallies.add(unit, value));
        }
    }

    /// All rows that changed have left and entered. What is on its way may have counted some of them, or in
    /// other decimal places.
    pub(super) fn settle(&mut self) {
        if !self.is_known {
            self.forget();
        }
    }
}
