//! The plain account: every record as a row of values, and everything worked out anew for each question.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

use grid_model::SortDirection;
use grid_table::{Blanks, Edit, Filter, OwnedValue, Question, Test, Ties};
use rust_decimal::Decimal;

use crate::UNITS;

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) key: i64,
    pub(crate) version: i64,
    pub(crate) values: Vec<OwnedValue>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Naive {
    /// In the order in which they came.
    pub(crate) records: Vec<Record>,
    removed: BTreeMap<i64, i64>,
}

impl Naive {
    pub(crate) fn edit(&mut self, edits: &[Edit<'_>]) {
        for edit in edits {
            match edit {
                Edit::Put { key, version, values } => {
                    let values = values.iter().map(|value| value.owned()).collect();
                    let record = Record { key: *key, version: *version, values };
                    match self.records.iter_mut().find(|record| record.key == *key) {
                        Some(here) if here.version > *version => {}
                        Some(here) => *here = record,
                        None if self.removed.get(key).is_some_and(|last| last >= version) => {}
                        None => self.records.push(record),
                    }
                }
                Edit::Set { key, version, column, value } => {
                    let here = self.records.iter_mut().find(|record| record.key == *key);
                    if let Some(here) =
                        here.filter(|here| version.is_none_or(|version| version >= here.version))
                    {
                        here.version = version.unwrap_or(here.version);
                        here.values[*column] = value.owned();
                    }
                }
                Edit::Remove { key, last } => {
                    if let Some(last) = last {
                        let known = self.removed.get(key).copied().unwrap_or(i64::MIN);
                        self.removed.insert(*key, known.max(*last));
                    }
                    self.records.retain(|record| {
                        record.key != *key || last.is_some_and(|last| last < record.version)
                    });
                }
            }
        }
    }

    /// The records that a question shows, in order.
    pub(crate) fn shown(&self, question: &Question) -> Vec<&Record> {
        let mut shown: Vec<&Record> =
            self.records.iter().filter(|record| passes(record, question, None)).collect();
        match question.ties {
            Ties::Load => {}
            Ties::KeyRising => shown.sort_by_key(|record| record.key),
            Ties::KeyFalling => shown.sort_by_key(|record| std::cmp::Reverse(record.key)),
        }
        shown.sort_by(|one, other| {
            let levels = question.order.iter().map(|key| {
                let (a, b) = (&one.values[key.column], &other.values[key.column]);
                let blank_is_more = key.blanks == Blanks::Last;
                match (has_no_order(a), has_no_order(b)) {
                    (true, true) => Ordering::Equal,
                    (true, false) => {
                        if blank_is_more {
                            Ordering::Greater
                        } else {
                            Ordering::Less
                        }
                    }
                    (false, true) => {
                        if blank_is_more {
                            Ordering::Less
                        } else {
                            Ordering::Greater
                        }
                    }
                    (false, false) => {
                        let unit = |record: &Record| {
                            let unit = UNITS[key.column].map(|unit| text_of(&record.values[unit]));
                            unit.map(|unit| (unit.is_empty(), unit))
                        };
                        let by_value =
                            if key.direction == SortDirection::Descending { b.cmp(a) } else { a.cmp(b) };
                        unit(one).cmp(&unit(other)).then(by_value)
                    }
                }
            });
            levels.into_iter().find(|level| level.is_ne()).unwrap_or(Ordering::Equal)
        });
        shown
    }
}

/// Whether a record passes every filter but those of a column.
fn passes(record: &Record, question: &Question, but: Option<usize>) -> bool {
    let texts = |column: &usize| matches!(record.values[*column], OwnedValue::Text(_));
    let quick = &question.quick;
    let columns: Vec<usize> =
        if quick.columns.is_empty() { (0..record.values.len()).collect() } else { quick.columns.clone() };
    let holds = |column: &usize| holds(&text_of(&record.values[*column]), &quick.text);
    question
        .filters
        .iter()
        .filter(|filter| Some(filter.column) != but)
        .all(|filter| passes_one(record, filter))
        && (quick.text.is_empty() || columns.iter().filter(|column| texts(column)).any(holds))
}

/// Several amounts have no place of their own in an order.
fn has_no_order(value: &OwnedValue) -> bool {
    matches!(value, OwnedValue::Blank | OwnedValue::Amounts(_))
}

fn passes_one(record: &Record, filter: &Filter) -> bool {
    let value = &record.values[filter.column];
    if let OwnedValue::Amounts(parts) = value {
        let parts = parts.iter().filter_map(|part| part.value);
        let mut passing = parts.map(|part| {
            let values = record.values.iter().map(|_| OwnedValue::Decimal(part)).collect();
            passes_one(&Record { values, ..record.clone() }, filter)
        });
        return match filter.test {
            Test::Blank => false,
            Test::NotBlank => true,
            Test::Contains(ref text) if text.is_empty() => true,
            Test::NoneOf(_) => passing.all(|passes| passes),
            _ => passing.any(|passes| passes),
        };
    }
    let is_blank = *value == OwnedValue::Blank;
    match &filter.test {
        Test::Contains(text) if text.is_empty() => true,
        Test::Contains(text) => match value {
            OwnedValue::Text(value) => holds(value, text),
            OwnedValue::Decimal(value) => value.to_string().contains(text.as_str()),
            _ => false,
        },
        Test::OneOf(values) => values.contains(value),
        Test::NoneOf(values) => !values.contains(value),
        Test::Between { from, to } => {
            let from = match from {
                Bound::Included(from) => value >= from,
                Bound::Excluded(from) => value > from,
                Bound::Unbounded => true,
            };
            let to = match to {
                Bound::Included(to) => value <= to,
                Bound::Excluded(to) => value < to,
                Bound::Unbounded => true,
            };
            !is_blank && from && to
        }
        Test::Blank => is_blank,
        Test::NotBlank => !is_blank,
    }
}

/// Of the letters that the tests use each has one capital.
fn holds(text: &str, sought: &str) -> bool {
    let folded = |text: &str| text.replace("e\u{301}", "é").to_uppercase();
    folded(text).contains(&folded(sought))
}

pub(crate) fn text_of(value: &OwnedValue) -> String {
    if let OwnedValue::Text(text) = value { text.clone() } else { String::new() }
}

/// By unit, the one without a name last: how many values, how many that could not be read, and the sum of
/// wholes and of fractions, these as long numbers of the smallest places.
pub(crate) type Sums = BTreeMap<(bool, String), (usize, usize, [i128; 2])>;

pub(crate) fn sums<'a>(records: impl IntoIterator<Item = &'a Record>, column: usize) -> Sums {
    let mut sums = Sums::new();
    let mut add = |unit: String, value: Option<Decimal>| {
        let (count, unread, sum) = sums.entry((unit.is_empty(), unit)).or_default();
        let Some(value) = value else {
            *unread += 1;
            return;
        };
        *count += 1;
        let whole = value.trunc();
        let mut fraction: Decimal = value - whole;
        fraction.rescale(28);
        sum[0] += whole.mantissa() / 10_i128.pow(whole.scale());
        sum[1] += fraction.mantissa();
    };
    for record in records {
        match &record.values[column] {
            OwnedValue::Decimal(value) => {
                let unit = UNITS[column].map(|unit| text_of(&record.values[unit])).unwrap_or_default();
                add(unit, Some(*value));
            }
            OwnedValue::Amounts(parts) => parts.iter().for_each(|part| add(part.unit.clone(), part.value)),
            _ => {}
        }
    }
    sums
}

/// The different values of some columns in the order of these values, with the records that have them.
pub(crate) fn groups<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    columns: &[usize],
) -> Vec<(Vec<OwnedValue>, Vec<&'a Record>)> {
    let mut groups = BTreeMap::<Vec<OwnedValue>, Vec<&Record>>::new();
    for record in records {
        let value = |column: &usize| match &record.values[*column] {
            OwnedValue::Amounts(_) => OwnedValue::Blank,
            value => value.clone(),
        };
        let values = columns.iter().map(value).collect();
        groups.entry(values).or_default().push(record);
    }
    groups.into_iter().collect()
}

/// The records that a filter of a column can choose from.
pub(crate) fn but<'a>(naive: &'a Naive, question: &Question, column: usize) -> Vec<&'a Record> {
    naive.records.iter().filter(|record| passes(record, question, Some(column))).collect()
}
