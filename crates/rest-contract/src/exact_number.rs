//! Number tokens to exact values, without binary floating point in between.

use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// Why a number token was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// The text is not a number as JSON writes one.
    NotANumber,
    /// It has a fraction or an exponent where a whole number is due.
    NotWhole,
    /// It is a number, but more digits than can be held exactly (28 or so for a decimal, 64 bits
    /// for an integer). It is refused because the alternative is to round it.
    DoesNotFit,
}

impl fmt::Display for NumberProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotANumber => "is not a number; write it like 1234.50, without grouping",
            Self::NotWhole => "must be a whole number",
            Self::DoesNotFit => "has more digits than can be kept exactly",
        })
    }
}

/// Reads a decimal and keeps its scale: `0.50` stays `0.50`. An exponent (`1E-7`) is worked out
/// exactly.
pub fn read_decimal(token: &str) -> Result<Decimal, NumberProblem> {
    let (mantissa, exponent) = match token.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix('+').unwrap_or(exponent);
            if digits.is_empty() || digits.starts_with('+') {
                return Err(NumberProblem::NotANumber);
            }
            let exponent = i32::from_str(digits).map_err(|_| NumberProblem::NotANumber)?;
            (mantissa, exponent)
        }
        None => (token, 0),
    };
    if !is_plain_decimal(mantissa) {
        return Err(NumberProblem::NotANumber);
    }
    let value = Decimal::from_str_exact(mantissa).map_err(|_| NumberProblem::DoesNotFit)?;
    shift(value, exponent).ok_or(NumberProblem::DoesNotFit)
}

/// Reads a whole number of 64 bits.
pub fn read_integer(token: &str) -> Result<i64, NumberProblem> {
    if let Ok(value) = i64::from_str(token)
        && !token.starts_with('+')
    {
        return Ok(value);
    }
    let value = read_decimal(token)?;
    if !value.fract().is_zero() {
        return Err(NumberProblem::NotWhole);
    }
    i64::try_from(value).map_err(|_| NumberProblem::DoesNotFit)
}

/// The product with every digit; nothing where it has more than can be kept. One that is too small is as
/// little exact as one that is too large: it must not become nought.
pub(crate) fn exact_product(one: Decimal, another: Decimal) -> Option<Decimal> {
    let digits = one.scale() + another.scale();
    let is_nought = one.is_zero() || another.is_zero();
    one.checked_mul(another).filter(|product| is_nought || product.scale() == digits)
}

/// The difference with every digit; nothing where it has more than can be kept.
pub(crate) fn exact_difference(one: Decimal, another: Decimal) -> Option<Decimal> {
    let decimals = one.normalize().scale().max(another.normalize().scale());
    one.checked_sub(another).filter(|difference| difference.scale() >= decimals)
}

/// An optional minus, digits, and perhaps a point with digits behind it.
fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && fraction.is_none_or(digits)
}

fn shift(mut value: Decimal, exponent: i32) -> Option<Decimal> {
    let scale = i32::try_from(value.scale()).ok()?.checked_sub(exponent)?;
    let Ok(places) = u32::try_from(scale) else {
        let factor = 10i128.checked_pow(scale.unsigned_abs())?;
        let factor = Decimal::try_from_i128_with_scale(factor, 0).ok()?;
        value.set_scale(0).ok()?;
        return value.checked_mul(factor);
    };
    value.set_scale(places).ok()?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(token: &str, expected: Result<&str, NumberProblem>) {
        let found = read_decimal(token).map(|value| value.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{token}");
    }

    #[test]
    fn decimals_keep_their_digits() {
        check("0.00000080000", Ok("0.00000080000"));
        check("-12.340", Ok("-12.340"));
        check("79228162514264337593543950335", Ok("79228162514264337593543950335"));
        check("0.0000000000000000000000000001", Ok("0.0000000000000000000000000001"));
        check("7e28", Ok("70000000000000000000000000000"));
        for exponent in 29..60 {
            check(&format!("1.5e{exponent}"), Err(NumberProblem::DoesNotFit));
        }
        check("1E-7", Ok("0.0000001"));
        check("1.50e+3", Ok("1500"));
        check("12e2", Ok("1200"));
        check("1.5E1", Ok("15"));
    }

    #[test]
    fn what_would_be_rounded_is_refused() {
        check("79228162514264337593543950336", Err(NumberProblem::DoesNotFit));
        check("0.00000000000000000000000000001", Err(NumberProblem::DoesNotFit));
        check("1e40", Err(NumberProblem::DoesNotFit));
        check("1e-40", Err(NumberProblem::DoesNotFit));
        check("1e999999999", Err(NumberProblem::DoesNotFit));
        check("1e-2147483648", Err(NumberProblem::DoesNotFit));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for token in
            ["", "-", "abc", "1,5", "1.2.3", "1e", "1e+", "1e++2", ".5", "5.", "+5", "1 0", "NaN", "1_000"]
        {
            check(token, Err(NumberProblem::NotANumber));
        }
    }

    #[test]
    fn integers_are_exact_to_64_bits() {
        assert_eq!(read_integer("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(read_integer("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(read_integer("1e3"), Ok(1000));
        assert_eq!(read_integer("300000209351523.0"), Ok(300_000_209_351_523));
        assert_eq!(read_integer("9223372036854775808"), Err(NumberProblem::DoesNotFit));
        assert_eq!(read_integer("1.5"), Err(NumberProblem::NotWhole));
        assert_eq!(read_integer("+1"), Err(NumberProblem::NotANumber));
    }

    proptest! {
        #[test]
        fn a_product_is_exact_or_none(
            one in prop_oneof![any::<i64>(), -20_i64..20], scale in 0_u32..29,
            another in prop_oneof![any::<i64>(), -20_i64..20], places in 0_u32..29,
        ) {
            let (one, another) = (Decimal::new(one, scale), Decimal::new(another, places));
            let exact = one.mantissa() * another.mantissa();
            let product = exact_product(one, another);
            if exact == 0 {
                prop_assert_eq!(product, Some(Decimal::ZERO));
            } else if let Some(product) = product {
                prop_assert_eq!((product.mantissa(), product.scale()), (exact, scale + places));
            }
        }
    }
}
