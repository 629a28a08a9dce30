//! Runs the record store: feeds what was read and answered in, carries its requests out, and tells
//! the screens what changed.
//!
//! Not here: the rules of optimistic writing (`record-store`), HTTP (`rest_client`), and any
//! wording but the short notices that follow an answer. Signals here carry revisions and summaries,
//! never business data, so that nothing can disagree with the store.

mod bulk;
mod carry;
mod change_log;
mod journal;
mod kept_text;
mod notices;
mod proposals;
mod strokes;
mod undo;

pub use change_log::{ChangeLog, Entry, Standing};
pub use notices::{NoticeBoard, Toast};
pub use proposals::{Confirmed, Fate, refusal_words, typed_value};
pub use strokes::{BulkRow, StrokeId};

use crate::rest_client::{RecordKey, RestClient};
use bulk::ToDo;
use grid_model::Tone;
use journal::{Journal, Turn};
use leptos::prelude::*;
use record_store::{Content, Event, Fields, IntentId, Limits, RecordView, Stamp, Summary, Time, Version};
use rest_contract::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;
use strokes::Strokes;

/// A field's name, as the contract's tables hold it.
pub type FieldName = &'static str;
pub type Store = record_store::Store<RecordKey, FieldName, Value>;
pub type View<'a> = RecordView<'a, RecordKey, FieldName, Value>;
type StoreEvent = Event<RecordKey, FieldName, Value>;
type Listener = Rc<dyn Fn(&BTreeSet<RecordKey>)>;

/// How long a field says "saved" before it is simply a value, and how often it is looked whether it
/// still should.
const SAVED_FOR: Duration = Duration::from_secs(4);
const SAVED_LOOK: Duration = Duration::from_secs(1);

/// Steps of changes that come within this time are told together: of thousands, a few times a second
/// is all that a person can follow.
const STEPS_TOGETHER: Duration = Duration::from_millis(40);

/// The store of this tab with everything around it; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct RecordSync {
    client: RestClient,
    inner: StoredValue<Inner, LocalStorage>,
    /// Goes up with every change of any record that the store holds.
    pub revision: RwSignal<u64>,
    pub summary: RwSignal<Summary>,
    /// Goes up with every step of any change.
    pub log_revision: RwSignal<u64>,
    /// Goes up when an action was done: lists may hold other records now.
    pub actions_done: RwSignal<u64>,
    /// Whether earlier work may still be found: until then nothing can be called saved.
    pub is_looking: RwSignal<bool>,
    pub notices: NoticeBoard,
}

struct Inner {
    store: Store,
    /// How many people have sat here since the page was loaded.
    desk: u64,
    next_intent: u64,
    /// What other tabs know this one by.
    tab: String,
    log: ChangeLog,
    /// What the server called records created here.
    created: BTreeMap<IntentId, RecordKey>,
    journal: Option<Journal>,
    /// How many writes to the journal are not done.
    being_written: usize,
    turn: Turn,
    strokes: Strokes,
    /// What a person did at one stroke and the store has not heard of yet.
    to_do: VecDeque<ToDo>,
    /// A timer runs for the next portion of it.
    goes_on: bool,
    /// A timer runs that will say that changes took steps.
    tells_steps: bool,
    /// When the store asked to be woken, as long as a timer for it runs.
    wake_at: Option<Time>,
    /// Fields that were settled a moment ago, and until when that is said of them.
    saved: BTreeMap<RecordKey, (Time, BTreeSet<FieldName>)>,
    listeners: Vec<(u64, Listener)>,
    next_listener: u64,
}

impl Inner {
    fn new() -> Self {
        // Drawn once a tab: tabs that lost the same server do not come back in the same instant.
        let jitter = Duration::from_millis(now().0 % 250);
        Self {
            store: Store::new(Limits { jitter, ..Limits::default() }),
            desk: 0,
            // Tabs of a browser share a journal: each numbers its intents from a place of its own.
            next_intent: first_intent(),
            tab: first_intent().to_string(),
            log: ChangeLog::default(),
            created: BTreeMap::new(),
            journal: None,
            being_written: 0,
            turn: Turn::Others,
            strokes: Strokes::default(),
            to_do: VecDeque::new(),
            goes_on: false,
            tells_steps: false,
            wake_at: None,
            saved: BTreeMap::new(),
            listeners: Vec::new(),
            next_listener: 0,
        }
    }
}

/// A place among 2^53 numbers that no other tab begins at.
fn first_intent() -> u64 {
    let mut bytes = [0; 8];
    // Without it two tabs might number alike; the clock is the next best thing.
    let drawn = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_ok() { u64::from_le_bytes(bytes) >> 12 } else { now().0 << 8 }
}

