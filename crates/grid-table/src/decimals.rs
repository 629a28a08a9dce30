//! Exact decimals: 64 bits each under one scale for the column as long as all fit, and as they came
//! otherwise.

use super::bits::Bits;
use rust_decimal::Decimal;

/// What stands for a blank among the compact ones; a number that would need it is kept otherwise.
pub(super) const BLANK: i64 = i64::MIN;

#[derive(Clone, Debug)]
pub(super) enum Decimals {
    Compact(Compact),
    Wide { values: Vec<Decimal>, blanks: Bits },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Compact {
    /// Counted in the column's last decimal place.
    pub mantissas: Vec<i64>,
    /// How many decimal places that is.
    pub scale: u32,
    /// How many each came with, where they differ.
    scales: Option<Vec<u8>>,
}

impl Default for Decimals {
    fn default() -> Self {
        Decimals::Compact(Compact::default())
    }
}

impl Decimals {
    pub(super) fn get(&self, row: usize) -> Option<Decimal> {
        match self {
            Decimals::Compact(compact) => compact.get(row),
            Decimals::Wide { values, blanks } => (!blanks.get(row)).then(|| values[row]),
        }
    }

    pub(super) fn is_blank(&self, row: usize) -> bool {
        match self {
            Decimals::Compact(compact) => compact.mantissas[row] == BLANK,
            Decimals::Wide { blanks, .. } => blanks.get(row),
        }
    }

    pub(super) fn push(&mut self, value: Option<Decimal>) {
        // Nearly all fit as they come, and a million of them are pushed at once.
        if let Decimals::Compact(compact) = self
            && compact.push(value)
        {
            return;
        }
        self.make_room(value);
        match self {
            Decimals::Compact(compact) => {
                compact.push(value);
            }
            Decimals::Wide { values, blanks } => {
                values.push(value.unwrap_or_default());
                blanks.push(value.is_none());
            }
        }
    }

