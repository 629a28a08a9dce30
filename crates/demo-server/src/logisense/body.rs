//! The bodies of writes: JSON objects whose members are read one by one, so that every fault is told,
//! and a member that is absent is told apart from null.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Datelike as _, Utc};
use rest_contract::logisense::{Fault, read_instant};
use rest_contract::{digits_of_second, read_integer};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Refusal, code};
use crate::json_names;
use crate::request_body::{self, LONGEST_BODY, Unread};

/// A JSON object's members as they were sent.
pub(super) type Members = BTreeMap<String, Box<RawValue>>;

pub(super) async fn members(headers: &HeaderMap, body: Body) -> Result<Members, Refusal> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::not_json());
    }
    let bytes = request_body::read(body, LONGEST_BODY).await.map_err(|unread| {
        let told = unread.told(LONGEST_BODY);
        match unread {
            Unread::TooLong => Refusal::too_long(told),
            Unread::TooSlow | Unread::CutShort => Refusal::fault(code::MALFORMED, told),
        }
    })?;
    if let Some(name) = json_names::doubled(&bytes) {
        return Err(Refusal::fault(code::MALFORMED, format!("{name} is given more than once.")));
    }
    serde_json::from_slice(&bytes)
        .map_err(|reason| Refusal::fault(code::MALFORMED, format!("The body is no JSON object: {reason}.")))
}

/// Reads a JSON object. What serde reads as a structure may be an array as well, which here is none.
pub(super) fn object<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    if !text.trim_start().starts_with('{') {
        return Err("it is no object".to_owned());
    }
    serde_json::from_str(text).map_err(|reason| reason.to_string())
}

/// Reads members and notes what is wrong with them.
pub(super) struct Reader<'a> {
    pub members: &'a Members,
    /// Stands before the name of a member in a message: `usageBucketBases.items[0].`
    pub prefix: &'a str,
    pub faults: &'a mut Vec<Fault>,
}

/// A member's value: absent, null or there. Bad values have been noted and count as absent.
pub(super) enum Given<T> {
    Absent,
    Null,
    Value(T),
}

impl Reader<'_> {
    pub(super) fn note(&mut self, code: i64, name: &str, problem: &str) {
        self.faults.push(Fault { code, message: format!("{}{name} {problem}.", self.prefix) });
    }

    fn read<T>(&mut self, name: &str, problem: &str, read: impl FnOnce(&str) -> Option<T>) -> Given<T> {
        match self.members.get(name).map(|token| token.get()) {
            None => Given::Absent,
            Some("null") => Given::Null,
            Some(token) => match read(token) {
                Some(value) => Given::Value(value),
                None => {
                    self.note(code::WRONG_KIND, name, problem);
                    Given::Absent
                }
            },
        }
    }

    /// A value that may be left out but not null.
    fn not_null<T>(&mut self, name: &str, given: Given<T>) -> Option<T> {
        match given {
            Given::Absent => None,
            Given::Value(value) => Some(value),
            Given::Null => {
                self.note(code::REQUIRED, name, "cannot be null");
                None
            }
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let problem = "must be a text without control characters";
        let given = self.read(name, problem, |token| {
            let text: String = serde_json::from_str(token).ok()?;
            (!text.chars().any(char::is_control)).then_some(text)
        });
        self.not_null(name, given)
    }

    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        let given = self.read(name, "must be true or false", |token| serde_json::from_str(token).ok());
        self.not_null(name, given)
    }

    pub(super) fn integer(&mut self, name: &str) -> Option<i64> {
        let given = self.nullable_integer(name);
        self.not_null(name, given)
    }

    pub(super) fn nullable_integer(&mut self, name: &str) -> Given<i64> {
        self.read(name, "must be a whole number", |token| read_integer(token).ok())
    }

    /// An instant to the millisecond, which is how it is shown. A finer one is refused, for it would be cut.
    pub(super) fn instant(&mut self, name: &str) -> Given<DateTime<Utc>> {
        let problem = "must be a date and time to the millisecond, such as 2026-10-01T08:00:00.000Z";
        self.read(name, problem, |token| {
            let text: String = serde_json::from_str(token).ok()?;
            let at = read_instant(&text)?;
            ((1..=9999).contains(&at.year()) && digits_of_second(&text) <= 3).then_some(at)
        })
    }
}
