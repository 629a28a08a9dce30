//! What was read: a reading is taken only if it is proven not to be older than what is known
//! (S2, S8). One that is not, while something depends on the record, is asked for again.

use super::{Store, Transition};
use crate::intent::Change;
use crate::record::Base;
use crate::version::Age;
use crate::{Field, Fields, Key, Mark, Notice, RefusalKind, Stamp, Value, Version};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// The whole record was read.
    pub(super) fn item_read(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        asked_at: Stamp,
        version: Version,
        fields: Fields<F, V>,
    ) {
        if self.take(transition, key, asked_at, version, fields) {
            self.proven(transition, key, asked_at);
        } else {
            self.ask_again(key);
        }
    }

    /// The record was a row of a list, perhaps with fewer fields.
    pub(super) fn row_read(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        asked_at: Stamp,
        version: Version,
        fields: Fields<F, V>,
    ) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        let Some(base) = &record.base else {
            return;
        };
        if record.gone.is_some() {
            return;
        }
        let is_whole = base.fields.keys().all(|field| fields.contains_key(field));
        let is_known = record.age_of(&version, asked_at) == Age::Same;
        if is_whole || is_known {
            self.item_read(transition, key, asked_at, version, fields);
        } else {
            self.ask_again(key);
        }
    }

    /// The record was looked for and not found.
    pub(super) fn found_gone(&mut self, transition: &mut Transition<K, F, V>, key: &K, asked_at: Stamp) {
        let now = self.stamp;
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        let is_newer = record.base.as_ref().is_none_or(|base| asked_at >= base.learnt);
        if record.gone.is_none() && !is_newer {
            return self.ask_again(key);
        }
        if record.gone.is_none() {
            transition.notice(Notice::Gone { key: key.clone() });
        }
        record.gone = Some(now);
        record.wants_read = None;
        self.bury(transition, key);
    }

    /// On a deleted record nothing can be settled any more; a write in flight is still answered,
    /// and of an action in doubt only a probe can tell.
    pub(super) fn bury(&mut self, transition: &mut Transition<K, F, V>, key: &K) {
        let open = |mark| matches!(mark, Mark::Waiting | Mark::InDoubt | Mark::Conflict);
        self.refuse_all(transition, key, open, RefusalKind::Gone, &[]);
        self.refuse_waiting_actions(transition, key, RefusalKind::Gone);
    }

    /// Makes a state of the record its base, if it is proven not to be older. Says whether it is.
    pub(super) fn take(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        asked_at: Stamp,
        version: Version,
        fields: Fields<F, V>,
    ) -> bool {
        let learnt = self.stamp;
        let Some(record) = self.touch(transition, key) else {
            return true;
        };
        match record.age_of(&version, asked_at) {
            Age::Newer => {
                if let Some(old) = &record.base {
                    // A field that was not known before cannot be said to have moved.
                    let differs = |(field, value): &(&F, &V)| fields.get(*field) != Some(*value);
                    record.moved.extend(old.fields.iter().filter(differs).map(|(field, _)| field.clone()));
                }
                for out in record.intents.iter_mut().filter(|intent| intent.is_out()) {
                    let holds = |(field, change): (&F, &Change<V>)| {
                        change.is_premise() || fields.get(field) == Some(&change.mine)
                    };
                    out.landed |= out.changes.iter().all(holds);
                }
                record.gone = None;
                record.base = Some(Base { version, fields: fields.into(), learnt });
                true
            }
            Age::Same => {
                if let Some(base) = &mut record.base {
                    base.add(fields);
                }
                true
            }
            Age::Older | Age::Unproven => false,
        }
    }

    /// A reading was taken: what waited for one that left when it did, or before, can go on.
    fn proven(&mut self, transition: &mut Transition<K, F, V>, key: &K, asked_at: Stamp) {
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        if record.wants_read.is_some_and(|wanted| asked_at >= wanted) {
            record.wants_read = None;
            record.doubt_is_over();
        }
        self.compare(transition, key);
    }

    /// A reading could not be taken: ask again if anyone needs the record.
    fn ask_again(&mut self, key: &K) {
        let is_needed = |record: &crate::record::Record<F, V>| record.is_needed();
        if self.records.get(key).is_some_and(is_needed) {
            self.want_read(key);
        }
    }
}
