//! One change that is made to many usage events at once: what it makes of the value that each of them
//! has, and why it cannot be made to some.
//!
//! Not here: which events may be changed at all (`life_cycle`), and sending.

use crate::exact_number::exact_product;
use crate::schema::{Field, Kind};
use crate::{Notation, TypedProblem, Value, read_decimal};
use chrono::Duration;

/// What a correction does to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    SetTo,
    Clear,
    /// A time, by hours and minutes.
    MoveBy,
    MultiplyBy,
    /// A part of a text.
    Replace,
}

impl Operation {
    pub const ALL: [Self; 5] = [Self::SetTo, Self::Clear, Self::MoveBy, Self::MultiplyBy, Self::Replace];

    pub const fn name(self) -> &'static str {
        match self {
            Self::SetTo => "set",
            Self::Clear => "clear",
            Self::MoveBy => "move",
            Self::MultiplyBy => "multiply",
            Self::Replace => "replace",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// For a person, between the field and what is typed.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SetTo => "set to",
            Self::Clear => "clear",
            Self::MoveBy => "move by",
            Self::MultiplyBy => "multiply by",
            Self::Replace => "replace",
        }
    }

    /// The operations that make sense for a field. One with a list of values takes only those.
    pub fn for_field(field: &Field) -> impl Iterator<Item = Self> {
        let (kind, is_listed) = (field.kind, field.lookup.is_some());
        Self::ALL.into_iter().filter(move |operation| match operation {
            Self::SetTo => true,
            Self::Clear => !is_listed || kind != Kind::Text,
            Self::MoveBy => kind == Kind::DateTime,
            Self::MultiplyBy => kind == Kind::Decimal,
            Self::Replace => kind == Kind::Text && !is_listed,
        })
    }
}

/// A change of one field, ready to be made.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    SetTo(Value),
    MoveBy(Duration),
    MultiplyBy(rust_decimal::Decimal),
    Replace { part: String, with: String },
}

impl Change {
    /// Reads what was typed for an operation. A value that is set is read by `read_value`, which knows
    /// the field's zone and list; a factor as the reader writes numbers; `part` is what `Replace` looks
    /// for.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(
        operation: Operation,
        typed: &str,
        part: &str,
        notation: &Notation,
        read_value: impl FnOnce(&str) -> Result<Value, String>,
    ) -> Result<Self, String> {
        match operation {
            Operation::SetTo if typed.trim().is_empty() => Err("Type the value to set.".to_owned()),
            Operation::SetTo => read_value(typed).map(Self::SetTo),
            Operation::Clear => Ok(Self::SetTo(Value::Null)),
            Operation::MoveBy => duration(typed).map(Self::MoveBy).ok_or_else(|| {
                "Type hours and minutes, like 2:00 or \u{2212}0:30; days as 1d 0:00.".to_owned()
            }),
            Operation::MultiplyBy => notation
                .read(typed)
                .and_then(|plain| read_decimal(&plain).map_err(TypedProblem::from))
                .map(Self::MultiplyBy)
                .map_err(|problem| format!("The factor {problem}.")),
            Operation::Replace if part.is_empty() => Err("Type the part to replace.".to_owned()),
            Operation::Replace => Ok(Self::Replace { part: part.to_owned(), with: typed.to_owned() }),
        }
    }

    /// What becomes of a value. Nothing where the change leaves it as it is.
    ///
    /// # Errors
    /// A sentence that says why it cannot be made.
    pub fn apply(&self, field: &Field, value: Option<&Value>) -> Result<Option<Value>, String> {
        let value = value.unwrap_or(&Value::Null);
        let made = match (self, value) {
            (_, Value::Unread(_)) => return Err(format!("{} could not be read.", field.title)),
            (Self::SetTo(to), _) => to.clone(),
            (_, Value::Null) => return Err(format!("{} is empty.", field.title)),
            (Self::MoveBy(by), Value::DateTime(at)) => {
                let moved = at.checked_add_signed(*by);
                Value::DateTime(moved.ok_or_else(|| "The time leaves the calendar.".to_owned())?)
            }
            (Self::MultiplyBy(factor), Value::Decimal(number)) => {
                let product = exact_product(*number, *factor);
                Value::Decimal(
                    product
                        .ok_or_else(|| "The product has more digits than can be kept exactly.".to_owned())?,
                )
            }
            (Self::Replace { part, with }, Value::Text(text)) => {
                if !text.contains(part.as_str()) {
                    return Err(format!("{} does not hold that part.", field.title));
                }
                Value::Text(text.replace(part.as_str(), with))
            }
            _ => return Err(format!("{} cannot be changed in this way.", field.title)),
        };
        field.check(&made).map_err(|problem| format!("{} {problem}.", field.title))?;
        // Two decimals are equal when their amounts are, and nobody sends one for its zeros.
        Ok((made != *value).then_some(made))
    }
}

/// `2:00`, `-0:30`, `1d 12:00`.
fn duration(typed: &str) -> Option<Duration> {
    let typed = typed.trim().replace('\u{2212}', "-");
    let (sign, rest) = match typed.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, typed.strip_prefix('+').unwrap_or(&typed)),
    };
    let (days, clock) = match rest.split_once('d') {
        Some((days, clock)) => (whole(days)?, clock.trim()),
        None => (0, rest),
    };
    let (hours, minutes) = match clock.split_once(':') {
        Some((hours, minutes)) => (whole(hours)?, whole(minutes).filter(|minutes| *minutes < 60)?),
        None => (0, if clock.is_empty() && days > 0 { 0 } else { return None }),
    };
    Some(Duration::minutes(sign * ((days * 24 + hours) * 60 + minutes)))
}

