//! A reversal of many events as work of two steps: make the batch that the reversals go into, then
//! reverse each event into it. What follows is kept with the making of the batch, in the journal: it goes
//! on when the dialog is closed, and in whatever tab takes the work up after a reload.
//!
//! Here too: handing many actions to the store in chunks, one undo for all of them, one word at the end.

use super::bulk::Command;
use super::change_log::{ChangeLog, ChangeStatus, Entry};
use super::notices::Fact;
use super::operations::{Done, Progress};
use super::{DiskState, OperationStatus, RecordSync, StoreEvent, now};
use crate::api::{RecordKey, Resource};
use crate::next_task::in_next_task;
use crate::text::{count, events as in_words};
use grid_model::Tone;
use leptos::prelude::*;
use record_store::{Action as Asked, Content, Ending, Event, IntentId, Mark, Notice};
use rest_contract::Value;
use rest_contract::oracle::action::{self, Arguments, THEN_REVERSE};
use std::collections::{BTreeMap, BTreeSet};

/// Names one reversal as long as the page lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReversalId(u64);

#[derive(Debug)]
struct Reversal {
    batch: String,
    /// The making of the batch, where it is part of this.
    made_by: Option<IntentId>,
    /// Still to be handed to the store, and handed to it.
    waiting: usize,
    events: Vec<(String, IntentId)>,
    /// Those of which nothing final is known yet.
    open: BTreeSet<IntentId>,
}

/// The reversals of this page.
#[derive(Debug, Default)]
pub(super) struct Reversals {
    all: BTreeMap<ReversalId, Reversal>,
    of: BTreeMap<IntentId, ReversalId>,
    next: u64,
}

impl Reversals {
    fn begin(&mut self, batch: String, made_by: Option<IntentId>, waiting: usize) -> ReversalId {
        self.next += 1;
        let id = ReversalId(self.next);
        let reversal = Reversal { batch, made_by, waiting, events: Vec::new(), open: BTreeSet::new() };
        self.of.extend(made_by.map(|intent| (intent, id)));
        self.all.insert(id, reversal);
        id
    }

    /// The event that is to be reversed, as what the store is told.
    pub(super) fn act(&mut self, id: ReversalId, number: String, intent: IntentId) -> Option<StoreEvent> {
        let reversal = self.all.get_mut(&id)?;
        reversal.waiting = reversal.waiting.saturating_sub(1);
        let arguments = Arguments::from([
            ("reverseBatchNumber", Value::Text(reversal.batch.clone())),
            ("ReverseFlag", Value::Boolean(true)),
        ]);
        let key = RecordKey::event(&number);
        reversal.events.push((number, intent));
        reversal.open.insert(intent);
        self.of.insert(intent, id);
        let action = Asked { name: action::REVERSE.name, arguments, creates: false };
        Some(Event::Act { intent, key, action, at: now() })
    }
}

impl RecordSync {
    /// Reverses events into a batch that stands.
    pub fn reverse_into(&self, batch: &str, numbers: Vec<String>) -> ReversalId {
        let begun = self.inner.try_update_value(|inner| {
            let id = inner.reversals.begin(batch.to_owned(), None, numbers.len());
            inner.operations.remember(Done::Reversal(id));
            inner.commands.extend(numbers.into_iter().map(|number| Command::Reverse { id, number }));
            id
        });
        self.drain_commands();
        begun.unwrap_or(ReversalId(0))
    }

    /// Makes a batch of these fields and reverses events into it.
    pub fn reverse_into_new(&self, key: RecordKey, mut fields: Arguments, numbers: &[String]) -> ReversalId {
        let intent = self.new_intent();
        fields.insert(THEN_REVERSE, Value::Text(numbers.join("\n")));
        let begun = self.inner.try_update_value(|inner| {
            let id = inner.reversals.begin(key.name(), Some(intent), numbers.len());
            inner.operations.remember(Done::Reversal(id));
            id
        });
        let action = Asked { name: action::CREATE.name, arguments: fields, creates: true };
        self.apply(Event::Act { intent, key, action, at: now() });
        begun.unwrap_or(ReversalId(0))
    }

    /// The making of its batch was refused and is not tried again.
    pub fn give_up_reversal(&self, id: ReversalId) {
        let made_by = self.inner.with_value(|inner| inner.reversals.all.get(&id)?.made_by);
        if let Some(intent) = made_by {
            self.discard(intent);
        }
    }

    /// How the making of the batch stands; nothing once it is made, or was there.
    pub fn reversal_batch_status(&self, id: ReversalId) -> Option<OperationStatus> {
        let made_by = self.inner.with_value(|inner| inner.reversals.all.get(&id)?.made_by)?;
        Some(self.operation_status(made_by)).filter(|status| *status != OperationStatus::Done)
    }

