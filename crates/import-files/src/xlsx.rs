//! Workbooks (Office Open XML, ECMA-376) as rows of cells. A number is the text that the file holds, never a binary
//! fraction; what is shown of it, a format decides, is not looked at.
//!
//! Readers of workbooks that others keep give numbers in binary floating point, so the archive, the packing and the
//! XML are read by crates (`rawzip`, `flate2`, `quick-xml`), and what they mean here. A sheet is read row by row:
//! what it takes in memory is the longest row and the workbook's shared texts, which are bounded.

mod package;
mod sheet;
mod styles;
mod workbook;
mod xml;

use std::fmt;
use std::sync::Arc;

pub use sheet::{HiddenRows, SheetRows};
pub use workbook::SharedTexts;

use styles::CellFormat;

/// A workbook whose sheets can be read.
#[derive(Clone, Debug)]
pub struct Workbook {
    package: package::Package,
    sheets: Vec<Sheet>,
    texts_part: Option<String>,
    formats: Arc<[CellFormat]>,
    /// Whether its days count from 1904.
    from_1904: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub is_hidden: bool,
    part: String,
}

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XlsxFault {
    /// It is no archive, or a damaged one.
    Archive(String),
    /// A workbook of before 2007, or one that is locked by a password.
    OldOrLocked,
    /// It is an archive of other files, and which.
    NotAWorkbook(Vec<String>),
    /// A part that every workbook has is missing.
    NoPart(String),
    /// A part is no XML, or not of the shape due.
    Part { part: String, reason: String },
    /// A part unpacks to more than is read, so many bytes.
    TooLarge { part: String, bytes: u64, most: u64 },
    /// A sheet has more cells than are read.
    TooManyCells { most: usize },
}

/// So many files of an archive are named.
const SHOWN_FILES: usize = 4;

impl fmt::Display for XlsxFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive(reason) => write!(out, "the workbook cannot be opened: {reason}"),
            Self::OldOrLocked => out.write_str(
                "the workbook is locked by a password or of the old format (.xls); save it as .xlsx without a password",
            ),
            Self::NotAWorkbook(files) => match files.as_slice() {
                [] => out.write_str("this is an empty ZIP archive, not a workbook"),
                [only] => write!(out, "this is a ZIP archive, not a workbook. Unpack it, and choose the file within: {only}"),
                [first @ .., last] if files.len() <= SHOWN_FILES => write!(
                    out,
                    "this is a ZIP archive, not a workbook. Unpack it, and choose one of the files within: {} or {last}",
                    first.join(", ")
                ),
                files => write!(
                    out,
                    "this is a ZIP archive of {} files, not a workbook. Unpack it, and choose one of the files within, such as {}",
                    files.len(),
                    files.first().map_or("", String::as_str)
                ),
            },
            Self::NoPart(part) => write!(out, "the workbook has no part {part}; is it an .xlsx file? Save it as one"),
            Self::Part { part, reason } => write!(out, "the workbook's part {part} cannot be read: {reason}"),
            Self::TooLarge { part, bytes, most } => write!(
                out,
                "the workbook's part {part} unpacks to {bytes} bytes or more; at most {most} are read"
            ),
            Self::TooManyCells { most } => write!(
                out,
                "the sheet has more than {most} cells, empty ones within its rows included; split the file or take \
                 columns out that are not needed"
            ),
        }
    }
}

impl std::error::Error for XlsxFault {}

impl Workbook {
    /// Whether the bytes begin as a workbook does, old or locked ones included.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(package::OLD_MARK)
    }

    /// # Errors
    /// What keeps it from being read.
    pub fn open(bytes: Arc<[u8]>) -> Result<Self, XlsxFault> {
        let package = package::Package::open(bytes)?;
        let book = workbook::read(&package)?;
        let formats = styles::read(&package, book.styles.as_deref())?;
        let texts_part = book.texts.filter(|part| package.has(part));
        Ok(Self { package, sheets: book.sheets, texts_part, formats, from_1904: book.from_1904 })
    }

    /// Its sheets in the workbook's order, hidden ones included; charts and macros are none.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The texts that its cells share, still to be read: there may be a text for each cell.
    ///
    /// # Errors
    /// Their part cannot be opened.
    pub fn texts(&self) -> Result<SharedTexts, XlsxFault> {
        let Some(part) = &self.texts_part else { return Ok(SharedTexts::default()) };
        Ok(SharedTexts::new(self.package.open_part(part, package::LARGEST_KEPT)?, part))
    }

    /// The rows of a sheet, once all texts are read.
    ///
    /// # Errors
    /// There is no such sheet, or its part cannot be opened.
    pub fn rows(
        &self,
        sheet: &Sheet,
        texts: SharedTexts,
        hidden: HiddenRows,
    ) -> Result<SheetRows, XlsxFault> {
        let part = self.package.open_part(&sheet.part, package::LARGEST_SHEET)?;
        Ok(SheetRows::new(part, self, texts.all(), hidden))
    }
}
