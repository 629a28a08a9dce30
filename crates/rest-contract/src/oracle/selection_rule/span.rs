//! The span of time that a text names: a day, a minute, a second or a part of one, in UTC unless it names
//! an offset.

use chrono::{DateTime, Days, Duration, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

/// From one moment up to, and not with, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: DateTime<Utc>,
    pub before: DateTime<Utc>,
}

/// No stored time has more digits of a second.
pub(super) const MOST_DIGITS: u32 = 6;
const SECOND: u32 = 1_000_000_000;

/// Nothing for a text that names no time.
pub fn of(text: &str) -> Option<Span> {
    let spelled = text.trim().replacen(['T', 't'], " ", 1);
    let is_year =
        spelled.bytes().take(4).all(|byte| byte.is_ascii_digit()) && spelled.as_bytes().get(4) == Some(&b'-');
    if !is_year {
        return None;
    }
    if let Ok(day) = NaiveDate::parse_from_str(&spelled, "%Y-%m-%d") {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        return Some(Span { from: midnight(day), before: midnight(day.checked_add_days(Days::new(1))?) });
    }
    let (local, offset) = without_offset(&spelled)?;
    let (format, length) = match local.split_once('.') {
        Some((_, fraction)) => {
            let places =
                u32::try_from(fraction.len()).ok().filter(|places| (1..=MOST_DIGITS).contains(places))?;
            ("%Y-%m-%d %H:%M:%S%.f", Duration::nanoseconds(10_i64.pow(9 - places)))
        }
        None if local.matches(':').count() == 1 => ("%Y-%m-%d %H:%M", Duration::minutes(1)),
        None => ("%Y-%m-%d %H:%M:%S", Duration::seconds(1)),
    };
    let local = NaiveDateTime::parse_from_str(local, format).ok()?;
    if local.nanosecond() >= SECOND {
        return None;
    }
    let from = local.checked_sub_offset(offset)?.and_utc();
    Some(Span { from, before: from.checked_add_signed(length)? })
}

/// The reading of a clock and the clock's offset.
fn without_offset(text: &str) -> Option<(&str, FixedOffset)> {
    let utc = FixedOffset::east_opt(0)?;
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local.trim_end(), utc));
    }
    // Before the time of day a minus only parts year, month and day.
    let sign = text.char_indices().skip(10).find(|(_, letter)| matches!(letter, '+' | '-'));
    let Some((at, sign)) = sign else { return Some((text, utc)) };
    let (local, offset) = text.split_at_checked(at)?;
    let time = NaiveTime::parse_from_str(offset.get(1..)?, "%H:%M").ok()?;
    let seconds = i32::try_from(time.num_seconds_from_midnight()).ok()?;
    Some((local.trim_end(), FixedOffset::east_opt(if sign == '-' { -seconds } else { seconds })?))
}

/// A moment of UTC, without what is nought of its second.
pub(super) fn clock(at: &DateTime<Utc>) -> String {
    let format =
        if at.second() == 0 && at.nanosecond() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S%.f" };
    at.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let found = of(text).map(|Span { from, before }| (clock(&from), clock(&before)));
        assert_eq!(found.as_ref().map(|(from, before)| (from.as_str(), before.as_str())), expected, "{text}");
    }

    #[test]
    fn a_text_names_what_it_does_not_say() {
        check("2026-10-31", Some(("2026-10-31 00:00", "2026-11-01 00:00")));
        check("2026-12-31", Some(("2026-12-31 00:00", "2027-01-01 00:00")));
        check("2028-02-29", Some(("2028-02-29 00:00", "2028-03-01 00:00")));
        check("2026-10-31 14:05", Some(("2026-10-31 14:05", "2026-10-31 14:06")));
        check("2026-10-31T14:05:59Z", Some(("2026-10-31 14:05:59", "2026-10-31 14:06")));
        check("2026-10-31 23:59:59.999", Some(("2026-10-31 23:59:59.999", "2026-11-01 00:00")));
        check("2026-10-31 23:59:59.999999", Some(("2026-10-31 23:59:59.999999", "2026-11-01 00:00")));
        check("2026-10-31 01:30 +02:00", Some(("2026-10-30 23:30", "2026-10-30 23:31")));
        check("2026-10-31T01:30:00-05:30", Some(("2026-10-31 07:00", "2026-10-31 07:00:01")));
    }

    #[test]
    fn what_names_no_time_is_none() {
        for text in [
            "",
            "soon",
            "2026-02-29",
            "2026-10-31 25:00",
            "31.10.2026",
            "10/31/2026",
            "2026-10",
            "20261031",
            "99999-01-01",
            "2026-10-31 14:05 Europe/Berlin",
            "2016-12-31 23:59:60",
            "2026-10-31 14:05:00.",
            "2026-10-31 14:05:00.1234567",
            "2026-10-31 14:05:00.1234560",
            "2026-10-31 14:05 +2",
            "-2026-10-31",
            "+202-10-31",
        ] {
            check(text, None);
        }
    }
}
