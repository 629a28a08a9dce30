//! A sum of decimals that is exact or says that it is not.

use rust_decimal::Decimal;

/// Adds decimals without rounding. A decimal alone holds 28 digits and rounds a sum that needs
/// more; this holds 38, and past those the sum has no text at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactSum(Option<(i128, u32)>);

impl Default for ExactSum {
    fn default() -> Self {
        Self(Some((0, 0)))
    }
}

impl ExactSum {
    pub fn add(&mut self, value: Decimal) {
        self.0 = self.0.and_then(|(sum, scale)| {
            let common = scale.max(value.scale());
            let sum = aligned(sum, scale, common)?;
            Some((sum.checked_add(aligned(value.mantissa(), value.scale(), common)?)?, common))
        });
    }

    /// The sum's digits, with as many decimals as the longest amount had; nothing where it has more
    /// digits than can be held exactly.
    pub fn text(&self) -> Option<String> {
        let (sum, scale) = self.0?;
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
    fn a_sum_that_would_not_be_exact_has_no_text() {
        check(&["79228162514264337593543950335", "0.0000000000000000000000000001"], None);
    }
}
