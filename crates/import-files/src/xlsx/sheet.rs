//! The rows of one sheet.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rest_contract::read_decimal;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;

use super::package::PartReader;
use super::styles::CellFormat;
use super::workbook::rich_text;
use super::xml::{Attributes, Piece, Xml, unescaped};
use super::{Workbook, XlsxFault};
use crate::cell::{Cell, CellFault, Row};

/// What becomes of rows that a person has hidden, by hand or by a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenRows {
    Take,
    LeaveOut,
}

/// Reads a sheet row by row. Rows in which nothing stands are counted.
pub struct SheetRows {
    xml: Xml,
    texts: Vec<Box<str>>,
    formats: Arc<[CellFormat]>,
    from_1904: bool,
    hidden: HiddenRows,
    last: u64,
    /// The columns of the header. What stands beyond them is kept without the empty cells between.
    width: usize,
    /// Empty rows behind the last one that was given out: they count once another follows.
    pending_empty: u64,
    empty_rows: u64,
    hidden_rows: u64,
}

/// The last row and the last column (XFD) that a sheet can have.
const MOST_ROWS: u64 = 1_048_576;
const MOST_COLUMNS: usize = 16_384;

impl SheetRows {
    pub(super) fn new(part: PartReader, book: &Workbook, texts: Vec<Box<str>>, hidden: HiddenRows) -> Self {
        Self {
            xml: Xml::new(part, "sheet"),
            texts,
            formats: Arc::clone(&book.formats),
            from_1904: book.from_1904,
            hidden,
            last: 0,
            width: MOST_COLUMNS,
            pending_empty: 0,
            empty_rows: 0,
            hidden_rows: 0,
        }
    }

    /// Says how many columns the header has: cells far beyond it must not ask for memory.
    pub fn set_width(&mut self, width: usize) {
        self.width = width;
    }

    /// How many rows between the first and the last one hold nothing.
    pub fn empty_rows(&self) -> u64 {
        self.empty_rows
    }

    /// How many rows with something in them are hidden.
    pub fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }

    /// The next row that holds something; its last cell is not empty.
    ///
    /// # Errors
    /// The sheet cannot be read on.
    pub fn next_row(&mut self) -> Result<Option<Row>, XlsxFault> {
        loop {
            match self.xml.next()? {
                Piece::Open { name, attributes } if name == "row" => {
                    let number = match attributes.get("r") {
                        Some(number) => number.parse().ok(),
                        None => Some(self.last + 1),
                    };
                    let number = number.filter(|number| (self.last + 1..=MOST_ROWS).contains(number));
                    let number = number.ok_or_else(|| self.xml.fault(&"its rows are not in order"))?;
                    self.pending_empty += number - self.last - 1;
                    self.last = number;
                    let cells = self.cells(number)?;
                    if cells.is_empty() {
                        self.pending_empty += 1;
                        continue;
                    }
                    if attributes.is_on("hidden") {
                        self.hidden_rows += 1;
                        if self.hidden == HiddenRows::LeaveOut {
                            continue;
                        }
                    }
                    self.empty_rows += std::mem::take(&mut self.pending_empty);
                    return Ok(Some(Row { number, cells }));
                }
                Piece::End => return Ok(None),
                _ => {}
            }
        }
    }

    fn cells(&mut self, row: u64) -> Result<Vec<Cell>, XlsxFault> {
        let mut cells = Vec::new();
        let mut next = 0;
        loop {
            match self.xml.next()? {
                Piece::Open { name, attributes } if name == "c" => {
                    let place = match attributes.get("r") {
                        Some(name) => column_of(name, row),
                        None => Some(next),
                    };
                    let place = place.filter(|place| (next..MOST_COLUMNS).contains(place));
                    let place = place.ok_or_else(|| self.xml.fault(&"its cells are not in order"))?;
                    next = place + 1;
                    let cell = self.cell(&attributes)?;
                    if !cell.is_empty() {
                        cells.resize(cells.len().max(place.min(self.width)), Cell::Text(String::new()));
                        cells.push(cell);
                    }
                }
                Piece::Close { name } if name == "row" => return Ok(cells),
                Piece::End => return Err(self.xml.fault(&"it ends within a row")),
                _ => {}
            }
        }
    }

    fn cell(&mut self, attributes: &Attributes) -> Result<Cell, XlsxFault> {
        let (mut value, mut inline, mut has_formula) = (None, None, false);
        loop {
            match self.xml.next()? {
                Piece::Open { name, .. } if name == "v" => value = Some(self.xml.text_to("v")?),
                Piece::Open { name, .. } if name == "is" => inline = Some(rich_text(&mut self.xml, "is")?),
                Piece::Open { name, .. } if name == "f" => {
                    has_formula = true;
                    self.xml.text_to("f")?;
                }
                Piece::Close { name } if name == "c" => break,
                Piece::End => return Err(self.xml.fault(&"it ends within a cell")),
                _ => {}
            }
        }
        let Some(value) = value else {
            let text = inline.unwrap_or_default();
            return Ok(if has_formula { Cell::Fault(CellFault::NoResult) } else { Cell::Text(text) });
        };
        let format = attributes.get("s").and_then(|place| self.formats.get(place.parse::<usize>().ok()?));
        Ok(match attributes.get("t").unwrap_or("n") {
            "s" => {
                let text = value.trim().parse().ok().and_then(|place: usize| self.texts.get(place));
                let text = text.ok_or_else(|| self.xml.fault(&format!("there is no shared text {value}")))?;
                Cell::Text(text.to_string())
            }
            "str" | "inlineStr" => Cell::Text(unescaped(value)),
            "b" => Cell::Text(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
            "e" => Cell::Fault(CellFault::Error(value)),
            "d" => match iso(value.trim()) {
                Some(at) => Cell::Moment(at),
                None => Cell::Text(value),
            },
            _ => self.number(value.trim(), format.copied().unwrap_or_default(), has_formula),
        })
    }

    fn number(&self, digits: &str, format: CellFormat, has_formula: bool) -> Cell {
        if digits.is_empty() {
            // A formula that was never worked out has no digits.
            return if has_formula { Cell::Fault(CellFault::NoResult) } else { Cell::Text(String::new()) };
        }
        if !format.is_date {
            return Cell::Number { digits: digits.to_owned(), width: format.width };
        }
        match day_of(digits, self.from_1904) {
            Some(at) => Cell::Moment(at),
            None => Cell::Fault(CellFault::NoDate(digits.to_owned())),
        }
    }
}

