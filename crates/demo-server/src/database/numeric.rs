//! How values without a type of their own in sqlx go to PostgreSQL: decimals with every digit that
//! they were written with, and nulls that take the type of the place they stand in.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use sqlx::{Encode, Postgres, Type};

/// Decimal digits such as `-12.500`, sent as PostgreSQL's `numeric`, which keeps trailing zeros.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeric<'q>(pub &'q str);

/// A null of whatever type is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct UntypedNull;

/// The type's fixed number in PostgreSQL's catalogue.
const NUMERIC: u32 = 1700;

impl Type<Postgres> for Numeric<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(NUMERIC))
    }
}

impl Type<Postgres> for UntypedNull {
    /// Type number 0 leaves it to the server to find the type.
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for UntypedNull {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

impl Encode<'_, Postgres> for Numeric<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        for half_word in half_words(self.0).ok_or("not a decimal number")? {
            buffer.extend_from_slice(&half_word.to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

const NEGATIVE: i16 = 0x4000;

/// The binary form (PostgreSQL, `numeric_send`): how many base-10000 digits follow, the power of
/// 10000 of the first, the sign, how many decimal places are shown, the digits.
fn half_words(text: &str) -> Option<Vec<i16>> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (NEGATIVE, rest),
        None => (0, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if unsigned.is_empty() || !only_digits(whole) || !only_digits(fraction) {
        return None;
    }
    let lead = whole.len().next_multiple_of(4) - whole.len();
    let trail = fraction.len().next_multiple_of(4) - fraction.len();
    let aligned = format!("{}{whole}{fraction}{}", "0".repeat(lead), "0".repeat(trail));
    let groups = aligned
        .as_bytes()
        .chunks(4)
        .map(|group| group.iter().fold(0_i16, |value, digit| value * 10 + i16::from(digit - b'0')));
    let mut digits = groups.collect::<Vec<_>>();
    let mut weight = i16::try_from((whole.len() + lead) / 4).ok()? - 1;
    let leading_zeros = digits.iter().take_while(|digit| **digit == 0).count();
    digits.drain(..leading_zeros);
    weight -= i16::try_from(leading_zeros).ok()?;
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let sign = if digits.is_empty() { 0 } else { sign };
    let weight = if digits.is_empty() { 0 } else { weight };
    let head = [i16::try_from(digits.len()).ok()?, weight, sign, i16::try_from(fraction.len()).ok()?];
    Some(head.into_iter().chain(digits).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_scale_are_kept() {
        for (text, expected) in [
            ("0", &[0_i16, 0, 0, 0] as &[i16]),
            ("0.00", &[0, 0, 0, 2]),
            ("-0.0", &[0, 0, 0, 1]),
            ("1", &[1, 0, 0, 0, 1]),
            ("-1.50", &[2, 0, NEGATIVE, 2, 1, 5000]),
            ("12345.6", &[3, 1, 0, 1, 1, 2345, 6000]),
            ("10000", &[1, 1, 0, 0, 1]),
            ("0.00010", &[1, -1, 0, 5, 1]),
            ("0.00000001", &[1, -2, 0, 8, 1]),
        ] {
            assert_eq!(half_words(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "-", "1e5", "NaN", "1.2.3", "+1"] {
            assert_eq!(half_words(text), None, "{text}");
        }
    }
}
