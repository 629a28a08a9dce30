//! Instants as text in a named zone, and back.

use super::zone::offsets_around;
use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, Utc};

const SHOWN: &str = "%Y-%m-%d %H:%M:%S%.f";

/// An instant in UTC, for columns whose head names the zone.
pub fn instant_utc(at: &DateTime<Utc>) -> String {
    at.format(SHOWN).to_string()
}

/// An instant on a zone's clock, without the zone's name.
pub fn instant_in(at: &DateTime<Utc>, zone: &str) -> String {
    let offset = super::zone::offset_at(at, zone).unwrap_or_default();
    (at.naive_utc() + Duration::seconds(offset)).format(SHOWN).to_string()
}

/// The day that a zone's clock shows at an instant; nothing for a zone that the browser does not know.
pub fn day_in(at: &DateTime<Utc>, zone: &str) -> Option<NaiveDate> {
    let offset = super::zone::offset_at(at, zone)?;
    Some((at.naive_utc() + Duration::seconds(offset)).date())
}

/// Reads a time that a person typed on a zone's clock: `2026-10-25 02:30` with or without seconds,
/// a `T` or a blank between. An offset at the end (`+01:00`, `Z`) decides by itself. A time that the
/// zone's clock skips or shows twice is refused with the reason, never guessed.
pub fn read_local(text: &str, zone: &str) -> Result<DateTime<Utc>, String> {
    let text = text.trim().replacen('T', " ", 1);
    let with_offset =
        ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M%#z", "%Y-%m-%d %H:%M %#z"];
    for format in with_offset {
        if let Ok(at) = DateTime::<FixedOffset>::parse_from_str(&text, format) {
            return Ok(at.with_timezone(&Utc));
        }
    }
    let plain = text.strip_suffix('Z').map(str::trim_end);
    let local = plain.unwrap_or(&text);
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let Some(local) = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(local, format).ok())
    else {
        return Err("This is not a date and time that exists. Write it like 2026-10-01 08:30:00.".to_owned());
    };
    if plain.is_some() {
        return Ok(local.and_utc());
    }
    let offsets = offsets_around(&local.and_utc(), zone).ok_or_else(|| {
        format!("This browser does not know the time zone {zone}. Add an offset, like {text} +00:00.")
    })?;
    let mut instants: Vec<_> = offsets
        .into_iter()
        .map(|offset| (local - Duration::seconds(offset)).and_utc())
        .filter(|at| {
            super::zone::offset_at(at, zone).map(|offset| at.naive_utc() + Duration::seconds(offset))
                == Some(local)
        })
        .collect();
    instants.dedup();
    match instants.as_slice() {
        [at] => Ok(*at),
        [] => Err(format!("This time does not exist in {zone}: the clock skips it when it goes forward.")),
        _ => Err(format!(
            "This time comes twice in {zone}, when the clock goes back. Add the offset you mean, like {text} +01:00."
        )),
    }
}
