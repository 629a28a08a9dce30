//! One browser: the person who sits at it, the journal that its tabs share, and the locks they take.
//! Not here: what a tab does (see `tab`) and what the person does next (see `world/people`).

use crate::server::{Field, Key, Row, TheAction};
use record_store::{IntentId, Journal, Kept};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A line of the journal: an intent, the tab that carries it, and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tab: usize,
    pub(crate) kept: Kept<Key, Field, i64>,
}

/// How an intent came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Settled,
    Discarded,
    /// Its tab died before it reached the journal: it never left, and nobody promised to keep it.
    NeverKept,
    /// The person signed out and left it behind.
    LeftBehind,
}

/// What of an intent the journal must bring back.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) key: Key,
    pub(crate) values: Row,
    /// Fields left to the others when a conflict was resolved.
    pub(crate) yielded: BTreeSet<Field>,
    pub(crate) ending: Option<Ending>,
}

/// What the person knows of one of their intents, an edit or an action.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The tab in which it was typed, and the one that carries it now.
    pub(crate) typed_in: usize,
    pub(crate) carried_by: usize,
    pub(crate) action: Option<TheAction>,
    pub(crate) words: Words,
    /// The words as they last reached the journal.
    pub(crate) durable: Option<Words>,
    /// Values that stood there before the person corrected them.
    pub(crate) corrected: BTreeSet<(Field, i64)>,
    /// Per field, the values the person saw and chose to replace.
    pub(crate) seen: BTreeSet<(Field, i64)>,
    /// Other intents on the same record that the person had before them when they decided.
    pub(crate) known: BTreeSet<IntentId>,
    /// How often the person sent it off: by asking, by resolving a conflict, by trying again.
    pub(crate) decisions: usize,
    /// When the person last did.
    pub(crate) sent_off_at: u64,
    /// The state of the record that the person saw when they asked for the action, as the server counts.
    pub(crate) saw_state: Option<usize>,
    /// How often an attempt at the action left that may have taken effect.
    pub(crate) attempts: usize,
    /// While the action counts as refused: how much had been done to the server when it came to be so.
    pub(crate) refused_after: Option<usize>,
    pub(crate) was_in_doubt: bool,
    /// The network handed a write of it to the server twice.
    pub(crate) was_repeated: bool,
    /// It took effect later than an attempt may (see `network`), which only guarded actions do.
    pub(crate) was_late: bool,
}

impl Wanted {
    /// Whether the person ever typed this value into this field of it.
    pub(crate) fn had(&self, field: Field, value: i64) -> bool {
        let asked = self.action.as_ref().and_then(|action| action.arguments.get(&field));
        self.words.values.get(&field) == Some(&value)
            || self.corrected.contains(&(field, value))
            || asked == Some(&value)
    }
}

/// What the server lets a person do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Viewer,
    Editor,
    /// Alone may purge.
    Administrator,
}

impl Role {
    pub(crate) const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Administrator];

    pub(crate) fn may(self, action: &TheAction) -> bool {
        match self {
            Self::Viewer => false,
            Self::Editor => action.name != Field::Purge,
            Self::Administrator => true,
        }
    }
}

pub(crate) struct Browser {
    pub(crate) wanted: BTreeMap<IntentId, Wanted>,
    pub(crate) journal: BTreeMap<IntentId, Line>,
    pub(crate) role: Role,
    /// The tab that has the turn to write, and those that asked for it, first come first served.
    pub(crate) turn: Option<usize>,
    pub(crate) waiting: VecDeque<usize>,
}

impl Browser {
    pub(crate) fn new(role: Role) -> Self {
        Self { wanted: BTreeMap::new(), journal: BTreeMap::new(), role, turn: None, waiting: VecDeque::new() }
    }

    /// One transaction on the journal's database.
    pub(crate) fn write(&mut self, tab: usize, batch: &Batch) {
        for line in &batch.lines {
            match line {
                Journal::Put(kept) => {
                    self.journal.insert(kept.intent, Line { tab, kept: kept.clone() });
                }
                Journal::Ended { intent, .. } => {
                    self.journal.remove(intent);
                }
            }
        }
        for (intent, words) in &batch.words {
            if let Some(wanted) = self.wanted.get_mut(intent) {
                wanted.durable = Some(words.clone());
            }
        }
    }

    /// A tab is gone: its locks are free, and what it had not written yet is forgotten.
    pub(crate) fn lose(&mut self, tab: usize) {
        self.waiting.retain(|waiting| *waiting != tab);
        if self.turn == Some(tab) {
            self.turn = None;
        }
        for wanted in self.wanted.values_mut().filter(|wanted| wanted.carried_by == tab) {
            match &wanted.durable {
                Some(words) => wanted.words = words.clone(),
                None => wanted.words.ending = Some(Ending::NeverKept),
            }
        }
    }

    /// The lines of tabs that are gone, made `tab`'s own in the same transaction.
    pub(crate) fn claim(
        &mut self,
        tab: usize,
        is_alive: impl Fn(usize) -> bool,
        owns: bool,
    ) -> Vec<Kept<Key, Field, i64>> {
        let mut claimed = Vec::new();
        for (intent, line) in &mut self.journal {
            if is_alive(line.tab) {
                continue;
            }
            claimed.push(line.kept.clone());
            if owns {
                line.tab = tab;
                if let Some(wanted) = self.wanted.get_mut(intent) {
                    wanted.carried_by = tab;
                }
            }
        }
        claimed
    }

    /// The person signs out: nothing of theirs stays.
    pub(crate) fn forget(&mut self) {
        self.journal.clear();
        for wanted in self.wanted.values_mut() {
            wanted.words.ending = wanted.words.ending.or(Some(Ending::LeftBehind));
            wanted.durable = Some(wanted.words.clone());
        }
    }
}

/// What one event leads to outside the tab: lines to be written, then requests to leave.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) lines: Vec<Journal<Key, Field, i64>>,
    pub(crate) words: Vec<(IntentId, Words)>,
    pub(crate) requests: Vec<crate::tab::StoreRequest>,
    pub(crate) is_written: bool,
}
