//! Decimals and counts as the reader's locale writes them. The digits are the value's own; only signs
//! are added.

use js_sys::{Array, Intl, Object, Reflect};
use rest_contract::{ExactSum, Notation};
use rust_decimal::Decimal;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// The reader's notation, asked for once: making an `Intl` object is slow.
    static OF_THE_READER: RefCell<Notation> = RefCell::new(notation_of(&Array::new()));
    /// How many decimals the amounts of each currency have that was asked for.
    static MINOR_UNITS: RefCell<Vec<(String, usize)>> = RefCell::default();
}

/// Looks at how the reader of this browser has numbers and times written.
pub fn with_notation<T>(look: impl FnOnce(&Notation) -> T) -> T {
    OF_THE_READER.with_borrow(look)
}

/// From now on numbers and times are written and read so.
pub fn read_by(notation: Notation) {
    OF_THE_READER.set(notation);
}

/// How the first of these locales that the browser knows writes numbers; without any, the reader's own. Times are in
/// machine notation, unless somebody chooses another one.
pub fn notation_of(locales: &Array) -> Notation {
    let english = Notation::ENGLISH;
    let format = Intl::NumberFormat::new(locales, &Object::new());
    let parts = |number: f64| format.format_to_parts(number); // exact-in-double: eleven digits at most
    // Eleven digits show two groups and how many digits each has, whatever the locale.
    let many = parts(12_345_678_901.5);
    let sign = |wanted: &str| texts(&many, wanted).next()?.chars().next();
    let mut sizes =
        texts(&many, "integer").map(|group| group.chars().count()).collect::<Vec<_>>().into_iter().rev();
    let (last, other) = (sizes.next(), sizes.next());
    let begins_at = |digits: &i32| texts(&parts(10_f64.powi(*digits)), "group").next().is_some();
    let group = sign("group");
    let last_group = last.filter(|_| group.is_some()).unwrap_or(english.last_group);
    Notation {
        decimal: sign("decimal").unwrap_or(english.decimal),
        group,
        last_group,
        other_groups: other.unwrap_or(english.other_groups),
        minimum_grouping: (1..4)
            .find(|more| begins_at(&(last_group as i32 + more - 1)))
            .map_or(1, |more| more as usize),
        digits: std::array::from_fn(|digit| {
            let written = texts(&parts(digit as f64), "integer").next(); // exact-in-double: one digit
            written.and_then(|text| text.chars().next()).unwrap_or(english.digits[digit])
        }),
        times: english.times,
    }
}

/// What stands in the parts of one type.
pub(super) fn texts(parts: &Array, wanted: &str) -> impl Iterator<Item = String> {
    parts.iter().filter_map(move |part| {
        let get = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok()?.as_string();
        (get("type")? == wanted).then(|| get("value"))?
    })
}

/// A decimal with every digit it has.
pub fn decimal(value: &Decimal) -> String {
    written(&value.to_string())
}

/// The same, filled up with figure spaces so that the points of a column stand in line where its values
/// have at most `places` decimals. A value with more keeps them all.
pub fn decimal_in_line(value: &Decimal, places: usize) -> String {
    in_line(&value.to_string(), places)
}

/// The same for a sum of one row, in a currency.
pub fn sum_in_line(value: &ExactSum, currency: &str, places: usize) -> String {
    match value.text() {
        Some(text) if value.left_out() == 0 => in_line(&amount_digits(text, currency), places),
        _ => sum(value, currency),
    }
}

/// An amount of a currency, with every digit it has.
pub fn amount(value: &Decimal, currency: &str) -> String {
    written(&amount_digits(value.to_string(), currency))
}

/// The digits as they came. Nothing alone is filled up to the decimals that other amounts of its currency have.
fn amount_digits(mut plain: String, currency: &str) -> String {
    if !plain.contains(|digit| matches!(digit, '1'..='9')) {
        let decimals = decimals_of(&plain);
        let wanted = minor_units(currency);
        if decimals == 0 && wanted > 0 {
            plain.push('.');
        }
        plain.extend(std::iter::repeat_n('0', wanted.saturating_sub(decimals)));
    }
    plain
}

/// As the browser knows the currency; none for what is no code of one.
fn minor_units(currency: &str) -> usize {
    // Intl throws at anything but three letters.
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return 0;
    }
    MINOR_UNITS.with_borrow_mut(|known| {
        if let Some((_, units)) = known.iter().find(|(code, _)| code == currency) {
            return *units;
        }
        let options = Object::new();
        for (name, value) in [("style", "currency"), ("currency", currency)] {
            let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        let nothing = Intl::NumberFormat::new(&Array::new(), &options).format_to_parts(0.0); // exact-in-double: nothing
        let units = texts(&nothing, "fraction").next().map_or(0, |digits| digits.chars().count());
        known.push((currency.to_owned(), units));
        units
    })
}

fn decimals_of(plain: &str) -> usize {
    plain.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

fn in_line(plain: &str, places: usize) -> String {
    let decimals = decimals_of(plain);
    let mut text = written(plain);
    if decimals == 0 && places > 0 {
        text.push('\u{2008}');
    }
    text.extend(std::iter::repeat_n('\u{2007}', places.saturating_sub(decimals)));
    text
}

/// A sum of a currency; nothing is shown in the place of one that would not be exact, and amounts that
/// could not be read are said to be missing from it.
pub fn sum(value: &ExactSum, currency: &str) -> String {
    let text = match value.text() {
        Some(text) => written(&amount_digits(text, currency)),
        None => "more digits than can be added exactly".to_owned(),
    };
    match value.left_out() {
        0 => text,
        1 => format!("{text} (without 1 amount that could not be read)"),
        more => format!("{text} (without {} amounts that could not be read)", count(more)),
    }
}

/// What a server sent and nobody understands, marked by a sign. A tone would set a second one.
pub fn unread_text(token: &str) -> String {
    format!("\u{26a0} {token}")
}

/// What a currency is called; a blank one has no name of its own.
pub fn currency_name(currency: &str) -> String {
    if currency.is_empty() { "No currency".to_owned() } else { currency.to_owned() }
}

/// Amounts in a sentence, such as "−0.04 USD, 12 JPY"; what has no currency says so.
pub fn amounts_in_words<'a>(amounts: impl IntoIterator<Item = (&'a String, &'a ExactSum)>) -> String {
    let each = amounts.into_iter().map(|(currency, amount)| match currency.as_str() {
        "" => format!("{} without a currency", sum(amount, "")),
        currency => format!("{} {currency}", sum(amount, currency)),
    });
    let each = each.collect::<Vec<_>>();
    if each.is_empty() { "no amount".to_owned() } else { each.join(", ") }
}

/// A whole number, grouped.
pub fn count(value: impl TryInto<i64>) -> String {
    let value: i64 = value.try_into().unwrap_or(i64::MAX);
    written(&value.to_string())
}

fn written(plain: &str) -> String {
    with_notation(|notation| notation.write(plain))
}

/// How many events, in words: `1 event`, `1,234 events`.
pub fn events(number: usize) -> String {
    match number {
        1 => "1 event".to_owned(),
        number => format!("{} events", count(number as u64)),
    }
}
