//! The amounts as rows of a grid.

use super::reading::{ResultLine, Side};
use crate::features::list::{ColumnSet, LocalList, RowSpec};
use crate::text::{sum, sum_in_line};
use grid_model::{CellFace, Column, CopiedCell};
use rest_contract::ExactSum;
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
pub enum Part {
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
        Part::Event => Column::new("event", "Event", 190).frozen().opening(),
        Part::Currency => Column::new("currency", "Currency", 90),
        Part::First => amount("first", first),
        Part::Second => amount("second", second),
        Part::Third => amount("third", third),
        Part::Estimate => amount("estimate", "Estimate"),
    }
}

/// What stands in a cell.
enum Content {
    Name(String),
    Amount {
        amount: ExactSum,
        /// It is nothing because allowances cover all of it.
        is_covered: bool,
    },
}

/// The amounts of a side.
pub struct Amounts(Side);

/// A list of what is there for a side.
pub fn result_list(side: Side, has_estimates: bool) -> Rc<LocalList<Amounts>> {
    let columns = parts(side, has_estimates).iter().map(|part| (column(*part, side), *part));
    LocalList::new(ColumnSet::new(columns), Amounts(side))
}

impl Amounts {
    fn content(&self, line: &ResultLine, part: Part) -> Option<Content> {
        let [first, second] = line.are_covered;
        let (amount, is_covered) = match part {
            Part::Event => return Some(Content::Name(line.amounts.event.clone())),
            Part::Currency => return Some(Content::Name(line.amounts.currency.clone())),
            Part::First => (line.amounts.first, first),
            Part::Second => (line.amounts.second, second),
            Part::Third => (line.third(self.0), false),
            Part::Estimate => {
                let estimate = line.estimate.as_ref();
                (estimate.map(|one| one.amount), estimate.is_some_and(|one| one.is_covered))
            }
        };
        amount.map(|amount| Content::Amount { amount, is_covered })
    }
}

/// The event that a line is about: a key is its number, a blank and the currency, which has none.
pub fn event_of(key: &str) -> &str {
    key.rsplit_once(' ').map_or(key, |(event, _)| event)
}

impl RowSpec for Amounts {
    type Row = ResultLine;
    type ColumnKind = Part;
    const READ_ONLY: &'static str =
        "Amounts that were billed are corrected by reversing or re-rating their event.";

    fn key(&self, line: &ResultLine) -> Option<Arc<str>> {
        Some(format!("{} {}", line.amounts.event, line.amounts.currency).into())
    }

    fn cell(&self, line: &ResultLine, part: Part, text: &mut String) -> CellFace {
        match self.content(line, part) {
            None => (),
            Some(Content::Name(name)) => text.push_str(&name),
            Some(Content::Amount { amount, is_covered }) => {
                text.push_str(if is_covered { "covered " } else { "" });
                text.push_str(&sum_in_line(&amount, &line.amounts.currency, PLACES));
            }
        }
        CellFace::default()
    }

    fn copied(&self, line: &ResultLine, part: Part) -> Option<CopiedCell> {
        let Content::Amount { amount, .. } = self.content(line, part)? else { return None };
        Some(match amount.text() {
            Some(text) if amount.left_out() == 0 => CopiedCell::Number(text),
            _ => CopiedCell::Text(sum(&amount, &line.amounts.currency)),
        })
    }
}
