//! What happens to tabs: lines are written and requests leave, the write lease passes, tabs begin and end,
//! and what a dead one carried is taken up. Each step stands alone, so that death comes between any
//! two of them.

use super::World;
use super::wire::Freight;
use crate::browser::Batch;
use crate::tab::Tab;
use record_store::{Event, JournalLine, Mark, Outcome, Request, Time};

impl World {
    /// A new tab, which does not write before it holds the write lease.
    pub(super) fn open_tab(&mut self, browser: usize) -> Result<(), String> {
        let number = self.tabs.len();
        self.tell(|_| format!("tab {number} of browser {browser} begins"));
        let store = (self.kind.make)(self.limits.clone());
        self.tabs.push(Tab::new(number, browser, store, self.kind.disk));
        if self.browsers[browser].disk.fails {
            self.coverage.count("a tab begins without a disk");
        } else {
            self.tabs[number].finds_disk(&self.browsers[browser]);
        }
        self.apply(number, Event::WriteLease { is_held: false })?;
        self.read_everything(number)
    }

    pub(super) fn a_tab_begins(&mut self, tab: usize) -> Result<(), String> {
        let browser = self.tabs[tab].browser;
        if self.tabs_of(browser).count() < 3 { self.open_tab(browser) } else { Ok(()) }
    }

    /// A tab is killed, or loaded anew.
    pub(super) fn a_tab_ends(&mut self, tab: usize) -> Result<(), String> {
        let browser = self.tabs[tab].browser;
        self.count_death(tab);
        self.kill(tab);
        self.coverage.count("tab died");
        if self.dice.once_in(2) { self.open_tab(browser) } else { Ok(()) }
    }

    fn kill(&mut self, tab: usize) {
        self.tell(|_| format!("tab {tab} dies"));
        let it = &mut self.tabs[tab];
        it.is_alive = false;
        self.browsers[it.browser].lose(tab);
        // Its requests may still be under way; nobody hears their answers.
        self.nobody_waits_for(tab);
    }

    fn count_death(&mut self, tab: usize) {
        let it = &self.tabs[tab];
        let happened = [
            ("died before the journal was written", it.outbox.iter().any(|batch| !batch.is_written)),
            (
                "died between journal and sending",
                it.outbox.iter().any(|batch| batch.is_written && writes(batch)),
            ),
            ("died with a write out", it.open.values().any(Option::is_some)),
            ("died with the write lease", self.browsers[it.browser].write_lease == Some(tab)),
            ("died before it took up what it claimed", !it.claimed.is_empty()),
            ("died with an action in doubt", it.store.store().summary().in_doubt > 0),
        ];
        for (what, has) in happened {
            if has {
                self.coverage.count(what);
            }
        }
    }

    /// Signing out ends every tab of the browser and wipes its journal.
    pub(super) fn person_signs_out(&mut self, browser: usize) -> Result<(), String> {
        self.coverage.count("signed out");
        self.tell(|_| format!("the person at browser {browser} signs out"));
        let tabs: Vec<usize> = self.tabs_of(browser).map(|tab| tab.number).collect();
        for tab in tabs {
            self.kill(tab);
        }
        self.browsers[browser].forget();
        self.open_tab(browser)
    }

    /// The next line of some tab is written, or its requests leave.
    pub(super) fn a_disk_works(&mut self) -> Result<(), String> {
        let busy: Vec<usize> = self.living().filter(|tab| !self.tabs[*tab].outbox.is_empty()).collect();
        match self.dice.pick(&busy) {
            Some(tab) if self.dice.once_in(3) => self.write_or_send(tab),
            Some(tab) => self.flush(tab),
            None => Ok(()),
        }
    }

    /// Everything of a tab is written and leaves.
    pub(super) fn flush(&mut self, tab: usize) -> Result<(), String> {
        while !self.tabs[tab].outbox.is_empty() {
            self.write_or_send(tab)?;
        }
        Ok(())
    }

