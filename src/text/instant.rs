//! Instants as text in a named zone, and back.

use super::number::with_notation;
use super::zone::{offset_at, offset_text, offsets_around, zone_note};
use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, Timelike, Utc};
use rest_contract::digits_of_second;
use std::collections::BTreeSet;
use std::ops::Range;

/// A second of a clock holds this many nanoseconds; a leap second is written with more.
const SECOND: u32 = 1_000_000_000;
/// No system keeps more digits of a second.
const MOST_DIGITS: usize = 6;

/// An instant in UTC as the reader has times written, for columns whose head names the zone.
pub fn instant_utc(at: &DateTime<Utc>) -> String {
    shown(at.naive_utc())
}

/// The same to the second, where less than one is of no use.
pub fn second_utc(at: &DateTime<Utc>) -> String {
    to_the_second(at.naive_utc())
}

/// The same for machines, and for whoever opens a file elsewhere.
pub fn machine_second_utc(at: &DateTime<Utc>) -> String {
    at.naive_utc().with_nanosecond(0).unwrap_or(at.naive_utc()).to_string()
}

/// A time in machine notation as the reader has times written.
pub fn shown_time(machine: &str) -> String {
    with_notation(|notation| notation.times.write(machine))
}

fn shown(at: NaiveDateTime) -> String {
    shown_time(&at.to_string())
}

/// Without chrono's formats, which would be loaded with the first page for it.
fn to_the_second(at: NaiveDateTime) -> String {
    shown(at.with_nanosecond(0).unwrap_or(at))
}

/// A sentence of a server's with the times in it as the console writes them: to the second, in UTC. Where two
/// of them would then read alike, all of them keep their fractions; what names no offset stays on its own clock.
pub fn with_plain_times(text: &str) -> String {
    with_times(text, &|at| format!("{} UTC", instant_utc(at)))
}

/// The same on the clock of a zone, beside what is typed there.
pub fn with_times_in(zone: &str, text: &str) -> String {
    with_times(text, &|at| instant_in(at, zone))
}

// What knows zones is loaded later than what tells of UTC, so each caller brings its own.
fn with_times(text: &str, shown: &dyn Fn(&DateTime<Utc>) -> String) -> String {
    let found = times_in(text);
    let seconds = found.iter().map(|(_, time)| time.shown(false, shown)).collect::<BTreeSet<_>>();
    let whole = found.iter().map(|(_, time)| time.shown(true, shown)).collect::<BTreeSet<_>>();
    let keeps_fractions = seconds.len() < whole.len();
    let (mut plain, mut done) = (String::with_capacity(text.len()), 0);
    for (place, time) in found {
        plain.push_str(text.get(done..place.start).unwrap_or_default());
        plain.push_str(&time.shown(keeps_fractions, shown));
        done = place.end;
    }
    plain.push_str(text.get(done..).unwrap_or_default());
    plain
}

/// A time as machines write it.
enum MachineTime {
    Instant(DateTime<Utc>),
    /// On a clock that is not named.
    Clock(NaiveDateTime),
}

impl MachineTime {
    fn read(text: &str) -> Option<Self> {
        let read = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        let clock = || read(&format!("{text}Z")).map(|at| Self::Clock(at.naive_utc()));
        read(text).map(Self::Instant).or_else(clock)
    }

    fn shown(&self, with_fraction: bool, instant: &dyn Fn(&DateTime<Utc>) -> String) -> String {
        match self {
            Self::Instant(at) if with_fraction => instant(at),
            Self::Instant(at) => instant(&at.with_nanosecond(0).unwrap_or(*at)),
            Self::Clock(at) if with_fraction => shown(*at),
            Self::Clock(at) => to_the_second(*at),
        }
    }
}

fn times_in(text: &str) -> Vec<(Range<usize>, MachineTime)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let start = at + rest.find(is_part).unwrap_or(rest.len());
        let run = text.get(start..).unwrap_or_default();
        let is_within_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let begins_word = !is_within_word(text.get(..start).and_then(|before| before.chars().next_back()));
        let ends_word = |len: usize| !is_within_word(run.get(len..).and_then(|after| after.chars().next()));
        let time = time_at_start(run).filter(|(len, _)| begins_word && ends_word(*len));
        at = start + time.as_ref().map_or(parts_at_start(run).len(), |(len, _)| *len).max(1);
        found.extend(time.map(|(len, time)| (start..start + len, time)));
    }
    found
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '-' | '+' | ':' | '.' | 'T' | 'Z')
}

fn parts_at_start(run: &str) -> &str {
    let len = run.find(|letter| !is_part(letter)).unwrap_or(run.len());
    run.get(..len).unwrap_or_default()
}

