//! The amounts as rows of a grid.

use super::reading::{ResultLine, Side};
use crate::display_text::sum_in_line;
use crate::grid_view::{CellEditor, GridSource};
use grid_model::{CellFace, Column, RowCount, RowState};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::compared_amounts::Relation;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Decimals for which room is kept so that points stand in line.
const PLACES: usize = 4;

/// What the first and the second amount and what follows from them are called.
pub fn titles(side: Side) -> [&'static str; 3] {
    match side {
        Side::BeforeAndAfter { .. } => ["Before", "After", "Difference"],
        Side::OriginalAndReversal => ["Original", "Reversal or replacement", "Net"],
        Side::BilledOnly => ["Estimate", "Billed", "Difference"],
    }
}

/// A column for the estimate stands by itself only where the first amount is another one.
pub fn columns(side: Side, has_estimates: bool) -> Arc<[Column]> {
    let [first, second, third] = titles(side);
    let amount = |id: &str, title: &str| Column::new(id, title, 170).numeric();
    let mut columns =
        vec![Column::new("event", "Event", 190).frozen(), Column::new("currency", "Currency", 90)];
    columns.push(amount("first", first));
    columns.push(amount("second", second));
    columns.push(amount("third", third));
    if has_estimates && side != Side::BilledOnly {
        columns.push(amount("estimate", "Estimate was"));
    }
    columns.into()
}

pub struct ResultList {
    lines: RwSignal<Arc<Vec<ResultLine>>>,
    relation: StoredValue<Relation>,
}

impl ResultList {
    pub fn new(lines: RwSignal<Arc<Vec<ResultLine>>>) -> Rc<Self> {
        Rc::new(Self { lines, relation: StoredValue::new(Relation::Difference) })
    }

    /// How the third figure follows.
    pub fn relates_by(&self, relation: Relation) {
        self.relation.set_value(relation);
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
            let Some(ResultLine { amounts, estimate }) = lines.get(row) else { return };
            let amount = |sum: &ExactSum| sum_in_line(sum, PLACES);
            let cell = match column {
                0 => Some(amounts.event.clone()),
                1 => Some(amounts.currency.clone()),
                2 => amounts.first.as_ref().map(amount),
                3 => amounts.second.as_ref().map(amount),
                4 => Some(amount(&amounts.third(self.relation.get_value()))),
                _ => estimate.as_ref().map(amount),
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
