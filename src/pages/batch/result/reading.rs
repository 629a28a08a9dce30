//! Reads a batch's events with their charges, and where they take others back, those others.

use crate::api::RestClient;
use crate::features::selection::{Collecting, Selected, original_of, originals_of};
use crate::text::{StatusClass, class_of};
use rest_contract::oracle::charged_amounts::{Amounts, EventAmount, covered_by, is_all_covered, merge};
use rest_contract::oracle::compared_amounts::{
    Compared, Relation, before_and_after, billed, lines, takes_back, was_there_before,
};
use rest_contract::oracle::expected_amounts::Expected;
use rest_contract::oracle::life_cycle::{BatchType, EventAction};
use rest_contract::{ExactSum, Record, Value};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which two amounts stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Re-rating.
    BeforeAndAfter { batch_id: i64 },
    /// Reversal, and what replaces the original.
    OriginalAndReversal,
    /// Rating: nothing was billed before.
    BilledOnly,
}

impl Side {
    pub const fn relation(self) -> Relation {
        match self {
            Self::OriginalAndReversal => Relation::Net,
            Self::BeforeAndAfter { .. } | Self::BilledOnly => Relation::Difference,
        }
    }
}

/// Which two amounts a batch tells; nothing where it came without its identifier.
pub fn side_of(batch: &Record) -> Option<Side> {
    let batch_id = batch.get("UsageBatchId").and_then(Value::as_integer)?;
    Some(match batch.text("UsageType").and_then(BatchType::of) {
        Some(BatchType::Rerate) => Side::BeforeAndAfter { batch_id },
        Some(BatchType::ReverseReplace) => Side::OriginalAndReversal,
        Some(BatchType::Rating) | None => Side::BilledOnly,
    })
}

/// A line with the estimate that was made for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultLine {
    pub amounts: Compared,
    pub estimate: Option<EventAmount>,
    /// Of the first and of the second amount, whether it is nothing because allowances cover all of it.
    pub are_covered: [bool; 2],
}

impl ResultLine {
    /// The third figure. An amount for which no estimate could be made differs from none.
    pub fn third(&self, side: Side) -> Option<ExactSum> {
        let is_held_against = side != Side::BilledOnly || self.amounts.first.is_some();
        is_held_against.then(|| self.amounts.third(side.relation()))
    }

    /// Whether the third figure is one to look at.
    pub fn moved(&self, side: Side) -> bool {
        self.third(side).is_some_and(|third| !third.is_zero())
    }
}

/// What of events tells their amounts, and which they take back or replace.
pub const SHAPE: &str = "fields=EventNumber,EventId,BatchNumber,RelatedBatchId,RelatedEventId,UsageQuantity,EventStatus,Error;usageCharges:AllowanceAmount,BilledAmount,ChargeCurrency,ParentEntity,ParentEntityId,UsageChargePuid&onlyData=true";

/// How many events the processing could not do and left as they were billed, by their error.
pub type FailedEvents = BTreeMap<String, usize>;

/// What was read of a batch, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct BatchAmounts {
    pub lines: Arc<Vec<ResultLine>>,
    pub failed: FailedEvents,
    /// Events with an amount, how many of them have one in more than one currency, and events without any.
    pub events: usize,
    pub in_several_currencies: usize,
    pub without_amount: usize,
    /// What allowances cover of the prices of all second amounts.
    pub covered: Amounts,
    pub not_billed: NotBilled,
}

/// Events that are not processed and have charges all the same: priced by whoever reported them, or before
/// an error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotBilled {
    pub events: usize,
    pub amounts: Amounts,
    /// Their status codes.
    pub statuses: BTreeSet<String>,
}

pub type ResultReading = Collecting<BatchAmounts>;

