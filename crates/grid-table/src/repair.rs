//! What a view knows stays true when records come, change and go, without another look at the others.

use std::ops::Range;
use std::sync::Arc;

use super::bits::Bits;
use super::edit::{Edit, Edited};
use super::order::RowOrder;
use super::pending::Answer;
use super::row_list::repair;
use super::sieve::Sieve;
use super::totals_job::FilteredTotals;
use super::value::TableError;
use super::view::View;
use super::{Row, Table};

impl View {
    /// Takes edits into the table, and repairs everything that is known of it for the rows that they touch.
    /// What is being worked out for a new question begins anew, so edits are best gathered: some thousand
    /// take hardly longer than one.
    ///
    /// # Errors
    /// Where a value fits its column not at all; then nothing was changed.
    pub fn edit(&mut self, table: &mut Table, edits: &[Edit<'_>]) -> Result<Edited, TableError> {
        table.check(edits)?;
        if self.answer.revision != Some(table.revision) {
            return Ok(table.take(edits));
        }
        // It is of the table as it was, and holds what is repaired here.
        self.pending = None;
        let touched = table.touched_by(edits);
        touched.rows.iter().for_each(|row| self.leave(table, *row));
        let first_new = table.keys.len() as Row;
        let edited = table.take(edits);
        let new = first_new..table.keys.len() as Row;
        self.repair(table, &touched.rows, &touched.columns, new.clone());
        touched.rows.iter().copied().chain(new).for_each(|row| self.enter(table, row));
        self.totals.iter_mut().for_each(FilteredTotals::settle);
        self.values.iter_mut().chain(&mut self.groups).for_each(|groups| groups.settle(table));
        self.answer.revision = Some(table.revision);
        Ok(edited)
    }

    /// Takes a row's values out of everything that counts them.
    fn leave(&mut self, table: &Table, row: Row) {
        if self.shows(row) {
            self.totals.iter_mut().for_each(|totals| totals.leave(table, row));
        }
        self.values.iter_mut().chain(&mut self.groups).for_each(|groups| groups.leave(table, row));
    }

    /// Counts a row's values.
    fn enter(&mut self, table: &Table, row: Row) {
        let is_shown = self.shows(row);
        if is_shown {
            self.totals.iter_mut().for_each(|totals| totals.enter(table, row));
        }
        for groups in &mut self.groups {
            groups.enter(table, row, is_shown);
        }
        for values in &mut self.values {
            let counts = self.answer.passes_but(values.columns()[0].column, table, row);
            values.enter(table, row, counts);
        }
    }

    fn repair(&mut self, table: &Table, old: &[Row], columns: &[bool], new: Range<Row>) {
        let answer = &mut self.answer;
        let changed = |column: usize| columns.get(column).copied().unwrap_or(false);
        let moves = answer.row_order(table).columns().any(changed);
        let refilters =
            |sieve: &Sieve| (0..columns.len()).any(|column| changed(column) && sieve.looks_at(column));
        let rows: Vec<Row> = old.iter().copied().chain(new.clone()).collect();
        for sieve in &mut answer.sieves {
            let judged = if refilters(sieve) { &rows } else { &rows[old.len()..] };
            sieve.update(table, judged);
        }
        answer.passing.grow(table.keys.len(), false);
        // What of the old rows leaves the order or its place in it, and what leaves the rows that are shown.
        let (mut moved, mut unshown) = (Bits::default(), Bits::default());
        let (mut placed, mut shown): (Vec<Row>, Vec<Row>) = (new.clone().collect(), Vec::new());
        let flag = |bits: &mut Bits, row: Row| {
            bits.grow(new.start as usize, false);
            bits.set(row as usize, true);
        };
        for row in rows {
            let at = row as usize;
            let (is_old, is_alive) = (row < new.start, table.alive.get(at));
            let before = answer.passing.get(at);
            let passes = is_alive && answer.sieves.iter().all(|sieve| sieve.bits().get(at));
            answer.passing.set(at, passes);
            if is_old && (moves || !is_alive) {
                flag(&mut moved, row);
                placed.extend(is_alive.then_some(row));
            }
            if before && (moves || !passes) {
                flag(&mut unshown, row);
            }
            shown.extend((passes && (moves || !before)).then_some(row));
        }
        placed.retain(|row| table.alive.get(*row as usize));
        let has_sieves = !answer.sieves.is_empty();
        let Answer { order, shown: list, question, .. } = answer;
        let by = RowOrder { table, keys: &question.order, ties: question.ties };
        placed.sort_unstable_by(|one, other| by.compare(*one, *other));
        if moved.len() > 0 || !placed.is_empty() {
            repair(Arc::make_mut(order), &moved, &placed, |one, other| by.compare(one, other));
        }
        if has_sieves {
            shown.sort_unstable_by(|one, other| by.compare(*one, *other));
            repair(list, &unshown, &shown, |one, other| by.compare(one, other));
        }
    }
}
