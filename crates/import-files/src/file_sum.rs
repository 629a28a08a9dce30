//! The sum of a file's amounts, to the last digit of each cell.

use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Adds amounts of any number of digits, those too that no event can hold: of what is loaded and what is
/// refused nothing may be missing. It is our own because a crate for numbers of any length weighs in the browser more
/// than all else that adds up here.
#[derive(Clone, Debug, Default)]
pub struct FileSum {
    /// Nine digits each, by their place from the point: 0 are those before it, -1 those behind. They are carried over
    /// when the sum is written.
    groups: BTreeMap<i32, i128>,
    places: usize,
    /// How many amounts it is of.
    amounts: u64,
    left_out: u32,
}

/// More than any cell spells out. An exponent of a few letters could ask for more than a machine has.
const MOST_PLACES: usize = 10_000;
/// Digits of a group, and what they are less than.
const GROUP: usize = 9;
const LIMIT: i128 = 1_000_000_000;

impl FileSum {
    pub fn add(&mut self, amount: Decimal) {
        self.add_digits(Some(&amount.to_string()));
    }

    /// Adds an amount in machine notation; one that is none is counted.
    pub fn add_digits(&mut self, digits: Option<&str>) {
        match digits.and_then(PlainDigits::of) {
            Some(amount) => self.add_plain(&amount),
            None => self.left_out += 1,
        }
    }

    /// Takes an amount out that was added.
    pub fn take(&mut self, amount: Decimal) {
        self.add(-amount);
        self.amounts = self.amounts.saturating_sub(2);
    }

    /// Whether it is of no amount.
    pub fn is_empty(&self) -> bool {
        self.amounts == 0 && self.left_out == 0
    }

    fn add_plain(&mut self, amount: &PlainDigits) {
        self.amounts += 1;
        self.places = self.places.max(amount.fraction.len());
        let whole = amount.whole.as_bytes().rchunks(GROUP).zip(0..);
        let fraction = amount.fraction.as_bytes().chunks(GROUP).zip(1..);
        let whole = whole.map(|(digits, place)| (place, value(digits)));
        let fraction = fraction.map(|(digits, place): (_, i32)| {
            let missing = (digits.len()..GROUP).fold(1, |factor, _| factor * 10);
            (-place, value(digits) * missing)
        });
        for (place, group) in whole.chain(fraction) {
            *self.groups.entry(place).or_default() += if amount.is_negative { -group } else { group };
        }
    }

    /// How many amounts the sum lacks because they could not be read.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The sum's digits, with as many decimals as the longest amount had.
    pub fn text(&self) -> String {
        let (mut groups, is_negative) = match self.carried(1) {
            (groups, 0) => (groups, false),
            _ => (self.carried(-1).0, true),
        };
        let fraction_groups = self.places.div_ceil(GROUP);
        let whole = groups.split_off(fraction_groups.min(groups.len()));
        let written =
            |groups: &[i128]| groups.iter().rev().map(|group| format!("{group:09}")).collect::<String>();
        let (whole, fraction) = (written(&whole), written(&groups));
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = fraction.get(..self.places).unwrap_or_default();
        let sign = if is_negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// The groups times a sign, each below its limit, from the last place on; and what is carried over beyond the
    /// first, which is below 0 for a negative sum.
    fn carried(&self, sign: i128) -> (Vec<i128>, i128) {
        let lowest = -i32::try_from(self.places.div_ceil(GROUP)).unwrap_or_default();
        let highest = self.groups.keys().next_back().copied().unwrap_or_default().max(0) + 3;
        let mut carry = 0;
        let groups = (lowest..=highest).map(|place| {
            let group = self.groups.get(&place).copied().unwrap_or_default() * sign + carry;
            carry = group.div_euclid(LIMIT);
            group.rem_euclid(LIMIT)
        });
        (groups.collect(), carry)
    }
}

fn value(digits: &[u8]) -> i128 {
    digits.iter().fold(0, |value, digit| value * 10 + i128::from(digit - b'0'))
}

/// A number's digits on both sides of its point, with the exponent worked out.
struct PlainDigits {
    is_negative: bool,
    whole: String,
    fraction: String,
}

impl PlainDigits {
    fn of(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        let shift = usize::try_from(exponent.unsigned_abs()).ok()?;
        if !(is_plain(whole) && is_plain(fraction)) || whole.is_empty() || shift.max(text.len()) > MOST_PLACES
        {
            return None;
        }
        let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
        if exponent > 0 {
            let moved = fraction.len().min(shift);
            whole += fraction.get(..moved)?;
            whole.extend(std::iter::repeat_n('0', shift - moved));
            fraction.drain(..moved);
        } else {
            let missing = (shift + 1).saturating_sub(whole.len());
            whole = "0".repeat(missing) + &whole;
            fraction = whole.split_off(whole.len() - shift) + &fraction;
        }
        Some(Self { is_negative: mantissa.starts_with('-'), whole, fraction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_keep_every_digit_and_count_what_is_none() {
        let sum = |amounts: &[&str]| {
            let mut sum = FileSum::default();
            amounts.iter().for_each(|amount| sum.add_digits(Some(amount)));
            (sum.text(), sum.left_out())
        };
        let of = |text: &str, left_out| (text.to_owned(), left_out);
        assert_eq!(sum(&[]), of("0", 0));
        assert_eq!(sum(&["1.10", "2.205"]), of("3.305", 0));
        assert_eq!(sum(&["-3", "3.00"]), of("0.00", 0));
        assert_eq!(
            sum(&["1234567890123456789012345678901.5", "-0.0000000000000000000000000000000000000001"]),
            of("1234567890123456789012345678901.4999999999999999999999999999999999999999", 0)
        );
        assert_eq!(sum(&["1e3", "1e-3", "1e999999999", "1e-999999999", "x"]), of("1000.001", 3));
        // What is added up in groups is what it would be digit by digit.
        assert_eq!(sum(&["999999999.999999999", "0.000000001"]), of("1000000000.000000000", 0));
        assert_eq!(sum(&["-999999999.999999999", "-0.000000001"]), of("-1000000000.000000000", 0));
        assert_eq!(sum(&["1000000000000000000", "-1"]), of("999999999999999999", 0));
        assert_eq!(sum(&["0.1", "-1000000000000000000000"]), of("-999999999999999999999.9", 0));
        assert_eq!(sum(&["12.5E1", "1.5e-10"]), of("125.00000000015", 0));
        let mut sum = FileSum::default();
        sum.add("-0.050".parse().expect("a decimal"));
        sum.add_digits(None);
        assert_eq!((sum.text(), sum.left_out()), of("-0.050", 1));
    }

    proptest! {
        #[test]
        fn it_is_what_a_crate_for_numbers_of_any_length_says(
            amounts in prop::collection::vec("-?[0-9]{1,30}(\\.[0-9]{1,30})?", 0..12)
        ) {
            let mut sum = FileSum::default();
            amounts.iter().for_each(|amount| sum.add_digits(Some(amount)));
            let expected: bigdecimal::BigDecimal =
                amounts.iter().map(|amount| amount.parse::<bigdecimal::BigDecimal>().unwrap()).sum();
            let found = sum.text().parse::<bigdecimal::BigDecimal>().unwrap();
            prop_assert_eq!(found, expected, "{}", sum.text());
        }
    }
}
