//! Which folder of a crate may use which (ARCHITECTURE.md, floors): only those on the floors below its own,
//! and no files of different folders in a circle.

use super::finding::{Finding, SourceFile};
use super::module_uses::{Modules, Use};
use super::rust_text::code_only;
use std::collections::{BTreeMap, BTreeSet};

/// The floors of the app, from the top. Folders on one floor do not use each other.
const APP: &[&[&str]] = &[
    &["app"],
    &[
        "pages/approvals",
        "pages/base_buckets",
        "pages/batch",
        "pages/batches",
        "pages/changes",
        "pages/events",
        "pages/help",
        "pages/import",
        "pages/overview",
        "pages/service_usage",
        "pages/settings",
        "pages/sign_in",
    ],
    &["features/event_drawer"],
    &["features/event_list"],
    &["features/correction", "features/reversal", "features/page_head"],
    &["features/batch_work", "features/change_evidence", "features/usual_reading", "features/whole_list"],
    &["features/list", "features/notices", "features/selection", "features/record_panel"],
    &[
        "features/allowed_button",
        "features/approvals",
        "features/environment_name",
        "features/form_request",
        "features/help",
        "features/kept_history",
        "features/change_text",
        "features/field_form",
        "features/record_address",
        "features/usual_zone",
    ],
    &["features/rule_words"],
    &["data/fetched"],
    &["data/latest"],
    &["data/session"],
    &["data/sync", "data/lookups"],
    &["api", "ui"],
    &["routes"],
    &["text"],
    &["apart", "next_task"],
];

/// The floors of the demo server.
const SERVER: &[&[&str]] = &[
    &["command_line"],
    &["router"],
    &["connections_file", "cors", "fault_layer", "open_api", "sign_in"],
    &["cloud_foundry", "logisense", "oracle"],
    &["oracle/commands"],
    &["oracle/request"],
    &["service"],
    &["approvals"],
    &["app_files", "demo_data", "load_file", "rating"],
    &["oracle/records"],
    &["oracle/query"],
    &["oracle/schema"],
    &["oracle/protocol"],
    &[
        "faults",
        "guid",
        "open_api_parts",
        "page_or_data",
        "policy",
        "provider_tokens",
        "request_id",
        "request_origin",
    ],
    &["access_tokens"],
    &["accounts", "connection", "form", "json_names"],
    &["database", "request_body"],
];

/// The crates that have floors, by where their `lib.rs` stands.
const CRATES: &[(&str, &[&[&str]])] = &[("src", APP), ("crates/demo-server/src", SERVER)];

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (root, floors) in CRATES {
        let modules = Modules::of(files, root);
        let (uses, passed_on) = (modules.uses(), modules.passed_on());
        let all = uses.iter().chain(&passed_on);
        findings.extend(all.filter_map(|one| upward(root, floors, one)));
        findings.extend(uses.iter().filter_map(|one| whole_folder(root, floors, one)));
        findings.extend(named_as_text(files, root));
        findings.extend(homeless(files, root, floors));
        findings.extend(circles(&uses));
    }
    findings
}

