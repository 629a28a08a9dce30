//! A resource's fields as data: what they hold, how long they may be, who may write them.

use crate::exact_number::{NumberProblem, read_decimal, read_integer};
use crate::value::{Value, read_date_time};
use chrono::NaiveDate;
use std::fmt;
use std::str::FromStr;

/// A REST resource: its name in the path, its path key, its fields in alphabetical order (which is
/// how the vendor lists them, and what lets a field be found by binary search).
#[derive(Debug)]
pub struct Schema {
    pub resource: &'static str,
    pub key: &'static str,
    pub fields: &'static [Field],
    /// Nested collections by the name of their member.
    pub children: &'static [(&'static str, &'static Schema)],
}

/// One field of a resource.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    pub kind: Kind,
    /// The longest text in characters, where the vendor states one.
    pub max_length: Option<u16>,
    pub access: Access,
    /// Finance's word for it on screen; not always the vendor's title, which is wrong in places.
    pub title: &'static str,
    /// Where its allowed values are listed.
    pub lookup: Option<Lookup>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// An exact decimal number.
    Decimal,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits (identifiers).
    Int64,
    Boolean,
    DateTime,
    Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    ReadOnly,
    /// May be given when the record is made, not afterwards.
    CreateOnly,
    Writable,
    /// Sent along with a change to say which version it was based on.
    Version,
}

/// Where a field's allowed values are listed (the `lov` links of the vendor's schema).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A lookup type: code and meaning.
    Codes(&'static str),
    Currency,
    UnitOfMeasure,
    TimeZone,
    EventType,
    Product,
    Batch,
    ErrorKey,
}

impl Lookup {
    /// Whether people are told a value by its meaning. The others are read as they stand: `EUR`, a product's key.
    pub const fn is_told_by_meaning(self) -> bool {
        matches!(self, Self::Codes(_) | Self::ErrorKey | Self::EventType)
    }
}

/// Why a value does not belong in a field. Its text is a clause that follows the field's title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    TooLong {
        max: usize,
        found: usize,
    },
    Number(NumberProblem),
    WrongKind(Kind),
    NotADateTime,
    NotADate,
    /// The record names the field more than once.
    Doubled,
    /// A nested collection is neither a list nor an object with one.
    NotAList,
    /// A nested collection says that it has more records than came.
    NotWhole,
    /// An item of a list is no object with fields.
    NotARecord,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { max, found } => {
                write!(out, "is {found} characters long; at most {max} are allowed")
            }
            Self::Number(problem) => problem.fmt(out),
            Self::WrongKind(Kind::Text) => out.write_str("must be a text"),
            Self::WrongKind(Kind::Boolean) => out.write_str("must be true or false"),
            Self::WrongKind(Kind::Decimal | Kind::Int32 | Kind::Int64) => out.write_str("must be a number"),
            Self::WrongKind(Kind::DateTime) | Self::NotADateTime => {
                out.write_str("must be a date and time with an offset, like 2026-10-01T08:00:00+00:00")
            }
            Self::WrongKind(Kind::Date) | Self::NotADate => {
                out.write_str("must be a date that exists, like 2026-10-01")
            }
            Self::Doubled => out.write_str("is given more than once"),
            Self::NotAList => out.write_str("must be a list of records"),
            Self::NotWhole => out.write_str("did not come whole; there are more of them"),
            Self::NotARecord => out.write_str("must be a record with fields"),
        }
    }
}

impl Schema {
    /// The place of a field in `fields`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok()
    }

    /// The field of that name. Names are case-sensitive, as the vendor's are.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let fields: &'static [Field] = self.fields;
        self.position(name).and_then(|at| fields.get(at))
    }

    /// The schema of a nested collection.
    pub fn child(&self, member: &str) -> Option<(&'static str, &'static Schema)> {
        self.children.iter().copied().find(|(name, _)| *name == member)
    }
}

impl Field {
    /// Whether the value may stand in this field: its kind, its length, its range. Null may stand
    /// in any; whether a field can be emptied is a rule of the resource.
    pub fn check(&self, value: &Value) -> Result<(), FieldProblem> {
        match (self.kind, value) {
            (_, Value::Null)
            | (Kind::Decimal, Value::Decimal(_))
            | (Kind::Int64, Value::Integer(_))
            | (Kind::Boolean, Value::Boolean(_))
            | (Kind::DateTime, Value::DateTime(_))
            | (Kind::Date, Value::Date(_)) => Ok(()),
            (Kind::Int32, Value::Integer(number)) => match i32::try_from(*number) {
                Ok(_) => Ok(()),
                Err(_) => Err(FieldProblem::Number(NumberProblem::DoesNotFit)),
            },
            (Kind::Text, Value::Text(text)) => self.check_length(text),
            (kind, _) => Err(FieldProblem::WrongKind(kind)),
        }
    }

    /// The value that a text stands for: what a person typed, or a cell of a file. An empty text
    /// is null. Date-times need an offset here; a screen that knows the zone reads its own.
    pub fn read_text(&self, text: &str) -> Result<Value, FieldProblem> {
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let value = match self.kind {
            Kind::Text => Value::Text(text.to_owned()),
            Kind::Decimal => Value::Decimal(read_decimal(text.trim()).map_err(FieldProblem::Number)?),
            Kind::Int32 | Kind::Int64 => {
                Value::Integer(read_integer(text.trim()).map_err(FieldProblem::Number)?)
            }
            Kind::Boolean => {
                Value::Boolean(bool::from_str(text).map_err(|_| FieldProblem::WrongKind(Kind::Boolean))?)
            }
            Kind::DateTime => Value::DateTime(read_date_time(text).ok_or(FieldProblem::NotADateTime)?),
            Kind::Date => Value::Date(NaiveDate::from_str(text).map_err(|_| FieldProblem::NotADate)?),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// The value that a raw JSON token stands for, however long a text is: lengths are rules for what
    /// is written.
    pub(crate) fn read_token(&self, token: &str) -> Result<Value, FieldProblem> {
        if token == "null" {
            return Ok(Value::Null);
        }
        let wrong = FieldProblem::WrongKind(self.kind);
        match self.kind {
            Kind::Text | Kind::DateTime | Kind::Date => {
                let text: String = serde_json::from_str(token).map_err(|_| wrong)?;
                match self.kind {
                    // Not every database can hold the zero character, and no field has a use for it.
                    Kind::Text if text.contains('\0') => Err(wrong),
                    // An empty text is a value of its own on the wire, unlike in a form.
                    Kind::Text => Ok(Value::Text(text)),
                    _ => self.read_text(&text),
                }
            }
            Kind::Decimal | Kind::Int32 | Kind::Int64 | Kind::Boolean => match self.read_text(token) {
                Err(FieldProblem::Number(NumberProblem::NotANumber)) => Err(wrong),
                other => other,
            },
        }
    }

    fn check_length(&self, text: &str) -> Result<(), FieldProblem> {
        let Some(max) = self.max_length.map(usize::from) else { return Ok(()) };
        // Characters are never more than bytes, so most texts need no count.
        if text.len() <= max {
            return Ok(());
        }
        match text.chars().count() {
            found if found > max => Err(FieldProblem::TooLong { max, found }),
            _ => Ok(()),
        }
    }
}