    /// One step: the oldest unwritten batch is written, or the oldest written one leaves. A later
    /// batch may be written before the requests of an earlier one leave, never the other way round.
    fn write_or_send(&mut self, tab: usize) -> Result<(), String> {
        let it = &mut self.tabs[tab];
        let unwritten = it.outbox.iter().position(|batch| !batch.is_written);
        let may_send = it.outbox.front().is_some_and(|batch| batch.is_written);
        if let Some(at) = unwritten
            && (!may_send || self.dice.once_in(2))
        {
            it.outbox[at].is_written = true;
            let browser = &mut self.browsers[it.browser];
            if browser.disk.fails || it.has_disk != Some(browser.disk.deleted) {
                it.could_not_write(at);
                self.coverage.count("the disk did not take a line");
                self.tell(|_| format!("tab {tab} could not write to its journal"));
                return Ok(());
            }
            browser.write(tab, &it.outbox[at]);
            it.has_written(at);
            if at > 0 {
                self.coverage.count("written ahead of earlier requests");
            }
            self.tell(|_| format!("tab {tab} has written to its journal"));
            return self.check_journal(tab, at);
        }
        let Some(batch) = it.outbox.pop_front() else {
            return Ok(());
        };
        for request in batch.requests {
            self.leaves(tab, request)?;
        }
        Ok(())
    }

    /// Nothing in a line is a record of the server's: only what the person typed, what they typed it
    /// over, and what they asked for.
    fn check_journal(&self, tab: usize, at: usize) -> Result<(), String> {
        use record_store::Content;
        let browser = &self.browsers[self.tabs[tab].browser];
        for (line, _) in &self.tabs[tab].outbox[at].lines {
            let JournalLine::Put(persisted) = line else {
                continue;
            };
            let wanted = browser.wanted.get(&persisted.intent).ok_or("a line of nobody's intent")?;
            let is_theirs = match (&persisted.content, &wanted.action) {
                (Content::Edit(changes), None) => {
                    let is_theirs = |field: &_, value: i64| {
                        wanted.had(*field, value) || wanted.rests_on.get(field) == Some(&value)
                    };
                    changes.iter().all(|(field, change)| is_theirs(field, change.mine))
                }
                (Content::Action(persisted), Some(asked)) => persisted == asked,
                (Content::Edit(_), Some(_)) | (Content::Action(_), None) => false,
            };
            if !is_theirs {
                return Err(format!("the line of intent {} holds what nobody typed", persisted.intent.0));
            }
        }
        Ok(())
    }

    /// A request leaves the tab. What it may change is in the journal by now, as sent, and its own.
    fn leaves(&mut self, tab: usize, request: crate::tab::StoreRequest) -> Result<(), String> {
        let browser = self.tabs[tab].browser;
        if let Request::Act { request, intent, .. } = &request
            && self.tabs[tab].must_stay(*intent)
        {
            self.coverage.count("an action waited for the disk");
            return self.answer(tab, *request, Outcome::NotSent { retry_after: None });
        }
        if let Request::Write { intent, .. } | Request::Act { intent, .. } = &request {
            let line = self.browsers[browser].journal.get(intent).filter(|line| line.tab == tab);
            let is_known = line.is_some_and(|line| line.persisted.mark == Mark::Sending);
            let it = &self.tabs[tab];
            // What the disk does not take is told, and leaves all the same: an edit over its version, an
            // action only if no older line of it can be taken up and done once more.
            let is_told = it.durability.is_behind(*intent) || it.has_disk.is_none();
            let is_gone = it.has_disk != Some(self.browsers[browser].disk.deleted);
            let is_once = matches!(request, Request::Write { .. }) || line.is_none();
            if !is_known && !((is_told || is_gone) && is_once) {
                return Err(format!("intent {} left before the journal knew that it was sent", intent.0));
            }
            if !is_known {
                self.coverage.count("left although it was not on the disk");
            }
        }
        if let Request::Act { intent, .. } = &request
            && let Some(wanted) = self.browsers[browser].wanted.get_mut(intent)
        {
            wanted.attempts += 1;
            if wanted.attempts > wanted.decisions {
                return Err(format!("S12: action {} was sent again and nobody asked for it", intent.0));
            }
        }
        self.tell(|_| format!("tab {tab} -> {}", crate::history::request(&request)));
        self.post(tab, Freight::Ask(request));
        Ok(())
    }