    /// The batch that the reversals go into.
    pub fn reversal_batch(&self, id: ReversalId) -> String {
        self.log_revision.track();
        self.inner.with_value(|inner| {
            inner.reversals.all.get(&id).map(|reversal| reversal.batch.clone()).unwrap_or_default()
        })
    }

    /// Whether something of it is asked of this record: of its batch that it is made, or of an event.
    pub(super) fn reversal_asks_for(&self, id: ReversalId, key: &RecordKey) -> bool {
        self.inner.with_value(|inner| {
            let Some(reversal) = inner.reversals.all.get(&id) else { return false };
            match key.resource {
                Resource::Batch => reversal.made_by.is_some() && key.name() == reversal.batch,
                Resource::Event => reversal.events.iter().any(|(number, _)| *number == key.name()),
                _ => false,
            }
        })
    }

    /// How far it has come; followed as it goes on.
    pub fn reversal_progress(&self, id: ReversalId) -> Progress {
        self.log_revision.track();
        self.inner.with_value(|inner| {
            let Some(reversal) = inner.reversals.all.get(&id) else { return Progress::default() };
            progress(&inner.log, reversal)
        })
    }

    /// The events that were refused, each with the reason.
    pub fn refused_reversals(&self, id: ReversalId) -> Vec<(String, IntentId, String)> {
        let events = self.inner.with_value(|inner| {
            inner.reversals.all.get(&id).map(|reversal| reversal.events.clone()).unwrap_or_default()
        });
        let refused = events.into_iter().filter_map(|(number, intent)| {
            match untrack(|| self.operation_status(intent)) {
                OperationStatus::Refused(words) => Some((number, intent, words)),
                _ => None,
            }
        });
        refused.collect()
    }

    /// A batch was made: what was to follow, follows.
    pub(super) fn batch_was_made(&self, intent: IntentId, key: &RecordKey) {
        let follows = self.inner.try_update_value(|inner| {
            let numbers = inner.log.entry(intent).map(then_reversed).unwrap_or_default();
            if numbers.is_empty() {
                return false;
            }
            let batch = key.name();
            let have = numbers_reversed_into(&inner.log, &batch);
            let left: Vec<String> = numbers.into_iter().filter(|number| !have.contains(number)).collect();
            let id = match inner.reversals.of.get(&intent) {
                Some(id) => *id,
                None => inner.reversals.begin(batch.clone(), Some(intent), left.len()),
            };
            if let Some(reversal) = inner.reversals.all.get_mut(&id) {
                reversal.batch = batch;
                reversal.waiting = left.len();
            }
            inner.commands.extend(left.into_iter().map(|number| Command::Reverse { id, number }));
            inner.commands.push_back(Command::HandedOver { batch_made_by: intent });
            true
        });
        if follows == Some(true) {
            // Not within the step of the store that told of the batch.
            let (sync, sign_in_count) = (*self, self.sign_in_count());
            let drain_commands = move || {
                if sync.sign_in_count() == sign_in_count {
                    sync.drain_commands();
                }
            };
            in_next_task(drain_commands);
        }
    }

    /// All reversals are in the store, and before this in the journal: the batch no longer stands for
    /// them.
    pub(super) fn handed_over(&self, intent: IntentId) {
        let is_on_disk = self.disk.with_untracked(|disk| *disk == DiskState::Open);
        let was_there = self.inner.try_update_value(|inner| {
            let was_there = inner.log.forget(intent, THEN_REVERSE);
            if was_there && is_on_disk {
                // The disk holds it as it stood before, until it is written anew.
                inner.durability.taken_up(intent, true);
                inner.durability.note_change(intent, Some(Ending::Settled));
            }
            was_there
        });
        if was_there == Some(true) {
            let sync = *self;
            leptos::task::spawn_local(async move { sync.persist(&[intent]).await });
        }
    }

    /// Work of a tab that is gone was taken up: a batch that was made there may wait for its reversals.
    pub(super) fn recover_reversals(&self) {
        let made: Vec<(IntentId, RecordKey, usize)> = self.inner.with_value(|inner| {
            let made = inner.log.entries().filter(|entry| entry.status() == ChangeStatus::Settled);
            let made =
                made.map(|entry| (entry, then_reversed(entry).len())).filter(|(_, number)| *number > 0);
            made.map(|(entry, number)| (entry.persisted.intent, entry.persisted.key.clone(), number))
                .collect()
        });
        for (intent, key, number) in made {
            let text = format!("The reversal of {number} events into {} goes on where it stood.", key.name());
            self.notices.notify(Tone::Info, text);
            self.batch_was_made(intent, &key);
        }
    }

