//! The store and its one reducer. The parts of it: `edits` and `actions` (what a person did, and for
//! actions what became of it), `reads` (what was read), `answers` (the reply table), `sending` (what
//! may leave, and when), `persistence` (what outlives the tab).

mod actions;
mod answers;
mod edits;
mod persistence;
mod reads;
mod sending;

use crate::compare::Verdict;
use crate::intent::IntentState;
use crate::lane::Lanes;
use crate::queue::Queue;
use crate::record::{Base, Record};
use crate::{
    ActionView, Changed, Effects, Ending, Event, Field, IntentId, IntentView, JournalLine, Key, Limits, Mark,
    Notice, Reason, RecordView, RefusalKind, RequestId, Session, Stamp, Summary, System, Time, Value,
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
    lanes: Lanes<K>,
    /// Actions in doubt, and when each is to be looked up next.
    to_probe: BTreeMap<IntentId, Time>,
    /// Clean records that no screen holds, in the order they became so (S11).
    clean: Queue<K>,
    requests: u64,
    stamp: Stamp,
    now: Time,
    summary: Summary,
    /// Whether this tab may write (see [`Event::WriteLease`]).
    has_write_lease: bool,
}

/// A request that is out.
#[derive(Clone, Debug)]
struct Flight<K, F, V> {
    key: K,
    asked_at: Stamp,
    purpose: Purpose<F, V>,
}

#[derive(Clone, Debug)]
enum Purpose<F, V> {
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
struct Transition<K, F, V> {
    before: BTreeMap<K, Record<F, V>>,
    ended: BTreeMap<IntentId, Ending>,
    effects: Effects<K, F, V>,
}

impl<K: Key, F: Field, V: Value> Store<K, F, V> {
    /// An empty store for the records of one system, online and signed in.
    pub fn new(limits: Limits) -> Self {
        Self::of_systems(limits, |_| System::default())
    }

    /// The same for records of several systems.
    pub fn of_systems(limits: Limits, system_of: fn(&K) -> System) -> Self {
        Self {
            limits,
            records: BTreeMap::new(),
            keys: BTreeMap::new(),
            flights: BTreeMap::new(),
            lanes: Lanes::new(system_of),
            to_probe: BTreeMap::new(),
            clean: Queue::new(),
            requests: 0,
            stamp: Stamp::default(),
            now: Time::default(),
            summary: Summary::EMPTY,
            has_write_lease: true,
        }
    }

    /// The moment to remember when a read of the app's own leaves.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Takes in one event and says what follows. The only way to change anything here.
    pub fn apply(&mut self, event: Event<K, F, V>) -> Effects<K, F, V> {
        let mut transition =
            Transition { before: BTreeMap::new(), ended: BTreeMap::new(), effects: Effects::default() };
        self.take_in(&mut transition, event);
        self.send(&mut transition);
        transition.effects.wake_at = self.wake_at();
        self.finish(transition)
    }

