//! Rows that have the same values in some columns, with how many they are and what they come to.

use std::cmp::Ordering;
use std::ops::Range;

use super::bits::Bits;
use super::key_index::KeyIndex;
use super::row_list::repair;
use super::tallies::{Adding, Subtotal, Tallies, each_amount};
use super::value::Value;
use super::value_codes::ValueCodes;
use super::{Row, Table};

/// In no group.
const NONE: u32 = u32::MAX;

/// The groups of rows by the values of some columns, in the order of these values, blanks last, and
/// rows that hold several amounts among these; of one column, the values that there are to choose from. Texts
/// are the same where every letter is.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub(super) columns: Vec<ValueCodes>,
    /// The columns that are added up.
    amounts: Vec<usize>,
    /// The first level by the code of its value, each other by the group above and the code.
    first: Vec<u32>,
    levels: Vec<Level>,
    /// By row, its innermost group.
    of_row: Vec<u32>,
    /// By innermost group.
    rows: Vec<u32>,
    /// By innermost group and column that is added up.
    tallies: Vec<Tallies>,
    /// Groups that have rows, in order.
    listed: Vec<u32>,
    is_listed: Bits,
    /// Groups that got their first row or lost their last one since the list was put in order.
    crossed: Vec<u32>,
}

/// The group above and the code of the value, by group.
#[derive(Clone, Debug, Default)]
struct Level {
    pairs: Vec<i64>,
    index: KeyIndex,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// Of the columns that are grouped by.
    pub values: Vec<Value<'a>>,
    pub rows: usize,
}

