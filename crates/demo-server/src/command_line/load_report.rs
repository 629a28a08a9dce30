//! Says what became of a loaded file, and lists what was refused.

use std::io::Write as _;
use std::path::Path;

use super::Failure;
use crate::focus_file::LoadReport;

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
    for (currency, billed) in &report.billed {
        writeln!(out, "billed {currency} {billed}")?;
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