    fn take_in(&mut self, transition: &mut Transition<K, F, V>, event: Event<K, F, V>) {
        self.stamp = Stamp(self.stamp.0 + 1);
        match event {
            Event::ItemRead { key, asked_at, version, fields } => {
                // Read by the app to be shown: kept among the lately answered, so that holding it
                // a moment later needs no second read.
                self.records.entry(key.clone()).or_insert_with(Record::unread);
                self.item_read(transition, &key, asked_at, version, fields);
            }
            Event::ListRead { asked_at, rows } => {
                for (key, version, fields) in rows {
                    self.row_read(transition, &key, asked_at, version, fields);
                }
            }
            Event::Gone { key, asked_at } => self.found_gone(transition, &key, asked_at),
            Event::Propose { intent, key, base, changes, at } => {
                self.now = self.now.max(at);
                self.propose(transition, intent, &key, base, changes);
            }
            Event::AtOnce(events) => {
                for event in events {
                    self.take_in(transition, event);
                }
            }
            Event::Act { intent, key, action, at } => {
                self.now = self.now.max(at);
                self.act(transition, intent, &key, action);
            }
            Event::Restored { persisted, at } => {
                self.now = self.now.max(at);
                self.restore(transition, persisted);
            }
            Event::Resolve { intent, choices } => self.resolve(transition, intent, choices),
            Event::Discard { intent } => self.discard(transition, intent),
            Event::Retry { intent, at } => {
                self.now = self.now.max(at);
                self.retry(transition, intent);
            }
            Event::Answered { request, outcome, at } => {
                self.now = self.now.max(at);
                self.answered(transition, request, outcome);
            }
            Event::WentOffline => self.summary.online = false,
            Event::WentOnline => {
                self.summary.online = true;
                self.lanes.all_mut().for_each(|lane| lane.failures = 0);
            }
            Event::SessionExpired { system } => self.set_session(system, Session::Expired),
            Event::SignedIn { system } => {
                self.lanes.at(system).signed_in_at = self.stamp;
                self.set_session(system, Session::Active);
            }
            Event::WriteLease { is_held } => self.has_write_lease = is_held,
            Event::TriedNow { at } => {
                self.now = self.now.max(at);
                let now = self.now;
                self.lanes.all_mut().for_each(|lane| lane.resume_at = lane.resume_at.min(now));
            }
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

    /// Whether this tab needs the write lease, or still needs it: something is on its way, or
    /// waits to leave. A tab that could not send anyway leaves the lease to others.
    pub fn needs_write_lease(&self) -> bool {
        let is_ready = |lane: &crate::lane::Lane<K>| lane.is_active() && !lane.to_write.is_empty();
        self.has_writes_out() || (self.summary.online && self.lanes.all().any(is_ready))
    }

    /// Whether a write or an action is on its way.
    pub fn has_writes_out(&self) -> bool {
        let is_out =
            |flight: &Flight<K, F, V>| matches!(flight.purpose, Purpose::Write { .. } | Purpose::Act { .. });
        self.flights.values().any(is_out)
    }

    /// Until when something waits because its server asked for a pause.
    pub fn paused_until(&self) -> Option<Time> {
        let is_wanted = |key: &K| {
            let record = self.records.get(key);
            record.is_some_and(|record| record.wants_read.is_some() || record.next_to_leave().is_some())
        };
        let paused = self.lanes.all().filter(|lane| lane.is_wished && lane.is_active());
        let paused = paused.filter(|lane| lane.resume_at > self.now && lane.waiting().any(is_wanted));
        paused.map(|lane| lane.resume_at).min()
    }

    /// Whether this system still knows who is asking, as far as the store has heard.
    pub fn session(&self, system: System) -> Session {
        self.lanes.session(system)
    }

    fn set_session(&mut self, system: System, session: Session) {
        self.lanes.at(system).session = session;
        let all_active = self.lanes.all().all(|lane| lane.is_active());
        self.summary.session = if all_active { Session::Active } else { Session::Expired };
    }

    /// The store in numbers.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Remembers how a record looks before this event changes it, and hands it out for changing.
    fn touch(&mut self, transition: &mut Transition<K, F, V>, key: &K) -> Option<&mut Record<F, V>> {
        let record = self.records.get_mut(key)?;
        if !transition.before.contains_key(key) {
            transition.before.insert(key.clone(), record.clone());
            // Counted in again, as they are then, when the event is done.
            self.summary.count_out(record.states());
        }
        Some(record)
    }

    /// Compares the proposals of a record with its base and tells what came out.
    fn compare(&mut self, transition: &mut Transition<K, F, V>, key: &K) {
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        let verdicts = record.compare();
        for (intent, verdict) in verdicts {
            let key = key.clone();
            match verdict {
                Verdict::Settled => {
                    self.keys.remove(&intent);
                    transition.settled(intent, key);
                }
                Verdict::Goes { merged } if merged.is_empty() => {}
                Verdict::Goes { merged: fields } => transition.notice(Notice::Merged { intent, key, fields }),
                Verdict::Conflict { news: false, .. } => {}
                Verdict::Conflict { fields, news: true } => {
                    transition.notice(Notice::Conflicted { intent, key, fields });
                }
            }
        }
        self.enqueue(key);
    }

    /// Takes a proposal out of the values and keeps what was typed, with the reasons (S5).
    fn refuse(
        &mut self,
        transition: &mut Transition<K, F, V>,
        key: &K,
        intent: IntentId,
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    ) {
        let Some(record) = self.touch(transition, key) else {
            return;
        };
        if let Some(found) = record.intents.iter_mut().find(|found| found.id == intent) {
            found.state = IntentState::Refused { kind, reasons };
            let key = key.clone();
            transition.notice(Notice::Refused { intent, key });
        }
    }

    /// Refuses every proposal on a record for which `which` holds of its mark.
    fn refuse_all(
        &mut self,
        transition: &mut Transition<K, F, V>,
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
            self.refuse(transition, key, intent, kind, reasons.to_vec());
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
        self.enqueue(key);
    }

    /// Lists what changed on screen and lets clean records go, the longest clean first (S11).
    fn finish(&mut self, transition: Transition<K, F, V>) -> Effects<K, F, V> {
        let mut effects = transition.effects;
        let ended = transition.ended.into_iter();
        effects.journal.extend(ended.map(|(intent, ending)| JournalLine::Ended { intent, ending }));
        for (key, before) in transition.before {
            let Some(record) = self.records.get(&key) else {
                continue;
            };
            self.summary.count_in(record.states());
            persistence::journal_changes(&mut effects.journal, &key, &before, record);
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

impl<K, F, V> Transition<K, F, V> {
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
