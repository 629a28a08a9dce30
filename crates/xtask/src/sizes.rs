//! `cargo xtask sizes`: what a browser has to load of the build in `dist`, first and for each part,
//! raw and after brotli, against the budget in `size-budget.txt`.

use crate::Outcome;
use crate::budget::{self, Budget};
use crate::dist::MANIFEST;
use crate::dist::parts::{OPENS_OVER, STEPS};
use crate::workspace::Workspace;
use serde_json::Value;
use std::collections::BTreeSet;

/// A budget that is so much larger than what it is for has to follow it down.
const MOST_ROOM: u64 = 8;

/// What is loaded together, in bytes.
#[derive(Debug, PartialEq, Eq)]
struct Load {
    name: String,
    raw: u64,
    brotli: u64,
}

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let budget = budget::read(workspace)?;
    let manifest = workspace.read(&format!("dist/{MANIFEST}"));
    let manifest =
        manifest.map_err(|_| "there is no build in dist; `cargo xtask dist` makes one".to_owned())?;
    let (files, loads) = loads(&manifest).ok_or(format!("dist/{MANIFEST} is not understood"))?;
    print_table("loaded first", &files);
    println!();
    print_table("parts, with what is not here yet", &loads);
    let faults = faults(&loads, &budget);
    if faults.is_empty() { Ok(()) } else { Err(format!("{}: {}", budget::FILE, faults.join("; "))) }
}

fn print_table(title: &str, loads: &[Load]) {
    let width = loads.iter().map(|load| load.name.len()).chain([title.len()]).max().unwrap_or_default();
    println!("{title:width$} {:>10} {:>10}", "raw kB", "brotli kB");
    for Load { name, raw, brotli } in loads {
        println!("{name:width$} {:>10} {:>10}", kilobytes(*raw), kilobytes(*brotli));
    }
}

/// The files that are loaded first, then what is loaded together: all of them, and each part. A part
/// counts with what is not here yet when it is asked for.
fn loads(manifest: &str) -> Option<(Vec<Load>, Vec<Load>)> {
    let manifest: Value = serde_json::from_str(manifest).ok()?;
    let files = |of: &Value| -> Option<Vec<Load>> {
        let load = |file: &Value| {
            Some(Load {
                name: file["file"].as_str()?.to_owned(),
                raw: file["bytes"].as_u64()?,
                brotli: file["brotli"].as_u64()?,
            })
        };
        of.as_array()?.iter().map(load).collect()
    };
    let together = |name: &str, files: &[&Load]| Load {
        name: name.to_owned(),
        raw: files.iter().map(|file| file.raw).sum(),
        brotli: files.iter().map(|file| file.brotli).sum(),
    };
    let first = files(&manifest["first"])?;
    let mut loads = vec![together("first load", &first.iter().collect::<Vec<_>>())];
    let named = |part: &Value| Some((part["name"].as_str()?.to_owned(), files(&part["files"])?));
    let parts: Vec<_> = manifest["parts"].as_array()?.iter().map(named).collect::<Option<_>>()?;
    let step = |name: &str| STEPS.iter().position(|step| *step == name);
    let comes_before = |before: &str, name: &str| match (step(before), step(name)) {
        (Some(before), Some(place)) => before < place,
        (Some(_), None) => true,
        (None, _) => OPENS_OVER.contains(&(name, before)),
    };
    for (name, own) in &parts {
        let before = parts.iter().filter(|(before, _)| comes_before(before, name));
        let here: BTreeSet<&str> =
            before.flat_map(|(_, files)| files).map(|file| file.name.as_str()).collect();
        let fetched = own.iter().filter(|file| !here.contains(file.name.as_str()));
        loads.push(together(name, &fetched.collect::<Vec<_>>()));
    }
    // As they are fetched.
    loads[1..].sort_by_key(|load| step(&load.name).unwrap_or(STEPS.len()));
    Some((first, loads))
}

/// What is over its budget, and which number of the budget is no longer needed as high as it is.
fn faults(loads: &[Load], budget: &Budget) -> Vec<String> {
    let Some((first, parts)) = loads.split_first() else { return Vec::new() };
    let over = |(load, limit): (&Load, u64)| {
        (load.brotli > limit * 1000)
            .then(|| format!("{} takes {} of {limit} kB", load.name, kilobytes(load.brotli)))
    };
    let limits = parts.iter().map(|part| (part, budget.part));
    let mut faults: Vec<String> =
        std::iter::once((first, budget.first)).chain(limits).filter_map(over).collect();
    let loose = |(load, limit, name): (&Load, u64, &str)| {
        let lower = load.brotli.div_ceil(1000) + MOST_ROOM / 2;
        (load.brotli + MOST_ROOM * 1000 < limit * 1000)
            .then(|| format!("{} takes {} kB: lower {name} to {lower}", load.name, kilobytes(load.brotli)))
    };
    let largest = parts.iter().max_by_key(|part| part.brotli).map(|part| (part, budget.part, "part"));
    faults.extend(std::iter::once((first, budget.first, "first")).chain(largest).filter_map(loose));
    faults
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{ "build": "0f",
        "first": [{ "file": "a.wasm", "bytes": 9000, "brotli": 3000 }, { "file": "a.css", "bytes": 10, "brotli": 5 }],
        "parts": [{ "name": "changes", "files": [{ "file": "c.wasm", "bytes": 4000, "brotli": 2000 },
            { "file": "shared.bin", "bytes": 9000, "brotli": 900 }] },
            { "name": "sync", "files": [{ "file": "shared.bin", "bytes": 9000, "brotli": 900 }] }] }"#;

    #[test]
    fn what_is_loaded_together_counts_together() {
        let (files, loads) = loads(MANIFEST).unwrap();
        assert_eq!(files.len(), 2);
        let load = |name: &str, raw, brotli| Load { name: name.to_owned(), raw, brotli };
        assert_eq!(
            loads,
            [load("first load", 9010, 3005), load("sync", 9000, 900), load("changes", 4000, 2000)]
        );
        assert_eq!(faults(&loads, &Budget { first: 4, part: 2 }), Vec::<String>::new());
        let words = faults(&loads, &Budget { first: 3, part: 1 });
        assert_eq!(words, ["first load takes 3.0 of 3 kB", "changes takes 2.0 of 1 kB"]);
    }

    #[test]
    fn a_budget_follows_what_it_is_for() {
        let (_, loads) = loads(MANIFEST).unwrap();
        let words = faults(&loads, &Budget { first: 12, part: 11 });
        let lower = ["first load takes 3.0 kB: lower first to 8", "changes takes 2.0 kB: lower part to 6"];
        assert_eq!(words, lower);
        assert_eq!(faults(&loads, &Budget { first: 11, part: 10 }), Vec::<String>::new());
    }
}
