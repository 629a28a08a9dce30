//! Who may depend on whom (ARCHITECTURE.md, dependency rule), from `cargo metadata`.

use super::finding::Finding;
use crate::Outcome;
use serde_json::Value;

const APP: &str = "usage-desk";
/// Measures the app's grid, and is part of nothing.
const BENCH_PAGE: &str = "bench-page";

/// What a crate may be built on, besides nothing. Crates that are not named here are free outside
/// the workspace.
const ALLOWED: &[(&str, &[&str])] = &[
    ("connections", &["serde", "serde_json"]),
    ("rest-contract", &["serde", "serde_json", "rust_decimal", "chrono", "sha2"]),
    ("record-store", &[]),
    ("grid-model", &["rust_decimal"]),
    ("grid-table", &["rust_decimal"]),
    ("export-files", &["flate2", "sha2"]),
    ("import-files", &["serde", "rust_decimal", "chrono", "flate2", "quick-xml", "rawzip"]),
];

/// Which crates of the workspace a crate may be built on.
const ALLOWED_INSIDE: &[(&str, &[&str])] = &[
    (
        APP,
        &[
            "connections",
            "export-files",
            "import-files",
            "rest-contract",
            "record-store",
            "grid-model",
            "grid-table",
        ],
    ),
    ("grid-table", &["grid-model"]),
    ("import-files", &["rest-contract"]),
    ("demo-server", &["connections", "import-files", "rest-contract"]),
    ("xtask", &["connections"]),
];

pub(crate) fn check(metadata: &str) -> Outcome<Vec<Finding>> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|reason| format!("cargo metadata: {reason}"))?;
    let packages = list(&metadata, "packages");
    let inside: Vec<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let mut findings = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let manifest = match name {
            APP => "Cargo.toml".to_owned(),
            BENCH_PAGE => "tests/bench/page/Cargo.toml".to_owned(),
            _ => format!("crates/{name}/Cargo.toml"),
        };
        for dependency in list(package, "dependencies") {
            let wanted = text(dependency, "name");
            let is_for_tests = text(dependency, "kind") == "dev";
            if let Some(reason) = objection(name, wanted, is_for_tests, inside.contains(&wanted)) {
                findings.push(Finding::new(&manifest, 0, reason));
            }
        }
    }
    Ok(findings)
}

fn objection(name: &str, wanted: &str, is_for_tests: bool, is_inside: bool) -> Option<String> {
    let of = |list: &[(&str, &'static [&'static str])]| {
        list.iter().find(|(listed, _)| *listed == name).map(|(_, allowed)| *allowed)
    };
    if wanted == APP && name != BENCH_PAGE {
        return Some(format!("{name} depends on the app; nothing may"));
    }
    let inside = of(ALLOWED_INSIDE).filter(|_| is_inside);
    let allowed = inside.or_else(|| of(ALLOWED))?;
    let is_fine = is_for_tests || allowed.contains(&wanted);
    (!is_fine).then(|| format!("{name} depends on {wanted}; it may only on {allowed:?}"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn verdict(name: &str, wanted: &str, kind: &str) -> usize {
        let kind = if kind.is_empty() { "null".to_owned() } else { format!("{kind:?}") };
        let outside = ["serde", "leptos", "proptest", "axum", "rawzip"];
        let inside = [
            "usage-desk",
            "bench-page",
            "rest-contract",
            "record-store",
            "grid-model",
            "grid-table",
            "export-files",
            "import-files",
            "demo-server",
        ];
        let others: String = inside
            .iter()
            .filter(|other| **other != name && !outside.contains(other))
            .map(|other| format!(r#",{{"name":"{other}","dependencies":[]}}"#))
            .collect();
        let metadata = format!(
            r#"{{"packages":[{{"name":"{name}","dependencies":[{{"name":"{wanted}","kind":{kind}}}]}}{others}]}}"#
        );
        check(&metadata).unwrap().len()
    }

    #[test]
    fn the_rule_of_who_may_depend_on_whom() {
        assert_eq!(verdict("rest-contract", "serde", ""), 0);
        assert_eq!(verdict("rest-contract", "leptos", ""), 1);
        assert_eq!(verdict("record-store", "serde", ""), 1);
        assert_eq!(verdict("record-store", "serde", "build"), 1);
        assert_eq!(verdict("record-store", "proptest", "dev"), 0);
        assert_eq!(verdict("grid-model", "rust_decimal", ""), 0);
        assert_eq!(verdict("grid-model", "rest-contract", ""), 1);
        assert_eq!(verdict("grid-table", "grid-model", ""), 0);
        assert_eq!(verdict("grid-table", "rust_decimal", ""), 0);
        assert_eq!(verdict("grid-table", "record-store", ""), 1);
        assert_eq!(verdict("grid-table", "leptos", ""), 1);
        assert_eq!(verdict("export-files", "rest-contract", ""), 1);
        assert_eq!(verdict("export-files", "rest-contract", "dev"), 0);
        assert_eq!(verdict("import-files", "rest-contract", ""), 0);
        assert_eq!(verdict("import-files", "rawzip", ""), 0);
        assert_eq!(verdict("import-files", "axum", ""), 1);
        assert_eq!(verdict("import-files", "grid-model", ""), 1);
        assert_eq!(verdict("rest-contract", "import-files", ""), 1);
        assert_eq!(verdict("demo-server", "import-files", ""), 0);
        assert_eq!(verdict("demo-server", "axum", ""), 0);
        assert_eq!(verdict("demo-server", "rest-contract", ""), 0);
        assert_eq!(verdict("demo-server", "record-store", ""), 1);
        assert_eq!(verdict("usage-desk", "leptos", ""), 0);
        assert_eq!(verdict("usage-desk", "demo-server", ""), 1);
        assert_eq!(verdict("xtask", "demo-server", ""), 1);
        assert_eq!(verdict("demo-server", "usage-desk", "dev"), 1);
        assert_eq!(verdict("bench-page", "usage-desk", ""), 0);
        assert_eq!(verdict("usage-desk", "bench-page", ""), 1);
    }
}
