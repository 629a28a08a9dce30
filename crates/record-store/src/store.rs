//! The store and its one reducer. The parts of it: `edits` and `actions` (what a person did, and for
//! actions what became of it), `reads` (what was read), `answers` (the reply table), `sending` (what
//! may leave, and when), `keeping` (what outlives the tab).

mod actions;
mod answers;
mod edits;
mod keeping;
mod reads;
mod sending;

use crate::compare::Verdict;
use crate::intent::IntentState;
use crate::queue::Queue;
use crate::record::{Base, Record};
use crate::{
    ActionView, Changed, Effects, Ending, Event, Field, IntentId, IntentView, Journal, Key, Limits, Mark,
    Notice, Reason, RecordView, RefusalKind, RequestId, Session, Stamp, Summary, Time, Value,
};
use std::collections::BTreeMap;

/// The optimistic store of edits and actions. See the crate's first page.
#[derive(Clone, Debug)]
pub struct Store<K, F, V> {
    limits: Limits,
    records: BTreeMap<K, Record<F, V>>,
    /// Which record each unsettled intent is on.
    keys: BTreeMap<IntentId, K>,
    flights: BTreeMap<RequestId, Flight<K, F, V>>,
    to_read: Queue<K>,
    to_write: Queue<K>,
    /// Actions in doubt, and when each is to be looked up next.
    to_probe: BTreeMap<IntentId, Time>,
    /// Clean records that no screen holds, in the order they became so (S11).
    clean: Queue<K>,
    requests: u64,
    stamp: Stamp,
    now: Time,
    summary: Summary,
    signed_in_at: Stamp,
    failures: u32,
    resume_at: Time,
    /// Whether this tab may write (see [`Event::Turn`]).
    has_turn: bool,
}

/// A request that is out.
#[derive(Clone, Debug)]
struct Flight<K, F, V> {
    key: K,
    asked_at: Stamp,
    errand: Errand<F, V>,
}

#[derive(Clone, Debug)]
enum Errand<F, V> {
    Read,
    /// The write of one proposal, and the base it was made over.
    Write {
        intent: IntentId,
        over: Base<F, V>,
    },
    Act {
        intent: IntentId,
    },
    Probe {
        intent: IntentId,
        left_at: Time,
    },
}

