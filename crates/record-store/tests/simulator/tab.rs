//! One tab: one store, one grid, what waits to be written and to leave, what is out, what is on
//! screen. The screen is painted only from what the store says has changed, as the app does it.

use crate::browser::{Batch, Browser, Ending};
use crate::mutants::{DiskMistake, Reducer};
use crate::server::{ALL_FIELDS, Field, Key, Row, system_of};
use record_store::{
    Durability, Effects, Event, IntentId, IntentState, JournalLine, Mark, Notice, Outcome, PersistedIntent,
    Request, RequestId, Stamp, Time, Version,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

type Painted = BTreeMap<Key, BTreeMap<Field, (Option<i64>, Mark)>>;

pub(crate) type StoreRequest = Request<Key, Field, i64>;
pub(crate) type StoreEvent = Event<Key, Field, i64>;

pub(crate) struct Tab {
    pub(crate) number: usize,
    pub(crate) browser: usize,
    pub(crate) is_alive: bool,
    pub(crate) store: Box<dyn Reducer>,
    /// In the order of the events: written one after the other, each batch before its requests.
    pub(crate) outbox: VecDeque<Batch>,
    /// Lines that are its own now and not yet in its store.
    pub(crate) claimed: Vec<PersistedIntent<Key, Field, i64>>,
    /// Requests of the store that it has not been told an outcome of, and the record written.
    pub(crate) open: BTreeMap<RequestId, Option<Key>>,
    /// The system that each request was for.
    asked_of: BTreeMap<RequestId, usize>,
    ever_requested: BTreeSet<RequestId>,
    /// Rows of the list, for records that the store does not hold.
    pub(crate) grid: BTreeMap<Key, (Version, Row)>,
    pub(crate) grid_asked_at: Stamp,
    pub(crate) painted: Painted,
    pub(crate) holds: Vec<Key>,
    pub(crate) is_online: bool,
    /// For each system, as the three that follow.
    pub(crate) is_signed_in: [bool; 2],
    /// The last request that left before the person last signed in; a 401 to it is old news.
    before_sign_in: [Option<RequestId>; 2],
    /// The session the server knows; signing in starts another.
    pub(crate) session: [u32; 2],
    has_write_lease: bool,
    pub(crate) wake_at: Option<Time>,
    /// The server wished for no request before this time.
    not_before: [u64; 2],
    /// What this tab knows of the disk, the line that each intent stands as, and whether it has the
    /// disk open, deleted as often as it was then.
    pub(crate) durability: Durability,
    pub(crate) lines: BTreeMap<IntentId, JournalLine<Key, Field, i64>>,
    pub(crate) has_disk: Option<u64>,
    /// How often it heard that the disk was gone, and how often it had when it claimed lines.
    pub(crate) losses: u64,
    pub(crate) claimed_after: u64,
    pub(crate) writes_unasked: bool,
    mistake: Option<DiskMistake>,
    /// The state of each held record at the last step, as the server counts (S2).
    pub(crate) states: BTreeMap<Key, usize>,
}

impl Tab {
    pub(crate) fn new(
        number: usize,
        browser: usize,
        store: Box<dyn Reducer>,
        mistake: Option<DiskMistake>,
    ) -> Self {
        Self {
            number,
            browser,
            is_alive: true,
            store,
            outbox: VecDeque::new(),
            claimed: Vec::new(),
            open: BTreeMap::new(),
            asked_of: BTreeMap::new(),
            ever_requested: BTreeSet::new(),
            grid: BTreeMap::new(),
            grid_asked_at: Stamp::default(),
            painted: BTreeMap::new(),
            holds: Vec::new(),
            is_online: true,
            is_signed_in: [true; 2],
            before_sign_in: [None; 2],
            session: [0; 2],
            has_write_lease: true,
            wake_at: None,
            not_before: [0; 2],
            durability: Durability::default(),
            lines: BTreeMap::new(),
            has_disk: None,
            losses: 0,
            claimed_after: 0,
            writes_unasked: false,
            mistake,
            states: BTreeMap::new(),
        }
    }

    /// Hands an event to the store and takes in what follows; what is to be written and to leave
    /// goes to the outbox.
    pub(crate) fn apply(&mut self, event: StoreEvent, browser: &mut Browser, now: u64) -> Result<(), String> {
        self.foresee(&event, now);
        let Effects { changed, journal, requests, notices, wake_at } = self.store.apply(event);
        self.wake_at = wake_at;
        for change in changed {
            let Some(view) = self.store.store().view(&change.key) else {
                continue;
            };
            let cells = self.painted.entry(change.key).or_default();
            for field in change.fields {
                cells.insert(field, (view.shown(&field).copied(), view.mark(&field)));
            }
            if let Some(version) = view.version() {
                let row = self.grid.entry(change.key).or_insert_with(|| (version.clone(), Row::new()));
                row.0.clone_from(version);
                for field in ALL_FIELDS {
                    if let Some(value) = view.confirmed(&field) {
                        row.1.insert(field, *value);
                    }
                }
            }
        }
        for notice in notices {
            take_notice(browser, &notice);
        }
        for request in &requests {
            self.check_request(request, now)?;
        }
        if !journal.is_empty() || !requests.is_empty() {
            for line in &journal {
                let forgets = self.mistake == Some(DiskMistake::ForgetsEndsThatAreNotWritten);
                if !(forgets && matches!(line, JournalLine::Ended { .. })) {
                    self.durability.note(line);
                }
                self.lines.insert(intent_of(line), line.clone());
            }
            self.put_out(journal, requests, browser);
        }
        Ok(())
    }

    fn put_out(
        &mut self,
        lines: Vec<JournalLine<Key, Field, i64>>,
        requests: Vec<StoreRequest>,
        browser: &Browser,
    ) {
        let words = |intent| Some((intent, browser.wanted.get(&intent)?.words.clone()));
        let words = lines.iter().map(intent_of).filter_map(words).collect();
        let lines = lines.into_iter().map(|line| {
            let number = self.durability.writing(intent_of(&line));
            (line, number)
        });
        let lines = lines.collect();
        self.outbox.push_back(Batch { lines, words, requests, is_written: false });
    }

    /// The tab hears that the disk is gone, if it has it open.
    pub(crate) fn loses_disk(&mut self) {
        if self.has_disk.take().is_some() {
            self.losses += 1;
            if self.mistake != Some(DiskMistake::DoesNotHearThatTheDiskIsGone) {
                self.durability.disk_lost();
            }
        }
    }

    /// The disk can be opened again: everything that is not on it is to be written anew.
    pub(crate) fn finds_disk(&mut self, browser: &Browser) {
        self.has_disk = Some(browser.disk.deleted);
        if self.mistake == Some(DiskMistake::DoesNotWriteAnew) {
            return;
        }
        let behind = self.durability.behind().filter_map(|intent| self.lines.get(&intent).cloned());
        let behind: Vec<_> = behind.collect();
        if !behind.is_empty() {
            self.put_out(behind, Vec::new(), browser);
        }
    }

    /// The disk has taken a batch.
    pub(crate) fn has_written(&mut self, at: usize) {
        for (line, number) in &self.outbox[at].lines {
            let intent = intent_of(line);
            let takes_any = self.mistake == Some(DiskMistake::TakesAnyLineForTheNewest);
            let number = if takes_any { self.durability.writing(intent) } else { *number };
            self.durability.written(intent, number);
        }
    }

    /// The disk has not taken a batch; says whether the app believes that it has.
    pub(crate) fn could_not_write(&mut self, at: usize) {
        if self.mistake == Some(DiskMistake::TakesAFailedWriteForDone) {
            self.has_written(at);
        } else {
            for (line, _) in &self.outbox[at].lines {
                self.durability.not_written(intent_of(line));
            }
            self.loses_disk();
        }
    }

    /// Whether this must not leave because the disk may hold it as it stood before.
    pub(crate) fn must_stay(&self, intent: IntentId) -> bool {
        self.mistake != Some(DiskMistake::SendsActionsAheadOfTheDisk)
            && self.durability.may_hold_an_older_line(intent)
    }

    /// The tab goes by a disk that it does not have, and not by the lock.
    pub(crate) fn needs_no_write_lease(&self) -> bool {
        self.mistake == Some(DiskMistake::WritesWithoutTheTurnWhereThereIsNoDisk) && self.has_disk.is_none()
    }

    /// What the person and the browser know of an event, apart from the store.
    fn foresee(&mut self, event: &StoreEvent, now: u64) {
        match event {
            Event::Answered { request, outcome, .. } => {
                let was_open = self.open.remove(request).is_some();
                let system = self.asked_of.get(request).copied().unwrap_or_default();
                let is_news = Some(*request) > self.before_sign_in[system];
                if *outcome == Outcome::SessionExpired && was_open && is_news {
                    self.is_signed_in[system] = false;
                }
                if let Outcome::Pressure { retry_after: Some(wait) } = outcome
                    && was_open
                {
                    let until = now + u64::try_from(wait.as_millis()).expect("short");
                    self.not_before[system] = self.not_before[system].max(until);
                }
            }
            Event::WentOffline => self.is_online = false,
            Event::WentOnline => self.is_online = true,
            Event::SignedIn { system } => {
                let system = usize::from(system.0);
                self.is_signed_in[system] = true;
                self.before_sign_in[system] = self.ever_requested.last().copied();
            }
            Event::WriteLease { is_held } => self.has_write_lease = *is_held,
            Event::TriedNow { .. } => self.not_before = [0; 2],
            _ => {}
        }
    }

    /// The promises about every single request.
    fn check_request(&mut self, request: &StoreRequest, now: u64) -> Result<(), String> {
        if !self.is_online {
            return Err("a request while offline".to_owned());
        }
        let system = usize::from(system_of(&key_of(request)).0);
        self.asked_of.insert(number(request), system);
        if !self.is_signed_in[system] {
            return Err("a request while signed out".to_owned());
        }
        if now < self.not_before[system] {
            return Err("a request before Retry-After has passed".to_owned());
        }
        let written = match request {
            Request::Read { key, .. } => {
                if self.store.store().view(key).is_some_and(|view| view.is_being_created()) {
                    return Err("a reading of a record that is still being created".to_owned());
                }
                None
            }
            Request::Probe { .. } => None,
            Request::Act { key, .. } => Some(*key),
            Request::Write { key, version, .. } => {
                let known = self.store.store().view(key).and_then(|view| view.version());
                if version.token.is_empty() {
                    return Err("S4: a write without a version".to_owned());
                }
                if known != Some(version) {
                    return Err("S4: a write with another version than the newest".to_owned());
                }
                Some(*key)
            }
        };
        if let Some(key) = written {
            if !self.has_write_lease {
                return Err("a write without the write lease".to_owned());
            }
            if self.open.values().any(|open| *open == Some(key)) {
                return Err("S3: two writes in flight for one record".to_owned());
            }
            let view = self.store.store().view(&key);
            let mut acts = view.iter().flat_map(|view| view.actions());
            if acts.any(|act| *act.state() == IntentState::InDoubt) {
                return Err("S3: a write past an action in doubt".to_owned());
            }
        }
        let number = number(request);
        if !self.ever_requested.insert(number) {
            return Err("a request number was used twice".to_owned());
        }
        self.open.insert(number, written);
        Ok(())
    }

    /// The row a person would type into: what the store knows, over the row of the list.
    pub(crate) fn row(&self, key: Key) -> Option<(Version, Row)> {
        let Some(view) = self.store.store().view(&key) else {
            return self.grid.get(&key).cloned();
        };
        let fields = view.fields();
        if view.is_being_created() {
            let shown = fields.filter_map(|cell| Some((*cell.field, *cell.shown?)));
            return Some((Version::opaque(""), shown.collect()));
        }
        let mut row = self.grid.get(&key).map(|(_, row)| row.clone()).unwrap_or_default();
        row.extend(fields.filter_map(|cell| Some((*cell.field, *cell.confirmed?))));
        Some((view.version()?.clone(), row))
    }
}

fn take_notice(browser: &mut Browser, notice: &Notice<Key, Field>) {
    match notice {
        Notice::Settled { intent, .. } | Notice::Discarded { intent, .. } => {
            let is_settled = matches!(notice, Notice::Settled { .. });
            let ending = if is_settled { Ending::Settled } else { Ending::Discarded };
            if let Some(wanted) = browser.wanted.get_mut(intent) {
                wanted.words.ending = wanted.words.ending.or(Some(ending));
            }
        }
        Notice::InDoubt { intent, .. } => {
            if let Some(wanted) = browser.wanted.get_mut(intent) {
                wanted.was_in_doubt = true;
            }
        }
        // What was typed into the draft is the record's from now on.
        Notice::Created { key, as_key, .. } => {
            for wanted in browser.wanted.values_mut().filter(|wanted| wanted.words.key == *key) {
                wanted.words.key = *as_key;
            }
        }
        Notice::Merged { .. }
        | Notice::Conflicted { .. }
        | Notice::Refused { .. }
        | Notice::StillSending { .. }
        | Notice::Gone { .. } => {}
    }
}

pub(crate) fn intent_of(line: &JournalLine<Key, Field, i64>) -> IntentId {
    match line {
        JournalLine::Put(persisted) => persisted.intent,
        JournalLine::Ended { intent, .. } => *intent,
    }
}

pub(crate) fn key_of(request: &StoreRequest) -> Key {
    match request {
        Request::Write { key, .. }
        | Request::Read { key, .. }
        | Request::Act { key, .. }
        | Request::Probe { key, .. } => *key,
    }
}

pub(crate) fn number(request: &StoreRequest) -> RequestId {
    match request {
        Request::Write { request, .. }
        | Request::Read { request, .. }
        | Request::Act { request, .. }
        | Request::Probe { request, .. } => *request,
    }
}
