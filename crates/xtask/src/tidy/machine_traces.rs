//! Traces of one machine: its folders, its package registry.

use super::finding::{Finding, SourceFile};

/// Folders of people's and machines' own. Written in two halves, so that this file is none.
const FOLDERS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Use", "rs/"),
    concat!("/tm", "p/"),
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
];

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let is_lock = file.path.ends_with("package-lock.json");
        let is_settings = file.path.ends_with(".npmrc") || file.path.starts_with(".cargo/");
        for (at, line) in file.text.lines().enumerate() {
            if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
                let says = format!("{folder} is a folder of one machine");
                findings.push(Finding::new(&file.path, at + 1, says));
            }
            let may_name_host = is_lock && line.contains("\"resolved\"") || is_settings;
            if may_name_host && line.contains("://") {
                let says = "names a package registry; leave that to each machine's own settings";
                findings.push(Finding::new(&file.path, at + 1, says));
            }
        }
    }
    findings
}

/// Whether a line names something below a folder of the file system, and not the end of a longer
/// path that only looks like it.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + folder.len()..).and_then(|text| text.chars().next());
        let starts_here = before.is_none_or(|c| !c.is_alphanumeric() && !"}_-.~/".contains(c));
        starts_here && after.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::{file, places};
    use super::*;

    #[test]
    fn folders_of_one_machine_are_found() {
        let text = format!(
            "a = \"{}secret\"\nb = \"src{}x\"\nc = \"https://x.org{}y\"\n{}\n",
            FOLDERS[0], FOLDERS[0], FOLDERS[1], FOLDERS[3]
        );
        assert_eq!(places(&check(&[file("README.md", &text)])), ["README.md:1"]);
    }

    #[test]
    fn registries_are_found() {
        let lock = "{\n\"version\": \"1\",\n\"resolved\": \"https://registry.example/a.tgz\"\n}";
        let found = check(&[file("tests/e2e/package-lock.json", lock), file("src/a.rs", lock)]);
        assert_eq!(places(&found), ["tests/e2e/package-lock.json:3"]);
        let found = check(&[file(
            ".npmrc",
            "omit-lockfile-registry-resolved=true\nregistry=https://registry.example\n",
        )]);
        assert_eq!(places(&found), [".npmrc:2"]);
    }
}
