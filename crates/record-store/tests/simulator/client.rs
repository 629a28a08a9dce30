//! One person, one store, one grid: what was typed and seen, what is out, what is on screen.
//! The screen is painted only from what the store says has changed, as the app does it.

use crate::mutants::Reducer;
use crate::server::{Field, Key, Row};
use record_store::{
    Effects, Event, IntentId, Mark, Notice, Outcome, Request, RequestId, Stamp, Time, Version,
};
use std::collections::{BTreeMap, BTreeSet};

/// How a proposal came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Settled,
    Discarded,
}

/// What the person knows of one of their proposals.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) key: Key,
    pub(crate) values: Row,
    /// Values that stood there before the person corrected them.
    pub(crate) corrected: BTreeSet<(Field, i64)>,
    /// Fields left to the others when a conflict was resolved.
    pub(crate) yielded: BTreeSet<Field>,
    /// Per field, the values the person saw and chose to replace.
    pub(crate) seen: BTreeSet<(Field, i64)>,
    /// How often the person sent it off: by typing, by resolving a conflict, by trying again.
    pub(crate) decisions: usize,
    pub(crate) was_in_doubt: bool,
    /// The network handed a write of it to the server twice.
    pub(crate) was_repeated: bool,
    pub(crate) ending: Option<Ending>,
}

impl Typed {
    /// Whether the person ever typed this value into this field of the proposal.
    pub(crate) fn had(&self, field: Field, value: i64) -> bool {
        self.values.get(field) == Some(&value) || self.corrected.contains(&(field, value))
    }
}

type Painted = BTreeMap<Key, BTreeMap<Field, (Option<i64>, Mark)>>;

pub(crate) struct Client {
    pub(crate) number: usize,
    pub(crate) store: Box<dyn Reducer>,
    pub(crate) typed: BTreeMap<IntentId, Typed>,
    /// Requests of the store that it has not been told an outcome of, with the record written.
    pub(crate) open: BTreeMap<RequestId, Option<Key>>,
    pub(crate) ever_requested: BTreeSet<RequestId>,
    /// Rows of the list, for records that the store does not hold.
    pub(crate) grid: BTreeMap<Key, (Version, Row)>,
    pub(crate) grid_asked_at: Stamp,
    pub(crate) painted: Painted,
    pub(crate) holds: Vec<Key>,
    pub(crate) is_online: bool,
    pub(crate) is_signed_in: bool,
    /// The last request that left before the person last signed in; a 401 to it is old news.
    pub(crate) before_sign_in: Option<RequestId>,
    /// The session the server knows; signing in starts another.
    pub(crate) session: u32,
    pub(crate) is_viewer: bool,
    pub(crate) wake_at: Option<Time>,
    /// The server wished for no request before this time.
    pub(crate) not_before: u64,
    /// The state of each held record at the last step, as the server counts (S2).
    pub(crate) states: BTreeMap<Key, usize>,
}

pub(crate) type StoreRequest = Request<Key, Field, i64>;

impl Client {
    pub(crate) fn new(number: usize, store: Box<dyn Reducer>) -> Self {
        Self {
            number,
            store,
            typed: BTreeMap::new(),
            open: BTreeMap::new(),
            ever_requested: BTreeSet::new(),
            grid: BTreeMap::new(),
            grid_asked_at: Stamp::default(),
            painted: BTreeMap::new(),
            holds: Vec::new(),
            is_online: true,
            is_signed_in: true,
            before_sign_in: None,
            session: 0,
            is_viewer: false,
            wake_at: None,
            not_before: 0,
            states: BTreeMap::new(),
        }
    }

    /// Hands an event to the store and takes in what follows; gives back the requests to send.
    pub(crate) fn apply(
        &mut self,
        event: Event<Key, Field, i64>,
        now: u64,
    ) -> Result<Vec<StoreRequest>, String> {
        self.foresee(&event, now);
        let Effects { changed, requests, notices, wake_at, .. } = self.store.apply(event);
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
                let confirmed =
                    view.fields().filter_map(|cell| Some((*cell.field, *cell.confirmed?))).collect();
                self.grid.insert(change.key, (version.clone(), confirmed));
            }
        }
        for notice in notices {
            let (intent, ending) = match notice {
                Notice::Settled { intent, .. } => (intent, Some(Ending::Settled)),
                Notice::Discarded { intent, .. } => (intent, Some(Ending::Discarded)),
                Notice::InDoubt { intent, .. } => (intent, None),
                Notice::Created { .. }
                | Notice::Merged { .. }
                | Notice::Conflicted { .. }
                | Notice::Refused { .. }
                | Notice::StillSending { .. }
                | Notice::Gone { .. } => continue,
            };
            if let Some(typed) = self.typed.get_mut(&intent) {
                typed.was_in_doubt |= ending.is_none();
                typed.ending = typed.ending.or(ending);
            }
        }
        for request in &requests {
            self.sent(request, now)?;
        }
        Ok(requests)
    }

    /// What the person and the browser know of an event, apart from the store.
    fn foresee(&mut self, event: &Event<Key, Field, i64>, now: u64) {
        match event {
            Event::Answered { request, outcome, .. } => {
                let was_open = self.open.remove(request).is_some();
                if *outcome == Outcome::SessionExpired && was_open && Some(*request) > self.before_sign_in {
                    self.is_signed_in = false;
                }
                if let Outcome::Pressure { retry_after: Some(wait) } = outcome
                    && was_open
                {
                    let until = now + u64::try_from(wait.as_millis()).expect("short");
                    self.not_before = self.not_before.max(until);
                }
            }
            Event::WentOffline => self.is_online = false,
            Event::WentOnline => self.is_online = true,
            Event::SignedIn => {
                self.is_signed_in = true;
                self.before_sign_in = self.ever_requested.last().copied();
            }
            _ => {}
        }
    }

    /// The promises about every single request.
    fn sent(&mut self, request: &StoreRequest, now: u64) -> Result<(), String> {
        if !self.is_online {
            return Err("a request while offline".to_owned());
        }
        if !self.is_signed_in {
            return Err("a request while signed out".to_owned());
        }
        if now < self.not_before {
            return Err("a request before Retry-After has passed".to_owned());
        }
        let (number, written) = match request {
            Request::Read { request, .. } => (*request, None),
            Request::Act { .. } | Request::Probe { .. } => {
                return Err("nobody asked for an action".to_owned());
            }
            Request::Write { request, key, version, .. } => {
                let known = self.store.store().view(key).and_then(|v| v.version());
                if version.token.is_empty() {
                    return Err("a write without a version".to_owned());
                }
                if known != Some(version) {
                    return Err("S4: a write with another version than the newest".to_owned());
                }
                if self.open.values().any(|open| *open == Some(*key)) {
                    return Err("S3: two writes in flight for one record".to_owned());
                }
                (*request, Some(*key))
            }
        };
        if !self.ever_requested.insert(number) {
            return Err("a request number was used twice".to_owned());
        }
        self.open.insert(number, written);
        Ok(())
    }

    /// The row a person would type into: what the store shows, else the row of the list.
    pub(crate) fn row(&self, key: Key) -> Option<(Version, Row)> {
        let Some(view) = self.store.store().view(&key) else {
            return self.grid.get(&key).cloned();
        };
        let fields = view.fields();
        let confirmed = fields.filter_map(|cell| Some((*cell.field, *cell.confirmed?)));
        Some((view.version()?.clone(), confirmed.collect()))
    }
}
