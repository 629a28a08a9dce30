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
    /// What a server sent and nobody here understands: the JSON token as it came. It is shown, never
    /// added up and never written.
    Unread(String),
}

impl Value {
    /// Whether the value came and was not understood.
    pub fn is_unread(&self) -> bool {
        matches!(self, Self::Unread(_))
    }

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

/// The value as plain text: digits as they are, instants as ISO 8601 in UTC, nothing for null, the token
/// itself for what was not understood.
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
            Self::Unread(token) => out.write_str(token),
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
            Self::Unread(_) => Err(S::Error::custom("a value that was not understood is never written")),
        }
    }
}

/// Reads an ISO 8601 date-time with an offset, as Oracle's REST services write it. One that an instant
/// cannot hold is not understood.
pub fn read_date_time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()).filter(|at| is_held(text, at))
}

/// Whether the instant is all that the text says: a leap second would be taken for the one after it, and
/// digits of a second past the ninth are cut in reading.
pub(crate) fn is_held(text: &str, at: &DateTime<Utc>) -> bool {
    at.timestamp_subsec_nanos() < 1_000_000_000 && digits_of_second(text) <= 9
}

/// How many digits of a second the text of an instant has, without noughts at their end.
pub fn digits_of_second(text: &str) -> usize {
    let Some((_, behind)) = text.split_once('.') else { return 0 };
    let end = behind.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(behind.len());
    behind.get(..end).map_or(0, |digits| digits.trim_end_matches('0').len())
}

/// Writes an instant as Oracle's REST services do: UTC, `+00:00`, a fraction only where there is one.
pub fn write_date_time(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_whole_or_not_at_all() {
        for (text, read) in [
            ("2026-10-01T10:00:00+02:00", Some("2026-10-01T08:00:00+00:00")),
            ("2026-10-01T08:00:00.123456789Z", Some("2026-10-01T08:00:00.123456789+00:00")),
            ("2026-10-01T08:00:00.50000000000000Z", Some("2026-10-01T08:00:00.500+00:00")),
            ("2026-10-01T08:00:00.1234567891Z", None),
            ("2016-12-31T23:59:60Z", None),
            ("2017-01-01T00:59:60.5+01:00", None),
            ("2026-10-01T08:00:00", None),
        ] {
            assert_eq!(read_date_time(text).map(|at| write_date_time(&at)).as_deref(), read, "{text}");
        }
        for (text, digits) in
            [("1:00", 0), ("1:00.Z", 0), ("1:00.1200 +01:00", 2), ("1:00.000", 0), ("1:00.1", 1)]
        {
            assert_eq!(digits_of_second(text), digits, "{text}");
        }
    }
}
