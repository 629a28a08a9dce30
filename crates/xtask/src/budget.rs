//! What a browser may have to load (`size-budget.txt`): read, and kept from growing unnoticed. `tidy` asks
//! whether the numbers may stand, `sizes` whether the build in `dist` keeps to them.

use crate::Outcome;
use crate::workspace::Workspace;

pub(crate) const FILE: &str = "crates/xtask/size-budget.txt";

/// No number of the file may be higher.
const CEILING: Budget = Budget { first: 300, part: 150 };

/// In kB (1000 bytes) after brotli.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) first: u64,
    pub(crate) part: u64,
}

pub(crate) fn read(workspace: &Workspace) -> Outcome<Budget> {
    parse(&workspace.read(FILE)?)
}

fn parse(text: &str) -> Outcome<Budget> {
    Ok(Budget { first: line_of(text, "first")?.0, part: line_of(text, "part")?.0 })
}

/// The number of a name, and why it is higher than before, if its line says so: `first 203: why`.
fn line_of<'t>(text: &'t str, name: &str) -> Outcome<(u64, Option<&'t str>)> {
    let line = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).next_back();
    let read = line.and_then(|line| {
        let (number, why) = line.split_once(':').map_or((line, None), |(number, why)| (number, Some(why)));
        let why = why.map(str::trim).filter(|why| !why.is_empty());
        Some((number.trim().parse().ok()?, why))
    });
    read.ok_or(format!("{FILE}: no number for {name}"))
}

/// What is wrong with the file, and with how it changed; `before` is an earlier text of it, where there is
/// one.
fn faults(now: &str, before: Option<&str>) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    for (name, ceiling) in [("first", CEILING.first), ("part", CEILING.part)] {
        let (number, why) = line_of(now, name)?;
        if number > ceiling {
            faults.push(format!("{name} may never be more than {ceiling} kB"));
        }
        // What stood in the file before there was such a number is nothing to compare with.
        let Some(Ok((earlier, reason))) = before.map(|before| line_of(before, name)) else { continue };
        if number > earlier && (why.is_none() || why == reason) {
            faults.push(format!(
                "{name} goes up from {earlier} to {number} and does not say why (`{name} {number}: why`)"
            ));
        }
    }
    Ok(faults)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome<Vec<String>> {
    let now = workspace.read(FILE)?;
    faults(&now, before(workspace, &now).as_deref())
}

/// The newest text of the file in the repository that is another one: what is committed, where it was
/// changed since, else what was committed before.
fn before(workspace: &Workspace, now: &str) -> Option<String> {
    let commits = workspace.output_of("git", &["log", "--max-count=2", "--format=%H", "--", FILE])?;
    let mut texts = commits
        .lines()
        .filter_map(|commit| workspace.output_of("git", &["show", &format!("{commit}:{FILE}")]));
    texts.find(|text| text.trim() != now.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_that_cannot_be_read_is_said() {
        assert_eq!(parse("# kB\nfirst 300\npart 150: so be it\n"), Ok(Budget { first: 300, part: 150 }));
        assert!(parse("first much\npart 150").is_err());
        assert!(parse("first 300").is_err());
    }

    #[test]
    fn no_number_is_higher_than_it_may_ever_be() {
        let words = faults("first 301: much to load\npart 151: likewise", None).unwrap();
        assert_eq!(words, ["first may never be more than 300 kB", "part may never be more than 150 kB"]);
        assert_eq!(faults("first 300\npart 150", None), Ok(Vec::new()));
    }

    #[test]
    fn a_number_that_goes_up_says_why_in_words_of_its_own() {
        let before = Some("first 197: the frame\npart 140");
        let words = faults("first 203\npart 140", before).unwrap();
        assert_eq!(words, ["first goes up from 197 to 203 and does not say why (`first 203: why`)"]);
        assert_eq!(faults("first 203: the frame\npart 141", before).unwrap().len(), 2);
        assert_eq!(faults("first 203: snippets count too\npart 139", before), Ok(Vec::new()));
        assert_eq!(faults("first 203\npart 140", Some("module 868")), Ok(Vec::new()));
    }
}
