//! Which month is shown, on which zone's clock, as the address says it: `/?month=2026-10&zone=Europe/Berlin`.

use crate::features::usual_zone::{is_known, usual_zones};
use crate::routes::{AddressQuery, OVERVIEW, query_text};
use crate::text::{day_in, offset_at};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use rest_contract::month::Month;
use rest_contract::oracle::month_figures::MonthPlan;

pub const UTC: &str = "UTC";

/// What the address says; nothing where it does not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthQuery {
    pub month: Option<Month>,
    pub zone: String,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthShown {
    pub month: Month,
    pub zone: String,
}

impl MonthQuery {
    pub fn read(query: &AddressQuery) -> Self {
        Self { month: Month::read(&query.text("month")), zone: query.text("zone") }
    }

    pub fn address(&self) -> String {
        let month = self.month.map(|month| month.to_string()).unwrap_or_default();
        format!("{OVERVIEW}{}", query_text([("month", month), ("zone", self.zone.clone())]))
    }

    /// The zone that the address names, where this browser does not know it.
    pub fn unknown_zone(&self) -> Option<String> {
        (!self.zone.is_empty() && !is_known(&self.zone)).then(|| self.zone.clone())
    }

    /// Without a word of the address the month that is looked at now ([`looked_at`]), in the zone that the person has
    /// set, else in the one that the connections name, else in the reader's own.
    pub fn shown(&self, now: &DateTime<Utc>) -> Option<MonthShown> {
        let named = Some(self.zone.clone()).filter(|zone| !zone.is_empty() && is_known(zone));
        let zone = named.or_else(|| usual_zones().next()).unwrap_or_else(|| UTC.to_owned());
        let month = self.month.or_else(|| looked_at(day_in(now, &zone)?))?;
        Some(MonthShown { month, zone })
    }
}

impl MonthShown {
    pub fn plan(&self) -> Option<MonthPlan> {
        MonthPlan::new(self.month, |at| offset_at(at, &self.zone))
    }

    /// The address of another month on the same clock.
    pub fn address_of(&self, month: Month) -> String {
        MonthQuery { month: Some(month), zone: self.zone.clone() }.address()
    }
}

/// In its first days a month has little to show, and what is to be closed is the one before.
const CLOSES_WITHIN: u32 = 10;

/// The month that people look at on a day: it is the last one until that can be closed.
fn looked_at(day: NaiveDate) -> Option<Month> {
    let month = Month::of(day)?;
    if day.day() <= CLOSES_WITHIN { month.previous() } else { Some(month) }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `October 2026`.
pub fn month_words(month: Month) -> String {
    use chrono::Datelike;
    let first = month.first_day();
    let name = usize::try_from(first.month0()).ok().and_then(|place| MONTHS.get(place));
    format!("{} {}", name.copied().unwrap_or_default(), first.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn in_its_first_days_a_month_gives_way_to_the_one_before() {
        let on = |year: i32, month: u32, day: u32| {
            let day = NaiveDate::from_ymd_opt(year, month, day).expect("a day");
            looked_at(day).expect("a month").first_day().to_string()
        };
        assert_eq!(on(2026, 12, 1), "2026-11-01");
        assert_eq!(on(2026, 12, 10), "2026-11-01");
        assert_eq!(on(2026, 12, 11), "2026-12-01");
        assert_eq!(on(2027, 1, 4), "2026-12-01");
        assert_eq!(on(2026, 12, 31), "2026-12-01");
    }
}
