//! What must outlive the tab: a person's proposals and actions, never a record of the server's.
//! Not here: where and how it is stored; the app writes it to disk before it sends anything.

use crate::intent::Change;
use crate::{Action, IntentId, Mark, Reason, RefusalKind, Time};
use std::collections::BTreeMap;

/// One line for the journal, to be durable before the requests of the same
/// [`Effects`](crate::Effects) leave.
#[derive(Clone, Debug, PartialEq)]
pub enum JournalLine<K, F, V> {
    /// It stands so now; replaces the line of the same intent.
    Put(PersistedIntent<K, F, V>),
    /// It came to its end and needs no carrying on.
    Ended { intent: IntentId, ending: Ending },
}

/// How an intent came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server holds it, or has done it.
    Settled,
    /// A person gave it up.
    Discarded,
}

/// An intent as the journal holds it; [`Event::Restored`](crate::Event::Restored) takes it up again.
#[derive(Clone, Debug, PartialEq)]
pub struct PersistedIntent<K, F, V> {
    pub intent: IntentId,
    pub key: K,
    /// When the person proposed it.
    pub at: Time,
    /// When the person last sent it off.
    pub sent_off_at: Time,
    pub content: Content<F, V>,
    /// Edits of the same record whose values the person saw when they sent this one off. Whatever
    /// else changed the record, be it another tab of theirs, it was not typed over.
    pub over: Vec<IntentId>,
    pub mark: Mark,
    /// What the server said, where it said no.
    pub refusal: Option<(RefusalKind, Vec<Reason<F>>)>,
    /// When the answer to an attempt at an action was lost.
    pub lost_at: Option<Time>,
}

/// What a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Content<F, V> {
    /// Values typed, over the values they were typed over.
    Edit(BTreeMap<F, Change<V>>),
    Action(Action<F, V>),
}
