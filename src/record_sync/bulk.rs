//! A change to many records at one stroke: handed to the store in portions that leave room for a frame,
//! followed row by row, and told once, when it is settled. Not here: taking it back (`undo`).

use super::strokes::{BulkRow, Course, Done, Progress, Row, StrokeId};
use super::{Fate, FieldName, Inner, RecordSync, StoreEvent, now};
use crate::rest_client::RecordKey;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::{Event, Fields, IntentId, IntentState, Mark};
use rest_contract::Value;
use std::time::Duration;

use super::change_log::Standing;
use super::proposals::Confirmed;

/// Rows that go into the store in one task. The first portion is shown in the frame of the command.
const PORTION: usize = 500;

/// Something that is still to be said to the store.
#[derive(Debug)]
pub(super) enum ToDo {
    Propose {
        stroke: StrokeId,
        at: usize,
        base: Confirmed,
    },
    /// Row `at` of `stroke` takes back the same row of `of`.
    TurnBack {
        of: StrokeId,
        stroke: StrokeId,
        at: usize,
    },
    Retry(IntentId),
    Discard(IntentId),
    /// All of it has been turned back; `what` says which way.
    TellTurned {
        stroke: StrokeId,
        what: &'static str,
    },
}

impl RecordSync {
    /// Proposes a change to many records at one stroke, and gives its name.
    ///
    /// Call it once with every row, each with the confirmed state that the person looks at (a grid's
    /// row: its version and fields) and the fields to change. It returns at once: the first rows are
    /// shown in the same frame, the others follow in portions with room for frames between them.
    /// Every row is a change like any other: durable before it is sent, with its own version, settled
    /// by itself (S9), listed under Changes. A row whose values the server holds already is done.
    ///
    /// A screen follows it with [`progress`](Self::progress), which costs next to nothing and may
    /// stand in a `Memo`, and asks for the rows that it shows with [`row_fate`](Self::row_fate). The
    /// refused rows are tried again together with [`retry_refused`](Self::retry_refused); to correct
    /// their value instead, call this again with those rows. [`take_back`](Self::take_back) undoes
    /// all of it, as Ctrl+Z does. Toasts about single rows are left out; one tells the end.
    pub fn bulk_edit(&self, rows: Vec<BulkRow>) -> StrokeId {
        let (rows, bases): (Vec<_>, Vec<_>) = rows.into_iter().map(BulkRow::split).unzip();
        let stroke = self.inner.try_update_value(|inner| {
            let stroke = inner.strokes.begin(rows);
            inner.strokes.remember(Done::Stroke(stroke));
            let propose = bases.into_iter().enumerate().map(|(at, base)| ToDo::Propose { stroke, at, base });
            inner.to_do.extend(propose);
            stroke
        });
        self.go_on();
        stroke.unwrap_or_default()
    }

    /// How far a stroke has come; followed as it goes on, many times a second at most.
    pub fn progress(&self, stroke: StrokeId) -> Progress {
        self.log_revision.track();
        self.inner
            .with_value(|inner| inner.strokes.get(stroke).map(|found| found.progress()).unwrap_or_default())
    }

    /// The record that row `at` of a stroke is about, in the order they were handed in, and where it
    /// stands; followed as it moves on.
    pub fn row_fate(&self, stroke: StrokeId, at: usize) -> Option<(RecordKey, Fate)> {
        self.log_revision.track();
        let (key, course) = self.inner.with_value(|inner| {
            let row = inner.strokes.row(stroke, at)?;
            Some((row.key.clone(), row.course))
        })?;
        let fate = match course {
            Course::Queued => Fate::Open,
            Course::Proposed(intent) => self.fate(intent),
            Course::Needless => Fate::Done,
            Course::LeftAlone => Fate::GivenUp,
        };
        Some((key, fate))
    }

    /// Sends every refused row of a stroke once more, as it is.
    pub fn retry_refused(&self, stroke: StrokeId) {
        self.inner.update_value(|inner| {
            let refused = inner.intents_of(stroke, Standing::Open(Mark::Refused));
            inner.to_do.extend(refused.into_iter().map(ToDo::Retry));
            if let Some(found) = inner.strokes.get_mut(stroke) {
                found.is_told = false;
            }
        });
        self.go_on();
    }

    /// Sends many refused changes once more, and looks up those in doubt.
    pub fn retry_all(&self, intents: Vec<IntentId>) {
        self.inner.update_value(|inner| inner.to_do.extend(intents.into_iter().map(ToDo::Retry)));
        self.go_on();
    }

    /// Gives many changes up.
    pub fn discard_all(&self, intents: Vec<IntentId>) {
        self.inner.update_value(|inner| inner.to_do.extend(intents.into_iter().map(ToDo::Discard)));
        self.go_on();
    }

