//! Which month is shown, on which zone's clock, as the address says it: `/?month=2026-10&zone=Europe/Berlin`.

use crate::api::connections;
use crate::routes::{AddressQuery, OVERVIEW, query_text};
use crate::text::{day_in, offset_at, readers_zone};
use chrono::{DateTime, Utc};
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

    /// Without a word of the address the month that it is `now`, in the zone that the connections name, else in the
    /// reader's own.
    pub fn shown(&self, now: &DateTime<Utc>) -> Option<MonthShown> {
        let named = Some(self.zone.clone()).filter(|zone| !zone.is_empty() && is_known(zone));
        let usual = || connections().default_zone.clone().filter(|zone| is_known(zone));
        let zone = named.or_else(usual).or_else(readers_zone).unwrap_or_else(|| UTC.to_owned());
        let month = self.month.or_else(|| Month::of(day_in(now, &zone)?))?;
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

/// Whether the browser knows a zone.
pub fn is_known(zone: &str) -> bool {
    offset_at(&DateTime::UNIX_EPOCH, zone).is_some()
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
