//! The optimistic record store: what the server confirmed, what a person proposed on top of it,
//! and which requests bring the two together.
//!
//! One value, [`Store`], one way in, [`Store::apply`]: an [`Event`] goes in, [`Effects`] come out.
//! Everything is data, so the store cannot fail and the same events always give the same effects.
//! The rules it keeps (S1 to S12) are listed in the project's `ARCHITECTURE.md`; code and tests
//! cite them by number.
//!
//! Two kinds of intent go in: *edits*, typed values over the values they were typed over, which may
//! be sent again because a version stands guard; and *actions*, which may not, and whose outcome after
//! a lost answer only a read tells (S12). Both outlive the tab through the [`JournalLine`].
//!
//! What a probe compares is stored with the action: in its arguments (the record as it was when the person
//! asked, a natural key) or in [`Request::Probe`]'s time of sending off.
//!
//! | action | was done when | played by the simulator |
//! |---|---|---|
//! | create | the record of that natural key is there | yes, with the server refusing the key a second time |
//! | reverse | the flag fell, or an event of the opposite quantity names it | by the flag |
//! | add or remove events | the named member is in the batch or out of it, else the count moved | adding, by a planted tag; nothing guards it |
//! | lock, revert, submit | the batch left the state it was seen in, and not for one that the step cannot lead to; submitted again: it was processed since | yes |
//! | purge | rows are there that were seeded since it was last pressed | yes; nothing guards it |
//!
//! The app's own purge does not pass through here. It is a procedure that one page goes through step by
//! step (`rest_contract::cloud_foundry::Procedure`), and it goes by the newest event from before instead
//! of by the time, because the platform's clock is not the browser's and an empty platform seeds nothing.
//! Such an event would be an argument of the action here; what the store has no word for is what comes
//! before the request (the copy, the quiet, the name, the countdown).
//!
//! The app owes the store four things, and the simulator in `tests/simulator` plays them as it plays
//! the server: the journal's lines are durable before the requests of the same [`Effects`] leave; one
//! tab of a browser has the write lease at a time ([`Event::WriteLease`]); the lines of a dead tab become another's
//! own in the transaction in which they are read, and are then taken up ([`Event::Restored`]); and
//! [`Outcome::NotSent`] is said only of what certainly never left. `cargo xtask simulate` plays as many
//! schedules as one likes.
//!
//! What is *not* here: no clock, no randomness, no I/O, no async, no wire format, no word of
//! business (S10). The app turns answers into events, writes the journal and carries requests out.

mod action;
mod compare;
mod durability;
mod effects;
mod event;
mod intent;
mod lane;
mod limits;
mod persisted_intent;
mod queue;
mod record;
mod store;
mod summary;
mod version;
mod view;

pub use action::Action;
pub use durability::{Durability, LineNumber};
pub use effects::{Changed, Effects, Notice, Request};
pub use event::{Choice, Event, IntentId, Outcome, Reason, RefusalKind, RequestId, Time};
pub use intent::{Change, IntentState};
pub use limits::Limits;
pub use persisted_intent::{Content, Ending, JournalLine, PersistedIntent};
pub use store::Store;
pub use summary::{Session, Summary};
pub use version::{Stamp, Version};
pub use view::{ActionView, ChangeView, FieldView, IntentView, Mark, RecordView};

use std::collections::BTreeMap;
use std::fmt::Debug;

/// Which system a record belongs to, where the records of several lie in one store. Each has a session
/// and a pause of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct System(pub u8);

/// What a record is known by, for example its resource path.
pub trait Key: Clone + Ord + Debug {}
impl<T: Clone + Ord + Debug> Key for T {}

/// The name of a field of a record.
pub trait Field: Clone + Ord + Debug {}
impl<T: Clone + Ord + Debug> Field for T {}

/// The value of a field. An empty value is a value (`None` inside `V`), not a missing field.
pub trait Value: Clone + PartialEq + Debug {}
impl<T: Clone + PartialEq + Debug> Value for T {}

/// The fields of one record.
pub type Fields<F, V> = BTreeMap<F, V>;

/// A map made pair by pair. `collect` would sort first, which is much code for each kind of pairs, and fields are few.
pub fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}
