//! `usageClosedPeriods`, the demo server's own: the periods whose books are closed. No event that began in one is
//! added, changed, re-rated, reversed or deleted until an administrator opens the period again, which deletes it
//! here. A period is two instants, so that it means the same events to everybody; its zone only says on which clock
//! they were chosen.

use super::{field, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version};
use crate::schema::Kind::{DateTime, Int32, Int64};
use crate::schema::Schema;
use crate::{Record, Value};
use chrono::{DateTime as Instant, Utc};
use std::ops::Range;

pub static CLOSED_PERIOD: Schema = Schema {
    resource: "usageClosedPeriods",
    key: "PeriodName",
    fields: &[
        field("ClosedPeriodId", Int64, CreateOnly, "Closed period identifier"),
        text("CreatedBy", 64, ReadOnly, "Closed by"),
        field("CreationDate", DateTime, ReadOnly, "Closed"),
        field("EndTime", DateTime, CreateOnly, "Ends before"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("PeriodName", 120, CreateOnly, "Period"),
        field("StartTime", DateTime, CreateOnly, "Starts"),
        text("TimeZone", 64, CreateOnly, "Time zone"),
    ],
    children: &[],
};

/// A period that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPeriod {
    pub name: String,
    /// From its first instant to the one that is not in it any more.
    pub span: Range<Instant<Utc>>,
    pub zone: String,
    pub closed_by: String,
    pub closed_at: Option<Instant<Utc>>,
}

impl ClosedPeriod {
    /// Nothing where a value that says what is closed is missing or cannot be read.
    pub fn of(record: &Record) -> Option<Self> {
        let instant = |name| Some(record.get(name)?.as_date_time()?.with_timezone(&Utc));
        let words = |name| record.text(name).unwrap_or_default().to_owned();
        Some(Self {
            name: record.text("PeriodName")?.to_owned(),
            span: instant("StartTime")?..instant("EndTime")?,
            zone: words("TimeZone"),
            closed_by: words("CreatedBy"),
            closed_at: instant("CreationDate"),
        })
    }
}

/// The period that holds a time such as `EventStartTime`.
pub fn holding<'a>(periods: &'a [ClosedPeriod], time: Option<&Value>) -> Option<&'a ClosedPeriod> {
    let time = time?.as_date_time()?.with_timezone(&Utc);
    periods.iter().find(|period| period.span.contains(&time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn october() -> ClosedPeriod {
        let body = r#"{"PeriodName":"October 2026 (Europe/Berlin)","StartTime":"2026-09-30T22:00:00Z",
            "EndTime":"2026-10-31T23:00:00Z","TimeZone":"Europe/Berlin","CreatedBy":"Ada Moreau"}"#;
        ClosedPeriod::of(&Record::read(&CLOSED_PERIOD, body.as_bytes()).expect("a record")).expect("a period")
    }

    #[test]
    fn the_start_is_in_and_the_end_is_out_to_the_last_fraction_and_on_any_clock() {
        let periods = [october()];
        let is_in = |text: &str| {
            let record = format!(r#"{{"StartTime":"{text}"}}"#);
            let record = Record::read(&CLOSED_PERIOD, record.as_bytes()).expect("a record");
            holding(&periods, record.get("StartTime")).is_some()
        };
        for (text, expected) in [
            ("2026-09-30T21:59:59.999999Z", false),
            ("2026-09-30T22:00:00Z", true),
            ("2026-10-01T00:00:00+02:00", true),
            ("2026-10-31T22:59:59.999500Z", true),
            ("2026-10-31T23:00:00Z", false),
            ("2026-11-01T00:00:00+01:00", false),
        ] {
            assert_eq!(is_in(text), expected, "{text}");
        }
        assert_eq!(holding(&periods, None), None);
        assert_eq!(holding(&periods, Some(&Value::Text("October".to_owned()))), None);
    }

    #[test]
    fn a_period_of_which_an_end_is_missing_is_none() {
        let record =
            Record::read(&CLOSED_PERIOD, br#"{"PeriodName":"P","StartTime":"2026-10-01T00:00:00Z"}"#);
        assert_eq!(ClosedPeriod::of(&record.expect("a record")), None);
    }
}
