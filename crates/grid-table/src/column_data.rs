//! What a column holds, row by row.

use std::collections::BTreeMap;

use super::Row;
use super::bits::Bits;
use super::codes::Codes;
use super::decimals::{BLANK, Decimals};
use super::dictionary::Dictionary;
use super::ranks::Ranks;
use super::value::{Amount, ColumnKind, Value};

/// What stands for a blank among instants.
pub(super) const NO_INSTANT: i64 = i64::MIN;

#[derive(Clone, Debug, Default)]
pub(super) struct TextColumn {
    pub dictionary: Dictionary,
    pub codes: Codes,
    pub ranks: Ranks,
}

#[derive(Clone, Debug)]
pub(super) enum ColumnData {
    Text(TextColumn),
    /// The very first instant stands for a blank.
    Instant(Vec<i64>),
    Flag {
        flags: Bits,
        blanks: Bits,
    },
    Decimal {
        values: Decimals,
        unit: Option<usize>,
        /// What stands in rows that hold more than one number can say; among the values they are blank.
        several: BTreeMap<Row, Box<[Amount]>>,
    },
}

impl ColumnData {
    pub(super) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => ColumnData::Text(TextColumn::default()),
            ColumnKind::Instant => ColumnData::Instant(Vec::new()),
            ColumnKind::Flag => ColumnData::Flag { flags: Bits::default(), blanks: Bits::default() },
            ColumnKind::Decimal => Self::decimals(None),
            ColumnKind::Amount { unit } => Self::decimals(Some(unit)),
        }
    }

    fn decimals(unit: Option<usize>) -> Self {
        ColumnData::Decimal { values: Decimals::default(), unit, several: BTreeMap::new() }
    }

    pub(super) fn takes(&self, value: Value<'_>) -> bool {
        matches!(
            (self, value),
            (_, Value::Blank)
                | (ColumnData::Text(_), Value::Text(_))
                | (ColumnData::Instant(_), Value::Instant(_))
                | (ColumnData::Flag { .. }, Value::Flag(_))
                | (ColumnData::Decimal { .. }, Value::Decimal(_))
                | (ColumnData::Decimal { unit: Some(_), .. }, Value::Amounts(_))
        )
    }

    pub(super) fn get(&self, row: usize) -> Value<'_> {
        match self {
            ColumnData::Text(text) => match text.dictionary.text(text.codes.get(row)) {
                "" => Value::Blank,
                text => Value::Text(text),
            },
            ColumnData::Instant(instants) => match instants[row] {
                NO_INSTANT => Value::Blank,
                instant => Value::Instant(instant),
            },
            ColumnData::Flag { blanks, .. } if blanks.get(row) => Value::Blank,
            ColumnData::Flag { flags, .. } => Value::Flag(flags.get(row)),
            ColumnData::Decimal { values, several, .. } => match values.get(row) {
                Some(value) => Value::Decimal(value),
                None => several.get(&(row as Row)).map_or(Value::Blank, |several| Value::Amounts(several)),
            },
        }
    }

    /// Adds a value that [`ColumnData::takes`].
    pub(super) fn push(&mut self, value: Value<'_>, composed: fn(&str) -> String) {
        match self {
            ColumnData::Text(text) => {
                let code = text.dictionary.code_or_add(text_of(value), composed);
                text.codes.push(code);
            }
            ColumnData::Instant(instants) => instants.push(instant_of(value)),
            ColumnData::Flag { flags, blanks } => {
                flags.push(value == Value::Flag(true));
                blanks.push(value.is_blank());
            }
            ColumnData::Decimal { values, several, .. } => {
                if let Value::Amounts(amounts @ [_, ..]) = value {
                    several.insert(values.len() as Row, amounts.into());
                }
                values.push(decimal_of(value));
            }
        }
    }

    /// Changes a row to a value that [`ColumnData::takes`].
    pub(super) fn set(&mut self, row: usize, value: Value<'_>, composed: fn(&str) -> String) {
        match self {
            ColumnData::Text(text) => {
                text.codes.set(row, text.dictionary.code_or_add(text_of(value), composed));
            }
            ColumnData::Instant(instants) => instants[row] = instant_of(value),
            ColumnData::Flag { flags, blanks } => {
                flags.set(row, value == Value::Flag(true));
                blanks.set(row, value.is_blank());
            }
            ColumnData::Decimal { values, several, .. } => {
                match value {
                    Value::Amounts(amounts @ [_, ..]) => several.insert(row as Row, amounts.into()),
                    _ => several.remove(&(row as Row)),
                };
                values.set(row, decimal_of(value));
            }
        }
    }

    /// Whether a row has nothing that an order could go by.
    pub(super) fn is_blank(&self, row: usize) -> bool {
        match self {
            ColumnData::Text(text) => text.codes.get(row) == 0,
            ColumnData::Instant(instants) => instants[row] == NO_INSTANT,
            ColumnData::Flag { blanks, .. } => blanks.get(row),
            ColumnData::Decimal { values, .. } => values.is_blank(row),
        }
    }

    /// Whether there is any row that an order cannot go by.
    pub(super) fn has_blanks(&self) -> bool {
        match self {
            ColumnData::Text(text) => text.codes.contains_blank(),
            ColumnData::Instant(instants) => instants.contains(&NO_INSTANT),
            ColumnData::Flag { blanks, .. } => blanks.ones().next().is_some(),
            ColumnData::Decimal { values: Decimals::Compact(compact), .. } => {
                compact.mantissas.contains(&BLANK)
            }
            ColumnData::Decimal { values: Decimals::Wide { blanks, .. }, .. } => {
                blanks.ones().next().is_some()
            }
        }
    }

    /// Which of some rows hold several amounts.
    pub(super) fn rows_of_several(&self, rows: std::ops::Range<usize>) -> impl Iterator<Item = usize> {
        let several = match self {
            ColumnData::Decimal { several, .. } if !rows.is_empty() => {
                Some(several.range(rows.start as Row..=(rows.end - 1) as Row))
            }
            _ => None,
        };
        several.into_iter().flatten().map(|(row, _)| *row as usize)
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            ColumnData::Text(text) => text.dictionary.bytes() + text.codes.bytes() + text.ranks.bytes(),
            ColumnData::Instant(instants) => instants.capacity() * 8,
            ColumnData::Flag { flags, blanks } => flags.bytes() + blanks.bytes(),
            ColumnData::Decimal { values, several, .. } => values.bytes() + several.len() * 96,
        }
    }
}

