//! What a person changed in one operation, a value or many records, and where each row of it stands; the
//! history that undo and redo go through. Not here: how an operation gets into the store (`bulk`), and how
//! it is taken back (`undo`).

use super::change_log::{ChangeStatus, Step};
use super::reversing::ReversalId;
use super::{FieldName, proposals::Confirmed};
use crate::api::RecordKey;
use record_store::{Fields, IntentId, Mark, Version};
use rest_contract::Value;
use std::collections::BTreeMap;

/// Names one operation as long as the page lives, or until so much was changed after it that it is
/// forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId(u64);

/// One record's part of a bulk edit.
#[derive(Clone, Debug)]
pub struct BulkRow {
    pub key: RecordKey,
    /// The confirmed row that the person looks at.
    pub base: Confirmed,
    /// What its fields are to become, to be accepted or refused together.
    pub changes: Fields<FieldName, Value>,
}

/// How far an operation or a reversal has come: how many of its rows stand where. They add up to `rows`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub rows: usize,
    /// On their way: not sent yet, or being sent.
    pub open: usize,
    /// The server holds them.
    pub done: usize,
    /// Refused, with words; [`RecordSync::retry_refused`](super::RecordSync::retry_refused).
    pub refused: usize,
    /// Someone else changed the same field: a person decides, record by record.
    pub conflicts: usize,
    /// Sent, no answer, being looked up.
    pub in_doubt: usize,
    /// Discarded, or left as they are because they were changed again since.
    pub given_up: usize,
}

impl Progress {
    /// Whether nothing more comes of it by itself.
    pub fn is_settled(&self) -> bool {
        self.open + self.in_doubt == 0
    }
}

/// What became of a row of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    /// Not handed to the store yet.
    Queued,
    Proposed(IntentId),
    /// Nothing to be sent: it was taken back before it left, or the server holds it already.
    Unneeded,
    /// Changed again since, so not taken back.
    Skipped,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub key: RecordKey,
    /// The version of the state that `before` was seen at.
    pub over: Version,
    pub before: Fields<FieldName, Value>,
    pub after: Fields<FieldName, Value>,
    pub state: RowState,
    /// The version at which the server was seen to hold `after`.
    pub held: Option<Version>,
}

impl Row {
    pub fn new(
        key: RecordKey,
        over: Version,
        before: Fields<FieldName, Value>,
        after: Fields<FieldName, Value>,
    ) -> Self {
        Self { key, over, before, after, state: RowState::Queued, held: None }
    }
}

#[derive(Debug, Default)]
pub(super) struct Operation {
    pub rows: Vec<Row>,
    counts: BTreeMap<ChangeStatus, usize>,
    /// It is settled, and the person has been told how.
    pub is_told: bool,
    /// It undoes another one or does it again, which was told when it began.
    pub turns_back: bool,
}

impl Operation {
    pub fn progress(&self) -> Progress {
        let of = |status| self.counts.get(&status).copied().unwrap_or_default();
        let mut progress = Progress {
            rows: self.rows.len(),
            open: 0,
            done: of(ChangeStatus::Settled),
            refused: of(ChangeStatus::Open(Mark::Refused)),
            conflicts: of(ChangeStatus::Open(Mark::Conflict)),
            in_doubt: of(ChangeStatus::Open(Mark::InDoubt)),
            given_up: of(ChangeStatus::Discarded),
        };
        let Progress { rows, done, refused, conflicts, in_doubt, given_up, .. } = progress;
        progress.open = rows - (done + refused + conflicts + in_doubt + given_up).min(rows);
        progress
    }

    fn count(&mut self, was: Option<ChangeStatus>, is: ChangeStatus) {
        if let Some(count) = was.and_then(|was| self.counts.get_mut(&was)) {
            *count = count.saturating_sub(1);
        }
        *self.counts.entry(is).or_default() += 1;
    }
}

/// Something a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Operation(OperationId),
    Act(IntentId),
    /// Many actions in one operation.
    Reversal(ReversalId),
}

