//! Instants as LogiSense writes them: ISO 8601 in UTC with milliseconds. Read with any offset, with
//! or without a fraction; without an offset they are UTC.

use crate::value::is_held;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The instant that a text stands for, as leniently as LogiSense writes them.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    let with_offset = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    with_offset
        .or_else(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|at| at.and_utc()))
        .filter(|at| is_held(text, at))
}

pub(super) fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)).serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| D::Error::custom(format_args!("{text:?} is no date and time")))
}

/// For a member that may be absent, null or an instant, which mean three things in a change.
pub(super) mod optional {
    use super::*;

    pub(in crate::logisense) fn serialize<S: Serializer>(
        at: &Option<Option<DateTime<Utc>>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        super::serialize(&at.flatten(), to)
    }
}
