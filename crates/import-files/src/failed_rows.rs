//! Rows that did not become events, as a file that can be corrected and read again: the rows as they came, the number
//! of each where the file had none, and the reason.

use crate::cell::{Cell, Row};
use crate::event_field::EventField;
use crate::mapping::Mapping;

/// The column of the reasons. It is no part of what a row says.
pub const REASON_COLUMN: &str = "Why it was not imported";
/// The column of the numbers of a file that has none of its own.
pub(crate) const NUMBER_COLUMN: &str = "EventNumber";

/// A text that this console wrote into a file has an apostrophe in front where a spreadsheet would take it for a formula
/// or a number, or where it begins with one. Any other apostrophe is part of the text, as in `'s-Hertogenbosch`.
pub(crate) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|text| is_guarded(text)).unwrap_or(text)
}

fn is_guarded(text: &str) -> bool {
    let is_mark = |sign: char| {
        sign.is_numeric() || sign.is_whitespace() || ".,:/+-%'()eE$\u{20ac}\u{a3}\u{a5}".contains(sign)
    };
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    text.starts_with(['\'', '\t', '\r', '\n'])
        || text.trim_start().starts_with(signs)
        || (text.contains(char::is_numeric) && text.chars().all(is_mark))
}

/// Takes the guards off a row of a file with a column of reasons, which this console has written, whatever program has
/// saved it since. In any other file an apostrophe is part of the text.
pub(crate) fn unguard(headers: &[String], row: &mut Row) {
    if !headers.iter().any(|header| header == REASON_COLUMN) {
        return;
    }
    for cell in &mut row.cells {
        if let Cell::Text(text) = cell
            && text.starts_with('\'')
        {
            *text = unguarded(text).to_owned();
        }
    }
}

/// How such a file is laid out.
#[derive(Clone, Debug)]
pub struct FailedRows {
    width: usize,
    /// The place of the file's own numbers, or what their new column is called.
    number: Result<usize, &'static str>,
    /// The place of the reasons in a file that had some.
    reason: Option<usize>,
}

impl FailedRows {
    pub fn new(mapping: &Mapping, headers: &[String]) -> Self {
        let place = |name: &str| headers.iter().position(|header| header.trim() == name);
        let number = match mapping {
            Mapping::Focus => place("Id").ok_or("Id"),
            Mapping::Columns(columns) => columns.place(EventField::EventNumber).ok_or(NUMBER_COLUMN),
        };
        Self { width: headers.len(), number, reason: place(REASON_COLUMN) }
    }

    pub fn headers(&self, headers: &[String]) -> Vec<String> {
        let mut all = headers.to_vec();
        all.extend(self.number.err().map(str::to_owned));
        if self.reason.is_none() {
            all.push(REASON_COLUMN.to_owned());
        }
        all
    }

    /// A row as it came, with its number and the reason.
    pub fn cells(&self, row: &Row, number: Option<&str>, reason: &str) -> Vec<String> {
        let mut cells: Vec<String> = row.cells.iter().map(|cell: &Cell| cell.shown().into_owned()).collect();
        if cells.len() < self.width {
            cells.resize(self.width, String::new());
        }
        // What stands beyond the header is why the row is here: it stays, and what is added stands behind it.
        match self.number {
            Ok(place) => {
                if let (Some(cell), Some(number)) = (cells.get_mut(place), number)
                    && cell.trim().is_empty()
                {
                    number.clone_into(cell);
                }
            }
            Err(_) => cells.push(number.unwrap_or_default().to_owned()),
        }
        match self.reason.and_then(|place| cells.get_mut(place)) {
            Some(cell) => reason.clone_into(cell),
            None => cells.push(reason.to_owned()),
        }
        cells
    }
}
