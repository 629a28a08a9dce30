//! The three-way comparison: what a proposal was typed over, what the server holds now, what was
//! typed. Not here: when it is made and what the person is told (see `store`).

use crate::intent::{Change, Intent, IntentState};
use crate::record::Record;
use crate::{Field, Fields, IntentId, Value, map_of};
use std::collections::BTreeSet;

/// How a proposal came out of a comparison.
#[derive(Debug)]
pub(crate) enum Verdict<F> {
    /// The server holds every value of it.
    Settled,
    /// Nobody touched its fields; `merged` were changed by others meanwhile.
    Goes { merged: Vec<F> },
    /// These fields were changed by others, to something else. `news` if the person has not seen
    /// it like that before. A conflict ends only by the person's decision, or by equal values.
    Conflict { fields: Vec<F>, news: bool },
}

impl<F: Field, V: Value> Record<F, V> {
    /// Compares every proposal that is not out with the confirmed base, in order, and moves it to
    /// the state that follows. Waits while a write is out: only its answer tells whose change a
    /// changed value is. Before the first reading there is nothing to compare with.
    pub(crate) fn compare(&mut self) -> Vec<(IntentId, Verdict<F>)> {
        if self.base.is_none() || self.intents.iter().any(Intent::is_out) {
            return Vec::new();
        }
        let mut moved = std::mem::take(&mut self.moved);
        let mut verdicts = Vec::new();
        let base = self.base.as_ref().map(|base| &base.fields);
        let theirs = |field: &F| base.and_then(|fields| fields.get(field));
        for at in 0..self.intents.len() {
            let (earlier, rest) = self.intents.split_at_mut(at);
            let Some((intent, others)) = rest.split_first_mut() else {
                break;
            };
            if matches!(intent.state, IntentState::Refused { .. }) {
                continue;
            }
            // One after another: made of all at once a set brings sorting with it.
            let mut own = BTreeSet::new();
            own.extend(intent.changes.keys().cloned());
            // Typed over values of one's own that are still to be sent: nothing to compare.
            let (id, sent_off) = (intent.id, intent.sent_off);
            let covering = earlier
                .iter()
                .filter(|earlier| earlier.composes() && intent.stands_over(earlier.id, earlier.sent_off));
            let mut covered = BTreeSet::new();
            covered.extend(covering.flat_map(|earlier| earlier.changes.keys().cloned()));
            let mut settled = Fields::new();
            let mut news = false;
            for (field, change) in &mut intent.changes {
                if covered.contains(field) {
                    continue;
                }
                let theirs = theirs(field);
                let holds = theirs == Some(&change.mine);
                if !intent.landed && holds && change.is_premise() {
                    change.contested = false;
                } else if intent.landed || holds {
                    settled.insert(field.clone(), change.mine.clone());
                } else if change.contested {
                    news |= moved.contains(field);
                } else if theirs != change.base.as_ref() {
                    change.contested = true;
                    news = true;
                }
            }
            let rests_on = |field: &F| intent.changes.get(field).is_some_and(Change::is_premise);
            let confirmed = settled.iter().filter(|(field, _)| !rests_on(field));
            let confirmed = map_of(confirmed.map(|(field, value)| (field.clone(), value.clone())));
            intent.changes.retain(|field, _| !settled.contains_key(field));
            moved.retain(|field| !settled.contains_key(field));
            // Nothing is left that rests on what stayed as it was.
            if intent.changes.values().all(|change| change.is_premise() && !change.contested) {
                intent.changes.clear();
            }
            for next in others.iter_mut().filter(|next| next.stands_over(id, sent_off)) {
                next.take_as_base(&confirmed);
            }

            let contested = intent.changes.iter().filter(|(_, change)| change.contested);
            let contested: Vec<F> = contested.map(|(field, _)| field.clone()).collect();
            let verdict = if intent.changes.is_empty() {
                Verdict::Settled
            } else if contested.is_empty() {
                intent.state = IntentState::Waiting;
                Verdict::Goes { merged: moved.difference(&own).cloned().collect() }
            } else {
                intent.state = IntentState::Conflict;
                Verdict::Conflict { fields: contested, news }
            };
            verdicts.push((intent.id, verdict));
        }
        self.intents.retain(|intent| !intent.changes.is_empty());
        verdicts
    }
}

impl<F: Field, V: Value> Intent<F, V> {
    /// Values that are now confirmed as the person's own are what later typing stands over. What a change
    /// rests on was to stay as it was: it would be put back where nobody asked for that.
    pub(crate) fn take_as_base(&mut self, confirmed: &Fields<F, V>) {
        for (field, change) in self.changes.iter_mut().filter(|(_, change)| !change.is_premise()) {
            if let Some(value) = confirmed.get(field) {
                change.base = Some(value.clone());
            }
        }
    }

    /// After one's own earlier write turned `before` into `after`, values that were unchanged
    /// before it stand over what it left, also where the server derived them.
    pub(crate) fn follow(&mut self, before: &Fields<F, V>, after: &Fields<F, V>) {
        for (field, change) in self.changes.iter_mut().filter(|(_, change)| !change.is_premise()) {
            if change.base.as_ref() == before.get(field) {
                change.base = after.get(field).cloned();
            }
        }
    }
}
