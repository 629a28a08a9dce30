//! How a test is answered for many rows of a column at once.

use std::ops::{Bound, Range};

use rust_decimal::Decimal;

use super::codes::{Code, with_codes};
use super::column_data::{ColumnData, NO_INSTANT};
use super::decimals::Decimals;
use super::filter::Test;
use super::value::{OwnedValue, Value};
use super::verdicts::Verdicts;

/// What a test comes down to for a column.
pub(super) enum Way<'a> {
    /// Rows with this code; without one no row.
    Code(Option<u32>),
    Verdicts(&'a Verdicts),
    /// Numbers from the one to the other, both among them.
    Numbers(i64, i64),
    /// Each value for itself.
    Values(&'a Test),
}

impl<'a> Way<'a> {
    pub(super) fn of(test: &'a Test, data: &ColumnData, verdicts: &'a Verdicts) -> Self {
        match (data, test) {
            (ColumnData::Text(text), Test::OneOf(values)) if values.len() == 1 => {
                match values[0].borrowed() {
                    Value::Text(wanted) => Way::Code(text.dictionary.code(wanted)),
                    Value::Blank => Way::Code(Some(0)),
                    Value::Flag(_) | Value::Instant(_) | Value::Decimal(_) | Value::Amounts(_) => {
                        Way::Code(None)
                    }
                }
            }
            (ColumnData::Text(_), _) => Way::Verdicts(verdicts),
            (ColumnData::Instant(_), Test::Between { from, to }) => numbers(from, to, |value| match value {
                OwnedValue::Instant(instant) => Some((i128::from(*instant), true)),
                _ => None,
            })
            .unwrap_or(Way::Values(test)),
            (ColumnData::Decimal { values: Decimals::Compact(compact), .. }, Test::Between { from, to }) => {
                numbers(from, to, |value| match value {
                    OwnedValue::Decimal(decimal) => Some(in_places(*decimal, compact.scale)),
                    _ => None,
                })
                .unwrap_or(Way::Values(test))
            }
            _ => Way::Values(test),
        }
    }

    /// Whether no row passes, which is known without looking at any.
    pub(super) fn passes_none(&self) -> bool {
        match self {
            Way::Code(code) => code.is_none(),
            Way::Verdicts(verdicts) => verdicts.passes_none(),
            Way::Numbers(..) | Way::Values(_) => false,
        }
    }

    /// The flags of up to 64 rows, the first one lowest; of rows that hold several amounts they are not true.
    pub(super) fn word(&self, data: &ColumnData, rows: Range<usize>) -> u64 {
        match (self, data) {
            (Way::Code(None), _) => 0,
            (Way::Code(Some(wanted)), ColumnData::Text(text)) => {
                with_codes!(&text.codes, codes => gathered(codes[rows].iter().map(|code| code.code() == *wanted)))
            }
            (Way::Verdicts(verdicts), ColumnData::Text(text)) => {
                with_codes!(&text.codes, codes => gathered(codes[rows].iter().map(|code| verdicts.get(code.code()))))
            }
            (Way::Numbers(least, most), ColumnData::Instant(numbers)) => {
                gathered(numbers[rows].iter().map(|number| least <= number && number <= most))
            }
            (Way::Numbers(least, most), ColumnData::Decimal { values: Decimals::Compact(compact), .. }) => {
                gathered(compact.mantissas[rows].iter().map(|number| least <= number && number <= most))
            }
            (Way::Values(test), data) => gathered(rows.map(|row| test.passes(data.get(row)))),
            _ => 0,
        }
    }
}

/// The whole numbers between two ends. A value is told as the next whole number below, and whether it is
/// that very number.
fn numbers<'a>(
    from: &Bound<OwnedValue>,
    to: &Bound<OwnedValue>,
    number: impl Fn(&OwnedValue) -> Option<(i128, bool)>,
) -> Option<Way<'a>> {
    // The very least number stands for a blank.
    let (first, last) = (i128::from(NO_INSTANT) + 1, i128::from(i64::MAX));
    let least = match from {
        Bound::Unbounded => first,
        Bound::Included(from) => number(from).map(|(below, is_whole)| below + i128::from(!is_whole))?,
        Bound::Excluded(from) => number(from)?.0 + 1,
    };
    let most = match to {
        Bound::Unbounded => last,
        Bound::Included(to) => number(to)?.0,
        Bound::Excluded(to) => number(to).map(|(below, is_whole)| below - i128::from(is_whole))?,
    };
    let (least, most) = (least.max(first), most.min(last));
    Some(if least > most { Way::Numbers(1, 0) } else { Way::Numbers(least as i64, most as i64) })
}

/// A decimal counted in a decimal place: the next whole number below, and whether it is that very number.
fn in_places(value: Decimal, scale: u32) -> (i128, bool) {
    let mantissa = value.mantissa();
    match value.scale().checked_sub(scale) {
        Some(finer) => {
            let tens = 10_i128.pow(finer);
            (mantissa.div_euclid(tens), mantissa.rem_euclid(tens) == 0)
        }
        None => {
            let tens = 10_i128.pow(scale - value.scale());
            // Further away than any number that is here.
            let far = if mantissa < 0 { i128::MIN / 2 } else { i128::MAX / 2 };
            (mantissa.checked_mul(tens).unwrap_or(far), true)
        }
    }
}

/// Up to 64 flags, the first one lowest.
fn gathered(flags: impl Iterator<Item = bool>) -> u64 {
    flags.zip(0..).fold(0, |word, (flag, bit)| word | u64::from(flag) << bit)
}
