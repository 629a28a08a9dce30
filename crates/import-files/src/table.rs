//! A whole file as a header and rows, whatever kind of file it is.

use std::fmt;
use std::sync::Arc;

use crate::cell::{Cell, Row};
use crate::csv::{CsvLayout, CsvReader, CsvRow, Malformed, SAMPLE, check_quotes};
use crate::failed_rows::unguard;
use crate::row_pack::RowPack;
use crate::row_reader::headers_of;
use crate::text::{Encoding, NotEncoded, TextDecoder};
use crate::xlsx::{HiddenRows, SharedTexts, Sheet, SheetRows, Workbook, XlsxFault};

/// What a person said of a file that it does not tell by itself.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub encoding: Option<Encoding>,
    /// The name of the sheet.
    pub sheet: Option<String>,
    pub hidden: Option<HiddenRows>,
}

/// A file that was read whole.
#[derive(Clone, Debug)]
pub struct Table {
    pub headers: Vec<String>,
    /// The rows that hold something, in the file's order.
    pub rows: RowPack,
    /// How many rows hold nothing: lines of separators only, lines without any sign, rows of a sheet.
    pub empty_rows: u64,
    /// How many rows a person has hidden.
    pub hidden_rows: u64,
}

/// Why a file is no table, or what has to be said first. Nothing of it is to be taken then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    NotEncoded(NotEncoded),
    Malformed(Malformed),
    Workbook(XlsxFault),
    /// There is no row at all.
    Empty,
    /// The workbook has several sheets, and nobody has said which is meant; hidden ones are marked.
    WhichSheet(Vec<(String, bool)>),
    /// The sheet has hidden rows, and nobody has said what becomes of them.
    HiddenRows(u64),
}

impl fmt::Display for TableFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEncoded(fault) => fault.fmt(out),
            Self::Malformed(fault) => write!(out, "the file is malformed: {fault}"),
            Self::Workbook(fault) => fault.fmt(out),
            Self::Empty => out.write_str("the file has no rows"),
            Self::WhichSheet(sheets) => {
                let name = |(name, is_hidden): &(String, bool)| {
                    format!("{name:?}{}", if *is_hidden { " (hidden)" } else { "" })
                };
                let names: Vec<String> = sheets.iter().map(name).collect();
                write!(out, "the workbook has several sheets; which one is meant: {}?", names.join(", "))
            }
            Self::HiddenRows(1) => out.write_str("1 row of the sheet is hidden; is it meant too?"),
            Self::HiddenRows(rows) => write!(out, "{rows} rows of the sheet are hidden; are they meant too?"),
        }
    }
}

impl std::error::Error for TableFault {}

impl From<NotEncoded> for TableFault {
    fn from(fault: NotEncoded) -> Self {
        Self::NotEncoded(fault)
    }
}

impl From<Malformed> for TableFault {
    fn from(fault: Malformed) -> Self {
        Self::Malformed(fault)
    }
}

impl From<XlsxFault> for TableFault {
    fn from(fault: XlsxFault) -> Self {
        Self::Workbook(fault)
    }
}

impl Table {
    /// Reads a file: a workbook by what it begins with, any other as text.
    ///
    /// # Errors
    /// It is no table, or something has to be said first.
    pub fn read(bytes: Arc<[u8]>, said: &Said) -> Result<Self, TableFault> {
        if Workbook::is_one(&bytes) { Self::of_workbook(bytes, said) } else { Self::of_text(&bytes, said) }
    }

    fn of_text(bytes: &[u8], said: &Said) -> Result<Self, TableFault> {
        let (mut reader, mut rows) = (TextTable::new(said.encoding), RowPack::default());
        reader.push(bytes, &mut rows)?;
        reader.finish(rows)
    }

    fn of_workbook(bytes: Arc<[u8]>, said: &Said) -> Result<Self, TableFault> {
        SheetTable::open(bytes, said)?.finish(said)
    }
}