/// The floor that a file stands on, from the top, and its folder there: the innermost that is named.
fn floor_of<'f>(root: &str, floors: &[&[&'f str]], path: &str) -> Option<(usize, &'f str)> {
    let name = path.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
    let named =
        floors.iter().enumerate().flat_map(|(floor, folders)| folders.iter().map(move |it| (floor, *it)));
    let around = named.filter(|(_, folder)| {
        name.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    around.max_by_key(|(_, folder)| folder.len())
}

fn upward(root: &str, floors: &[&[&str]], one: &Use<'_>) -> Option<Finding> {
    let (from, own) = floor_of(root, floors, one.from)?;
    let (to, other) = floor_of(root, floors, one.to)?;
    let is_fine = own == other || from < to;
    (!is_fine).then(|| {
        Finding::new(one.from, one.line, format!("{own} uses {other}, which does not stand below it"))
    })
}

/// A file that only lists what is below it, used as a whole: whatever is reached through it could stand
/// anywhere.
fn whole_folder(root: &str, floors: &[&[&str]], one: &Use<'_>) -> Option<Finding> {
    let is_listed = floor_of(root, floors, one.to).is_none() && !one.to.ends_with("/lib.rs");
    let is_on_floor = floor_of(root, floors, one.from).is_some();
    (is_listed && is_on_floor)
        .then(|| Finding::new(one.from, one.line, format!("uses {} as a whole; name the file in it", one.to)))
}

/// Files that are named in a text, which no path shows: another file in a module's place, and scripts that
/// do not stand in the folder of the file that uses them.
fn named_as_text(files: &[SourceFile], root: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let inside = |file: &&SourceFile| {
        let name = file.path.strip_prefix(root).and_then(|path| path.strip_prefix('/'));
        name.is_some_and(|name| name.ends_with(".rs") && name != "lib.rs")
    };
    for file in files.iter().filter(inside) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = file.path.strip_suffix(".rs").unwrap_or(&file.path);
        for (line, text) in file.text.lines().enumerate() {
            if text.trim_start().starts_with("#[path") {
                findings.push(Finding::new(&file.path, line + 1, "puts another file in a module's place"));
            }
            if text.trim_start().starts_with("#[macro_export") {
                findings.push(Finding::new(&file.path, line + 1, "gives a macro to every floor"));
            }
            let script = text.split_once("module = \"/").and_then(|(_, rest)| rest.split_once('"'));
            let of = script.and_then(|(script, _)| script.rsplit_once('/')).map(|(of, _)| of);
            if of.is_some_and(|of| of != folder && of != own) {
                findings.push(Finding::new(&file.path, line + 1, "uses a script of another folder"));
            }
        }
    }
    findings
}

/// Files on no floor, but for those that only list what is below them.
fn homeless(files: &[SourceFile], root: &str, floors: &[&[&str]]) -> Vec<Finding> {
    let is_above = |name: &str| {
        floors.iter().any(|floor| floor.iter().any(|folder| folder.starts_with(&format!("{name}/"))))
    };
    let outside = files.iter().filter(|file| {
        let inside =
            file.path.strip_prefix(root).and_then(|path| path.strip_prefix('/')?.strip_suffix(".rs"));
        inside.is_some_and(|name| {
            let is_listing = ["lib", "main"].contains(&name) || (is_above(name) && only_lists(&file.text));
            !is_listing && floor_of(root, floors, &file.path).is_none()
        })
    });
    outside
        .map(|file| Finding::new(&file.path, 0, "stands on no floor (crates/xtask/src/tidy/floors.rs)"))
        .collect()
}

/// Whether a file has nothing of its own: modules and what they pass on.
fn only_lists(text: &str) -> bool {
    const ITEMS: [&str; 8] = ["fn", "struct", "enum", "trait", "impl", "const", "static", "macro_rules"];
    let code = code_only(text);
    let mut words = code.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    !words.any(|word| ITEMS.contains(&word))
}

/// The folder of a file; `a.rs` beside `a/` belongs to that.
fn folder_of<'p>(path: &'p str, folders: &BTreeSet<&str>) -> &'p str {
    let name = path.strip_suffix(".rs").unwrap_or(path);
    if folders.contains(name) { name } else { path.rsplit_once('/').map_or("", |(folder, _)| folder) }
}

