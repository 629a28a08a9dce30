//! What the view says, held against the plain account.

use grid_table::{Groups, OwnedValue, Question, QuickFilter, Subtotal, Value};

use crate::naive::{Record, Sums, but, groups, sums};
use crate::schedule::{Seen, World};
use crate::{COLUMNS, SUMMED};

impl World {
    pub(crate) fn check(&self, seen: &mut Seen) -> Result<(), String> {
        let Self { table, view, naive, .. } = self;
        if table.len() != naive.records.len() {
            return Err(format!("{} records, not {}", table.len(), naive.records.len()));
        }
        for record in &naive.records {
            let row = table.row(record.key).ok_or(format!("{} is not found", record.key))?;
            let values: Vec<OwnedValue> =
                (0..COLUMNS.len()).map(|column| table.value(row, column).owned()).collect();
            let digits = |values: &[OwnedValue]| format!("{values:?}");
            if digits(&values) != digits(&record.values) || table.version(row) != record.version {
                return Err(format!("{values:?} is not {record:?}"));
            }
            seen.wide += usize::from(
                values[5] >= OwnedValue::Decimal(rust_decimal::Decimal::MAX)
                    && values[5] < OwnedValue::Text(String::new()),
            );
        }
        let shown = naive.shown(&self.answered);
        let keys: Vec<i64> = shown.iter().map(|record| record.key).collect();
        let found: Vec<i64> = view.rows().iter().map(|row| table.key(*row)).collect();
        if keys != found {
            return Err(format!("{found:?} is shown, not {keys:?} for {:?}", self.answered));
        }
        seen.empty += usize::from(keys.is_empty());
        for record in &naive.records {
            let place = table.row(record.key).and_then(|row| view.place(table, row));
            if place != keys.iter().position(|key| *key == record.key) {
                return Err(format!("{} stands at {place:?}", record.key));
            }
            seen.places += usize::from(place.is_some());
        }
        let in_order =
            Question { filters: Vec::new(), quick: QuickFilter::default(), ..self.answered.clone() };
        let mut next = 0;
        for record in naive.shown(&in_order) {
            let place = table.row(record.key).and_then(|row| view.place_or_next(table, row));
            if place != Some(next) {
                return Err(format!("{} would stand at {place:?}, not {next}", record.key));
            }
            next += usize::from(keys.contains(&record.key));
        }
        for column in SUMMED {
            let Some(totals) = view.totals(column) else { continue };
            let expected = text_of_sums(&sums(shown.iter().copied(), column));
            let found = text_of_lines(&totals.lines(table));
            if found != expected {
                return Err(format!("{found:?} is the sum of {column}, not {expected:?}"));
            }
        }
        if self.is_done {
            let is_missing = |columns: &&Vec<usize>| view.groups(columns).is_none();
            if let Some(columns) = self.grouped.iter().find(is_missing) {
                return Err(format!("groups by {columns:?} are wanted and not there"));
            }
            if let Some(column) = SUMMED.iter().find(|column| view.totals(**column).is_none()) {
                return Err(format!("sums of {column} are wanted and not there"));
            }
        }
        self.check_values(seen)?;
        self.grouped.iter().try_for_each(|columns| self.check_groups(columns, &shown, seen))
    }

    fn check_values(&self, seen: &mut Seen) -> Result<(), String> {
        for column in 0..COLUMNS.len() {
            let Some(values) = self.view.values(column) else { continue };
            let expected = groups(but(&self.naive, &self.answered, column), &[column]);
            let expected: Vec<_> = expected.into_iter().map(|(values, of)| (values, of.len())).collect();
            let found: Vec<_> = (0..values.len()).map(|at| self.values_of(values, at)).collect();
            if found != expected {
                return Err(format!("{found:?} are the values of {column}, not {expected:?}"));
            }
            seen.listed += found.len();
        }
        Ok(())
    }

    fn values_of(&self, groups: &Groups, place: usize) -> (Vec<OwnedValue>, usize) {
        let group = groups.group(&self.table, place);
        (group.values.into_iter().map(Value::owned).collect(), group.rows)
    }

    fn check_groups(&self, columns: &[usize], shown: &[&Record], seen: &mut Seen) -> Result<(), String> {
        let Some(found) = self.view.groups(columns) else { return Ok(()) };
        let table = &self.table;
        let expected = groups(shown.iter().copied(), columns);
        if found.len() != expected.len() || found.is_empty() != expected.is_empty() {
            return Err(format!("{} groups, not {}", found.len(), expected.len()));
        }
        for (place, (values, records)) in expected.iter().enumerate() {
            let group = self.values_of(found, place);
            let keys: Vec<i64> = found.rows_of(place, self.view.rows()).map(|row| table.key(row)).collect();
            if group != (values.clone(), records.len())
                || !keys.iter().eq(records.iter().map(|record| &record.key))
            {
                return Err(format!("{group:?} with {keys:?} is a group, not {values:?} with {records:?}"));
            }
            for key in keys {
                let place_of = table.row(key).and_then(|row| found.place_of(table, row));
                if place_of != Some(place) {
                    return Err(format!("{key} is in group {place_of:?}, not {place}"));
                }
            }
        }
        for depth in 0..=columns.len() {
            let outer = groups(shown.iter().copied(), &columns[..depth]);
            let ranges = found.outer(depth);
            if ranges.len() != outer.len() {
                return Err(format!("{ranges:?} are the outer groups, not {}", outer.len()));
            }
            for (range, (_, records)) in ranges.into_iter().zip(outer) {
                for column in SUMMED {
                    let expected = text_of_sums(&sums(records.iter().copied(), column));
                    let found = text_of_lines(&found.subtotals(table, range.clone(), column));
                    if found != expected {
                        return Err(format!("{found:?} is the sum of groups {range:?}, not {expected:?}"));
                    }
                    seen.grouped += found.len();
                }
            }
        }
        Ok(())
    }
}

/// Unit, how many values, how many unread, digits.
type Lines = Vec<(String, usize, usize, String)>;

fn text_of_lines(lines: &[Subtotal<'_>]) -> Lines {
    lines.iter().map(|line| (line.unit.to_owned(), line.values, line.unread, line.sum.text(28))).collect()
}

fn text_of_sums(sums: &Sums) -> Lines {
    let one = 10_i128.pow(28);
    let text = |[whole, fraction]: [i128; 2]| {
        let (mut whole, mut fraction) = (whole + fraction / one, fraction % one);
        if whole > 0 && fraction < 0 {
            (whole, fraction) = (whole - 1, fraction + one);
        } else if whole < 0 && fraction > 0 {
            (whole, fraction) = (whole + 1, fraction - one);
        }
        let sign = if whole < 0 || fraction < 0 { "-" } else { "" };
        format!("{sign}{}.{:0>28}", whole.abs(), fraction.abs())
    };
    sums.iter().map(|((_, unit), (count, unread, sum))| (unit.clone(), *count, *unread, text(*sum))).collect()
}
