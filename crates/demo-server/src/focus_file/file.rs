//! A file's bytes as rows with their lines, and what makes a file no CSV (RFC 4180).

use std::fmt;

use csv::StringRecord;
use rest_contract::focus::FocusColumns;

/// A whole file.
pub(super) struct CsvFile {
    pub headers: StringRecord,
    /// With the line on which each begins, as an editor counts.
    pub rows: Vec<(u64, StringRecord)>,
}

/// Why a file is no CSV, or cannot be what it looks like.
#[derive(Debug)]
pub enum Malformed {
    Csv(csv::Error),
    /// Everything to the end of the file is within one quote.
    OpenQuote {
        line: u64,
    },
    /// A row with too many or too few cells, in which a quote runs over several lines.
    QuoteOverLines {
        line: u64,
        closed_on: u64,
    },
    /// A cell that looks like rows of the file.
    SwallowedRows {
        line: u64,
        column: String,
        breaks: usize,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Csv(reason) => reason.fmt(out),
            Self::OpenQuote { line } => write!(out, "line {line}: a quote is opened and never closed"),
            Self::QuoteOverLines { line, closed_on } => write!(
                out,
                "line {line}: a quote is opened and closed on line {closed_on}, and the row between has not as many \
                 cells as the header; is a quote missing?"
            ),
            Self::SwallowedRows { line, column, breaks } => write!(
                out,
                "line {line}: the cell {column} holds {breaks} line breaks, and commas as rows have them; is its quote \
                 closed where it should be?"
            ),
        }
    }
}

impl CsvFile {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = csv::Reader::from_reader(bytes);
        let headers = reader.headers().map_err(Malformed::Csv)?.clone();
        let mut rows = Vec::new();
        let mut lines = Lines { bytes, at: 0, line: 1 };
        let mut last = 0;
        for record in reader.into_records() {
            let record = record.map_err(|reason| {
                let from = reason.position().and_then(|position| usize::try_from(position.byte()).ok());
                let quotes = Quotes::of_row(bytes, from.unwrap_or(last));
                if let Some((opened, closed)) = quotes.over_lines {
                    let line = lines.line_at(opened);
                    return Malformed::QuoteOverLines { line, closed_on: lines.line_at(closed) };
                }
                match quotes.open {
                    Some(at) => Malformed::OpenQuote { line: lines.line_at(at) },
                    None => Malformed::Csv(reason),
                }
            })?;
            last =
                record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(last);
            rows.push((lines.line_at(last), record));
        }
        match Quotes::of_row(bytes, last).open {
            Some(at) => Err(Malformed::OpenQuote { line: Lines { bytes, at: 0, line: 1 }.line_at(at) }),
            None => Ok(Self { headers, rows }),
        }
    }

    /// Finds a cell that holds rows of its own: a quote that is closed by a later row's. Then it goes on to
    /// the end of its own row, and ends at the same place of the later one; other text may have line breaks.
    pub(super) fn check_cells(&self, columns: &FocusColumns) -> Result<(), Malformed> {
        let delimiters = self.headers.len().saturating_sub(1);
        for (line, record) in &self.rows {
            for (place, cell) in record.iter().enumerate() {
                let parts = cell.split_once(LINE_ENDS).zip(cell.rsplit_once(LINE_ENDS));
                let Some(((first, _), (_, last))) = parts else { continue };
                let commas = |part: &str| part.matches(',').count();
                if commas(first) + place >= delimiters && commas(last) >= place {
                    let column = columns.name_at(place).to_owned();
                    let breaks = cell.replace("\r\n", "\n").matches(LINE_ENDS).count();
                    return Err(Malformed::SwallowedRows { line: *line, column, breaks });
                }
            }
        }
        Ok(())
    }
}

const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// Counts lines from one place in the file to a later one.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first letter at or behind a place, past line ends.
    fn line_at(&mut self, place: usize) -> u64 {
        while let Some(byte) = self.bytes.get(self.at) {
            let is_end = matches!(byte, b'\n' | b'\r');
            if self.at >= place && !is_end {
                break;
            }
            // A line ends with LF, CR LF or CR alone.
            let is_half = *byte == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(is_end && !is_half);
            self.at += 1;
        }
        self.line
    }
}

/// The quotes of one row.
struct Quotes {
    /// Where the quote begins that the file ends in.
    open: Option<usize>,
    /// The first quote that holds a line break: where it begins, and where it ends.
    over_lines: Option<(usize, usize)>,
}