/// Reads a sheet of a workbook step by step: first the texts that its cells share, then row by row.
pub struct SheetTable {
    stage: Stage,
    headers: Vec<String>,
    rows: RowPack,
    /// How many more cells are taken.
    room: usize,
}

enum Stage {
    Texts { book: Workbook, sheet: Sheet, hidden: HiddenRows, texts: SharedTexts },
    Rows(SheetRows),
}

/// The sheet on which an export of the console's own tells what it is of.
const ABOUT: &str = "About this export";
/// The most cells of a sheet, empty ones between others included: what bounds the memory that a file can ask for.
const MOST_CELLS: usize = 1 << 24;

impl SheetTable {
    /// # Errors
    /// The workbook cannot be read, or nobody has said which of its sheets is meant.
    pub fn open(bytes: Arc<[u8]>, said: &Said) -> Result<Self, TableFault> {
        let book = Workbook::open(bytes)?;
        let names = || book.sheets().iter().map(|sheet| (sheet.name.clone(), sheet.is_hidden)).collect();
        let sheet = match (&said.sheet, book.sheets()) {
            (Some(name), sheets) => sheets.iter().find(|sheet| sheet.name == *name),
            (None, [only]) => Some(only),
            (None, [rows, about] | [about, rows]) if about.name == ABOUT => Some(rows),
            (None, _) => None,
        };
        let sheet = sheet.cloned().ok_or_else(|| TableFault::WhichSheet(names()))?;
        let (hidden, texts) = (said.hidden.unwrap_or(HiddenRows::Take), book.texts()?);
        let stage = Stage::Texts { book, sheet, hidden, texts };
        Ok(Self { stage, headers: Vec::new(), rows: RowPack::default(), room: MOST_CELLS })
    }

    /// Takes the next step, and says whether there was one: a text that cells share, or a row.
    ///
    /// # Errors
    /// The sheet cannot be read on.
    pub fn read_on(&mut self) -> Result<bool, TableFault> {
        let sheet = match &mut self.stage {
            Stage::Texts { book, sheet, hidden, texts } => {
                if texts.read_one()? {
                    return Ok(true);
                }
                let mut sheet = book.rows(sheet, std::mem::take(texts), *hidden)?;
                self.headers = sheet.next_row()?.map(|row| headers_of(&row)).ok_or(TableFault::Empty)?;
                sheet.set_width(self.headers.len());
                self.stage = Stage::Rows(sheet);
                return Ok(true);
            }
            Stage::Rows(sheet) => sheet,
        };
        let Some(mut row) = sheet.next_row()? else { return Ok(false) };
        // A sheet leaves empty cells at the end of a row out.
        let width = row.cells.len().max(self.headers.len());
        self.room = self.room.checked_sub(width).ok_or(XlsxFault::TooManyCells { most: MOST_CELLS })?;
        row.cells.resize(width, Cell::Text(String::new()));
        unguard(&self.headers, &mut row);
        self.rows.push(&row);
        Ok(true)
    }

    /// Reads what is left.
    ///
    /// # Errors
    /// The sheet cannot be read, or rows are hidden and nobody has said what becomes of them.
    pub fn finish(mut self, said: &Said) -> Result<Table, TableFault> {
        while self.read_on()? {}
        let Stage::Rows(sheet) = &self.stage else { return Err(TableFault::Empty) };
        let hidden_rows = sheet.hidden_rows();
        if said.hidden.is_none() && hidden_rows > 0 {
            return Err(TableFault::HiddenRows(hidden_rows));
        }
        Ok(Table { headers: self.headers, rows: self.rows, empty_rows: sheet.empty_rows(), hidden_rows })
    }
}

/// Reads a text in portions of any length. What it holds of the file is the beginning of a row.
#[derive(Debug)]
pub struct TextTable {
    decoder: TextDecoder,
    /// The file's first letters, until there are enough of them to tell how its cells are parted.
    sample: String,
    reader: Option<(CsvReader, CsvLayout)>,
    headers: Option<Vec<String>>,
    empty_rows: u64,
}

