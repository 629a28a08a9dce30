//! The optimistic record store: what the server confirmed, what a person proposed on top of it,
//! and which requests bring the two together.
//!
//! One value, [`Store`], one way in, [`Store::apply`]: an [`Event`] goes in, [`Effects`] come out.
//! Everything is data, so the store cannot fail and the same events always give the same effects.
//! The rules it keeps (S1 to S12) are listed in the project's `ARCHITECTURE.md`; code and tests
//! cite them by number.
//!
//! Two kinds of intent go in: *edits*, typed values over the values they were typed over, which may
//! be sent again because a version stands guard; and *actions*, which may not, and whose fate after
//! a lost answer only a read tells (S12). Both outlive the tab through the [`Journal`].
//!
//! The app owes the store four things, and the simulator in `tests/simulator` plays them as it plays
//! the server: the journal's lines are durable before the requests of the same [`Effects`] leave; one
//! tab of a browser has the turn at a time ([`Event::Turn`]); the lines of a dead tab become another's
//! own in the transaction in which they are read, and are then taken up ([`Event::Restored`]); and
//! [`Outcome::NotSent`] is said only of what certainly never left. `cargo xtask simulate` plays as many
//! schedules as one likes.
//!
//! What is *not* here: no clock, no randomness, no I/O, no async, no wire format, no word of
//! business (S10). The app turns answers into events, writes the journal and carries requests out.

mod action;
mod compare;
mod effects;
mod event;
mod intent;
mod kept;
mod limits;
mod queue;
mod record;
mod store;
mod summary;
mod version;
mod view;

pub use action::Action;
pub use effects::{Changed, Effects, Notice, Request};
pub use event::{Choice, Event, IntentId, Outcome, Reason, RefusalKind, RequestId, Time};
pub use intent::{Change, IntentState};
pub use kept::{Content, Ending, Journal, Kept};
pub use limits::Limits;
pub use store::Store;
pub use summary::{Session, Summary};
pub use version::{Stamp, Version};
pub use view::{ActionView, ChangeView, FieldView, IntentView, Mark, RecordView};

use std::collections::BTreeMap;
use std::fmt::Debug;

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
