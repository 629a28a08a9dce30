//! Groups in the making: in steps, and then kept.

use super::bits::Bits;
use super::groups::{Groups, NONE};
use super::merge_sort::MergeSort;
use super::pending::rank;
use super::ranks::RankJob;
use super::tallies::Adding;
use super::value_codes::ValueCodes;
use super::{Row, Table};

#[derive(Clone, Debug)]
pub(super) struct Grouping {
    columns: Vec<usize>,
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
        adding: Adding,
    },
    Rank {
        column: usize,
        job: Option<RankJob>,
    },
    Sort(MergeSort<u32>),
    Known,
}

impl Grouping {
    pub(super) fn new(columns: &[usize], amounts: &[usize]) -> Self {
        Self {
            columns: columns.to_vec(),
            amounts: amounts.to_vec(),
            counted: Bits::default(),
            groups: Groups::default(),
            stage: Stage::Begin,
        }
    }

    pub(super) fn is_of(&self, columns: &[usize], amounts: &[usize]) -> bool {
        self.columns == columns && self.amounts == amounts
    }

    pub(super) fn columns(&self) -> &[usize] {
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
                    let columns = self.columns.iter().map(|column| ValueCodes::new(*column, table));
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
                    self.stage = self.begin_adding(0);
                }
                Stage::Add { amount, done, adding } => {
                    let (groups, column) = (&self.groups, self.amounts[*amount]);
                    let rows = self.counted.rows_in(self.counted.next_words(done, budget));
                    adding.add_rows(table, column, rows, |row| groups.of(row).unwrap_or(0));
                    if *done < self.counted.word_count() {
                        return false;
                    }
                    let (amount, adding) = (*amount, std::mem::take(adding));
                    let (sums, of_row) = (&mut self.groups.tallies, &self.groups.of_row);
                    let group_of =
                        |row: Row| of_row.get(row as usize).copied().filter(|group| *group != NONE);
                    let amounts = self.amounts.len();
                    adding.done(table, column, group_of, |group, unit, tally| {
                        sums[group as usize * amounts + amount].put(unit, tally);
                    });
                    self.stage = self.begin_adding(amount + 1);
                }
                Stage::Rank { column, job } => match self.columns.get(*column) {
                    Some(of) => {
                        if !rank(table, *of, job, budget) {
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

    fn begin_adding(&self, amount: usize) -> Stage {
        if amount == self.amounts.len() {
            Stage::Rank { column: 0, job: None }
        } else {
            Stage::Add { amount, done: 0, adding: Adding::new(self.groups.count()) }
        }
    }
}