impl TextTable {
    /// The encoding is given where a person has said it.
    pub fn new(encoding: Option<Encoding>) -> Self {
        Self {
            decoder: TextDecoder::of(encoding),
            sample: String::new(),
            reader: None,
            headers: None,
            empty_rows: 0,
        }
    }

    /// Takes the next bytes in, and appends the rows that have ended.
    ///
    /// # Errors
    /// The file is no table. Nothing of it is to be taken then.
    pub fn push(&mut self, bytes: &[u8], rows: &mut RowPack) -> Result<(), TableFault> {
        let mut text = std::mem::take(&mut self.sample);
        self.decoder.push(bytes, &mut text)?;
        if self.reader.is_none() && text.len() < SAMPLE {
            self.sample = text;
            return Ok(());
        }
        self.read(&text, false, rows)
    }

    /// Ends the file. `rows` are those that were read of it.
    ///
    /// # Errors
    /// The file is no table.
    pub fn finish(mut self, mut rows: RowPack) -> Result<Table, TableFault> {
        let mut text = std::mem::take(&mut self.sample);
        self.decoder.finish(&mut text)?;
        self.read(&text, true, &mut rows)?;
        let Some((mut reader, layout)) = self.reader.take() else { return Err(TableFault::Empty) };
        let mut last = Vec::new();
        reader.finish(&mut last)?;
        self.take(last, layout, &mut rows)?;
        Ok(Table {
            headers: self.headers.ok_or(TableFault::Empty)?,
            rows,
            empty_rows: self.empty_rows + reader.blank_lines(),
            hidden_rows: 0,
        })
    }

    fn read(&mut self, text: &str, is_whole: bool, rows: &mut RowPack) -> Result<(), TableFault> {
        let (mut reader, layout) = self.reader.take().unwrap_or_else(|| {
            let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or_default();
            let layout = CsvLayout::of(sample, is_whole && sample.len() == text.len());
            (CsvReader::new(layout), layout)
        });
        let mut read = Vec::new();
        reader.push(text, &mut read)?;
        self.take(read, layout, rows)?;
        self.reader = Some((reader, layout));
        Ok(())
    }

    /// Takes rows of the text in: the header, and those that are not empty.
    fn take(&mut self, read: Vec<CsvRow>, layout: CsvLayout, rows: &mut RowPack) -> Result<(), Malformed> {
        for row in read {
            let is_empty = row.is_empty();
            match &self.headers {
                None if !is_empty => {
                    let names = row.cells.into_iter().map(|name| name.trim().to_owned());
                    self.headers = Some(names.collect());
                    continue;
                }
                None => {}
                Some(headers) => check_quotes(&row, headers, layout)?,
            }
            if is_empty {
                self.empty_rows += 1;
            } else {
                let mut row =
                    Row { number: row.line, cells: row.cells.into_iter().map(Cell::Text).collect() };
                unguard(self.headers.as_deref().unwrap_or_default(), &mut row);
                rows.push(&row);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_of_more_cells_than_are_read_is_refused() {
        let book: &[u8] = include_bytes!("../tests/cases/openpyxl.xlsx");
        let said = Said {
            sheet: Some("M\u{e4}rz 2026".to_owned()),
            hidden: Some(HiddenRows::Take),
            ..Said::default()
        };
        let read = |room: usize| {
            let mut table = SheetTable::open(book.into(), &said).expect("a workbook");
            table.room = room;
            while table.read_on()? {}
            Ok::<_, TableFault>(table.rows.len())
        };
        let rows = read(MOST_CELLS).expect("few cells");
        assert_eq!(read(rows * 8), Ok(rows));
        assert_eq!(read(rows * 8 - 1), Err(XlsxFault::TooManyCells { most: MOST_CELLS }.into()));
    }
}
