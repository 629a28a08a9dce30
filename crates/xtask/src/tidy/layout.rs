//! Where files may stand and what they may be called.

use super::finding::{Finding, SourceFile};
use super::rust_text::code_only;

/// Everything that may stand in the root.
const ROOT: &[&str] = &[
    ".cargo",
    ".ci",
    ".readme",
    ".clippy.toml",
    ".gitattributes",
    ".gitignore",
    ".readme",
    ".rustfmt.toml",
    ".dockerignore",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "Trunk.toml",
    "crates",
    "index.html",
    "src",
    "style",
    "tests",
];

/// Names that say nothing of what is inside.
const EMPTY_WORDS: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "manager"];

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let path = file.path.as_str();
        let top = path.split('/').next().unwrap_or(path);
        if !ROOT.contains(&top) {
            findings.push(Finding::new(
                path,
                0,
                format!("{top} is not on the list of what stands in the root"),
            ));
        }
        if path.ends_with("/mod.rs") {
            findings.push(Finding::new(path, 0, "write foo.rs and foo/, not foo/mod.rs"));
        }
        if let Some(word) = words(path).find(|word| EMPTY_WORDS.contains(&word.as_str())) {
            findings.push(Finding::new(
                path,
                0,
                format!("\"{word}\" in a name says nothing of what is inside"),
            ));
        }
        if path.ends_with(".rs") {
            findings.extend(empty_type_names(file));
        }
    }
    findings
}

/// Types, traits and modules called after nothing.
fn empty_type_names(file: &SourceFile) -> Vec<Finding> {
    let code = code_only(&file.text);
    let mut findings = Vec::new();
    for (at, line) in code.lines().enumerate() {
        let mut tokens = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|t| !t.is_empty());
        while let Some(token) = tokens.next() {
            if !["struct", "enum", "trait", "mod", "type"].contains(&token) {
                continue;
            }
            let name = tokens.next().unwrap_or_default();
            if let Some(word) = words(name).find(|word| EMPTY_WORDS.contains(&word.as_str())) {
                let says = format!("\"{word}\" in {name} says nothing of what it is");
                findings.push(Finding::new(&file.path, at + 1, says));
            }
        }
    }
    findings
}

/// The words of a path or a name, in lower case: `crates/foo/RowManager` is crates, foo, row, manager.
fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
        let mut words: Vec<String> = Vec::new();
        let mut before = '_';
        for letter in part.chars() {
            if letter.is_uppercase() && !before.is_uppercase() || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
            before = letter;
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::{file, places};
    use super::*;

    #[track_caller]
    fn found(path: &str, text: &str) -> Vec<String> {
        places(&check(&[file(path, text)]))
    }

    #[test]
    fn only_what_is_listed_stands_in_the_root() {
        assert_eq!(found("Cargo.toml", ""), [""; 0]);
        assert_eq!(found("notes.txt", ""), ["notes.txt:0"]);
        assert_eq!(found("scripts/run.sh", ""), ["scripts/run.sh:0"]);
    }

    #[test]
    fn names_say_what_is_inside() {
        for path in ["src/utils.rs", "src/grid/row_helpers.rs", "style/common.css", "src/RowManager.ts"] {
            assert_eq!(found(path, ""), [format!("{path}:0")]);
        }
        assert_eq!(found("src/utility_billing.rs", ""), [""; 0]);
        assert_eq!(found("src/grid/mod.rs", ""), ["src/grid/mod.rs:0"]);
        let text = "// struct OldManager\nstruct RowManager;\nmod helpers;\nlet manager = 1;\n";
        assert_eq!(found("src/a.rs", text), ["src/a.rs:2", "src/a.rs:3"]);
    }
}
