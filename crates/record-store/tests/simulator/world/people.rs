//! What persons do: type, act, decide, open and close screens; and what changes around them.

use super::World;
use super::wire::Freight;
use crate::browser::{Role, Wanted, Words};
use crate::server::{DRAFTS, FIELDS, Field, Key, PLATFORM, Row, SYSTEMS, TheAction, offered};
use crate::tab::StoreEvent;
use record_store::{Action, Choice, Event, IntentId, IntentState, Mark, Time, Version};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    fn next_intent(&mut self) -> IntentId {
        self.intents += 1;
        IntentId(self.intents)
    }

    /// A record of the server's, or sometimes a draft of this tab.
    fn some_key(&mut self, tab: usize) -> Key {
        let drafts = self.tabs[tab].store.store().actions();
        let drafts: Vec<Key> = drafts.filter(|act| act.action().creates).map(|act| *act.key()).collect();
        let key = self.some_record();
        if self.dice.once_in(3) { self.dice.pick(&drafts).unwrap_or(key) } else { key }
    }

    /// Notes what a person wants, and what they had before them when they did.
    fn wants(&mut self, tab: usize, intent: IntentId, key: Key, values: Row, action: Option<TheAction>) {
        let it = &mut self.tabs[tab];
        let row = it.row(key);
        let saw_state = row.as_ref().and_then(|(version, _)| self.server.state_of(key, version));
        let row = row.map(|(_, row)| row).unwrap_or_default();
        let mut seen: BTreeSet<(Field, i64)> = row.iter().map(|(field, value)| (*field, *value)).collect();
        if let Some(view) = it.store.store().view(&key) {
            seen.extend(view.fields().filter_map(|cell| Some((*cell.field, *cell.shown?))));
        } else {
            // The list has painted the row already.
            let cells = row.iter().map(|(field, value)| (*field, (Some(*value), Mark::Confirmed)));
            it.painted.insert(key, cells.collect());
        }
        let known = standing_on(it.store.store(), key);
        let words = Words { key, sent_off_at: self.now, values, yielded: BTreeSet::new(), ending: None };
        let wanted = Wanted {
            typed_in: tab,
            carried_by: tab,
            action,
            words,
            durable: None,
            corrected: BTreeSet::new(),
            seen,
            rests_on: Row::new(),
            no_longer_rests_on: BTreeSet::new(),
            known,
            decisions: 1,
            saw_state,
            attempts: 0,
            refused_after: None,
            last_refused_after: None,
            was_in_doubt: false,
            fell_back: 0,
            stood_on: BTreeSet::new(),
            was_repeated: false,
            was_late: false,
        };
        self.browsers[it.browser].wanted.insert(intent, wanted);
    }

    pub(super) fn person_types(&mut self, tab: usize) -> Result<(), String> {
        let key = self.some_key(tab);
        let Some(base) = self.tabs[tab].row(key) else {
            return Ok(());
        };
        let proposal = self.proposal(tab, key, base);
        if key >= DRAFTS {
            self.coverage.count("typed into a draft");
        }
        self.apply(tab, proposal)
    }

    fn proposal(&mut self, tab: usize, key: Key, mut base: (Version, Row)) -> StoreEvent {
        let mut changes = Row::new();
        for _ in 0..1 + self.dice.below(2) {
            let field = FIELDS[self.dice.below(FIELDS.len())];
            changes.insert(field, self.value());
        }
        let intent = self.next_intent();
        self.wants(tab, intent, key, changes.clone(), None);
        if self.dice.once_in(3)
            && let Some((field, value)) = self.premise(tab, key, &base.1, &changes)
        {
            self.coverage.count("typed what rests on another value");
            changes.insert(field, value);
            if let Some(wanted) = self.wanted(tab, intent) {
                wanted.rests_on.insert(field, value);
            }
        }
        // A list's row has not every field; an undo knows only those that it changes back.
        if self.dice.once_in(3) {
            self.coverage.count("typed over part of a record");
            base.1.retain(|field, _| changes.contains_key(field));
        }
        Event::Propose { intent, key, base, changes, at: Time(self.now) }
    }

    /// A value of the row that the person leaves as it is, and has not changed before.
    fn premise(&mut self, tab: usize, key: Key, row: &Row, changes: &Row) -> Option<(Field, i64)> {
        let field = FIELDS[self.dice.below(FIELDS.len())];
        let view = self.tabs[tab].store.store().view(&key);
        let is_own = view.is_some_and(|view| {
            view.intents().any(|intent| intent.changes().any(|change| *change.field == field))
        });
        let value = row.get(&field).filter(|_| !is_own && !changes.contains_key(&field))?;
        Some((field, *value))
    }

    /// Many records at one stroke (S9).
    pub(super) fn person_types_everywhere(&mut self, tab: usize) -> Result<(), String> {
        let mut proposals = Vec::new();
        for key in 0..self.server.records.len() {
            if let Some(base) = self.tabs[tab].row(key) {
                proposals.push(self.proposal(tab, key, base));
            }
        }
        self.coverage.count("many at one stroke");
        self.apply(tab, Event::AtOnce(proposals))
    }

    pub(super) fn person_acts(&mut self, tab: usize) -> Result<(), String> {
        let intent = self.next_intent();
        let (key, action) = match self.dice.below(12) {
            0..=2 => self.creation(intent),
            3 => self.purge(),
            _ => match self.offered_action(tab, intent) {
                Some(offered) => offered,
                // Nothing is known of the record yet.
                None => self.creation(intent),
            },
        };
        self.wants(tab, intent, key, Row::new(), Some(action.clone()));
        let is_shown = action.creates && self.dice.once_in(2);
        let at = Time(self.now);
        self.apply(tab, Event::Act { intent, key, action, at })?;
        if is_shown {
            self.tabs[tab].holds.push(key);
            self.apply(tab, Event::Hold { key })?;
        }
        Ok(())
    }

    fn creation(&mut self, intent: IntentId) -> (Key, TheAction) {
        let mut arguments: Row = FIELDS.iter().map(|field| (*field, 0)).collect();
        for value in arguments.values_mut() {
            *value = self.value();
        }
        // Sometimes the number of another record is chosen, which the server refuses.
        let taken = self.some_record();
        let taken = self.server.records[taken].current()[&Field::Number];
        let number = if self.dice.once_in(5) { taken } else { 100 + intent.0 as i64 };
        arguments.insert(Field::Number, number);
        self.coverage.count("created");
        let key = DRAFTS + usize::try_from(intent.0).expect("small");
        (key, Action { name: Field::Create, arguments, creates: true })
    }

    fn purge(&mut self) -> (Key, TheAction) {
        self.coverage.count("wanted a purge");
        (PLATFORM, Action { name: Field::Purge, arguments: Row::new(), creates: false })
    }

    /// Something of what is offered for a record as it is seen here. It goes with what it is to be
    /// known by afterwards.
    fn offered_action(&mut self, tab: usize, intent: IntentId) -> Option<(Key, TheAction)> {
        let key = self.some_key(tab);
        let (_, row) = self.tabs[tab].row(key)?;
        let seen = |field: Field| row.get(&field).copied().unwrap_or_default();
        let name = self.dice.pick(offered(seen(Field::Status)))?;
        let arguments = Row::from([
            (Field::Tag, intent.0 as i64),
            (Field::Status, seen(Field::Status)),
            (Field::Processed, seen(Field::Processed)),
        ]);
        Some((key, Action { name, arguments, creates: false }))
    }

    /// Tries again everything that was refused, or gives everything up, at one stroke (S9).
    pub(super) fn person_decides_everywhere(&mut self, tab: usize) -> Result<(), String> {
        let retries = self.dice.once_in(2);
        let store = self.tabs[tab].store.store();
        let edits = store.intents().map(|intent| (intent.id(), intent.state()));
        let acts = store.actions().map(|act| (act.id(), act.state()));
        let is_meant = |state: &IntentState<Field>| match state {
            IntentState::Refused { .. } => true,
            IntentState::Waiting | IntentState::Conflict => !retries,
            IntentState::Sending { .. } | IntentState::InDoubt => false,
        };
        let meant = edits.chain(acts).filter(|(_, state)| is_meant(state)).map(|(intent, _)| intent);
        let meant: Vec<IntentId> = meant.collect();
        self.coverage.count(if retries { "tried all again" } else { "gave all up" });
        let mut events = Vec::new();
        for intent in meant {
            if retries {
                self.decided(tab, intent);
                events.push(Event::Retry { intent, at: Time(self.now) });
            } else {
                events.push(Event::Discard { intent });
            }
        }
        self.apply(tab, Event::AtOnce(events))
    }

    /// Resolves, retries or discards one of the person's intents.
    pub(super) fn person_decides(&mut self, tab: usize) -> Result<(), String> {
        let store = self.tabs[tab].store.store();
        let edits = store.intents().map(|intent| (intent.id(), intent.state().clone()));
        let acts = store.actions().map(|act| (act.id(), act.state().clone()));
        let standing: Vec<(IntentId, IntentState<Field>)> = edits.chain(acts).collect();
        if standing.is_empty() {
            return Ok(());
        }
        let conflict = standing.iter().find(|(_, state)| *state == IntentState::Conflict);
        let any = &standing[self.dice.below(standing.len())];
        let (intent, state) = conflict.filter(|_| self.dice.once_in(2)).unwrap_or(any);
        match state {
            IntentState::Conflict => self.person_resolves(tab, *intent),
            IntentState::Refused { .. } if !self.dice.once_in(3) => {
                self.coverage.count("retried");
                self.decided(tab, *intent);
                self.apply(tab, Event::Retry { intent: *intent, at: Time(self.now) })
            }
            // An action in doubt is looked up again, which is no decision to do it again.
            IntentState::InDoubt if self.dice.once_in(2) => {
                self.apply(tab, Event::Retry { intent: *intent, at: Time(self.now) })
            }
            IntentState::Waiting
            | IntentState::Sending { .. }
            | IntentState::InDoubt
            | IntentState::Refused { .. } => {
                self.coverage.count("discarded");
                self.apply(tab, Event::Discard { intent: *intent })
            }
        }
    }

    pub(super) fn person_resolves(&mut self, tab: usize, intent: IntentId) -> Result<(), String> {
        let Some(view) = self.tabs[tab].store.store().intents().find(|view| view.id() == intent) else {
            return Ok(());
        };
        let overlapping: Vec<_> = view
            .changes()
            .filter(|change| change.overlaps)
            .map(|change| (*change.field, *change.mine, change.theirs.copied()))
            .collect();
        self.coverage.count("resolved");
        self.decided(tab, intent);
        let mut choices = BTreeMap::new();
        for (field, mine, theirs) in overlapping {
            let choice = match self.dice.below(4) {
                0 => Choice::TakeTheirs,
                1 => Choice::Edit(self.value()),
                _ => Choice::KeepMine,
            };
            // An older line may be taken up after the decision: then it is made once more.
            let rested = self.wanted(tab, intent).is_some_and(|wanted| wanted.rests_on.contains_key(&field));
            let is_news = self
                .wanted(tab, intent)
                .is_some_and(|wanted| rested && wanted.no_longer_rests_on.insert(field));
            if is_news {
                self.coverage.count("decided about what a change rests on");
            }
            if let Some(wanted) = self.wanted(tab, intent) {
                match choice {
                    Choice::TakeTheirs => {
                        wanted.words.yielded.insert(field);
                    }
                    Choice::Edit(value) => {
                        if let Some(old) = wanted.words.values.insert(field, value) {
                            wanted.corrected.insert((field, old));
                        }
                    }
                    // What was only left as it was is asked for now.
                    Choice::KeepMine if rested => {
                        wanted.words.values.insert(field, mine);
                    }
                    Choice::KeepMine => {}
                }
                wanted.seen.extend(theirs.map(|value| (field, value)));
            }
            choices.insert(field, choice);
        }
        self.apply(tab, Event::Resolve { intent, choices })
    }

    fn wanted(&mut self, tab: usize, intent: IntentId) -> Option<&mut Wanted> {
        let browser = self.tabs[tab].browser;
        self.browsers[browser].wanted.get_mut(&intent)
    }

    /// The person sends an intent off once more, with all that stands on its record before them.
    pub(super) fn decided(&mut self, tab: usize, intent: IntentId) {
        let Some(key) = self.wanted(tab, intent).map(|wanted| wanted.words.key) else {
            return;
        };
        let known = standing_on(self.tabs[tab].store.store(), key);
        let now = self.now;
        if let Some(wanted) = self.wanted(tab, intent) {
            wanted.decisions += 1;
            wanted.words.sent_off_at = now;
            wanted.known.extend(known);
        }
    }

    /// Opens or closes a screen, or reads for the screen's own sake.
    pub(super) fn person_looks(&mut self, tab: usize) -> Result<(), String> {
        let key = self.some_record();
        let stamp = self.tabs[tab].store.store().stamp();
        match self.dice.below(4) {
            0 => {
                self.tabs[tab].holds.push(key);
                self.apply(tab, Event::Hold { key })
            }
            1 => match self.tabs[tab].holds.pop() {
                Some(key) => self.apply(tab, Event::Release { key }),
                None => Ok(()),
            },
            2 if self.dice.once_in(3) => {
                self.coverage.count("did not wait for a pause to end");
                self.apply(tab, Event::TriedNow { at: Time(self.now) })
            }
            2 => {
                self.post(tab, Freight::AskItem(key, stamp));
                Ok(())
            }
            _ => {
                self.post(tab, Freight::AskList(stamp));
                Ok(())
            }
        }
    }

    /// The browser, the session, the roles, the server and the periods change.
    pub(super) fn world_changes(&mut self, tab: usize) -> Result<(), String> {
        let key = self.some_record();
        let browser = self.tabs[tab].browser;
        let it = &self.tabs[tab];
        match self.dice.below(12) {
            0 if it.is_online => {
                self.coverage.count("offline");
                self.apply(tab, Event::WentOffline)
            }
            0 | 1 => self.apply(tab, Event::WentOnline),
            2 => {
                let system = self.dice.below(2);
                self.tabs[tab].session[system] += 1;
                self.tell(|_| format!("the session of tab {tab} at system {system} ends"));
                Ok(())
            }
            3 => {
                let system = self.dice.pick(&SYSTEMS).unwrap_or_default();
                self.tabs[tab].session[usize::from(system.0)] += 1;
                self.apply(tab, Event::SignedIn { system })
            }
            4 => {
                let role = self.dice.pick(&Role::ALL).expect("there are roles");
                self.browsers[browser].role = role;
                self.tell(|_| format!("the person at browser {browser} becomes {role:?}"));
                Ok(())
            }
            5 => {
                self.server_is_down ^= true;
                self.tell(|world| format!("server down: {}", world.server_is_down));
                Ok(())
            }
            6 => {
                self.server.toggle_period(key);
                self.tell(|_| format!("the period of record {key} is closed or opened"));
                Ok(())
            }
            7 if self.dice.once_in(3) => self.person_signs_out(browser),
            8 if self.dice.once_in(4) => {
                self.server.delete(key);
                self.tell(|_| format!("record {key} is deleted"));
                Ok(())
            }
            9.. => {
                let done = (0..self.server.records.len()).filter(|key| self.server.complete(*key)).count();
                if done > 0 {
                    self.coverage.count("the server's job was done");
                    self.tell(|_| format!("the server's job is done with {done} records"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn time_passes(&mut self, tab: usize) -> Result<(), String> {
        if let Some(wake_at) = self.tabs[tab].wake_at
            && self.dice.once_in(2)
        {
            self.now = self.now.max(wake_at.0);
        }
        let now = Time(self.now);
        self.apply(tab, Event::TimePassed { now })
    }
}

/// What stands on a record in this tab.
fn standing_on(store: &crate::mutants::TheStore, key: Key) -> BTreeSet<IntentId> {
    let view = store.view(&key);
    let edits = view.iter().flat_map(|view| view.intents()).map(|intent| intent.id());
    let acts = view.iter().flat_map(|view| view.actions()).map(|act| act.id());
    edits.chain(acts).collect()
}
