//! Months and their days on the clock of a zone, as the instants at which they begin: a day has 23, 24 or 25 hours,
//! a midnight may be missing or come twice. A month is computed here and nowhere else, so that what is counted, what
//! is shown and what a link leads to are the same events.
//!
//! Not here: the offsets of zones. Whoever asks brings them (`OffsetAt`): the seconds that the zone's clock is ahead
//! of UTC at an instant, or nothing for a zone that is not known.

use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveTime, Utc};
use std::fmt;
use std::ops::Range;

/// A month of a year, on no clock yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

/// A day of a month, from its first instant to that of the next day, which is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySpan {
    pub day: NaiveDate,
    pub from: DateTime<Utc>,
    pub before: DateTime<Utc>,
}

impl Month {
    /// The month that a day is in.
    pub fn of(day: NaiveDate) -> Option<Self> {
        day.with_day(1).map(|first| Self { first })
    }

    /// Such as `2026-10`; nothing for a text that is no month, or a month of other centuries than events are of.
    pub fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let is_plain = |part: &str, digits: usize| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
        let is_plain = is_plain(year, 4) && is_plain(month, 2);
        (is_plain && (1970..2200).contains(&first.year())).then_some(Self { first })
    }

    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    pub fn next(self) -> Option<Self> {
        self.first.checked_add_months(Months::new(1)).map(|first| Self { first })
    }

    pub fn previous(self) -> Option<Self> {
        self.first.checked_sub_months(Months::new(1)).map(|first| Self { first })
    }

    /// All of the month on a zone's clock.
    pub fn span(self, offset_at: impl Fn(&DateTime<Utc>) -> Option<i64>) -> Option<Range<DateTime<Utc>>> {
        Some(day_begin(self.first, &offset_at)?..day_begin(self.next()?.first, &offset_at)?)
    }

    /// Its days, each beginning where the one before ends. A day that the zone left out is not among them.
    pub fn days(self, offset_at: impl Fn(&DateTime<Utc>) -> Option<i64>) -> Option<Vec<DaySpan>> {
        let end = self.next()?.first;
        let mut days = Vec::with_capacity(31);
        let (mut day, mut from) = (self.first, day_begin(self.first, &offset_at)?);
        while day < end {
            let next = day.checked_add_days(Days::new(1))?;
            let before = day_begin(next, &offset_at)?;
            if from < before {
                days.push(DaySpan { day, from, before });
            }
            (day, from) = (next, before);
        }
        Some(days)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// The first instant at which a zone's clock shows the day, or a later one where it skips the day.
pub fn day_begin(day: NaiveDate, offset_at: impl Fn(&DateTime<Utc>) -> Option<i64>) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let begins = offsets_around(&midnight, &offset_at)?.into_iter();
    let begins = begins.filter_map(|offset| midnight.checked_sub_signed(Duration::seconds(offset)));
    let shows = |at: &DateTime<Utc>| {
        let clock = offset_at(at).and_then(|offset| at.checked_add_signed(Duration::seconds(offset)));
        clock.is_some_and(|clock| clock.date_naive() >= day)
    };
    begins.filter(shows).min()
}

