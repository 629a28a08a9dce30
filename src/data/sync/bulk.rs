//! A change to many records in one operation: handed to the store in chunks that leave room for a frame,
//! followed row by row, and told once, when it is settled. Not here: taking it back (`undo`).

use super::notices::Fact;
use super::operations::{BulkRow, Done, OperationId, Progress, Row, RowState};
use super::reversing::ReversalId;
use super::{FieldName, Inner, OperationStatus, RecordSync, StoreEvent, now};
use crate::api::{RecordKey, Resource};
use crate::next_task::in_next_task;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::{Event, Fields, IntentId, IntentState, Mark, map_of};
use rest_contract::Value;

use super::change_log::ChangeStatus;
use super::proposals::Confirmed;

/// Rows that go into the store in one task. The first chunk is shown in the frame of the command.
const CHUNK: usize = 500;

/// A command that waits to be given to the store.
#[derive(Debug)]
pub(super) enum Command {
    Propose {
        operation: OperationId,
        at: usize,
        base: Confirmed,
    },
    /// Row `at` of `operation` takes back the same row of `of`.
    Revert {
        of: OperationId,
        operation: OperationId,
        at: usize,
    },
    Retry(IntentId),
    Discard(IntentId),
    /// One event of many is to be reversed.
    Reverse {
        id: ReversalId,
        number: String,
    },
    /// Every reversal that followed upon the making of a batch is said.
    HandedOver {
        batch_made_by: IntentId,
    },
    /// All of it has been turned back; `what` says which way.
    NotifyReverted {
        operation: OperationId,
        what: &'static str,
    },
}

impl RecordSync {
    /// Proposes a change to many records in one operation, and gives its name.
    ///
    /// Call it once with every row, each with the confirmed state that the person looks at (a grid's
    /// row: its version and fields) and the fields to change. It returns at once: the first rows are
    /// shown in the same frame, the others follow in chunks with room for frames between them.
    /// Every row is a change like any other: durable before it is sent, with its own version, settled
    /// by itself (S9), listed under Changes. A row whose values the server holds already is done.
    ///
    /// A screen follows it with [`progress`](Self::progress), which costs next to nothing and may
    /// stand in a `Memo`, and asks for the rows that it shows with [`row_status`](Self::row_status). The
    /// refused rows are tried again together with [`retry_refused`](Self::retry_refused); to correct
    /// their value instead, call this again with those rows. [`take_back`](Self::take_back) undoes
    /// all of it, as Ctrl+Z does. Notices about single rows are left out; one tells the end.
    pub fn bulk_edit(&self, rows: Vec<BulkRow>) -> OperationId {
        let (rows, bases): (Vec<_>, Vec<_>) = rows.into_iter().map(BulkRow::split).unzip();
        let operation = self.inner.try_update_value(|inner| {
            let operation = inner.operations.begin(rows);
            inner.operations.remember(Done::Operation(operation));
            let propose =
                bases.into_iter().enumerate().map(|(at, base)| Command::Propose { operation, at, base });
            inner.commands.extend(propose);
            operation
        });
        self.drain_commands();
        operation.unwrap_or_default()
    }

    /// How far an operation has come; followed as it goes on, many times a second at most.
    pub fn progress(&self, operation: OperationId) -> Progress {
        self.log_revision.track();
        self.inner.with_value(|inner| {
            inner.operations.get(operation).map(|found| found.progress()).unwrap_or_default()
        })
    }

    /// The record that row `at` of an operation is about, in the order they were handed in, and where it
    /// stands; followed as it moves on.
    pub fn row_status(&self, operation: OperationId, at: usize) -> Option<(RecordKey, OperationStatus)> {
        self.log_revision.track();
        let (key, state) = self.inner.with_value(|inner| {
            let row = inner.operations.row(operation, at)?;
            Some((row.key.clone(), row.state))
        })?;
        let status = match state {
            RowState::Queued => OperationStatus::Open,
            RowState::Proposed(intent) => self.operation_status(intent),
            RowState::Unneeded => OperationStatus::Done,
            RowState::Skipped => OperationStatus::GivenUp,
        };
        Some((key, status))
    }

