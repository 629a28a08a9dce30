//! Which sign parts the cells of a text, and which one quotes them: found from its first lines.

use super::{CsvReader, CsvRow};

/// So many letters of a file are looked at.
pub const SAMPLE: usize = 64 * 1024;

/// How the cells of a text are parted and quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvLayout {
    /// Nothing where each line is one cell.
    pub delimiter: Option<char>,
    pub quote: Option<char>,
}

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

impl CsvLayout {
    pub const COMMA: Self = Self { delimiter: Some(','), quote: Some('"') };

    /// Finds the layout from the first lines. A sign parts cells where it parts the header, and nearly every row
    /// into as many cells as the header has; of several such signs the one that makes most cells is meant. So a text
    /// of one column stays one, whatever a single row holds.
    ///
    /// `is_whole` says whether the sample is the whole text; else its last row may be cut and does not count.
    pub fn of(sample: &str, is_whole: bool) -> Self {
        let found = |quote: char| {
            DELIMITERS
                .into_iter()
                .filter_map(|delimiter| {
                    let layout = Self { delimiter: Some(delimiter), quote: Some(quote) };
                    Some((layout.columns(sample, is_whole)?, layout))
                })
                // The first of equals: `max_by_key` would take the last one.
                .rev()
                .max_by_key(|(columns, _)| *columns)
                .map(|(_, layout)| layout)
        };
        let quote = if is_quoted_by_apostrophes(sample) { '\'' } else { '"' };
        found(quote).unwrap_or(Self { delimiter: None, quote: Some(quote) })
    }

    /// How many columns this layout makes, where it fits.
    fn columns(self, sample: &str, is_whole: bool) -> Option<usize> {
        let mut reader = CsvReader::new(self);
        let mut rows = Vec::new();
        // A quote that stays open is told when the whole file is read.
        let _ = reader.push(sample, &mut rows);
        if is_whole || rows.is_empty() {
            let _ = reader.finish(&mut rows);
        }
        let mut rows = rows.iter().filter(|row| !row.is_empty()).map(|row: &CsvRow| row.cells.len());
        let columns = rows.next().filter(|columns| *columns > 1)?;
        let (mut all, mut alike) = (0_usize, 0_usize);
        for row in rows {
            all += 1;
            alike += usize::from(row == columns);
        }
        (alike * 10 >= all * 9 || all.saturating_sub(alike) == 1).then_some(columns)
    }
}

/// Whether every cell of the first line stands between apostrophes.
fn is_quoted_by_apostrophes(sample: &str) -> bool {
    let first = sample.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_quoted = |cell: &str| cell.len() > 2 && cell.starts_with('\'') && cell.ends_with('\'');
    is_quoted(first) && first.split(DELIMITERS).all(is_quoted)
}
