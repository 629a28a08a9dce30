//! A sum of decimals that is exact or says that it is not.

use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Adds decimals without rounding. A decimal alone holds 28 digits and rounds a sum that needs
/// more; this holds 38, and past those the sum has no text at all. An amount that came and was not
/// understood cannot be added: the sum counts it, so that whoever shows the sum can say what it lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactSum {
    /// Units and decimal places; nothing once a sum needed more digits than there is room for.
    total: Option<(i128, u32)>,
    left_out: u32,
}

impl Default for ExactSum {
    fn default() -> Self {
        Self { total: Some((0, 0)), left_out: 0 }
    }
}

impl ExactSum {
    pub fn add(&mut self, value: Decimal) {
        self.merge(&Self { total: Some((value.mantissa(), value.scale())), left_out: 0 });
    }

    /// The sum that these digits are, such as `-12.50`, with so many amounts left out; not known where there are
    /// more of them than can be held.
    pub fn of(digits: &str, left_out: u32) -> Self {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let units = format!("{whole}{fraction}").parse().ok();
        Self { total: units.zip(u32::try_from(fraction.len()).ok()), left_out }
    }

    /// Counts an amount that belongs to the sum and could not be read.
    pub fn leave_out(&mut self) {
        self.left_out = self.left_out.saturating_add(1);
    }

    /// How many amounts the sum lacks because they could not be read.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.total = self.total.zip(other.total).and_then(|((sum, scale), (more, places))| {
            let common = scale.max(places);
            let sum = aligned(sum, scale, common)?;
            Some((sum.checked_add(aligned(more, places, common)?)?, common))
        });
    }

    /// The same with its sign turned.
    pub fn negated(self) -> Self {
        Self { total: self.total.map(|(sum, scale)| (-sum, scale)), ..self }
    }

    /// The same without its sign.
    pub fn size(self) -> Self {
        Self { total: self.total.map(|(sum, scale)| (sum.abs(), scale)), ..self }
    }

    /// So many times the sum.
    pub fn times(self, factor: u32) -> Self {
        let total = self.total.and_then(|(sum, scale)| Some((sum.checked_mul(factor.into())?, scale)));
        Self { total, ..self }
    }

    /// Half of the sum, with one decimal more where it takes one.
    pub fn half(self) -> Self {
        let half = |(sum, scale): (i128, u32)| {
            if sum % 2 == 0 { Some((sum / 2, scale)) } else { Some((sum.checked_mul(5)?, scale + 1)) }
        };
        Self { total: self.total.and_then(half), ..self }
    }

    /// Which of the two is larger without its sign, for an order by size; what is not known is largest.
    pub fn compare_sizes(&self, other: &Self) -> Ordering {
        let size = |sum: &Self| sum.total.map(|(units, scale)| (units.unsigned_abs(), scale));
        match (size(self), size(other)) {
            (Some((one, scale)), Some((another, places))) => {
                let common = scale.max(places);
                let lifted = |units: u128, from: u32| units.checked_mul(10_u128.checked_pow(common - from)?);
                // One that cannot be lifted is larger than any that can.
                lifted(one, scale).unwrap_or(u128::MAX).cmp(&lifted(another, places).unwrap_or(u128::MAX))
            }
            (one, another) => one.is_none().cmp(&another.is_none()),
        }
    }

    /// Whether it is known and nothing, with no amount left out.
    pub fn is_zero(&self) -> bool {
        self.left_out == 0 && self.total.is_some_and(|(sum, _)| sum == 0)
    }

    /// The sum's digits, with as many decimals as the longest amount had; nothing where it has more
    /// digits than can be held exactly.
    pub fn text(&self) -> Option<String> {
        let (sum, scale) = self.total?;
        let sign = if sum < 0 { "-" } else { "" };
        let digits = sum.unsigned_abs().to_string();
        let places = scale as usize;
        if places == 0 {
            return Some(format!("{sign}{digits}"));
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        Some(format!("{sign}{whole}.{fraction}"))
    }
}

fn aligned(mantissa: i128, from: u32, to: u32) -> Option<i128> {
    mantissa.checked_mul(10_i128.checked_pow(to - from)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_decimal;

    fn check(amounts: &[&str], expected: Option<&str>) {
        let mut sum = ExactSum::default();
        for amount in amounts {
            sum.add(read_decimal(amount).unwrap());
        }
        assert_eq!(sum.text().as_deref(), expected, "{amounts:?}");
    }

    #[test]
    fn sums_keep_every_digit() {
        check(&[], Some("0"));
        check(&["1.10", "2.205"], Some("3.305"));
        check(&["0.05", "-0.10"], Some("-0.05"));
        check(&["-3", "3.00"], Some("0.00"));
        // A 28-digit decimal would round this one.
        check(&["12345678901234.5", "0.00000000000000001"], Some("12345678901234.50000000000000001"));
    }

    #[test]
    fn sums_are_added_and_turned() {
        let sum = |amounts: &[&str]| {
            let mut sum = ExactSum::default();
            amounts.iter().for_each(|amount| sum.add(read_decimal(amount).unwrap()));
            sum
        };
        let mut all = sum(&["1.5"]);
        all.merge(&sum(&["0.25", "0.25"]));
        assert_eq!(all.text().as_deref(), Some("2.00"));
        all.merge(&sum(&["2"]).negated());
        assert!(all.is_zero() && !sum(&["-0.1"]).is_zero());
        assert_eq!(sum(&["-2.5"]).compare_sizes(&sum(&["2.49"])), Ordering::Greater);
        assert_eq!(sum(&["-2.50"]).compare_sizes(&sum(&["2.5"])), Ordering::Equal);
        assert_eq!(sum(&["2.50"]).compare_sizes(&sum(&["-2.5000"])), Ordering::Equal);
        assert_eq!(sum(&["3"]).compare_sizes(&sum(&["3.01"])), Ordering::Less);
    }

    #[test]
    fn what_could_not_be_read_is_counted_through_every_step() {
        let mut sum = ExactSum::default();
        sum.add(read_decimal("1.5").unwrap());
        sum.leave_out();
        let mut all = sum.negated();
        all.merge(&sum);
        assert_eq!((all.text().as_deref(), all.left_out(), all.is_zero()), (Some("0.0"), 2, false));
    }

    #[test]
    fn a_sum_is_what_its_digits_say() {
        for digits in ["0", "12.50", "-0.05", "-3", "18000000000000000000.000000000001"] {
            assert_eq!(ExactSum::of(digits, 0).text().as_deref(), Some(digits));
        }
        let mut sum = ExactSum::of("-0.50", 2);
        sum.add(read_decimal("0.5").unwrap());
        assert_eq!((sum.text().as_deref(), sum.left_out()), (Some("0.00"), 2));
        assert_eq!(ExactSum::of(&"9".repeat(39), 0).text(), None);
    }

    #[test]
    fn a_sum_that_would_not_be_exact_has_no_text() {
        check(&["79228162514264337593543950335", "0.0000000000000000000000000001"], None);
    }
}