    /// Sends every refused row of an operation once more, as it is.
    pub fn retry_refused(&self, operation: OperationId) {
        self.inner.update_value(|inner| {
            let refused = inner.intents_of(operation, ChangeStatus::Open(Mark::Refused));
            inner.commands.extend(refused.into_iter().map(Command::Retry));
            if let Some(found) = inner.operations.get_mut(operation) {
                found.is_told = false;
            }
        });
        self.drain_commands();
    }

    /// Sends many refused changes once more, and looks up those in doubt.
    pub fn retry_all(&self, intents: Vec<IntentId>) {
        self.inner.update_value(|inner| inner.commands.extend(intents.into_iter().map(Command::Retry)));
        self.drain_commands();
    }

    /// Gives many changes up.
    pub fn discard_all(&self, intents: Vec<IntentId>) {
        self.inner.update_value(|inner| inner.commands.extend(intents.into_iter().map(Command::Discard)));
        self.drain_commands();
    }

    /// Hands the next chunk to the store, and sees to it that the rest follows.
    pub(super) fn drain_commands(&self) {
        let chunk = self.inner.try_update_value(|inner| {
            let chunk = inner.commands.len().min(CHUNK);
            inner.commands.drain(..chunk).collect()
        });
        self.run_now(chunk.unwrap_or_default());
        let (sign_in_count, must_wait) =
            (self.sign_in_count(), self.inner.with_value(|inner| inner.goes_on || inner.commands.is_empty()));
        if must_wait {
            return;
        }
        self.inner.update_value(|inner| inner.goes_on = true);
        let sync = *self;
        let next = move || {
            if sync.sign_in_count() == sign_in_count {
                sync.inner.update_value(|inner| inner.goes_on = false);
                sync.drain_commands();
            }
        };
        in_next_task(next);
    }

    /// Hands all of this to the store as one event.
    pub(super) fn run_now(&self, commands: Vec<Command>) {
        let (mut told, mut handed_over) = (Vec::new(), Vec::new());
        let events = self.inner.try_update_value(|inner| {
            let mut events = Vec::new();
            for each in commands {
                match each {
                    Command::Propose { operation, at, base } => {
                        inner.propose_row(operation, at, base, &mut events);
                    }
                    Command::Revert { of, operation, at } => events.extend(inner.revert(of, operation, at)),
                    Command::Retry(intent) => events.push(Event::Retry { intent, at: now() }),
                    Command::Discard(intent) => events.push(Event::Discard { intent }),
                    Command::Reverse { id, number } => {
                        inner.next_intent += 1;
                        let intent = IntentId(inner.next_intent);
                        events.extend(inner.reversals.act(id, number, intent));
                    }
                    Command::HandedOver { batch_made_by } => handed_over.push(batch_made_by),
                    Command::NotifyReverted { operation, what } => told.push((operation, what)),
                }
            }
            events
        });
        let mut events = events.unwrap_or_default();
        match events.len() {
            0 => {}
            1 => events.drain(..).for_each(|event| self.apply(event)),
            _ => self.apply(Event::AtOnce(events)),
        }
        told.into_iter().for_each(|(operation, what)| self.notify_reverted(operation, what));
        handed_over.into_iter().for_each(|intent| self.handed_over(intent));
    }

