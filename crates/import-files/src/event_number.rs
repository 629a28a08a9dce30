//! The number of an event whose file gives it none.
//!
//! **The rule.** The number follows from what *identifies* the row: every cell with its column's name, but for the
//! measures (amounts, quantities, prices, rates). Rows of one file that are alike in all that are told apart by a
//! counter in the file's order: the first has the number alone, the next ones have `-2`, `-3` behind it. So
//! - the same file once more has the same numbers: nothing is new;
//! - a delivery with corrected amounts has the numbers of the first one: those rows are changed, not added again;
//! - two true rows that are equal are two events, and a third one in a later file is the only new one.
//!
//! What identifies a row is what a cell means, not how it is written ([`identifying`]): the moment in UTC, and a number
//! without noughts behind its point. So a month that came as CSV and comes again as a workbook is the same month.
//!
//! What it cannot tell: a second delivery that is meant *in addition*, and alike in all but its measures. Its rows
//! are told as loaded already, and never replace anything. And a row that is there under another number: because the
//! delivery says more than the first one, or an event was entered by hand. That is why the events of the file's time are
//! counted before anything is sent ([`crate::StartSpan`]).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::date_form::DateForm;
use crate::moment;

/// Gives the rows of one file their numbers.
#[derive(Debug, Default)]
pub struct RowNumbers(BTreeMap<u128, u32>);

impl RowNumbers {
    /// The number of the next row. `content` is the name and the text of each cell that identifies it, in the order
    /// of the names, so that the order of a file's columns tells nothing apart.
    pub(crate) fn next<'a>(
        &mut self,
        prefix: &str,
        content: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let content: Vec<_> =
            content.flat_map(|(name, text)| [Cow::Borrowed(name), identifying(text)]).collect();
        let content = hash(content.iter().map(|text| &**text));
        let seen = self.0.entry(content).or_default();
        *seen = seen.saturating_add(1);
        match *seen {
            1 => format!("{prefix}-{content:032x}"),
            more => format!("{prefix}-{content:032x}-{more}"),
        }
    }
}

