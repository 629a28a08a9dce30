//! What outlives the tab: noting every change of an intent for the journal, and taking up what a
//! journal kept. Not here: where it is kept.

use super::{Store, Turn};
use crate::action::Act;
use crate::intent::{Intent, IntentState};
use crate::record::Record;
use crate::{Content, Field, Journal, Kept, Key, Mark, Stamp, Value};

/// Notes each intent on a record that is kept differently from now on.
pub(super) fn note<K: Key, F: Field, V: Value>(
    journal: &mut Vec<Journal<K, F, V>>,
    key: &K,
    before: &Record<F, V>,
    now: &Record<F, V>,
) {
    for intent in &now.intents {
        let kept = intent.kept(key);
        let was = before.intents.iter().find(|was| was.id == intent.id);
        if was.map(|was| was.kept(key)).as_ref() != Some(&kept) {
            journal.push(Journal::Put(kept));
        }
    }
    for act in &now.acts {
        let kept = act.kept(key);
        let was = before.acts.iter().find(|was| was.id == act.id);
        if was.map(|was| was.kept(key)).as_ref() != Some(&kept) {
            journal.push(Journal::Put(kept));
        }
    }
}

impl<F: Field, V: Value> Intent<F, V> {
    fn kept<K: Key>(&self, key: &K) -> Kept<K, F, V> {
        Kept {
            intent: self.id,
            key: key.clone(),
            at: self.at,
            sent_off_at: self.sent_off_at,
            content: Content::Edit(self.changes.clone()),
            over: self.over.clone(),
            mark: Mark::of(&self.state),
            refusal: self.state.refusal(),
            lost_at: None,
        }
    }
}

impl<F: Field, V: Value> Act<F, V> {
    fn kept<K: Key>(&self, key: &K) -> Kept<K, F, V> {
        Kept {
            intent: self.id,
            key: key.clone(),
            at: self.at,
            sent_off_at: self.sent_off_at,
            content: Content::Action(self.action.clone()),
            over: Vec::new(),
            mark: Mark::of(&self.state),
            refusal: self.state.refusal(),
            lost_at: self.lost_at,
        }
    }
}

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// Takes up what another tab left, or this one before it was loaded anew. What may have been
    /// sent is in doubt; what was not goes on where it stood, once the record has been read.
    pub(super) fn restore(&mut self, turn: &mut Turn<K, F, V>, mut kept: Vec<Kept<K, F, V>>) {
        kept.sort_by_key(|kept| (kept.sent_off_at, kept.intent));
        let mut edited = Vec::new();
        for kept in kept {
            if self.keys.contains_key(&kept.intent) {
                continue;
            }
            // Each later than the one before, as they were sent off.
            self.stamp = Stamp(self.stamp.0 + 1);
            let key = kept.key.clone();
            self.keys.insert(kept.intent, key.clone());
            self.records.entry(key.clone()).or_insert_with(Record::unread);
            let state = match (kept.mark, &kept.refusal) {
                (Mark::Refused, Some((kind, reasons))) => {
                    IntentState::Refused { kind: *kind, reasons: reasons.clone() }
                }
                (Mark::Sending | Mark::InDoubt, _) => IntentState::InDoubt,
                (Mark::Confirmed | Mark::Waiting | Mark::Conflict | Mark::Refused, _) => IntentState::Waiting,
            };
            match kept.content.clone() {
                Content::Edit(changes) => {
                    self.restore_edit(turn, &kept, changes, state);
                    edited.push(key.clone());
                }
                Content::Action(action) => self.restore_act(turn, &kept, action, state),
            }
            self.line_up(&key);
        }
        // Only now is it known which of the records are still to be created.
        for key in edited {
            self.want_read(&key);
        }
    }

    fn restore_edit(
        &mut self,
        turn: &mut Turn<K, F, V>,
        kept: &Kept<K, F, V>,
        changes: std::collections::BTreeMap<F, crate::Change<V>>,
        state: IntentState<F>,
    ) {
        let stamp = self.stamp;
        let Some(record) = self.touch(turn, &kept.key) else {
            return;
        };
        let is_out = state == IntentState::InDoubt;
        let intent = Intent {
            id: kept.intent,
            at: kept.at,
            sent_off: stamp,
            sent_off_at: kept.sent_off_at,
            over: kept.over.clone(),
            changes,
            state,
            landed: false,
            rebases: 0,
        };
        // In front of those that stand still, as the one that is out always is.
        let at = if is_out { 0 } else { record.intents.len() };
        record.intents.insert(at, intent);
    }

    fn restore_act(
        &mut self,
        turn: &mut Turn<K, F, V>,
        kept: &Kept<K, F, V>,
        action: crate::Action<F, V>,
        state: IntentState<F>,
    ) {
        let (stamp, now) = (self.stamp, self.now);
        let is_out = state == IntentState::InDoubt;
        if let Some(record) = self.touch(turn, &kept.key) {
            record.acts.push(Act {
                id: kept.intent,
                at: kept.at,
                sent_off: stamp,
                sent_off_at: kept.sent_off_at,
                action,
                state,
                lost_at: if is_out { Some(now) } else { kept.lost_at },
                said: None,
            });
        }
        if is_out {
            self.to_probe.insert(kept.intent, now);
        }
    }
}
