//! Cost files as three providers write them, made up anew for each run and loaded into a demo server's
//! database: nearly all rows are loaded, and what was loaded and what was refused is the file, currency by
//! currency to the last digit, as an independent program adds it up.

use crate::Outcome;
use crate::processes::Processes;
use crate::python_tools::{self, PythonTool};
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const TOOLKIT: PythonTool =
    PythonTool { package: "focus-data-toolkit", version: "0.14.1", program: "focus-toolkit" };
const PROVIDERS: [&str; 3] = ["aws", "azure", "gcp"];
const VERSIONS: [&str; 2] = ["1.2", "1.3"];
const ROWS: u64 = 400;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let toolkit = python_tools::program(workspace, processes, &TOOLKIT)?;
    let server = demo_server(workspace, processes)?;
    let folder = workspace.target_dir().join("focus");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|reason| format!("cannot make {}: {reason}", folder.display()))?;
    // Another file each time; the seed tells which, should one of them fail.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seed = (now % 1_000_000).to_string();
    println!("seed {seed}");
    let mut passed = 0;
    for provider in PROVIDERS {
        for version in VERSIONS {
            let out = folder.join(format!("{provider}-{version}"));
            let mut generate = workspace.command(&toolkit.to_string_lossy());
            generate.args(["generate", "--provider", provider, "--focus-version", version]);
            generate.args(["--rows", &ROWS.to_string(), "--seed", &seed, "--out"]).arg(&out);
            let name = format!("{provider} {version}, seed {seed}");
            printed(&mut generate, &name)?;
            let file = cost_file(&out)?;
            let mut sums = workspace.command(&python_tools::interpreter(workspace).to_string_lossy());
            sums.arg(workspace.path("crates/xtask/src/focus_files/sums.py")).arg(&file);
            let expected = printed(&mut sums, &name)?;
            let mut load = workspace.command(&server.to_string_lossy());
            load.arg("--database")
                .arg(folder.join(format!("{provider}-{version}.db")))
                .arg("load")
                .arg(&file);
            let found = printed(&mut load, &name)?;
            check(&expected, &found).map_err(|reason| format!("{name}: {reason}\n{found}"))?;
            println!(
                "{name}: {}",
                found.lines().filter(|line| !line.starts_with("line")).collect::<Vec<_>>().join(", ")
            );
            passed += 1;
        }
    }
    println!("{passed} passed, 0 failed");
    Ok(())
}

/// The file of the costs: a toolkit may write others beside it.
fn cost_file(folder: &Path) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|reason| format!("nothing was generated: {reason}"))?;
    let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files
        .find(|path| path.to_string_lossy().contains("cost_and_usage"))
        .ok_or_else(|| format!("{} holds no file of costs", folder.display()))
}

fn printed(command: &mut std::process::Command, name: &str) -> Outcome<String> {
    let output = command.output().map_err(|reason| format!("{name}: {reason}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{name}: {}{}", text(&output.stdout), text(&output.stderr)))
    }
}

/// Whether what was loaded and what was refused are the file.
fn check(expected: &str, found: &str) -> Outcome {
    let mut rows = 0;
    let mut sums = BTreeMap::new();
    for (word, value) in expected.lines().filter_map(|line| line.split_once(' ')) {
        if word == "rows" {
            rows = value.parse::<u64>().map_err(|reason| reason.to_string())?;
        } else {
            sums.insert(word.to_owned(), units(value)?);
        }
    }
    let (mut loaded, mut refused) = (0, 0);
    let mut added = BTreeMap::<String, i128>::new();
    for line in found.lines() {
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["loaded", count] => loaded = count.parse().map_err(|_| line.to_owned())?,
            ["refused", count] => refused = count.parse().map_err(|_| line.to_owned())?,
            ["billed" | "refused", currency, sum] => {
                *added.entry((*currency).to_owned()).or_default() += units(sum)?;
            }
            _ => {}
        }
    }
    if loaded + refused != rows {
        return Err(format!("{loaded} loaded and {refused} refused are not the {rows} rows of the file"));
    }
    if loaded * 10 < rows * 9 {
        return Err(format!("only {loaded} of {rows} rows were loaded"));
    }
    if added != sums {
        return Err(format!("the sums are {added:?} instead of {sums:?}"));
    }
    Ok(())
}

/// A decimal in units of its twentieth place.
fn units(text: &str) -> Outcome<i128> {
    const PLACES: usize = 20;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > PLACES {
        return Err(format!("{text} has more than {PLACES} decimals"));
    }
    format!("{whole}{fraction:0<PLACES$}").parse().map_err(|_| format!("{text} is no sum"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_was_loaded_and_what_was_refused() {
        let file = "rows 10\nEUR 1.25\nUSD -0.10\n";
        let report = "batch B\nloaded 9\nrefused 1\nbilled EUR 1.00\nbilled USD -0.1\nrefused EUR 0.250\n";
        assert_eq!(check(file, report), Ok(()));
        for (from, to) in [("loaded 9", "loaded 8"), ("0.250", "0.251"), ("refused EUR", "refused GBP")] {
            assert!(check(file, &report.replace(from, to)).is_err(), "{to}");
        }
        assert!(check("rows 10\n", "loaded 8\nrefused 2\n").is_err(), "too few were loaded");
    }
}
