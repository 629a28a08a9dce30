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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<'a>(test: Test, values: [Value<'a>; 4], passing: &[Value<'a>]) {
        let prepared = test.prepared(str::to_owned);
        let passed: Vec<Value<'a>> = values.into_iter().filter(|value| prepared.passes(*value)).collect();
        assert_eq!(passed, passing, "{test:?}");
    }

    #[test]
    fn an_end_counts_or_does_not_whatever_is_compared() {
        let decimal = |text: &str| Value::Decimal(text.parse().expect("a number"));
        let rising = [
            [decimal("-1.50"), decimal("0"), decimal("0.001"), Value::Blank],
            [Value::Text("A"), Value::Text("a"), Value::Text("\u{e4}"), Value::Blank],
            [Value::Instant(-1), Value::Instant(0), Value::Instant(i64::MAX), Value::Blank],
        ];
        for values in rising {
            let [low, middle, high, _] = values;
            let from = |from| Test::Between { from, to: Bound::Unbounded };
            let to = |to| Test::Between { from: Bound::Unbounded, to };
            check(from(Bound::Included(middle.owned())), values, &[middle, high]);
            check(from(Bound::Excluded(middle.owned())), values, &[high]);
            check(to(Bound::Included(middle.owned())), values, &[low, middle]);
            check(to(Bound::Excluded(middle.owned())), values, &[low]);
            check(from(Bound::Unbounded), values, &[low, middle, high]);
            let only = || Bound::Included(middle.owned());
            check(Test::Between { from: only(), to: only() }, values, &[middle]);
            check(Test::Blank, values, &[Value::Blank]);
            check(Test::NotBlank, values, &[low, middle, high]);
            check(Test::OneOf(vec![OwnedValue::Blank, low.owned()]), values, &[low, Value::Blank]);
            check(Test::NoneOf(vec![OwnedValue::Blank, low.owned()]), values, &[middle, high]);
        }
    }

    #[test]
    fn what_is_looked_for_is_composed_where_it_is_more_than_ascii() {
        let composed: fn(&str) -> String = |text| {
            assert!(!text.is_ascii(), "{text} is composed already");
            text.replace("e\u{301}", "\u{e9}")
        };
        let contains = |text: &str| Test::Contains(text.to_owned());
        assert_eq!(contains("cafe\u{301}").prepared(composed), contains("CAF\u{c9}"));
        assert_eq!(contains("cafe").prepared(composed), contains("CAFE"));
        assert!(contains("").is_open() && !contains(" ").is_open() && !Test::Blank.is_open());
    }
}