impl Groups {
    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// A group by its place in the order.
    pub fn group<'a>(&self, table: &'a Table, place: usize) -> Group<'a> {
        let group = self.listed[place];
        let codes = self.codes(group);
        let values = self.columns.iter().zip(codes).map(|(column, code)| column.value(table, code));
        Group { values: values.collect(), rows: self.rows[group as usize] as usize }
    }

    /// What a column that is added up comes to in the groups of some places, by unit: of one group, or of
    /// all that share their first values.
    pub fn subtotals<'a>(&self, table: &'a Table, places: Range<usize>, column: usize) -> Vec<Subtotal<'a>> {
        let Some(at) = self.amounts.iter().position(|of| *of == column) else { return Vec::new() };
        let mut sum = Tallies::default();
        for group in &self.listed[places] {
            sum.merge(&self.tallies[*group as usize * self.amounts.len() + at]);
        }
        sum.lines(table, column)
    }

    /// The places of the groups that share their first `columns` values: one range for each outer group.
    pub fn outer(&self, columns: usize) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut before = None;
        for (place, group) in self.listed.iter().enumerate() {
            let codes = self.codes(*group);
            match ranges.last_mut() {
                Some(range)
                    if before
                        .as_ref()
                        .is_some_and(|before: &Vec<u32>| before[..columns] == codes[..columns]) =>
                {
                    range.end += 1;
                }
                _ => ranges.push(place..place + 1),
            }
            before = Some(codes);
        }
        ranges
    }

    /// Those of some rows that are in the group at a place, in their order.
    pub fn rows_of<'a>(&'a self, place: usize, rows: &'a [Row]) -> impl Iterator<Item = Row> + 'a {
        let group = self.listed[place];
        rows.iter().copied().filter(move |row| self.of_row.get(*row as usize) == Some(&group))
    }

    /// The place of the group that a row is in.
    pub fn place_of(&self, table: &Table, row: Row) -> Option<usize> {
        let group = *self.of_row.get(row as usize).filter(|group| **group != NONE)?;
        self.listed.binary_search_by(|here| self.compare(table, *here, group)).ok()
    }

    pub(super) fn new(columns: Vec<ValueCodes>, amounts: Vec<usize>) -> Self {
        Self { columns, amounts, ..Self::default() }
    }

    /// How many groups there ever were, those without rows among them.
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn has_rows(&self, group: u32) -> bool {
        self.rows[group as usize] > 0
    }

    /// The group of a row that was put into one.
    pub(super) fn of(&self, row: Row) -> Option<u32> {
        self.of_row.get(row as usize).copied().filter(|group| *group != NONE)
    }

    /// Puts a row into its group, without its amounts.
    pub(super) fn assign(&mut self, table: &Table, row: Row) -> u32 {
        let mut group = 0;
        for (level, column) in self.columns.iter_mut().enumerate() {
            let code = column.code(table, row);
            self.levels.resize_with(self.levels.len().max(level + 1), Level::default);
            let Level { pairs, index } = &mut self.levels[level];
            let pair = i64::from(group) << 32 | i64::from(code);
            let add = |pairs: &mut Vec<i64>| {
                pairs.push(pair);
                pairs.len() as u32 - 1
            };
            group = if level == 0 {
                let code = code as usize;
                if code >= self.first.len() {
                    self.first.resize(code + 1, NONE);
                }
                if self.first[code] == NONE {
                    self.first[code] = add(pairs);
                }
                self.first[code]
            } else {
                index.find(pair, pairs).unwrap_or_else(|| {
                    index.make_room(pairs, table.keys.len());
                    let group = add(pairs);
                    index.insert(group, pairs);
                    group
                })
            };
        }
        if self.rows.len() <= group as usize {
            self.rows.resize(group as usize + 1, 0);
            self.tallies.resize_with(self.rows.len() * self.amounts.len(), Tallies::default);
        }
        if self.of_row.len() <= row as usize {
            self.of_row.resize(row as usize + 1, NONE);
        }
        self.rows[group as usize] += 1;
        self.of_row[row as usize] = group;
        group
    }

    /// Adds up one of the columns for a row that was put into its group.
    pub(super) fn add_amount(&mut self, table: &Table, row: Row, amount: usize) {
        if let Some(group) = self.of(row) {
            let tallies = &mut self.tallies[group as usize * self.amounts.len() + amount];
            each_amount(table, self.amounts[amount], row, |unit, value| tallies.add(unit, value));
        }
    }

    /// Takes over what was added up of one of the columns.
    pub(super) fn add_all(&mut self, table: &Table, amount: usize, adding: Adding) {
        let (tallies, of_row, amounts) = (&mut self.tallies, &self.of_row, self.amounts.len());
        let group_of = |row: Row| of_row.get(row as usize).copied().filter(|group| *group != NONE);
        adding.done(table, self.amounts[amount], group_of, |group, unit, tally| {
            tallies[group as usize * amounts + amount].put(unit, tally);
        });
    }

    pub(super) fn enter(&mut self, table: &Table, row: Row) {
        let group = self.assign(table, row);
        if self.rows[group as usize] == 1 {
            self.crossed.push(group);
        }
        self.each_amount(table, row, group, |tallies, unit, value| tallies.add(unit, value));
    }

    pub(super) fn leave(&mut self, table: &Table, row: Row) {
        let Some(group) = self.of(row) else { return };
        self.of_row[row as usize] = NONE;
        self.rows[group as usize] -= 1;
        if self.rows[group as usize] == 0 {
            self.crossed.push(group);
        }
        self.each_amount(table, row, group, |tallies, unit, value| tallies.subtract(unit, value));
    }

    /// Brings the list of groups up to date with rows that entered and left.
    pub(super) fn settle(&mut self, table: &Table) {
        let mut crossed = std::mem::take(&mut self.crossed);
        crossed.sort_unstable();
        crossed.dedup();
        self.is_listed.grow(self.rows.len(), false);
        let (mut gone, mut added) = (Bits::default(), Vec::new());
        for group in crossed {
            let (was, is) = (self.is_listed.get(group as usize), self.has_rows(group));
            self.is_listed.set(group as usize, is);
            if was && !is {
                gone.grow(self.rows.len(), false);
                gone.set(group as usize, true);
            }
            added.extend((is && !was).then_some(group));
        }
        added.sort_unstable_by(|one, other| self.compare(table, *one, *other));
        let mut listed = std::mem::take(&mut self.listed);
        repair(&mut listed, &gone, &added, |one, other| self.compare(table, one, other));
        self.listed = listed;
    }

    /// Takes over the list when it was put in order for the first time.
    pub(super) fn list(&mut self, listed: Vec<u32>) {
        self.is_listed = Bits::of(self.rows.len(), false);
        listed.iter().for_each(|group| self.is_listed.set(*group as usize, true));
        self.listed = listed;
    }

    pub(super) fn compare(&self, table: &Table, one: u32, other: u32) -> Ordering {
        if let [column] = self.columns.as_slice() {
            let code = |group: u32| self.levels[0].pairs[group as usize] as u32;
            return column.compare(table, code(one), code(other));
        }
        let codes = self.codes(one).into_iter().zip(self.codes(other));
        let by_column =
            self.columns.iter().zip(codes).map(|(column, (one, other))| column.compare(table, one, other));
        by_column.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The codes of a group's values, the outermost first.
    fn codes(&self, mut group: u32) -> Vec<u32> {
        let mut codes = vec![0; self.levels.len()];
        for (level, code) in self.levels.iter().zip(&mut codes).rev() {
            let pair = level.pairs[group as usize];
            (group, *code) = ((pair >> 32) as u32, pair as u32);
        }
        codes
    }

    fn each_amount(
        &mut self,
        table: &Table,
        row: Row,
        group: u32,
        count: impl Fn(&mut Tallies, u32, Option<rust_decimal::Decimal>),
    ) {
        for (at, column) in self.amounts.iter().enumerate() {
            let tallies = &mut self.tallies[group as usize * self.amounts.len() + at];
            each_amount(table, *column, row, |unit, value| count(tallies, unit, value));
        }
    }
}
