//! Wrong stores: the true one behind a wrapper that spoils what goes in or comes out. Each is a
//! mistake somebody could make, and the promises must notice it. By what they spoil: `edits`,
//! `actions`, `tabs` (the journal, the write lease, what is taken up).

mod actions;
mod edits;
mod tabs;

use crate::server::{Field, Key, system_of};
use record_store::{Effects, Event, Limits, Store};

pub(crate) type TheStore = Store<Key, Field, i64>;
type In = Event<Key, Field, i64>;
type Out = Effects<Key, Field, i64>;

/// What a simulated person sits in front of.
pub(crate) trait Reducer {
    fn apply(&mut self, event: In) -> Out;
    fn store(&self) -> &TheStore;

    /// Whether the tab asks for the write lease, or keeps it.
    fn needs_write_lease(&self) -> bool {
        self.store().needs_write_lease()
    }
}

/// A store with one way of being wrong. `spoil` sees the event before the store does and does
/// with it as it likes.
struct Mutant<M> {
    store: TheStore,
    memory: M,
    spoil: fn(&mut TheStore, &mut M, In) -> Out,
}

impl<M> Reducer for Mutant<M> {
    fn apply(&mut self, event: In) -> Out {
        (self.spoil)(&mut self.store, &mut self.memory, event)
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn mutant<M: Default + 'static>(
    limits: Limits,
    spoil: fn(&mut TheStore, &mut M, In) -> Out,
) -> Box<dyn Reducer> {
    Box::new(Mutant { store: the_store(limits), memory: M::default(), spoil })
}

/// The store that mutants spoil.
fn the_store(limits: Limits) -> TheStore {
    Store::of_systems(limits, system_of)
}

/// The store as it is.
pub(crate) fn faithful(limits: Limits) -> Box<dyn Reducer> {
    mutant::<()>(limits, |store, (), event| store.apply(event))
}

type Make = fn(Limits) -> Box<dyn Reducer>;

/// Which stores a schedule is played with, and what the app around them does wrong.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) make: Make,
    /// Lines of a dead tab become its own in the transaction in which they are read.
    pub(crate) owns_what_it_takes_up: bool,
    pub(crate) disk: Option<DiskMistake>,
}

/// What the app can do wrong when its disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiskMistake {
    TakesAFailedWriteForDone,
    DoesNotHearThatTheDiskIsGone,
    DoesNotWriteAnew,
    SendsActionsAheadOfTheDisk,
    TakesAnyLineForTheNewest,
    ForgetsEndsThatAreNotWritten,
    WritesWithoutTheTurnWhereThereIsNoDisk,
}

impl Kind {
    pub(crate) const FAITHFUL: Self = Self::of(faithful);

    pub(crate) const fn of(make: Make) -> Self {
        Self { make, owns_what_it_takes_up: true, disk: None }
    }
}

/// Every mutant with its name.
pub(crate) fn mutants() -> Vec<(&'static str, Kind)> {
    let stores = [edits::EDITS, actions::ACTIONS, tabs::TABS].concat();
    let mut all: Vec<_> = stores.into_iter().map(|(name, make)| (name, Kind::of(make))).collect();
    all.push(("takes up a journal line twice", Kind { owns_what_it_takes_up: false, ..Kind::FAITHFUL }));
    let disk = [
        ("takes a failed write to the disk for done", DiskMistake::TakesAFailedWriteForDone),
        ("does not hear that the disk is gone", DiskMistake::DoesNotHearThatTheDiskIsGone),
        ("writes nothing anew when the disk is back", DiskMistake::DoesNotWriteAnew),
        ("sends actions ahead of the disk", DiskMistake::SendsActionsAheadOfTheDisk),
        ("takes any line on the disk for the newest", DiskMistake::TakesAnyLineForTheNewest),
        ("forgets ends that are not on the disk", DiskMistake::ForgetsEndsThatAreNotWritten),
        (
            "writes without the write lease where there is no disk",
            DiskMistake::WritesWithoutTheTurnWhereThereIsNoDisk,
        ),
    ];
    all.extend(disk.map(|(name, mistake)| (name, Kind { disk: Some(mistake), ..Kind::FAITHFUL })));
    all
}

fn join(out: &mut Out, more: Out) {
    out.changed.extend(more.changed);
    out.journal.extend(more.journal);
    out.requests.extend(more.requests);
    out.notices.extend(more.notices);
    out.wake_at = more.wake_at;
}
