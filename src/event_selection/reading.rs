//! Reads every event of a selection, page by page, and weighs it. A reading can be stopped, and a
//! new one ends the one before.

use crate::rest_client::{EventPageQuery, Failure, FailureKind};
use crate::sign_in::Session;
use grid_model::RowRanges;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use rest_contract::oracle::weighing::Weighed;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;
/// Events shown by name, as a sample.
const SAMPLE: usize = 5;
/// What of an event decides, and what it is worth.
const SHAPE: &str = "fields=EventNumber,EventStatus,EventType,ServiceId,BatchNumber,ReverseFlag,RelatedEventId,UsageQuantity,UsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

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
        let rows = selected.rows.clone().unwrap_or_else(|| RowRanges::from(0..usize::MAX));
        let mut total = selected.rows.as_ref().map(RowRanges::len);
        let mut batches = BTreeMap::new();
        let mut weighed = Weighed::default();
        let mut read = 0;
        for range in rows.ranges() {
            let mut offset = range.start;
            while offset < range.end {
                let query = EventPageQuery {
                    batch: selected.batch.as_deref(),
                    q: &selected.q,
                    order_by: &selected.order_by,
                    shape: SHAPE,
                    offset,
                    limit: PAGE.min(range.end - offset),
                };
                let page = self.session.client.event_page(&query).await?;
                let found = page.total_results.and_then(|found| usize::try_from(found).ok());
                total = total.or(found);
                self.learn_batches(&mut batches, &page.items).await?;
                if !self.is_current(run) {
                    return Ok(ReadingState::Idle);
                }
                if read == 0 {
                    self.sample.set(page.items.iter().take(SAMPLE).cloned().map(Arc::new).collect());
                }
                if let Some(found) = total.filter(|found| *found > limit) {
                    return Ok(ReadingState::Counted(found));
                }
                for event in &page.items {
                    let status = event.text("BatchNumber").and_then(|number| batches.get(number));
                    weighed.add(event, selected.action, status.map_or("", String::as_str));
                }
                read += page.items.len();
                offset += page.items.len();
                self.weighed.set(Arc::new(weighed.clone()));
                self.state.set(ReadingState::Under(read, total));
                if page.items.is_empty() || !page.has_more {
                    break;
                }
            }
        }
        Ok(ReadingState::Done)
    }

    /// Finds out how the batches of these events stand, each once.
    async fn learn_batches(
        &self,
        known: &mut BTreeMap<String, String>,
        events: &[Record],
    ) -> Result<(), Failure> {
        let mut unknown: Vec<&str> = events.iter().filter_map(|event| event.text("BatchNumber")).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown.retain(|number| !known.contains_key(*number));
        for numbers in unknown.chunks(100) {
            let q = one_of("BatchNumber", numbers);
            let page = self.session.client.batch_page(&q, "UsageBatchId:asc", 0, PAGE).await?;
            for batch in page.items {
                let status = batch.text("BatchStatus").unwrap_or_default().to_owned();
                known.insert(batch.key().unwrap_or_default(), status);
            }
        }
        Ok(())
    }
}
