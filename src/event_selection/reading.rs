//! Reads every event of a selection, page by page, and weighs it. A reading can be stopped, and a
//! new one ends the one before.

use super::batch_states::BatchStates;
use super::event_pages::EventPages;
use crate::rest_client::{Failure, FailureKind};
use crate::sign_in::Session;
use grid_model::RowRanges;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::weighing::Weighed;
use std::sync::Arc;

/// Events shown by name, as a sample.
const SAMPLE: usize = 5;
/// What of an event decides, and what it is worth.
const SHAPE: &str = "fields=EventNumber,EventStatus,EventType,ServiceId,BatchNumber,ReverseFlag,RelatedEventId,RelatedBatchId,UsageQuantity,UsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// Which events are meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// One batch's events, or all.
    pub batch: Option<String>,
    pub q: String,
    pub order_by: String,
    /// Places in that list; `None` for all of it.
    pub rows: Option<RowRanges>,
    pub action: EventAction,
}

impl Selected {
    /// All events that the question finds, in one batch or in all, in the order of their ids.
    pub fn all(batch: Option<String>, q: String, action: EventAction) -> Self {
        Self { batch, q, order_by: "EventId:asc".to_owned(), rows: None, action }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReadingState {
    #[default]
    Idle,
    /// So many of so many, as far as is known.
    Under(usize, Option<usize>),
    /// Counted, and too many to be read without being asked.
    Counted(usize),
    Done,
    Failed(Failure),
}

/// The reading and its result so far; a handle.
#[derive(Clone, Copy)]
pub struct Reading {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub weighed: RwSignal<Arc<Weighed>>,
    pub sample: RwSignal<Vec<Arc<Record>>>,
    run: StoredValue<u64>,
}

impl Reading {
    pub fn new(session: Session) -> Self {
        let reading = Self {
            session,
            state: RwSignal::default(),
            weighed: RwSignal::default(),
            sample: RwSignal::default(),
            run: StoredValue::new(0),
        };
        on_cleanup(move || {
            reading.run.try_update_value(|run| *run += 1);
        });
        reading
    }

    /// Ends what is being read; what was found so far is dropped.
    pub fn stop(&self) {
        self.run.update_value(|run| *run += 1);
        self.state.set(ReadingState::Idle);
        self.weighed.set(Arc::default());
        self.sample.set(Vec::new());
    }

    /// Reads the selection. More than `limit` events are only counted.
    pub fn start(&self, selected: Selected, limit: usize) {
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let (reading, run) = (*self, self.run.get_value());
        spawn_local(async move {
            let result = reading.read_all(&selected, limit, run).await;
            if !reading.is_current(run) {
                return;
            }
            match result {
                Ok(state) => reading.state.set(state),
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

    async fn read_all(&self, selected: &Selected, limit: usize, run: u64) -> Result<ReadingState, Failure> {
        let mut pages = EventPages::new(self.session.client, selected.clone(), SHAPE);
        let mut batches = BatchStates::default();
        let mut weighed = Weighed::default();
        while let Some(events) = pages.next().await? {
            batches.learn(self.session.client, &events).await?;
            if !self.is_current(run) {
                return Ok(ReadingState::Idle);
            }
            if pages.read == events.len() {
                self.sample.set(events.iter().take(SAMPLE).cloned().map(Arc::new).collect());
            }
            if let Some(found) = pages.total.filter(|found| *found > limit) {
                return Ok(ReadingState::Counted(found));
            }
            for event in &events {
                weighed.add(event, selected.action, batches.of(event), batches.holder_of(event));
            }
            self.weighed.set(Arc::new(weighed.clone()));
            self.state.set(ReadingState::Under(pages.read, pages.total));
        }
        Ok(ReadingState::Done)
    }
}
