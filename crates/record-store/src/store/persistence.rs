//! What outlives the tab: noting every change of an intent for the journal, and taking up what a
//! journal held. Not here: where it is stored.

use super::{Store, Transition};
use crate::action::PendingAction;
use crate::intent::{Intent, IntentState};
use crate::record::Record;
use crate::{Content, Field, JournalLine, Key, Mark, PersistedIntent, Stamp, Value};

/// Adds a line for each intent of a record that the journal must hold differently from now on.
pub(super) fn journal_changes<K: Key, F: Field, V: Value>(
    journal: &mut Vec<JournalLine<K, F, V>>,
    key: &K,
    before: &Record<F, V>,
    now: &Record<F, V>,
) {
    for intent in &now.intents {
        let persisted = intent.persisted(key);
        let was = before.intents.iter().find(|was| was.id == intent.id);
        if was.map(|was| was.persisted(key)).as_ref() != Some(&persisted) {
            journal.push(JournalLine::Put(persisted));
        }
    }
    for act in &now.actions {
        let persisted = act.persisted(key);
        let was = before.actions.iter().find(|was| was.id == act.id);
        if was.map(|was| was.persisted(key)).as_ref() != Some(&persisted) {
            journal.push(JournalLine::Put(persisted));
        }
    }
}

impl<F: Field, V: Value> Intent<F, V> {
    fn persisted<K: Key>(&self, key: &K) -> PersistedIntent<K, F, V> {
        PersistedIntent {
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

impl<F: Field, V: Value> PendingAction<F, V> {
    fn persisted<K: Key>(&self, key: &K) -> PersistedIntent<K, F, V> {
        PersistedIntent {
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
    pub(super) fn restore(
        &mut self,
        transition: &mut Transition<K, F, V>,
        mut persisted: Vec<PersistedIntent<K, F, V>>,
    ) {
        persisted.sort_by_key(|persisted| (persisted.sent_off_at, persisted.intent));
        let mut edited = Vec::new();
        for persisted in persisted {
            if self.keys.contains_key(&persisted.intent) {
                continue;
            }
            // Each later than the one before, as they were sent off.
            self.stamp = Stamp(self.stamp.0 + 1);
            let key = persisted.key.clone();
            self.keys.insert(persisted.intent, key.clone());
            self.records.entry(key.clone()).or_insert_with(Record::unread);
            let state = match (persisted.mark, &persisted.refusal) {
                (Mark::Refused, Some((kind, reasons))) => {
                    IntentState::Refused { kind: *kind, reasons: reasons.clone() }
                }
                (Mark::Sending | Mark::InDoubt, _) => IntentState::InDoubt,
                (Mark::Confirmed | Mark::Waiting | Mark::Conflict | Mark::Refused, _) => IntentState::Waiting,
            };
            match persisted.content.clone() {
                Content::Edit(changes) => {
                    self.restore_edit(transition, &persisted, changes, state);
                    edited.push(key.clone());
                }
                Content::Action(action) => self.restore_action(transition, &persisted, action, state),
            }
            self.enqueue(&key);
        }
        // Only now is it known which of the records are still to be created.
        for key in edited {
            self.want_read(&key);
        }
    }

    fn restore_edit(
        &mut self,
        transition: &mut Transition<K, F, V>,
        persisted: &PersistedIntent<K, F, V>,
        changes: std::collections::BTreeMap<F, crate::Change<V>>,
        state: IntentState<F>,
    ) {
        let stamp = self.stamp;
        let Some(record) = self.touch(transition, &persisted.key) else {
            return;
        };
        let is_out = state == IntentState::InDoubt;
        let intent = Intent {
            id: persisted.intent,
            at: persisted.at,
            sent_off: stamp,
            sent_off_at: persisted.sent_off_at,
            over: persisted.over.clone(),
            changes,
            state,
            landed: false,
            rebases: 0,
        };
        // In front of those that stand still, as the one that is out always is.
        let at = if is_out { 0 } else { record.intents.len() };
        record.intents.insert(at, intent);
    }

    fn restore_action(
        &mut self,
        transition: &mut Transition<K, F, V>,
        persisted: &PersistedIntent<K, F, V>,
        action: crate::Action<F, V>,
        state: IntentState<F>,
    ) {
        let (stamp, now) = (self.stamp, self.now);
        let is_out = state == IntentState::InDoubt;
        if let Some(record) = self.touch(transition, &persisted.key) {
            record.actions.push(PendingAction {
                id: persisted.intent,
                at: persisted.at,
                sent_off: stamp,
                sent_off_at: persisted.sent_off_at,
                action,
                state,
                lost_at: if is_out { Some(now) } else { persisted.lost_at },
                refused_with: None,
            });
        }
        if is_out {
            self.to_probe.insert(persisted.intent, now);
        }
    }
}
