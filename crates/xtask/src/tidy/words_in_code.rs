//! Words that may not stand in code, or only in some places.

use super::finding::{Finding, SourceFile};
use super::rust_text::code_only;

/// Where amounts travel: no binary floating point, unless a line gives the reason.
const EXACT: &[&str] = &[
    "crates/rest-contract/",
    "crates/record-store/",
    "crates/grid-model/",
    "crates/grid-table/",
    "crates/import-files/",
    "src/",
];

/// Comments that give a reason for a float, on the line or the one above it.
const FLOAT_REASONS: &[&str] = &["exact-in-double:", "pixels:"];

/// Whole files of pixel geometry or of numbers that a browser only takes as floats, each with the
/// reason.
const FLOAT_FILES: &str = include_str!("../../float-files.txt");

/// The store's rule S10: what goes in decides alone what comes out. A map in hashed order would be chance.
const STORE: &str = "crates/record-store/src/";
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant",
    "HashMap",
    "HashSet",
    "RandomState",
    "println",
    "eprintln",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
];

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let float_files = listed_files(FLOAT_FILES);
    for file in files {
        if file.path.ends_with(".rs") {
            let code = code_only(&file.text);
            let is_exact = EXACT.iter().any(|folder| file.path.starts_with(folder));
            if is_exact && !float_files.contains(&file.path.as_str()) {
                findings.extend(floats(file, &code));
            }
            findings.extend(rust_words(file, &code));
        } else if file.path.starts_with("tests/") {
            findings.extend(script_words(file));
        }
    }
    let gone = float_files.into_iter().filter(|listed| !files.iter().any(|file| file.path == *listed));
    findings.extend(
        gone.map(|listed| Finding::new("crates/xtask/float-files.txt", 0, format!("{listed} is gone"))),
    );
    findings
}

/// The paths of a list of `path: reason`.
fn listed_files(list: &str) -> Vec<&str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| Some(line.split_once(": ")?.0)).collect()
}

fn floats(file: &SourceFile, code: &str) -> Vec<Finding> {
    let has_reason = |line: &str| FLOAT_REASONS.iter().any(|reason| line.contains(reason));
    let mut findings = Vec::new();
    let mut above = "";
    for ((at, line), text) in code.lines().enumerate().zip(file.text.lines()) {
        let is_float = ["f64", "f32"].iter().any(|float| has_word(line, float));
        let is_explained = has_reason(text) || above.trim_start().starts_with("//") && has_reason(above);
        if is_float && !is_explained {
            let says = "binary floating point where amounts travel; use exact numbers, or give the reason in a \
                        comment (`pixels: ...`, `exact-in-double: ...`)";
            findings.push(Finding::new(&file.path, at + 1, says));
        }
        above = text;
    }
    findings
}

fn rust_words(file: &SourceFile, code: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_test_file = file.path.split('/').any(|part| part == "tests");
    let mut is_test = is_test_file;
    for (at, line) in code.lines().enumerate() {
        let mut find = |says: &str| findings.push(Finding::new(&file.path, at + 1, says));
        is_test |= line.contains("#[cfg(test)]");
        if line.contains("todo!") || line.contains("unimplemented!") {
            find("unfinished work");
        }
        if line.contains("dbg!") {
            find("left from debugging");
        }
        if line.contains("#[ignore") {
            find("a test that does not run");
        }
        if is_test && line.contains("thread::sleep") {
            find("a test that sleeps; await the condition");
        }
        let is_api = file.path == "src/api.rs" || file.path.starts_with("src/api/");
        if file.path.starts_with(STORE) && IMPURE.iter().any(|word| has_word(line, word)) {
            find("no clock, no randomness and no I/O in the store (S10)");
        }
        if file.path.starts_with("src/") && !is_api && has_word(line, "gloo_net") {
            find("only src/api may name gloo_net");
        }
    }
    findings
}

