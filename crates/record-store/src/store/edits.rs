//! What a person did to values: propose, resolve, discard, retry, open and close a screen. Not here:
//! what is to be done once (see `actions`).

use super::{Store, Transition};
use crate::intent::{Change, Intent, IntentState};
use crate::record::{Base, Record};
use crate::{Choice, Field, Fields, IntentId, Key, Notice, RefusalKind, Stamp, Time, Value, Version, map_of};
use std::collections::BTreeMap;
use std::sync::Arc;

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    pub(super) fn propose(
        &mut self,
        transition: &mut Transition<K, F, V>,
        intent: IntentId,
        key: &K,
        (version, seen): (Version, Fields<F, V>),
        changes: Fields<F, V>,
    ) {
        if self.keys.contains_key(&intent) {
            return;
        }
        let (at, stamp) = (self.now, self.stamp);
        let seen = Arc::new(seen);
        let record = self.records.entry(key.clone()).or_insert_with(Record::unread);
        // Over what was restored or is being created, the row that was seen may be an older state.
        if record.base.is_none() && record.intents.is_empty() && record.creation().is_none() {
            record.base = Some(Base { version, fields: Arc::clone(&seen), learnt: stamp });
        }
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        let changes = map_of(changes.into_iter().map(|(field, mine)| {
            let base = record.typed_over(&field, &seen).cloned();
            // What puts a value back under which one's own is still to be sent is a change of that.
            let own = record.topmost(&field).filter(|_| base.as_ref() == Some(&mine));
            let base = own.map_or(base, |own| Some(own.mine.clone()));
            (field, Change { base, mine, contested: false })
        }));
        let over = record.composing();
        record.intents.push(Intent {
            id: intent,
            at,
            sent_off: stamp,
            sent_off_at: at,
            over,
            changes,
            state: IntentState::Waiting,
            landed: false,
            rebases: 0,
        });
        let is_gone = record.gone.is_some();
        self.keys.insert(intent, key.clone());
        if is_gone {
            self.refuse(transition, key, intent, RefusalKind::Gone, Vec::new());
        } else {
            self.compare(transition, key);
        }
    }

    pub(super) fn resolve(
        &mut self,
        transition: &mut Transition<K, F, V>,
        intent: IntentId,
        choices: BTreeMap<F, Choice<V>>,
    ) {
        let Some(key) = self.keys.get(&intent).cloned() else {
            return;
        };
        let (stamp, now) = (self.stamp, self.now);
        let Some(record) = self.touch(transition, &key) else {
            return;
        };
        let base = record.base.as_ref().map(|base| Arc::clone(&base.fields));
        let theirs = |field: &F| base.as_ref().and_then(|fields| fields.get(field));
        let Some(found) = record
            .intents
            .iter_mut()
            .find(|found| found.id == intent && found.state == IntentState::Conflict)
        else {
            return;
        };
        let gives_up = choices.values().all(|choice| matches!(choice, Choice::TakeTheirs));
        for (field, choice) in choices {
            let Some(change) = found.changes.get_mut(&field) else {
                continue;
            };
            change.base = theirs(&field).cloned();
            change.contested = false;
            match choice {
                Choice::KeepMine => {}
                Choice::Edit(value) => change.mine = value,
                Choice::TakeTheirs => {
                    found.changes.remove(&field);
                }
            }
        }
        // What the given up changes rested on is no question of its own.
        let is_rest = found.changes.values().all(|change| change.is_premise() && !change.contested);
        if found.changes.is_empty() || (gives_up && is_rest) {
            self.forget(transition, &key, intent);
        } else if found.changes.values().all(|change| !change.contested) {
            record.send_off(intent, stamp, now);
        }
        self.compare(transition, &key);
    }

    pub(super) fn discard(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) {
        if self.is_action(intent) {
            return self.discard_action(transition, intent);
        }
        let Some((key, state)) = self.find(intent) else {
            return;
        };
        if matches!(state, IntentState::Sending { .. }) {
            transition.notice(Notice::StillSending { intent, key });
        } else {
            self.forget(transition, &key, intent);
            self.compare(transition, &key);
        }
    }

    fn forget(&mut self, transition: &mut Transition<K, F, V>, key: &K, intent: IntentId) {
        if let Some(record) = self.touch(transition, key) {
            record.intents.retain(|found| found.id != intent);
        }
        self.keys.remove(&intent);
        transition.discarded(intent, key.clone());
    }

    /// Sends a refused proposal again, as the person's newest act; looks up a doubtful one again.
    pub(super) fn retry(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) {
        if self.is_action(intent) {
            return self.retry_action(transition, intent);
        }
        let Some((key, state)) = self.find(intent) else {
            return;
        };
        let (stamp, now) = (self.stamp, self.now);
        let was_refused = matches!(state, IntentState::Refused { .. });
        if was_refused && let Some(record) = self.touch(transition, &key) {
            record.send_off(intent, stamp, now);
            // A record that never came to be is looked for like one that was deleted.
            if record.gone.is_some() || record.base.is_none() {
                self.want_read(&key);
            } else {
                self.compare(transition, &key);
            }
        }
        self.enqueue(&key);
    }

    pub(super) fn hold(&mut self, key: &K) {
        let record = self.records.entry(key.clone()).or_insert_with(Record::unread);
        record.held += 1;
        if record.base.is_none() && record.gone.is_none() {
            self.want_read(key);
        }
    }

    pub(super) fn release(&mut self, key: &K) {
        if let Some(record) = self.records.get_mut(key) {
            record.held = record.held.saturating_sub(1);
            if !record.is_needed() {
                self.clean.push(key);
            }
        }
    }

    fn find(&self, intent: IntentId) -> Option<(K, &IntentState<F>)> {
        let key = self.keys.get(&intent)?;
        let record = self.records.get(key)?;
        let found = record.intents.iter().find(|found| found.id == intent)?;
        Some((key.clone(), &found.state))
    }
}

impl<F: Field, V: Value> Record<F, V> {
    /// Makes a proposal that stood still the newest of those to be sent.
    fn send_off(&mut self, intent: IntentId, stamp: Stamp, now: Time) {
        if let Some(at) = self.intents.iter().position(|found| found.id == intent) {
            let mut newest = self.intents.remove(at);
            newest.state = IntentState::Waiting;
            newest.sent_off = stamp;
            newest.sent_off_at = now;
            newest.over = self.composing();
            newest.rebases = 0;
            self.intents.push(newest);
        }
    }

    /// The proposals whose values are part of what is shown.
    fn composing(&self) -> Vec<IntentId> {
        self.intents.iter().filter(|intent| intent.composes()).map(|intent| intent.id).collect()
    }

    /// The confirmed value a person typing into this field now has in mind: the one under their
    /// own unsettled values, else the one they saw.
    fn typed_over<'a>(&'a self, field: &F, seen: &'a Fields<F, V>) -> Option<&'a V> {
        match self.topmost(field) {
            Some(change) => change.base.as_ref(),
            None => seen.get(field).or_else(|| self.confirmed(field)),
        }
    }
}