fn now() -> Time {
    Time(js_sys::Date::new_0().get_time().max(0.0) as u64)
}

impl RecordSync {
    pub fn new(client: RestClient, notices: NoticeBoard) -> Self {
        let inner = Inner::new();
        let summary = RwSignal::new(inner.store.summary());
        let sync = Self {
            client,
            inner: StoredValue::new_local(inner),
            revision: RwSignal::new(0),
            summary,
            log_revision: RwSignal::new(0),
            actions_done: RwSignal::new(0),
            is_looking: RwSignal::new(false),
            notices,
        };
        let online = leptos::ev::Custom::<web_sys::Event>::new("online");
        let offline = leptos::ev::Custom::<web_sys::Event>::new("offline");
        let _ = window_event_listener(online, move |_| sync.apply(Event::WentOnline));
        let _ = window_event_listener(offline, move |_| sync.apply(Event::WentOffline));
        let _ = window_event_listener(leptos::ev::beforeunload, move |event| {
            if sync.would_lose() {
                event.prevent_default();
            }
        });
        sync
    }

    /// Whether closing the page now would lose something that a person typed: it is not in the
    /// journal yet, or there is none.
    pub fn would_lose(&self) -> bool {
        self.inner.with_value(|inner| {
            inner.being_written > 0
                || !inner.to_do.is_empty()
                || (inner.journal.is_none() && !inner.log.unsettled().is_empty())
        })
    }

    /// Whether something is not settled yet; signing out drops it.
    pub fn holds_unsettled(&self) -> bool {
        self.inner.with_value(|inner| !inner.log.unsettled().is_empty())
    }

    /// What this browser proposed, and what became of it.
    pub fn with_log<T>(&self, look: impl FnOnce(&ChangeLog) -> T) -> T {
        self.inner.with_value(|inner| look(&inner.log))
    }

    fn desk(&self) -> Option<u64> {
        self.inner.try_with_value(|inner| inner.desk)
    }

    /// The moment to hand back with what a read brings.
    pub fn stamp(&self) -> Stamp {
        self.inner.with_value(|inner| inner.store.stamp())
    }

    /// Shows a record as the store sees it; `None` where the store does not hold it.
    pub fn with_view<T>(&self, key: &RecordKey, look: impl FnOnce(Option<View<'_>>) -> T) -> T {
        self.inner.with_value(|inner| look(inner.store.view(key)))
    }

    pub fn with_store<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        self.inner.with_value(|inner| look(&inner.store))
    }

    /// Whether the field was confirmed a moment ago by an answer to a change made here.
    pub fn was_just_saved(&self, key: &RecordKey, field: FieldName) -> bool {
        self.inner.with_value(|inner| inner.saved.get(key).is_some_and(|(_, fields)| fields.contains(field)))
    }

    /// A page of a list was read.
    pub fn list_read(
        &self,
        asked_at: Stamp,
        rows: impl Iterator<Item = (RecordKey, Version, Fields<FieldName, Value>)>,
    ) {
        // Most rows of a list are of no interest to the store; those are not even collected.
        let rows: Vec<_> =
            self.inner.with_value(|inner| rows.filter(|(key, ..)| inner.store.view(key).is_some()).collect());
        if !rows.is_empty() {
            self.apply(Event::ListRead { asked_at, rows });
        }
    }

    pub fn item_read(
        &self,
        key: RecordKey,
        asked_at: Stamp,
        version: Version,
        fields: Fields<FieldName, Value>,
    ) {
        self.apply(Event::ItemRead { key, asked_at, version, fields });
    }

    /// Keeps a record up to date as long as the calling component lives.
    pub fn hold(&self, key: RecordKey) {
        let sync = *self;
        sync.apply(Event::Hold { key: key.clone() });
        on_cleanup(move || sync.apply(Event::Release { key }));
    }

    pub fn session_expired(&self) {
        self.apply(Event::SessionExpired);
    }

    /// `person` names who signed in, at which system: nobody goes on with another one's changes.
    pub fn signed_in(&self, person: &str) {
        if self.inner.with_value(|inner| inner.journal.is_none()) {
            self.open_journal(person);
        }
        self.apply(Event::SignedIn);
    }

    /// Drops everything, as a person does who signs out.
    pub fn clear(&self) {
        self.close_journal();
        self.inner.update_value(|inner| {
            let listeners = std::mem::take(&mut inner.listeners);
            *inner =
                Inner { desk: inner.desk + 1, listeners, next_listener: inner.next_listener, ..Inner::new() };
        });
        self.summary.set(self.with_store(Store::summary));
        self.revision.update(|revision| *revision += 1);
    }

