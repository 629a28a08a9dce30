//! What may leave, and when: one write at a time for each record, a few records at a time, nothing
//! while offline, signed out or resting (S3, S4).

use super::{Errand, Flight, Store, Turn};
use crate::intent::IntentState;
use crate::{Field, Key, Request, RequestId, Session, Time, Value};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// Puts a record in line for what it needs next.
    pub(super) fn line_up(&mut self, key: &K) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        if record.wants_read.is_some() {
            self.to_read.push(key);
        } else if record.next_write().is_some() {
            self.to_write.push(key);
        }
    }

    /// Sends what may be sent now.
    pub(super) fn send(&mut self, turn: &mut Turn<K, F, V>) {
        if !self.summary.online || self.summary.session == Session::Expired || self.now < self.resume_at {
            return;
        }
        let is_read = |flight: &&Flight<K, F, V>| matches!(flight.errand, Errand::Read);
        let reads = self.flights.values().filter(is_read).count();
        let writes = self.flights.len() - reads;
        let mut room = self.limits.reads.saturating_sub(reads);
        while room > 0
            && let Some(key) = self.to_read.pop()
        {
            room -= usize::from(self.send_read(turn, &key));
        }
        let mut room = self.limits.writes.saturating_sub(writes);
        while room > 0
            && let Some(key) = self.to_write.pop()
        {
            room -= usize::from(self.send_write(turn, &key).is_some());
        }
    }

    /// When to be woken, if something waits only for the rest to end.
    pub(super) fn wake_at(&self) -> Option<Time> {
        let waits = !self.to_read.is_empty() || !self.to_write.is_empty();
        let may_send = self.summary.online && self.summary.session == Session::Active;
        (waits && may_send && self.now < self.resume_at).then_some(self.resume_at)
    }

    /// Says whether a request left.
    fn send_read(&mut self, turn: &mut Turn<K, F, V>, key: &K) -> bool {
        let is_wanted = self.records.get(key).is_some_and(|record| record.wants_read.is_some());
        let is_out =
            self.flights.values().any(|flight| flight.key == *key && matches!(flight.errand, Errand::Read));
        if !is_wanted || is_out {
            return false;
        }
        let request = self.take_off(key, Errand::Read);
        let key = key.clone();
        turn.effects.requests.push(Request::Read { request, key });
        true
    }

    fn send_write(&mut self, turn: &mut Turn<K, F, V>, key: &K) -> Option<()> {
        let at = self.records.get(key)?.next_write()?;
        let record = self.touch(turn, key)?;
        let over = record.base.clone()?;
        // In front of those that stand still, so that its own fate is settled before theirs.
        let found = record.intents.remove(at);
        let (intent, fields) = (found.id, found.typed());
        record.intents.insert(0, found);
        let version = over.version.clone();
        let request = self.take_off(key, Errand::Write { intent, over });
        let found = self.records.get_mut(key)?.intents.first_mut()?;
        found.state = IntentState::Sending { request };
        turn.effects.requests.push(Request::Write { request, intent, key: key.clone(), version, fields });
        Some(())
    }

    fn take_off(&mut self, key: &K, errand: Errand<F, V>) -> RequestId {
        self.requests += 1;
        let request = RequestId(self.requests);
        let flight = Flight { key: key.clone(), asked_at: self.stamp, errand };
        self.flights.insert(request, flight);
        request
    }
}