/// The time that a text begins with, and how long it is there: in one word, or an instant with a blank before its
/// clock, and before its offset or `UTC`.
fn time_at_start(run: &str) -> Option<(usize, MachineTime)> {
    // A sentence may end behind a time.
    let word = |text| -> &str { parts_at_start(text).trim_end_matches(['.', ':', '-']) };
    let day = word(run);
    if let Some(time) = MachineTime::read(day) {
        return Some((day.len(), time));
    }
    let rest = run.get(day.len()..)?.strip_prefix(' ')?;
    let clock = word(rest);
    let behind = rest.get(clock.len()..).and_then(|behind| behind.strip_prefix(' ')).unwrap_or_default();
    let (offset, written) =
        if behind.starts_with("UTC") { ("Z", "UTC") } else { (word(behind), word(behind)) };
    let len = day.len() + 1 + clock.len();
    let apart = (!written.is_empty()).then_some((offset, len + 1 + written.len()));
    apart.into_iter().chain([("", len)]).find_map(|(offset, len)| {
        let at = DateTime::parse_from_rfc3339(&format!("{day}T{clock}{offset}")).ok()?;
        Some((len, MachineTime::Instant(at.to_utc())))
    })
}

/// An instant on a zone's clock with the zone and its offset; on the clock of UTC where the browser does
/// not know the zone.
pub fn instant_in(at: &DateTime<Utc>, zone: &str) -> String {
    format!("{} {}", shown(clock_at(at, zone).unwrap_or_else(|| at.naive_utc())), zone_note(at, zone))
}

/// The same for an editor, which [`read_local`] reads back to the same instant: with the offset where
/// the zone's clock alone does not tell.
pub fn instant_to_type(at: &DateTime<Utc>, zone: &str) -> String {
    let Some(local) = clock_at(at, zone) else { return format!("{} +00:00", instant_utc(at)) };
    let text = shown(local);
    match offset_at(at, zone) {
        Some(offset) if read_local(&text, zone) != Ok(*at) => format!("{text} {}", offset_text(offset)),
        _ => text,
    }
}

/// The day that a zone's clock shows at an instant; nothing for a zone that the browser does not know.
pub fn day_in(at: &DateTime<Utc>, zone: &str) -> Option<NaiveDate> {
    Some(clock_at(at, zone)?.date())
}

pub(super) fn clock_at(at: &DateTime<Utc>, zone: &str) -> Option<NaiveDateTime> {
    at.naive_utc().checked_add_signed(Duration::seconds(offset_at(at, zone)?))
}

/// Reads a time that a person typed on a zone's clock: `2026-10-25 02:30` with or without seconds,
/// a `T` or a blank between, or as the reader has times written. An offset at the end (`+01:00`, `Z`) decides by itself. A time that the
/// zone's clock skips or shows twice is refused with the reason, never guessed.
pub fn read_local(text: &str, zone: &str) -> Result<DateTime<Utc>, String> {
    let text = with_notation(|notation| notation.times.read(text.trim())).replacen('T', " ", 1);
    if !is_written_out(&text) {
        return Err(no_such_time());
    }
    if digits_of_second(&text) > MOST_DIGITS {
        return Err(format!("A second has at most {MOST_DIGITS} digits behind its point here."));
    }
    let with_offset =
        ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M%#z", "%Y-%m-%d %H:%M %#z"];
    for format in with_offset {
        if let Ok(at) = DateTime::<FixedOffset>::parse_from_str(&text, format) {
            return if at.nanosecond() < SECOND { Ok(at.with_timezone(&Utc)) } else { Err(no_such_time()) };
        }
    }
    let plain = text.strip_suffix(['Z', 'z']).map(str::trim_end);
    let local = plain.unwrap_or(&text);
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let read = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(local, format).ok());
    let local = read.filter(|local| local.nanosecond() < SECOND).ok_or_else(no_such_time)?;
    if plain.is_some() {
        return Ok(local.and_utc());
    }
    let readings = readings_of_clock(local, zone).ok_or_else(|| {
        let text = shown_time(&text);
        format!("This browser does not know the time zone {zone}. Add an offset, like {text} +00:00.")
    })?;
    match readings.as_slice() {
        [(_, at)] => Ok(*at),
        [] => Err(format!("This time does not exist in {zone}: the clock skips it when it goes forward.")),
        several => {
            let text = shown_time(&text);
            let each = several.iter().map(|(offset, _)| format!("{text} {}", offset_text(*offset)));
            let each = each.collect::<Vec<_>>().join(" or ");
            Err(format!("This time comes twice in {zone}, when the clock goes back. Type {each}."))
        }
    }
}

