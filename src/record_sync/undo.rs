//! Undo and redo of what was changed at one stroke. What has not left is taken back; what the server
//! holds is changed back by a further edit, which carries its own version and can be refused like any
//! other. Undoing twice is doing again: both turn a stroke back.
//!
//! An action has no undo: what takes it back is another action with rules of its own. That is said
//! instead of undoing what was done before it.

use super::bulk::ToDo;
use super::change_log::{Entry, Standing};
use super::strokes::{Course, Done, Row, StrokeId};
use super::{Inner, RecordSync, StoreEvent, now};
use crate::rest_client::RecordKey;
use grid_model::Tone;
use leptos::prelude::{UpdateValue, WithValue};
use record_store::{Event, IntentId, Mark};
use rest_contract::Value;
use rest_contract::oracle::action::{self, Action};

impl RecordSync {
    pub fn undo(&self) {
        match self.inner.with_value(|inner| inner.strokes.done.last().copied()) {
            Some(Done::Stroke(stroke)) => {
                self.take_back(stroke);
            }
            Some(Done::Act(intent)) => self.undo_action(intent),
            None => {}
        }
    }

    /// The records that undoing now would change back on the server. None where it would only take back
    /// what has not left.
    pub fn held_by_the_server(&self) -> Vec<RecordKey> {
        self.inner.with_value(|inner| {
            let Some(Done::Stroke(stroke)) = inner.strokes.done.last() else { return Vec::new() };
            let rows = inner.strokes.get(*stroke).map(|stroke| stroke.rows.as_slice()).unwrap_or_default();
            let is_settled = |intent: IntentId| {
                inner.log.entry(intent).is_some_and(|entry| entry.standing() == Standing::Settled)
            };
            let held = rows
                .iter()
                .filter(|row| matches!(row.course, Course::Proposed(intent) if is_settled(intent)));
            held.map(|row| row.key.clone()).collect()
        })
    }

    /// Takes an action back that has not left; of another one says how it can be taken back.
    fn undo_action(&self, intent: IntentId) {
        self.inner.update_value(|inner| inner.strokes.done.retain(|other| *other != Done::Act(intent)));
        let Some(action) = self.action_of(intent) else { return };
        let standing = self.with_log(|log| log.entry(intent).map(Entry::standing));
        let words = match standing {
            Some(Standing::Open(Mark::Waiting | Mark::Refused)) => {
                self.discard(intent);
                "was not done, and is not sent any more."
            }
            Some(Standing::Open(_)) => "is on its way and cannot be called back.",
            Some(Standing::Settled) => way_back(action),
            Some(Standing::Discarded) | None => return,
        };
        self.notices.tell(Tone::Info, format!("\u{201c}{}\u{201d} {words}", action.title));
    }

    pub fn redo(&self) {
        let last = self.inner.try_update_value(|inner| inner.strokes.undone.pop()).flatten();
        if let Some(again) = last.and_then(|stroke| self.turn(stroke, "done again")) {
            self.inner.update_value(|inner| inner.strokes.done.push(Done::Stroke(again)));
        }
    }

    /// Undoes a stroke: rows that have not left are taken back, the others changed back by a further
    /// edit, but for those that somebody changed again since. Gives the stroke that does so, to be
    /// followed like any other.
    pub fn take_back(&self, stroke: StrokeId) -> Option<StrokeId> {
        self.inner.update_value(|inner| inner.strokes.done.retain(|other| *other != Done::Stroke(stroke)));
        let undone = self.turn(stroke, "undone")?;
        self.inner.update_value(|inner| inner.strokes.undone.push(undone));
        Some(undone)
    }

    fn turn(&self, of: StrokeId, what: &'static str) -> Option<StrokeId> {
        let (stroke, rows) = self.inner.try_update_value(|inner| {
            let rows: Vec<Row> = inner.strokes.get(of)?.rows.iter().map(Row::turned).collect();
            let count = rows.len();
            Some((inner.strokes.begin(rows), count))
        })??;
        let mut to_do: Vec<_> = (0..rows).map(|at| ToDo::TurnBack { of, stroke, at }).collect();
        to_do.push(ToDo::TellTurned { stroke, what });
        if rows == 1 {
            self.do_at_once(to_do);
        } else {
            self.inner.update_value(|inner| inner.to_do.extend(to_do));
            self.go_on();
        }
        Some(stroke)
    }

