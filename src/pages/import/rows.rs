//! What becomes of each row of a file.

use import_files::{StartSpan, Totals};
use std::collections::BTreeMap;

/// Where a row stands.
#[derive(Clone, Debug, PartialEq)]
pub enum RowState {
    /// It can be an event, and is none yet.
    New,
    /// It was sent, and no answer came: it is looked for before it is sent again.
    InDoubt,
    /// It is an event that says the same.
    There,
    Imported,
    /// It is no event, or another one than the file says, and why.
    Failed(String),
}

/// The rows of a file with what became of each.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub states: Vec<RowState>,
    /// The number of each row's event; nothing where nobody can tell.
    pub numbers: Vec<Option<String>>,
    /// What the rows come to that can be events, and the others.
    pub good: Totals,
    pub refused: Totals,
    /// From when to when those start that can be events.
    pub span: StartSpan,
    /// What the server has of that time, for a file that brings no numbers of its own.
    pub same_time: Option<SameTime>,
}

/// How many events of a file's time the server has, as it estimates; nothing where it does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SameTime(pub Option<u64>);

/// How many rows there are of each state, and why those failed that did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowCounts {
    /// Still to be sent, those in doubt among them.
    pub new: usize,
    pub there: usize,
    pub imported: usize,
    pub failed: usize,
    pub reasons: BTreeMap<String, usize>,
}

impl Rows {
    pub fn counts(&self) -> RowCounts {
        let mut counts = RowCounts::default();
        for state in &self.states {
            match state {
                RowState::New | RowState::InDoubt => counts.new += 1,
                RowState::There => counts.there += 1,
                RowState::Imported => counts.imported += 1,
                RowState::Failed(reason) => {
                    counts.failed += 1;
                    *counts.reasons.entry(kind_of(reason)).or_default() += 1;
                }
            }
        }
        counts
    }
}

/// A reason without what is the row's own, so that rows of one fault count together.
fn kind_of(reason: &str) -> String {
    let mut kind = String::new();
    for (place, part) in reason.split('"').enumerate() {
        kind += if place % 2 == 0 { part } else { "\u{2026}" };
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn rows_of_one_fault_count_together() {
        let failed = |reason: &str| RowState::Failed(reason.to_owned());
        let rows = Rows {
            states: vec![
                RowState::New,
                RowState::InDoubt,
                RowState::There,
                failed("Amount \"x\" is not a number"),
                failed("Amount \"y\" is not a number"),
                failed("Product is empty"),
            ],
            ..Rows::default()
        };
        let counts = rows.counts();
        assert_eq!((counts.new, counts.there, counts.imported, counts.failed), (2, 1, 0, 3));
        let reasons: Vec<_> = counts.reasons.into_iter().collect();
        let expected = [("Amount \u{2026} is not a number", 2), ("Product is empty", 1)];
        assert_eq!(reasons, expected.map(|(reason, rows)| (reason.to_owned(), rows)));
    }
}
