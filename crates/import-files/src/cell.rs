//! What a row of a file holds, whatever kind of file it is.

use chrono::NaiveDateTime;
use std::borrow::Cow;

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of a text on which it begins, or the row of a sheet; counted from 1.
    pub number: u64,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number of a sheet in machine notation, as the file writes it, with the noughts that its format puts
    /// in front: 12 of `000000000000`.
    Number {
        digits: String,
        width: usize,
    },
    /// A date of a sheet, on no zone's clock.
    Moment(NaiveDateTime),
    /// A cell that holds no value to be trusted, and why.
    Fault(CellFault),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// `#N/A`, `#REF!` and their like.
    Error(String),
    /// A formula whose result was not saved.
    NoResult,
    /// A date that no calendar has.
    NoDate(String),
}

impl CellFault {
    fn reason(&self) -> String {
        match self {
            Self::Error(code) => format!("holds the error {code}"),
            Self::NoResult => {
                "holds a formula without a result; open the file in a spreadsheet program, save it and try again"
                    .to_owned()
            }
            Self::NoDate(digits) => format!("holds the date number {digits}, which is no date"),
        }
    }
}

/// A spreadsheet program keeps so many digits of a number, whatever it shows.
const KEPT_DIGITS: usize = 15;

impl Cell {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// The cell as a text: an identifier, a name. A number has the noughts of its format.
    ///
    /// # Errors
    /// The reason why it cannot be trusted, as a clause that follows the cell's name.
    pub fn text(&self) -> Result<Cow<'_, str>, String> {
        match self {
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::Number { digits, width } => match Digits::of(digits) {
                Some(number) if number.is_whole() => Ok(number.text(*width).into()),
                _ => Err(format!(
                    "holds the number {digits}, whose last digits may be lost; format the column as text and enter \
                     it again"
                )),
            },
            Self::Moment(at) => Ok(written(*at).into()),
            Self::Fault(fault) => Err(fault.reason()),
        }
    }

    /// The cell as an amount in machine notation. Of a sheet's number the first 15 digits count, rounded half
    /// away from nought as spreadsheet programs show them: 0.30000000000000004 is the 0.3 that a person sees.
    /// A text is given to `read`, for only a text has a notation.
    ///
    /// # Errors
    /// A clause that follows the cell's name.
    pub fn amount<'a>(
        &'a self,
        read: impl FnOnce(&'a str) -> Result<Cow<'a, str>, String>,
    ) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Text(text) => read(text),
            Self::Number { digits, .. } => {
                let number = Digits::of(digits).ok_or_else(|| format!("{digits:?} is not a number"))?;
                if number.may_lose_units() {
                    return Err(format!("holds the number {digits}, whose last digits may be lost"));
                }
                Ok(number.rounded(KEPT_DIGITS).text(0).into())
            }
            Self::Moment(_) => Err("holds a date, not an amount".to_owned()),
            Self::Fault(fault) => Err(fault.reason()),
        }
    }

    /// The cell as a moment in ISO 8601. A text is given to `read`.
    ///
    /// # Errors
    /// A clause that follows the cell's name.
    pub fn moment<'a>(
        &'a self,
        read: impl FnOnce(&'a str) -> Result<Cow<'a, str>, String>,
    ) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Text(text) => read(text),
            Self::Number { digits, .. } => Err(format!("holds the number {digits}, not a date")),
            Self::Moment(at) => Ok(written(*at).into()),
            Self::Fault(fault) => Err(fault.reason()),
        }
    }

    /// What tells rows apart by the cell: the same for a text and for the number that a sheet makes of it.
    pub(crate) fn identity(&self) -> Cow<'_, str> {
        self.text().or_else(|_| self.amount(|text| Ok(Cow::Borrowed(text)))).unwrap_or_else(|_| self.shown())
    }

    /// The cell as it came, for a list of what was refused.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number { digits, .. } => Cow::Borrowed(digits),
            Self::Moment(at) => written(*at).into(),
            Self::Fault(CellFault::Error(code)) => Cow::Borrowed(code),
            Self::Fault(CellFault::NoResult) => Cow::Borrowed(""),
            Self::Fault(CellFault::NoDate(digits)) => Cow::Borrowed(digits),
        }
    }
}

fn written(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

/// A number's digits without noughts on either side, and where its point stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Digits {
    is_negative: bool,
    significant: Vec<u8>,
    /// How many digits stand before the point; below 0 as many noughts follow it.
    whole: i32,
}

/// No sheet's number is longer: the largest is 1.8E308.
const MOST_PLACES: u32 = 400;

impl Digits {
    fn of(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let noughts = all.iter().take_while(|digit| **digit == b'0').count();
        let significant = trimmed(all.get(noughts..).unwrap_or_default());
        let before = i32::try_from(whole.len()).ok()?.checked_sub(i32::try_from(noughts).ok()?)?;
        let whole = if significant.is_empty() { 0 } else { before.checked_add(exponent)? };
        let is_held = whole.unsigned_abs() <= MOST_PLACES && significant.len() <= 1_000;
        is_held.then(|| Self {
            is_negative: mantissa.starts_with('-') && !significant.is_empty(),
            significant,
            whole,
        })
    }