/// The text that stands for all ways of writing the same: a moment of one order as its instant in UTC, a plain number
/// without noughts at its end, any other text without blanks around it. Noughts in front stay, for `0049` is a text.
pub(crate) fn identifying(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return Cow::Borrowed(text);
    }
    // Eight letters are the least of a date; to try every text as one would take long.
    let begins_as_date = text.bytes().take(8).all(|byte| byte.is_ascii_digit() || b"-/.".contains(&byte));
    let marks = |mark: char| text.matches(mark).count();
    let may_be_date = begins_as_date && ['-', '/', '.'].into_iter().any(|mark| marks(mark) >= 2);
    let date = match (DateForm::DayFirst.read(text), DateForm::MonthFirst.read(text)) {
        _ if !may_be_date => None,
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    };
    if let Some(at) = date.and_then(|date| moment::read(&date).ok()) {
        return at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string().into();
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) if is_digits(whole) && is_digits(fraction) => {
            Cow::Borrowed(text.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => Cow::Borrowed(text),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Words that a column of a measure ends in.
#[rustfmt::skip]
const MEASURES: [&str; 46] = [
    "amount", "amounts", "charge", "charges", "cost", "costs", "credits", "discount", "discounts", "fee", "fees", "gb",
    "gross", "hours", "mb", "net", "price", "prices", "qty", "quantity", "rate", "subtotal", "sum", "tax", "tb", "total",
    "totals", "units", "usage", "value", "vat", "volume",
    "betrag", "brutto", "gebühr", "kosten", "menge", "mwst", "netto", "preis", "rabatt", "steuer", "stunden", "summe",
    "ust", "wert",
];

/// Currencies that names of columns end in, behind the measure.
#[rustfmt::skip]
const CURRENCIES: [&str; 18] = [
    "aud", "brl", "cad", "chf", "cny", "czk", "dkk", "eur", "gbp", "inr", "jpy", "mxn", "nok", "pln", "sek", "sgd", "usd",
    "zar",
];

/// Whether a column's name says that it holds a measure: `BilledCost`, `unit price`, `costInBillingCurrency`,
/// `Amount (EUR)`, `Price per unit`.
pub fn is_measure(header: &str) -> bool {
    let before_brackets = header.split(['(', '[']).next().unwrap_or_default();
    let words = words(if before_brackets.trim().is_empty() { header } else { before_brackets });
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // What stands behind is the currency of an amount, or what a price is of.
    let end = words.iter().skip(1).position(|word| matches!(*word, "in" | "per")).map(|place| place + 1);
    let words = words.get(..end.unwrap_or(words.len())).unwrap_or_default();
    let words = match words {
        [before @ .., last] if CURRENCIES.contains(last) => before,
        all => all,
    };
    words.last().is_some_and(|last| MEASURES.contains(last)) || words.ends_with(&["mw", "st"])
}

/// The words of a name, in small letters: parted by signs, and by capitals as in `BilledCost`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The 128-bit FNV-1a hash of texts, each with its length. It is no seal: a row that is made to look
/// like another one only refuses itself.
pub(crate) fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> u128 {
    let add = |hash: u128, bytes: &[u8]| {
        bytes.iter().fold(hash, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
    };
    texts.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, text| {
        add(add(hash, &text.len().to_le_bytes()), text.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_known_by_the_last_word_of_a_columns_name() {
        for name in [
            "BilledCost",
            "amount",
            "Unit price",
            "x_EffectiveCostInUsd",
            "PricingQuantity",
            "x_BillingExchangeRate",
            "Net",
            "net_amount_EUR",
            "AmountUSD",
            "costInBillingCurrency",
            "Amount (EUR)",
            "Total [USD]",
            "(Amount)",
            "Price per unit",
            "Subtotal",
            "Charges",
            "GB",
            "CPU hours",
            "Preis",
            "Betrag",
            "MwSt",
            "Brutto",
        ] {
            assert!(is_measure(name), "{name}");
        }
        for name in [
            "ChargeDescription",
            "EUR",
            "Currency (EUR)",
            "Per",
            "Checked in",
            "Rate key",
            "Account (cost)",
            "CostCenter",
            "x_CostCategories",
            "ChargeCategory",
            "Account",
            "PricingUnit",
            "",
            "SkuPriceId",
        ] {
            assert!(!is_measure(name), "{name}");
        }
    }

    #[test]
    fn a_text_identifies_by_what_it_means() {
        for (text, meaning) in [
            ("2026-09-01", "2026-09-01T00:00:00Z"),
            ("2026-09-01 00:00:00", "2026-09-01T00:00:00Z"),
            ("2026-09-01T02:00:00.000+02:00", "2026-09-01T00:00:00Z"),
            ("2026-09-01 00:00:00 UTC", "2026-09-01T00:00:00Z"),
            ("01.09.2026", "2026-09-01T00:00:00Z"),
            ("15/09/2026", "2026-09-15T00:00:00Z"),
            ("05/09/2026", "05/09/2026"),
            (" 5.00 ", "5"),
            ("-1.10", "-1.1"),
            ("100", "100"),
            ("0049", "0049"),
            ("1.2.3", "1.2.3"),
            ("-", "-"),
            ("P 1.0", "P 1.0"),
        ] {
            assert_eq!(identifying(text), meaning, "{text}");
        }
    }

    #[test]
    fn a_number_follows_from_what_identifies_the_row() {
        let mut numbers = RowNumbers::default();
        let mut next =
            |account, product| numbers.next("ROW", [("Account", account), ("Product", product)].into_iter());
        let first = next("a", "P");
        assert_eq!(next("a", "P"), format!("{first}-2"));
        assert_eq!(next("a", "P"), format!("{first}-3"));
        assert_ne!(next("aP", ""), first);
        // A file that is loaded again next year must find these numbers.
        assert_eq!(first, "ROW-e5a037dc72444b5d8fa3b6c4fcdcad92");
    }
}
