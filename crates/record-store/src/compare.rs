//! The three-way comparison: what a proposal was typed over, what the server holds now, what was
//! typed. Not here: when it is made and what the person is told (see `store`).

use crate::intent::{Intent, IntentState};
use crate::record::Record;
use crate::{Field, Fields, IntentId, Value};
use std::collections::BTreeSet;

/// How a proposal came out of a comparison.
#[derive(Debug)]
pub(crate) enum Verdict<F> {
    /// The server holds every value of it.
    Settled,
    /// Nobody touched its fields; `merged` were changed by others meanwhile.
    Goes { merged: Vec<F> },
    /// These fields were changed by others, to something else. `news` if the person has not seen
    /// this conflict before.
    Conflict { fields: Vec<F>, news: bool },
}

impl<F: Field, V: Value> Record<F, V> {
    /// Compares every proposal that is not out with the confirmed base, in order, and moves it to
    /// the state that follows. Waits while a write is out: only its answer tells whose change a
    /// changed value is.
    pub(crate) fn compare(&mut self) -> Vec<(IntentId, Verdict<F>)> {
        if self.has_write_out() {
            return Vec::new();
        }
        let mut moved = std::mem::take(&mut self.moved);
        let mut verdicts = Vec::new();
        let mut covered: BTreeSet<F> = BTreeSet::new();
        for at in 0..self.intents.len() {
            let Some((intent, later)) = self.intents[at..].split_first_mut() else {
                break;
            };
            if matches!(intent.state, IntentState::Refused { .. }) {
                continue;
            }
            let base = self.base.as_ref().map(|base| &base.fields);
            let theirs = |field: &F| base.and_then(|fields| fields.get(field));
            let own: BTreeSet<F> = intent.changes.keys().cloned().collect();

            let mut overlapping = Vec::new();
            let mut settled = Fields::new();
            for (field, change) in &intent.changes {
                // Typed over a value of one's own that is still to be sent: nothing to compare.
                if covered.contains(field) {
                    continue;
                }
                let theirs = theirs(field);
                if theirs == Some(&change.mine) {
                    settled.insert(field.clone(), change.mine.clone());
                } else if theirs != change.base.as_ref() {
                    overlapping.push(field.clone());
                }
            }
            intent
                .changes
                .retain(|field, _| !settled.contains_key(field));
            for next in later {
                next.take_as_base(&settled);
            }
            moved.retain(|field| !settled.contains_key(field));

            let was_conflict = intent.state == IntentState::Conflict;
            let verdict = if intent.changes.is_empty() {
                Verdict::Settled
            } else if overlapping.is_empty() {
                intent.state = IntentState::Waiting;
                covered.extend(intent.changes.keys().cloned());
                let merged = moved.difference(&own).cloned().collect();
                Verdict::Goes { merged }
            } else {
                intent.state = IntentState::Conflict;
                let news = !was_conflict || overlapping.iter().any(|field| moved.contains(field));
                Verdict::Conflict {
                    fields: overlapping,
                    news,
                }
            };
            verdicts.push((intent.id, verdict));
        }
        self.intents.retain(|intent| !intent.changes.is_empty());
        verdicts
    }
}

impl<F: Field, V: Value> Intent<F, V> {
    /// Values that are now confirmed as the person's own are what later typing stands over.
    pub(crate) fn take_as_base(&mut self, confirmed: &Fields<F, V>) {
        for (field, change) in &mut self.changes {
            if let Some(value) = confirmed.get(field) {
                change.base = Some(value.clone());
            }
        }
    }

    /// After one's own earlier write turned `before` into `after`, values that were unchanged
    /// before it stand over what it left, also where the server derived them.
    pub(crate) fn follow(&mut self, before: &Fields<F, V>, after: &Fields<F, V>) {
        for (field, change) in &mut self.changes {
            if change.base.as_ref() == before.get(field) {
                change.base = after.get(field).cloned();
            }
        }
    }
}
