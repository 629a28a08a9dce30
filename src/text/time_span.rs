//! Days and months on the clock of a zone, however long the clock makes them.

use super::instant::clock_at;
use super::zone::offset_at;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use js_sys::{Array, Intl, Object, Reflect};
use rest_contract::month::day_begin;
use std::ops::Range;
use wasm_bindgen::JsValue;

/// The days, or the months, of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeSpans {
    pub unit: SpanUnit,
    /// Its IANA name.
    pub zone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanUnit {
    Day,
    Month,
}

impl SpanUnit {
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    pub fn words(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

const UTC: &str = "UTC";

impl TimeSpans {
    /// What [`TimeSpans::name`] says, such as `day` in UTC, or `month.Europe/Berlin`; nothing for a zone that the browser
    /// does not know.
    pub fn read(name: &str) -> Option<Self> {
        let (unit, zone) = name.split_once('.').unwrap_or((name, UTC));
        let unit = SpanUnit::ALL.into_iter().find(|known| known.words() == unit)?;
        offset_at(&DateTime::UNIX_EPOCH, zone).filter(|_| !zone.is_empty())?;
        Some(Self { unit, zone: zone.to_owned() })
    }

    pub fn name(&self) -> String {
        match self.zone.as_str() {
            UTC => self.unit.words().to_owned(),
            zone => format!("{}.{zone}", self.unit.words()),
        }
    }

    /// The one that an instant lies in: from its first instant to that of the next one. Nothing beyond the years that
    /// can be told.
    pub fn around(&self, at: DateTime<Utc>) -> Option<Range<DateTime<Utc>>> {
        let first = self.first_day(clock_at(&at, &self.zone)?.date())?;
        Some(self.begin(first)?..self.begin(self.next(first)?)?)
    }

    /// The day or the month of an instant, as `2026-03-29` or `2026-03`.
    pub fn label(&self, at: DateTime<Utc>) -> Option<String> {
        let day = clock_at(&at, &self.zone)?.date().to_string();
        match self.unit {
            SpanUnit::Day => Some(day),
            SpanUnit::Month => day.rsplit_once('-').map(|(month, _)| month.to_owned()),
        }
    }

    /// The one of a label.
    pub fn of_label(&self, label: &str) -> Option<Range<DateTime<Utc>>> {
        let first = match self.unit {
            SpanUnit::Day => label.parse(),
            SpanUnit::Month => format!("{label}-01").parse(),
        };
        let first: NaiveDate = first.ok()?;
        Some(self.begin(first)?..self.begin(self.next(first)?)?)
    }

    fn first_day(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self.unit {
            SpanUnit::Day => Some(day),
            SpanUnit::Month => day.with_day(1),
        }
    }

    fn next(&self, first: NaiveDate) -> Option<NaiveDate> {
        match self.unit {
            SpanUnit::Day => first.checked_add_days(Days::new(1)),
            SpanUnit::Month => first.checked_add_months(Months::new(1)),
        }
    }

    fn begin(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        day_begin(day, |at| offset_at(at, &self.zone))
    }
}

/// The zone of the reader's computer, as its browser tells it.
pub fn readers_zone() -> Option<String> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string().filter(|zone| zone != UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
    }

    /// The span around an instant, and how many hours it has.
    fn check(name: &str, instant: &str, label: &str, from: &str, hours: i64) {
        let spans = TimeSpans::read(name).expect("spans");
        assert_eq!(spans.name(), name);
        let span = spans.around(at(instant)).expect("a span");
        assert_eq!((span.start, (span.end - span.start).num_hours()), (at(from), hours), "{name} {instant}");
        assert_eq!(spans.label(at(instant)).as_deref(), Some(label), "{name} {instant}");
        assert_eq!(spans.of_label(label), Some(span.clone()), "{name} {label}");
        // Nothing falls between two of them.
        let last = span.end - Duration::microseconds(1);
        assert_eq!(spans.around(last), Some(span.clone()), "{name} {instant}");
        assert_eq!(spans.around(span.end).map(|next| next.start), Some(span.end), "{name} {instant}");
    }

    #[wasm_bindgen_test]
    fn days_are_as_long_as_the_clock_of_their_zone_makes_them() {
        check("day", "2026-03-29T23:59:59.999999Z", "2026-03-29", "2026-03-29T00:00:00Z", 24);
        let berlin = "day.Europe/Berlin";
        check(berlin, "2026-03-28T22:59:59Z", "2026-03-28", "2026-03-27T23:00:00Z", 24);
        check(berlin, "2026-03-28T23:00:00Z", "2026-03-29", "2026-03-28T23:00:00Z", 23);
        check(berlin, "2026-03-29T21:59:59.999999Z", "2026-03-29", "2026-03-28T23:00:00Z", 23);
        check(berlin, "2026-10-25T00:30:00Z", "2026-10-25", "2026-10-24T22:00:00Z", 25);
        check(berlin, "2026-10-25T22:59:59Z", "2026-10-25", "2026-10-24T22:00:00Z", 25);
        check(berlin, "2026-10-25T23:00:00Z", "2026-10-26", "2026-10-25T23:00:00Z", 24);
        check("day.America/New_York", "2026-11-01T05:30:00Z", "2026-11-01", "2026-11-01T04:00:00Z", 25);
        // No midnight, two midnights, a half hour, and a day that there never was.
        check("day.Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-24", "2026-04-23T22:00:00Z", 23);
        // Of days that are over: what clocks will do, governments still change, and browsers know of different years.
        check("day.America/Havana", "2025-11-02T12:00:00Z", "2025-11-02", "2025-11-02T04:00:00Z", 25);
        check("day.Australia/Lord_Howe", "2026-10-04T12:00:00Z", "2026-10-04", "2026-10-03T13:30:00Z", 23);
        check("day.Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29", "2011-12-29T10:00:00Z", 24);
    }

    #[wasm_bindgen_test]
    fn months_begin_and_end_by_the_clock_of_their_zone() {
        check("month", "2026-02-28T23:59:59Z", "2026-02", "2026-02-01T00:00:00Z", 28 * 24);
        check("month.Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03", "2026-02-28T23:00:00Z", 31 * 24 - 1);
        check("month.Europe/Berlin", "2026-10-31T22:59:59Z", "2026-10", "2026-09-30T22:00:00Z", 31 * 24 + 1);
        check("month.Asia/Kolkata", "2026-12-31T18:29:59Z", "2026-12", "2026-11-30T18:30:00Z", 31 * 24);
    }

    #[wasm_bindgen_test]
    fn what_names_no_spans_is_none() {
        for name in ["", "week", "day.", "day.Nowhere/At_All", "month.Europe", "Day", "day.UTC.x"] {
            assert_eq!(TimeSpans::read(name), None, "{name}");
        }
        let days = TimeSpans::read("day").expect("days");
        assert_eq!((days.of_label("2026-02-30"), days.of_label("2026-02")), (None, None));
    }
}