/// Reads a batch's events. Where an estimate was made it stands beside, and for what is billed only it is
/// what the amount is held against.
pub fn read_result(
    reading: ResultReading,
    client: RestClient,
    batch: String,
    side: Side,
    estimates: Option<Arc<Expected>>,
) {
    let with_estimate = move |mut line: ResultLine| {
        let estimate = estimates.as_ref().and_then(|estimates| estimates.events.get(&line.amounts.event));
        line.estimate = estimate.filter(|estimate| estimate.currency == line.amounts.currency).cloned();
        if side == Side::BilledOnly {
            line.amounts.first = line.estimate.as_ref().map(|estimate| estimate.amount);
            line.are_covered[0] = line.estimate.as_ref().is_some_and(|estimate| estimate.is_covered);
        }
        line
    };
    let selected = Selected::all(Some(batch), String::new(), EventAction::Change);
    reading.start(selected, SHAPE, async move |found: &mut BatchAmounts, events: Vec<Record>| {
        let originals = match side {
            Side::OriginalAndReversal => originals_of(client, &events, SHAPE).await?,
            Side::BeforeAndAfter { .. } | Side::BilledOnly => BTreeMap::new(),
        };
        for event in &events {
            if side == Side::BilledOnly && !is_billed(event) {
                found.not_billed.add(event);
                continue;
            }
            let lines = lines_of(event, side, &originals);
            found.events += usize::from(!lines.is_empty());
            found.without_amount += usize::from(lines.is_empty());
            found.in_several_currencies += usize::from(lines.len() > 1);
            merge(&mut found.covered, &covered_by(event, |_| true));
            Arc::make_mut(&mut found.lines).extend(lines.into_iter().map(&with_estimate));
        }
        for error in events.iter().filter_map(error_beside_amounts) {
            *found.failed.entry(error.to_owned()).or_default() += 1;
        }
        Ok(())
    });
}

/// Whether what an event is charged is billed.
pub fn is_billed(event: &Record) -> bool {
    let class = event.text("EventStatus").map(class_of);
    matches!(class, Some(StatusClass::Done | StatusClass::Reversed))
}

impl NotBilled {
    fn add(&mut self, event: &Record) {
        let charged = billed(event);
        if !charged.is_empty() {
            self.events += 1;
            self.statuses.extend(event.text("EventStatus").map(str::to_owned));
            merge(&mut self.amounts, &charged);
        }
    }
}

/// The error of an event that is processed all the same: at the amounts that it had.
fn error_beside_amounts(event: &Record) -> Option<&str> {
    let is_done = event.text("EventStatus").map(class_of) == Some(StatusClass::Done);
    event.text("Error").filter(|_| is_done)
}

/// An event's two amounts in each currency; `originals` are those that it may take back.
pub fn lines_of(event: &Record, side: Side, originals: &BTreeMap<i64, Record>) -> Vec<ResultLine> {
    let number = event.key().unwrap_or_default();
    let covered = |event: &Record| covered_by(event, |_| true);
    let ((first, second), covered_first) = match side {
        Side::BeforeAndAfter { batch_id } => (
            before_and_after(event, batch_id),
            covered_by(event, |charge| was_there_before(event, charge, batch_id)),
        ),
        Side::OriginalAndReversal => {
            // What replaces the original beside its reversal would count it a second time.
            let original = original_of(event, originals).filter(|original| takes_back(event, original));
            let first = original.map(billed).unwrap_or_default();
            ((first, billed(event)), original.map(covered).unwrap_or_default())
        }
        Side::BilledOnly => ((Amounts::new(), billed(event)), Amounts::new()),
    };
    let covered_second = covered(event);
    let line = |amounts: Compared| {
        let is_covered = |amount: Option<ExactSum>, covered: &Amounts| {
            amount.is_some_and(|amount| is_all_covered(&amount, covered.get(&amounts.currency)))
        };
        let are_covered =
            [is_covered(amounts.first, &covered_first), is_covered(amounts.second, &covered_second)];
        ResultLine { amounts, estimate: None, are_covered }
    };
    lines(&number, &first, &second).into_iter().map(line).collect()
}

/// By currency, for amounts of two have no order; in each the largest change first, and what has none to tell
/// last, by its amount.
pub fn by_change(one: &ResultLine, other: &ResultLine, side: Side) -> Ordering {
    let (first, second) = (one.third(side), other.third(side));
    let size = |third: Option<ExactSum>, line: &ResultLine| third.or(line.amounts.second).unwrap_or_default();
    let by_size = || size(second, other).compare_sizes(&size(first, one));
    let by_currency = one.amounts.currency.cmp(&other.amounts.currency);
    by_currency.then_with(|| first.is_none().cmp(&second.is_none())).then_with(by_size)
}
