//! Times of a file that name no offset, by the clock of the zone that a person has said.

use crate::data::session::Session;
use crate::features::usual_zone::{is_known, usual_zones};
use crate::text::{offset_text, readings_of_clock};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use import_files::ClockReading;
use leptos::prelude::*;
use rest_contract::Lookup;
use std::cell::RefCell;
use std::collections::BTreeMap;

const UTC: &str = "UTC";

/// The zones that are offered: the likely ones first.
pub fn offered_zones(session: Session) -> Vec<String> {
    let listed = session.lookups.tables.with_untracked(|tables| {
        tables.list(Lookup::TimeZone).iter().map(|entry| entry.code.clone()).collect::<Vec<_>>()
    });
    let mut all = vec![UTC.to_owned()];
    for zone in usual_zones().chain(listed) {
        if !all.contains(&zone) && is_known(&zone) {
            all.push(zone);
        }
    }
    all
}

/// Reads times by a zone's clock. A time that it skips or shows twice is refused, never guessed.
pub fn clock_of(zone: &str) -> Box<ClockReading> {
    if zone == UTC {
        return Box::new(|at| Ok(at.and_utc()));
    }
    let zone = zone.to_owned();
    // The browser is slow to tell an offset, and on most days there is one for all of them.
    let offsets: RefCell<BTreeMap<NaiveDate, Option<i64>>> = RefCell::default();
    Box::new(move |at| {
        let day = at.date();
        let of_day = || offset_of_day(day, &zone);
        let offset = *offsets.borrow_mut().entry(day).or_insert_with(of_day);
        match offset {
            Some(offset) => Ok((at - Duration::seconds(offset)).and_utc()),
            None => read(at, &zone),
        }
    })
}

/// The offset of a zone's clock on a day on which, and beside which, it does not change.
fn offset_of_day(day: NaiveDate, zone: &str) -> Option<i64> {
    let ends = [day, day.succ_opt()?].map(|day| day.and_time(chrono::NaiveTime::MIN));
    let readings = ends.map(|at| readings_of_clock(at, zone));
    match readings.each_ref().map(|readings| readings.as_deref()) {
        [Some([(one, _)]), Some([(other, _)])] if one == other => Some(*one),
        _ => None,
    }
}

fn read(at: NaiveDateTime, zone: &str) -> Result<DateTime<Utc>, String> {
    let readings = readings_of_clock(at, zone);
    match readings.as_deref() {
        Some([(_, at)]) => Ok(*at),
        Some([]) => Err(format!("does not exist in {zone}: the clock skips it when it goes forward")),
        Some(several) => {
            let offsets: Vec<String> = several.iter().map(|(offset, _)| offset_text(*offset)).collect();
            let offsets = offsets.join(" or ");
            Err(format!(
                "comes twice in {zone}, when the clock goes back; add the offset that is meant, {offsets}"
            ))
        }
        None => Err(format!("cannot be read, for this browser does not know the time zone {zone}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_clock_says_which_times_it_skips_and_which_it_shows_twice() {
        let read = |zone: &str, at: &str| {
            let at = at.parse().expect("a time");
            // Twice, for the second time is answered from what is kept.
            let clock = clock_of(zone);
            assert_eq!(clock(at), clock(at));
            clock(at).map(|at| at.to_rfc3339())
        };
        let berlin = |at: &str| read("Europe/Berlin", at);
        for (at, instant) in [
            ("2026-10-01T00:00:00", "2026-09-30T22:00:00+00:00"),
            ("2026-10-25T00:00:00", "2026-10-24T22:00:00+00:00"),
            ("2026-10-25T01:59:59", "2026-10-24T23:59:59+00:00"),
            ("2026-10-25T03:00:00", "2026-10-25T02:00:00+00:00"),
            ("2026-10-25T23:59:59.5", "2026-10-25T22:59:59.500+00:00"),
            ("2026-10-26T00:00:00", "2026-10-25T23:00:00+00:00"),
            ("2026-03-29T01:59:59", "2026-03-29T00:59:59+00:00"),
            ("2026-03-29T03:00:00", "2026-03-29T01:00:00+00:00"),
            ("2026-03-30T00:00:00", "2026-03-29T22:00:00+00:00"),
        ] {
            assert_eq!(berlin(at), Ok(instant.to_owned()), "{at}");
        }
        let twice = berlin("2026-10-25T02:30:00").expect_err("twice");
        assert!(
            twice.contains("comes twice in Europe/Berlin") && twice.contains("+02:00 or +01:00"),
            "{twice}"
        );
        let skipped = berlin("2026-03-29T02:30:00").expect_err("skipped");
        assert!(skipped.contains("does not exist in Europe/Berlin"), "{skipped}");
        // A day that begins late: no midnight on 6 September 2026 in Santiago.
        assert!(read("America/Santiago", "2026-09-06T00:30:00").is_err());
        assert_eq!(
            read("America/Santiago", "2026-09-06T01:00:00"),
            Ok("2026-09-06T04:00:00+00:00".to_owned())
        );
        assert!(
            read("Nowhere/Land", "2026-09-06T01:00:00").is_err_and(|reason| reason.contains("Nowhere/Land"))
        );
        assert_eq!(read("UTC", "2026-10-25T02:30:00"), Ok("2026-10-25T02:30:00+00:00".to_owned()));
    }
}
