//! Numbers and times as people see and type them: the one writing and the one reading. How a reader's locale
//! writes is a plain value here; the screen asks the browser for it.
//!
//! Not here: numbers on the wire and in files (`exact_number`), which are called machine notation
//! below: ASCII digits, `-` in front, a point before the fraction, nothing between digits.

mod reading;
mod time_form;

pub use time_form::{DayOrder, TimeForm};

use crate::exact_number::{NumberProblem, read_decimal, read_integer};
use crate::schema::{Field, FieldProblem, Kind};
use crate::value::Value;
use std::fmt;

/// How a locale writes numbers, and days and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notation {
    /// Stands before the fraction.
    pub decimal: char,
    /// Stands between groups of digits; nothing in a locale that has no groups.
    pub group: Option<char>,
    /// Digits in the last group, and in each group before it: 3 and 2 in `12,34,567`.
    pub last_group: usize,
    pub other_groups: usize,
    /// Digits that stand before the first group sign at least: with 2, `1234` has no group.
    pub minimum_grouping: usize,
    /// From nought to nine.
    pub digits: [char; 10],
    pub times: TimeForm,
}

/// What is written for a negative number, in every locale. The marks of direction that some locales
/// put beside their minus are for texts that run from right to left; columns of numbers do not.
const MINUS: char = '\u{2212}';

/// Why a typed text is no value of a field. The text is a clause that follows the field's title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedProblem {
    /// `like` is a number as this reader writes one.
    NotANumber {
        like: String,
    },
    /// The sign between the digits groups them in the reader's notation and begins the fraction in
    /// machine notation. Both readings as this reader types them.
    TwoReadings {
        grouped: String,
        pointed: String,
    },
    Field(FieldProblem),
}

impl From<NumberProblem> for TypedProblem {
    fn from(problem: NumberProblem) -> Self {
        Self::Field(FieldProblem::Number(problem))
    }
}

impl fmt::Display for TypedProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber { like } => write!(out, "is not a number; write it like {like}"),
            Self::TwoReadings { grouped, pointed } => {
                write!(out, "can be read in two ways; type {grouped} or {pointed}")
            }
            Self::Field(problem) => problem.fmt(out),
        }
    }
}

impl Notation {
    pub const ENGLISH: Self = Self {
        decimal: '.',
        group: Some(','),
        last_group: 3,
        other_groups: 3,
        minimum_grouping: 1,
        digits: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
        times: TimeForm::MACHINE,
    };

    /// A number in machine notation as this reader reads it: every digit that it has, grouped.
    pub fn write(&self, plain: &str) -> String {
        self.written(plain, MINUS, self.group)
    }

    /// The same to be typed on: nothing between digits, and the minus of a keyboard.
    pub fn write_to_type(&self, plain: &str) -> String {
        self.written(plain, '-', None)
    }

    fn written(&self, plain: &str, minus: char, group: Option<char>) -> String {
        let (sign, unsigned) = match plain.strip_prefix('-') {
            Some(rest) => (Some(minus), rest),
            None => (None, plain),
        };
        let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
        let mut text = String::with_capacity(plain.len() * 2);
        text.extend(sign);
        let is_grouped = whole.len() >= self.last_group + self.minimum_grouping;
        for (place, digit) in whole.chars().enumerate() {
            if is_grouped && place > 0 && self.begins_group(whole.len() - place) {
                text.extend(group);
            }
            text.push(self.digit(digit));
        }
        if let Some(fraction) = fraction {
            text.push(self.decimal);
            text.extend(fraction.chars().map(|digit| self.digit(digit)));
        }
        text
    }

    /// Whether a group begins where so many digits of the whole are left.
    fn begins_group(&self, left: usize) -> bool {
        match left.checked_sub(self.last_group) {
            Some(before) => before.is_multiple_of(self.other_groups.max(1)),
            None => false,
        }
    }

    fn digit(&self, digit: char) -> char {
        let value = digit.to_digit(10).and_then(|value| usize::try_from(value).ok());
        value.and_then(|value| self.digits.get(value)).copied().unwrap_or(digit)
    }

    /// What a person typed for a number, in machine notation. The reader's own notation is taken, and
    /// machine notation where it cannot mean something else; negative is a minus before or behind the
    /// digits, or brackets around them.
    ///
    /// # Errors
    /// It is no number, or two.
    pub fn read(&self, typed: &str) -> Result<String, TypedProblem> {
        let not_a_number = || TypedProblem::NotANumber { like: self.write_to_type("1234.50") };
        let amount = reading::Amount::of(typed, self).ok_or_else(not_a_number)?;
        match (amount.in_notation(self), amount.in_machine_notation()) {
            (Some(grouped), Some(pointed)) if grouped != pointed => Err(TypedProblem::TwoReadings {
                grouped: self.write_to_type(&grouped),
                pointed: self.write_to_type(&pointed),
            }),
            // An exponent is worked out, so that what is read can be written.
            (None, Some(plain)) if plain.contains('e') => Ok(read_decimal(&plain)?.to_string()),
            (Some(plain), _) | (None, Some(plain)) => Ok(plain),
            (None, None) => Err(not_a_number()),
        }
    }

