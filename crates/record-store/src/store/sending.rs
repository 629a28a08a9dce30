//! What may leave, and when: one write or action at a time for each record, a few records at a time,
//! nothing while offline, signed out or resting, and writes only while it is this tab's turn (S3, S4).

use super::{Errand, Flight, Store, Turn};
use crate::intent::IntentState;
use crate::record::Next;
use crate::{Field, IntentId, Key, Request, RequestId, Session, Time, Value};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// Puts a record in line for what it needs next.
    pub(super) fn line_up(&mut self, key: &K) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        if record.wants_read.is_some() {
            self.to_read.push(key);
        }
        if record.next_to_leave().is_some() {
            self.to_write.push(key);
        }
    }

    /// Whether anything may be asked of the server at all.
    pub(super) fn may_ask(&self) -> bool {
        self.summary.online && self.summary.session == Session::Active
    }

    /// Sends what may be sent now.
    pub(super) fn send(&mut self, turn: &mut Turn<K, F, V>) {
        if !self.may_ask() || self.now < self.resume_at {
            return;
        }
        let is_read =
            |flight: &&Flight<K, F, V>| matches!(flight.errand, Errand::Read | Errand::Probe { .. });
        let reads = self.flights.values().filter(is_read).count();
        let writes = self.flights.len() - reads;
        let mut room = self.limits.reads.saturating_sub(reads);
        let due = self.to_probe.iter().filter(|(_, due)| **due <= self.now).take(room);
        let due: Vec<IntentId> = due.map(|(intent, _)| *intent).collect();
        for intent in due {
            room -= usize::from(self.send_probe(turn, intent).is_some());
        }
        while room > 0
            && let Some(key) = self.to_read.pop()
        {
            room -= usize::from(self.send_read(turn, &key));
        }
        let mut room = if self.has_turn { self.limits.writes.saturating_sub(writes) } else { 0 };
        while room > 0
            && let Some(key) = self.to_write.pop()
        {
            room -= usize::from(self.send_next(turn, &key).is_some());
        }
    }

    /// When to be woken, if something waits only for the rest to end or for its next look.
    pub(super) fn wake_at(&self) -> Option<Time> {
        if !self.may_ask() {
            return None;
        }
        let waits = !self.to_read.is_empty() || (self.has_turn && !self.to_write.is_empty());
        let rest = (waits && self.now < self.resume_at).then_some(self.resume_at);
        let probe = self.to_probe.values().min().map(|due| (*due).max(self.resume_at));
        // What is due already waits for room, and room comes with an answer.
        let probe = probe.filter(|due| *due > self.now);
        rest.into_iter().chain(probe).min()
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

    /// Sends what of this record is next.
    fn send_next(&mut self, turn: &mut Turn<K, F, V>, key: &K) -> Option<()> {
        match self.records.get(key)?.next_to_leave()? {
            Next::Edit(at) => self.send_write(turn, key, at),
            Next::Act(at) => self.send_act(turn, key, at),
        }
    }

    fn send_write(&mut self, turn: &mut Turn<K, F, V>, key: &K, at: usize) -> Option<()> {
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

    fn send_act(&mut self, turn: &mut Turn<K, F, V>, key: &K, at: usize) -> Option<()> {
        let intent = self.touch(turn, key)?.acts.get(at)?.id;
        let request = self.take_off(key, Errand::Act { intent });
        let act = self.records.get_mut(key)?.acts.get_mut(at)?;
        act.state = IntentState::Sending { request };
        let action = act.action.clone();
        turn.effects.requests.push(Request::Act { request, intent, key: key.clone(), action });
        Some(())
    }

    /// Asks by reading what became of an action. Not due again before it is answered.
    fn send_probe(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId) -> Option<()> {
        self.to_probe.remove(&intent);
        let key = self.keys.get(&intent)?.clone();
        let act = self.records.get(&key)?.acts.iter().find(|act| act.id == intent)?;
        let (action, at) = (act.action.clone(), act.sent_off_at);
        let request = self.take_off(&key, Errand::Probe { intent, left_at: self.now });
        turn.effects.requests.push(Request::Probe { request, intent, key, action, at });
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