/// The operations of this page.
#[derive(Debug, Default)]
pub(super) struct Operations {
    all: BTreeMap<OperationId, Operation>,
    places: BTreeMap<IntentId, (OperationId, usize)>,
    next: u64,
    /// What can be undone, or of which can be said why not, and what can be done again; newest last.
    pub done: Vec<Done>,
    pub undone: Vec<OperationId>,
}

/// Older operations are forgotten, as many rows of them as come on top of these.
const ROWS_REMEMBERED: usize = 50_000;
const STROKES_REMEMBERED: usize = 200;

impl Operations {
    pub fn begin(&mut self, rows: Vec<Row>) -> OperationId {
        self.begin_over(None, rows)
    }

    /// Begins an operation that turns another one back, which is not forgotten before that is done.
    pub fn begin_over(&mut self, of: Option<OperationId>, rows: Vec<Row>) -> OperationId {
        self.next += 1;
        let id = OperationId(self.next);
        self.all.insert(id, Operation { rows, turns_back: of.is_some(), ..Operation::default() });
        let mut rows: usize = self.all.values().map(|operation| operation.rows.len()).sum();
        while rows > ROWS_REMEMBERED || self.all.len() > STROKES_REMEMBERED {
            let is_needed = |operation: &OperationId| *operation == id || Some(*operation) == of;
            let Some(oldest) = self.all.keys().copied().find(|operation| !is_needed(operation)) else {
                break;
            };
            let Some(operation) = self.all.remove(&oldest) else { break };
            rows -= operation.rows.len();
            self.places.retain(|_, (of, _)| *of != oldest);
            self.done.retain(|other| *other != Done::Operation(oldest));
            self.undone.retain(|other| *other != oldest);
        }
        id
    }

    /// A new change ends what could be done again.
    pub fn remember(&mut self, done: Done) {
        self.undone.clear();
        self.done.push(done);
        let surplus = self.done.len().saturating_sub(STROKES_REMEMBERED);
        self.done.drain(..surplus);
    }

    pub fn get(&self, operation: OperationId) -> Option<&Operation> {
        self.all.get(&operation)
    }

    pub fn get_mut(&mut self, operation: OperationId) -> Option<&mut Operation> {
        self.all.get_mut(&operation)
    }

    pub fn row(&self, operation: OperationId, at: usize) -> Option<&Row> {
        self.all.get(&operation)?.rows.get(at)
    }

    /// Whether an intent is part of a change to many records.
    pub fn is_bulk(&self, intent: IntentId) -> bool {
        let operation = self.places.get(&intent).and_then(|(operation, _)| self.all.get(operation));
        operation.is_some_and(|operation| operation.rows.len() > 1)
    }

    pub fn row_of_mut(&mut self, intent: IntentId) -> Option<&mut Row> {
        let (operation, at) = self.places.get(&intent)?;
        self.all.get_mut(operation)?.rows.get_mut(*at)
    }

    /// Says what becomes of a row.
    pub fn set_state(&mut self, operation: OperationId, at: usize, state: RowState) {
        let Some(found) = self.all.get_mut(&operation) else { return };
        let Some(row) = found.rows.get_mut(at) else { return };
        row.state = state;
        match state {
            RowState::Queued => {}
            RowState::Proposed(intent) => {
                self.places.insert(intent, (operation, at));
            }
            RowState::Unneeded => found.count(None, ChangeStatus::Settled),
            RowState::Skipped => found.count(None, ChangeStatus::Discarded),
        }
    }

    /// An intent has taken a step; gives the operation that it is of.
    pub fn note(&mut self, step: &Step) -> Option<OperationId> {
        let (operation, at) = *self.places.get(&step.intent)?;
        let found = self.all.get_mut(&operation)?;
        found.count(step.was, step.is);
        // Settled before it was ever kept: the server held it already.
        if step.was.is_none() && step.is == ChangeStatus::Settled {
            found.rows.get_mut(at)?.state = RowState::Unneeded;
        }
        Some(operation)
    }
}

#[cfg(test)]
mod tests;
