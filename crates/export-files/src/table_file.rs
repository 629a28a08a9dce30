//! A table as a file, row by row, with what it is of.
//!
//! A workbook has that on a sheet of its own. CSV has no place for it: lines before or behind the rows would break
//! whatever reads the file, a spreadsheet's table as well as an import. So the rows are a file of their own, and both
//! come in one ZIP archive, so that they stay together.

use crate::about::{About, NOT_COMPLETE, Written};
use crate::civil_time::day_text;
use crate::workbook::{Workbook, first_units, has_too_many_digits, long_words};
use crate::{Archive, BYTE_ORDER_MARK, Cell, CsvField, Fault, push_csv_line, safe_name, time_text};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A ZIP archive with a CSV file of the rows and one of what they are (RFC 4180, UTF-8).
    Csv {
        /// Begins with a byte order mark, by which Excel knows UTF-8.
        has_mark: bool,
    },
    Xlsx,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub title: String,
    /// In pixels.
    pub width: u32,
}

impl Head {
    pub fn new(title: &str, width: u32) -> Self {
        Self { title: title.to_owned(), width }
    }
}

/// A file that is complete as a file, whatever is in it.
pub struct Finished {
    pub name: String,
    /// What has not been taken yet.
    pub rest: Vec<u8>,
    /// How many rows it has.
    pub rows: u64,
    /// Whether they are as many as were counted.
    pub is_whole: bool,
}

pub struct TableFile {
    title: String,
    heads: Vec<Head>,
    /// When it was begun: microseconds since 1970 in UTC.
    at: i64,
    rows: u64,
    writer: Writer,
}

enum Writer {
    Csv {
        archive: Box<Archive>,
        line: String,
        has_mark: bool,
        /// Numbers of more digits than a spreadsheet keeps.
        long_numbers: u64,
    },
    Xlsx(Box<Workbook>),
}

/// Written at once.
const PIECE: usize = 64 << 10;
/// UTF-16 units of a sheet's name, with room for its number.
const SHEET_NAME: usize = 27;

/// How the file is read by whoever needs its texts to the letter.
pub const GUARD: &str = "An apostrophe in front of a text, or of a part of it behind a semicolon, a tab or a line break, keeps a spreadsheet from changing it. It is not part of the text; take one off.";

impl TableFile {
    /// `title`: what the rows are, such as "Usage events". `at`: when the file is made, microseconds since 1970 in UTC.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn begin(format: Format, title: &str, heads: &[Head], at: i64) -> Result<Self, Fault> {
        let title = safe_name(title, "Rows");
        let writer = match format {
            Format::Csv { has_mark } => {
                let mut archive = Box::new(Archive::begin(at));
                archive.begin_file(&format!("{}.csv", file_stem(&title)))?;
                let mut line = String::new();
                if has_mark {
                    line.push(BYTE_ORDER_MARK);
                }
                let titles: Vec<_> = heads.iter().map(|head| CsvField::Text(&head.title)).collect();
                push_csv_line(&mut line, &titles);
                Writer::Csv { archive, line, has_mark, long_numbers: 0 }
            }
            Format::Xlsx => {
                let sheet = first_units(&title, SHEET_NAME).trim();
                Writer::Xlsx(Box::new(Workbook::begin(sheet, heads, at)?))
            }
        };
        Ok(Self { title, heads: heads.to_vec(), at, rows: 0, writer })
    }

    /// Appends a row of as many cells as there are columns.
    ///
    /// # Errors
    /// [`Fault::Uneven`], [`Fault::TooLong`].
    pub fn push_row(&mut self, cells: &[Cell<'_>]) -> Result<(), Fault> {
        if cells.len() != self.heads.len() {
            return Err(Fault::Uneven);
        }
        self.rows += 1;
        match &mut self.writer {
            Writer::Csv { archive, line, long_numbers, .. } => {
                let is_long =
                    |cell: &&Cell<'_>| matches!(cell, Cell::Number(digits) if has_too_many_digits(digits));
                *long_numbers += cells.iter().filter(is_long).count() as u64;
                push_csv_cells(line, cells);
                if line.len() >= PIECE {
                    archive.write(line.as_bytes())?;
                    line.clear();
                }
                Ok(())
            }
            Writer::Xlsx(book) => book.push_row(cells),
        }
    }

    /// What has been made since this was last asked for, to be put aside.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.writer {
            Writer::Csv { archive, .. } => archive.take(),
            Writer::Xlsx(book) => book.take(),
        }
    }

    /// Writes what the file is of. A file without all rows that were counted says so in its name and where it is
    /// opened.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn finish(self, about: &About) -> Result<Finished, Fault> {
        let (rows, is_whole) = (self.rows, about.is_whole(self.rows));
        let columns = self.heads.iter().map(|head| head.title.as_str()).collect();
        let mut written = Written { rows, columns, notes: Vec::new() };
        let stamp = time_text(self.at - self.at.rem_euclid(1_000_000));
        let stamp = stamp.replace(' ', "T").replace(['-', ':'], "") + "Z";
        let stem = file_stem(&self.title);
        let mark = if is_whole { String::new() } else { format!("{NOT_COMPLETE} ") };
        let (rest, ending) = match self.writer {
            Writer::Csv { mut archive, line, has_mark, long_numbers } => {
                archive.write(line.as_bytes())?;
                written.notes.push(GUARD.to_owned());
                if long_numbers > 0 {
                    written.notes.push(format!(
                        "{}. A spreadsheet that opens the file keeps 15 of them; the file has all",
                        long_words(long_numbers)
                    ));
                }
                archive.begin_file(&format!("{mark}about this export.csv"))?;
                let mut text = String::new();
                if has_mark {
                    text.push(BYTE_ORDER_MARK);
                }
                for (name, value) in about.lines(&written) {
                    push_csv_cells(&mut text, &[Cell::Text(&name), value.as_cell()]);
                }
                archive.write(text.as_bytes())?;
                (archive.finish()?.0, "zip")
            }
            Writer::Xlsx(book) => {
                written.notes = book.notes();
                (book.finish(&about.lines(&written), is_whole)?, "xlsx")
            }
        };
        Ok(Finished { name: format!("{mark}{stem}-{stamp}.{ending}"), rest, rows, is_whole })
    }
}

/// Such as `usage-events` for "Usage events".
fn file_stem(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// Appends a line of cells as CSV.
pub fn push_csv_cells(out: &mut String, cells: &[Cell<'_>]) {
    // Times have to live as long as the line.
    let times: Vec<String> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Time(at) => time_text(*at),
            Cell::Day(day) => day_text(*day),
            _ => String::new(),
        })
        .collect();
    let fields: Vec<_> = cells
        .iter()
        .zip(&times)
        .map(|(cell, time)| match *cell {
            Cell::Blank => CsvField::Text(""),
            Cell::Text(text) => CsvField::Text(text),
            Cell::Number(digits) => CsvField::Number(digits),
            Cell::Time(_) | Cell::Day(_) => CsvField::Time(time),
        })
        .collect();
    push_csv_line(out, &fields);
}
