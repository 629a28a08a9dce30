//! Sums with every digit.

use rust_decimal::Decimal;

/// One, in the smallest place that a decimal can have.
pub(super) const FRACTION: i128 = 10_i128.pow(PLACES as u32);
const PLACES: usize = 28;
/// How many of the smallest places are one of the last of so many decimal places.
const PLACES_BELOW: [i128; PLACES + 1] = {
    let mut below = [1; PLACES + 1];
    let mut places = PLACES;
    while places > 0 {
        below[places - 1] = below[places] * 10;
        places -= 1;
    }
    below
};

/// A sum of decimals that is exact, always: there is room for as many of the largest and of the smallest
/// ones as a table can have rows, so it never overflows and does not depend on the order of adding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum {
    /// The next whole number below.
    whole: i128,
    /// What is above it, in the smallest places: at least nought, less than one.
    fraction: i128,
}

impl Sum {
    pub fn add(&mut self, value: Decimal) {
        let (whole, fraction) = split(value);
        *self = Self::of(self.whole + whole, self.fraction + fraction);
    }

    pub fn subtract(&mut self, value: Decimal) {
        let (whole, fraction) = split(value);
        *self = Self::of(self.whole - whole, self.fraction - fraction);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Sum) {
        *self = Self::of(self.whole + other.whole, self.fraction + other.fraction);
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The digits, with at least so many decimal places, and as many as it takes.
    pub fn text(self, least_places: u32) -> String {
        let (sign, whole, fraction) = match self {
            Sum { whole, fraction } if whole >= 0 => ("", whole, fraction),
            Sum { whole, fraction: 0 } => ("-", -whole, 0),
            Sum { whole, fraction } => ("-", -(whole + 1), FRACTION - fraction),
        };
        let digits = format!("{fraction:0>PLACES$}");
        let places = digits.trim_end_matches('0').len().max((least_places as usize).min(PLACES));
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", &digits[..places]) }
    }

    /// As a decimal, where it is not longer than one can be.
    pub fn decimal(self) -> Option<Decimal> {
        Decimal::from_str_exact(&self.text(0)).ok()
    }

    /// So many of the last one of `scale` decimal places.
    pub(super) fn of_mantissa(mantissa: i128, scale: u32) -> Self {
        // Most sums are short, and long division is slow.
        if let (Ok(mantissa), Some(tens)) = (i64::try_from(mantissa), 10_i64.checked_pow(scale)) {
            let fraction = i128::from(mantissa.rem_euclid(tens)) * PLACES_BELOW[scale as usize];
            return Self { whole: mantissa.div_euclid(tens).into(), fraction };
        }
        let tens = 10_i128.pow(scale);
        Self {
            whole: mantissa.div_euclid(tens),
            fraction: mantissa.rem_euclid(tens) * PLACES_BELOW[scale as usize],
        }
    }

    fn of(whole: i128, fraction: i128) -> Self {
        let more = if fraction < 0 { -1 } else { i128::from(fraction >= FRACTION) };
        Self { whole: whole + more, fraction: fraction - more * FRACTION }
    }
}

/// The next whole number below, and what is above it in the smallest places.
pub(super) fn split(value: Decimal) -> (i128, i128) {
    let Sum { whole, fraction } = Sum::of_mantissa(value.mantissa(), value.scale());
    (whole, fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], places: u32, expected: &str) {
        let values: Vec<Decimal> = values.iter().map(|value| value.parse().unwrap()).collect();
        let mut sum = Sum::default();
        values.iter().for_each(|value| sum.add(*value));
        assert_eq!(sum.text(places), expected);
        let mut halves = [Sum::default(); 2];
        values.iter().rev().enumerate().for_each(|(at, value)| halves[at % 2].add(*value));
        halves[0].merge(halves[1]);
        assert_eq!(halves[0], sum);
        values.iter().for_each(|value| sum.subtract(*value));
        assert!(sum.is_zero());
    }

    #[test]
    fn sums_keep_every_digit() {
        check(&[], 0, "0");
        check(&[], 2, "0.00");
        check(&["1.10", "2.205"], 2, "3.305");
        check(&["5749.99", "2"], 2, "5751.99");
        check(&["0.05", "-0.10"], 0, "-0.05");
        check(&["-3", "3.00"], 2, "0.00");
        check(&["-2.5", "-0.5"], 0, "-3");
        check(&["9000000000000000000", "9000000000000000000"], 0, "18000000000000000000");
        check(&["1", "1", "0.000000000001"], 2, "2.000000000001");
        // More digits than 64 bits hold, and more places than 64 bits have powers of ten for.
        check(&["1234.12345678901234567890", "-0.5"], 2, "1233.6234567890123456789");
        check(&["0.00000000000000000005", "-7"], 0, "-6.99999999999999999995");
        let most = "79228162514264337593543950335";
        check(
            &[most, most, "0.0000000000000000000000000001"],
            0,
            "158456325028528675187087900670.0000000000000000000000000001",
        );
        check(
            &["-79228162514264337593543950335", "-0.0000000000000000000000000001"],
            40,
            "-79228162514264337593543950335.0000000000000000000000000001",
        );
    }

    #[test]
    fn a_sum_is_a_decimal_as_long_as_it_has_room() {
        let mut sum = Sum::default();
        assert!(sum.is_zero());
        sum.add("-1.50".parse().unwrap());
        assert!(!sum.is_zero());
        assert_eq!(sum.decimal(), Some("-1.5".parse().unwrap()));
        (0..2).for_each(|_| sum.add(Decimal::MAX));
        assert_eq!(sum.decimal(), None);
        let mut sum = Sum::default();
        sum.subtract(Decimal::new(1, 28));
        assert_eq!(sum.decimal(), Some(Decimal::new(-1, 28)));
    }
}
