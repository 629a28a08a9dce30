//! Numbers and times as this browser's own `Intl` knows them.

use crate::text::{
    amount, day_in, decimal, instant_in, instant_to_type, known_locales, names_its_offset, notation_by,
    read_local, read_to_the_millisecond, sum, sum_in_line, zone_note,
};
use chrono::{DateTime, Utc};
use js_sys::{Array, Function, Intl, Object, Reflect};
use rest_contract::{ExactSum, TypedProblem, read_decimal};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// What the native tests take for the notation of each locale.
const NOTATIONS: &str = include_str!("../../crates/rest-contract/tests/notations.txt");

/// A number of every scale that this test uses, as `Intl` itself writes it: from its digits, exactly.
fn as_intl_writes(locales: &Array, plain: &str) -> String {
    let options = Object::new();
    Reflect::set(&options, &"maximumFractionDigits".into(), &20.into()).unwrap();
    let format = Intl::NumberFormat::new(locales, &options);
    let format: Function = Reflect::get(&format, &"format".into()).unwrap().unchecked_into();
    format.call1(&JsValue::NULL, &plain.into()).unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
fn an_amount_of_nothing_has_the_decimals_of_its_currency_and_no_other_digit_is_touched() {
    for (came, currency, shown) in [
        ("0", "EUR", "0.00"),
        ("0.0", "EUR", "0.00"),
        ("0.0000", "EUR", "0.0000"),
        ("0", "JPY", "0"),
        ("0.00", "JPY", "0.00"),
        ("0", "KWD", "0.000"),
        ("5", "EUR", "5"),
        ("-0.125", "EUR", "-0.125"),
        ("0", "", "0"),
        ("0", "None", "0"),
        ("0", "\u{20ac}", "0"),
    ] {
        let [came, wanted] = [came, shown].map(|digits| read_decimal(digits).unwrap());
        assert_eq!(amount(&came, currency), decimal(&wanted), "{came} {currency}");
    }
    let mut nothing = ExactSum::default();
    nothing.add(read_decimal("0").unwrap());
    assert_eq!(sum(&nothing, "KWD"), decimal(&read_decimal("0.000").unwrap()));
    let in_line = sum_in_line(&nothing, "EUR", 4);
    assert_eq!(in_line, decimal(&read_decimal("0.00").unwrap()) + "\u{2007}\u{2007}");
}

fn locales() -> impl Iterator<Item = (&'static str, Array)> {
    let names = NOTATIONS.lines().map(|line| line.split_once(' ').unwrap().0);
    names.map(|name| (name, Array::of1(&name.into())))
}

#[wasm_bindgen_test]
fn the_table_of_the_native_tests_is_what_the_browser_says() {
    for (name, locale) in locales() {
        let found = notation_by(Some(&locale), None);
        let code = |sign: char| format!("{:x}", u32::from(sign));
        let found = [
            name.to_owned(),
            code(found.decimal),
            found.group.map(code).unwrap_or_default(),
            found.last_group.to_string(),
            found.other_groups.to_string(),
            found.minimum_grouping.to_string(),
            code(found.digits[0]),
        ];
        let found = found.join(" ");
        // Chromium and Firefox may know signs of different years.
        assert!(NOTATIONS.lines().any(|line| line == found), "{found} is not in notations.txt");
    }
}

#[wasm_bindgen_test]
fn numbers_are_written_as_intl_writes_them_and_read_back() {
    let numbers = [
        "0",
        "7",
        "123",
        "1234",
        "12345",
        "123456",
        "1234567.5",
        "-1234.5",
        "-0.001",
        "0.125",
        "99999",
        "-100000",
        "9007199254740993",
        "-12345678901234567.89",
        "1.00000000001",
        "1000.001",
    ];
    for (name, locale) in locales() {
        let notation = notation_by(Some(&locale), None);
        for plain in numbers {
            let theirs = as_intl_writes(&locale, plain);
            // Our columns run from left to right, and a minus is one in every locale.
            let marks = ['\u{200e}', '\u{200f}', '\u{61c}'];
            let without_marks = theirs.replace(marks, "").replace('-', "\u{2212}");
            assert_eq!(notation.write(plain), without_marks, "{name} {plain}");
            for text in [theirs, notation.write(plain), notation.write_to_type(plain)] {
                match notation.read(&text) {
                    Ok(read) => assert_eq!(read, plain, "{name} {text}"),
                    Err(TypedProblem::TwoReadings { .. }) => {
                        assert_eq!(notation.group, Some('.'), "{name} {text}");
                    }
                    Err(problem) => panic!("{name} {text} {problem}"),
                }
            }
            assert!(read_decimal(&notation.read(&notation.write_to_type(plain)).unwrap()).is_ok());
        }
    }
}

fn at(text: &str) -> DateTime<Utc> {
    rest_contract::read_date_time(text).unwrap()
}

#[wasm_bindgen_test]
fn an_instant_is_exact_to_the_digit_that_came() {
    let shown = [
        (
            "2026-10-01T08:30:00.000500+00:00",
            "Europe/Berlin",
            "2026-10-01 10:30:00.000500 Europe/Berlin, UTC+02:00",
        ),
        (
            "2026-10-01T08:29:59.999999999+00:00",
            "Europe/Berlin",
            "2026-10-01 10:29:59.999999999 Europe/Berlin, UTC+02:00",
        ),
        (
            "2026-10-01T08:30:00.999500+00:00",
            "Asia/Kolkata",
            "2026-10-01 14:00:00.999500 Asia/Kolkata, UTC+05:30",
        ),
        (
            "2026-10-01T08:30:00.001+00:00",
            "America/St_Johns",
            "2026-10-01 06:00:00.001 America/St_Johns, UTC\u{2212}02:30",
        ),
        (
            "1969-12-31T23:59:59.000001+00:00",
            "America/New_York",
            "1969-12-31 18:59:59.000001 America/New_York, UTC\u{2212}05:00",
        ),
        (
            "1960-01-01T00:00:00.0005+00:00",
            "Europe/Berlin",
            "1960-01-01 01:00:00.000500 Europe/Berlin, UTC+01:00",
        ),
        // Midnight begins a day, and ends none.
        ("2026-10-24T22:00:00+00:00", "Europe/Berlin", "2026-10-25 00:00:00 Europe/Berlin, UTC+02:00"),
        ("2026-10-01T08:30:00+00:00", "", "2026-10-01 08:30:00 UTC"),
    ];
    for (wire, zone, text) in shown {
        let instant = at(wire);
        assert_eq!(instant_in(&instant, zone), text);
        let read = read_local(&instant_to_type(&instant, zone), zone);
        // What no system keeps is shown, and not taken when it is typed.
        let is_kept = instant.timestamp_subsec_nanos().is_multiple_of(1_000);
        assert_eq!(read.ok(), is_kept.then_some(instant), "{text}");
    }
}

#[wasm_bindgen_test]
fn what_an_editor_begins_with_reads_back_around_every_change_of_a_clock() {
    for zone in [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
        "UTC",
        "Mars/Olympus",
    ] {
        // Every day of a year, and every quarter of an hour of a day on which the clock changes; each off
        // the second by some microseconds.
        let begin = at("2026-01-01T00:00:00.000250+00:00");
        for day in 0..365 {
            let begin = begin + chrono::Duration::days(day);
            let changes = zone_note(&begin, zone) != zone_note(&(begin + chrono::Duration::days(1)), zone);
            for quarter in (0..4 * 24).step_by(if changes { 1 } else { 48 }) {
                let instant = begin + chrono::Duration::minutes(15 * quarter);
                assert_eq!(
                    read_local(&instant_to_type(&instant, zone), zone),
                    Ok(instant),
                    "{zone} {instant}"
                );
            }
        }
    }
}

#[wasm_bindgen_test]
fn a_time_of_which_digits_are_missing_or_too_many_is_refused() {
    for text in [
        "26-10-01 08:30",
        "202-10-01 08:30",
        "+2026-10-01 08:30",
        "2026-10-1 08:30",
        "2026-10-01 14:3",
        "2026-10-01 14:30:5",
        "2026-10-01 08:30:00.1234567",
        "2026-10-01 08:30:00.1234567 +02:00",
        "2026-10-01 08:30:00.1234567891",
    ] {
        assert!(read_local(text, "UTC").is_err(), "{text}");
    }
    assert_eq!(read_local("2026-10-01 8:30+02:00", "UTC"), Ok(at("2026-10-01T06:30:00Z")));
}

#[wasm_bindgen_test]
fn a_time_that_comes_twice_or_never_is_refused() {
    let refused = |text: &str, zone: &str| read_local(text, zone).unwrap_err();
    assert_eq!(
        refused("2026-10-25 02:30", "Europe/Berlin"),
        "This time comes twice in Europe/Berlin, when the clock goes back. Type 2026-10-25 02:30 +02:00 or 2026-10-25 02:30 +01:00."
    );
    assert!(
        refused("2026-11-01 01:15:00", "America/New_York")
            .contains("01:15:00 -04:00 or 2026-11-01 01:15:00 -05:00")
    );
    assert!(refused("2026-04-05 01:45", "Australia/Lord_Howe").contains("+11:00 or 2026-04-05 01:45 +10:30"));
    for (text, zone) in [
        ("2026-03-29 02:30", "Europe/Berlin"),
        ("2026-03-08 02:00", "America/New_York"),
        ("2011-12-30 12:00", "Pacific/Apia"),
    ] {
        assert!(refused(text, zone).contains("does not exist"), "{text}");
    }
    assert_eq!(read_local("2026-10-25 02:30 +02:00", "Europe/Berlin"), Ok(at("2026-10-25T00:30:00Z")));
    assert_eq!(read_local("2026-10-25 02:30 +01:00", "Europe/Berlin"), Ok(at("2026-10-25T01:30:00Z")));
    for text in ["2026-02-29 10:00", "2016-12-31 23:59:60", "2016-12-31 23:59:60Z", "tomorrow", "2026-10-01"]
    {
        assert!(refused(text, "Europe/Berlin").contains("not a date and time that exists"), "{text}");
    }
}

#[wasm_bindgen_test]
fn a_time_that_names_its_offset_is_told_from_one_that_rests_on_a_zone() {
    for text in ["2026-10-01 08:30Z", "2026-10-01 08:30:00.5 +02:00", "2026-10-01T08:30-05:30"] {
        assert!(names_its_offset(text), "{text}");
    }
    for text in ["2026-10-01 08:30", "2026-10-01 08:30:00.5", "soon", "", "12.5", "2026-10-01"] {
        assert!(!names_its_offset(text), "{text}");
    }
}

#[wasm_bindgen_test]
fn digits_that_a_wire_would_lose_are_refused() {
    assert_eq!(read_to_the_millisecond("2026-10-01 08:30:00.125"), Ok(at("2026-10-01T08:30:00.125Z")));
    for text in ["2026-10-01 08:30:00.000500", "2026-10-01 08:30:00.1234", "2026-10-01T08:30:00.000000001Z"] {
        assert!(read_to_the_millisecond(text).unwrap_err().contains("to the millisecond"), "{text}");
    }
}

#[wasm_bindgen_test]
fn a_zone_that_the_browser_does_not_know_is_told() {
    let instant = at("2026-10-01T15:48:30+00:00");
    assert_eq!(
        instant_in(&instant, "Mars/Olympus"),
        "2026-10-01 15:48:30 UTC (Mars/Olympus is not known to this browser)"
    );
    assert_eq!(zone_note(&instant, "Mars/Olympus"), "UTC (Mars/Olympus is not known to this browser)");
    assert_eq!(instant_to_type(&instant, "Mars/Olympus"), "2026-10-01 15:48:30 +00:00");
    assert_eq!(day_in(&instant, "Mars/Olympus"), None);
    assert!(
        read_local("2026-10-01 15:48", "Mars/Olympus")
            .unwrap_err()
            .contains("does not know the time zone Mars/Olympus")
    );
    // By whatever name this browser knows it.
    for (zone, text) in [
        ("Europe/Kyiv", "+03:00"),
        ("Europe/Kiev", "+03:00"),
        ("Asia/Calcutta", "+05:30"),
        ("America/Nuuk", "\u{2212}01:00"),
        ("Japan", "+09:00"),
    ] {
        assert_eq!(zone_note(&instant, zone), format!("{zone}, UTC{text}"));
    }
}

#[wasm_bindgen_test]
fn times_are_written_as_the_readers_of_a_language_write_them_and_read_back() {
    for (tag, shown) in [
        ("en-US", "09/05/2026 14:03:07.250"),
        ("en-GB", "05/09/2026 14:03:07.250"),
        ("de-DE", "05.09.2026 14:03:07,250"),
        ("ja-JP", "2026/09/05 14:03:07.250"),
        ("sv-SE", "2026-09-05 14:03:07,250"),
    ] {
        let locales = known_locales(tag).unwrap();
        let times = notation_by(None, Some(&locales)).times;
        let machine = "2026-09-05 14:03:07.250";
        assert_eq!(times.write(machine), shown, "{tag}");
        assert_eq!(times.read(shown), machine, "{tag}");
    }
    for odd in ["", "e", "de_DE", "<b>", "x-nothing-of-the-kind"] {
        assert!(known_locales(odd).is_none(), "{odd}");
    }
}