    /// The number in machine notation, if the text is one in this notation and no other: what a file writes
    /// has one notation throughout, and no person to ask.
    pub fn read_strictly(&self, text: &str) -> Option<String> {
        reading::Amount::of(text, self)?.in_notation(self)
    }

    /// The value that a typed text stands for in a field. Of the kinds of fields only numbers are
    /// written differently by each reader.
    ///
    /// # Errors
    /// A clause that follows the field's title.
    pub fn read_field(&self, field: &Field, typed: &str) -> Result<Value, TypedProblem> {
        let is_number = matches!(field.kind, Kind::Decimal | Kind::Int32 | Kind::Int64);
        if !is_number {
            return field.read_text(typed).map_err(TypedProblem::Field);
        }
        if typed.trim().is_empty() {
            return Ok(Value::Null);
        }
        field.read_text(&self.read(typed)?).map_err(TypedProblem::Field)
    }

    /// A text that was typed for a field by another notation, as one types the same in this one.
    pub fn retyped(&self, field: &Field, typed: &str, before: &Self) -> String {
        if self == before {
            return typed.to_owned();
        }
        match field.kind {
            Kind::Decimal | Kind::Int32 => {
                before.read(typed).map_or_else(|_| typed.to_owned(), |plain| self.write_to_type(&plain))
            }
            Kind::DateTime => self.times.write(&before.times.read(typed)),
            _ => typed.to_owned(),
        }
    }

    /// The values of a list of numbers, in machine notation. Semicolons, line ends and tabs part them, and
    /// a comma with a blank beside it; any other comma, a blank or an apostrophe where it cannot belong to a
    /// number. `is_whole` where only whole numbers are meant.
    ///
    /// # Errors
    /// A part of it is no number, or a sign may stand in one number or between two.
    pub fn read_list(&self, typed: &str, is_whole: bool) -> Result<Vec<String>, TypedProblem> {
        let is_fraction = self.decimal == ',' && !is_whole;
        let is_comma = |sign| sign == reading::WIDE_COMMA || (sign == ',' && !is_fraction);
        let is_own = self.group.is_some_and(reading::is_apostrophe);
        let is_apostrophe = |sign| reading::is_apostrophe(sign) && !is_own;
        let signs: [&dyn Fn(char) -> bool; 3] = [&reading::parts_words, &is_comma, &is_apostrophe];
        let parts = reading::list_parts(typed);
        let values =
            parts.map(|part| self.read_part(part, is_whole, &signs)).collect::<Result<Vec<_>, _>>()?;
        Ok(values.concat())
    }

    /// The values of a part of a list in which any of the signs may part two of them. Other signs in the list
    /// leave these as doubtful: `100,200` and `300` below it may be two values or three.
    fn read_part(
        &self,
        part: &str,
        is_whole: bool,
        signs: &[&dyn Fn(char) -> bool],
    ) -> Result<Vec<String>, TypedProblem> {
        let one = self.read(part).and_then(|one| check(one, is_whole));
        let Some((parts, others)) = signs.split_first() else { return one.map(|one| vec![one]) };
        let pieces: Vec<&str> = part.split(*parts).filter(|piece| !piece.is_empty()).collect();
        if pieces.len() < 2 {
            return self.read_part(part, is_whole, others);
        }
        let several = pieces.into_iter().map(|piece| self.read_part(piece, is_whole, others));
        match (one, several.collect::<Result<Vec<_>, _>>()) {
            (Ok(one), Ok(several)) => {
                let several: Vec<_> = several.iter().flatten().map(|one| self.write_to_type(one)).collect();
                Err(TypedProblem::TwoReadings {
                    grouped: self.write_to_type(&one),
                    pointed: several.join("; "),
                })
            }
            (Err(problem @ TypedProblem::TwoReadings { .. }), _)
            | (_, Err(problem @ TypedProblem::TwoReadings { .. })) => Err(problem),
            (Ok(one), Err(_)) => Ok(vec![one]),
            (Err(_), Ok(several)) => Ok(several.concat()),
            (Err(problem), Err(_)) => Err(problem),
        }
    }
}

/// Whether the number can be kept exactly, and is whole where it must be.
fn check(plain: String, is_whole: bool) -> Result<String, TypedProblem> {
    let fits = if is_whole { read_integer(&plain).map(drop) } else { read_decimal(&plain).map(drop) };
    fits.map(|()| plain).map_err(TypedProblem::from)
}

#[cfg(test)]
mod tests;
