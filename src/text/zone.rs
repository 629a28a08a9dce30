//! Offsets of IANA zones, from the browser's own time-zone data: a table of our own would weigh
//! more than the rest of the app and grow old.

use super::zone_names::other_names;
use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Array, Date, Intl, Object, Reflect};
use rest_contract::month;
use std::collections::HashMap;
use wasm_bindgen::JsValue;

thread_local! {
    static FORMATS: std::cell::RefCell<HashMap<String, Option<Intl::DateTimeFormat>>> = std::cell::RefCell::default();
}

/// Seconds that the zone's clock is ahead of UTC at an instant; `None` for a zone that the browser
/// knows by none of its names.
pub fn offset_at(at: &DateTime<Utc>, zone: &str) -> Option<i64> {
    if is_utc(zone) {
        return Some(0);
    }
    let format = FORMATS.with_borrow_mut(|formats| {
        let made = || make_format(zone).or_else(|| other_names(zone).find_map(make_format));
        formats.entry(zone.to_owned()).or_insert_with(made).clone()
    })?;
    // Offsets are of whole seconds. The fraction stays out of it: a JS Date would cut it to
    // milliseconds, and the difference would no longer be the offset.
    let second = at.timestamp();
    // A JS Date holds milliseconds as a double, exactly for any date of this era.
    let date = Date::new(&JsValue::from_f64(second as f64 * 1000.0)); // exact-in-double: an instant, no money
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
    Some(local.and_utc().timestamp() - second)
}

/// The offsets in force a day before and a day after: between them lies any change of the clock.
pub(super) fn offsets_around(at: &DateTime<Utc>, zone: &str) -> Option<Vec<i64>> {
    month::offsets_around(at, |at| offset_at(at, zone))
}

/// Whose clock a reading is of: a zone with its offset at an instant, as `Europe/Berlin, UTC+02:00`.
/// Where the browser does not know the zone, the reading beside it is of UTC, and it says so.
pub fn zone_note(at: &DateTime<Utc>, zone: &str) -> String {
    match offset_at(at, zone) {
        Some(0) if is_utc(zone) => "UTC".to_owned(),
        Some(offset) => format!("{zone}, UTC{}", offset_text(offset).replace('-', "\u{2212}")),
        None => format!("UTC ({zone} is not known to this browser)"),
    }
}

/// An offset as one types it: `+02:00`.
pub fn offset_text(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let text = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    // Before railways every town had its own noon.
    if rest == 0 { text } else { format!("{text}:{rest:02}") }
}

fn is_utc(zone: &str) -> bool {
    zone.is_empty() || zone == "UTC"
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
