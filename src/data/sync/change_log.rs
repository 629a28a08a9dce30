//! Everything this browser proposed and what became of it, step by step: what the Changes screen
//! shows, and what the journal keeps until the person signs out. Not here: the rules by which a
//! change moves on (`record-store`).

use super::FieldName;
use crate::api::RecordKey;
use record_store::{Content, Ending, IntentId, JournalLine, Mark, PersistedIntent, Time};
use rest_contract::Value;
use std::collections::{BTreeMap, VecDeque};

/// Where a change stands, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeStatus {
    Open(Mark),
    Settled,
    Discarded,
}

impl ChangeStatus {
    pub fn name(self) -> &'static str {
        match self {
            Self::Open(Mark::Waiting) => "Waiting",
            Self::Open(Mark::Sending) => "Saving",
            Self::Open(Mark::InDoubt) => "In doubt",
            Self::Open(Mark::Conflict) => "Conflict",
            Self::Open(Mark::Refused) => "Refused",
            Self::Open(Mark::Confirmed) | Self::Settled => "Done",
            Self::Discarded => "Discarded",
        }
    }

    fn of(ending: Ending) -> Self {
        match ending {
            Ending::Settled => Self::Settled,
            Ending::Discarded => Self::Discarded,
        }
    }

    pub const ALL: [Self; 7] = [
        Self::Open(Mark::Waiting),
        Self::Open(Mark::Sending),
        Self::Open(Mark::InDoubt),
        Self::Open(Mark::Conflict),
        Self::Open(Mark::Refused),
        Self::Settled,
        Self::Discarded,
    ];
}

/// One step of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub intent: IntentId,
    /// `None` at the first one.
    pub was: Option<ChangeStatus>,
    pub is: ChangeStatus,
}

/// One change with its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// As it stood last.
    pub persisted: PersistedIntent<RecordKey, FieldName, Value>,
    pub ended: Option<Ending>,
    /// When it came to stand where, oldest first.
    pub steps: Vec<(Time, ChangeStatus)>,
}

impl Entry {
    pub fn status(&self) -> ChangeStatus {
        self.ended.map_or(ChangeStatus::Open(self.persisted.mark), ChangeStatus::of)
    }

    /// When it came to its end, if it did.
    pub fn ended_at(&self) -> Option<Time> {
        self.ended.and_then(|_| self.steps.last()).map(|(at, _)| *at)
    }

    fn step(&mut self, now: Time) {
        let status = self.status();
        if self.steps.last().is_none_or(|(_, last)| *last != status) {
            self.steps.push((now, status));
        }
    }
}

/// The changes of this tab and of those whose work it took up.
#[derive(Debug, Default)]
pub struct ChangeLog {
    entries: BTreeMap<IntentId, Entry>,
    /// Those that came to their end, in the order they did.
    ended: VecDeque<IntentId>,
}

/// Settled changes that a page holds; of more the oldest go. Undo remembers fewer.
const ENDED_HELD: usize = 60_000;

impl ChangeLog {
    /// Takes in a line of the store's journal; says which change took which step.
    pub fn note(&mut self, line: JournalLine<RecordKey, FieldName, Value>, now: Time) -> Step {
        let (JournalLine::Put(PersistedIntent { intent, .. }) | JournalLine::Ended { intent, .. }) = line;
        let was = self.entry(intent).map(Entry::status);
        let is = match line {
            JournalLine::Put(persisted) => {
                let entry = self.entries.entry(intent).or_insert_with(|| Entry {
                    persisted: persisted.clone(),
                    ended: None,
                    steps: Vec::new(),
                });
                entry.persisted = persisted;
                entry.step(now);
                entry.status()
            }
            JournalLine::Ended { intent, ending } => {
                if let Some(entry) = self.entries.get_mut(&intent) {
                    if entry.ended.is_none() {
                        self.ended.push_back(intent);
                    }
                    entry.ended = Some(ending);
                    entry.step(now);
                }
                ChangeStatus::of(ending)
            }
        };
        Step { intent, was, is }
    }

    /// Takes in a change that another tab left.
    pub fn add(&mut self, entry: Entry) {
        if entry.ended.is_some() {
            self.ended.push_back(entry.persisted.intent);
        }
        self.entries.insert(entry.persisted.intent, entry);
    }

    /// Lets the oldest ended changes go; gives them.
    pub fn prune(&mut self) -> Vec<IntentId> {
        let surplus = self.ended.len().saturating_sub(ENDED_HELD);
        let pruned: Vec<IntentId> = self.ended.drain(..surplus).collect();
        for intent in &pruned {
            self.entries.remove(intent);
        }
        pruned
    }

    pub fn entry(&self, intent: IntentId) -> Option<&Entry> {
        self.entries.get(&intent)
    }

    /// Takes an argument of an action out again, which no longer holds. False where it was not there.
    pub fn forget(&mut self, intent: IntentId, argument: &str) -> bool {
        match self.entries.get_mut(&intent).map(|entry| &mut entry.persisted.content) {
            Some(Content::Action(asked)) => asked.arguments.remove(argument).is_some(),
            Some(Content::Edit(_)) | None => false,
        }
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub fn unsettled(&self) -> Vec<IntentId> {
        let open = self.entries.values().filter(|entry| entry.ended.is_none());
        open.map(|entry| entry.persisted.intent).collect()
    }
}

#[cfg(test)]
mod tests;
