//! Everything this browser proposed and what became of it, step by step: what the Changes screen
//! shows, and what the journal keeps until the person signs out. Not here: the rules by which a
//! change moves on (`record-store`).

use super::FieldName;
use crate::rest_client::RecordKey;
use record_store::{Ending, IntentId, Journal, Kept, Mark, Time};
use rest_contract::Value;
use std::collections::BTreeMap;

/// Where a change stands, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Open(Mark),
    Settled,
    Discarded,
}

impl Standing {
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
    pub was: Option<Standing>,
    pub is: Standing,
}

/// One change with its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// As it stood last.
    pub kept: Kept<RecordKey, FieldName, Value>,
    pub ended: Option<Ending>,
    /// When it came to stand where, oldest first.
    pub steps: Vec<(Time, Standing)>,
}

impl Entry {
    pub fn standing(&self) -> Standing {
        self.ended.map_or(Standing::Open(self.kept.mark), Standing::of)
    }

    fn step(&mut self, now: Time) {
        let standing = self.standing();
        if self.steps.last().is_none_or(|(_, last)| *last != standing) {
            self.steps.push((now, standing));
        }
    }
}

/// The changes of this tab and of those whose work it took up.
#[derive(Debug, Default)]
pub struct ChangeLog {
    entries: BTreeMap<IntentId, Entry>,
}

impl ChangeLog {
    /// Takes in a line of the store's journal; says which change took which step.
    pub fn note(&mut self, line: Journal<RecordKey, FieldName, Value>, now: Time) -> Step {
        let (Journal::Put(Kept { intent, .. }) | Journal::Ended { intent, .. }) = line;
        let was = self.entry(intent).map(Entry::standing);
        let is = match line {
            Journal::Put(kept) => {
                let entry = self.entries.entry(intent).or_insert_with(|| Entry {
                    kept: kept.clone(),
                    ended: None,
                    steps: Vec::new(),
                });
                entry.kept = kept;
                entry.step(now);
                entry.standing()
            }
            Journal::Ended { intent, ending } => {
                if let Some(entry) = self.entries.get_mut(&intent) {
                    entry.ended = Some(ending);
                    entry.step(now);
                }
                Standing::of(ending)
            }
        };
        Step { intent, was, is }
    }

    /// Takes in a change that another tab left.
    pub fn add(&mut self, entry: Entry) {
        self.entries.insert(entry.kept.intent, entry);
    }

    pub fn entry(&self, intent: IntentId) -> Option<&Entry> {
        self.entries.get(&intent)
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub fn unsettled(&self) -> Vec<IntentId> {
        let open = self.entries.values().filter(|entry| entry.ended.is_none());
        open.map(|entry| entry.kept.intent).collect()
    }
}
