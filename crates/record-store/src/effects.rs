//! What follows from an event: what changed on screen, what must be sent, what to tell the person.

use crate::{Action, Fields, IntentId, JournalLine, RequestId, Time, Version};

/// Everything one event led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects<K, F, V> {
    /// Records whose shown values, marks, version or existence are different now.
    pub changed: Vec<Changed<K, F>>,
    /// To be made durable first, before any of the requests leaves.
    pub journal: Vec<JournalLine<K, F, V>>,
    /// To be carried out; each is answered by one [`Event::Answered`](crate::Event::Answered).
    pub requests: Vec<Request<K, F, V>>,
    pub notices: Vec<Notice<K, F>>,
    /// When the store next wants [`Event::TimePassed`](crate::Event::TimePassed), if nothing
    /// else happens first.
    pub wake_at: Option<Time>,
}

impl<K, F, V> Default for Effects<K, F, V> {
    fn default() -> Self {
        Self {
            changed: Vec::new(),
            journal: Vec::new(),
            requests: Vec::new(),
            notices: Vec::new(),
            wake_at: None,
        }
    }
}

/// A record to be painted again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<K, F> {
    pub key: K,
    /// Fields whose shown value or mark differ. Empty when only the version moved.
    pub fields: Vec<F>,
}

/// A request for the app to carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum Request<K, F, V> {
    /// PATCH these fields, on condition that the record is still at `version` (S4).
    Write {
        request: RequestId,
        /// The one proposal this write carries.
        intent: IntentId,
        key: K,
        version: Version,
        fields: Fields<F, V>,
    },
    /// GET the whole record.
    Read { request: RequestId, key: K },
    /// Do this, once. No answer is ever taken as leave to do it again.
    Act { request: RequestId, intent: IntentId, key: K, action: Action<F, V> },
    /// Find out by reading whether this was done: [`Outcome::Done`](crate::Outcome::Done),
    /// [`Outcome::Created`](crate::Outcome::Created) or [`Outcome::NotDone`](crate::Outcome::NotDone).
    /// `at` is when the person last sent it off, by asking or by trying again: what was done before that
    /// time is not its doing, where only a time tells (rows that a purge has seeded).
    Probe { request: RequestId, intent: IntentId, key: K, action: Action<F, V>, at: Time },
}

/// Something the person should be able to see, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice<K, F> {
    /// The server holds what was proposed, or has done what was asked.
    Settled { intent: IntentId, key: K },
    /// The server made the record and calls it `as_key`.
    Created { intent: IntentId, key: K, as_key: K },
    /// Somebody else changed `fields` meanwhile; they do not overlap with the proposal, which
    /// goes on over them.
    Merged { intent: IntentId, key: K, fields: Vec<F> },
    /// Somebody else changed these `fields` of the proposal; a person must decide.
    Conflicted { intent: IntentId, key: K, fields: Vec<F> },
    /// The server said no; the reasons and the typed values are in the record's view.
    Refused { intent: IntentId, key: K },
    /// Sent, not confirmed, being looked up.
    InDoubt { intent: IntentId, key: K },
    /// Given up by the person: discarded, or every field left to the others.
    Discarded { intent: IntentId, key: K },
    /// An intent cannot be discarded while it is being sent, an action also while it is in doubt.
    StillSending { intent: IntentId, key: K },
    /// The record is no longer there.
    Gone { key: K },
}
