//! `created_ats`: by the time of creation, in whole seconds (V3 API, "Timestamps" under "Filters").

use chrono::{NaiveDateTime, TimeZone as _, Utc};

use crate::database::{Parameter, Statement};

/// What one `created_ats` parameter asks for. Bounds are in microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CreationFilter {
    /// Within one of these seconds, given by their beginnings.
    Within(Vec<i64>),
    Before(i64),
    From(i64),
}

const SECOND: i64 = 1_000_000;

impl CreationFilter {
    /// The instants of the plain form, `created_ats=T1,T2`.
    pub(super) fn list(values: &[String]) -> Option<Self> {
        values.iter().map(|value| instant(value)).collect::<Option<Vec<_>>>().map(Self::Within)
    }

    /// `created_ats[operator]=T`; none where the operator is unknown.
    pub(super) fn relation(operator: &str, at: i64) -> Option<Self> {
        match operator {
            "lt" => Some(Self::Before(at)),
            "lte" => Some(Self::Before(at + SECOND)),
            "gt" => Some(Self::From(at + SECOND)),
            "gte" => Some(Self::From(at)),
            _ => None,
        }
    }

    pub(super) fn push_to(&self, statement: &mut Statement) {
        match self {
            Self::Within(seconds) if seconds.is_empty() => {
                statement.push("FALSE");
            }
            Self::Within(seconds) => {
                statement.push("(");
                statement.join(seconds, " OR ", |statement, &second| {
                    statement.push("(created_at >= ").bind(Parameter::Integer(second));
                    statement.push(" AND created_at < ").bind(Parameter::Integer(second + SECOND)).push(")");
                });
                statement.push(")");
            }
            Self::Before(end) => {
                statement.push("created_at < ").bind(Parameter::Integer(*end));
            }
            Self::From(start) => {
                statement.push("created_at >= ").bind(Parameter::Integer(*start));
            }
        }
    }
}

/// `YYYY-MM-DDThh:mm:ssZ` and nothing else.
pub(super) fn instant(text: &str) -> Option<i64> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    if text.len() != SHAPE.len() || !text.bytes().zip(SHAPE).all(fits) {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    let at = Utc.from_utc_datetime(&at);
    // chrono reads a 60th second as a fraction of more than one second.
    (at.timestamp_subsec_nanos() == 0).then(|| at.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_seconds_in_utc_are_instants() {
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(SECOND));
        assert_eq!(instant("2026-11-21T23:59:59Z"), Some(1_795_305_599 * SECOND));
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T10:00:00",
            "2026-11-21T10:00:00.5Z",
            "2026-11-21T10:00:00+00:00",
            "2026-11-21 10:00:00Z",
            "2026-11-21t10:00:00z",
            "2026-13-21T10:00:00Z",
            "2026-02-30T10:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T10:00:60Z",
            " 026-11-21T10:00:00Z",
            "+026-11-21T10:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text:?}");
        }
    }
}
