//! `cargo xtask tidy`: the rules of this code base that a compiler cannot see. Each rule is a plain
//! function from what was read to findings, with tests on small inputs beside it.

mod architecture_page;
mod dependencies;
mod finding;
mod floors;
mod layout;
mod machine_traces;
mod module_uses;
mod rust_text;
mod words_in_code;

use crate::workspace::Workspace;
use crate::{Outcome, budget};
use finding::{Finding, SourceFile};

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let files = source_files(workspace)?;
    let metadata = workspace
        .output_of("cargo", &["metadata", "--format-version", "1", "--no-deps"])
        .ok_or("cargo metadata failed; run it by hand to see why")?;
    let mut findings = dependencies::check(&metadata)?;
    findings.extend(layout::check(&files));
    findings.extend(floors::check(&files));
    findings.extend(machine_traces::check(&files));
    findings.extend(words_in_code::check(&files));
    findings.extend(architecture_page::check(&files));
    let of_budget = budget::check(workspace)?;
    findings.extend(of_budget.into_iter().map(|says| Finding::new(budget::FILE, 0, says)));
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {} files, nothing to say", files.len());
            Ok(())
        }
        count => Err(format!("tidy has {count} finding(s)")),
    }
}

/// Every text file that is, or would be, in the repository.
fn source_files(workspace: &Workspace) -> Outcome<Vec<SourceFile>> {
    let names = workspace
        .output_of("git", &["ls-files", "--cached", "--others", "--exclude-standard"])
        .ok_or("git ls-files failed; tidy needs git and a checkout")?;
    let read = |path: &str| {
        let text = std::fs::read(workspace.path(path)).ok()?;
        Some(SourceFile { path: path.to_owned(), text: String::from_utf8(text).unwrap_or_default() })
    };
    Ok(names.lines().filter_map(read).collect())
}
