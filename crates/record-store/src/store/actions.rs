//! What is to be done once: asked for, sent, and, where the answer was lost, looked up by reading
//! until it is proven done or not done (S12). Nothing here is ever sent again by itself: an attempt
//! that got no answer may still be under way.

use super::{Errand, Flight, Store, Turn};
use crate::action::{Act, Action};
use crate::intent::IntentState;
use crate::record::Record;
use crate::{Field, Fields, IntentId, Key, Notice, Outcome, Reason, RefusalKind, Time, Value, Version};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    pub(super) fn act(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId, key: &K, action: Action<F, V>) {
        if self.keys.contains_key(&intent) {
            return;
        }
        let (at, stamp) = (self.now, self.stamp);
        self.records.entry(key.clone()).or_insert_with(Record::unread);
        let Some(record) = self.touch(turn, key) else {
            return;
        };
        record.acts.push(Act {
            id: intent,
            at,
            sent_off: stamp,
            sent_off_at: at,
            action,
            state: IntentState::Waiting,
            lost_at: None,
            said: None,
        });
        self.keys.insert(intent, key.clone());
        self.send_off_act(turn, key, intent);
    }

    /// Puts an action in line, unless it can have no effect now.
    fn send_off_act(&mut self, turn: &mut Turn<K, F, V>, key: &K, intent: IntentId) {
        if self.is_gone(key) {
            self.refuse_act(turn, key, intent, RefusalKind::Gone, Vec::new());
        } else if !self.summary.online {
            self.refuse_act(turn, key, intent, RefusalKind::Offline, Vec::new());
        } else {
            self.line_up(key);
        }
    }

    fn is_gone(&self, key: &K) -> bool {
        self.records.get(key).is_some_and(|record| record.gone.is_some())
    }

    pub(super) fn is_act(&self, intent: IntentId) -> bool {
        let record = self.keys.get(&intent).and_then(|key| self.records.get(key));
        record.is_some_and(|record| record.acts.iter().any(|act| act.id == intent))
    }

    /// The action, to be changed, and the record it is on.
    fn act_mut(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId) -> Option<(K, &mut Act<F, V>)> {
        let key = self.keys.get(&intent)?.clone();
        let record = self.touch(turn, &key)?;
        let act = record.acts.iter_mut().find(|act| act.id == intent)?;
        Some((key, act))
    }

    /// Sends a refused action again, as the person's newest act; looks up a doubtful one now.
    pub(super) fn retry_act(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId) {
        let (stamp, now) = (self.stamp, self.now);
        let Some((key, act)) = self.act_mut(turn, intent) else {
            return;
        };
        match act.state {
            IntentState::InDoubt => self.look_up_now(intent),
            IntentState::Refused { .. } => {
                act.state = IntentState::Waiting;
                act.said = None;
                act.sent_off = stamp;
                act.sent_off_at = now;
                self.send_off_act(turn, &key, intent);
            }
            IntentState::Waiting | IntentState::Sending { .. } | IntentState::Conflict => {}
        }
    }

    fn look_up_now(&mut self, intent: IntentId) {
        let is_out = |flight: &Flight<K, F, V>| matches!(flight.errand, Errand::Probe { intent: out, .. } if out == intent);
        if !self.flights.values().any(is_out) {
            self.to_probe.insert(intent, self.now);
        }
    }

    /// Gives an action up that has not left, or that the server refused.
    pub(super) fn discard_act(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId) {
        let Some((key, act)) = self.act_mut(turn, intent) else {
            return;
        };
        if act.is_out() {
            turn.notice(Notice::StillSending { intent, key });
            return;
        }
        let creates = act.action.creates;
        self.take_out(turn, &key, intent);
        turn.discarded(intent, key.clone());
        if creates {
            // What was typed into a record that will never be has nowhere to go.
            self.bury(turn, &key);
        }
        self.compare(turn, &key);
    }

    fn take_out(&mut self, turn: &mut Turn<K, F, V>, key: &K, intent: IntentId) {
        if let Some(record) = self.touch(turn, key) {
            record.acts.retain(|act| act.id != intent);
        }
        self.keys.remove(&intent);
        self.to_probe.remove(&intent);
    }

    pub(super) fn refuse_act(
        &mut self,
        turn: &mut Turn<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        self.to_probe.remove(&intent);
        if let Some((_, act)) = self.act_mut(turn, intent) {
            act.state = IntentState::Refused { kind, reasons };
            turn.notice(Notice::Refused { intent, key: key.clone() });
        }
        self.line_up(key);
    }

    /// Refuses every action on a record that has not left yet.
    pub(super) fn refuse_waiting_acts(&mut self, turn: &mut Turn<K, F, V>, key: &K, kind: RefusalKind) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        let waiting = record.acts.iter().filter(|act| act.state == IntentState::Waiting);
        let waiting: Vec<IntentId> = waiting.map(|act| act.id).collect();
        for intent in waiting {
            self.refuse_act(turn, key, intent, kind, Vec::new());
        }
    }

    pub(super) fn act_answered(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        outcome: Outcome<K, F, V>,
    ) {
        let key = &flight.key;
        if !self.is_act(intent) {
            return;
        }
        match outcome {
            Outcome::Done { record } => self.done(turn, flight, intent, record),
            Outcome::Accepted { version, fields } => {
                self.done(turn, flight, intent, Some((version, fields)));
            }
            Outcome::Created { key: as_key, version, fields } => {
                self.created(turn, flight, intent, as_key, (version, fields));
            }
            Outcome::Refused { kind, reasons } => self.said_no(turn, key, intent, kind, reasons),
            Outcome::Stale { .. } => {
                self.said_no(turn, key, intent, RefusalKind::Contended, Vec::new());
                self.want_read(key);
            }
            Outcome::Gone => {
                self.said_no(turn, key, intent, RefusalKind::Gone, Vec::new());
                self.want_read_if_known(key);
            }
            // Never carried out: the server did not know who asked, or it never left. It is not asked of a
            // record that was found gone meanwhile.
            Outcome::SessionExpired | Outcome::NotSent if self.is_gone(key) => {
                self.said_no(turn, key, intent, RefusalKind::Gone, Vec::new());
            }
            Outcome::SessionExpired | Outcome::NotSent => {
                if let Some((key, act)) = self.act_mut(turn, intent) {
                    act.state = IntentState::Waiting;
                    self.line_up(&key);
                }
            }
            // A server under pressure, or one in front of it, need not know what became of it.
            Outcome::Pressure { .. } | Outcome::Lost | Outcome::Read { .. } | Outcome::NotDone => {
                self.in_doubt(turn, intent);
            }
        }
    }

    pub(super) fn in_doubt(&mut self, turn: &mut Turn<K, F, V>, intent: IntentId) {
        let now = self.now;
        if let Some((key, act)) = self.act_mut(turn, intent) {
            act.state = IntentState::InDoubt;
            act.lost_at = Some(now);
            self.to_probe.insert(intent, now);
            turn.notice(Notice::InDoubt { intent, key });
        }
    }

    /// The server refused an attempt. If an earlier one was lost, it may be that one that makes
    /// the server refuse: only a read can tell.
    fn said_no(
        &mut self,
        turn: &mut Turn<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        let now = self.now;
        let Some((_, act)) = self.act_mut(turn, intent) else {
            return;
        };
        if act.lost_at.is_none() || kind == RefusalKind::Role {
            return self.refuse_act(turn, key, intent, kind, reasons);
        }
        act.state = IntentState::InDoubt;
        act.said = Some((kind, reasons));
        self.to_probe.insert(intent, now);
    }

    pub(super) fn probe_answered(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        left_at: Time,
        outcome: Outcome<K, F, V>,
    ) {
        let is_in_doubt = |(_, act): (K, &mut Act<F, V>)| act.state == IntentState::InDoubt;
        if !self.act_mut(turn, intent).is_some_and(is_in_doubt) {
            return;
        }
        match outcome {
            Outcome::Done { record } => self.done(turn, flight, intent, record),
            Outcome::Created { key, version, fields } => {
                self.created(turn, flight, intent, key, (version, fields));
            }
            Outcome::NotDone => {
                self.found_not_done(turn, &flight.key, intent, left_at, RefusalKind::NotDone);
            }
            // On a record that is no longer there nothing can be looked up, and nothing will come.
            Outcome::Gone => self.found_not_done(turn, &flight.key, intent, left_at, RefusalKind::Gone),
            // Who may not look cannot be told; the person can ask for another look.
            Outcome::Refused { .. } => {}
            Outcome::Accepted { .. }
            | Outcome::Stale { .. }
            | Outcome::SessionExpired
            | Outcome::Pressure { .. }
            | Outcome::Lost
            | Outcome::NotSent
            | Outcome::Read { .. } => {
                let next = self.now.after(self.limits.between_probes);
                self.to_probe.insert(intent, next);
            }
        }
    }

    /// A look found nothing. It counts only if the attempt could not have come after it; then the
    /// action ends as the server said, or else as `kind`.
    fn found_not_done(
        &mut self,
        turn: &mut Turn<K, F, V>,
        key: &K,
        intent: IntentId,
        left_at: Time,
        kind: RefusalKind,
    ) {
        let (settling, next) = (self.limits.settling, self.now.after(self.limits.between_probes));
        let Some((_, act)) = self.act_mut(turn, intent) else {
            return;
        };
        let settled_at = act.lost_at.unwrap_or_default().after(settling);
        if left_at < settled_at {
            self.to_probe.insert(intent, next.min(settled_at));
            return;
        }
        let (kind, reasons) = act.said.take().unwrap_or((kind, Vec::new()));
        self.refuse_act(turn, key, intent, kind, reasons);
    }

    fn done(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        record: Option<(Version, Fields<F, V>)>,
    ) {
        let Flight { key, asked_at, .. } = flight;
        self.take_out(turn, key, intent);
        turn.settled(intent, key.clone());
        match record {
            Some((version, fields)) => self.item_read(turn, key, *asked_at, version, fields),
            None => self.want_read_if_known(key),
        }
        self.line_up(key);
    }

    /// The record has come to be. What was typed into it meanwhile goes on under the server's key.
    fn created(
        &mut self,
        turn: &mut Turn<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        as_key: K,
        (version, fields): (Version, Fields<F, V>),
    ) {
        let Flight { key, asked_at, .. } = flight;
        self.take_out(turn, key, intent);
        turn.settled(intent, key.clone());
        turn.notice(Notice::Created { intent, key: key.clone(), as_key: as_key.clone() });
        self.records.entry(as_key.clone()).or_insert_with(Record::unread);
        if as_key != *key
            && let Some(record) = self.touch(turn, key)
        {
            let intents = std::mem::take(&mut record.intents);
            let acts = std::mem::take(&mut record.acts);
            for moved in intents.iter().map(|intent| intent.id).chain(acts.iter().map(|act| act.id)) {
                self.keys.insert(moved, as_key.clone());
            }
            if let Some(record) = self.touch(turn, &as_key) {
                record.intents.extend(intents);
                record.acts.extend(acts);
            }
        }
        self.item_read(turn, &as_key, *asked_at, version, fields);
        self.line_up(&as_key);
    }

    /// Something was done to a record: what is known of it may be out of date.
    fn want_read_if_known(&mut self, key: &K) {
        let is_known = |record: &Record<F, V>| record.base.is_some() || record.held > 0;
        if self.records.get(key).is_some_and(is_known) {
            self.want_read(key);
        }
    }
}
