//! Reads a batch's events with their charges, and where they take others back, those others.

use crate::display_text::{StatusClass, class_of};
use crate::event_selection::{EventPages, ReadingState, Selected};
use crate::rest_client::{Failure, FailureKind, RestClient};
use crate::sign_in::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::compared_amounts::{
    Compared, Relation, before_and_after, billed, lines, takes_back,
};
use rest_contract::oracle::expected_amounts::Expected;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::{ExactSum, Record, Value};
use std::collections::BTreeMap;
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

/// A line with the estimate that was made for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultLine {
    pub amounts: Compared,
    pub estimate: Option<ExactSum>,
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

const SHAPE: &str = "fields=EventNumber,EventId,RelatedEventId,UsageQuantity,EventStatus,Error;usageCharges:BilledAmount,ChargeCurrency,ParentEntity,ParentEntityId,UsageChargePuid&onlyData=true";

/// As many originals are asked for in one query.
const AT_ONCE: usize = 100;

/// The reading and its result; a handle.
#[derive(Clone, Copy)]
pub struct ResultReading {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub lines: RwSignal<Arc<Vec<ResultLine>>>,
    /// Events that the processing could not do and left as they were billed, by their error.
    pub failed: RwSignal<BTreeMap<String, usize>>,
    run: StoredValue<u64>,
}

impl ResultReading {
    /// Made within a component, whose end ends the reading.
    pub fn new(session: Session) -> Self {
        let run = StoredValue::new(0_u64);
        on_cleanup(move || {
            run.try_update_value(|run| *run += 1);
        });
        Self {
            session,
            state: RwSignal::default(),
            lines: RwSignal::default(),
            failed: RwSignal::default(),
            run,
        }
    }

    pub fn stop(&self) {
        self.run.update_value(|run| *run += 1);
        self.state.set(ReadingState::Idle);
    }

    pub fn start(&self, batch: String, side: Side, estimates: Option<Arc<Expected>>) {
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let (reading, run) = (*self, self.run.get_value());
        spawn_local(async move {
            let result = reading.read_all(batch, side, run).await;
            if !reading.is_current(run) {
                return;
            }
            match result {
                Ok(found) => {
                    reading.lines.set(Arc::new(ordered(found, side, estimates.as_deref())));
                    reading.state.set(ReadingState::Done);
                }
                Err(failure) => {
                    if failure.kind == FailureKind::SignedOut {
                        reading.session.expire();
                    }
                    reading.state.set(ReadingState::Failed(failure));
                }
            }
        });
    }

    fn is_current(&self, run: u64) -> bool {
        self.run.try_get_value() == Some(run)
    }

    async fn read_all(&self, batch: String, side: Side, run: u64) -> Result<Vec<Compared>, Failure> {
        let client = self.session.client;
        let selected = Selected::all(Some(batch), String::new(), EventAction::Change);
        let mut pages = EventPages::new(client, selected, SHAPE);
        let mut found = Vec::new();
        let mut failed = BTreeMap::<String, usize>::new();
        while let Some(events) = pages.next().await? {
            if !self.is_current(run) {
                return Ok(Vec::new());
            }
            let originals = match side {
                Side::OriginalAndReversal => originals_of(client, &events).await?,
                Side::BeforeAndAfter { .. } | Side::BilledOnly => BTreeMap::new(),
            };
            found.extend(events.iter().flat_map(|event| lines_of(event, side, &originals)));
            for error in events.iter().filter_map(error_beside_amounts) {
                *failed.entry(error.to_owned()).or_default() += 1;
            }
            if self.is_current(run) {
                self.state.set(ReadingState::Under(pages.read, pages.total));
            }
        }
        if self.is_current(run) {
            self.failed.set(failed);
        }
        Ok(found)
    }
}

/// The error of an event that is processed all the same: at the amounts that it had.
fn error_beside_amounts(event: &Record) -> Option<&str> {
    let is_done = event.text("EventStatus").map(class_of) == Some(StatusClass::Done);
    event.text("Error").filter(|_| is_done)
}

/// The events that these take back or replace, by their ids.
async fn originals_of(client: RestClient, events: &[Record]) -> Result<BTreeMap<i64, Record>, Failure> {
    let ids: Vec<String> = events.iter().filter_map(related).map(|id| id.to_string()).collect();
    let mut originals = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let selected = Selected::all(None, format!("EventId in ({})", ids.join(",")), EventAction::Change);
        let mut pages = EventPages::new(client, selected, SHAPE);
        while let Some(found) = pages.next().await? {
            let by_id = |event: Record| Some((event.get("EventId").and_then(Value::as_integer)?, event));
            originals.extend(found.into_iter().filter_map(by_id));
        }
    }
    Ok(originals)
}

fn related(event: &Record) -> Option<i64> {
    event.get("RelatedEventId").and_then(Value::as_integer)
}

fn lines_of(event: &Record, side: Side, originals: &BTreeMap<i64, Record>) -> Vec<Compared> {
    let number = event.key().unwrap_or_default();
    let now = billed(event);
    match side {
        Side::BeforeAndAfter { batch_id } => {
            let (before, after) = before_and_after(event, batch_id);
            lines(&number, &before, &after)
        }
        Side::OriginalAndReversal => {
            // What replaces the original beside its reversal would count it a second time.
            let original = related(event).and_then(|id| originals.get(&id));
            let original = original.filter(|original| takes_back(event, original));
            lines(&number, &original.map(billed).unwrap_or_default(), &now)
        }
        Side::BilledOnly => lines(&number, &Default::default(), &now),
    }
}

/// The largest change first, and what has none to tell last, by its amount. Where an estimate was made
/// it stands beside, and for what is billed only it is what the amount is held against.
fn ordered(found: Vec<Compared>, side: Side, estimates: Option<&Expected>) -> Vec<ResultLine> {
    let estimate = |line: &Compared| {
        let (currency, sum) = estimates?.events.get(&line.event)?;
        (*currency == line.currency).then_some(*sum)
    };
    let mut lines: Vec<_> = found
        .into_iter()
        .map(|mut amounts| {
            let estimate = estimate(&amounts);
            if side == Side::BilledOnly {
                amounts.first = estimate;
            }
            ResultLine { amounts, estimate }
        })
        .collect();
    lines.sort_by(|one, other| {
        let (first, second) = (one.third(side), other.third(side));
        let size =
            |third: Option<ExactSum>, line: &ResultLine| third.or(line.amounts.second).unwrap_or_default();
        let by_size = || size(second, other).compare_sizes(&size(first, one));
        first.is_none().cmp(&second.is_none()).then_with(by_size)
    });
    lines
}
