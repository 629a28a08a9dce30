//! A small number for each different value of a column: of texts their codes, of other values given out
//! here as they come.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::column_data::{ColumnData, NO_INSTANT};
use super::decimals::Decimals;
use super::group_column::{GroupColumn, Spans};
use super::key_index::KeyIndex;
use super::value::Value;
use super::{Row, Table};

#[derive(Clone, Debug)]
pub(super) struct ValueCodes {
    pub column: usize,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Text,
    /// Instants, flags as nought and one, and decimals counted in a decimal place; by code.
    Numbers {
        values: Vec<i64>,
        index: KeyIndex,
        scale: u32,
        spans: Option<KnownSpans>,
    },
    Wide {
        values: Vec<Option<Decimal>>,
        codes: HashMap<Option<Decimal>, u32>,
    },
}

impl ValueCodes {
    pub(super) fn new(GroupColumn { column, spans }: &GroupColumn, table: &Table) -> Self {
        let column = *column;
        let kind = match &table.columns[column] {
            ColumnData::Text(_) => Kind::Text,
            ColumnData::Decimal { values: Decimals::Wide { .. }, .. } => {
                Kind::Wide { values: Vec::new(), codes: HashMap::new() }
            }
            data => Kind::Numbers {
                values: Vec::new(),
                index: KeyIndex::default(),
                scale: scale_of(data),
                spans: spans.clone().map(KnownSpans::new),
            },
        };
        Self { column, kind }
    }

    /// Whether the column still holds its values as it did when these codes were begun.
    pub(super) fn fits(&self, table: &Table) -> bool {
        match (&self.kind, &table.columns[self.column]) {
            (Kind::Text, _) => true,
            (Kind::Wide { .. }, data) => {
                matches!(data, ColumnData::Decimal { values: Decimals::Wide { .. }, .. })
            }
            (_, ColumnData::Decimal { values: Decimals::Wide { .. }, .. }) => false,
            (Kind::Numbers { scale, .. }, data) => *scale == scale_of(data),
        }
    }

    /// The code of a row's value, of a new one too.
    pub(super) fn code(&mut self, table: &Table, row: Row) -> u32 {
        let (data, row) = (&table.columns[self.column], row as usize);
        match &mut self.kind {
            Kind::Text => {
                if let ColumnData::Text(text) = data {
                    text.codes.get(row)
                } else {
                    0
                }
            }
            Kind::Numbers { values, index, spans, .. } => {
                let number = match data {
                    ColumnData::Instant(instants) => match spans {
                        Some(spans) if instants[row] != NO_INSTANT => spans.begin_around(instants[row]),
                        _ => instants[row],
                    },
                    ColumnData::Flag { blanks, .. } if blanks.get(row) => NO_INSTANT,
                    ColumnData::Flag { flags, .. } => i64::from(flags.get(row)),
                    ColumnData::Decimal { values: Decimals::Compact(compact), .. } => compact.mantissas[row],
                    ColumnData::Decimal { .. } | ColumnData::Text(_) => NO_INSTANT,
                };
                index.find(number, values).unwrap_or_else(|| {
                    let code = values.len() as u32;
                    index.make_room(values, table.keys.len());
                    values.push(number);
                    index.insert(code, values);
                    code
                })
            }
            Kind::Wide { values, codes } => {
                let value = match data {
                    ColumnData::Decimal { values, .. } => values.get(row),
                    _ => None,
                };
                *codes.entry(value).or_insert_with(|| {
                    values.push(value);
                    values.len() as u32 - 1
                })
            }
        }
    }

    /// The value of a code; a decimal with no more places than it takes.
    pub(super) fn value<'a>(&self, table: &'a Table, code: u32) -> Value<'a> {
        let code = code as usize;
        match (&self.kind, &table.columns[self.column]) {
            (Kind::Text, ColumnData::Text(text)) => match text.dictionary.text(code as u32) {
                "" => Value::Blank,
                text => Value::Text(text),
            },
            (Kind::Numbers { values, .. }, _) if values[code] == NO_INSTANT => Value::Blank,
            (Kind::Numbers { values, .. }, ColumnData::Instant(_)) => Value::Instant(values[code]),
            (Kind::Numbers { values, .. }, ColumnData::Flag { .. }) => Value::Flag(values[code] == 1),
            (Kind::Numbers { values, scale, .. }, _) => {
                Value::Decimal(Decimal::new(values[code], *scale).normalize())
            }
            (Kind::Wide { values, .. }, _) => {
                values[code].map_or(Value::Blank, |value| Value::Decimal(value.normalize()))
            }
            (Kind::Text, _) => Value::Blank,
        }
    }

    /// By value, blanks last.
    pub(super) fn compare(&self, table: &Table, one: u32, other: u32) -> Ordering {
        match (&self.kind, &table.columns[self.column]) {
            (Kind::Text, ColumnData::Text(text)) => {
                (one == 0).cmp(&(other == 0)).then_with(|| text.ranks.compare(one, other, &text.dictionary))
            }
            (Kind::Numbers { values, .. }, _) => {
                let (one, other) = (values[one as usize], values[other as usize]);
                (one == NO_INSTANT).cmp(&(other == NO_INSTANT)).then(one.cmp(&other))
            }
            _ => self.value(table, one).cmp(&self.value(table, other)),
        }
    }
}

/// Spans that were asked for: rows that come one behind the other mostly lie in the same one.
#[derive(Clone, Debug)]
struct KnownSpans {
    spans: Spans,
    /// By their ends.
    known: BTreeMap<i64, i64>,
}

impl KnownSpans {
    fn new(spans: Spans) -> Self {
        Self { spans, known: BTreeMap::new() }
    }

    /// The first instant of the span that an instant lies in.
    fn begin_around(&mut self, instant: i64) -> i64 {
        let known = self.known.range(instant.saturating_add(1)..).next();
        if let Some((_, begin)) = known.filter(|(_, begin)| **begin <= instant) {
            return *begin;
        }
        let span = (self.spans.around)(&self.spans.name, instant);
        self.known.insert(span.end, span.start);
        span.start
    }
}

fn scale_of(data: &ColumnData) -> u32 {
    match data {
        ColumnData::Decimal { values: Decimals::Compact(compact), .. } => compact.scale,
        _ => 0,
    }
}
