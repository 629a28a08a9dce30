//! How long a server asks a client to wait (RFC 9110, "Retry-After"): seconds, or a date in any of the
//! three forms that HTTP dates come in. Not here: how long a client is ready to wait.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use std::time::Duration;

/// The wait that a `Retry-After` header asks for. A date is held against `now`, best the moment that the
/// same answer's `Date` header tells: the person's own clock may be wrong. A date that has passed is no
/// wait. `None` where the text is neither.
pub fn read_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a very long wait, not none.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = read_http_date(text, now)?;
    Some((until - now).to_std().unwrap_or_default())
}

/// An HTTP date (RFC 9110, "Date/Time Formats"): `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two
/// obsolete forms `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. `now` decides the
/// century of a year of two digits.
pub fn read_http_date(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (year, month, day, time) = match words.as_slice() {
        [_, day, month, year, time, "GMT" | "UTC"] => (number(year, 4)?, *month, *day, *time),
        [_, date, time, "GMT" | "UTC"] => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            (full_year(number(year, 2)?, now), month, day, *time)
        }
        [_, month, day, time, year] => (number(year, 4)?, *month, *day, *time),
        _ => return None,
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let day = number(day, day.len().clamp(1, 2))?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    let mut parts = time.split(':');
    let mut part = || u32::try_from(number(parts.next()?, 2)?).ok();
    // A leap second is the last one of its minute, as far as a wait is concerned.
    let (hour, minute, second) = (part()?, part()?, part()?.min(59));
    if parts.next().is_some() {
        return None;
    }
    Some(NaiveDateTime::new(date, NaiveTime::from_hms_opt(hour, minute, second)?).and_utc())
}

fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// A year of two digits that would lie more than 50 years ahead is the one a century before.
fn full_year(two_digits: i32, now: DateTime<Utc>) -> i32 {
    let this_year = now.year();
    let year = this_year - this_year.rem_euclid(100) + two_digits;
    if year > this_year + 50 { year - 100 } else { year }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn wait(text: &str) -> Option<u64> {
        read_retry_after(text, at("2026-11-28T10:00:00Z")).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_read_however_many() {
        assert_eq!(wait("0"), Some(0));
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 7 "), Some(7));
        assert_eq!(wait("99999999"), Some(99_999_999));
        assert_eq!(wait("99999999999999999999999999"), Some(u64::MAX));
    }

    #[test]
    fn each_form_of_a_date_is_a_wait_until_then() {
        assert_eq!(wait("Sat, 28 Nov 2026 10:00:20 GMT"), Some(20));
        assert_eq!(wait("Saturday, 28-Nov-26 10:01:00 GMT"), Some(60));
        assert_eq!(wait("Sat Nov 28 11:00:00 2026"), Some(3600));
        assert_eq!(wait("Thu Dec  3 10:00:00 2026"), Some(5 * 86_400));
        assert_eq!(wait("Sat, 28 Nov 2026 10:00:60 GMT"), Some(59));
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait() {
        assert_eq!(wait("Sat, 28 Nov 2026 09:59:59 GMT"), Some(0));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        // More than 50 years ahead by two digits: the century before.
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:37 GMT"), Some(0));
    }

    #[test]
    fn what_is_neither_is_no_wish() {
        for text in [
            "",
            "-5",
            "+5",
            "1.5",
            "5s",
            "soon",
            "2026-11-28T10:00:20Z",
            "Sat, 31 Feb 2026 10:00:20 GMT",
            "Sat, 28 Nov 2026 25:00:20 GMT",
            "Sat, 28 Nov 2026 10:00 GMT",
            "Sat, 28 Nov 026 10:00:20 GMT",
            "Sat, 28 Nov +026 10:00:20 GMT",
            "Sat, 28 Nov 2026 10:00:20 CET",
            "Sat, 28 Nov 2026 10:00:20:11 GMT",
        ] {
            assert_eq!(wait(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_the_nearest_that_it_can_mean() {
        let read = |text| read_http_date(text, at("2026-11-28T10:00:00Z")).map(|at| at.to_rfc3339());
        for (text, date) in [
            ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00"),
            ("Saturday, 28-Nov-76 10:00:00 GMT", "2076-11-28T10:00:00+00:00"),
            ("Sunday, 28-Nov-77 10:00:00 GMT", "1977-11-28T10:00:00+00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(date), "{text}");
        }
    }
}
