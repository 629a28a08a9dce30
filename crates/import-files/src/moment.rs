//! The times that files hold, in the forms that are seen in them.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Timelike as _, Utc};
use rest_contract::{digits_of_second, read_date_time};
use std::ops::RangeInclusive;

/// Clouds have been billed since about 2006, and nothing is billed a lifetime ahead.
const YEARS: RangeInclusive<i32> = 2000..=2100;

/// The specification's seconds have none; events are kept to the microsecond.
const MOST_DIGITS: usize = 6;

/// Reads a time that names no offset by the clock of a zone.
///
/// # Errors
/// Where the clock skips it or shows it twice: a clause that follows the text.
pub type ClockReading = dyn Fn(NaiveDateTime) -> Result<DateTime<Utc>, String>;

/// `2024-09-18T23:00:00Z`, with another offset, without seconds, with a blank for the `T`, with `UTC` behind
/// it or nothing, or a bare day: UTC where no offset is given.
///
/// # Errors
/// A clause that follows the text.
pub(crate) fn read(text: &str) -> Result<DateTime<Utc>, String> {
    read_by(text, &|clock| Ok(clock.and_utc()))
}

/// The same, where the text gives no offset by the clock that is said.
///
/// # Errors
/// A clause that follows the text.
pub(crate) fn read_by(text: &str, clock: &ClockReading) -> Result<DateTime<Utc>, String> {
    let at = match parse(text).ok_or("is not a date and time like 2024-09-18T23:00:00Z")? {
        Parsed::Instant(at) => at,
        // A leap second is told as what it is.
        Parsed::Clock(at) if at.nanosecond() >= SECOND => at.and_utc(),
        Parsed::Clock(at) => clock(at)?,
    };
    // The specification gives seconds two digits and no more; a 60th would become the next minute's first.
    if at.timestamp_subsec_nanos() >= SECOND {
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

/// Whether the text is a time that names no offset, so that it is another instant in each zone.
pub(crate) fn is_of_a_clock(text: &str) -> bool {
    matches!(parse(text), Some(Parsed::Clock(_)))
}

/// Whether the name of a column says that its times are UTC: `Start (UTC)`, `start_utc`.
pub(crate) fn names_utc(header: &str) -> bool {
    header.split(|sign: char| !sign.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("utc"))
}

const SECOND: u32 = 1_000_000_000;

enum Parsed {
    Instant(DateTime<Utc>),
    Clock(NaiveDateTime),
}

fn parse(text: &str) -> Option<Parsed> {
    let in_utc = text.strip_suffix("UTC").or_else(|| text.strip_suffix('Z')).map(str::trim_end);
    let without_offset = || {
        let plain = in_utc.unwrap_or(text);
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(plain, form).ok())
            .or_else(|| NaiveDate::parse_from_str(plain, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
            .map(|at| if in_utc.is_some() { Parsed::Instant(at.and_utc()) } else { Parsed::Clock(at) })
    };
    let with_offset = || {
        ["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z"]
            .into_iter()
            .find_map(|form| DateTime::parse_from_str(text, form).ok())
            .map(|at| Parsed::Instant(at.to_utc()))
    };
    read_date_time(text).map(Parsed::Instant).or_else(without_offset).or_else(with_offset)
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

    #[test]
    fn a_time_without_an_offset_is_read_by_the_clock_that_is_said() {
        let two_ahead = |clock: NaiveDateTime| match clock.and_utc().timestamp() % 7_200 {
            0 => Ok((clock - chrono::TimeDelta::hours(2)).and_utc()),
            _ => Err("comes twice".to_owned()),
        };
        let read = |text: &str| read_by(text, &two_ahead).map(|at| at.to_rfc3339());
        assert_eq!(read("2026-10-01"), Ok("2026-09-30T22:00:00+00:00".to_owned()));
        assert_eq!(read("2026-10-01 02:00"), Ok("2026-10-01T00:00:00+00:00".to_owned()));
        assert_eq!(read("2026-10-01 03:00"), Err("comes twice".to_owned()));
        for text in ["2026-10-01T00:00Z", "2026-10-01 00:00 UTC", "2026-10-01T02:00:00+02:00"] {
            assert_eq!(read(text), Ok("2026-10-01T00:00:00+00:00".to_owned()), "{text}");
            assert!(!is_of_a_clock(text), "{text}");
        }
        assert!(["2026-10-01", "2026-10-01 02:00", "2026-10-01T02:00:00.5"].into_iter().all(is_of_a_clock));
        assert!(read("2016-12-31 23:59:60").expect_err("a leap second").starts_with("is a leap second"));
    }
}
