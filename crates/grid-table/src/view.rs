//! What is shown of a table.

use super::group_column::GroupColumn;
use super::grouping::Grouping;
use super::groups::Groups;
use super::pending::{Answer, Pending};
use super::question::{Question, Step};
use super::tallies::Totals;
use super::totals_job::FilteredTotals;
use super::{Row, Table};

/// The rows of a [`Table`] that answer a question, in order, and what they come to. It belongs to one
/// table, which every call is given again. The module's page tells how it is used.
#[derive(Clone, Debug, Default)]
pub struct View {
    wanted: Question,
    pub(super) answer: Answer,
    pub(super) pending: Option<Pending>,
    pub(super) totals: Vec<FilteredTotals>,
    /// The values of columns that are chosen from.
    pub(super) values: Vec<Grouping>,
    pub(super) groups: Vec<Grouping>,
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
        self.place_or_next(table, row).filter(|_| self.shows(row))
    }

    /// Where a row stands among [`View::rows`], or where it would stand if it was shown.
    pub fn place_or_next(&self, table: &Table, row: Row) -> Option<usize> {
        let order = self.answer.row_order(table);
        let is_current = self.answer.revision == Some(table.revision);
        is_current.then(|| self.rows().partition_point(|here| order.compare(*here, row).is_lt()))
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
        if !self.values.iter().any(|values| values.columns() == [column.into()]) {
            self.values.push(Grouping::new(vec![column.into()], &[]));
        }
    }

    /// Wants the values of a column no longer.
    pub fn drop_values(&mut self, column: usize) {
        self.values.retain(|values| values.columns() != [column.into()]);
    }

    /// The values of a column as groups of it, as of the question that [`View::rows`] is of; nothing until they
    /// are known.
    pub fn values(&self, column: usize) -> Option<&Groups> {
        self.values.iter().find(|values| values.columns() == [column.into()])?.known()
    }

    /// Wants the rows that are shown in groups by these columns, the outermost first, with what the columns of
    /// decimals in `amounts` come to in each. They cost memory until they are dropped. Without a column there are
    /// no groups.
    pub fn group_by<C: Clone + Into<GroupColumn>>(&mut self, columns: &[C], amounts: &[usize]) {
        let wanted = group_columns(columns);
        if columns.is_empty() || self.groups.iter().any(|groups| groups.is_of(&wanted, amounts)) {
            return;
        }
        self.drop_groups(columns);
        self.groups.push(Grouping::new(wanted, amounts));
    }

    /// Wants the groups by these columns no longer.
    pub fn drop_groups<C: Clone + Into<GroupColumn>>(&mut self, columns: &[C]) {
        let dropped = group_columns(columns);
        self.groups.retain(|groups| groups.columns() != dropped);
    }

    /// The groups by these columns; nothing until they are known of the rows that are shown.
    pub fn groups<C: Clone + Into<GroupColumn>>(&self, columns: &[C]) -> Option<&Groups> {
        let wanted = group_columns(columns);
        self.groups.iter().find(|groups| groups.columns() == wanted)?.known()
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
        for groups in &mut self.groups {
            if !groups.step(table, |_| self.answer.passing.clone(), &mut budget) {
                return Step::Sums;
            }
        }
        for values in &mut self.values {
            let column = values.columns()[0].column;
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
        for groups in &mut self.groups {
            groups.forget_unless_of(&answer.passing);
        }
        for values in &mut self.values {
            values.forget_unless_of(&answer.passing_but(values.columns()[0].column, &table.alive));
        }
        self.answer = answer;
    }
}

fn group_columns<C: Clone + Into<GroupColumn>>(columns: &[C]) -> Vec<GroupColumn> {
    columns.iter().cloned().map(Into::into).collect()
}
