//! Files that leave the console: a list as CSV or as a typed workbook (XLSX), each with what it is of, and packs of
//! several files with a hash of each. Files are written in pieces, so that a browser can put them aside as they come.
//!
//! - Numbers stay what they are: digits go from the caller's text to the file's and are never a float. A
//!   spreadsheet keeps fifteen digits of a number, so an amount of more is a text there, and the file says so.
//! - A text stays a text to the letter, whatever it looks like.
//! - A file cannot call itself complete unless as many rows were written as its source counts.
//!
//! Not here: reading lists, sums, saving, words of business.

mod about;
mod archive;
mod civil_time;
mod csv_text;
mod file_name;
mod table_file;
mod workbook;

pub use about::{About, ControlTotal};
pub use archive::{Archive, Fault, PackedFile};
pub use civil_time::time_text;
pub use csv_text::{BYTE_ORDER_MARK, CsvField, push_csv_line, unguarded};
pub use file_name::safe_name;
pub use table_file::{Finished, Format, GUARD, Head, TableFile, push_csv_cells};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Blank,
    /// Anything a person or a server wrote, ids too.
    Text(&'a str),
    /// Digits in machine notation: ASCII digits, `-`, a point.
    Number(&'a str),
    /// An instant: microseconds since 1970 in UTC. It is written in UTC.
    Time(i64),
    /// A day without a zone: days since 1970-01-01.
    Day(i64),
}

/// Whether a text is digits with at most a sign and a point.
fn is_machine_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}
