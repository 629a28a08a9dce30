//! One browser: the person who sits at it, the journal that its tabs share, and the locks they take.
//! Not here: what a tab does (see `tab`) and what the person does next (see `world/people`).

use crate::server::{Field, Key, Row, TheAction};
use record_store::{IntentId, JournalLine, LineNumber, PersistedIntent};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A line of the journal: an intent, the tab that carries it, and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tab: usize,
    pub(crate) persisted: PersistedIntent<Key, Field, i64>,
}

/// How an intent came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Settled,
    Discarded,
    /// Its tab died before it reached the journal: it never left, and nobody promised to keep it.
    NeverKept,
    /// It was lost with the disk that it stood on, or that it never reached; the person was told so.
    LostWithTheDisk,
    /// The person signed out and left it behind.
    LeftBehind,
}

/// What of an intent the journal must bring back.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) key: Key,
    /// When the person last sent it off. With an older line an earlier time is taken up: what was done since
    /// then counts as what the person asked for, whoever did it.
    pub(crate) sent_off_at: u64,
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
    /// Values that the proposal leaves as they were seen, and rests on.
    pub(crate) rests_on: Row,
    /// Fields of those about which the person has decided since.
    pub(crate) no_longer_rests_on: BTreeSet<Field>,
    /// Other intents on the same record that the person had before them when they decided.
    pub(crate) known: BTreeSet<IntentId>,
    /// How often the person sent it off: by asking, by resolving a conflict, by trying again.
    pub(crate) decisions: usize,
    /// The state of the record that the person saw when they asked for the action, as the server counts.
    pub(crate) saw_state: Option<usize>,
    /// How often an attempt at the action left that may have taken effect.
    pub(crate) attempts: usize,
    /// While the action counts as refused: how much had been done to the server when it came to be so.
    pub(crate) refused_after: Option<usize>,
    /// The same of its last refusal, which a tab that takes up an older line goes on from.
    pub(crate) last_refused_after: Option<usize>,
    pub(crate) was_in_doubt: bool,
    /// How often an older line of it was taken up, because a disk that failed had not taken the newer ones.
    pub(crate) fell_back: usize,
    /// Records that it stood on before it fell back to the draft that it was typed into.
    pub(crate) stood_on: BTreeSet<Key>,
    /// The network handed a write of it to the server twice.
    pub(crate) was_repeated: bool,
    /// It took effect later than an attempt may (see `network`), which only guarded actions do.
    pub(crate) was_late: bool,
}

impl Wanted {
    /// Whether it stands on this record, or stood there.
    pub(crate) fn was_on(&self, key: Key) -> bool {
        self.words.key == key || self.stood_on.contains(&key)
    }

    /// An older line is taken up in the place of what a disk that failed did not take. What was typed or
    /// sent since was typed all the same.
    fn falls_back_to(&mut self, older: &Words) {
        let typed = self.words.values.iter().map(|(field, value)| (*field, *value));
        self.corrected.extend(typed.filter(|(field, value)| older.values.get(field) != Some(value)));
        self.was_in_doubt |= self.words.ending.is_none() || older.ending.is_none();
        self.fell_back += 1;
        self.stood_on.insert(self.words.key);
    }

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
    /// The tab that has the write lease, and those that asked for it, first come first served.
    pub(crate) write_lease: Option<usize>,
    pub(crate) waiting: VecDeque<usize>,
    pub(crate) disk: Disk,
}

/// What the journal stands on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Disk {
    /// Nothing can be opened or written.
    pub(crate) fails: bool,
    /// How often everything on it was deleted.
    pub(crate) deleted: u64,
    /// It failed or was deleted some time.
    pub(crate) ever_failed: bool,
}

impl Browser {
    pub(crate) fn new(role: Role) -> Self {
        Self {
            wanted: BTreeMap::new(),
            journal: BTreeMap::new(),
            role,
            write_lease: None,
            waiting: VecDeque::new(),
            disk: Disk::default(),
        }
    }

    /// One transaction on the journal's database.
    pub(crate) fn write(&mut self, tab: usize, batch: &Batch) {
        for (line, _) in &batch.lines {
            match line {
                JournalLine::Put(persisted) => {
                    self.journal.insert(persisted.intent, Line { tab, persisted: persisted.clone() });
                }
                JournalLine::Ended { intent, .. } => {
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
        if self.write_lease == Some(tab) {
            self.write_lease = None;
        }
        let has_failed = self.disk.ever_failed;
        for wanted in self.wanted.values_mut().filter(|wanted| wanted.carried_by == tab) {
            wanted.refused_after = wanted.refused_after.or(wanted.last_refused_after);
            match wanted.durable.clone() {
                Some(words) => {
                    if has_failed {
                        wanted.falls_back_to(&words);
                    }
                    wanted.words = words;
                }
                None if has_failed => {
                    wanted.words.ending = wanted.words.ending.or(Some(Ending::LostWithTheDisk));
                }
                None => wanted.words.ending = Some(Ending::NeverKept),
            }
        }
    }

    /// Everything on the disk is deleted. What tabs that are gone left there is gone for good.
    pub(crate) fn delete_disk(&mut self, is_alive: impl Fn(usize) -> bool) {
        self.journal.clear();
        self.disk.deleted += 1;
        self.disk.ever_failed = true;
        for wanted in self.wanted.values_mut() {
            if !is_alive(wanted.carried_by) {
                wanted.words.ending = wanted.words.ending.or(Some(Ending::LostWithTheDisk));
            }
            wanted.durable = None;
        }
    }

    /// The lines of tabs that are gone, made `tab`'s own in the same transaction.
    pub(crate) fn claim(
        &mut self,
        tab: usize,
        is_alive: impl Fn(usize) -> bool,
        owns: bool,
    ) -> Vec<PersistedIntent<Key, Field, i64>> {
        let mut claimed = Vec::new();
        for (intent, line) in &mut self.journal {
            if is_alive(line.tab) {
                continue;
            }
            claimed.push(line.persisted.clone());
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
    pub(crate) lines: Vec<(JournalLine<Key, Field, i64>, LineNumber)>,
    pub(crate) words: Vec<(IntentId, Words)>,
    pub(crate) requests: Vec<crate::tab::StoreRequest>,
    pub(crate) is_written: bool,
}