    /// Hands the next portion to the store, and sees to it that the rest follows.
    pub(super) fn go_on(&self) {
        let portion = self.inner.try_update_value(|inner| {
            let portion = inner.to_do.len().min(PORTION);
            inner.to_do.drain(..portion).collect()
        });
        self.do_at_once(portion.unwrap_or_default());
        let (desk, must_wait) =
            (self.desk(), self.inner.with_value(|inner| inner.goes_on || inner.to_do.is_empty()));
        if must_wait {
            return;
        }
        self.inner.update_value(|inner| inner.goes_on = true);
        let sync = *self;
        let next = move || {
            if sync.desk() == desk {
                sync.inner.update_value(|inner| inner.goes_on = false);
                sync.go_on();
            }
        };
        set_timeout(next, Duration::ZERO);
    }

    /// Hands all of this to the store as one event.
    pub(super) fn do_at_once(&self, to_do: Vec<ToDo>) {
        let mut told = Vec::new();
        let events = self.inner.try_update_value(|inner| {
            let mut events = Vec::new();
            for each in to_do {
                match each {
                    ToDo::Propose { stroke, at, base } => inner.propose_row(stroke, at, base, &mut events),
                    ToDo::TurnBack { of, stroke, at } => events.extend(inner.turn_back(of, stroke, at)),
                    ToDo::Retry(intent) => events.push(Event::Retry { intent, at: now() }),
                    ToDo::Discard(intent) => events.push(Event::Discard { intent }),
                    ToDo::TellTurned { stroke, what } => told.push((stroke, what)),
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
        told.into_iter().for_each(|(stroke, what)| self.tell_turned(stroke, what));
    }

    /// A bulk edit is told once, when nothing of it is under way any more.
    pub(super) fn tell_settled(&self, stroke: StrokeId) {
        let settled = self.inner.try_update_value(|inner| {
            let found = inner.strokes.get_mut(stroke)?;
            let progress = found.progress();
            let is_news = progress.rows > 1 && progress.is_settled() && !found.is_told;
            found.is_told |= is_news;
            is_news.then_some(progress)
        });
        let Some(Progress { rows, done, refused, conflicts, given_up, .. }) = settled.flatten() else {
            return;
        };
        let parts =
            [(done, "saved"), (refused, "refused"), (conflicts, "in conflict"), (given_up, "given up")];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        let tone = if refused + conflicts > 0 { Tone::Bad } else { Tone::Ok };
        self.notices.tell(tone, format!("Change to {rows} records: {}.", parts.join(", ")));
    }
}

impl BulkRow {
    fn split(self) -> (Row, Confirmed) {
        let Self { key, base, changes } = self;
        let seen = |field: &FieldName| base.1.get(field).cloned().unwrap_or(Value::Null);
        let before = changes.keys().map(|field| (*field, seen(field))).collect();
        (Row::new(key, base.0.clone(), before, changes), base)
    }
}

impl Inner {
    /// The server holds an intent's values: from now on its row can be changed back from there.
    pub(super) fn note_held(&mut self, intent: IntentId, key: &RecordKey) {
        let Some(row) = self.strokes.row_of_mut(intent) else { return };
        let Some(view) = self.store.view(key) else { return };
        if row.after.iter().all(|(field, value)| view.confirmed(field).unwrap_or(&Value::Null) == value) {
            row.held = view.version().cloned();
        }
    }

    /// The intents of a stroke that stand like this.
    fn intents_of(&self, stroke: StrokeId, standing: Standing) -> Vec<IntentId> {
        let rows = self.strokes.get(stroke).map(|stroke| stroke.rows.as_slice()).unwrap_or_default();
        let intents = rows.iter().filter_map(|row| match row.course {
            Course::Proposed(intent) => Some(intent),
            Course::Queued | Course::Needless | Course::LeftAlone => None,
        });
        intents
            .filter(|intent| self.log.entry(*intent).is_some_and(|entry| entry.standing() == standing))
            .collect()
    }

    /// What hands a row to the store. What was refused of the same fields before is replaced by it;
    /// other fields of such a refused change go along, over what they were typed over.
    fn propose_row(&mut self, stroke: StrokeId, at: usize, base: Confirmed, events: &mut Vec<StoreEvent>) {
        let Some(row) = self.strokes.row(stroke, at) else { return };
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
        self.strokes.set_course(stroke, at, Course::Proposed(intent));
        events.push(Event::Propose { intent, key, base: (version, seen), changes, at: now() });
    }

    /// The refused proposals that one of these fields was part of.
    fn refused(&self, key: &RecordKey, changes: &Fields<FieldName, Value>) -> Vec<(IntentId, Refused)> {
        let Some(view) = self.store.view(key) else { return Vec::new() };
        let refused = view.intents().filter(|intent| matches!(intent.state(), IntentState::Refused { .. }));
        let refused = refused.map(|intent| {
            let fields =
                intent.changes().map(|change| (*change.field, (change.base.cloned(), change.mine.clone())));
            (intent.id(), fields.collect::<Refused>())
        });
        refused.filter(|(_, fields)| fields.keys().any(|field| changes.contains_key(field))).collect()
    }
}

/// The fields of a refused proposal: typed over, typed.
type Refused = std::collections::BTreeMap<FieldName, (Option<Value>, Value)>;