/// The offsets in force a day before and a day after: between them lies any change of the clock.
pub fn offsets_around(
    at: &DateTime<Utc>,
    offset_at: impl Fn(&DateTime<Utc>) -> Option<i64>,
) -> Option<Vec<i64>> {
    let day = Duration::days(1);
    let around = [at.checked_sub_signed(day)?, at.checked_add_signed(day)?];
    let mut offsets = around.iter().map(offset_at).collect::<Option<Vec<_>>>()?;
    offsets.dedup();
    Some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Offset as _, TimeZone as _};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
    }

    fn offset_in(zone: &str) -> impl Fn(&DateTime<Utc>) -> Option<i64> {
        let zone: Option<chrono_tz::Tz> = zone.parse().ok();
        move |at| Some(zone?.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into())
    }

    /// The ends of a month, and the days that are of another number of minutes than 24 hours have.
    fn check(month: &str, zone: &str, from: &str, before: &str, odd: &[(u32, i64)]) {
        let read = Month::read(month).expect("a month");
        assert_eq!(read.to_string(), month);
        let span = read.span(offset_in(zone)).expect("a span");
        assert_eq!(span, at(from)..at(before), "{month} {zone}");
        let days = read.days(offset_in(zone)).expect("days");
        assert_eq!((days[0].from, days[days.len() - 1].before), (span.start, span.end), "{month} {zone}");
        assert!(days.windows(2).all(|pair| pair[0].before == pair[1].from), "{month} {zone}");
        let hours = |day: &DaySpan| (day.day.day(), (day.before - day.from).num_minutes());
        let found: Vec<_> = days.iter().map(hours).filter(|(_, minutes)| *minutes != 24 * 60).collect();
        assert_eq!(found, odd, "{month} {zone}");
        // The month before ends where this one begins.
        let previous = read.previous().and_then(|month| month.span(offset_in(zone))).expect("a month");
        assert_eq!(previous.end, span.start, "{month} {zone}");
    }

    #[test]
    fn a_month_is_as_long_as_the_clock_of_its_zone_makes_it() {
        check("2026-10", "UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", &[]);
        check("2026-10", "Europe/Berlin", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", &[(25, 1500)]);
        check("2026-10", "America/Los_Angeles", "2026-10-01T07:00:00Z", "2026-11-01T07:00:00Z", &[]);
        check("2026-11", "America/Los_Angeles", "2026-11-01T07:00:00Z", "2026-12-01T08:00:00Z", &[(1, 1500)]);
        check("2026-10", "Asia/Kolkata", "2026-09-30T18:30:00Z", "2026-10-31T18:30:00Z", &[]);
        check("2026-03", "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", &[(29, 1380)]);
        // Clocks that go by half an hour; a midnight that does not exist; one that comes twice.
        check("2026-10", "Australia/Lord_Howe", "2026-09-30T13:30:00Z", "2026-10-31T13:00:00Z", &[(4, 1410)]);
        check("2026-04", "Africa/Cairo", "2026-03-31T22:00:00Z", "2026-04-30T21:00:00Z", &[(24, 1380)]);
        check("2026-11", "America/Havana", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z", &[(1, 1500)]);
        check("2026-10", "Africa/Cairo", "2026-09-30T21:00:00Z", "2026-10-31T22:00:00Z", &[(29, 1500)]);
        check("2017-10", "America/Sao_Paulo", "2017-10-01T03:00:00Z", "2017-11-01T02:00:00Z", &[(15, 1380)]);
    }

    #[test]
    fn a_day_that_never_was_is_not_among_the_days() {
        let days =
            Month::read("2011-12").and_then(|month| month.days(offset_in("Pacific/Apia"))).expect("days");
        assert_eq!(days.len(), 30);
        assert!(days.iter().all(|day| day.day.day() != 30));
    }

    #[test]
    fn months_follow_one_another_over_the_year() {
        let month = |text: &str| Month::read(text).expect("a month");
        assert_eq!(month("2026-12").next(), Some(month("2027-01")));
        assert_eq!(month("2026-01").previous(), Some(month("2025-12")));
        // The 31st has no counterpart in the month before.
        let last = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day");
        assert_eq!(Month::of(last).and_then(Month::previous), Some(month("2026-09")));
        assert!(Month::read("1970-01").is_some() && Month::read("2199-12").is_some());
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-10",
            "2026-10-01",
            "+026-10",
            "2026-1\u{660}",
            "1969-12",
            "2200-01",
            "0000-01",
        ] {
            assert_eq!(Month::read(text), None, "{text}");
        }
        assert_eq!(month("2026-10").span(offset_in("Nowhere/At_All")), None);
    }

    /// The events of the case set S: which of them a month and a day hold.
    #[test]
    fn the_instants_around_a_change_of_the_clock_are_in_one_month_and_one_day_each() {
        let set = [
            ("2026-09-30T21:59:59.999999Z", 1),
            ("2026-09-30T22:00:00Z", 2),
            ("2026-10-25T00:30:00Z", 4),
            ("2026-10-25T01:30:00Z", 8),
            ("2026-10-25T22:30:00Z", 16),
            ("2026-10-25T23:00:00Z", 32),
            ("2026-10-31T22:59:59.999500Z", 64),
            ("2026-10-31T23:00:00Z", 128),
        ];
        let sum = |from: DateTime<Utc>, before: DateTime<Utc>| {
            let held = set.iter().filter(|(text, _)| (from..before).contains(&at(text)));
            held.map(|(_, value)| value).sum::<i32>()
        };
        for (zone, october, the_25th) in [
            ("UTC", 252, 60),
            ("Europe/Berlin", 126, 28),
            ("America/Los_Angeles", 252, 48),
            ("Asia/Kolkata", 63, 12),
            ("Africa/Cairo", 63, 12),
            ("America/Havana", 252, 48),
        ] {
            let month = Month::read("2026-10").expect("a month");
            let span = month.span(offset_in(zone)).expect("a span");
            assert_eq!(sum(span.start, span.end), october, "{zone}");
            let days = month.days(offset_in(zone)).expect("days");
            let day = days.iter().find(|day| day.day.day() == 25).expect("the 25th");
            assert_eq!(sum(day.from, day.before), the_25th, "{zone}");
            assert_eq!(days.iter().map(|day| sum(day.from, day.before)).sum::<i32>(), october, "{zone}");
        }
    }
}