    /// Whether more digits stand before the point than a spreadsheet program keeps. It puts noughts for those that it
    /// drops, so noughts at the end prove nothing: 1234567890123450 may have been 1234567890123456, and no sheet's
    /// number of that length is taken, as an amount neither.
    fn may_lose_units(&self) -> bool {
        usize::try_from(self.whole).unwrap_or_default() > KEPT_DIGITS
    }

    /// Whether every digit is one that the file's author can have entered.
    fn is_whole(&self) -> bool {
        self.significant.len() <= KEPT_DIGITS && !self.may_lose_units()
    }

    fn rounded(mut self, kept: usize) -> Self {
        let Some(next) = self.significant.get(kept).copied() else { return self };
        self.significant.truncate(kept);
        if next >= b'5' {
            loop {
                match self.significant.pop() {
                    Some(b'9') => {}
                    Some(digit) => {
                        self.significant.push(digit + 1);
                        break;
                    }
                    None => {
                        self.significant.push(b'1');
                        self.whole += 1;
                        break;
                    }
                }
            }
        }
        self.significant = trimmed(&self.significant);
        self
    }

    /// In machine notation without an exponent, with noughts in front up to `width` digits of the whole.
    fn text(&self, width: usize) -> String {
        let place = usize::try_from(self.whole).unwrap_or_default();
        let digits = std::str::from_utf8(&self.significant).unwrap_or_default();
        let whole = format!("{:0<place$}", digits.get(..place.min(digits.len())).unwrap_or_default());
        let whole = format!("{whole:0>width$}", width = width.max(1));
        let after = usize::try_from(-self.whole).unwrap_or_default();
        let fraction = "0".repeat(after) + digits.get(place..).unwrap_or_default();
        let sign = if self.is_negative { "-" } else { "" };
        let is_whole = self.significant.len() <= place;
        if is_whole { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

fn trimmed(digits: &[u8]) -> Vec<u8> {
    let end = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    digits.get(..end).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str, width: usize) -> Cell {
        Cell::Number { digits: digits.to_owned(), width }
    }

    #[test]
    fn a_sheets_number_as_an_amount_has_fifteen_digits() {
        for (digits, amount) in [
            ("0.30000000000000004", "0.3"),
            ("1234.5", "1234.5"),
            ("-30", "-30"),
            ("0", "0"),
            ("-0", "0"),
            ("1.7E-16", "0.00000000000000017"),
            ("8.0000000000000002E-7", "0.0000008"),
            ("1.5E3", "1500"),
            ("999999999999999.9", "1000000000000000"),
            ("0.99999999999999999", "1"),
            ("33.859999999999999", "33.86"),
            ("10", "10"),
            ("100.50", "100.5"),
        ] {
            let cell = number(digits, 0);
            let found = cell.amount(|_| panic!("a number has no notation"));
            assert_eq!(found.as_deref(), Ok(amount), "{digits}");
        }
        for digits in [
            "",
            "x",
            "1e999999",
            "1e99999999999",
            "0.5E-2147483648",
            "5E2147483647",
            "1.2.3",
            "-",
            "123456789012345678",
            "123456789012345000",
        ] {
            assert!(number(digits, 0).amount(|text| Ok(text.into())).is_err(), "{digits}");
        }
    }

    #[test]
    fn a_sheets_number_as_an_identifier_is_whole_or_refused() {
        for (digits, width, text) in [
            ("51738928782", 12, "051738928782"),
            ("51738928782", 0, "51738928782"),
            ("123456789012345", 0, "123456789012345"),
            ("1.5E3", 0, "1500"),
            ("12.5", 0, "12.5"),
        ] {
            assert_eq!(number(digits, width).text().as_deref(), Ok(text), "{digits}");
        }
        for digits in [
            "9912140633506421",
            "1234567890123456",
            "1234567890123450",
            "1.23456789012345E+15",
            "1.2345678901234567E+18",
        ] {
            let reason = number(digits, 0).text().expect_err(digits);
            assert!(reason.contains("last digits may be lost"), "{reason}");
        }
    }

    #[test]
    fn a_fault_is_told_wherever_the_cell_is_used() {
        let cell = Cell::Fault(CellFault::Error("#N/A".to_owned()));
        for found in [cell.text(), cell.amount(|text| Ok(text.into())), cell.moment(|text| Ok(text.into()))] {
            assert_eq!(found, Err("holds the error #N/A".to_owned()));
        }
        assert_eq!(cell.shown(), "#N/A");
        let reason = Cell::Fault(CellFault::NoResult).text().expect_err("no result");
        assert!(reason.contains("save it"), "{reason}");
    }
}
