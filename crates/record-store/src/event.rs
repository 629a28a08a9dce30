//! Everything that can happen to the store: what was read, what a person did, what the network
//! answered, what changed in the world. Not here: what follows from it (see `effects`).

use crate::{Action, Fields, PersistedIntent, Stamp, System, Version};
use std::collections::BTreeMap;
use std::time::Duration;

/// Names one proposal of a person for its whole life. The app gives it out and never reuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u64);

/// Names one request the store asked for; its answer carries the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// A wall-clock time in milliseconds since 1970-01-01 UTC, as the app read it (S10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl Time {
    /// This time moved on by `wait`.
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Something that happened. The only way into the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<K, F, V> {
    /// One record was read by the app itself. `asked_at` is [`Store::stamp`](crate::Store::stamp)
    /// as it was when the request left. `fields` is the whole record, empty values included.
    ItemRead { key: K, asked_at: Stamp, version: Version, fields: Fields<F, V> },
    /// A page of a list was read. Only rows of records the store holds are looked at; the others
    /// stay in the list's own columns (S11). Hand in every page, so that held records keep up.
    ListRead { asked_at: Stamp, rows: Vec<(K, Version, Fields<F, V>)> },
    /// A read found that the record is no longer there (404, 410).
    Gone { key: K, asked_at: Stamp },

    /// A person changed fields of a record, all of them to be accepted or refused together.
    /// `base` is the confirmed row they looked at: it becomes the record's base if the store does
    /// not hold it yet, and in any case the values their change is compared from.
    Propose { intent: IntentId, key: K, base: (Version, Fields<F, V>), changes: Fields<F, V>, at: Time },
    /// A person did all of this in one operation, one after the other: proposed for many records,
    /// retried or discarded many intents. Each settles by itself (S9).
    AtOnce(Vec<Self>),
    /// A person wants something done once: `key` is the record it is done to, or the one that
    /// comes to be. Refused at once while offline: what cannot be repeated is not queued for later.
    Act { intent: IntentId, key: K, action: Action<F, V>, at: Time },
    /// Intents of a tab that is gone, or of this one before it was loaded anew.
    Restored { persisted: Vec<PersistedIntent<K, F, V>>, at: Time },
    /// A person decided fields of a conflict. Fields without a choice stay in conflict.
    Resolve { intent: IntentId, choices: BTreeMap<F, Choice<V>> },
    /// A person gave a proposal up. Not possible while it is being sent: propose the old value.
    Discard { intent: IntentId },
    /// A person wants a refused intent sent again, or a doubtful one looked up again.
    Retry { intent: IntentId, at: Time },

    /// A request of the store was answered, or will never be.
    Answered { request: RequestId, outcome: Outcome<K, F, V>, at: Time },

    /// The browser says there is no network: nothing is sent.
    WentOffline,
    /// There is a network again.
    WentOnline,
    /// The app learnt from elsewhere that a system's session has ended: nothing is sent there, nothing
    /// dropped.
    SessionExpired { system: System },
    /// The person signed in there again.
    SignedIn { system: System },
    /// This tab holds the lease to write, or no longer. One tab of a browser holds it at a time; a store
    /// begins with it.
    WriteLease { is_held: bool },
    /// A person does not want to wait until a pause is over.
    TriedNow { at: Time },
    /// Time has moved on; due at [`Effects::wake_at`](crate::Effects::wake_at) at the latest.
    TimePassed { now: Time },

    /// A screen shows this record: keep it, and read it if it is not known (S11).
    Hold { key: K },
    /// The screen is gone.
    Release { key: K },
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<K, F, V> {
    /// A write was accepted: the new version, and the record as the server now holds it.
    Accepted { version: Version, fields: Fields<F, V> },
    /// A write was refused because its version is not the current one (412; 400 with code 25014;
    /// 409 of version). `current` is the record from the body, where there was one.
    Stale { current: Option<(Version, Fields<F, V>)> },
    /// The server understood and said no: 409 or 400 of state, 400/422 of validation, 403.
    Refused { kind: RefusalKind, reasons: Vec<Reason<F>> },
    /// 401.
    SessionExpired,
    /// 404 or 410.
    Gone,
    /// 425, 429 or 503.
    Pressure { retry_after: Option<Duration> },
    /// It left and no answer came (timeout, cut, 408, 499, 502, 504): a write is now in doubt.
    Lost,
    /// It never left this machine: safe to send again, after this long where that is known.
    NotSent { retry_after: Option<Duration> },
    /// A read was answered with the whole record.
    Read { version: Version, fields: Fields<F, V> },
    /// An action was done, by its answer or by a probe's; with the record after it where that is
    /// told.
    Done { record: Option<(Version, Fields<F, V>)> },
    /// The record was created, by an answer or by a probe's, and the server calls it `key`.
    Created { key: K, version: Version, fields: Fields<F, V> },
    /// A probe found that the action has not been done, so far.
    NotDone,
}

/// Why a proposal was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The record's state forbids it: locked, already reversed, period closed.
    Business,
    /// A value is not allowed.
    Validation,
    /// The person may not do this.
    Role,
    /// The record is no longer there.
    Gone,
    /// Others changed the record before each of several attempts.
    Contended,
    /// It was asked for while there was no network.
    Offline,
    /// Its answer was lost, and a read proved that it was never done.
    NotDone,
}

/// One thing the server said about a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<F> {
    /// The field it is about, where the server named one.
    pub field: Option<F>,
    pub message: String,
    pub code: Option<String>,
}

/// What a person decides about one field in conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice<V> {
    KeepMine,
    TakeTheirs,
    Edit(V),
}
