//! What numbers come to, unit by unit.

use rust_decimal::Decimal;

use super::bits::Bits;
use super::column_data::ColumnData;
use super::decimals::{BLANK, Decimals};
use super::sum::Sum;
use super::totals_job::FilteredTotals;
use super::value::Value;
use super::{Row, Table};

/// How many values of a unit there are, and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub values: u32,
    /// Values that could not be read.
    pub unread: u32,
    pub sum: Sum,
}

/// By the unit's code, few of them and in no order.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies(Vec<(u32, Tally)>);

/// One line of a sum: amounts of different units are never one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtotal<'a> {
    /// The currency, or the unit of measure; empty for the amounts without one, which are a line of their
    /// own.
    pub unit: &'a str,
    /// How many values the sum has. Blanks are none.
    pub values: usize,
    /// How many it lacks because they could not be read.
    pub unread: usize,
    pub sum: Sum,
}

/// What the numbers of a column come to, unit by unit.
#[derive(Clone, Debug)]
pub struct Totals {
    pub(super) column: usize,
    pub(super) tallies: Tallies,
}

impl Totals {
    /// The lines by rising unit, the one without a unit last. Without any value there is none.
    pub fn lines<'a>(&self, table: &'a Table) -> Vec<Subtotal<'a>> {
        self.tallies.lines(table, self.column)
    }
}

impl Tallies {
    /// A value that could not be read is none, and counted.
    pub(super) fn add(&mut self, unit: u32, value: Option<Decimal>) {
        let tally = self.of_unit(unit);
        match value {
            Some(value) => {
                tally.values += 1;
                tally.sum.add(value);
            }
            None => tally.unread += 1,
        }
    }

    pub(super) fn subtract(&mut self, unit: u32, value: Option<Decimal>) {
        let tally = self.of_unit(unit);
        match value {
            Some(value) => {
                tally.values = tally.values.saturating_sub(1);
                tally.sum.subtract(value);
            }
            None => tally.unread = tally.unread.saturating_sub(1),
        }
        self.0.retain(|(_, tally)| tally.values + tally.unread > 0);
    }

    pub(super) fn put(&mut self, unit: u32, tally: Tally) {
        let here = self.of_unit(unit);
        here.values += tally.values;
        here.unread += tally.unread;
        here.sum.merge(tally.sum);
    }

    pub(super) fn merge(&mut self, other: &Tallies) {
        other.0.iter().for_each(|(unit, tally)| self.put(*unit, *tally));
    }

    pub(super) fn lines<'a>(&self, table: &'a Table, column: usize) -> Vec<Subtotal<'a>> {
        let text = unit_of(table, column).and_then(|unit| table.text(unit));
        let name = |unit: u32| text.map_or("", |text| text.dictionary.text(unit));
        let lines = self.0.iter().map(|(unit, tally)| Subtotal {
            unit: name(*unit),
            values: tally.values as usize,
            unread: tally.unread as usize,
            sum: tally.sum,
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort_by_key(|line| (line.unit.is_empty(), line.unit));
        lines
    }

    fn of_unit(&mut self, unit: u32) -> &mut Tally {
        let at = self.0.iter().position(|(of, _)| *of == unit).unwrap_or_else(|| {
            self.0.push((unit, Tally::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

/// Room for so many sums of one scale at once.
const MOST_CELLS: usize = 1 << 18;

/// Compact numbers on their way into the tallies of groups: mantissas of one scale are added up as they
/// are, and become exact sums at the end.
#[derive(Clone, Debug)]
pub(super) struct Adding {
    units: usize,
    /// How many and how much, by group and unit.
    cells: Vec<(u32, i128)>,
}

impl Adding {
    /// Nothing where the column's numbers are not compact or there are too many sums: then each number goes
    /// into its tally by itself.
    pub(super) fn new(groups: usize, table: &Table, column: usize) -> Option<Self> {
        let ColumnData::Decimal { values: Decimals::Compact(_), unit, .. } = &table.columns[column] else {
            return None;
        };
        let units = unit.and_then(|unit| table.text(unit)).map_or(1, |text| text.dictionary.len());
        let cells = groups.saturating_mul(units);
        (cells <= MOST_CELLS).then(|| Self { units, cells: vec![(0, 0); cells] })
    }

    pub(super) fn add_rows(
        &mut self,
        table: &Table,
        column: usize,
        rows: impl Iterator<Item = Row>,
        group_of: impl Fn(Row) -> u32,
    ) {
        let ColumnData::Decimal { values: Decimals::Compact(compact), unit, .. } = &table.columns[column]
        else {
            return;
        };
        let text = unit.and_then(|unit| table.text(unit));
        for row in rows {
            let mantissa = compact.mantissas[row as usize];
            if mantissa != BLANK {
                let unit = text.map_or(0, |text| text.codes.get(row as usize)) as usize;
                let (values, sum) = &mut self.cells[group_of(row) as usize * self.units + unit];
                *values += 1;
                *sum += i128::from(mantissa);
            }
        }
    }

    /// Gives out the group, unit and tally of each sum, and of the rows that hold several amounts. `group_of`
    /// tells where they count.
    pub(super) fn done(
        self,
        table: &Table,
        column: usize,
        group_of: impl Fn(Row) -> Option<u32>,
        mut put: impl FnMut(u32, u32, Tally),
    ) {
        let ColumnData::Decimal { values: Decimals::Compact(compact), .. } = &table.columns[column] else {
            return;
        };
        for (cell, (values, sum)) in self.cells.into_iter().enumerate().filter(|(_, (values, _))| *values > 0)
        {
            let (group, unit) = (cell / self.units, cell % self.units);
            let sum = Sum::of_mantissa(sum, compact.scale);
            put(group as u32, unit as u32, Tally { values, unread: 0, sum });
        }
        for row in table.columns[column].rows_of_several(0..table.keys.len()) {
            let Some(group) = group_of(row as Row) else { continue };
            let mut tallies = Tallies::default();
            each_amount(table, column, row as Row, |unit, value| tallies.add(unit, value));
            tallies.0.into_iter().for_each(|(unit, tally)| put(group, unit, tally));
        }
    }
}

/// What a row adds to the tallies of a column: units, and values unless they could not be read.
pub(super) fn each_amount(
    table: &Table,
    column: usize,
    row: Row,
    mut count: impl FnMut(u32, Option<Decimal>),
) {
    let data = &table.columns[column];
    let unit = unit_of(table, column).and_then(|unit| table.text(unit));
    match data.get(row as usize) {
        Value::Decimal(value) => count(unit.map_or(0, |text| text.codes.get(row as usize)), Some(value)),
        Value::Amounts(amounts) => {
            for amount in amounts {
                let code = unit.and_then(|text| text.dictionary.code(&amount.unit));
                count(code.unwrap_or(0), amount.value);
            }
        }
        _ => {}
    }
}

fn unit_of(table: &Table, column: usize) -> Option<usize> {
    if let ColumnData::Decimal { unit, .. } = table.columns[column] { unit } else { None }
}

impl Table {
    /// What the numbers of a column come to in some rows, as of a selection. A row that is named twice
    /// counts once.
    pub fn totals_of(&self, column: usize, rows: impl IntoIterator<Item = Row>) -> Totals {
        let mut named = Bits::of(self.keys.len(), false);
        rows.into_iter().for_each(|row| named.set(row as usize, true));
        let mut totals = FilteredTotals::new(column);
        totals.step(self, &named, &mut { usize::MAX });
        totals.into_totals()
    }
}
