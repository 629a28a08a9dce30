//! `cargo xtask sizes`: what a browser has to load, raw and after brotli, against the budget in
//! `size-budget.txt`. Node compresses (its zlib has brotli), so that no crate is built for it.

use crate::Outcome;
use crate::workspace::Workspace;
use std::fs;

const BUDGET: &str = "crates/xtask/size-budget.txt";
const COUNTED: [&str; 3] = ["wasm", "js", "css"];

/// Prints one line for each file: raw and compressed length.
const MEASURE: &str = "const fs = require('fs'), zlib = require('zlib'); \
    for (const f of process.argv.slice(1)) { const b = fs.readFileSync('dist/' + f); \
    console.log(b.length, zlib.brotliCompressSync(b).length) }";

#[derive(Debug, PartialEq, Eq)]
struct Size {
    file: String,
    raw: u64,
    brotli: u64,
}

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let budget = workspace.read(BUDGET)?;
    let budget = parse_budget(&budget)?;
    let files = files_in_dist(workspace)?;
    let mut words = vec!["-e", MEASURE, "--"];
    words.extend(files.iter().map(String::as_str));
    let measured =
        workspace.output_of("node", &words).ok_or("Node is needed to measure sizes (https://nodejs.org)")?;
    let sizes = parse_sizes(files, &measured)?;
    println!("{:44} {:>10} {:>10}", "dist", "raw kB", "brotli kB");
    for size in &sizes {
        println!("{:44} {:>10} {:>10}", size.file, kilobytes(size.raw), kilobytes(size.brotli));
    }
    let over = over_budget(&sizes, &budget);
    if over.is_empty() { Ok(()) } else { Err(format!("over the budget of {BUDGET}: {}", over.join("; "))) }
}

/// The names of the files that count, in order.
pub(crate) fn files_in_dist(workspace: &Workspace) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(workspace.path("dist"))
        .map_err(|_| "there is no dist; `cargo xtask test --only dist` makes one".to_owned())?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.rsplit_once('.').is_some_and(|(_, end)| COUNTED.contains(&end))).collect();
    names.sort();
    Ok(names)
}

/// Lines of a pattern and a number of kB (1000 bytes).
fn parse_budget(text: &str) -> Outcome<Vec<(&str, u64)>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (pattern, limit) = line.split_once(' ').ok_or(format!("{BUDGET}: not understood: {line}"))?;
            let limit = limit.trim().parse().map_err(|_| format!("{BUDGET}: not a number: {line}"))?;
            Ok((pattern, limit))
        })
        .collect()
}

fn parse_sizes(files: Vec<String>, measured: &str) -> Outcome<Vec<Size>> {
    let mut lines = measured.lines();
    files
        .into_iter()
        .map(|file| {
            let line = lines.next().unwrap_or_default();
            let (raw, brotli) = line.split_once(' ').ok_or(format!("cannot measure {file}"))?;
            let number = |text: &str| text.parse().map_err(|_| format!("cannot measure {file}"));
            Ok(Size { raw: number(raw)?, brotli: number(brotli)?, file })
        })
        .collect()
}

fn over_budget(sizes: &[Size], budget: &[(&str, u64)]) -> Vec<String> {
    let too_large = |(pattern, limit): &(&str, u64)| {
        let files = sizes.iter().filter(|size| matches(pattern, &size.file));
        let total: u64 = files.map(|size| size.brotli).sum();
        (total > limit * 1000).then(|| format!("{pattern} takes {} of {limit} kB", kilobytes(total)))
    };
    budget.iter().filter_map(too_large).collect()
}

/// Whether a name fits a pattern with at most one `*`.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((begin, end)) => {
            name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
        }
        None => pattern == name,
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(file: &str, brotli: u64) -> Size {
        Size { file: file.to_owned(), raw: brotli * 3, brotli }
    }

    #[test]
    fn files_of_one_pattern_share_its_budget() {
        let budget = parse_budget("# kB\n*.css 10\n\napp-*_bg.wasm 300\n").unwrap();
        let small = [size("a.css", 4_000), size("b.css", 6_000), size("app-0f_bg.wasm", 300_000)];
        assert_eq!(over_budget(&small, &budget), Vec::<String>::new());
        let large = [size("a.css", 4_000), size("b.css", 6_100), size("app-0f_bg.wasm", 9)];
        assert_eq!(over_budget(&large, &budget), ["*.css takes 10.1 of 10 kB"]);
    }

    #[test]
    fn a_budget_that_cannot_be_read_is_said() {
        assert!(parse_budget("app.wasm much").is_err());
        assert!(parse_budget("app.wasm").is_err());
    }
}
