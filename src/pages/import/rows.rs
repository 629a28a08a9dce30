//! What becomes of each row of a file.

use import_files::{EventRow, StartSpan, Totals};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// It is an event that says something else, and what.
    Changed(String),
    /// It is no event, and why.
    Failed(String),
}

/// So many rows can be corrected at once: each is held with what it says.
pub const MOST_CORRECTED: usize = 20_000;

/// The rows of a file with what became of each.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub states: Vec<RowState>,
    /// The number of each row's event; nothing where nobody can tell.
    pub numbers: Vec<Option<String>>,
    /// What those rows say whose events say something else, the first ones of them, by their places.
    pub changed: BTreeMap<usize, Arc<EventRow>>,
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
    pub changed: usize,
    pub failed: usize,
    pub reasons: BTreeMap<String, usize>,
}

impl Rows {
    /// Takes over where a row stands.
    pub fn settle(&mut self, place: usize, state: RowState) {
        if let Some(own) = self.states.get_mut(place) {
            *own = state;
        }
    }

    /// Keeps what a row says whose event says something else.
    pub fn keep_changed(&mut self, place: usize, row: EventRow) {
        if self.changed.len() < MOST_CORRECTED {
            self.changed.insert(place, Arc::new(row));
        }
    }

    pub fn counts(&self) -> RowCounts {
        let mut counts = RowCounts::default();
        for state in &self.states {
            match state {
                RowState::New | RowState::InDoubt => counts.new += 1,
                RowState::There => counts.there += 1,
                RowState::Imported => counts.imported += 1,
                RowState::Changed(_) => counts.changed += 1,
                RowState::Failed(_) => counts.failed += 1,
            }
            if let RowState::Changed(reason) | RowState::Failed(reason) = state {
                *counts.reasons.entry(kind_of(reason)).or_default() += 1;
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
                RowState::Changed("Amount is \"1\" there, not \"2\"".to_owned()),
            ],
            ..Rows::default()
        };
        let counts = rows.counts();
        let found = (counts.new, counts.there, counts.imported, counts.changed, counts.failed);
        assert_eq!(found, (2, 1, 0, 1, 3));
        let reasons: Vec<_> = counts.reasons.into_iter().collect();
        let expected = [
            ("Amount is \u{2026} there, not \u{2026}", 1),
            ("Amount \u{2026} is not a number", 2),
            ("Product is empty", 1),
        ];
        assert_eq!(reasons, expected.map(|(reason, rows)| (reason.to_owned(), rows)));
    }
}
