//! ARCHITECTURE.md stays short, and every path that it, README.md or the security table names is there.

use super::finding::{Finding, SourceFile};
use std::collections::BTreeSet;

const PAGE: &str = "ARCHITECTURE.md";
const FIRST_PAGE: &str = "README.md";
const SECURITY_TABLE: &str = "tests/security/asvs.md";
/// Written by whoever runs the console, and no file of the project.
const SERVED: &str = "connections.json";
const LONGEST: usize = 200;

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let Some(page) = files.iter().find(|file| file.path == PAGE) else {
        return vec![Finding::new(PAGE, 0, "is missing")];
    };
    let there = paths(files);
    let mut findings = Vec::new();
    let length = page.text.lines().count();
    if length >= LONGEST {
        findings.push(Finding::new(PAGE, 0, format!("has {length} lines; it must stay under {LONGEST}")));
    }
    for page in files.iter().filter(|file| [PAGE, FIRST_PAGE, SECURITY_TABLE].contains(&file.path.as_str())) {
        for (line, path) in named_paths(&page.text) {
            if path != SERVED && !there.contains(path.trim_end_matches('/')) {
                findings.push(Finding::new(&page.path, line, format!("names {path}, which is not there")));
            }
        }
    }
    findings
}

/// Every file, and every folder above one.
fn paths(files: &[SourceFile]) -> BTreeSet<&str> {
    let mut there = BTreeSet::new();
    for file in files {
        there.insert(file.path.as_str());
        there.extend(file.path.match_indices('/').filter_map(|(at, _)| file.path.get(..at)));
    }
    there
}

/// The paths a page names, with their lines: in `backquotes`, and in a tree drawn between fences.
fn named_paths(page: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut is_tree = false;
    let mut above: Vec<(usize, String)> = Vec::new();
    for (at, line) in page.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_tree = !is_tree;
            above.clear();
        } else if is_tree {
            named.extend(tree_line(line, &mut above).into_iter().map(|path| (at + 1, path)));
        } else {
            let quoted = line.split('`').skip(1).step_by(2).filter(|text| is_path(text));
            named.extend(quoted.map(|text| (at + 1, text.to_owned())));
        }
    }
    named
}

/// The paths at the beginning of a line of a tree, below the folders that the lines above opened by
/// their indentation.
fn tree_line(line: &str, above: &mut Vec<(usize, String)>) -> Vec<String> {
    let indentation = line.len() - line.trim_start().len();
    above.retain(|(deeper, _)| *deeper < indentation);
    let parent = above.last().map(|(_, folder)| folder.clone()).unwrap_or_default();
    let names: Vec<&str> = line.split_whitespace().take_while(|word| is_tree_entry(word)).collect();
    let paths: Vec<String> = names.iter().map(|name| format!("{parent}{name}")).collect();
    if let [folder] = paths.as_slice()
        && folder.ends_with('/')
    {
        above.push((indentation, folder.clone()));
    }
    paths
}

fn is_tree_entry(word: &str) -> bool {
    word.ends_with('/') || is_file_name(word)
}

fn is_file_name(word: &str) -> bool {
    const ENDS: &[&str] =
        &["rs", "md", "toml", "html", "css", "json", "lock", "txt", "ts", "js", "mjs", "sql", "svg"];
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
    is_plain && word.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

/// Whether a quoted text is a path of this repository: no route, no address, no pattern.
fn is_path(text: &str) -> bool {
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
    is_plain && !text.starts_with('/') && (text.contains('/') || is_file_name(text))
}

#[cfg(test)]
mod tests {
    use super::super::finding::{file, places};
    use super::*;

    #[track_caller]
    fn found(page: &str) -> Vec<String> {
        let there =
            ["src/main.rs", "src/grid_view/painter.rs", "Cargo.toml", "crates/record-store/src/lib.rs"];
        let mut files: Vec<SourceFile> = there.iter().map(|path| file(path, "")).collect();
        files.push(file(PAGE, page));
        places(&check(&files))
    }

    #[test]
    fn every_named_path_is_there() {
        assert_eq!(found("`src/main.rs`, `src/grid_view`, `crates/record-store/` and `Cargo.toml`"), [""; 0]);
        assert_eq!(found("fine\n`src/gone.rs` and `gone.rs`"), ["ARCHITECTURE.md:2", "ARCHITECTURE.md:2"]);
        for page in [FIRST_PAGE, SECURITY_TABLE] {
            let pages = [file(PAGE, ""), file(page, "`src/gone.rs`")];
            assert_eq!(places(&check(&pages)), [format!("{page}:1")]);
        }
        assert_eq!(found("`/events`, `cargo xtask test`, `Store::apply`, `a/*.rs`, `leptos`"), [""; 0]);
    }

    #[test]
    fn a_tree_is_read_by_its_indentation() {
        let tree = "```\nCargo.toml  src/\nsrc/            the app\n  main.rs       entry\n  grid_view/    \
                    grid\n    painter.rs  paint\n  gone/ grid_view/  two\ncrates/\n  record-store/ store\n```\n";
        assert_eq!(found(tree), ["ARCHITECTURE.md:7"]);
    }

    #[test]
    fn the_page_is_there_and_short() {
        assert_eq!(places(&check(&[])), ["ARCHITECTURE.md:0"]);
        assert_eq!(found(&"line\n".repeat(199)), [""; 0]);
        assert_eq!(found(&"line\n".repeat(200)), ["ARCHITECTURE.md:0"]);
    }
}
