//! Says what became of a loaded file, and lists what was refused.

use std::io::Write as _;
use std::path::Path;

use super::Failure;
use crate::focus_file::LoadReport;
use rest_contract::focus::is_currency_code;

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
    writeln!(out, "loaded {}", report.loaded)?;
    writeln!(out, "refused {}", report.refused.len())?;
    for (word, sums) in [("billed", &report.billed), ("refused", &report.refused_amounts)] {
        for (currency, sum) in sums {
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

/// The refused rows as they came, behind their line and reason: once corrected, the file can be
/// loaded again.
fn write_refused(report: &LoadReport, path: &Path) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["Line", "Reason"].into_iter().chain(&report.headers))?;
    for refused in &report.refused {
        let line = refused.line.to_string();
        writer.write_record([line.as_str(), refused.reason.as_str()].into_iter().chain(&refused.row))?;
    }
    writer.flush()?;
    Ok(())
}