    pub(super) fn set(&mut self, row: usize, value: Option<Decimal>) {
        self.make_room(value);
        match self {
            Decimals::Compact(compact) => compact.set(row, value),
            Decimals::Wide { values, blanks } => {
                values[row] = value.unwrap_or_default();
                blanks.set(row, value.is_none());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Decimals::Compact(compact) => compact.mantissas.len(),
            Decimals::Wide { values, .. } => values.len(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Decimals::Compact(compact) => {
                compact.mantissas.capacity() * 8 + compact.scales.as_ref().map_or(0, Vec::capacity)
            }
            Decimals::Wide { values, blanks } => values.capacity() * 16 + blanks.bytes(),
        }
    }

    /// Sees to it that the value can be held, with all that are here.
    fn make_room(&mut self, value: Option<Decimal>) {
        let (Decimals::Compact(compact), Some(value)) = (&mut *self, value) else { return };
        if compact.widen_scale(value.scale()).is_some() && compact.mantissa(value).is_some() {
            return;
        }
        let rows = 0..compact.mantissas.len();
        let values: Vec<_> = rows.map(|row| compact.get(row)).collect();
        let mut blanks = Bits::default();
        values.iter().for_each(|value| blanks.push(value.is_none()));
        let values = values.into_iter().map(Option::unwrap_or_default).collect();
        *self = Decimals::Wide { values, blanks };
    }
}

impl Compact {
    fn get(&self, row: usize) -> Option<Decimal> {
        let mantissa = self.mantissas[row];
        let scale = self.scales.as_ref().map_or(self.scale, |scales| u32::from(scales[row]));
        // Nothing but nought stands where the places between are more than there are powers.
        let tens = power(self.scale - scale).unwrap_or(i64::MAX);
        (mantissa != BLANK).then(|| Decimal::new(mantissa / tens, scale))
    }

    /// Whether there was room for it.
    fn push(&mut self, value: Option<Decimal>) -> bool {
        let Some(mantissa) = value.map_or(Some(BLANK), |value| self.mantissa(value)) else { return false };
        self.keep_scale(self.mantissas.len(), value);
        self.mantissas.push(mantissa);
        true
    }

    fn set(&mut self, row: usize, value: Option<Decimal>) {
        self.mantissas[row] = value.and_then(|value| self.mantissa(value)).unwrap_or(BLANK);
        self.keep_scale(row, value);
    }

    /// Keeps how many places the value of a row came with, be it the next row.
    fn keep_scale(&mut self, row: usize, value: Option<Decimal>) {
        let scale = value.map_or(self.scale, |value| value.scale());
        if scale != self.scale && self.scales.is_none() {
            self.scales = Some(vec![self.scale as u8; self.mantissas.len()]);
        }
        if let Some(scales) = &mut self.scales {
            if row == scales.len() {
                scales.push(scale as u8);
            } else {
                scales[row] = scale as u8;
            }
        }
    }

    /// The value in the column's last decimal place.
    fn mantissa(&self, value: Decimal) -> Option<i64> {
        let more = self.scale.checked_sub(value.scale())?;
        let mantissa = i64::try_from(value.mantissa()).ok()?;
        let widened = match power(more) {
            Some(tens) => product(mantissa, tens)?,
            None => (mantissa == 0).then_some(0)?,
        };
        Some(widened).filter(|mantissa| *mantissa != BLANK)
    }

    /// Counts in at least so many decimal places from now on; nothing changes where not all would fit.
    fn widen_scale(&mut self, scale: u32) -> Option<()> {
        let Some(more) = scale.checked_sub(self.scale).filter(|more| *more > 0) else { return Some(()) };
        let tens = power(more);
        let widened = |mantissa: i64| match (mantissa, tens) {
            (0 | BLANK, _) => Some(mantissa),
            (_, None) => None,
            (mantissa, Some(tens)) => product(mantissa, tens).filter(|mantissa| *mantissa != BLANK),
        };
        if !self.mantissas.iter().all(|mantissa| widened(*mantissa).is_some()) {
            return None;
        }
        if self.scales.is_none() && self.mantissas.iter().any(|mantissa| *mantissa != BLANK) {
            self.scales = Some(vec![self.scale as u8; self.mantissas.len()]);
        }
        self.mantissas.iter_mut().for_each(|mantissa| *mantissa = widened(*mantissa).unwrap_or(BLANK));
        self.scale = scale;
        Some(())
    }
}

const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A power of ten, where it fits.
pub(super) fn power(of_ten: u32) -> Option<i64> {
    POWERS.get(of_ten as usize).copied()
}

/// A number times a power of ten, where it fits. A browser's code has no check of its own for that, so halves that
/// must fit are not checked.
fn product(number: i64, tens: i64) -> Option<i64> {
    const HALF: u64 = 1 << 31;
    let fits = number.unsigned_abs() < HALF && tens.unsigned_abs() < HALF;
    if fits { Some(number.wrapping_mul(tens)) } else { number.checked_mul(tens) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> Decimals {
        let mut column = Decimals::default();
        for text in texts {
            column.push(if text.is_empty() { None } else { Some(text.parse().unwrap()) });
        }
        column
    }

    #[track_caller]
    fn check(texts: &[&str], is_compact: bool) {
        let column = column(texts);
        let shown: Vec<String> = (0..texts.len())
            .map(|row| column.get(row).map_or(String::new(), |value| value.to_string()))
            .collect();
        assert_eq!(shown, texts);
        assert_eq!(matches!(column, Decimals::Compact(_)), is_compact, "{texts:?}");
    }

    #[test]
    fn every_value_comes_back_with_the_digits_that_it_came_with() {
        check(&["1.10", "2.20", "", "-0.05"], true);
        check(&["", "1", "0.000000000001", "0.50", "", "7.000"], true);
        check(&["9000000000000000000", "9000000000000000000", "-9223372036854775807"], true);
        check(&["9000000000000000000", "0.1"], false);
        check(&["0.1", "", "9000000000000000000"], false);
        check(&["-9223372036854775808", ""], false);
        check(&["79228162514264337593543950335", "0.0000000000000000000000000001", ""], false);
        check(&["0", "0.0000000000000000000000000001", "0.0"], true);
        check(&["1", "0.0000000000000000000000000001"], false);
        check(&["0.00", "-1", "1.000"], true);
    }

    #[test]
    fn a_change_widens_the_whole_column() {
        let mut column = column(&["1.5", "", "300"]);
        column.set(1, Some("0.001".parse().unwrap()));
        column.set(0, None);
        assert_eq!((column.get(0), column.get(2).unwrap().to_string()), (None, "300".to_owned()));
        column.set(2, Some("79228162514264337593543950335".parse().unwrap()));
        assert!(matches!(column, Decimals::Wide { .. }));
        column.set(0, Some(Decimal::ONE));
        column.set(1, None);
        assert_eq!((column.get(0), column.get(1)), (Some(Decimal::ONE), None));
    }

    #[test]
    fn wide_values_take_sixteen_bytes_each() {
        let column = column(&["79228162514264337593543950335", "", "1"]);
        let Decimals::Wide { values, blanks } = &column else { panic!("{column:?}") };
        assert_eq!(column.bytes(), values.capacity() * 16 + blanks.bytes());
    }
}
