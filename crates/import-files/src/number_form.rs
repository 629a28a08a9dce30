//! In which of two notations a column writes its numbers: found from all its cells, never from one.

use rest_contract::{Notation, read_decimal};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::evidence::Form;

/// Which sign stands before the fraction. Blanks and apostrophes may group the digits in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumberForm {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

const POINT: Notation = Notation::ENGLISH;
/// The same with groups of two before the last three digits: `12,34,567.50`.
const LAKH: Notation = Notation { other_groups: 2, ..POINT };
const COMMA: Notation = Notation { decimal: ',', group: Some('.'), ..POINT };

impl NumberForm {
    /// The number in machine notation; nothing for a text that is none in this notation. Brackets and a minus on
    /// either side make it negative.
    pub fn read(self, text: &str) -> Option<String> {
        let plain = |text: &str| match self {
            Self::Point => POINT.read_strictly(text).or_else(|| LAKH.read_strictly(text)),
            Self::Comma => COMMA.read_strictly(text),
        };
        let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return plain(text) };
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let is_exponent = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let number = format!("{}e{exponent}", plain(mantissa).filter(|_| is_exponent)?);
        // What is too long to be kept stays what it is, so that its refusal says so.
        Some(read_decimal(&number).map_or(number, |value| value.to_string()))
    }

    /// The cell in machine notation.
    ///
    /// # Errors
    /// A clause that follows the cell's name.
    pub fn read_cell(self, text: &str) -> Result<Cow<'_, str>, String> {
        if is_nothing(text) {
            return Ok(Cow::Borrowed(""));
        }
        let like = match self {
            Self::Point => "1,234.50",
            Self::Comma => "1.234,50",
        };
        self.read(text).map(Cow::Owned).ok_or_else(|| {
            let other = match self {
                Self::Point => Self::Comma,
                Self::Comma => Self::Point,
            };
            let why = if other.read(text).is_some() { "in the notation of this column" } else { "" };
            format!("{text:?} is not a number {why}").trim_end().to_owned() + &format!(" (like {like})")
        })
    }
}

/// An empty cell, or the word by which some programs write one.
pub(crate) fn is_nothing(text: &str) -> bool {
    rest_contract::is_blank(text) || text.trim().eq_ignore_ascii_case("null")
}

impl Form for NumberForm {
    const BOTH: [Self; 2] = [Self::Point, Self::Comma];

    fn read(self, text: &str) -> Option<String> {
        self.read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::Verdict::{self, Asked, Known, NoValues};
    use NumberForm::{Comma, Point};

    #[track_caller]
    fn check(cells: &[&str], verdict: Verdict<NumberForm>, read: &[Option<&str>]) {
        let mut evidence = Evidence::new();
        cells.iter().for_each(|cell| evidence.add(cell));
        assert_eq!(evidence.verdict(), verdict, "{cells:?}");
        if let Known(form) = verdict {
            let found: Vec<_> = cells.iter().map(|cell| form.read(cell)).collect();
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), read, "{cells:?}");
        }
    }

    #[test]
    fn a_column_has_one_notation_found_from_all_its_cells() {
        check(&["1.000", "2.000"], Asked, &[]);
        check(&["1.000", "1.111,11"], Known(Comma), &[Some("1000"), Some("1111.11")]);
        check(&["15.930000"], Known(Point), &[Some("15.930000")]);
        check(&["0,02140001"], Known(Comma), &[Some("0.02140001")]);
        check(&["1\u{2019}234.50"], Known(Point), &[Some("1234.50")]);
        check(&["1,000", "12,34,567.50"], Known(Point), &[Some("1000"), Some("1234567.50")]);
        check(&["1\u{202f}234,5", "7"], Known(Comma), &[Some("1234.5"), Some("7")]);
        check(&["5", "12", ""], Known(Point), &[Some("5"), Some("12"), None]);
        check(&["1.5", "1,5"], Asked, &[]);
        check(&["abc", "NULL", ""], NoValues, &[]);
        check(&["8E-07", "1.5"], Known(Point), &[Some("0.0000008"), Some("1.5")]);
    }

    #[test]
    fn a_cell_that_does_not_fit_is_refused_and_never_bent() {
        check(&["1.111,11", "0,5", "1.5", "1.000"], Asked, &[]);
        check(&["1.111,11", "1.00.0"], Known(Comma), &[Some("1111.11"), None]);
        let reason = Comma.read_cell("1,234.50").expect_err("the other notation");
        assert_eq!(reason, "\"1,234.50\" is not a number in the notation of this column (like 1.234,50)");
        assert_eq!(Point.read_cell("x"), Err("\"x\" is not a number (like 1,234.50)".to_owned()));
        assert_eq!(Point.read_cell(" NULL ").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_written_as_negative_is_never_read_as_positive() {
        for text in ["(30.00)", "\u{2212}30.00", "30.00-", "-30.00", "\u{ff08}30.00\u{ff09}", "( 30.00 )"] {
            assert_eq!(Point.read(text).as_deref(), Some("-30.00"), "{text}");
        }
        for text in ["(30.00", "30.00)", "--30.00", "-(30.00)", "(-30.00)", "-30.00-", "30.00 CR", "30.00DR"]
        {
            assert_eq!(Point.read(text), None, "{text}");
        }
        assert_eq!(Point.read("(0.00)").as_deref(), Some("0.00"));
    }
}
