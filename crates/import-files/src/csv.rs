//! Text in rows of cells parted by a sign (RFC 4180 and what programs make of it), portion by portion.
//!
//! It is our own because every row needs the line on which it begins, and a quote that was never closed must be told
//! from a row of the wrong length, in a file that comes in portions of any length. Tests hold it against the crate
//! `csv`.

mod layout;

pub use layout::{CsvLayout, SAMPLE};

use std::fmt;

/// A row as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvRow {
    /// The line on which it begins, as an editor counts.
    pub line: u64,
    pub cells: Vec<String>,
    /// The lines on which the first quote opens and closes that runs over several lines.
    pub quote_over_lines: Option<(u64, u64)>,
}

impl CsvRow {
    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a text is no rows of cells, or cannot be what it looks like. Nothing of it is to be taken then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Everything to the end of the file is within one quote.
    OpenQuote { line: u64 },
    /// A row with too many or too few cells, in which a quote runs over several lines.
    QuoteOverLines { line: u64, closed_on: u64 },
    /// A cell that looks like rows of the file.
    SwallowedRows { line: u64, column: String, breaks: usize },
    /// A cell or a row that is longer than any.
    TooLong { line: u64 },
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote { line } => write!(out, "line {line}: a quote is opened and never closed"),
            Self::QuoteOverLines { line, closed_on } => write!(
                out,
                "line {line}: a quote is opened and closed on line {closed_on}, and the row between has not as many \
                 cells as the header; is a quote missing?"
            ),
            Self::SwallowedRows { line, column, breaks } => write!(
                out,
                "line {line}: the cell {column} holds {breaks} line breaks, and signs between cells as rows have \
                 them; is its quote closed where it should be?"
            ),
            Self::TooLong { line } => {
                write!(out, "line {line}: a cell or a row is longer than can be read; is a quote missing?")
            }
        }
    }
}

impl std::error::Error for Malformed {}

/// The longest cell in bytes, and the most cells of a row: what bounds the memory that a file can ask for.
const LONGEST_CELL: usize = 1 << 20;
const MOST_CELLS: usize = 16_384;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a row; blanks lines are passed over here.
    RowStart,
    CellStart,
    Bare,
    Quoted,
    /// Behind a quote within a quote: it closes it, or is doubled.
    QuoteInQuoted,
}

/// Reads rows portion by portion.
#[derive(Clone, Debug)]
pub struct CsvReader {
    layout: CsvLayout,
    state: State,
    cell: String,
    cells: Vec<String>,
    line: u64,
    row_line: u64,
    quote_line: u64,
    quote_over_lines: Option<(u64, u64)>,
    /// A carriage return came last: a line feed behind it ends no further line.
    after_return: bool,
    blank_lines: u64,
}

impl CsvReader {
    pub fn new(layout: CsvLayout) -> Self {
        Self {
            layout,
            state: State::RowStart,
            cell: String::new(),
            cells: Vec::new(),
            line: 1,
            row_line: 1,
            quote_line: 1,
            quote_over_lines: None,
            after_return: false,
            blank_lines: 0,
        }
    }

    /// How many lines without any sign were passed over.
    pub fn blank_lines(&self) -> u64 {
        self.blank_lines
    }

    /// Reads on, and appends the rows that have ended.
    ///
    /// # Errors
    /// A cell or a row that is longer than any.
    pub fn push(&mut self, text: &str, rows: &mut Vec<CsvRow>) -> Result<(), Malformed> {
        for letter in text.chars() {
            let is_end = matches!(letter, '\n' | '\r');
            if is_end && !(letter == '\n' && self.after_return) {
                self.line += 1;
            }
            let is_second_half = letter == '\n' && self.after_return;
            self.after_return = letter == '\r';
            self.take(letter, is_end, is_second_half, rows);
            if self.cell.len() > LONGEST_CELL || self.cells.len() > MOST_CELLS {
                return Err(Malformed::TooLong { line: self.row_line });
            }
        }
        Ok(())
    }

