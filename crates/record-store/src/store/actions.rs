//! What is to be done once: asked for, sent, and, where the answer was lost, looked up by reading
//! until it is proven done or not done (S12). Nothing here is ever sent again by itself: an attempt
//! that got no answer may still be under way.

use super::{Flight, Purpose, Store, Transition};
use crate::action::{Action, PendingAction};
use crate::intent::IntentState;
use crate::record::Record;
use crate::{Field, Fields, IntentId, Key, Notice, Outcome, Reason, RefusalKind, Time, Value, Version};

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    pub(super) fn act(
        &mut self,
        transition: &mut Transition<K, F, V>,
        intent: IntentId,
        key: &K,
        action: Action<F, V>,
    ) {
        if self.keys.contains_key(&intent) {
            return;
        }
        let (at, stamp) = (self.now, self.stamp);
        self.records.entry(key.clone()).or_insert_with(Record::unread);
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        record.actions.push(PendingAction {
            id: intent,
            at,
            sent_off: stamp,
            sent_off_at: at,
            action,
            state: IntentState::Waiting,
            lost_at: None,
            refused_with: None,
        });
        self.keys.insert(intent, key.clone());
        self.submit_action(transition, key, intent);
    }

    /// Puts an action in line, unless it can have no effect now.
    fn submit_action(&mut self, transition: &mut Transition<K, F, V>, key: &K, intent: IntentId) {
        if self.is_gone(key) {
            self.refuse_action(transition, key, intent, RefusalKind::Gone, Vec::new());
        } else if !self.summary.online {
            self.refuse_action(transition, key, intent, RefusalKind::Offline, Vec::new());
        } else {
            self.enqueue(key);
        }
    }

    fn is_gone(&self, key: &K) -> bool {
        self.records.get(key).is_some_and(|record| record.gone.is_some())
    }

    pub(super) fn is_action(&self, intent: IntentId) -> bool {
        let record = self.keys.get(&intent).and_then(|key| self.records.get(key));
        record.is_some_and(|record| record.actions.iter().any(|act| act.id == intent))
    }

    /// The action, to be changed, and the record it is on.
    fn action_mut(
        &mut self,
        transition: &mut Transition<K, F, V>,
        intent: IntentId,
    ) -> Option<(K, &mut PendingAction<F, V>)> {
        let key = self.keys.get(&intent)?.clone();
        let record = self.touch(transition, &key)?;
        let act = record.actions.iter_mut().find(|act| act.id == intent)?;
        Some((key, act))
    }

    /// Sends a refused action again, as the person's newest act; looks up a doubtful one now.
    pub(super) fn retry_action(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) {
        let (stamp, now) = (self.stamp, self.now);
        let Some((key, act)) = self.action_mut(transition, intent) else {
            return;
        };
        match act.state {
            IntentState::InDoubt => self.probe_now(intent),
            IntentState::Refused { .. } => {
                act.state = IntentState::Waiting;
                act.refused_with = None;
                act.sent_off = stamp;
                act.sent_off_at = now;
                self.submit_action(transition, &key, intent);
            }
            IntentState::Waiting | IntentState::Sending { .. } | IntentState::Conflict => {}
        }
    }

    fn probe_now(&mut self, intent: IntentId) {
        let is_out = |flight: &Flight<K, F, V>| matches!(flight.purpose, Purpose::Probe { intent: out, .. } if out == intent);
        if !self.flights.values().any(is_out) {
            self.to_probe.insert(intent, self.now);
        }
    }

    /// Gives an action up that has not left, or that the server refused.
    pub(super) fn discard_action(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) {
        let Some((key, act)) = self.action_mut(transition, intent) else {
            return;
        };
        if act.is_out() {
            transition.notice(Notice::StillSending { intent, key });
            return;
        }
        let creates = act.action.creates;
        self.remove_action(transition, &key, intent);
        transition.discarded(intent, key.clone());
        if creates {
            // What was typed into a record that will never be has nowhere to go.
            self.bury(transition, &key);
        }
        self.compare(transition, &key);
    }

    fn remove_action(&mut self, transition: &mut Transition<K, F, V>, key: &K, intent: IntentId) {
        if let Some(record) = self.touch(transition, key) {
            record.actions.retain(|act| act.id != intent);
        }
        self.keys.remove(&intent);
        self.to_probe.remove(&intent);
    }

    pub(super) fn refuse_action(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        self.to_probe.remove(&intent);
        if let Some((_, act)) = self.action_mut(transition, intent) {
            act.state = IntentState::Refused { kind, reasons };
            transition.notice(Notice::Refused { intent, key: key.clone() });
        }
        self.enqueue(key);
    }

    /// Refuses every action on a record that has not left yet.
    pub(super) fn refuse_waiting_actions(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        kind: RefusalKind,
    ) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        let waiting = record.actions.iter().filter(|act| act.state == IntentState::Waiting);
        let waiting: Vec<IntentId> = waiting.map(|act| act.id).collect();
        for intent in waiting {
            self.refuse_action(transition, key, intent, kind, Vec::new());
        }
    }

    pub(super) fn action_answered(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        outcome: Outcome<K, F, V>,
    ) {
        let key = &flight.key;
        if !self.is_action(intent) {
            return;
        }
        match outcome {
            Outcome::Done { record } => self.done(transition, flight, intent, record),
            Outcome::Accepted { version, fields } => {
                self.done(transition, flight, intent, Some((version, fields)));
            }
            Outcome::Created { key: as_key, version, fields } => {
                self.created(transition, flight, intent, as_key, (version, fields));
            }
            Outcome::Refused { kind, reasons } => {
                self.refused_attempt(transition, key, intent, kind, reasons);
            }
            Outcome::Stale { .. } => {
                self.refused_attempt(transition, key, intent, RefusalKind::Contended, Vec::new());
                self.want_read(key);
            }
            Outcome::Gone => {
                self.refused_attempt(transition, key, intent, RefusalKind::Gone, Vec::new());
                self.want_read_if_known(key);
            }
            // Never carried out: the server did not know who asked, or it never left. It is not asked of a
            // record that was found gone meanwhile.
            Outcome::SessionExpired | Outcome::NotSent { .. } if self.is_gone(key) => {
                self.refused_attempt(transition, key, intent, RefusalKind::Gone, Vec::new());
            }
            Outcome::SessionExpired | Outcome::NotSent { .. } => {
                if let Some((key, act)) = self.action_mut(transition, intent) {
                    act.state = IntentState::Waiting;
                    self.enqueue(&key);
                }
            }
            // A server under pressure, or one in front of it, need not know what became of it.
            Outcome::Pressure { .. } | Outcome::Lost | Outcome::Read { .. } | Outcome::NotDone => {
                self.in_doubt(transition, intent);
            }
        }
    }

    pub(super) fn in_doubt(&mut self, transition: &mut Transition<K, F, V>, intent: IntentId) {
        let now = self.now;
        if let Some((key, act)) = self.action_mut(transition, intent) {
            act.state = IntentState::InDoubt;
            act.lost_at = Some(now);
            self.to_probe.insert(intent, now);
            transition.notice(Notice::InDoubt { intent, key });
        }
    }

    /// The server refused an attempt. If an earlier one was lost, it may be that one that makes
    /// the server refuse: only a read can tell.
    fn refused_attempt(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        let now = self.now;
        let Some((_, act)) = self.action_mut(transition, intent) else {
            return;
        };
        if act.lost_at.is_none() || kind == RefusalKind::Role {
            return self.refuse_action(transition, key, intent, kind, reasons);
        }
        act.state = IntentState::InDoubt;
        act.refused_with = Some((kind, reasons));
        self.to_probe.insert(intent, now);
    }

    pub(super) fn probe_answered(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        left_at: Time,
        outcome: Outcome<K, F, V>,
    ) {
        let is_in_doubt = |(_, act): (K, &mut PendingAction<F, V>)| act.state == IntentState::InDoubt;
        if !self.action_mut(transition, intent).is_some_and(is_in_doubt) {
            return;
        }
        match outcome {
            Outcome::Done { record } => self.done(transition, flight, intent, record),
            Outcome::Created { key, version, fields } => {
                self.created(transition, flight, intent, key, (version, fields));
            }
            Outcome::NotDone => {
                self.found_not_done(transition, &flight.key, intent, left_at, RefusalKind::NotDone);
            }
            // On a record that is no longer there nothing can be looked up, and nothing will come.
            Outcome::Gone => self.found_not_done(transition, &flight.key, intent, left_at, RefusalKind::Gone),
            // Who may not look cannot be told; the person can ask for another look.
            Outcome::Refused { .. } => {}
            Outcome::Accepted { .. }
            | Outcome::Stale { .. }
            | Outcome::SessionExpired
            | Outcome::Pressure { .. }
            | Outcome::Lost
            | Outcome::NotSent { .. }
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
        transition: &mut Transition<K, F, V>,
        key: &K,
        intent: IntentId,
        left_at: Time,
        kind: RefusalKind,
    ) {
        let (settling, next) = (self.limits.settling, self.now.after(self.limits.between_probes));
        let Some((_, act)) = self.action_mut(transition, intent) else {
            return;
        };
        let settled_at = act.lost_at.unwrap_or_default().after(settling);
        if left_at < settled_at {
            self.to_probe.insert(intent, next.min(settled_at));
            return;
        }
        let (kind, reasons) = act.refused_with.take().unwrap_or((kind, Vec::new()));
        self.refuse_action(transition, key, intent, kind, reasons);
    }

    fn done(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        record: Option<(Version, Fields<F, V>)>,
    ) {
        let Flight { key, asked_at, .. } = flight;
        self.remove_action(transition, key, intent);
        transition.settled(intent, key.clone());
        match record {
            Some((version, fields)) => self.item_read(transition, key, *asked_at, version, fields),
            None => self.want_read_if_known(key),
        }
        self.enqueue(key);
    }

    /// The record has come to be. What was typed into it meanwhile goes on under the server's key.
    fn created(
        &mut self,
        transition: &mut Transition<K, F, V>,
        flight: &Flight<K, F, V>,
        intent: IntentId,
        as_key: K,
        (version, fields): (Version, Fields<F, V>),
    ) {
        let Flight { key, asked_at, .. } = flight;
        self.remove_action(transition, key, intent);
        transition.settled(intent, key.clone());
        transition.notice(Notice::Created { intent, key: key.clone(), as_key: as_key.clone() });
        self.records.entry(as_key.clone()).or_insert_with(Record::unread);
        if as_key != *key
            && let Some(record) = self.touch(transition, key)
        {
            let intents = std::mem::take(&mut record.intents);
            let actions = std::mem::take(&mut record.actions);
            for moved in intents.iter().map(|intent| intent.id).chain(actions.iter().map(|act| act.id)) {
                self.keys.insert(moved, as_key.clone());
            }
            if let Some(record) = self.touch(transition, &as_key) {
                record.intents.extend(intents);
                record.actions.extend(actions);
            }
        }
        self.item_read(transition, &as_key, *asked_at, version, fields);
        self.enqueue(&as_key);
    }

    /// Something was done to a record: what is known of it may be out of date.
    fn want_read_if_known(&mut self, key: &K) {
        let is_known = |record: &Record<F, V>| record.base.is_some() || record.held > 0;
        if self.records.get(key).is_some_and(is_known) {
            self.want_read(key);
        }
    }
}
