//! Undo and redo of what was changed in one operation. What has not left is taken back; what the server
//! holds is changed back by a further edit, which carries its own version and can be refused like any
//! other. Undoing twice is doing again: both revert an operation.
//!
//! An action has no undo: what takes it back is another action with rules of its own. That is said
//! instead of undoing what was done before it.

use super::bulk::Command;
use super::change_log::{ChangeStatus, Entry};
use super::operations::{Done, OperationId, Row, RowState};
use super::{Inner, RecordSync, StoreEvent, now};
use crate::api::RecordKey;
use crate::text::{decimal, instant_utc};
use grid_model::Tone;
use leptos::prelude::{UpdateValue, WithValue};
use record_store::{Event, IntentId, Mark};
use rest_contract::Value;
use rest_contract::oracle::action::{self, Action};

impl RecordSync {
    pub fn undo(&self) {
        match self.inner.with_value(|inner| inner.operations.done.last().copied()) {
            Some(Done::Operation(operation)) => {
                self.take_back(operation);
            }
            Some(Done::Act(intent)) => self.undo_action(intent),
            Some(Done::Reversal(reversal)) => self.undo_reversal(reversal),
            None => {}
        }
    }

    /// The records that undoing now would change back on the server. None where it would only take back
    /// what has not left.
    pub fn held_by_the_server(&self) -> Vec<RecordKey> {
        self.inner.with_value(|inner| {
            let Some(Done::Operation(operation)) = inner.operations.done.last() else { return Vec::new() };
            let rows = inner
                .operations
                .get(*operation)
                .map(|operation| operation.rows.as_slice())
                .unwrap_or_default();
            let is_settled = |intent: IntentId| {
                inner.log.entry(intent).is_some_and(|entry| entry.status() == ChangeStatus::Settled)
            };
            let held = rows
                .iter()
                .filter(|row| matches!(row.state, RowState::Proposed(intent) if is_settled(intent)));
            held.map(|row| row.key.clone()).collect()
        })
    }

    /// Takes an action back that has not left; of another one says how it can be taken back.
    fn undo_action(&self, intent: IntentId) {
        self.inner.update_value(|inner| inner.operations.done.retain(|other| *other != Done::Act(intent)));
        let Some(action) = self.action_of(intent) else { return };
        let status = self.with_log(|log| log.entry(intent).map(Entry::status));
        let words = match status {
            Some(ChangeStatus::Open(Mark::Waiting | Mark::Refused)) => {
                self.discard(intent);
                "was not done, and is not sent any more."
            }
            Some(ChangeStatus::Open(_)) => "is on its way and cannot be called back.",
            Some(ChangeStatus::Settled) => how_to_undo(action),
            Some(ChangeStatus::Discarded) | None => return,
        };
        self.notices.notify(Tone::Info, format!("\u{201c}{}\u{201d} {words}", action.title));
    }

    pub fn redo(&self) {
        let last = self.inner.try_update_value(|inner| inner.operations.undone.pop()).flatten();
        if let Some(again) = last.and_then(|operation| self.revert_operation(operation, "done again")) {
            self.inner.update_value(|inner| inner.operations.done.push(Done::Operation(again)));
        }
    }

    /// Undoes an operation: rows that have not left are taken back, the others changed back by a further
    /// edit, but for those that somebody changed again since. Gives the operation that does so, to be
    /// followed like any other.
    pub fn take_back(&self, operation: OperationId) -> Option<OperationId> {
        self.inner
            .update_value(|inner| inner.operations.done.retain(|other| *other != Done::Operation(operation)));
        let undone = self.revert_operation(operation, "undone")?;
        self.inner.update_value(|inner| inner.operations.undone.push(undone));
        Some(undone)
    }

    fn revert_operation(&self, of: OperationId, what: &'static str) -> Option<OperationId> {
        let (operation, rows) = self.inner.try_update_value(|inner| {
            let rows: Vec<Row> = inner.operations.get(of)?.rows.iter().map(Row::reverted).collect();
            let count = rows.len();
            Some((inner.operations.begin_over(Some(of), rows), count))
        })??;
        let mut commands: Vec<_> = (0..rows).map(|at| Command::Revert { of, operation, at }).collect();
        commands.push(Command::NotifyReverted { operation, what });
        if rows == 1 {
            self.run_now(commands);
        } else {
            self.inner.update_value(|inner| inner.commands.extend(commands));
            self.drain_commands();
        }
        Some(operation)
    }

    pub(super) fn notify_reverted(&self, operation: OperationId, what: &str) {
        let told = self.inner.with_value(|inner| {
            let rows = &inner.operations.get(operation)?.rows;
            if let [row] = rows.as_slice() {
                return Some(outcome_of_one(row, what));
            }
            let left = rows.iter().filter(|row| row.state == RowState::Skipped).count();
            let sent = rows.iter().filter(|row| matches!(row.state, RowState::Proposed(_))).count();
            let taken = rows.iter().filter(|row| row.state == RowState::Unneeded).count();
            let untouched = rows.len() - left - sent - taken;
            let parts = [
                (taken, "not sent any more"),
                (sent, "changed back by a further edit"),
                (untouched, "not touched"),
                (left, "left as they are because they were changed again since"),
            ];
            let parts: Vec<_> = parts
                .iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, words)| format!("{number} {words}"))
                .collect();
            let words = format!("{} changes {what}: {}", rows.len(), parts.join(", "));
            let tone = if left + untouched > 0 { Tone::Warn } else { Tone::Info };
            Some((tone, format!("{words}.")))
        });
        if let Some((tone, words)) = told {
            self.notices.notify(tone, words);
        }
    }
}

