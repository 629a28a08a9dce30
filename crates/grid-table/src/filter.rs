//! What a filter asks of a value.

use std::ops::Bound;

use super::letter_fold;
use super::value::{OwnedValue, Value};

/// Rows whose value in a column passes a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub column: usize,
    pub test: Test,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The text holds this one, in any case; nothing in it is a wildcard. Of decimals their plain digits
    /// (`-1234.50`) are looked through; instants and flags hold no text.
    Contains(String),
    /// It is one of these, exactly. One value alone is an equation.
    OneOf(Vec<OwnedValue>),
    /// It is none of these: values that come later pass.
    NoneOf(Vec<OwnedValue>),
    /// It lies between the ends, each of which may count, not count, or be open. A blank lies nowhere.
    Between {
        from: Bound<OwnedValue>,
        to: Bound<OwnedValue>,
    },
    Blank,
    NotBlank,
}

impl Test {
    pub fn equals(value: OwnedValue) -> Self {
        Test::OneOf(vec![value])
    }

    /// Nought for a text that nobody looks for: then all rows pass.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Test::Contains(text) if text.is_empty())
    }

    /// With what is searched composed and in capitals, and values in order.
    pub(super) fn prepared(&self, composed: fn(&str) -> String) -> Test {
        let in_order = |values: &[OwnedValue]| {
            let mut values: Vec<_> = values.iter().map(|value| value.borrowed().owned()).collect();
            values.sort();
            values
        };
        match self {
            Test::Contains(text) if text.is_ascii() => Test::Contains(letter_fold::sought(text)),
            Test::Contains(text) => Test::Contains(letter_fold::sought(&composed(text))),
            Test::OneOf(values) => Test::OneOf(in_order(values)),
            Test::NoneOf(values) => Test::NoneOf(in_order(values)),
            Test::Between { .. } | Test::Blank | Test::NotBlank => self.clone(),
        }
    }

    /// Whether a value passes the prepared test.
    pub(super) fn passes(&self, value: Value<'_>) -> bool {
        if let Value::Amounts(amounts) = value {
            let mut values = amounts.iter().filter_map(|amount| amount.value.map(Value::Decimal));
            return match self {
                Test::NoneOf(_) => values.all(|value| self.passes(value)),
                Test::Blank => false,
                Test::NotBlank => true,
                Test::Contains(_) | Test::OneOf(_) | Test::Between { .. } => {
                    values.any(|value| self.passes(value))
                }
            };
        }
        let is_listed =
            |values: &[OwnedValue]| values.binary_search_by(|listed| listed.borrowed().cmp(&value)).is_ok();
        match self {
            Test::Contains(sought) => match value {
                Value::Text(text) => letter_fold::stored(text).contains(sought.as_str()),
                Value::Decimal(decimal) => decimal.to_string().contains(sought.as_str()),
                Value::Flag(_) | Value::Instant(_) | Value::Amounts(_) | Value::Blank => false,
            },
            Test::OneOf(values) => is_listed(values),
            Test::NoneOf(values) => !is_listed(values),
            Test::Between { from, to } => {
                let is_from = match from {
                    Bound::Included(from) => value >= from.borrowed(),
                    Bound::Excluded(from) => value > from.borrowed(),
                    Bound::Unbounded => true,
                };
                let is_to = match to {
                    Bound::Included(to) => value <= to.borrowed(),
                    Bound::Excluded(to) => value < to.borrowed(),
                    Bound::Unbounded => true,
                };
                !value.is_blank() && is_from && is_to
            }
            Test::Blank => value.is_blank(),
            Test::NotBlank => !value.is_blank(),
        }
    }
}

/// Rows in which any of some columns of text holds a text, in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickFilter {
    /// Empty where nothing is looked for.
    pub text: String,
    /// Empty for all columns of text.
    pub columns: Vec<usize>,
}
