//! Which intents are on disk as they stand now, and which are not. Not here: the disk itself; the app
//! says what it noted, what a disk has taken, and that a disk was lost.
//!
//! A set decides, not a count of writes: a write that failed leaves its intents in the set until a later
//! one took them, whatever else was written meanwhile.

use crate::{Ending, IntentId, JournalLine};
use std::collections::{BTreeMap, BTreeSet};

/// The number of a line of one intent; later lines replace earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineNumber(u64);

/// What is known of the disk for each intent of one tab.
#[derive(Clone, Debug, Default)]
pub struct Durability {
    intents: BTreeMap<IntentId, Lines>,
    behind: BTreeSet<IntentId>,
}

#[derive(Clone, Copy, Debug)]
struct Lines {
    newest: LineNumber,
    on_disk: OnDisk,
    /// Writes that are under way: each may yet bring a line of it to the disk.
    under_way: u32,
    has_ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnDisk {
    /// Certainly no line of it.
    Nothing,
    /// This line.
    Line(LineNumber),
    /// A line before the newest, or none: the disk was lost and found again.
    Unknown,
}

impl Lines {
    fn is_certainly_not_there(self) -> bool {
        self.on_disk == OnDisk::Nothing && self.under_way == 0
    }

    /// What has ended and never was on a disk has nothing there that could be taken up again.
    fn is_behind(self) -> bool {
        let needs_nothing = self.has_ended && self.is_certainly_not_there();
        self.on_disk != OnDisk::Line(self.newest) && !needs_nothing
    }
}

impl Durability {
    /// An intent stands differently from now on; the disk is still to hear of it.
    pub fn note<K, F, V>(&mut self, line: &JournalLine<K, F, V>) {
        let (intent, ending) = match line {
            JournalLine::Put(persisted) => (persisted.intent, None),
            JournalLine::Ended { intent, ending } => (*intent, Some(*ending)),
        };
        self.note_change(intent, ending);
    }

    /// The same for a line that the app keeps in its own form.
    pub fn note_change(&mut self, intent: IntentId, ending: Option<Ending>) {
        let new = Lines { newest: LineNumber(0), on_disk: OnDisk::Nothing, under_way: 0, has_ended: false };
        let lines = self.intents.entry(intent).or_insert(new);
        lines.newest = LineNumber(lines.newest.0 + 1);
        lines.has_ended = ending.is_some();
        self.recount(intent);
    }

    /// An intent was read from the disk and is this tab's own there; not for certain, where the disk was
    /// lost since.
    pub fn taken_up(&mut self, intent: IntentId, is_certain: bool) {
        let newest = LineNumber(0);
        let on_disk = if is_certain { OnDisk::Line(newest) } else { OnDisk::Unknown };
        let lines = Lines { newest, on_disk, under_way: 0, has_ended: false };
        self.intents.entry(intent).or_insert(lines);
        self.recount(intent);
    }

    /// A write of this intent begins; gives the line that it carries. It ends by
    /// [`written`](Self::written) or [`not_written`](Self::not_written).
    pub fn writing(&mut self, intent: IntentId) -> LineNumber {
        let Some(lines) = self.intents.get_mut(&intent) else { return LineNumber::default() };
        lines.under_way += 1;
        let newest = lines.newest;
        self.recount(intent);
        newest
    }

    /// The disk holds this line of the intent. Writes come to their end in any order.
    pub fn written(&mut self, intent: IntentId, line: LineNumber) {
        if let Some(lines) = self.intents.get_mut(&intent) {
            lines.under_way = lines.under_way.saturating_sub(1);
            let is_older = matches!(lines.on_disk, OnDisk::Line(known) if known > line);
            if !is_older {
                lines.on_disk = OnDisk::Line(line);
            }
        }
        self.recount(intent);
    }

    /// A write has failed, and the disk holds nothing of it.
    pub fn not_written(&mut self, intent: IntentId) {
        if let Some(lines) = self.intents.get_mut(&intent) {
            lines.under_way = lines.under_way.saturating_sub(1);
        }
        self.recount(intent);
    }

    /// The disk is gone, or may be: what it held is no longer certain.
    pub fn disk_lost(&mut self) {
        for (intent, lines) in &mut self.intents {
            if lines.on_disk != OnDisk::Nothing {
                lines.on_disk = OnDisk::Unknown;
                self.behind.insert(*intent);
            }
        }
    }

    /// The intents that are not on disk as they stand, ended ones among them whose end is not there yet:
    /// another tab would take those up as if they still stood.
    pub fn behind(&self) -> impl ExactSizeIterator<Item = IntentId> {
        self.behind.iter().copied()
    }

    pub fn is_behind(&self, intent: IntentId) -> bool {
        self.behind.contains(&intent)
    }

    /// Whether the disk may hold this intent as it stood before. What must not be done twice does not
    /// leave then: a tab that takes the older line up would do it once more.
    pub fn may_hold_an_older_line(&self, intent: IntentId) -> bool {
        let lines = self.intents.get(&intent);
        lines.is_some_and(|lines| lines.is_behind() && !lines.is_certainly_not_there())
    }

    /// Counts an intent in or out; what has ended and stands on the disk as ended needs no more care.
    fn recount(&mut self, intent: IntentId) {
        let Some(lines) = self.intents.get(&intent) else { return };
        if lines.is_behind() {
            self.behind.insert(intent);
            return;
        }
        self.behind.remove(&intent);
        if lines.has_ended {
            self.intents.remove(&intent);
        }
    }
}
