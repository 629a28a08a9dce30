//! The reply table: what each answer means for the proposal it belongs to. An answer to a request
//! that is not out, because it was answered before, changes nothing (S7).

use super::{Errand, Flight, Store, Turn};
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
        turn: &mut Turn<K, F, V>,
        request: RequestId,
        outcome: Outcome<K, F, V>,
    ) {
        let Some(flight) = self.flights.remove(&request) else {
            return;
        };
        match &outcome {
            Outcome::Pressure { retry_after } => self.pause(*retry_after),
            Outcome::Lost | Outcome::NotSent => self.pause(None),
            Outcome::SessionExpired => self.session_ended(flight.asked_at),
            Outcome::Accepted { .. }
            | Outcome::Stale { .. }
            | Outcome::Refused { .. }
            | Outcome::Gone
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone
            | Outcome::Read { .. } => self.failures = 0,
        }
        match &flight.errand {
            Errand::Read => self.read_answered(turn, &flight, outcome),
            Errand::Act { intent } => self.act_answered(turn, &flight, *intent, outcome),
            Errand::Probe { intent, left_at } => {
                self.probe_answered(turn, &flight, *intent, *left_at, outcome);
            }
            Errand::Write { intent, over } => {
                self.write_answered(turn, &flight, *intent, over, outcome);
                let is_gone = self.records.get(&flight.key).map(|record| record.gone);
                if is_gone.flatten().is_some() {
                    self.bury(turn, &flight.key);
                }
            }
        }
    }

    fn read_answered(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        outcome: Outcome<K, F, V>,
    ) {
        let Flight { key, asked_at, .. } = flight;
        match outcome {
            Outcome::Read { version, fields } | Outcome::Accepted { version, fields } => {
                self.item_read(turn, key, *asked_at, version, fields);
                self.line_up(key);
            }
            Outcome::Gone => self.found_gone(turn, key, *asked_at),
            // Nothing can be written over a record that may not be read. What is in doubt stays
            // so: only a reading could tell, and the person can ask for another.
            Outcome::Refused { kind, reasons } => {
                self.refuse_all(turn, key, |mark| mark == Mark::Waiting, kind, &reasons);
                if let Some(record) = self.records.get_mut(key)
                    && !record.has_write_out()
                {
                    record.wants_read = None;
                }
                self.to_read.remove(key);
            }
            Outcome::Stale { .. }
            | Outcome::SessionExpired
            | Outcome::Pressure { .. }
            | Outcome::Lost
            | Outcome::NotSent
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone => self.line_up(key),
        }
    }

    fn write_answered(
        &mut self,
        turn: &mut Turn<K, F, V>,
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
                self.accepted(turn, flight, intent, &over.fields, (version, left));
            }
            Outcome::Stale { current } => {
                let is_known =
                    current.is_some_and(|(version, fields)| self.take(turn, key, *asked_at, version, fields));
                if !is_known {
                    self.want_read(key);
                }
                self.rebase(turn, key, intent);
            }
            Outcome::Refused { kind, reasons } => {
                self.refuse(turn, key, intent, kind, reasons);
                self.compare(turn, key);
            }
            Outcome::Gone => {
                self.set_state(turn, key, intent, IntentState::Waiting);
                self.found_gone(turn, key, *asked_at);
                self.compare(turn, key);
            }
            Outcome::SessionExpired | Outcome::Pressure { .. } | Outcome::NotSent => {
                self.set_state(turn, key, intent, IntentState::Waiting);
                self.compare(turn, key);
            }
            // A reading is no answer to a write, nor is what became of an action.
            Outcome::Lost
            | Outcome::Read { .. }
            | Outcome::Done { .. }
            | Outcome::Created { .. }
            | Outcome::NotDone => {
                self.set_state(turn, key, intent, IntentState::InDoubt);
                self.want_read(key);
                let key = key.clone();
                turn.notice(Notice::InDoubt { intent, key });
            }
        }
    }

    /// Base := answer, the proposal is settled, the rest is composed anew. `before` is what the
    /// write was made over, `left` what it left.
    fn accepted(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        before: &Fields<F, V>,
        (version, left): (Version, Fields<F, V>),
    ) {
        let learnt = self.stamp;
        let Flight { key, asked_at, .. } = flight;
        let Some(record) = self.touch(turn, key) else {
            return;
        };
        let Some(at) = record.intents.iter().position(|found| found.id == intent) else {
            return;
        };
        let done = record.intents.remove(at);
        let mut settled = done.typed();
        for (field, value) in &mut settled {
            if let Some(kept) = left.get(field) {
                value.clone_from(kept);
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
        turn.settled(intent, key.clone());
        self.compare(turn, &flight.key);
    }

    /// After a stale answer: compared with the newest state and, if nothing overlaps, sent again;
    /// not for ever.
    fn rebase(&mut self, turn: &mut Turn<K, F, V>, key: &K, intent: IntentId) {
        let limit = self.limits.rebases;
        self.set_state(turn, key, intent, IntentState::Waiting);
        let Some(record) = self.touch(turn, key) else {
            return;
        };
        if let Some(found) = record.intents.iter_mut().find(|found| found.id == intent) {
            found.rebases += 1;
            if found.rebases > limit {
                self.refuse(turn, key, intent, RefusalKind::Contended, Vec::new());
            }
        }
        self.compare(turn, key);
    }

    fn set_state(&mut self, turn: &mut Turn<K, F, V>, key: &K, intent: IntentId, state: IntentState<F>) {
        if let Some(record) = self.touch(turn, key)
            && let Some(found) = record.intents.iter_mut().find(|found| found.id == intent)
        {
            found.state = state;
        }
    }

    /// The whole queue rests. Failures that come in while it rests already are the same trouble.
    fn pause(&mut self, retry_after: Option<Duration>) {
        if self.now >= self.resume_at {
            self.failures = self.failures.saturating_add(1);
        }
        let wait = self.limits.pause(self.failures, retry_after);
        self.resume_at = self.resume_at.max(self.now.after(wait));
    }

    /// A 401 counts only if its request left after the last sign-in.
    fn session_ended(&mut self, asked_at: Stamp) {
        if asked_at >= self.signed_in_at {
            self.summary.session = Session::Expired;
        }
    }
}
