//! The sum of a file's amounts, to the last digit of each cell.

use bigdecimal::BigDecimal;
use rust_decimal::Decimal;

/// Adds amounts of any number of digits, those too that no event can hold: of what is loaded and what is
/// refused nothing may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSum {
    total: BigDecimal,
    left_out: u32,
}

/// More than any cell spells out. An exponent of a few letters could ask for more than a machine has.
const MOST_PLACES: u64 = 10_000;

impl FileSum {
    pub fn add(&mut self, amount: Decimal) {
        self.total += BigDecimal::new(amount.mantissa().into(), amount.scale().into());
    }

    /// Adds an amount in machine notation; one that is none is counted.
    pub fn add_digits(&mut self, digits: Option<&str>) {
        let amount = digits.and_then(|digits| digits.parse::<BigDecimal>().ok());
        match amount.filter(|amount| amount.fractional_digit_count().unsigned_abs() <= MOST_PLACES) {
            Some(amount) => self.total += amount,
            None => self.left_out += 1,
        }
    }

    /// How many amounts the sum lacks because they could not be read.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The sum's digits, with as many decimals as the longest amount had.
    pub fn text(&self) -> String {
        self.total.to_plain_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut sum = FileSum::default();
        sum.add("-0.050".parse().expect("a decimal"));
        sum.add_digits(None);
        assert_eq!((sum.text(), sum.left_out()), of("-0.050", 1));
    }
}
