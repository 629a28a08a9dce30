//! The quiet end: trouble ends, everything is delivered, everyone looks once more.

use super::World;
use super::wire::Freight;
use crate::promises;
use crate::server::{Field, SYSTEMS};
use record_store::{Event, IntentId, IntentState, Outcome, RefusalKind, System, Time};

impl World {
    /// Then it must become quiet, and every promise must be found kept.
    pub(super) fn come_to_rest(&mut self) -> Result<(), String> {
        self.tell(|_| "--- the trouble ends ---".to_owned());
        self.server_is_down = false;
        for browser in &mut self.browsers {
            browser.disk.fails = false;
        }
        for browser in 0..self.browsers.len() {
            if self.tabs_of(browser).next().is_none() {
                self.open_tab(browser)?;
            }
        }
        let living: Vec<usize> = self.living().collect();
        for tab in living.iter().copied() {
            self.disk_heals(tab)?;
            // What dead tabs left, and what was claimed before.
            while self.take_up(tab)? {}
            self.tabs[tab].session = self.tabs[tab].session.map(|session| session + 1);
            self.apply(tab, Event::WentOnline)?;
            for system in SYSTEMS {
                self.apply(tab, Event::SignedIn { system })?;
            }
        }
        self.settle()?;
        // What one person reads can set free what they typed, which others must then read.
        let mut done = None;
        while done != Some((self.server.commits.len(), self.server.deeds.len())) {
            done = Some((self.server.commits.len(), self.server.deeds.len()));
            for tab in living.iter().copied() {
                let stamp = self.tabs[tab].store.store().stamp();
                self.post(tab, Freight::AskList(stamp));
                for key in 0..self.server.records.len() {
                    // The list says nothing of what is gone.
                    let is_deleted = self.server.records[key].is_deleted;
                    if is_deleted && self.tabs[tab].store.store().view(&key).is_some() {
                        self.post(tab, Freight::AskItem(key, stamp));
                    }
                }
            }
            self.settle()?;
        }
        promises::when_quiet(self)
    }

    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..6_000 {
            if self.one_step_to_rest()? {
                return Ok(());
            }
        }
        Err("it never gets quiet".to_owned())
    }

    /// Says whether there was nothing left to do.
    fn one_step_to_rest(&mut self) -> Result<bool, String> {
        let busy = self.living().find(|tab| !self.tabs[*tab].outbox.is_empty());
        if let Some(tab) = busy {
            return self.flush(tab).map(|()| false);
        }
        if self.is_anything_moving() {
            return self.deliver_any().map(|()| false);
        }
        for browser in 0..self.browsers.len() {
            if self.pass_write_lease(browser)? {
                return Ok(false);
            }
        }
        // A request whose every message was lost is given up by the browser in the end.
        let unanswered = self.tabs.iter().filter(|tab| tab.is_alive).find_map(|tab| {
            let request = tab.open.keys().next()?;
            Some((tab.number, *request))
        });
        if let Some((tab, request)) = unanswered {
            return self.answer(tab, request, Outcome::Lost).map(|()| false);
        }
        let signed_out = self.living().find_map(|tab| {
            let is_out = |system: &System| !self.tabs[tab].is_signed_in[usize::from(system.0)];
            Some((tab, SYSTEMS.into_iter().find(is_out)?))
        });
        if let Some((tab, system)) = signed_out {
            return self.apply(tab, Event::SignedIn { system }).map(|()| false);
        }
        let waking = self.living().filter_map(|tab| Some((self.tabs[tab].wake_at?, tab))).min();
        if let Some((wake_at, tab)) = waking {
            self.now = self.now.max(wake_at.0);
            let now = Time(self.now);
            return self.apply(tab, Event::TimePassed { now }).map(|()| false);
        }
        // Who might not look asks for another look.
        let doubtful = self.living().find_map(|tab| {
            let mut acts = self.tabs[tab].store.store().actions();
            let act = acts.find(|act| *act.state() == IntentState::InDoubt)?;
            Some((tab, act.id()))
        });
        if let Some((tab, intent)) = doubtful {
            self.coverage.count("asked for another look");
            return self.apply(tab, Event::Retry { intent, at: Time(self.now) }).map(|()| false);
        }
        if let Some((tab, intent)) = self.undecided() {
            return self.decide(tab, intent).map(|()| false);
        }
        if let Some(until) = self.next_held() {
            self.now = self.now.max(until);
            return Ok(false);
        }
        Ok(true)
    }

    /// A conflict, or an action that was found not done, about which the person has not often decided.
    fn undecided(&mut self) -> Option<(usize, IntentId)> {
        let is_open = |state: &IntentState<Field>| match state {
            IntentState::Refused { kind, .. } => *kind == RefusalKind::NotDone,
            other => *other == IntentState::Conflict,
        };
        let found = self.living().find_map(|tab| {
            let store = self.tabs[tab].store.store();
            let edits = store.intents().map(|intent| (intent.id(), intent.state()));
            let mut standing = edits.chain(store.actions().map(|act| (act.id(), act.state())));
            let wanted = &self.browsers[self.tabs[tab].browser].wanted;
            let (id, _) = standing.find(|(id, state)| is_open(state) && wanted[id].decisions < 3)?;
            Some((tab, id))
        })?;
        self.dice.once_in(2).then_some(found)
    }

    fn decide(&mut self, tab: usize, intent: IntentId) -> Result<(), String> {
        if self.tabs[tab].store.store().intents().any(|edit| edit.id() == intent) {
            return self.person_resolves(tab, intent);
        }
        self.coverage.count("tried again what was not done");
        self.decided(tab, intent);
        self.apply(tab, Event::Retry { intent, at: Time(self.now) })
    }
}
