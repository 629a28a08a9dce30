//! What a person changed at one stroke, a value or many records, and where each row of it stands; the
//! history that undo and redo go through. Not here: how a stroke gets into the store (`bulk`), and how
//! it is taken back (`undo`).

use super::change_log::{Standing, Step};
use super::{FieldName, proposals::Confirmed};
use crate::rest_client::RecordKey;
use record_store::{Fields, IntentId, Mark, Version};
use rest_contract::Value;
use std::collections::BTreeMap;

/// Names one stroke as long as the page lives, or until so much was changed after it that it is
/// forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StrokeId(u64);

/// One record's part of a bulk edit.
#[derive(Clone, Debug)]
pub struct BulkRow {
    pub key: RecordKey,
    /// The confirmed row that the person looks at.
    pub base: Confirmed,
    /// What its fields are to become, to be accepted or refused together.
    pub changes: Fields<FieldName, Value>,
}

/// How far a stroke has come: how many of its rows stand where. They add up to `rows`.
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

/// What became of a row of a stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Not handed to the store yet.
    Queued,
    Proposed(IntentId),
    /// Nothing to be sent: it was taken back before it left, or the server holds it already.
    Needless,
    /// Changed again since, so not taken back.
    LeftAlone,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub key: RecordKey,
    /// The version of the state that `before` was seen at.
    pub over: Version,
    pub before: Fields<FieldName, Value>,
    pub after: Fields<FieldName, Value>,
    pub course: Course,
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
        Self { key, over, before, after, course: Course::Queued, held: None }
    }
}

#[derive(Debug, Default)]
pub(super) struct Stroke {
    pub rows: Vec<Row>,
    counts: BTreeMap<Standing, usize>,
    /// It is settled, and the person has been told how.
    pub is_told: bool,
}

impl Stroke {
    pub fn progress(&self) -> Progress {
        let of = |standing| self.counts.get(&standing).copied().unwrap_or_default();
        let mut progress = Progress {
            rows: self.rows.len(),
            open: 0,
            done: of(Standing::Settled),
            refused: of(Standing::Open(Mark::Refused)),
            conflicts: of(Standing::Open(Mark::Conflict)),
            in_doubt: of(Standing::Open(Mark::InDoubt)),
            given_up: of(Standing::Discarded),
        };
        let Progress { rows, done, refused, conflicts, in_doubt, given_up, .. } = progress;
        progress.open = rows - (done + refused + conflicts + in_doubt + given_up).min(rows);
        progress
    }

    fn count(&mut self, was: Option<Standing>, is: Standing) {
        if let Some(count) = was.and_then(|was| self.counts.get_mut(&was)) {
            *count = count.saturating_sub(1);
        }
        *self.counts.entry(is).or_default() += 1;
    }
}

/// Something a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Stroke(StrokeId),
    Act(IntentId),
}

/// The strokes of this page.
#[derive(Debug, Default)]
pub(super) struct Strokes {
    all: BTreeMap<StrokeId, Stroke>,
    places: BTreeMap<IntentId, (StrokeId, usize)>,
    next: u64,
    /// What can be undone, or of which can be said why not, and what can be done again; newest last.
    pub done: Vec<Done>,
    pub undone: Vec<StrokeId>,
}

/// Older strokes are forgotten, as many rows of them as come on top of these.
const ROWS_REMEMBERED: usize = 50_000;
const STROKES_REMEMBERED: usize = 200;

impl Strokes {
    pub fn begin(&mut self, rows: Vec<Row>) -> StrokeId {
        self.next += 1;
        let id = StrokeId(self.next);
        self.all.insert(id, Stroke { rows, ..Stroke::default() });
        let mut rows: usize = self.all.values().map(|stroke| stroke.rows.len()).sum();
        while self.all.len() > 1 && (rows > ROWS_REMEMBERED || self.all.len() > STROKES_REMEMBERED) {
            let Some((oldest, stroke)) = self.all.pop_first() else { break };
            rows -= stroke.rows.len();
            self.places.retain(|_, (of, _)| *of != oldest);
            self.done.retain(|other| *other != Done::Stroke(oldest));
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

    pub fn get(&self, stroke: StrokeId) -> Option<&Stroke> {
        self.all.get(&stroke)
    }

    pub fn get_mut(&mut self, stroke: StrokeId) -> Option<&mut Stroke> {
        self.all.get_mut(&stroke)
    }

    pub fn row(&self, stroke: StrokeId, at: usize) -> Option<&Row> {
        self.all.get(&stroke)?.rows.get(at)
    }

    /// Whether an intent is part of a change to many records.
    pub fn is_bulk(&self, intent: IntentId) -> bool {
        let stroke = self.places.get(&intent).and_then(|(stroke, _)| self.all.get(stroke));
        stroke.is_some_and(|stroke| stroke.rows.len() > 1)
    }

    pub fn row_of_mut(&mut self, intent: IntentId) -> Option<&mut Row> {
        let (stroke, at) = self.places.get(&intent)?;
        self.all.get_mut(stroke)?.rows.get_mut(*at)
    }

    /// Says what becomes of a row.
    pub fn set_course(&mut self, stroke: StrokeId, at: usize, course: Course) {
        let Some(found) = self.all.get_mut(&stroke) else { return };
        let Some(row) = found.rows.get_mut(at) else { return };
        row.course = course;
        match course {
            Course::Queued => {}
            Course::Proposed(intent) => {
                self.places.insert(intent, (stroke, at));
            }
            Course::Needless => found.count(None, Standing::Settled),
            Course::LeftAlone => found.count(None, Standing::Discarded),
        }
    }

    /// An intent has taken a step; gives the stroke that it is of.
    pub fn note(&mut self, step: &Step) -> Option<StrokeId> {
        let (stroke, at) = *self.places.get(&step.intent)?;
        let found = self.all.get_mut(&stroke)?;
        found.count(step.was, step.is);
        // Settled before it was ever kept: the server held it already.
        if step.was.is_none() && step.is == Standing::Settled {
            found.rows.get_mut(at)?.course = Course::Needless;
        }
        Some(stroke)
    }
}