/// What can be done about an action that is done.
fn how_to_undo(action: &Action) -> &'static str {
    match action.name {
        name if name == action::CREATE.name => {
            "is done. As long as nothing was sent on from there, it can be deleted."
        }
        name if name == action::REVERSE.name => {
            "is done. While the reversal stands in a batch in Draft, it can be removed from there; afterwards a new event is needed."
        }
        name if name == action::ADD_EVENTS.name => {
            "is done. \u{201c}Remove events\u{201d} takes them out of the batch again."
        }
        name if name == action::DELETE_EVENTS.name => {
            "is done. \u{201c}Add events\u{201d} brings them into the batch again."
        }
        name if name == action::LOCK_FOR_REVIEW.name => "is done. \u{201c}Unlock\u{201d} takes it back.",
        name if name == action::REVERT.name => "is done. \u{201c}Lock for review\u{201d} takes it back.",
        name if name == action::SUBMIT.name => {
            "is done and cannot be called back: what it billed can only be reversed."
        }
        _ => "is done and cannot be taken back from here.",
    }
}

fn outcome_of_one(row: &Row, what: &str) -> (Tone, String) {
    let words = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "empty".to_owned(),
        Some(Value::Decimal(number)) => decimal(number),
        Some(Value::DateTime(at)) => format!("{} UTC", instant_utc(at)),
        Some(value) => value.to_string(),
    };
    let schema = row.key.resource.schema();
    // What a change only rests on is no part of it.
    let changed = row.after.iter().filter(|(name, value)| row.before.get(**name) != Some(*value));
    let fields = changed.map(|(name, value)| {
        let title = schema.field(name).map_or(*name, |field| field.title);
        (title, words(row.before.get(name)), words(Some(value)))
    });
    let name = row.key.name();
    if row.state == RowState::Skipped {
        let titles: Vec<_> = fields.map(|(title, ..)| title).collect();
        return (
            Tone::Warn,
            format!("{} of {name} stays as it is: it was changed again since.", titles.join(", ")),
        );
    }
    // A turned row goes from what is to be given up to what was.
    let told: Vec<_> = fields.map(|(title, from, to)| format!("{title} of {name}: {from} to {to}")).collect();
    (Tone::Info, format!("{} {what}.", told.join(", ")))
}

impl Row {
    fn reverted(&self) -> Self {
        Self::new(self.key.clone(), self.over.clone(), self.after.clone(), self.before.clone())
    }
}

impl Inner {
    /// What takes back row `at` of the operation `of`, as row `at` of `operation`.
    pub(super) fn revert(
        &mut self,
        of: OperationId,
        operation: OperationId,
        at: usize,
    ) -> Option<StoreEvent> {
        let Some(row) = self.operations.row(of, at) else {
            // Nobody knows any more what it changed: it stands as it is.
            self.operations.set_state(operation, at, RowState::Skipped);
            return None;
        };
        let status = match row.state {
            RowState::Proposed(intent) => self.log.entry(intent).map(|entry| (intent, entry.status())),
            RowState::Unneeded => None,
            RowState::Queued | RowState::Skipped => {
                self.operations.set_state(operation, at, RowState::Skipped);
                return None;
            }
        };
        match status {
            Some((intent, ChangeStatus::Open(Mark::Waiting | Mark::Conflict | Mark::Refused))) => {
                self.operations.set_state(operation, at, RowState::Unneeded);
                return Some(Event::Discard { intent });
            }
            Some((_, ChangeStatus::Discarded)) => {
                self.operations.set_state(operation, at, RowState::Skipped);
                return None;
            }
            Some((_, ChangeStatus::Settled | ChangeStatus::Open(_))) | None => {}
        }
        let key = row.key.clone();
        // A system may leave an emptied field out of its answer.
        let shows = |field, value: &Value| {
            self.store.view(&key).is_none_or(|view| view.shown(field).unwrap_or(&Value::Null) == value)
        };
        if !row.after.iter().all(|(field, value)| shows(field, value)) {
            self.operations.set_state(operation, at, RowState::Skipped);
            return None;
        }
        let base = (row.held.clone().unwrap_or_else(|| row.over.clone()), row.after.clone());
        let changes = row.before.clone();
        self.next_intent += 1;
        let intent = IntentId(self.next_intent);
        if let Some(reverted) =
            self.operations.get_mut(operation).and_then(|operation| operation.rows.get_mut(at))
        {
            reverted.over = base.0.clone();
        }
        self.operations.set_state(operation, at, RowState::Proposed(intent));
        Some(Event::Propose { intent, key, base, changes, at: now() })
    }
}
