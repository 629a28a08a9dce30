//! The lane of one system: what of its records waits, whether it still knows who is asking, and until
//! when it rests. Records of several systems lie in one store, and a system that has ended its session
//! or asks for a pause holds nobody else's records up.

use crate::queue::Queue;
use crate::{Session, Stamp, System, Time};
use std::collections::BTreeMap;
use std::ops::Bound;

#[derive(Clone, Debug)]
pub(crate) struct Lane<K> {
    pub(crate) to_read: Queue<K>,
    pub(crate) to_write: Queue<K>,
    pub(crate) session: Session,
    pub(crate) signed_in_at: Stamp,
    pub(crate) failures: u32,
    pub(crate) resume_at: Time,
    /// The server asked for the pause itself.
    pub(crate) is_wished: bool,
}

impl<K: Ord + Clone> Lane<K> {
    fn new() -> Self {
        Self {
            to_read: Queue::new(),
            to_write: Queue::new(),
            session: Session::Active,
            signed_in_at: Stamp::default(),
            failures: 0,
            resume_at: Time::default(),
            is_wished: false,
        }
    }

    pub(crate) fn is_active(&self) -> bool {
        self.session == Session::Active
    }

    /// Whether anything may be asked now.
    pub(crate) fn is_open(&self, now: Time) -> bool {
        self.is_active() && now >= self.resume_at
    }

    /// Records in line, among them some that need nothing any more.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &K> {
        self.to_write.iter().chain(self.to_read.iter())
    }
}

/// The lanes of all systems.
#[derive(Clone, Debug)]
pub(crate) struct Lanes<K> {
    lanes: BTreeMap<System, Lane<K>>,
    system_of: fn(&K) -> System,
    last_served: System,
}

impl<K: Ord + Clone> Lanes<K> {
    pub(crate) fn new(system_of: fn(&K) -> System) -> Self {
        Self { lanes: BTreeMap::new(), system_of, last_served: System::default() }
    }

    pub(crate) fn system(&self, key: &K) -> System {
        (self.system_of)(key)
    }

    pub(crate) fn of(&mut self, key: &K) -> &mut Lane<K> {
        self.at((self.system_of)(key))
    }

    pub(crate) fn at(&mut self, system: System) -> &mut Lane<K> {
        self.lanes.entry(system).or_insert_with(Lane::new)
    }

    /// The lane of a record, if anything was ever heard of its system.
    pub(crate) fn get(&self, key: &K) -> Option<&Lane<K>> {
        self.lanes.get(&(self.system_of)(key))
    }

    /// The next record to be read of a system that may be asked. Systems take turns: ten thousand
    /// records of one do not make another wait.
    pub(crate) fn next_to_read(&mut self, now: Time) -> Option<K> {
        self.next(|lane| if lane.is_open(now) { lane.to_read.pop() } else { None })
    }

    /// The same for a record to be written.
    pub(crate) fn next_to_write(&mut self, now: Time) -> Option<K> {
        self.next(|lane| if lane.is_open(now) { lane.to_write.pop() } else { None })
    }

    fn next(&mut self, pop: impl Fn(&mut Lane<K>) -> Option<K>) -> Option<K> {
        let after = (Bound::Excluded(self.last_served), Bound::Unbounded);
        let found = self.lanes.range_mut(after).find_map(|(system, lane)| Some((*system, pop(lane)?)));
        let found = found.or_else(|| {
            let up_to = self.lanes.range_mut(..=self.last_served);
            up_to.into_iter().find_map(|(system, lane)| Some((*system, pop(lane)?)))
        });
        let (system, key) = found?;
        self.last_served = system;
        Some(key)
    }

    pub(crate) fn session(&self, system: System) -> Session {
        self.lanes.get(&system).map(|lane| lane.session).unwrap_or_default()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Lane<K>> {
        self.lanes.values()
    }

    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Lane<K>> {
        self.lanes.values_mut()
    }
}