    pub(super) fn tell_turned(&self, stroke: StrokeId, what: &str) {
        let told = self.inner.with_value(|inner| {
            let rows = &inner.strokes.get(stroke)?.rows;
            if let [row] = rows.as_slice() {
                return Some(told_of_one(row, what));
            }
            let left = rows.iter().filter(|row| row.course == Course::LeftAlone).count();
            let sent = rows.iter().filter(|row| matches!(row.course, Course::Proposed(_))).count();
            let taken = rows.len() - left - sent;
            let mut words = format!("Change to {} records {what}: {taken} not sent any more, {sent} changed back by a further edit", rows.len());
            if left > 0 {
                words.push_str(&format!(", {left} left as they are because they were changed again since"));
            }
            Some((if left > 0 { Tone::Warn } else { Tone::Info }, format!("{words}.")))
        });
        if let Some((tone, words)) = told {
            self.notices.tell(tone, words);
        }
    }
}

/// What can be done about an action that is done.
fn way_back(action: &Action) -> &'static str {
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
        name if name == action::LOCK_FOR_REVIEW.name => {
            "is done. \u{201c}Revert for edit\u{201d} takes it back."
        }
        name if name == action::REVERT.name => "is done. \u{201c}Lock for review\u{201d} takes it back.",
        name if name == action::SUBMIT.name => {
            "is done and cannot be called back: what it billed can only be reversed."
        }
        _ => "is done and cannot be taken back from here.",
    }
}

fn told_of_one(row: &Row, what: &str) -> (Tone, String) {
    let words = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "empty".to_owned(),
        Some(value) => value.to_string(),
    };
    let schema = row.key.resource.schema();
    let fields = row.after.iter().map(|(name, value)| {
        let title = schema.field(name).map_or(*name, |field| field.title);
        (title, words(row.before.get(name)), words(Some(value)))
    });
    let name = row.key.name();
    if row.course == Course::LeftAlone {
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
    fn turned(&self) -> Self {
        Self::new(self.key.clone(), self.over.clone(), self.after.clone(), self.before.clone())
    }
}

impl Inner {
    /// What takes back row `at` of the stroke `of`, as row `at` of `stroke`.
    pub(super) fn turn_back(&mut self, of: StrokeId, stroke: StrokeId, at: usize) -> Option<StoreEvent> {
        let row = self.strokes.row(of, at)?;
        let standing = match row.course {
            Course::Proposed(intent) => self.log.entry(intent).map(|entry| (intent, entry.standing())),
            Course::Needless => None,
            Course::Queued | Course::LeftAlone => {
                self.strokes.set_course(stroke, at, Course::LeftAlone);
                return None;
            }
        };
        match standing {
            Some((intent, Standing::Open(Mark::Waiting | Mark::Conflict | Mark::Refused))) => {
                self.strokes.set_course(stroke, at, Course::Needless);
                return Some(Event::Discard { intent });
            }
            Some((_, Standing::Discarded)) => {
                self.strokes.set_course(stroke, at, Course::LeftAlone);
                return None;
            }
            Some((_, Standing::Settled | Standing::Open(_))) | None => {}
        }
        let key = row.key.clone();
        // A system may leave an emptied field out of its answer.
        let shows = |field, value: &Value| {
            self.store.view(&key).is_none_or(|view| view.shown(field).unwrap_or(&Value::Null) == value)
        };
        if !row.after.iter().all(|(field, value)| shows(field, value)) {
            self.strokes.set_course(stroke, at, Course::LeftAlone);
            return None;
        }
        let base = (row.held.clone().unwrap_or_else(|| row.over.clone()), row.after.clone());
        let changes = row.before.clone();
        self.next_intent += 1;
        let intent = IntentId(self.next_intent);
        if let Some(turned) = self.strokes.get_mut(stroke).and_then(|stroke| stroke.rows.get_mut(at)) {
            turned.over = base.0.clone();
        }
        self.strokes.set_course(stroke, at, Course::Proposed(intent));
        Some(Event::Propose { intent, key, base, changes, at: now() })
    }
}