/// The instants at which a zone's clock shows a time, each with its offset: none where the clock skips it, two where it
/// shows it twice; nothing for a zone that the browser does not know.
pub fn readings_of_clock(local: NaiveDateTime, zone: &str) -> Option<Vec<(i64, DateTime<Utc>)>> {
    let mut readings: Vec<(i64, DateTime<Utc>)> = offsets_around(&local.and_utc(), zone)?
        .into_iter()
        .map(|offset| (offset, (local - Duration::seconds(offset)).and_utc()))
        .filter(|(_, at)| clock_at(at, zone) == Some(local))
        .collect();
    readings.dedup();
    Some(readings)
}

/// Whether every part has all its digits: `26-10-01` would be a day of the first century, `14:3` three
/// minutes past.
fn is_written_out(text: &str) -> bool {
    let is_number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some((day, time)) = text.split_once(' ') else { return false };
    let day: Vec<_> = day.split('-').collect();
    let is_behind = |letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.');
    // What stands behind the clock is an offset.
    let time = time.trim_start().split(is_behind).next().unwrap_or_default();
    let (clock, fraction) = time.split_once('.').map_or((time, None), |(clock, rest)| (clock, Some(rest)));
    let mut clock = clock.split(':');
    matches!(day.as_slice(), [year, month, day] if is_number(year, 4..=4) && is_number(month, 2..=2) && is_number(day, 2..=2))
        && clock.next().is_some_and(|hour| is_number(hour, 1..=2))
        && clock.all(|part| is_number(part, 2..=2))
        && fraction.is_none_or(|fraction| is_number(fraction, 1..=usize::MAX))
}

/// Whether a typed time names its offset, so that no zone has a say in what it means.
pub fn names_its_offset(text: &str) -> bool {
    let east = read_local(text, "Etc/GMT-12");
    east.is_ok() && east == read_local(text, "Etc/GMT+12")
}

/// Reads a time on the clock of UTC, for a system whose wire carries milliseconds and no more.
pub fn read_to_the_millisecond(text: &str) -> Result<DateTime<Utc>, String> {
    let machine = with_notation(|notation| notation.times.read(text));
    if digits_of_second(&machine) > 3 {
        return Err(
            "Times are kept to the millisecond here. Type at most three digits after the second.".to_owned()
        );
    }
    read_local(text, "UTC")
}

fn no_such_time() -> String {
    format!("This is not a date and time that exists. Write it like {}.", shown_time("2026-10-01 08:30:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_servers_sentence_tells_its_times_as_the_console_writes_them() {
        for (said, shown) in [
            (
                "The end 2026-10-25T19:42:20+00:00 lies before the start 2026-10-25T21:42:21.5+00:00.",
                "The end 2026-10-25 19:42:20 UTC lies before the start 2026-10-25 21:42:21 UTC.",
            ),
            ("2026-10-25T21:42:20.120+02:00: no price", "2026-10-25 19:42:20 UTC: no price"),
            ("(2026-10-25T19:42:20Z)", "(2026-10-25 19:42:20 UTC)"),
            ("on 2026-10-25T19:42:20 there", "on 2026-10-25 19:42:20 there"),
            // Written with blanks, with whatever says where the clock stands.
            ("(2026-10-25 21:42:20.5 +02:00)", "(2026-10-25 19:42:20 UTC)"),
            ("from 2026-10-25 19:42:20+00:00.", "from 2026-10-25 19:42:20 UTC."),
            // Two that differ by less than a second are not to read alike.
            (
                "2026-10-25T19:42:20.25Z is before 2026-10-25T19:42:20.5Z",
                "2026-10-25 19:42:20.250 UTC is before 2026-10-25 19:42:20.500 UTC",
            ),
        ] {
            assert_eq!(with_plain_times(said), shown);
        }
        let said = "The end 2026-11-03T01:52:21.5Z lies before the start.";
        let shown = "The end 2026-11-03 12:52:21 Australia/Sydney, UTC+11:00 lies before the start.";
        assert_eq!(with_times_in("Australia/Sydney", said), shown);
        let said = "The end 2026-11-03 01:52:21 UTC lies before the start.";
        assert_eq!(with_times_in("Australia/Sydney", said), shown);
        for as_it_is in [
            "",
            "On 2026-10-25 at 19:42.",
            "2026-10-25 19:42:20, 2026-10-25 19:42:20 UTC",
            "2026-10-25 19:42:20 UTCX",
            "EVT-2026-10-25T19:42:20Z9",
            "X2026-10-25T19:42:20Z",
            "2026-13-25T19:42:20Z",
            "UTC+2: 1.5 \u{2013} Zürich T. 12:00",
        ] {
            assert_eq!(with_plain_times(as_it_is), as_it_is);
        }
    }
}
