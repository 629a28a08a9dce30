//! One schedule: who acts next, and how it all ends. The parts: `people` (what persons do), `tabs`
//! (journal, write lease, death and taking up), `disks` (what the journal stands on), `wire` (what the network does to each message), `rest`
//! (the quiet end).

mod disks;
mod people;
mod rest;
mod tabs;
mod wire;

use crate::browser::{Browser, Role};
use crate::coverage::Coverage;
use crate::dice::Dice;
use crate::history;
use crate::mutants::Kind;
use crate::promises;
use crate::server::{Key, Server};
use crate::tab::{StoreEvent, Tab};
use record_store::{Event, Limits, Stamp};
use std::time::Duration;
use wire::Message;

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) browsers: Vec<Browser>,
    /// Every tab there ever was; the dead stay to be counted.
    pub(crate) tabs: Vec<Tab>,
    pub(crate) history: Vec<String>,
    pub(crate) coverage: Coverage,
    kind: Kind,
    limits: Limits,
    /// Values come from a small set, so that different people may type the same.
    values_repeat: bool,
    is_told: bool,
    network: Vec<Message>,
    server_is_down: bool,
    /// How much had been done to the server when it gave the answer that is just being heard.
    heard_after: Option<usize>,
    now: u64,
    dice: Dice,
    typed_values: i64,
    intents: u64,
}

/// A schedule that broke a promise.
pub(crate) struct Failure {
    pub(crate) broken: String,
    pub(crate) history: Vec<String>,
}

/// Plays the schedule of one seed to its quiet end.
pub(crate) fn run(seed: u64, kind: Kind, is_told: bool) -> Result<World, Failure> {
    let mut world = World::new(seed, kind, is_told);
    match world.play() {
        Ok(()) => Ok(world),
        Err(broken) => {
            world.history.push(format!("BROKEN: {broken}"));
            Err(Failure { broken, history: world.history })
        }
    }
}

impl World {
    fn new(seed: u64, kind: Kind, is_told: bool) -> Self {
        let mut dice = Dice::new(seed);
        let limits = Limits {
            writes: 1 + dice.below(3),
            reads: 1 + dice.below(3),
            lately_answered: dice.below(4),
            longest_pause: Duration::from_secs(4),
            settling: Duration::from_secs(2),
            between_probes: Duration::from_millis(700),
            ..Limits::default()
        };
        Self {
            server: Server::new(2 + dice.below(3)),
            browsers: (0..1 + dice.below(3))
                .map(|_| Browser::new(if dice.once_in(2) { Role::Administrator } else { Role::Editor }))
                .collect(),
            tabs: Vec::new(),
            history: Vec::new(),
            coverage: Coverage::default(),
            kind,
            limits,
            values_repeat: dice.once_in(4),
            is_told,
            network: Vec::new(),
            server_is_down: false,
            heard_after: None,
            now: 1,
            dice,
            typed_values: 0,
            intents: 0,
        }
    }

    fn play(&mut self) -> Result<(), String> {
        for browser in 0..self.browsers.len() {
            for _ in 0..1 + self.dice.below(2) {
                self.open_tab(browser)?;
            }
        }
        for _ in 0..50 + self.dice.below(60) {
            self.now += 1 + self.dice.below(300) as u64;
            let Some(tab) = self.some_tab() else {
                let browser = self.dice.below(self.browsers.len());
                self.open_tab(browser)?;
                continue;
            };
            match self.dice.below(41) {
                0..=4 => self.person_types(tab)?,
                5 => self.person_types_everywhere(tab)?,
                6..=9 => self.person_acts(tab)?,
                10..=22 => self.something_on_the_wire()?,
                23..=27 => self.a_disk_works()?,
                28..=29 => self.person_decides(tab)?,
                30 if self.dice.once_in(3) => self.person_decides_everywhere(tab)?,
                30 => self.person_decides(tab)?,
                31 => self.person_looks(tab)?,
                32 | 33 => self.world_changes(tab)?,
                34 => self.time_passes(tab)?,
                35 => self.the_write_lease_passes()?,
                36 => self.a_tab_ends(tab)?,
                37 => self.a_tab_begins(tab)?,
                38 => self.something_happens_to_a_disk(tab)?,
                _ => drop(self.take_up(tab)?),
            }
            if self.dice.once_in(2) {
                self.the_write_lease_passes()?;
            }
        }
        self.come_to_rest()
    }