fn script_words(file: &SourceFile) -> Vec<Finding> {
    let is_script = [".ts", ".js", ".mjs", ".tsx"].iter().any(|end| file.path.ends_with(end));
    let mut findings = Vec::new();
    for (at, line) in file.text.lines().enumerate().filter(|_| is_script) {
        let mut find = |says: &str| findings.push(Finding::new(&file.path, at + 1, says));
        if line.contains(".only(") {
            find("the other tests would not run");
        }
        // A condition with a reason (`skip(!there, 'why')`) says so in the report; a bare one hides.
        let is_skipped =
            [".skip('", ".skip(\"", ".skip(`", ".skip()", ".fixme("].iter().any(|skip| line.contains(skip));
        if is_skipped {
            find("a test that does not run");
        }
        if line.contains("waitForTimeout") {
            find("a test that sleeps; await the condition");
        }
    }
    findings
}

/// Whether a word stands in a line, not as part of another.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::{file, places};
    use super::*;

    #[track_caller]
    fn found(path: &str, text: &str) -> Vec<String> {
        let findings = check(&[file(path, text)]);
        places(&findings.into_iter().filter(|finding| finding.path == path).collect::<Vec<_>>())
    }

    #[test]
    fn floats_need_a_reason_where_amounts_travel() {
        let text = "// f64 in a comment\nlet a: f64 = 1.0;\nlet b = 1.0_f32; let c = as_f64(x);\n\
                    let w: f64 = 2.0; // pixels: a width\n// pixels: a height\nlet h: f64 = 2.0;\n\
                    let s = \"f64\";\n";
        assert_eq!(found("src/a.rs", text), ["src/a.rs:2"]);
        assert_eq!(found("crates/demo-server/src/a.rs", text), [""; 0]);
    }

    #[test]
    fn a_reason_counts_for_one_line_only() {
        let text = "// pixels: a height\nlet h: f64 = 2.0;\nlet amount: f64 = 2.0;\n";
        assert_eq!(found("crates/grid-model/src/a.rs", text), ["crates/grid-model/src/a.rs:3"]);
    }

    #[test]
    fn unfinished_and_sleeping_code_is_found() {
        let text = "fn a() { todo!() }\nfn b() { dbg!(1); }\nthread::sleep(x);\n#[cfg(test)]\nmod t {\n\
                    #[ignore]\nfn c() { std::thread::sleep(x); }\n}\n";
        assert_eq!(found("src/a.rs", text), ["src/a.rs:1", "src/a.rs:2", "src/a.rs:6", "src/a.rs:7"]);
        let text = "thread::sleep(x)\n";
        assert_eq!(found("crates/a/tests/b.rs", text), ["crates/a/tests/b.rs:1"]);
    }

    #[test]
    fn the_network_has_one_room() {
        let text = "use gloo_net::http;\n";
        assert_eq!(found("src/event_grid.rs", text), ["src/event_grid.rs:1"]);
        assert_eq!(found("src/api/calls.rs", text), [""; 0]);
    }

    #[test]
    fn the_store_is_pure() {
        let text = "use std::time::{Duration, Instant};\nuse std::collections::{BTreeMap, HashMap};\n\
                    let a = std::env::args();\nlet instant = Duration::ZERO;\n";
        let at = |line: usize| format!("crates/record-store/src/a.rs:{line}");
        assert_eq!(found("crates/record-store/src/a.rs", text), [at(1), at(2), at(3)]);
        assert_eq!(found("crates/record-store/tests/a.rs", text), [""; 0]);
    }

    #[test]
    fn journeys_neither_sleep_nor_hide() {
        let text = "test.only('x', f)\nawait page.waitForTimeout(5)\ntest.skip('y', f)\n\
                    test.skip(!there, 'no file')\n";
        let at = |line: usize| format!("tests/e2e/a.spec.ts:{line}");
        assert_eq!(found("tests/e2e/a.spec.ts", text), [at(1), at(2), at(3)]);
    }
}