/// The place, from 0, of the column in a cell's name; nothing for the name of a cell in another row.
fn column_of(name: &str, row: u64) -> Option<usize> {
    let letters = name.find(|sign: char| !sign.is_ascii_alphabetic())?;
    let (letters, number) = name.split_at(letters);
    if letters.len() > 3 || letters.is_empty() || number.parse() != Ok(row) {
        return None;
    }
    let place = letters
        .bytes()
        .fold(0, |place, letter| place * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some(place - 1)
}

/// Days are fractions of 24 hours in binary: to the millisecond they are exact.
const MILLISECONDS: i64 = 86_400_000;

/// The day and time that a number of days stands for. Before March 1900 programs disagree, for some count a 29
/// February that never was.
fn day_of(digits: &str, from_1904: bool) -> Option<NaiveDateTime> {
    let days = read_decimal(digits).ok().or_else(|| {
        // More digits than can be kept are the noise of a binary fraction.
        Decimal::from_str_exact(digits.get(..20)?).ok()
    })?;
    let first_day = if from_1904 { 0 } else { 61 };
    if days < Decimal::from(first_day) || days >= Decimal::from(2_958_466) {
        return None;
    }
    let first = match from_1904 {
        true => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        false => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let whole = days.trunc();
    let part = ((days - whole) * Decimal::from(MILLISECONDS)).round().to_i64()?;
    let at = first.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::days(whole.to_i64()?))?;
    at.checked_add_signed(TimeDelta::milliseconds(part))
}

fn iso(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f")
        .ok()
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_number_of_days_from_the_books_first() {
        let check = |digits: &str, from_1904, expected: Option<&str>| {
            let found = day_of(digits, from_1904).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{digits}");
        };
        check("46296", false, Some("2026-10-01 00:00:00"));
        check("46296.5", false, Some("2026-10-01 12:00:00"));
        check("46296.420138888891", false, Some("2026-10-01 10:05:00"));
        check("46296.999999999993", false, Some("2026-10-02 00:00:00"));
        check("44834", true, Some("2026-10-01 00:00:00"));
        for digits in ["60", "0.5", "-1", "2958466", "x", ""] {
            check(digits, false, None);
        }
    }

    #[test]
    fn a_cells_name_has_its_column() {
        assert_eq!(
            ["A1", "Z1", "AA1", "XFD1", "xfd1"].map(|name| column_of(name, 1)),
            [Some(0), Some(25), Some(26), Some(16_383), Some(16_383)]
        );
        for name in ["", "1", "A", "A2", "AAAA1", "A1B"] {
            assert_eq!(column_of(name, 1), None, "{name}");
        }
    }
}
