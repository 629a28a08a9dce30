//! The amounts as rows of a grid.

use super::reading::{ResultLine, Side};
use crate::display_text::sum_in_line;
use crate::grid_view::{CellEditor, GridSource};
use grid_model::{CellFace, Column, RowCount, RowState};
use leptos::prelude::*;
use rest_contract::ExactSum;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Decimals for which room is kept so that points stand in line.
const PLACES: usize = 4;

/// What the first and the second amount and what follows from them are called.
pub fn titles(side: Side) -> [&'static str; 3] {
    match side {
        Side::BeforeAndAfter { .. } => ["Before", "After", "Difference"],
        Side::OriginalAndReversal => ["Original", "Reversal", "Net"],
        Side::BilledOnly => ["Estimate", "Billed", "Difference"],
    }
}

/// What a column shows of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Event,
    Currency,
    First,
    Second,
    Third,
    Estimate,
}

/// What is there to be shown: without an estimate nothing stands beside what was billed, and where two
/// amounts are held against each other the estimate stands by itself.
fn parts(side: Side, has_estimates: bool) -> &'static [Part] {
    use Part::{Currency, Estimate, Event, First, Second, Third};
    match (side, has_estimates) {
        (Side::BilledOnly, false) => &[Event, Currency, Second],
        (Side::BilledOnly, true) | (_, false) => &[Event, Currency, First, Second, Third],
        (_, true) => &[Event, Currency, First, Second, Third, Estimate],
    }
}

fn column(part: Part, side: Side) -> Column {
    let [first, second, third] = titles(side);
    let amount = |id: &str, title: &str| Column::new(id, title, 170).numeric();
    match part {
        Part::Event => Column::new("event", "Event", 190).frozen(),
        Part::Currency => Column::new("currency", "Currency", 90),
        Part::First => amount("first", first),
        Part::Second => amount("second", second),
        Part::Third => amount("third", third),
        Part::Estimate => amount("estimate", "Estimate was"),
    }
}

pub struct ResultList {
    lines: RwSignal<Arc<Vec<ResultLine>>>,
    side: StoredValue<Side>,
    parts: StoredValue<&'static [Part]>,
}

impl ResultList {
    pub fn new(lines: RwSignal<Arc<Vec<ResultLine>>>) -> Rc<Self> {
        Rc::new(Self {
            lines,
            side: StoredValue::new(Side::BilledOnly),
            parts: StoredValue::new(parts(Side::BilledOnly, false)),
        })
    }

    /// Shows what is there for a side. From now on a column's place is the one here.
    pub fn lay_out(&self, side: Side, has_estimates: bool) -> Arc<[Column]> {
        self.side.set_value(side);
        self.parts.set_value(parts(side, has_estimates));
        self.parts.get_value().iter().map(|part| column(*part, side)).collect()
    }

    pub fn event(&self, row: usize) -> Option<String> {
        self.lines.with_untracked(|lines| lines.get(row).map(|line| line.amounts.event.clone()))
    }
}

impl GridSource for Rc<ResultList> {
    fn row_count(&self) -> RowCount {
        RowCount::Exactly(self.lines.with_untracked(|lines| lines.len()))
    }

    fn row_state(&self, _row: usize) -> RowState {
        RowState::Loaded
    }

    fn row_key(&self, row: usize) -> Option<String> {
        self.lines.with_untracked(|lines| {
            lines.get(row).map(|line| format!("{} {}", line.amounts.event, line.amounts.currency))
        })
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        (0..self.lines.with_untracked(|lines| lines.len()))
            .find(|row| self.row_key(*row).as_deref() == Some(key))
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        self.lines.with_untracked(|lines| {
            let Some(line) = lines.get(row) else { return };
            let Some(part) = self.parts.with_value(|parts| parts.get(column).copied()) else { return };
            let amount = |sum: &ExactSum| sum_in_line(sum, PLACES);
            let cell = match part {
                Part::Event => Some(line.amounts.event.clone()),
                Part::Currency => Some(line.amounts.currency.clone()),
                Part::First => line.amounts.first.as_ref().map(amount),
                Part::Second => line.amounts.second.as_ref().map(amount),
                Part::Third => line.third(self.side.get_value()).as_ref().map(amount),
                Part::Estimate => line.estimate.as_ref().map(amount),
            };
            text.push_str(cell.as_deref().unwrap_or_default());
        });
        CellFace::default()
    }

    fn viewport(&self, _rows: Range<usize>) {}

    fn editor(&self, _row: usize, _column: usize) -> Result<CellEditor, String> {
        Err("Amounts that were billed are corrected by reversing or re-rating their event.".to_owned())
    }
}
