//! Offsets of IANA zones, from the browser's own time-zone data: a table of our own would weigh
//! more than the rest of the app and grow old.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use js_sys::{Array, Date, Intl, Object, Reflect};
use std::collections::HashMap;
use wasm_bindgen::JsValue;

thread_local! {
    static FORMATS: std::cell::RefCell<HashMap<String, Option<Intl::DateTimeFormat>>> = std::cell::RefCell::default();
}

/// Seconds that the zone's clock is ahead of UTC at an instant; `None` for a zone that the browser
/// does not know.
pub(super) fn offset_at(at: &DateTime<Utc>, zone: &str) -> Option<i64> {
    if zone.is_empty() || zone == "UTC" {
        return Some(0);
    }
    let format = FORMATS.with_borrow_mut(|formats| {
        formats.entry(zone.to_owned()).or_insert_with(|| make_format(zone)).clone()
    })?;
    // A JS Date holds milliseconds as a double, exactly for any date of this era.
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64)); // exact-in-double: an instant, no money
    let parts = format.format_to_parts(&date);
    let number = |wanted: &str| {
        parts.iter().find_map(|part| {
            let get = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok()?.as_string();
            (get("type")? == wanted).then(|| get("value")?.parse::<u32>().ok())?
        })
    };
    let year = i32::try_from(number("year")?).ok()?;
    let local = NaiveDate::from_ymd_opt(year, number("month")?, number("day")?)?.and_hms_opt(
        number("hour")? % 24,
        number("minute")?,
        number("second")?,
    )?;
    Some(
        (local.and_utc() - *at).num_milliseconds().div_euclid(1000)
            + i64::from(at.timestamp_subsec_millis() > 0),
    )
}

/// The offsets in force a day before and a day after: between them lies any change of the clock.
pub(super) fn offsets_around(at: &DateTime<Utc>, zone: &str) -> Option<Vec<i64>> {
    let mut offsets =
        vec![offset_at(&(*at - Duration::days(1)), zone)?, offset_at(&(*at + Duration::days(1)), zone)?];
    offsets.dedup();
    Some(offsets)
}

/// A zone with its offset at an instant: `Europe/Berlin, UTC+02:00`.
pub fn zone_note(at: &DateTime<Utc>, zone: &str) -> String {
    let zone = if zone.is_empty() { "UTC" } else { zone };
    match offset_at(at, zone) {
        Some(0) if zone == "UTC" => "UTC".to_owned(),
        Some(offset) => {
            let sign = if offset < 0 { '\u{2212}' } else { '+' };
            let minutes = offset.abs() / 60;
            format!("{zone}, UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
        None => format!("{zone} (not known to this browser)"),
    }
}

fn make_format(zone: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    let fields = [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ];
    for (name, value) in fields {
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    // The constructor throws for an unknown zone, so it is called where a throw can be caught.
    let constructor = Reflect::get(
        &Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?,
        &JsValue::from_str("DateTimeFormat"),
    )
    .ok()?;
    let arguments = Array::of2(&JsValue::from_str("en-US"), &options);
    let format = Reflect::construct(&constructor.into(), &arguments).ok()?;
    Some(wasm_bindgen::JsCast::unchecked_into(format))
}