    /// Calls `listener` with the records that changed together, until the calling component goes.
    pub fn on_changed(&self, listener: impl Fn(&BTreeSet<RecordKey>) + 'static) {
        let sync = *self;
        let id = sync.inner.try_update_value(|inner| {
            inner.next_listener += 1;
            inner.listeners.push((inner.next_listener, Rc::new(listener)));
            inner.next_listener
        });
        on_cleanup(move || {
            sync.inner.try_update_value(|inner| inner.listeners.retain(|(other, _)| Some(*other) != id));
        });
    }

    /// The one way into the store.
    fn apply(&self, event: StoreEvent) {
        let Some((effects, listeners)) =
            self.inner.try_update_value(|inner| (inner.store.apply(event), inner.listeners.clone()))
        else {
            return;
        };
        self.carry_out(effects.journal, effects.requests);
        for notice in &effects.notices {
            self.announce(notice);
        }
        if let Some(at) = effects.wake_at {
            self.wake(at);
        }
        let changed: BTreeSet<RecordKey> = effects.changed.into_iter().map(|changed| changed.key).collect();
        if !changed.is_empty() {
            listeners.iter().for_each(|(_, listener)| listener(&changed));
        }
        self.mind_the_turn();
        let summary = self.with_store(Store::summary);
        if self.summary.get_untracked() != summary {
            self.summary.set(summary);
        }
        if !changed.is_empty() {
            self.revision.update(|revision| *revision += 1);
        }
    }

    /// Runs at most one timer at a time: the earliest that the store asked for.
    fn wake(&self, at: Time) {
        let runs_already = self.inner.with_value(|inner| inner.wake_at.is_some_and(|due| due <= at));
        if runs_already {
            return;
        }
        self.inner.update_value(|inner| inner.wake_at = Some(at));
        let sync = *self;
        let pause = Duration::from_millis(at.0.saturating_sub(now().0));
        set_timeout(
            move || {
                let due =
                    sync.inner.try_update_value(|inner| inner.wake_at.take_if(|due| *due == at).is_some());
                if due == Some(true) {
                    sync.apply(Event::TimePassed { now: now().max(at) });
                }
            },
            pause,
        );
    }

    /// A proposal is settled: its fields say so for a while.
    fn remember_saved(&self, intent: IntentId, key: &RecordKey) {
        let until = now().after(SAVED_FOR);
        let runs_already = self.inner.try_update_value(|inner| {
            let runs_already = !inner.saved.is_empty();
            if let Some(Content::Edit(changes)) = inner.log.entry(intent).map(|entry| &entry.kept.content) {
                let saved = inner.saved.entry(key.clone()).or_default();
                saved.0 = until;
                saved.1.extend(changes.keys());
            }
            inner.note_held(intent, key);
            runs_already
        });
        if runs_already == Some(false) {
            self.forget_saved();
        }
    }

    fn forget_saved(&self) {
        let sync = *self;
        let look = move || {
            let now = now();
            let left = sync.inner.try_update_value(|inner| {
                let before = inner.saved.len();
                inner.saved.retain(|_, (until, _)| *until > now);
                (before > inner.saved.len(), !inner.saved.is_empty())
            });
            let Some((some_forgotten, some_left)) = left else { return };
            if some_forgotten {
                sync.revision.update(|revision| *revision += 1);
            }
            if some_left {
                sync.forget_saved();
            }
        };
        set_timeout(look, SAVED_LOOK);
    }

    /// Changes took steps: those who follow them hear of it soon.
    fn tell_steps(&self) {
        let runs_already =
            self.inner.try_update_value(|inner| std::mem::replace(&mut inner.tells_steps, true));
        if runs_already != Some(false) {
            return;
        }
        let sync = *self;
        let tell = move || {
            let is_there = sync.inner.try_update_value(|inner| inner.tells_steps = false);
            if is_there.is_some() {
                sync.log_revision.update(|revision| *revision += 1);
            }
        };
        set_timeout(tell, STEPS_TOGETHER);
    }

    fn new_intent(&self) -> IntentId {
        let intent = self.inner.try_update_value(|inner| {
            inner.next_intent += 1;
            IntentId(inner.next_intent)
        });
        intent.unwrap_or(IntentId(0))
    }
}

/// The tone of the header's word for how much is saved.
pub fn summary_tone(summary: &Summary) -> Tone {
    if summary.conflicts + summary.refused > 0 {
        Tone::Bad
    } else if summary.in_doubt > 0 || !summary.online {
        Tone::Warn
    } else {
        Tone::Quiet
    }
}
