//! The REST framework version that a request speaks (Oracle REST, "Set the REST Framework Version").

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::oracle::protocol::refusal::{Refusal, code};

pub(in crate::oracle) const HEADER: HeaderName = HeaderName::from_static("rest-framework-version");

/// 1 to 4. Versions 5 to 9 exist, but what they changed is not documented: they are served as 4,
/// and the response header says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::oracle) struct FrameworkVersion(u8);

impl FrameworkVersion {
    pub(in crate::oracle) const DEFAULT: Self = Self(1);
    pub(in crate::oracle) const NEWEST: Self = Self(4);

    /// The version that the headers ask for; 1 where they do not.
    pub(in crate::oracle) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(value) = headers.get(&HEADER) else { return Ok(Self::DEFAULT) };
        let number = value.to_str().ok().and_then(|text| text.trim().parse::<u8>().ok());
        match number {
            Some(number @ 1..=4) => Ok(Self(number)),
            Some(5..=9) => Ok(Self::NEWEST),
            _ => Err(Refusal::bad_request(
                code::INVALID_QUERY,
                "",
                "REST-Framework-Version must be a whole number from 1 to 9.",
            )),
        }
    }

    /// Version 2 and later read `q` as an expression, version 1 as a query by example.
    pub(in crate::oracle) fn has_query_expressions(self) -> bool {
        self >= Self(2)
    }

    /// Version 3 and later nest an expanded child as a collection object, not as a bare array.
    pub(in crate::oracle) fn has_child_collections(self) -> bool {
        self >= Self(3)
    }

    pub(in crate::oracle) fn has_structured_errors(self) -> bool {
        self >= Self(4)
    }

    /// Those that are served as what they are, ascending.
    pub(in crate::oracle) fn all() -> impl Iterator<Item = Self> {
        (Self::DEFAULT.0..=Self::NEWEST.0).map(Self)
    }

    pub(in crate::oracle) fn header_value(self) -> HeaderValue {
        HeaderValue::from(u16::from(self.0))
    }
}

impl std::fmt::Display for FrameworkVersion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}
