//! The times that files hold, in the forms that are seen in them.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use rest_contract::{digits_of_second, read_date_time};
use std::ops::RangeInclusive;

/// Clouds have been billed since about 2006, and nothing is billed a lifetime ahead.
const YEARS: RangeInclusive<i32> = 2000..=2100;

/// The specification's seconds have none; events are kept to the microsecond.
const MOST_DIGITS: usize = 6;

/// `2024-09-18T23:00:00Z`, with another offset, without seconds, with a blank for the `T`, with `UTC` behind
/// it or nothing, or a bare day: UTC where no offset is given.
///
/// # Errors
/// A clause that follows the text.
pub(crate) fn read(text: &str) -> Result<DateTime<Utc>, String> {
    let at = parse(text).ok_or("is not a date and time like 2024-09-18T23:00:00Z (UTC without an offset)")?;
    // The specification gives seconds two digits and no more; a 60th would become the next minute's first.
    if at.timestamp_subsec_nanos() >= 1_000_000_000 {
        return Err("is a leap second, which no clock here can tell from the next second".to_owned());
    }
    if digits_of_second(text) > MOST_DIGITS {
        return Err(format!("has more than {MOST_DIGITS} digits of a second, which cannot be kept"));
    }
    if !YEARS.contains(&at.year()) {
        let (first, last) = YEARS.into_inner();
        return Err(format!("is in the year {}, not in one from {first} to {last}", at.year()));
    }
    Ok(at)
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.strip_suffix("UTC").or_else(|| text.strip_suffix('Z')).unwrap_or(text).trim_end();
    let without_offset = || {
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(plain, form).ok())
            .or_else(|| NaiveDate::parse_from_str(plain, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
            .map(|at| at.and_utc())
    };
    let with_offset = || {
        ["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z"]
            .into_iter()
            .find_map(|form| DateTime::parse_from_str(text, form).ok())
            .map(|at| at.to_utc())
    };
    read_date_time(text).or_else(without_offset).or_else(with_offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(text).map(|at| at.to_rfc3339()).ok().as_deref(), expected, "{text}");
    }

    #[test]
    fn every_form_that_files_hold_is_read_as_utc() {
        let eleven = Some("2024-09-18T23:00:00+00:00");
        for text in [
            "2024-09-18T23:00Z",
            "2024-09-18T23:00:00Z",
            "2024-09-18 23:00:00 UTC",
            "2024-09-18 23:00:00",
            "2024-09-18 23:00",
            "2024-09-19T01:00:00+02:00",
            "2024-09-19T01:00+02:00",
            "2024-09-19T01:00:00+0200",
            "2024-09-19 01:00:00 +02:00",
            "2024-09-18T23:00:00.000",
        ] {
            check(text, eleven);
        }
        check("2024-09-18", Some("2024-09-18T00:00:00+00:00"));
        for text in [
            "18.09.2024",
            "09/18/2024",
            "2024-13-01",
            "yesterday",
            "45553",
            "",
            "24-09-18 23:00:00",
            "2024-09-18T23:00 CET",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_no_moment_of_a_cost_file_says_why() {
        for (text, part) in [
            ("1026-10-01T00:00:00Z", "is in the year 1026, not in one from 2000 to 2100"),
            ("2101-01-01", "is in the year 2101"),
            ("+12026-10-01 00:00:00", "is in the year 12026"),
            ("0024-09-18 23:00", "is in the year 24"),
            ("2016-12-31T23:59:60Z", "is a leap second"),
            ("2017-01-01T00:59:60+01:00", "is a leap second"),
            ("2016-12-31 23:59:60.5", "is a leap second"),
            ("2016-12-31 23:59:60 UTC", "is a leap second"),
            ("2024-09-18 23:00:00.1234567", "has more than 6 digits of a second"),
            ("2024-09-18T23:00:00.12345678901Z", "has more than 6 digits of a second"),
            ("2016-12-31T23:59:61Z", "is not a date and time"),
        ] {
            let reason = read(text).expect_err(text);
            assert!(reason.starts_with(part), "{text} {reason}");
        }
        check("2016-12-31T23:59:59.999999Z", Some("2016-12-31T23:59:59.999999+00:00"));
        check("2000-01-01", Some("2000-01-01T00:00:00+00:00"));
    }
}