/// One event being worked on: what follows from it, and how the touched records looked before.
struct Turn<K, F, V> {
    before: BTreeMap<K, Record<F, V>>,
    ended: BTreeMap<IntentId, Ending>,
    effects: Effects<K, F, V>,
}

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// An empty store, online and signed in.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            records: BTreeMap::new(),
            keys: BTreeMap::new(),
            flights: BTreeMap::new(),
            to_read: Queue::new(),
            to_write: Queue::new(),
            to_probe: BTreeMap::new(),
            clean: Queue::new(),
            requests: 0,
            stamp: Stamp::default(),
            now: Time::default(),
            summary: Summary::EMPTY,
            signed_in_at: Stamp::default(),
            failures: 0,
            resume_at: Time::default(),
            has_turn: true,
        }
    }

    /// The moment to remember when a read of the app's own leaves.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Takes in one event and says what follows. The only way to change anything here.
    pub fn apply(&mut self, event: Event<K, F, V>) -> Effects<K, F, V> {
        let mut turn = Turn { before: BTreeMap::new(), ended: BTreeMap::new(), effects: Effects::default() };
        self.take_in(&mut turn, event);
        self.send(&mut turn);
        turn.effects.wake_at = self.wake_at();
        self.finish(turn)
    }

    fn take_in(&mut self, turn: &mut Turn<K, F, V>, event: Event<K, F, V>) {
        self.stamp = Stamp(self.stamp.0 + 1);
        match event {
            Event::ItemRead { key, asked_at, version, fields } => {
                // Read by the app to be shown: kept among the lately answered, so that holding it
                // a moment later needs no second read.
                self.records.entry(key.clone()).or_insert_with(Record::unread);
                self.item_read(turn, &key, asked_at, version, fields);
            }
            Event::ListRead { asked_at, rows } => {
                for (key, version, fields) in rows {
                    self.row_read(turn, &key, asked_at, version, fields);
                }
            }
            Event::Gone { key, asked_at } => self.found_gone(turn, &key, asked_at),
            Event::Propose { intent, key, base, changes, at } => {
                self.now = self.now.max(at);
                self.propose(turn, intent, &key, base, changes);
            }
            Event::AtOnce(events) => {
                for event in events {
                    self.take_in(turn, event);
                }
            }
            Event::Act { intent, key, action, at } => {
                self.now = self.now.max(at);
                self.act(turn, intent, &key, action);
            }
            Event::Restored { kept, at } => {
                self.now = self.now.max(at);
                self.restore(turn, kept);
            }
            Event::Resolve { intent, choices } => self.resolve(turn, intent, choices),
            Event::Discard { intent } => self.discard(turn, intent),
            Event::Retry { intent, at } => {
                self.now = self.now.max(at);
                self.retry(turn, intent);
            }
            Event::Answered { request, outcome, at } => {
                self.now = self.now.max(at);
                self.answered(turn, request, outcome);
            }
            Event::WentOffline => self.summary.online = false,
            Event::WentOnline => {
                self.summary.online = true;
                self.failures = 0;
            }
            Event::SessionExpired => self.summary.session = Session::Expired,
            Event::SignedIn => {
                self.summary.session = Session::Active;
                self.signed_in_at = self.stamp;
            }
            Event::Turn { is_mine } => self.has_turn = is_mine,
            Event::TimePassed { now } => self.now = self.now.max(now),
            Event::Hold { key } => self.hold(&key),
            Event::Release { key } => self.release(&key),
        }
    }

    /// The record as it is to be shown; `None` if the store does not hold it.
    pub fn view(&self, key: &K) -> Option<RecordView<'_, K, F, V>> {
        let (key, record) = self.records.get_key_value(key)?;
        Some(RecordView { key, record })
    }

    /// Every proposal that is not settled, by record, as [`RecordView::intents`] orders them.
    pub fn intents(&self) -> impl Iterator<Item = IntentView<'_, K, F, V>> {
        self.records.iter().flat_map(|(key, record)| RecordView { key, record }.intents())
    }

    /// Every action that is not done, by record.
    pub fn actions(&self) -> impl Iterator<Item = ActionView<'_, K, F, V>> {
        self.records.iter().flat_map(|(key, record)| RecordView { key, record }.actions())
    }

    /// Whether this tab needs its turn to write, or still needs it: something is on its way, or
    /// waits to leave. A tab that could not send anyway leaves the turn to others.
    pub fn needs_turn(&self) -> bool {
        self.has_writes_out() || (self.may_ask() && !self.to_write.is_empty())
    }

    /// Whether a write or an action is on its way.
    pub fn has_writes_out(&self) -> bool {
        let is_out =
            |flight: &Flight<K, F, V>| matches!(flight.errand, Errand::Write { .. } | Errand::Act { .. });
        self.flights.values().any(is_out)
    }

    /// The store in numbers.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Remembers how a record looks before this event changes it, and hands it out for changing.
    fn touch(&mut self, turn: &mut Turn<K, F, V>, key: &K) -> Option<&mut Record<F, V>> {
        let record = self.records.get_mut(key)?;
        if !turn.before.contains_key(key) {
            turn.before.insert(key.clone(), record.clone());
            // Counted in again, as they are then, when the event is done.
            self.summary.count_out(record.states());
        }
        Some(record)
    }

    /// Compares the proposals of a record with its base and tells what came out.
    fn compare(&mut self, turn: &mut Turn<K, F, V>, key: &K) {
        let Some(record) = self.touch(turn, key) else {
            return;
        };
        let verdicts = record.compare();
        for (intent, verdict) in verdicts {
            let key = key.clone();
            match verdict {
                Verdict::Settled => {
                    self.keys.remove(&intent);
                    turn.settled(intent, key);
                }
                Verdict::Goes { merged } if merged.is_empty() => {}
                Verdict::Goes { merged: fields } => turn.notice(Notice::Merged { intent, key, fields }),
                Verdict::Conflict { news: false, .. } => {}
                Verdict::Conflict { fields, news: true } => {
                    turn.notice(Notice::Conflicted { intent, key, fields });
                }
            }
        }
        self.line_up(key);
    }

    /// Takes a proposal out of the values and keeps what was typed, with the reasons (S5).
    fn refuse(
        &mut self,
        turn: &mut Turn<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        let Some(record) = self.touch(turn, key) else {
            return;
        };
        if let Some(found) = record.intents.iter_mut().find(|found| found.id == intent) {
            found.state = IntentState::Refused { kind, reasons };
            let key = key.clone();
            turn.notice(Notice::Refused { intent, key });
        }
    }

    /// Refuses every proposal on a record for which `which` holds of its mark.
    fn refuse_all(
        &mut self,
        turn: &mut Turn<K, F, V>,
        key: &K,
        which: impl Fn(Mark) -> bool,
        kind: RefusalKind,
        reasons: &[Reason<F>],
    ) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        let matching: Vec<IntentId> = record
            .intents
            .iter()
            .filter(|intent| which(Mark::of(&intent.state)))
            .map(|intent| intent.id)
            .collect();
        for intent in matching {
            self.refuse(turn, key, intent, kind, reasons.to_vec());
        }
    }

    /// Asks for a reading of this record that leaves from now on, once the record has come to be.
    fn want_read(&mut self, key: &K) {
        let stamp = self.stamp;
        if let Some(record) = self.records.get_mut(key)
            && record.creation().is_none()
        {
            record.wants_read = Some(stamp);
        }
        self.line_up(key);
    }

    /// Lists what changed on screen and lets clean records go, the longest clean first (S11).
    fn finish(&mut self, turn: Turn<K, F, V>) -> Effects<K, F, V> {
        let mut effects = turn.effects;
        let ended = turn.ended.into_iter();
        effects.journal.extend(ended.map(|(intent, ending)| Journal::Ended { intent, ending }));
        for (key, before) in turn.before {
            let Some(record) = self.records.get(&key) else {
                continue;
            };
            self.summary.count_in(record.states());
            keeping::note(&mut effects.journal, &key, &before, record);
            if let Some(fields) = record.difference(&before) {
                let key = key.clone();
                effects.changed.push(Changed { key, fields });
            }
            if !record.is_needed() {
                self.clean.push(&key);
            }
        }
        while self.clean.len() > self.limits.lately_answered {
            let Some(key) = self.clean.pop() else {
                break;
            };
            if self.records.get(&key).is_some_and(|r| !r.is_needed()) {
                self.records.remove(&key);
            }
        }
        effects
    }
}

impl<K, F, V> Turn<K, F, V> {
    fn settled(&mut self, intent: IntentId, key: K) {
        self.ended.insert(intent, Ending::Settled);
        self.notice(Notice::Settled { intent, key });
    }

    fn discarded(&mut self, intent: IntentId, key: K) {
        self.ended.insert(intent, Ending::Discarded);
        self.notice(Notice::Discarded { intent, key });
    }

    fn notice(&mut self, notice: Notice<K, F>) {
        self.effects.notices.push(notice);
    }
}
