//! The reply table: what each answer means for the proposal it belongs to. An answer to a request
//! that is not out, because it was answered before, changes nothing (S7).

use super::{Flight, Purpose, Store, Transition};
use crate::intent::IntentState;
use crate::record::Base;
use crate::version::Age;
use crate::{
    Field, Fields, IntentId, Key, Mark, Notice, Outcome, RefusalKind, RequestId, Session, Stamp, Value,
    Version,
};
use std::time::Duration;

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    pub(super) fn answered(
        &mut self,
        transition: &mut Transition<K, F, V>,
        request: RequestId,
        outcome: Outcome<K, F, V>,
    ) {
        let Some(flight) = self.flights.remove(&request) else {
            return;
        };
        match &outcome {
            Outcome::Pressure { retry_after } | Outcome::NotSent { retry_after } => {
                self.pause(&flight.key, *retry_after);
            }
            Outcome::Lost => self.pause(&flight.key, None),
            Outcome::SessionExpired => self.session_ended(&flight.key, flight.asked_at),
            Outcome::Accepted { .. }
            | Outcome::Stale { .. }
            | Outcome::Refused { .. }
            | Outcome::Gone
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone
            | Outcome::Read { .. } => self.lanes.of(&flight.key).failures = 0,
        }
        match &flight.purpose {
            Purpose::Read => self.read_answered(transition, &flight, outcome),
            Purpose::Act { intent } => self.action_answered(transition, &flight, *intent, outcome),
            Purpose::Probe { intent, left_at } => {
                self.probe_answered(transition, &flight, *intent, *left_at, outcome);
            }
            Purpose::Write { intent, over } => {
                self.write_answered(transition, &flight, *intent, over, outcome);
                let is_gone = self.records.get(&flight.key).map(|record| record.gone);
                if is_gone.flatten().is_some() {
                    self.bury(transition, &flight.key);
                }
            }
        }
    }

    fn read_answered(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        outcome: Outcome<K, F, V>,
    ) {
        let Flight { key, asked_at, .. } = flight;
        match outcome {
            Outcome::Read { version, fields } | Outcome::Accepted { version, fields } => {
                self.item_read(transition, key, *asked_at, version, fields);
                self.enqueue(key);
            }
            Outcome::Gone => self.found_gone(transition, key, *asked_at),
            // Nothing can be written over a record that may not be read. What is in doubt stays
            // so: only a reading could tell, and the person can ask for another.
            Outcome::Refused { kind, reasons } => {
                self.refuse_all(transition, key, |mark| mark == Mark::Waiting, kind, &reasons);
                if let Some(record) = self.records.get_mut(key)
                    && !record.has_write_out()
                {
                    record.wants_read = None;
                }
                self.lanes.of(key).to_read.remove(key);
            }
            Outcome::Stale { .. }
            | Outcome::SessionExpired
            | Outcome::Pressure { .. }
            | Outcome::Lost
            | Outcome::NotSent { .. }
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone => self.enqueue(key),
        }
    }

    fn write_answered(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        over: &Base<F, V>,
        outcome: Outcome<K, F, V>,
    ) {
        let Flight { key, asked_at, .. } = flight;
        match outcome {
            Outcome::Accepted { version, fields } => {
                let mut left = Fields::clone(&over.fields);
                left.extend(fields);
                self.accepted(transition, flight, intent, &over.fields, (version, left));
            }
            Outcome::Stale { current } => {
                let is_known = current
                    .is_some_and(|(version, fields)| self.take(transition, key, *asked_at, version, fields));
                if !is_known {
                    self.want_read(key);
                }
                self.rebase(transition, key, intent);
            }
            Outcome::Refused { kind, reasons } => {
                self.refuse(transition, key, intent, kind, reasons);
                self.compare(transition, key);
            }
            Outcome::Gone => {
                self.set_state(transition, key, intent, IntentState::Waiting);
                self.found_gone(transition, key, *asked_at);
                self.compare(transition, key);
            }
            Outcome::SessionExpired | Outcome::Pressure { .. } | Outcome::NotSent { .. } => {
                self.set_state(transition, key, intent, IntentState::Waiting);
                self.compare(transition, key);
            }
            // A reading is no answer to a write, nor is what became of an action.
            Outcome::Lost
            | Outcome::Read { .. }
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone => {
                self.set_state(transition, key, intent, IntentState::InDoubt);
                self.want_read(key);
                let key = key.clone();
                transition.notice(Notice::InDoubt { intent, key });
            }
        }
    }

    /// Base := answer, the proposal is settled, the rest is composed anew. `before` is what the
    /// write was made over, `left` what it left.
    fn accepted(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        before: &Fields<F, V>,
        (version, left): (Version, Fields<F, V>),
    ) {
        let learnt = self.stamp;
        let Flight { key, asked_at, .. } = flight;
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        let Some(at) = record.intents.iter().position(|found| found.id == intent) else {
            return;
        };
        let done = record.intents.remove(at);
        let mut settled = done.typed();
        for (field, value) in &mut settled {
            if let Some(persisted) = left.get(field) {
                value.clone_from(persisted);
            }
        }
        for later in record.intents.iter_mut().filter(|later| later.stands_over(done.id, done.sent_off)) {
            later.follow(before, &left);
            later.take_as_base(&settled);
        }
        // The answer is the very next state after `before`, so a base that a read has moved to yet
        // another state is a later one, and what differs was changed by others.
        match record.age_of(&version, *asked_at) {
            Age::Newer => {
                record.moved.clear();
                record.base = Some(Base { version, fields: left.into(), learnt });
            }
            Age::Same => {
                record.moved.clear();
                if let Some(base) = &mut record.base {
                    base.add(left);
                }
            }
            Age::Older | Age::Unproven => {
                let differs = |(field, value): &(&F, &V)| record.confirmed(field) != Some(value);
                record.moved = left.iter().filter(differs).map(|(field, _)| field.clone()).collect();
            }
        }
        self.keys.remove(&intent);
        transition.settled(intent, key.clone());
        self.compare(transition, &flight.key);
    }

    /// After a stale answer: compared with the newest state and, if nothing overlaps, sent again;
    /// not for ever.
    fn rebase(&mut self, transition: &mut Transition<K, F, V>, key: &K, intent: IntentId) {
        let limit = self.limits.rebases;
        self.set_state(transition, key, intent, IntentState::Waiting);
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        if let Some(found) = record.intents.iter_mut().find(|found| found.id == intent) {
            found.rebases += 1;
            if found.rebases > limit {
                self.refuse(transition, key, intent, RefusalKind::Contended, Vec::new());
            }
        }
        self.compare(transition, key);
    }

    fn set_state(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        intent: IntentId,
        state: IntentState<F>,
    ) {
        if let Some(record) = self.touch(transition, key)
            && let Some(found) = record.intents.iter_mut().find(|found| found.id == intent)
        {
            found.state = state;
        }
    }

    /// The whole queue of the system rests. Failures that come in while it rests already are the same
    /// trouble.
    fn pause(&mut self, key: &K, retry_after: Option<Duration>) {
        let now = self.now;
        let lane = self.lanes.of(key);
        if now >= lane.resume_at {
            lane.failures = lane.failures.saturating_add(1);
            lane.is_wished = false;
        }
        lane.is_wished |= retry_after.is_some();
        let wait = self.limits.pause(lane.failures, retry_after);
        lane.resume_at = lane.resume_at.max(now.after(wait));
    }

    /// A 401 counts only if its request left after the last sign-in.
    fn session_ended(&mut self, key: &K, asked_at: Stamp) {
        if asked_at >= self.lanes.of(key).signed_in_at {
            self.set_session(self.lanes.system(key), Session::Expired);
        }
    }
}
