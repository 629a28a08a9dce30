//! Says what became of a loaded file, and lists what was refused.

use std::io::Write as _;
use std::path::Path;

use super::Failure;
use crate::load_file::LoadReport;
use import_files::is_currency_code;

pub(super) fn print(report: &LoadReport, refused: Option<&Path>) -> Result<(), Failure> {
    match refused {
        Some(path) => write_refused(report, path)?,
        None => {
            let mut errors = std::io::stderr().lock();
            for row in &report.refused {
                writeln!(errors, "line {}: {}", row.line, row.reason)?;
            }
        }
    }
    let mut out = std::io::stdout().lock();
    match &report.batch_number {
        Some(batch) => writeln!(out, "batch {batch}")?,
        None => writeln!(out, "no batch: no row could be loaded")?,
    }
    writeln!(out, "loaded {}", report.loaded.rows)?;
    writeln!(out, "refused {}", report.refused.len())?;
    if report.empty_rows > 0 {
        writeln!(out, "empty {}", report.empty_rows)?;
    }
    for (word, totals) in [("billed", &report.loaded), ("refused", &report.refused_totals)] {
        for (currency, sum) in &totals.amounts {
            // What else a cell holds must not look like a line of this report.
            let currency = match currency.as_str() {
                "" => "without-currency".to_owned(),
                code if is_currency_code(code) => code.to_owned(),
                text => format!("{text:?}"),
            };
            let missing = match sum.left_out() {
                0 => String::new(),
                rows => format!(" (without {rows} whose amount cannot be read)"),
            };
            writeln!(out, "{word} {currency} {}{missing}", sum.text())?;
        }
    }
    Ok(())
}

/// The refused rows as they came, with number and reason behind them: once corrected, the file can be loaded again.
fn write_refused(report: &LoadReport, path: &Path) -> Result<(), Failure> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path)?;
    writer.write_record(report.refused_file.headers(&report.headers))?;
    for refused in &report.refused {
        let reason = format!("line {}: {}", refused.line, refused.reason);
        writer.write_record(report.refused_file.cells(&refused.row, refused.number.as_deref(), &reason))?;
    }
    writer.flush()?;
    Ok(())
}
