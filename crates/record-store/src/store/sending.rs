//! What may leave, and when: one write or action at a time for each record, a few records at a time,
//! nothing while offline, signed out or resting, and writes only while this tab holds the write lease (S3, S4).

use super::{Flight, Purpose, Store, Transition};
use crate::intent::IntentState;
use crate::record::Next;
use crate::{Field, IntentId, Key, Request, RequestId, Time, Value};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// Puts a record in line for what it needs next.
    pub(super) fn enqueue(&mut self, key: &K) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        if record.wants_read.is_some() {
            self.lanes.of(key).to_read.push(key);
        }
        if record.next_to_leave().is_some() {
            self.lanes.of(key).to_write.push(key);
        }
    }

    /// Sends what may be sent now.
    pub(super) fn send(&mut self, transition: &mut Transition<K, F, V>) {
        if !self.summary.online {
            return;
        }
        let is_read =
            |flight: &&Flight<K, F, V>| matches!(flight.purpose, Purpose::Read | Purpose::Probe { .. });
        let reads = self.flights.values().filter(is_read).count();
        let writes = self.flights.len() - reads;
        let mut room = self.limits.reads.saturating_sub(reads);
        let is_due = |(intent, due): &(&IntentId, &Time)| **due <= self.now && self.may_be_asked(**intent);
        let due = self.to_probe.iter().filter(is_due).take(room);
        let due: Vec<IntentId> = due.map(|(intent, _)| *intent).collect();
        for intent in due {
            room -= usize::from(self.send_probe(transition, intent).is_some());
        }
        while room > 0
            && let Some(key) = self.lanes.next_to_read(self.now)
        {
            room -= usize::from(self.send_read(transition, &key));
        }
        let mut room = if self.has_write_lease { self.limits.writes.saturating_sub(writes) } else { 0 };
        while room > 0
            && let Some(key) = self.lanes.next_to_write(self.now)
        {
            room -= usize::from(self.send_next(transition, &key).is_some());
        }
    }

    /// Whether the system of an action can be asked now what became of it.
    fn may_be_asked(&self, intent: IntentId) -> bool {
        let lane = self.keys.get(&intent).and_then(|key| self.lanes.get(key));
        lane.is_none_or(|lane| lane.is_open(self.now))
    }

    /// When to be woken, if something waits only for a rest to end or for its next look.
    pub(super) fn wake_at(&self) -> Option<Time> {
        if !self.summary.online {
            return None;
        }
        let resting = self.lanes.all().filter(|lane| {
            let waits = !lane.to_read.is_empty() || (self.has_write_lease && !lane.to_write.is_empty());
            waits && lane.is_active() && self.now < lane.resume_at
        });
        let rest = resting.map(|lane| lane.resume_at).min();
        let looks = self.to_probe.iter().filter_map(|(intent, due)| {
            let lane = self.keys.get(intent).and_then(|key| self.lanes.get(key));
            match lane {
                Some(lane) => lane.is_active().then(|| (*due).max(lane.resume_at)),
                None => Some(*due),
            }
        });
        // What is due already waits for room, and room comes with an answer.
        let probe = looks.filter(|due| *due > self.now).min();
        rest.into_iter().chain(probe).min()
    }

    /// Says whether a request left.
    fn send_read(&mut self, transition: &mut Transition<K, F, V>, key: &K) -> bool {
        let is_wanted = self.records.get(key).is_some_and(|record| record.wants_read.is_some());
        let is_out =
            self.flights.values().any(|flight| flight.key == *key && matches!(flight.purpose, Purpose::Read));
        if !is_wanted || is_out {
            return false;
        }
        let request = self.start_flight(key, Purpose::Read);
        let key = key.clone();
        transition.effects.requests.push(Request::Read { request, key });
        true
    }

    /// Sends what of this record is next.
    fn send_next(&mut self, transition: &mut Transition<K, F, V>, key: &K) -> Option<()> {
        match self.records.get(key)?.next_to_leave()? {
            Next::Edit(at) => self.send_write(transition, key, at),
            Next::Action(at) => self.send_action(transition, key, at),
        }
    }

    fn send_write(&mut self, transition: &mut Transition<K, F, V>, key: &K, at: usize) -> Option<()> {
        let record = self.touch(transition, key)?;
        let over = record.base.clone()?;
        // In front of those that stand still, so that its own fate is settled before theirs.
        let found = record.intents.remove(at);
        let (intent, fields) = (found.id, found.typed());
        record.intents.insert(0, found);
        let version = over.version.clone();
        let request = self.start_flight(key, Purpose::Write { intent, over });
        let found = self.records.get_mut(key)?.intents.first_mut()?;
        found.state = IntentState::Sending { request };
        transition.effects.requests.push(Request::Write {
            request,
            intent,
            key: key.clone(),
            version,
            fields,
        });
        Some(())
    }

    fn send_action(&mut self, transition: &mut Transition<K, F, V>, key: &K, at: usize) -> Option<()> {
        let intent = self.touch(transition, key)?.actions.get(at)?.id;
        let request = self.start_flight(key, Purpose::Act { intent });
        let act = self.records.get_mut(key)?.actions.get_mut(at)?;
        act.state = IntentState::Sending { request };
        let action = act.action.clone();
        transition.effects.requests.push(Request::Act { request, intent, key: key.clone(), action });
        Some(())
    }

    /// Asks by reading what became of an action. Not due again before it is answered.
    fn send_probe(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) -> Option<()> {
        self.to_probe.remove(&intent);
        let key = self.keys.get(&intent)?.clone();
        let act = self.records.get(&key)?.actions.iter().find(|act| act.id == intent)?;
        let (action, at) = (act.action.clone(), act.sent_off_at);
        let request = self.start_flight(&key, Purpose::Probe { intent, left_at: self.now });
        transition.effects.requests.push(Request::Probe { request, intent, key, action, at });
        Some(())
    }

    fn start_flight(&mut self, key: &K, purpose: Purpose<F, V>) -> RequestId {
        self.requests += 1;
        let request = RequestId(self.requests);
        let flight = Flight { key: key.clone(), asked_at: self.stamp, purpose };
        self.flights.insert(request, flight);
        request
    }
}