/// Files that use each other in a circle, where they stand in more than one folder.
fn circles(uses: &[Use<'_>]) -> Vec<Finding> {
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in uses {
        arrows.entry(one.from).or_default().insert(one.to);
    }
    let all: BTreeSet<&str> = uses.iter().flat_map(|one| [one.from, one.to]).collect();
    let folders: BTreeSet<&str> =
        all.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        all.iter().map(|path| (*path, reached_from(path, &arrows))).collect();
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for path in &all {
        let circle: Vec<&str> =
            reached[path].iter().filter(|other| reached[**other].contains(path)).copied().collect();
        let stands_in: BTreeSet<&str> = circle.iter().map(|path| folder_of(path, &folders)).collect();
        if stands_in.len() > 1 && told.is_disjoint(&circle.iter().copied().collect()) {
            told.extend(circle.iter().copied());
            findings.push(Finding::new(
                path,
                0,
                format!("uses itself in a circle over folders: {}", circle.join(", ")),
            ));
        }
    }
    findings
}

fn reached_from<'p>(path: &'p str, arrows: &BTreeMap<&'p str, BTreeSet<&'p str>>) -> BTreeSet<&'p str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![path];
    while let Some(next) = open.pop() {
        for to in arrows.get(next).into_iter().flatten() {
            if reached.insert(*to) {
                open.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::finding::{file, places};
    use super::*;

    #[test]
    fn an_import_that_runs_up_is_found() {
        let files = [
            file("src/lib.rs", "mod text;\nmod pages;\n"),
            file("src/pages.rs", "pub mod batch;\npub mod events;\n"),
            file("src/pages/batch.rs", "use crate::text::count;\n"),
            file("src/pages/events.rs", "use crate::text::count;\nuse crate::pages::batch::BatchPage;\n"),
            file("src/text.rs", "pub fn count() {}\nfn up() { crate::pages::events::show() }\n"),
        ];
        assert_eq!(
            places(&check(&files)),
            ["src/pages/events.rs:2", "src/text.rs:2", "src/pages/batch.rs:0"]
        );
    }

    #[test]
    fn no_way_up_is_hidden_by_how_it_is_written() {
        for way in [
            "fn up() { for p in crate::pages::events::ALL {} }",
            "fn up() { crate::pages::events::show::<u8>() }",
            "pub use crate::pages::events::show;",
            "use crate::pages;\nfn up() { pages::events::show() }",
            "use crate::pages::{self};",
            "use crate::pages::*;",
            "#[path = \"pages/events.rs\"]\nmod events;",
            "#[wasm_bindgen(module = \"/src/pages/events.js\")]",
            "#[macro_export]\nmacro_rules! shown { () => {} }",
            "#[cfg(test)]\nmod tests {\n}\nuse crate::pages::events::show;",
        ] {
            let files = [
                file("src/lib.rs", "mod text;\nmod pages;\n"),
                file("src/pages.rs", "pub mod events;\n"),
                file("src/pages/events.rs", "pub fn show() {}\n"),
                file("src/text.rs", way),
            ];
            let found = check(&files);
            assert!(
                !found.is_empty() && places(&found).iter().all(|at| at.starts_with("src/text.rs")),
                "{way}"
            );
        }
        let files = [
            file("src/lib.rs", "mod pages;\n"),
            file("src/pages.rs", "pub mod events;\npub fn of_its_own() {}\n"),
            file("src/pages/events.rs", "pub(in crate::pages) fn show() {}\n"),
        ];
        assert_eq!(places(&check(&files)), ["src/pages.rs:0"]);
    }

    #[test]
    fn a_circle_over_folders_is_found_and_one_within_a_folder_is_not() {
        let circle = |number: &str| {
            let files = [
                file("src/lib.rs", "pub mod text;\n"),
                file("src/text.rs", "mod number;\nuse number::Number;\npub struct Sign;\n"),
                file("src/text/sign.rs", "use super::Sign;\n"),
                file("src/text/number.rs", number),
                file("src/text/number/digits.rs", "use super::Number;\npub struct Digits;\n"),
            ];
            places(&check(&files)).len()
        };
        assert_eq!(circle("mod digits;\nuse digits::Digits;\npub struct Number;\n"), 0);
        assert_eq!(circle("mod digits;\nuse digits::Digits;\npub struct Number(super::Sign);\n"), 1);
    }

    #[test]
    fn a_file_on_no_floor_is_found() {
        let files = [file("src/lib.rs", "mod elsewhere;\n"), file("src/elsewhere.rs", "")];
        assert_eq!(places(&check(&files)), ["src/elsewhere.rs:0"]);
    }
}
