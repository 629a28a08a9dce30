//! Writes a workbook and a CSV file with cells of every kind into a folder, for programs of others to read
//! (`cargo xtask test --only clients`).

use export_files::{About, Cell, ControlTotal, Format, Head, TableFile};
use std::env::args;
use std::error::Error;
use std::fs;

/// What the checking program expects too (`crates/xtask/src/foreign_clients/exported_files.py`).
const ROWS: [(&str, &str, &str); 8] = [
    ("9912140633506421", "123456789012.123456789", "plain"),
    ("007", "0.00000080000", "=1+1"),
    ("SP-1", "-1234.5", "@SUM(A1)"),
    ("+49", "-33.86", "a\u{b}b _x0041_ \u{1f600}"),
    ("1E5", "0", " two\nlines, \"quoted\"; <b>&amp;\t"),
    ("2026-10-01", "999999999999999", "'apostrophe"),
    ("-", "-0.10", "März/2026: \"A\""),
    ("", "12345678901234567890.50", ""),
];
/// 2026-12-01 10:00:00.250 UTC.
const NOW: i64 = 1_796_119_200_250_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = args().nth(1).ok_or("name a folder")?;
    let heads = [("Id", 160), ("Amount", 160), ("Note", 300), ("At (UTC)", 160)];
    let heads = heads.map(|(title, width)| Head::new(title, width));
    for (format, name) in [(Format::Xlsx, "sample.xlsx"), (Format::Csv { has_mark: true }, "sample.zip")] {
        let mut file =
            TableFile::begin(format, "Sample rows", &heads, NOW).map_err(|fault| format!("{fault:?}"))?;
        for (id, amount, note) in ROWS {
            file.push_row(&[Cell::Text(id), Cell::Number(amount), Cell::Text(note), Cell::Time(NOW)])
                .map_err(|fault| format!("{fault:?}"))?;
        }
        let about = About {
            source: "Sample rows".to_owned(),
            as_of: NOW,
            counted: Some(ROWS.len() as u64),
            totals: vec![ControlTotal {
                of: "Amount".to_owned(),
                currency: "EUR".to_owned(),
                sum: Some("12346679024691355633.16345758900".to_owned()),
                rows: 8,
            }],
            ..About::default()
        };
        let mut bytes = file.take();
        bytes.extend(file.finish(&about).map_err(|fault| format!("{fault:?}"))?.rest);
        fs::write(format!("{folder}/{name}"), bytes)?;
    }
    Ok(())
}