    fn take(&mut self, letter: char, is_end: bool, is_second_half: bool, rows: &mut Vec<CsvRow>) {
        match self.state {
            State::RowStart if is_end => self.blank_lines += u64::from(!is_second_half),
            State::RowStart => {
                self.row_line = self.line;
                self.state = State::CellStart;
                self.take(letter, is_end, is_second_half, rows);
            }
            State::CellStart if Some(letter) == self.layout.quote => {
                self.quote_line = self.line;
                self.state = State::Quoted;
            }
            State::QuoteInQuoted if Some(letter) == self.layout.quote => {
                self.cell.push(letter);
                self.state = State::Quoted;
            }
            State::Quoted if Some(letter) == self.layout.quote => self.state = State::QuoteInQuoted,
            State::Quoted => self.cell.push(letter),
            State::CellStart | State::Bare | State::QuoteInQuoted => {
                if self.state == State::QuoteInQuoted {
                    let closed_on = self.line - u64::from(is_end && !is_second_half);
                    self.close_quote(closed_on);
                }
                if is_end {
                    self.end_row(rows);
                } else if Some(letter) == self.layout.delimiter {
                    self.cells.push(std::mem::take(&mut self.cell));
                    self.state = State::CellStart;
                } else {
                    self.cell.push(letter);
                    self.state = State::Bare;
                }
            }
        }
    }

    fn close_quote(&mut self, line: u64) {
        if line > self.quote_line {
            self.quote_over_lines.get_or_insert((self.quote_line, line));
        }
    }

    fn end_row(&mut self, rows: &mut Vec<CsvRow>) {
        self.cells.push(std::mem::take(&mut self.cell));
        let cells = std::mem::take(&mut self.cells);
        rows.push(CsvRow { line: self.row_line, cells, quote_over_lines: self.quote_over_lines.take() });
        self.state = State::RowStart;
    }

    /// Ends the text, and appends its last row.
    ///
    /// # Errors
    /// A quote that was never closed.
    pub fn finish(&mut self, rows: &mut Vec<CsvRow>) -> Result<(), Malformed> {
        match self.state {
            State::RowStart => {}
            State::Quoted => return Err(Malformed::OpenQuote { line: self.quote_line }),
            State::QuoteInQuoted => {
                self.close_quote(self.line);
                self.end_row(rows);
            }
            State::CellStart | State::Bare => self.end_row(rows),
        }
        Ok(())
    }
}

/// Whether a row is one of the file, or shows that a quote is missing.
///
/// # Errors
/// A quote that swallowed what follows it.
pub fn check_quotes(row: &CsvRow, header: &[String], layout: CsvLayout) -> Result<(), Malformed> {
    if row.cells.len() != header.len()
        && let Some((line, closed_on)) = row.quote_over_lines
    {
        return Err(Malformed::QuoteOverLines { line, closed_on });
    }
    let Some(delimiter) = layout.delimiter else { return Ok(()) };
    // A quote that is closed by a later row's goes on to the end of its own row, and ends at the same place of the
    // later one. Other text may have line breaks, and any number of such signs.
    let delimiters = header.len().saturating_sub(1);
    for (place, cell) in row.cells.iter().enumerate() {
        let parts = cell.split_once(LINE_ENDS).zip(cell.rsplit_once(LINE_ENDS));
        let Some(((first, _), (_, last))) = parts else { continue };
        let count = |part: &str| part.matches(delimiter).count();
        if count(first) + place == delimiters && count(last) == place {
            let column = header.get(place).cloned().unwrap_or_default();
            let breaks = cell.replace("\r\n", "\n").matches(LINE_ENDS).count();
            return Err(Malformed::SwallowedRows { line: row.line, column, breaks });
        }
    }
    Ok(())
}

const LINE_ENDS: [char; 2] = ['\n', '\r'];

#[cfg(test)]
mod tests;