    /// Follows what becomes of each event; at the end one word tells all of it.
    pub(super) fn note_reversal(&self, notice: &Notice<RecordKey, super::FieldName>) {
        let (Notice::Settled { intent, .. }
        | Notice::Refused { intent, .. }
        | Notice::Discarded { intent, .. }) = notice
        else {
            return;
        };
        let ended = self.inner.try_update_value(|inner| {
            let id = *inner.reversals.of.get(intent)?;
            let reversal = inner.reversals.all.get_mut(&id)?;
            let is_last = reversal.open.remove(intent) && reversal.open.is_empty() && reversal.waiting == 0;
            is_last.then(|| (id, reversal.batch.clone(), progress(&inner.log, reversal)))
        });
        let Some((id, batch, ended)) = ended.flatten() else { return };
        let Progress { rows: events, done, refused, .. } = ended;
        let tone = if refused > 0 { Tone::Bad } else { Tone::Ok };
        let reversals = if events == 1 { "Reversal" } else { "Reversals" };
        let of = if done < events { format!("{} of ", count(done as u64)) } else { String::new() };
        let refused =
            if refused > 0 { format!(", {} refused", count(refused as u64)) } else { String::new() };
        let then = if done > 0 { " That batch is still to be submitted." } else { "" };
        let words = format!("{reversals} of {of}{} made in {batch}{refused}.{then}", in_words(events));
        self.notices.tell(Fact::Reversal(id), tone, words, Some(RecordKey::batch(&batch)));
    }

    /// Takes back of a reversal what has not left, and says how the rest is taken back.
    pub(super) fn undo_reversal(&self, id: ReversalId) {
        let (made_by, events) = self.inner.with_value(|inner| {
            let reversal = inner.reversals.all.get(&id);
            reversal.map(|reversal| (reversal.made_by, reversal.events.clone())).unwrap_or_default()
        });
        self.inner.update_value(|inner| {
            inner.operations.done.retain(|other| *other != Done::Reversal(id));
            inner.commands.retain(|each| !matches!(each, Command::Reverse { id: of, .. } if *of == id));
        });
        let status = |intent: IntentId| self.with_log(|log| log.entry(intent).map(Entry::status));
        let has_not_left = |intent: IntentId| {
            matches!(status(intent), Some(ChangeStatus::Open(Mark::Waiting | Mark::Refused)))
        };
        if let Some(made_by) = made_by.filter(|intent| has_not_left(*intent)) {
            self.discard(made_by);
            return self
                .notices
                .notify(Tone::Info, "The reversal was not begun, and is not sent any more.".to_owned());
        }
        let waiting: Vec<IntentId> =
            events.iter().map(|(_, intent)| *intent).filter(|intent| has_not_left(*intent)).collect();
        let (kept_back, left) = (waiting.len(), events.len() - waiting.len());
        self.discard_all(waiting);
        let text = format!(
            "{kept_back} reversals are not sent any more. {left} have left: while a reversal stands in a batch in Draft, it can be removed from there; afterwards a new event is needed."
        );
        self.notices.notify(Tone::Info, text);
    }
}

fn progress(log: &ChangeLog, reversal: &Reversal) -> Progress {
    let rows = reversal.events.len() + reversal.waiting;
    let mut progress = Progress { rows, open: reversal.waiting, ..Progress::default() };
    for (_, intent) in &reversal.events {
        match log.entry(*intent).map(Entry::status) {
            Some(ChangeStatus::Settled) => progress.done += 1,
            Some(ChangeStatus::Open(Mark::Refused)) => progress.refused += 1,
            Some(ChangeStatus::Open(Mark::InDoubt)) => progress.in_doubt += 1,
            Some(ChangeStatus::Discarded) => progress.given_up += 1,
            // Old lines of the log go; an event of which nothing is open any more was reversed.
            None if !reversal.open.contains(intent) => progress.done += 1,
            Some(ChangeStatus::Open(_)) | None => progress.open += 1,
        }
    }
    progress
}

/// The events that are to be reversed into a batch once it is made.
pub fn then_reversed(entry: &Entry) -> Vec<String> {
    let Content::Action(asked) = &entry.persisted.content else { return Vec::new() };
    let then = asked.arguments.get(THEN_REVERSE).and_then(Value::as_text);
    then.map(|numbers| numbers.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// The events that the log knows to be reversed, or on their way, into a batch.
fn numbers_reversed_into(log: &ChangeLog, batch: &str) -> BTreeSet<String> {
    let into = |entry: &&Entry| match &entry.persisted.content {
        Content::Action(asked) => {
            let target = asked.arguments.get("reverseBatchNumber").and_then(Value::as_text);
            asked.name == action::REVERSE.name && target == Some(batch)
        }
        Content::Edit(_) => false,
    };
    let keys = log.entries().filter(into).map(|entry| &entry.persisted.key);
    keys.filter(|key| key.resource == Resource::Event).map(RecordKey::name).collect()
}
