//! Times of the platform: whole seconds since 1970, in UTC.

use chrono::{DateTime, Datelike, Months, NaiveDate};
use std::ops::Range;

/// How the platform writes a time, and the only form in which its filters take one.
pub const TIMESTAMP: &str = "%Y-%m-%dT%H:%M:%SZ";

pub(super) fn read_timestamp(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp())
}

/// The calendar month, in UTC, that holds this second.
pub fn month_of(second: i64) -> Range<i64> {
    let bounds = || {
        let day = DateTime::from_timestamp(second, 0)?.date_naive();
        let first = NaiveDate::from_ymd_opt(day.year(), day.month(), 1)?;
        let next = first.checked_add_months(Months::new(1))?;
        let midnight = |day: NaiveDate| Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp());
        Some(midnight(first)?..midnight(next)?)
    };
    bounds().unwrap_or(second..second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_midnight_utc_and_ends_where_the_next_begins() {
        let at = |text| read_timestamp(text).expect("a time");
        let december = at("2026-12-01T00:00:00Z")..at("2027-01-01T00:00:00Z");
        assert_eq!(month_of(at("2026-12-31T23:59:59Z")), december);
        assert_eq!(month_of(december.start), december);
        assert_eq!(month_of(december.end).start, december.end);
        assert_eq!(month_of(at("2028-02-10T12:00:00Z")).end, at("2028-03-01T00:00:00Z"));
    }
}