fn text_of(value: Value<'_>) -> &str {
    if let Value::Text(text) = value { text } else { "" }
}

fn instant_of(value: Value<'_>) -> i64 {
    if let Value::Instant(instant) = value { instant } else { NO_INSTANT }
}

fn decimal_of(value: Value<'_>) -> Option<rust_decimal::Decimal> {
    if let Value::Decimal(decimal) = value { Some(decimal) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: ColumnKind, values: &[Value<'_>]) -> ColumnData {
        let mut column = ColumnData::new(kind);
        values.iter().for_each(|value| column.push(*value, str::to_owned));
        column
    }

    #[test]
    fn a_column_tells_its_blanks_of_whatever_kind_it_is() {
        let number = Value::Decimal("1.5".parse().expect("a number"));
        let wide = Value::Decimal(rust_decimal::Decimal::MAX);
        for (kind, value) in [
            (ColumnKind::Text, Value::Text("a")),
            (ColumnKind::Instant, Value::Instant(0)),
            (ColumnKind::Flag, Value::Flag(false)),
            (ColumnKind::Decimal, number),
            (ColumnKind::Decimal, wide),
        ] {
            let full = column(kind, &[value, value]);
            assert!(!full.has_blanks() && !full.is_blank(1) && full.get(1) == value, "{kind:?}");
            let mut part = column(kind, &[value, Value::Blank]);
            assert!(part.has_blanks() && part.is_blank(1) && part.get(1) == Value::Blank, "{kind:?}");
            part.set(1, value, str::to_owned);
            assert!(!part.has_blanks() && part.get(1) == value, "{kind:?}");
            part.set(0, Value::Blank, str::to_owned);
            assert!(part.is_blank(0) && !part.is_blank(1), "{kind:?}");
        }
    }

    #[test]
    fn rows_of_several_amounts_are_found_within_their_range() {
        let amounts = [Amount { unit: "EUR".to_owned(), value: None }];
        let mut column = column(ColumnKind::Amount { unit: 0 }, &[Value::Blank; 6]);
        [1, 3, 4].iter().for_each(|row| column.set(*row, Value::Amounts(&amounts), str::to_owned));
        let found = |rows| column.rows_of_several(rows).collect::<Vec<_>>();
        assert_eq!(found(0..6), [1, 3, 4]);
        assert_eq!([found(1..3), found(2..4), found(4..4), found(2..3)], [vec![1], vec![3], vec![], vec![]]);
        assert_eq!(found(4..5), [4]);
    }
}
