//! Decimals and counts. The digits are the value's own; only separators are added.

use js_sys::{Array, Intl, Object, Reflect};
use rest_contract::ExactSum;
use rust_decimal::Decimal;
use wasm_bindgen::JsValue;

thread_local! {
    /// The reader's separators, asked for once: making an `Intl` object is slow.
    static SEPARATORS: Separators = Separators::of_the_reader();
}

struct Separators {
    group: String,
    point: String,
}

impl Separators {
    fn of_the_reader() -> Self {
        let part = |parts: &Array, wanted: &str| {
            parts.iter().find_map(|part| {
                let get = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok()?.as_string();
                (get("type")? == wanted).then(|| get("value"))?
            })
        };
        let format = Intl::NumberFormat::new(&Array::new(), &Object::new());
        let parts = format.format_to_parts(1_234_567.5);
        Self {
            group: part(&parts, "group").unwrap_or_else(|| ",".to_owned()),
            point: part(&parts, "decimal").unwrap_or_else(|| ".".to_owned()),
        }
    }
}

/// A decimal with every digit it has, grouped as the reader's locale does, with a real minus sign,
/// and filled up with figure spaces so that the points of a column stand in line where its values
/// have at most `places` decimals. A value with more keeps them all.
pub fn decimal_in_line(value: &Decimal, places: usize) -> String {
    in_line(&value.to_string(), places)
}

/// The same for a sum of one row.
pub fn sum_in_line(value: &ExactSum, places: usize) -> String {
    value.text().map_or_else(|| sum(value), |text| in_line(&text, places))
}

fn in_line(plain: &str, places: usize) -> String {
    let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let mut text = SEPARATORS.with(|separators| grouped(plain, separators));
    if decimals == 0 && places > 0 {
        text.push('\u{2008}');
    }
    text.extend(std::iter::repeat_n('\u{2007}', places.saturating_sub(decimals)));
    text
}

/// A sum per currency; nothing is shown in the place of one that would not be exact.
pub fn sum(value: &ExactSum) -> String {
    match value.text() {
        Some(text) => SEPARATORS.with(|separators| grouped(&text, separators)),
        None => "more digits than can be added exactly".to_owned(),
    }
}

/// A whole number, grouped.
pub fn count(value: impl TryInto<i64>) -> String {
    let value: i64 = value.try_into().unwrap_or(i64::MAX);
    SEPARATORS.with(|separators| grouped(&value.to_string(), separators))
}

fn grouped(plain: &str, separators: &Separators) -> String {
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => ("\u{2212}", rest),
        None => ("", plain),
    };
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(plain.len() + 8);
    text.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push_str(&separators.group);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push_str(&separators.point);
        text.push_str(fraction);
    }
    text
}
/// How many events, in words: `1 event`, `1,234 events`.
pub fn events(number: usize) -> String {
    match number {
        1 => "1 event".to_owned(),
        number => format!("{} events", count(number as u64)),
    }
}
