//! Orders decimal texts as numbers, digit by digit, so that no digit is ever lost to a float.

use std::cmp::Ordering;

/// Compares two canonical decimal texts (`-12.500`) by value: `1.50` equals `1.5`, `-2` < `-1`.
/// Anything that is not a digit, a sign or a point counts as text after all numbers, so that the
/// order stays total whatever the column holds.
pub fn compare_decimal_text(left: &str, right: &str) -> Ordering {
    match (Parts::of(left), Parts::of(right)) {
        (Some(left), Some(right)) => left.compare(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

struct Parts<'a> {
    negative: bool,
    /// Without leading zeros.
    whole: &'a str,
    /// Without trailing zeros.
    fraction: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !zero, whole, fraction })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_size = || {
            self.whole
                .len()
                .cmp(&other.whole.len())
                .then_with(|| self.whole.cmp(other.whole))
                .then_with(|| self.fraction.cmp(other.fraction))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => by_size(),
            (true, true) => by_size().reverse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn orders_by_value_not_by_text() {
        let ascending = ["-10", "-9.5", "-0.001", "0", "0.0000008", "9", "10.000", "10.01", "100"];
        for pair in ascending.windows(2) {
            let [low, high] = pair else { continue };
            assert_eq!(compare_decimal_text(low, high), Ordering::Less, "{low} < {high}");
            assert_eq!(compare_decimal_text(high, low), Ordering::Greater, "{high} > {low}");
        }
        for (left, right) in [("1.50", "1.5"), ("-0", "0.00"), ("007", "7")] {
            assert_eq!(compare_decimal_text(left, right), Ordering::Equal, "{left} = {right}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_exact_arithmetic(a: i64, b: i64, scale_a in 0_u32..18, scale_b in 0_u32..18) {
            let (a, b) = (Decimal::new(a, scale_a), Decimal::new(b, scale_b));
            prop_assert_eq!(compare_decimal_text(&a.to_string(), &b.to_string()), a.cmp(&b));
        }

        #[test]
        fn is_antisymmetric_on_any_text(a in ".*", b in ".*") {
            prop_assert_eq!(compare_decimal_text(&a, &b), compare_decimal_text(&b, &a).reverse());
        }
    }
}