/// A small whole number, digits only.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let is_plain = !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;

    fn check(
        name: &str,
        operation: Operation,
        typed: &str,
        part: &str,
        value: &str,
        expected: Result<Option<&str>, &str>,
    ) {
        let field = EVENT.field(name).unwrap();
        let before = field.read_text(value).unwrap();
        let read = |text: &str| field.read_text(text).map_err(|problem| problem.to_string());
        let found = Change::read(operation, typed, part, &Notation::ENGLISH, read)
            .and_then(|change| change.apply(field, Some(&before)));
        let found = found.map(|value| value.map(|value| value.to_string()));
        assert_eq!(found.as_ref().map(Option::as_deref).map_err(String::as_str), expected, "{name} {typed}");
    }

    #[test]
    fn values_are_set_cleared_moved_multiplied_and_replaced() {
        check("CurrencyCode", Operation::SetTo, "EUR", "", "HRK", Ok(Some("EUR")));
        check("CurrencyCode", Operation::SetTo, "EUR", "", "EUR", Ok(None));
        check("ServiceId", Operation::Clear, "", "", "abc", Ok(Some("")));
        check("ServiceId", Operation::Replace, "49", "+049", "+049151", Ok(Some("49151")));
        let at = "2026-10-25T01:30:00+00:00";
        check("EventEndTime", Operation::MoveBy, "2:00", "", at, Ok(Some("2026-10-25T03:30:00+00:00")));
        check(
            "EventEndTime",
            Operation::MoveBy,
            "\u{2212}1d 0:30",
            "",
            at,
            Ok(Some("2026-10-24T01:00:00+00:00")),
        );
        check("EventEndTime", Operation::MoveBy, "1d", "", at, Ok(Some("2026-10-26T01:30:00+00:00")));
        check("EventEndTime", Operation::MoveBy, "+0:59", "", at, Ok(Some("2026-10-25T02:29:00+00:00")));
        check("UsageQuantity", Operation::MultiplyBy, "0.001", "", "12.50", Ok(Some("0.01250")));
        check("UsageQuantity", Operation::MultiplyBy, "1.00", "", "12.50", Ok(None));
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        check("CurrencyCode", Operation::SetTo, " ", "", "HRK", Err("Type the value to set."));
        check("ServiceId", Operation::Replace, "x", "zz", "abc", Err("Service does not hold that part."));
        check("ServiceId", Operation::Replace, "x", "", "abc", Err("Type the part to replace."));
        check("UsageQuantity", Operation::MultiplyBy, "2", "", "", Err("Quantity is empty."));
        check(
            "UsageQuantity",
            Operation::MultiplyBy,
            "two",
            "",
            "1",
            Err("The factor is not a number; write it like 1234.50."),
        );
        for typed in ["2", "1:75", "1:60", "", "d", "0d", "soon", "1:2:3", "9999999:00"] {
            let words = "Type hours and minutes, like 2:00 or \u{2212}0:30; days as 1d 0:00.";
            check("EventEndTime", Operation::MoveBy, typed, "", "2026-10-25T01:30:00+00:00", Err(words));
        }
        let most = "79228162514264337593543950335";
        let words = "The product has more digits than can be kept exactly.";
        check("UsageQuantity", Operation::MultiplyBy, "10", "", most, Err(words));
        for (value, factor) in
            [("0.00000000000000012", "0.00000000000001"), ("4e-28", "0.00000000000001"), ("1e-28", "0.5")]
        {
            check("UsageQuantity", Operation::MultiplyBy, factor, "", value, Err(words));
        }
        check("UsageQuantity", Operation::MultiplyBy, "0", "", "1e-28", Ok(Some("0")));
        let long = "x".repeat(120);
        check("ServiceId", Operation::Replace, "yy", "xxx", &long, Ok(Some(&"yy".repeat(40))));
        check(
            "ServiceId",
            Operation::Replace,
            "xxxx",
            "xxx",
            &long,
            Err("Service is 160 characters long; at most 120 are allowed."),
        );
    }

    #[test]
    fn a_factor_is_read_as_the_reader_writes_it() {
        let german = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };
        let factor = |typed: &str| {
            let none = |_: &str| Err(String::new());
            Change::read(Operation::MultiplyBy, typed, "", &german, none)
        };
        assert_eq!(factor("0,001"), Ok(Change::MultiplyBy(rust_decimal::Decimal::new(1, 3))));
        assert_eq!(factor("(1.000,5)"), Ok(Change::MultiplyBy(rust_decimal::Decimal::new(-10_005, 1))));
        assert_eq!(
            factor("1.000"),
            Err("The factor can be read in two ways; type 1000 or 1,000.".to_owned())
        );
    }

    #[test]
    fn a_list_of_values_takes_only_its_values() {
        let of = |name: &str| {
            Operation::for_field(EVENT.field(name).unwrap()).map(Operation::name).collect::<Vec<_>>()
        };
        assert_eq!(of("CurrencyCode"), ["set"]);
        assert_eq!(of("ServiceId"), ["set", "clear", "replace"]);
        assert_eq!(of("EventEndTime"), ["set", "clear", "move"]);
        assert_eq!(of("UsageQuantity"), ["set", "clear", "multiply"]);
        for operation in Operation::ALL {
            assert_eq!(Operation::named(operation.name()), Some(operation));
        }
    }
}