    fn tell(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.is_told {
            let line = format!("{:>7} ms  {}", self.now, line(self));
            self.history.push(line);
        }
    }

    fn some_tab(&mut self) -> Option<usize> {
        let living: Vec<usize> = self.living().collect();
        self.dice.pick(&living)
    }

    fn living(&self) -> impl Iterator<Item = usize> {
        self.tabs.iter().filter(|tab| tab.is_alive).map(|tab| tab.number)
    }

    /// The living tabs of one browser.
    pub(crate) fn tabs_of(&self, browser: usize) -> impl Iterator<Item = &Tab> {
        self.tabs.iter().filter(move |tab| tab.is_alive && tab.browser == browser)
    }

    /// Gives one store one event and checks every promise.
    fn apply(&mut self, tab: usize, event: StoreEvent) -> Result<(), String> {
        self.tell(|_| format!("tab {tab} <- {}", history::event(&event)));
        let now = self.now;
        let it = &mut self.tabs[tab];
        let browser = &mut self.browsers[it.browser];
        let waiting = it.outbox.len();
        let applied = it.apply(event, browser, now);
        if self.is_told {
            let shows = history::tab(&self.tabs[tab]);
            self.tell(|_| format!("    shows {shows}"));
            let batches = self.tabs[tab].outbox.iter().skip(waiting);
            let lines: Vec<String> = batches.map(history::batch).collect();
            for line in lines {
                self.tell(|_| format!("    {line}"));
            }
        }
        applied?;
        let it = &mut self.tabs[tab];
        let browser = &mut self.browsers[it.browser];
        let heard_after = self.heard_after.take().unwrap_or(self.server.deeds.len());
        promises::after_a_step(it, browser, &self.server, heard_after)?;
        self.request_write_lease(tab);
        if self.tabs[tab].needs_no_write_lease() && !self.tabs[tab].writes_unasked {
            self.tabs[tab].writes_unasked = true;
            self.apply(tab, Event::WriteLease { is_held: true })?;
        }
        promises::between_tabs(self, tab)?;
        promises::what_is_not_on_disk_is_told(self, tab)?;
        if self.dice.once_in(2) {
            self.flush(tab)?;
        }
        Ok(())
    }

    fn value(&mut self) -> i64 {
        self.typed_values += 1;
        if self.values_repeat { self.dice.below(4) as i64 } else { self.typed_values }
    }

    /// A record of the server's.
    fn some_record(&mut self) -> Key {
        self.dice.below(self.server.records.len())
    }

    /// A page of everything arrives without any delay.
    fn read_everything(&mut self, tab: usize) -> Result<(), String> {
        let asked_at = self.tabs[tab].store.store().stamp();
        let rows = self.server.list();
        self.take_list(tab, asked_at, rows)
    }

    /// A page arrives: the store looks at it, and the grid keeps the rows the store does not hold.
    fn take_list(
        &mut self,
        tab: usize,
        asked_at: Stamp,
        rows: Vec<(Key, record_store::Version, crate::server::Row)>,
    ) -> Result<(), String> {
        let is_newest = asked_at >= self.tabs[tab].grid_asked_at;
        let persisted = if is_newest { rows.clone() } else { Vec::new() };
        self.apply(tab, Event::ListRead { asked_at, rows })?;
        let it = &mut self.tabs[tab];
        if is_newest {
            it.grid_asked_at = asked_at;
            for (key, version, fields) in persisted {
                if it.store.store().view(&key).is_none() {
                    it.grid.insert(key, (version, fields));
                }
            }
        }
        Ok(())
    }
}
