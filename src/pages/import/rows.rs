//! What becomes of each row of a file.

use import_files::{EventRow, RefusedRow, StartSpan, Totals};
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

/// What is told of rows together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKind {
    Imported,
    /// Still to be sent, those in doubt among them.
    New,
    There,
    Changed,
    Failed,
}

impl RowState {
    fn kind(&self) -> RowKind {
        match self {
            Self::New | Self::InDoubt => RowKind::New,
            Self::There => RowKind::There,
            Self::Imported => RowKind::Imported,
            Self::Changed(_) => RowKind::Changed,
            Self::Failed(_) => RowKind::Failed,
        }
    }
}

/// So many rows can be corrected at once: each is held with what it says.
pub const MOST_CORRECTED: usize = 20_000;

/// The rows of a file with what became of each.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub states: Vec<RowState>,
    /// The number of the event of each row that failed or says something else, as far as anybody can tell: a row that
    /// is corrected keeps it.
    pub numbers: BTreeMap<usize, String>,
    /// What those rows say whose events say something else, the first ones of them, by their places.
    pub changed: BTreeMap<usize, Arc<EventRow>>,
    /// What all rows come to, added up as they were read.
    pub file: Totals,
    /// The same by what became of them: together they are the file.
    pub totals: BTreeMap<RowKind, Totals>,
    /// Why rows failed or say something else, and how many of each.
    reasons: BTreeMap<String, usize>,
    /// From when to when those start that can be events.
    pub span: StartSpan,
    /// How many texts of rows that can be events are too long for their fields, by their columns.
    pub shortened: BTreeMap<&'static str, u64>,
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
    /// Takes the next row in, which can be an event.
    pub fn push(&mut self, event: &EventRow) {
        self.file.add(event);
        self.totals.entry(RowKind::New).or_default().add(event);
        self.states.push(RowState::New);
    }

    /// Takes the next row in, which cannot be one.
    pub fn push_refused(&mut self, refused: RefusedRow) {
        self.file.add_refused(&refused);
        self.totals.entry(RowKind::Failed).or_default().add_refused(&refused);
        if let Some(number) = refused.number {
            self.numbers.insert(self.states.len(), number);
        }
        let state = RowState::Failed(refused.reason);
        self.add_reason(&state);
        self.states.push(state);
    }

    /// Takes over where a row stands, of which it is known what it says.
    pub fn settle(&mut self, place: usize, event: &EventRow, state: RowState) {
        let Some(own) = self.states.get_mut(place) else { return };
        let replaced = std::mem::replace(own, state.clone());
        let (before, after) = (replaced.kind(), state.kind());
        self.take_reason(&replaced);
        self.add_reason(&state);
        if before != after {
            self.totals.entry(before).or_default().take(event);
            self.totals.entry(after).or_default().add(event);
        }
        if matches!(after, RowKind::Changed | RowKind::Failed) {
            self.numbers.insert(place, event.number.clone());
        }
        if after == RowKind::Changed && self.changed.len() < MOST_CORRECTED {
            self.changed.insert(place, Arc::new(event.clone()));
        }
    }

    /// Takes what can be an event into account that the server has, or that is to be sent.
    pub fn add_readable(&mut self, event: &EventRow) {
        self.span.add(event);
        for note in &event.notes {
            *self.shortened.entry(note.column).or_default() += 1;
        }
    }

    pub fn counts(&self) -> RowCounts {
        let of = |kind: RowKind| {
            let rows = self.totals.get(&kind).map_or(0, |totals| totals.rows);
            usize::try_from(rows).unwrap_or(usize::MAX)
        };
        RowCounts {
            new: of(RowKind::New),
            there: of(RowKind::There),
            imported: of(RowKind::Imported),
            changed: of(RowKind::Changed),
            failed: of(RowKind::Failed),
            reasons: self.reasons.clone(),
        }
    }

    fn add_reason(&mut self, state: &RowState) {
        if let RowState::Changed(reason) | RowState::Failed(reason) = state {
            *self.reasons.entry(kind_of(reason)).or_default() += 1;
        }
    }

    fn take_reason(&mut self, state: &RowState) {
        let (RowState::Changed(reason) | RowState::Failed(reason)) = state else { return };
        let kind = kind_of(reason);
        if let Some(rows) = self.reasons.get_mut(&kind) {
            *rows -= 1;
            if *rows == 0 {
                self.reasons.remove(&kind);
            }
        }
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
    use rest_contract::Record;
    use rest_contract::oracle::EVENT;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn event(number: &str, currency: &str, amount: &str) -> EventRow {
        EventRow {
            number: number.to_owned(),
            event: Record::new(&EVENT),
            currency: currency.to_owned(),
            amounts: [(currency.to_owned(), amount.parse().expect("an amount"))].into(),
            lacks: None,
            emptied: 0,
            notes: Vec::new(),
        }
    }

    #[wasm_bindgen_test]
    fn what_became_of_the_rows_is_together_the_file_whatever_they_go_through() {
        let events = [event("A", "EUR", "1.25"), event("B", "EUR", "-0.125"), event("C", "JPY", "7")];
        let mut rows = Rows::default();
        events.iter().for_each(|event| rows.push(event));
        rows.push_refused(RefusedRow {
            reason: "no date".to_owned(),
            number: Some("D".to_owned()),
            currency: "EUR".to_owned(),
            billed: Some("2.5".to_owned()),
        });
        let text = |totals: &Totals| {
            let sums = totals.amounts.iter().map(|(currency, sum)| format!("{} {currency}", sum.text()));
            format!("{}: {}", totals.rows, sums.collect::<Vec<_>>().join(", "))
        };
        let of = |rows: &Rows, kind: RowKind| rows.totals.get(&kind).map(text).unwrap_or_default();
        assert_eq!(text(&rows.file), "4: 3.625 EUR, 7 JPY");
        assert_eq!(of(&rows, RowKind::New), "3: 1.125 EUR, 7 JPY");
        rows.settle(0, &events[0], RowState::InDoubt);
        assert_eq!(of(&rows, RowKind::New), "3: 1.125 EUR, 7 JPY");
        rows.settle(0, &events[0], RowState::Imported);
        rows.settle(0, &events[0], RowState::Imported);
        rows.settle(1, &events[1], RowState::Changed("other".to_owned()));
        rows.settle(2, &events[2], RowState::Failed("refused".to_owned()));
        assert_eq!(of(&rows, RowKind::New), "0: ");
        assert_eq!(of(&rows, RowKind::Imported), "1: 1.25 EUR");
        assert_eq!(of(&rows, RowKind::Changed), "1: -0.125 EUR");
        assert_eq!(of(&rows, RowKind::Failed), "2: 2.5 EUR, 7 JPY");
        assert_eq!(rows.numbers.into_values().collect::<Vec<_>>(), ["B", "C", "D"]);
    }

    #[wasm_bindgen_test]
    fn rows_of_one_fault_count_together() {
        let failed = |reason: &str| RowState::Failed(reason.to_owned());
        let row = event("A", "EUR", "1");
        let mut rows = Rows::default();
        let states = [
            RowState::New,
            RowState::InDoubt,
            RowState::There,
            failed("Amount \"x\" is not a number"),
            failed("Amount \"y\" is not a number"),
            failed("Product is empty"),
            failed("it is there already"),
            RowState::Changed("Amount is \"1\" there, not \"2\"".to_owned()),
        ];
        for (place, state) in states.into_iter().enumerate() {
            rows.push(&row);
            rows.settle(place, &row, state);
        }
        // What was refused was found, and is the same.
        rows.settle(6, &row, RowState::There);
        let counts = rows.counts();
        let found = (counts.new, counts.there, counts.imported, counts.changed, counts.failed);
        assert_eq!(found, (2, 2, 0, 1, 3));
        let reasons: Vec<_> = counts.reasons.into_iter().collect();
        let expected = [
            ("Amount is \u{2026} there, not \u{2026}", 1),
            ("Amount \u{2026} is not a number", 2),
            ("Product is empty", 1),
        ];
        assert_eq!(reasons, expected.map(|(reason, rows)| (reason.to_owned(), rows)));
    }
}