    /// A tab that needs the write lease stands in line for it.
    pub(super) fn request_write_lease(&mut self, tab: usize) {
        let it = &self.tabs[tab];
        let browser = &mut self.browsers[it.browser];
        if it.needs_no_write_lease() {
            return;
        }
        let has_asked = browser.write_lease == Some(tab) || browser.waiting.contains(&tab);
        if it.is_alive && !has_asked && it.store.needs_write_lease() {
            browser.waiting.push_back(tab);
        }
    }

    /// In some browser the write lease is given up by a tab that needs it no longer, or given to the next.
    pub(super) fn the_write_lease_passes(&mut self) -> Result<(), String> {
        let browser = self.dice.below(self.browsers.len());
        self.pass_write_lease(browser).map(|_| ())
    }

    /// Says whether anything changed hands.
    pub(super) fn pass_write_lease(&mut self, browser: usize) -> Result<bool, String> {
        if let Some(tab) = self.browsers[browser].write_lease {
            if self.tabs[tab].store.needs_write_lease() {
                return Ok(false);
            }
            self.browsers[browser].write_lease = None;
            self.tell(|_| format!("tab {tab} gives the write lease up"));
            return self.apply(tab, Event::WriteLease { is_held: false }).map(|()| true);
        }
        let Some(tab) = self.browsers[browser].waiting.pop_front() else {
            return Ok(false);
        };
        if !self.browsers[browser].waiting.is_empty() {
            self.coverage.count("several tabs wanted the write lease");
        }
        self.browsers[browser].write_lease = Some(tab);
        self.apply(tab, Event::WriteLease { is_held: true }).map(|()| true)
    }

    /// Takes up what this tab has claimed, or claims what dead tabs of its browser left. Says
    /// whether there was any of either.
    pub(super) fn take_up(&mut self, tab: usize) -> Result<bool, String> {
        if !self.tabs[tab].claimed.is_empty() {
            let persisted = std::mem::take(&mut self.tabs[tab].claimed);
            self.coverage.count("taken up");
            let it = &mut self.tabs[tab];
            let is_certain = it.losses == it.claimed_after;
            for persisted in &persisted {
                it.durability.taken_up(persisted.intent, is_certain);
            }
            if !is_certain {
                self.coverage.count("the disk was lost between claiming and taking up");
            }
            let is_mixed = self.tabs[tab].store.store().summary().unfinished() > 0;
            if is_mixed {
                self.coverage.count("taken up beside work of its own");
            }
            let at = Time(self.now);
            return self.apply(tab, Event::Restored { persisted, at }).map(|()| true);
        }
        let browser = self.tabs[tab].browser;
        let disk = self.browsers[browser].disk;
        if disk.fails || self.tabs[tab].has_disk != Some(disk.deleted) {
            return Ok(false);
        }
        let (tabs, owns) = (&self.tabs, self.kind.owns_what_it_takes_up);
        let claimed = self.browsers[browser].claim(tab, |other| tabs[other].is_alive, owns);
        if claimed.is_empty() {
            return Ok(false);
        }
        self.tell(|_| format!("tab {tab} claims {} lines", claimed.len()));
        self.tabs[tab].claimed_after = self.tabs[tab].losses;
        self.tabs[tab].claimed = claimed;
        if self.dice.once_in(3) { Ok(true) } else { self.take_up(tab) }
    }
}

fn writes(batch: &Batch) -> bool {
    batch.requests.iter().any(|request| matches!(request, Request::Write { .. } | Request::Act { .. }))
}
