//! One field's value, exact.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// A field's value as the wire can carry it. Two decimals are equal when their amounts are
/// (`1.0` and `1.00`), yet each keeps the digits that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Text(String),
    Decimal(Decimal),
    Integer(i64),
    Boolean(bool),
    /// An instant; written in UTC whatever offset it was read with.
    DateTime(DateTime<Utc>),
    Date(NaiveDate),
}

impl Value {
    /// The text, where the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The decimal, where the value is one.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, where the value is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The instant, where the value is one.
    pub fn as_date_time(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::DateTime(value) => Some(*value),
            _ => None,
        }
    }
}

/// The value as plain text: digits as they are, instants as ISO 8601 in UTC, nothing for null.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Decimal(value) => value.fmt(out),
            Self::Integer(value) => value.fmt(out),
            Self::Boolean(value) => value.fmt(out),
            Self::DateTime(value) => out.write_str(&write_date_time(value)),
            Self::Date(value) => value.fmt(out),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            // A decimal goes out as its own digits; a serializer's number type would round it.
            Self::Decimal(value) => {
                RawValue::from_string(value.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::DateTime(_) | Self::Date(_) => serializer.collect_str(self),
        }
    }
}

/// Reads an ISO 8601 date-time with an offset, as Oracle's REST services write it.
pub fn read_date_time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc))
}

/// Writes an instant as Oracle's REST services do: UTC, `+00:00`, a fraction only where there is one.
pub fn write_date_time(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}
