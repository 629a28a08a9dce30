//! Reads every event of a selection, page by page, and checks what may be done to it. A reading can be stopped, and a
//! new one ends the one before.

use super::batch_states::BatchStates;
use super::differences::{Differences, Noticed};
use super::event_pages::EventPages;
use super::selected::Selected;
use crate::api::Failure;
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use leptos::prelude::*;
use rest_contract::Record;
use rest_contract::oracle::eligibility::Eligibility;
use std::sync::Arc;

/// Events shown by name, as a sample of those that may be acted on.
const SAMPLE: usize = 5;
/// What of an event decides, what it is worth, and who changed it last.
const SHAPE: &str = "fields=EventNumber,EventStatus,EventType,ServiceId,BatchNumber,EventStartTime,ReverseFlag,RelatedEventId,RelatedBatchId,UsageQuantity,UsageUnitOfMeasure,LastUpdatedBy,LastUpdateDate;usageCharges:AllowanceAmount,BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReadingState {
    #[default]
    Idle,
    /// So many of so many, as far as is known.
    Under(usize, Option<usize>),
    /// Counted, and too many to be read without being asked.
    Counted(usize),
    /// Not counted, and more than so many were coming.
    MoreThan(usize),
    Done,
    Failed(Failure),
}

/// The reading and its result so far; a handle.
#[derive(Clone, Copy)]
pub struct Reading {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub eligibility: RwSignal<Arc<Eligibility>>,
    pub sample: RwSignal<Vec<Arc<Record>>>,
    pub noticed: Noticed,
    /// The business unit of all batches whose events may be acted on, if they are of one.
    pub business_unit: RwSignal<Option<String>>,
    /// What is read, and the most of it.
    asked: StoredValue<Option<(Selected, usize)>>,
    latest: Latest,
}

impl Reading {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            state: RwSignal::default(),
            eligibility: RwSignal::default(),
            sample: RwSignal::default(),
            noticed: Noticed::new(),
            business_unit: RwSignal::default(),
            asked: StoredValue::new(None),
            latest: Latest::new(session),
        }
    }

    /// Ends what is being read; what was found so far is dropped.
    pub fn stop(&self) {
        self.latest.stop();
        self.state.set(ReadingState::Idle);
        self.eligibility.set(Arc::default());
        self.sample.set(Vec::new());
        self.business_unit.set(None);
        self.noticed.clear();
    }

    /// Reads the selection. More than `limit` events are only counted.
    pub fn start(&self, selected: Selected, limit: usize) {
        self.asked.set_value(Some((selected, limit)));
        self.again();
    }

    /// Reads the same once more.
    pub fn again(&self) {
        let Some((selected, limit)) = self.asked.get_value() else { return };
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let reading = *self;
        let read = async move |run| reading.read_all(&selected, limit, run).await;
        self.latest.start(read, move |result| match result {
            Ok((state, differences)) => {
                reading.noticed.take(differences);
                reading.state.set(state);
            }
            Err(failure) => reading.state.set(ReadingState::Failed(failure)),
        });
    }

    /// Takes in what has changed since it was chosen, as it is now.
    pub fn take_changed(&self) {
        let changed = self.noticed.differences.with_untracked(|differences| differences.changed.clone());
        self.asked.update_value(|asked| {
            if let Some((selected, _)) = asked {
                selected.take_changed(&changed);
            }
        });
        self.again();
    }

    /// How many may be acted on now.
    pub fn allowed(&self) -> usize {
        let is_decided = self.state.get() == ReadingState::Done && !self.noticed.stops();
        if is_decided { self.eligibility.with(|eligibility| eligibility.allowed.len()) } else { 0 }
    }

    async fn read_all(
        &self,
        selected: &Selected,
        limit: usize,
        run: Run,
    ) -> Result<(ReadingState, Differences), Failure> {
        self.session.lookups.read_closed_periods().await;
        let tables = self.session.lookups.tables.get_untracked();
        let mut pages = EventPages::new(self.session.client, selected.clone(), SHAPE);
        let mut batches = BatchStates::default();
        let mut eligibility = Eligibility::default();
        let nothing = |state| Ok((state, Differences::default()));
        while let Some(events) = pages.next().await? {
            batches.learn(self.session.client, &events).await?;
            if !run.is_current() {
                return nothing(ReadingState::Idle);
            }
            let mut sample = self.sample.get_untracked();
            for event in &events {
                let is_allowed = eligibility.add(
                    event,
                    selected.action,
                    batches.of(event),
                    batches.holder_of(event),
                    tables.closed_periods(),
                );
                if is_allowed && sample.len() < SAMPLE {
                    sample.push(Arc::new(event.clone()));
                }
            }
            self.sample.set(sample);
            if let Some(found) = pages.total.filter(|found| *found > limit) {
                return nothing(ReadingState::Counted(found));
            }
            if pages.read > limit {
                return nothing(ReadingState::MoreThan(limit));
            }
            self.state.set(ReadingState::Under(pages.read, pages.total));
        }
        if run.is_current() {
            self.business_unit.set(batches.unit_of(eligibility.by_batch.keys()));
            self.eligibility.set(Arc::new(eligibility));
        }
        Ok((ReadingState::Done, pages.differences()))
    }
}