impl Quotes {
    fn of_row(bytes: &[u8], begin: usize) -> Self {
        let (mut open, mut over_lines) = (None, None);
        let (mut at_start, mut has_break) = (true, false);
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let rest = bytes.iter().enumerate().skip(begin);
        let mut rest = rest.skip_while(|(_, byte)| is_end(byte)).peekable();
        while let Some((place, byte)) = rest.next() {
            match (open, byte) {
                (Some(opened), b'"') => {
                    // A doubled quote is a letter.
                    if rest.next_if(|(_, next)| **next == b'"').is_none() {
                        over_lines = over_lines.or(has_break.then_some((opened, place)));
                        open = None;
                    }
                    at_start = false;
                }
                (Some(_), byte) => has_break |= is_end(byte),
                (None, b'"') if at_start => (open, has_break) = (Some(place), false),
                (None, byte) if is_end(byte) => break,
                (None, byte) => at_start = *byte == b',',
            }
        }
        Self { open, over_lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rest_contract::focus::{Twins, read_row};

    fn check(text: &str, expected: Result<&[u64], &str>) {
        let found = CsvFile::read(text.as_bytes()).map_err(|reason| reason.to_string());
        let found = found.map(|file| file.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text:?}");
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        check("a,b\n1,2\n3,4\n", Ok(&[2, 3]));
        check("a,b\r\n1,2\r\n3,4", Ok(&[2, 3]));
        check("a,b\r1,2\r3,4\r", Ok(&[2, 3]));
        check("\u{feff}a,b\n\n\n1,2\n", Ok(&[4]));
        check("a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n", Ok(&[2, 4]));
        check("a,b\n\"1\",\"say \"\"no\"\"\"\n3,4\n", Ok(&[2, 3]));
        check("a,b\n1,2\"x\n3,4\n", Ok(&[2, 3]));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_line() {
        let told = "line 3: a quote is opened and never closed";
        check("a,b\n1,2\n3,\"4\n5,6\n7,8\n", Err(told));
        check("a,b\r\n1,2\r\n3,\"4\r\n5,6\r\n", Err(told));
        check("a,b\n1,2\n\"3,4\n", Err(told));
        check("a,b\n1,2\n3,\"4\"\"\n5,6\n", Err(told));
        check("a,b\n1,\"\n\"\n3,\"", Err("line 4: a quote is opened and never closed"));
        check(
            "a,b\n1,2\n3,\"4\n5,\"6,7\"\n",
            Err(
                "line 3: a quote is opened and closed on line 4, and the row between has not as many cells as the header; is a quote missing?",
            ),
        );
    }

    #[test]
    fn a_row_of_wrong_length_is_not_laid_to_another_rows_quote() {
        let uneven = "CSV error: record 1 (line: 2, byte: 4): found record with 1 fields, but the previous record has 2 fields";
        check("a,b\n1\n3,\"4\n5\"\n", Err(uneven));
        check("a,b\n1\n3,\"4\n", Err(uneven));
        let told = "line 2: a quote is opened and closed on line 3, and the row between has not as many cells as the header; is a quote missing?";
        check("a,b\r\"1\r2\"\r3,4\r", Err(told));
    }

    fn check_cells(text: &str, expected: Result<(), &str>) {
        let header = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,Tags";
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{header}\n{text}\n").replace('\n', end);
            let file = CsvFile::read(text.as_bytes()).expect("a file");
            let columns = FocusColumns::of(file.headers.iter()).expect("a header");
            let found = file.check_cells(&columns).map_err(|reason| reason.to_string());
            assert_eq!(found.as_ref().map_err(String::as_str).copied(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cell_of_many_lines_is_one_unless_it_holds_rows() {
        let json =
            "\"{\n  \"\"a\"\": [1, 2, 3, 4, 5, 6],\n  \"\"b\"\": 1,\n  \"\"c\"\": 2, \"\"d\"\": 3\n}\"";
        check_cells(&format!("1,EUR,Tax,b,a,{json}\n2,EUR,Tax,b,a,{json}"), Ok(()));
        check_cells("1,EUR,\"a, b, c\ne, f, g\",b,a,x", Ok(()));
        let told = |column: &str, breaks: u32| {
            format!(
                "line 2: the cell {column} holds {breaks} line breaks, and commas as rows have them; is its quote closed where it should be?"
            )
        };
        check_cells("1,EUR,Tax,b,a,\"x\n2,EUR,Tax,b,a,y\"", Err(&told("Tags", 1)));
        check_cells("1,EUR,\"Tax,b,a,x\n2,EUR,Tax\",b,a,x", Err(&told("ChargeCategory", 1)));
        check_cells("\"1,EUR,Tax,b,a,x\n2,EUR,Tax,b,a,x\n3\",EUR,Tax,b,a,x", Err(&told("BilledCost", 2)));
        // Between them rows may hold what they will.
        check_cells("1,EUR,Tax,b,\"a,{\n}\n2,EUR,Tax,b,a\",x", Err(&told("ChargePeriodStart", 2)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(header in prop::collection::vec(any::<u8>(), 0..60),
                                  body in prop::collection::vec(any::<u8>(), 0..200)) {
            let whole = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,Id,x_a";
            for header in [&header[..], whole.as_bytes()] {
                let bytes = [header, b"\n", &body].concat();
                let Ok(file) = CsvFile::read(&bytes) else { continue };
                let Ok(columns) = FocusColumns::of(file.headers.iter()) else { continue };
                let _ = file.check_cells(&columns);
                let lines: Vec<_> = file.rows.iter().map(|(line, _)| *line).collect();
                prop_assert!(lines.is_sorted());
                for (_, record) in &file.rows {
                    let cells: Vec<_> = record.iter().collect();
                    let _ = read_row(&columns, &cells, &mut Twins::default(), |_| true);
                }
            }
        }
    }
}
