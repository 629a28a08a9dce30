//! From when to when the events of a file start: what a server may have of the same time already.

use chrono::{DateTime, Utc};
use rest_contract::write_date_time;

use crate::event_row::EventRow;

/// The first and the last start of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StartSpan(Option<(DateTime<Utc>, DateTime<Utc>)>);

impl StartSpan {
    pub fn add(&mut self, row: &EventRow) {
        let Some(start) = row.event.get("EventStartTime").and_then(|value| value.as_date_time()) else {
            return;
        };
        let (first, last) = self.0.unwrap_or((start, start));
        self.0 = Some((first.min(start), last.max(start)));
    }

    /// The first and the last start; nothing without an event.
    pub fn ends(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.0
    }

    /// The row-match expression of all events that start in it.
    pub fn condition(&self) -> Option<String> {
        let (first, last) = self.0?;
        let [first, last] = [first, last].map(|at| write_date_time(&at));
        Some(format!("EventStartTime >= '{first}' and EventStartTime <= '{last}'"))
    }
}
