//! What is shown of a table.

use std::sync::Arc;

use super::bits::Bits;
use super::edit::{Edit, Edited};
use super::grouping::Grouping;
use super::groups::Groups;
use super::pending::{Answer, Pending};
use super::question::{Question, Step};
use super::row_list::repair;
use super::tallies::Totals;
use super::totals_job::FilteredTotals;
use super::value::TableError;
use super::{Row, Table};

/// The rows of a [`Table`] that answer a question, in order, and what they come to. It belongs to one
/// table, which every call is given again. The module's page tells how it is used.
#[derive(Clone, Debug, Default)]
pub struct View {
    wanted: Question,
    answer: Answer,
    pending: Option<Pending>,
    totals: Vec<FilteredTotals>,
    /// The values of columns that are chosen from.
    values: Vec<Grouping>,
    groups: Option<Grouping>,
}

impl View {
    /// A view that shows nothing until it is worked out.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for other rows, or for another order. Until [`View::step`] has worked them out, those of the
    /// question before stand.
    pub fn ask(&mut self, question: Question) {
        self.pending.take_if(|_| self.wanted != question);
        self.wanted = question;
    }

    /// The last question that was asked.
    pub fn question(&self) -> &Question {
        &self.wanted
    }

    /// The rows that are shown, in order: of the last question once a step has said so.
    pub fn rows(&self) -> &[Row] {
        self.answer.rows()
    }

    /// Whether a record's row is among those that are shown.
    pub fn shows(&self, row: Row) -> bool {
        self.answer.passing.get(row as usize)
    }

    /// Where a row that is shown stands among [`View::rows`].
    pub fn place(&self, table: &Table, row: Row) -> Option<usize> {
        let order = self.answer.row_order(table);
        let is_shown = self.answer.revision == Some(table.revision) && self.shows(row);
        is_shown.then(|| self.rows().binary_search_by(|here| order.compare(*here, row)).ok())?
    }

    /// Wants the sums of a column of decimals over the rows that are shown.
    pub fn add_up(&mut self, column: usize) {
        if !self.totals.iter().any(|totals| totals.column() == column) {
            self.totals.push(FilteredTotals::new(column));
        }
    }

    /// What a column that is added up comes to; nothing until it is known of the rows that are shown.
    pub fn totals(&self, column: usize) -> Option<&Totals> {
        self.totals.iter().find(|totals| totals.column() == column)?.known()
    }

    /// Wants the values of a column with how many rows have each, under all filters but the column's own: what
    /// a filter of it can choose from. They cost memory until they are dropped.
    pub fn list_values(&mut self, column: usize) {
        if !self.values.iter().any(|values| values.columns() == [column]) {
            self.values.push(Grouping::new(&[column], &[]));
        }
    }

    /// Wants the values of a column no longer.
    pub fn drop_values(&mut self, column: usize) {
        self.values.retain(|values| values.columns() != [column]);
    }

    /// The values of a column as groups of it, as of the question that [`View::rows`] is of; nothing until they
    /// are known.
    pub fn values(&self, column: usize) -> Option<&Groups> {
        self.values.iter().find(|values| values.columns() == [column])?.known()
    }

    /// Wants the rows that are shown in groups by these columns, the outermost first, with what the columns of
    /// decimals in `amounts` come to in each. Without a column there are no groups.
    pub fn group_by(&mut self, columns: &[usize], amounts: &[usize]) {
        if columns.is_empty() {
            self.groups = None;
        } else if !self.groups.as_ref().is_some_and(|groups| groups.is_of(columns, amounts)) {
            self.groups = Some(Grouping::new(columns, amounts));
        }
    }

    /// The groups; nothing until they are known of the rows that are shown.
    pub fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()?.known()
    }

    /// Goes on with what is asked, and looks at some `budget` rows before it comes back. A million of them
    /// take a few milliseconds.
    pub fn step(&mut self, table: &mut Table, mut budget: usize) -> Step {
        self.pending.take_if(|pending| !pending.is_of(table));
        let is_answered = self.answer.revision == Some(table.revision) && self.answer.question == self.wanted;
        if !is_answered {
            let pending =
                self.pending.get_or_insert_with(|| Pending::new(self.wanted.clone(), table, &self.answer));
            if !pending.step(table, &mut budget) {
                return Step::Rows;
            }
            if let Some(pending) = self.pending.take() {
                self.take_answer(table, pending.into_answer());
            }
        }
        for totals in &mut self.totals {
            if !totals.step(table, &self.answer.passing, &mut budget) {
                return Step::Sums;
            }
        }
        if let Some(groups) = &mut self.groups
            && !groups.step(table, |_| self.answer.passing.clone(), &mut budget)
        {
            return Step::Sums;
        }
        for values in &mut self.values {
            let column = values.columns()[0];
            if !values.step(table, |alive| self.answer.passing_but(column, alive), &mut budget) {
                return Step::Sums;
            }
        }
        Step::Done
    }

    /// Does at once what [`View::step`] does in steps.
    pub fn finish(&mut self, table: &mut Table) {
        while self.step(table, usize::MAX) != Step::Done {}
    }

    fn take_answer(&mut self, table: &Table, answer: Answer) {
        if answer.revision != self.answer.revision {
            self.values.iter_mut().chain(&mut self.groups).for_each(Grouping::forget);
        }
        // An order alone changes no sum.
        if answer.revision != self.answer.revision || answer.passing != self.answer.passing {
            self.totals.iter_mut().for_each(FilteredTotals::forget);
        }
        if let Some(groups) = &mut self.groups {
            groups.forget_unless_of(&answer.passing);
        }
        for values in &mut self.values {
            values.forget_unless_of(&answer.passing_but(values.columns()[0], &table.alive));
        }
        self.answer = answer;
    }

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
        if let Some(groups) = &mut self.groups {
            groups.enter(table, row, is_shown);
        }
        for values in &mut self.values {
            let counts = self.answer.passes_but(values.columns()[0], table, row);
            values.enter(table, row, counts);
        }
    }

    fn repair(&mut self, table: &Table, old: &[Row], columns: &[bool], new: std::ops::Range<Row>) {
        let answer = &mut self.answer;
        let changed = |column: usize| columns.get(column).copied().unwrap_or(false);
        let moves = answer.row_order(table).columns().any(changed);
        let refilters = |sieve: &super::sieve::Sieve| {
            (0..columns.len()).any(|column| changed(column) && sieve.looks_at(column))
        };
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
        let by = super::order::RowOrder { table, keys: &question.order, ties: question.ties };
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