    /// A bulk edit is told once, when nothing of it is under way any more.
    pub(super) fn notify_settled(&self, operation: OperationId) {
        let settled = self.inner.try_update_value(|inner| {
            let found = inner.operations.get_mut(operation)?;
            let progress = found.progress();
            let is_news = progress.rows > 1 && progress.is_settled() && !found.is_told;
            found.is_told |= is_news;
            is_news.then(|| {
                let are_events = found.rows.iter().all(|row| row.key.resource == Resource::Event);
                (progress, if are_events { "events" } else { "records" }, found.turns_back)
            })
        });
        let Some((Progress { rows, done, refused, conflicts, given_up, .. }, kind, turns_back)) =
            settled.flatten()
        else {
            return;
        };
        let parts = [(refused, "refused"), (conflicts, "in conflict"), (given_up, "given up")];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        let words = match parts.as_slice() {
            [] if turns_back => return,
            [] => format!("{rows} {kind} corrected."),
            parts if turns_back => format!("{done} of {rows} {kind} changed, {}.", parts.join(", ")),
            parts => format!("{done} of {rows} {kind} corrected, {}.", parts.join(", ")),
        };
        let tone = if refused + conflicts > 0 { Tone::Bad } else { Tone::Ok };
        self.notices.tell(Fact::Operation(operation), tone, words, None);
    }
}

impl BulkRow {
    fn split(self) -> (Row, Confirmed) {
        let Self { key, base, changes } = self;
        let seen = |field: &FieldName| base.1.get(field).cloned().unwrap_or(Value::Null);
        let before = map_of(changes.keys().map(|field| (*field, seen(field))));
        (Row::new(key, base.0.clone(), before, changes), base)
    }
}

impl Inner {
    /// The server holds an intent's values: from now on its row can be changed back from there.
    pub(super) fn note_held(&mut self, intent: IntentId, key: &RecordKey) {
        let Some(row) = self.operations.row_of_mut(intent) else { return };
        let Some(view) = self.store.view(key) else { return };
        if row.after.iter().all(|(field, value)| view.confirmed(field).unwrap_or(&Value::Null) == value) {
            row.held = view.version().cloned();
        }
    }

    /// The intents of an operation that stand like this.
    fn intents_of(&self, operation: OperationId, status: ChangeStatus) -> Vec<IntentId> {
        let rows =
            self.operations.get(operation).map(|operation| operation.rows.as_slice()).unwrap_or_default();
        let intents = rows.iter().filter_map(|row| match row.state {
            RowState::Proposed(intent) => Some(intent),
            RowState::Queued | RowState::Unneeded | RowState::Skipped => None,
        });
        intents
            .filter(|intent| self.log.entry(*intent).is_some_and(|entry| entry.status() == status))
            .collect()
    }

    /// What hands a row to the store. What was refused of the same fields before is replaced by it;
    /// other fields of such a refused change go along, over what they were typed over.
    fn propose_row(
        &mut self,
        operation: OperationId,
        at: usize,
        base: Confirmed,
        events: &mut Vec<StoreEvent>,
    ) {
        let Some(row) = self.operations.row(operation, at) else { return };
        let (key, mut changes) = (row.key.clone(), row.after.clone());
        let (version, mut seen) = base;
        for (intent, fields) in self.refused(&key, &changes) {
            for (field, (base, mine)) in fields {
                if !changes.contains_key(field) {
                    seen.extend(base.map(|base| (field, base)));
                    changes.insert(field, mine);
                }
            }
            events.push(Event::Discard { intent });
        }
        self.next_intent += 1;
        let intent = IntentId(self.next_intent);
        self.operations.set_state(operation, at, RowState::Proposed(intent));
        events.push(Event::Propose { intent, key, base: (version, seen), changes, at: now() });
    }

    /// The refused proposals that one of these fields was part of.
    fn refused(&self, key: &RecordKey, changes: &Fields<FieldName, Value>) -> Vec<(IntentId, Refused)> {
        let Some(view) = self.store.view(key) else { return Vec::new() };
        let refused = view.intents().filter(|intent| matches!(intent.state(), IntentState::Refused { .. }));
        let refused = refused.map(|intent| {
            let fields =
                intent.changes().map(|change| (*change.field, (change.base.cloned(), change.mine.clone())));
            let fields: Refused = map_of(fields);
            (intent.id(), fields)
        });
        refused.filter(|(_, fields)| fields.keys().any(|field| changes.contains_key(field))).collect()
    }
}

/// The fields of a refused proposal: typed over, typed.
type Refused = std::collections::BTreeMap<FieldName, (Option<Value>, Value)>;
