//! Groups in the making: in steps, and then kept.

use super::bits::Bits;
use super::group_column::GroupColumn;
use super::groups::Groups;
use super::merge_sort::MergeSort;
use super::pending::rank;
use super::ranks::RankJob;
use super::tallies::Adding;
use super::value_codes::ValueCodes;
use super::{Row, Table};

/// To add a number to its exact sum takes as long as to look at so many rows.
const COST_OF_SUM: usize = 4;

#[derive(Clone, Debug)]
pub(super) struct Grouping {
    columns: Vec<GroupColumn>,
    amounts: Vec<usize>,
    /// Rows that are grouped.
    counted: Bits,
    groups: Groups,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Begin,
    /// Words of the flags that are done.
    Assign {
        done: usize,
    },
    Add {
        amount: usize,
        done: usize,
        adding: Option<Adding>,
    },
    Rank {
        column: usize,
        job: Option<RankJob>,
    },
    Sort(MergeSort<u32>),
    Known,
}

impl Grouping {
    pub(super) fn new(columns: Vec<GroupColumn>, amounts: &[usize]) -> Self {
        Self {
            columns,
            amounts: amounts.to_vec(),
            counted: Bits::default(),
            groups: Groups::default(),
            stage: Stage::Begin,
        }
    }

    pub(super) fn is_of(&self, columns: &[GroupColumn], amounts: &[usize]) -> bool {
        self.columns == columns && self.amounts == amounts
    }

    pub(super) fn columns(&self) -> &[GroupColumn] {
        &self.columns
    }

    pub(super) fn known(&self) -> Option<&Groups> {
        matches!(self.stage, Stage::Known).then_some(&self.groups)
    }

    pub(super) fn forget(&mut self) {
        self.stage = Stage::Begin;
    }

    /// Begins anew, unless it is of these very rows.
    pub(super) fn forget_unless_of(&mut self, rows: &Bits) {
        if self.counted != *rows {
            self.stage = Stage::Begin;
        }
    }

    /// Goes on until the budget is used up. `rows` tells which of those that are alive are grouped. Whether the groups are known.
    pub(super) fn step(
        &mut self,
        table: &mut Table,
        rows: impl Fn(&Bits) -> Bits,
        budget: &mut usize,
    ) -> bool {
        loop {
            match &mut self.stage {
                Stage::Begin => {
                    self.counted = rows(&table.alive);
                    let columns = self.columns.iter().map(|column| ValueCodes::new(column, table));
                    self.groups = Groups::new(columns.collect(), self.amounts.clone());
                    self.stage = Stage::Assign { done: 0 };
                }
                Stage::Assign { done } => {
                    let words = self.counted.next_words(done, budget);
                    for row in self.counted.rows_in(words) {
                        self.groups.assign(table, row);
                    }
                    if *done < self.counted.word_count() {
                        return false;
                    }
                    self.stage = self.begin_adding(table, 0);
                }
                Stage::Add { amount, done, adding } => {
                    let (groups, amount, column) = (&mut self.groups, *amount, self.amounts[*amount]);
                    let cost = if adding.is_some() { 1 } else { COST_OF_SUM };
                    let mut rows = budget.div_ceil(cost);
                    let words = self.counted.next_words(done, &mut rows);
                    *budget = rows.saturating_mul(cost);
                    let rows = self.counted.rows_in(words);
                    match adding {
                        Some(adding) => {
                            adding.add_rows(table, column, rows, |row| groups.of(row).unwrap_or(0));
                        }
                        None => rows.for_each(|row| groups.add_amount(table, row, amount)),
                    }
                    if *done < self.counted.word_count() {
                        return false;
                    }
                    if let Some(adding) = adding.take() {
                        groups.add_all(table, amount, adding);
                    }
                    self.stage = self.begin_adding(table, amount + 1);
                }
                Stage::Rank { column, job } => match self.columns.get(*column) {
                    Some(of) => {
                        if !rank(table, of.column, job, budget) {
                            return false;
                        }
                        self.stage = Stage::Rank { column: *column + 1, job: None };
                    }
                    None => {
                        let groups = 0..self.groups.count() as u32;
                        let groups = groups.filter(|group| self.groups.has_rows(*group));
                        self.stage = Stage::Sort(MergeSort::new(groups.collect()));
                    }
                },
                Stage::Sort(sort) => {
                    let groups = &self.groups;
                    if !sort.step(budget, |one, other| groups.compare(table, *one, *other)) {
                        return false;
                    }
                    let sorted = std::mem::take(sort).into_sorted();
                    self.groups.list(sorted);
                    self.stage = Stage::Known;
                }
                Stage::Known => return true,
            }
        }
    }

    /// A row that was grouped is about to change.
    pub(super) fn leave(&mut self, table: &Table, row: Row) {
        if matches!(self.stage, Stage::Known) {
            self.groups.leave(table, row);
        }
    }

    /// A row has changed or is new, and is to be grouped or not.
    pub(super) fn enter(&mut self, table: &Table, row: Row, counts: bool) {
        self.counted.grow(table.keys.len(), false);
        self.counted.set(row as usize, counts);
        if counts
            && matches!(self.stage, Stage::Known)
            && self.groups.columns.iter().all(|column| column.fits(table))
        {
            self.groups.enter(table, row);
        }
    }

    /// All rows that changed have left and entered.
    pub(super) fn settle(&mut self, table: &Table) {
        self.counted.grow(table.keys.len(), false);
        if matches!(self.stage, Stage::Known) && self.groups.columns.iter().all(|column| column.fits(table)) {
            self.groups.settle(table);
        } else {
            self.stage = Stage::Begin;
        }
    }

    fn begin_adding(&self, table: &Table, amount: usize) -> Stage {
        match self.amounts.get(amount) {
            Some(column) => {
                let adding = Adding::new(self.groups.count(), table, *column);
                Stage::Add { amount, done: 0, adding }
            }
            None => Stage::Rank { column: 0, job: None },
        }
    }
}
