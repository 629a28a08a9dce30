//! How a locale's readers write numbers and times, as the browser knows it: asked for when somebody chooses one.

use super::number::{notation_of, texts};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use rest_contract::{DayOrder, Notation, TimeForm};
use wasm_bindgen::{JsCast, JsValue};

/// The locales of a language tag, if it is one that the browser knows.
pub fn known_locales(tag: &str) -> Option<Array> {
    let named = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let format = named(&named(&js_sys::global(), "Intl")?, "NumberFormat")?;
    let supported: Function = named(&format, "supportedLocalesOf")?.dyn_into().ok()?;
    // It throws at what is no language tag.
    let known: Array = supported.call1(&format, &tag.into()).ok()?.dyn_into().ok()?;
    (known.length() > 0).then_some(known)
}

/// Numbers as one locale has them and times as another: none stands for the browser's own numbers, and for times in
/// machine notation.
pub fn notation_by(numbers: Option<&Array>, times: Option<&Array>) -> Notation {
    let of_numbers = notation_of(numbers.unwrap_or(&Array::new()));
    Notation { times: times.map_or(TimeForm::MACHINE, times_of), ..of_numbers }
}

/// How the first of these locales that the browser knows writes times; without any, the reader's own. What is no plain
/// order of three numbers is machine notation.
fn times_of(locales: &Array) -> TimeForm {
    let options = Object::new();
    for (name, value) in [
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
        ("hourCycle", "h23"),
        ("timeZone", "UTC"),
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
    ] {
        // An object of our own takes every name.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let _ = Reflect::set(&options, &"fractionalSecondDigits".into(), &3.into());
    let format = Intl::DateTimeFormat::new(locales, &options);
    let parts = format.format_to_parts(&Date::new(&JsValue::from_f64(0.0))); // exact-in-double: nothing
    form_of(&parts).unwrap_or(TimeForm::MACHINE)
}

fn form_of(parts: &Array) -> Option<TimeForm> {
    let place = |wanted: &str| {
        parts.iter().position(|part| {
            Reflect::get(&part, &"type".into()).is_ok_and(|kind| kind.as_string().as_deref() == Some(wanted))
        })
    };
    let behind = |wanted: &str| {
        let next = Array::of1(&parts.get(u32::try_from(place(wanted)? + 1).ok()?));
        texts(&next, "literal").next()
    };
    let (year, month, day) = (place("year")?, place("month")?, place("day")?);
    let (order, first) = if year < month && month < day {
        (DayOrder::YearMonthDay, "year")
    } else if day < month && month < year {
        (DayOrder::DayMonthYear, "day")
    } else if month < day && day < year {
        (DayOrder::MonthDayYear, "month")
    } else {
        return None;
    };
    // Marks of direction are for texts that run from right to left; columns of times do not.
    let signs = |wanted: &str| {
        let text = behind(wanted)?;
        Some(text.chars().filter(|sign| !matches!(sign, '\u{200e}' | '\u{200f}')).collect::<Vec<_>>())
    };
    let (between, is_spaced) = match signs(first)?.as_slice() {
        [sign] => (*sign, false),
        [sign, blank] if blank.is_whitespace() => (*sign, true),
        _ => return None,
    };
    let one_of = |wanted: &str, signs_of_it: [char; 2]| match signs(wanted)?.as_slice() {
        [sign] if signs_of_it.contains(sign) => Some(*sign),
        _ => None,
    };
    let is_sign = matches!(between, '.' | '/' | '-');
    is_sign.then_some(TimeForm {
        order,
        between,
        is_spaced,
        clock: one_of("hour", [':', '.']).unwrap_or(':'),
        fraction: one_of("second", ['.', ',']).unwrap_or('.'),
    })
}
