//! Runs the record store: feeds what was read and answered in, carries its requests out, and tells
//! the screens what changed.
//!
//! Not here: the rules of optimistic writing (`record-store`), HTTP (`api`), and any
//! wording but the short notices that follow an answer. Signals here carry revisions and summaries,
//! never business data, so that nothing can disagree with the store.

mod bulk;
mod change_log;
mod journal;
mod notices;
mod operations;
mod persisted_text;
mod proposals;
mod requests;
mod reversing;
mod undo;

pub use change_log::{ChangeLog, ChangeStatus, Entry};
pub use journal::{DiskState, of_others_words, unreadable_words};
pub use notices::{NoticeBoard, Posted, UnsavedText, Way};
pub use operations::{BulkRow, OperationId};
pub use proposals::{Confirmed, OperationStatus, refusal_as_said, refusal_text, typed_value};
pub use reversing::{ReversalId, then_reversed};

use crate::api::{RecordKey, RestClient, System};
use bulk::Command;
use grid_model::Tone;
use journal::{Journal, WriteLease};
use js_sys::Promise;
use leptos::prelude::*;
use operations::Operations;
use record_store::{
    Content, Durability, Event, Fields, IntentId, Limits, RecordView, Stamp, Summary, Time, Version,
};
use rest_contract::Value;
use reversing::Reversals;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

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

/// The longest that a timer runs before it is looked again.
const LONGEST_TIMER: Duration = Duration::from_secs(60);

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
    /// Whether what is typed here is kept on disk, and how many changes are not while the disk fails.
    pub disk: RwSignal<DiskState>,
    pub unkept: RwSignal<usize>,
    /// Lines of the journal that this console cannot read.
    pub unreadable: RwSignal<usize>,
    /// Changes that wait for somebody else, or for other connections: they are kept, and do not leave from here.
    pub of_others: RwSignal<usize>,
    /// Until when something waits because a server asked for a pause.
    pub paused_until: RwSignal<Option<Time>>,
    pub notices: NoticeBoard,
}

struct Inner {
    store: Store,
    /// Goes up with each sign-out, so that answers to the person before are dropped.
    sign_in_count: u64,
    next_intent: u64,
    /// What other tabs know this one by.
    tab: String,
    log: ChangeLog,
    /// What the server called records created here.
    created: BTreeMap<IntentId, RecordKey>,
    journal: Option<Journal>,
    /// Which changes are on disk as they stand.
    durability: Durability,
    write_lease: WriteLease,
    operations: Operations,
    reversals: Reversals,
    /// What a person did in one operation and the store has not heard of yet.
    commands: VecDeque<Command>,
    /// A timer runs for the next chunk of it.
    goes_on: bool,
    /// A timer runs that will say that changes took steps.
    tells_steps: bool,
    /// When the store asked to be woken, as long as a timer for it runs.
    wake_at: Option<Time>,
    /// Fields that were settled a moment ago, and until when that is said of them.
    saved: BTreeMap<RecordKey, (Time, BTreeSet<FieldName>)>,
    /// The versions that the person's own changes led to, for as long.
    own_versions: BTreeMap<RecordKey, String>,
    listeners: Vec<(u64, Listener)>,
    next_listener: u64,
}

impl Inner {
    fn new() -> Self {
        // Drawn once a tab: tabs that lost the same server do not come back in the same instant.
        let jitter = Duration::from_millis(now().0 % 250);
        Self {
            store: Store::of_systems(Limits { jitter, ..Limits::default() }, |key| key.system().lane()),
            sign_in_count: 0,
            // Tabs of a browser share a journal: each numbers its intents from a place of its own.
            next_intent: first_intent(),
            tab: first_intent().to_string(),
            log: ChangeLog::default(),
            created: BTreeMap::new(),
            journal: None,
            durability: Durability::default(),
            write_lease: WriteLease::Others,
            operations: Operations::default(),
            reversals: Reversals::default(),
            commands: VecDeque::new(),
            goes_on: false,
            tells_steps: false,
            wake_at: None,
            saved: BTreeMap::new(),
            own_versions: BTreeMap::new(),
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
        Self {
            client,
            inner: StoredValue::new_local(inner),
            revision: RwSignal::new(0),
            summary,
            log_revision: RwSignal::new(0),
            actions_done: RwSignal::new(0),
            is_looking: RwSignal::new(false),
            disk: RwSignal::default(),
            unkept: RwSignal::new(0),
            unreadable: RwSignal::new(0),
            of_others: RwSignal::new(0),
            paused_until: RwSignal::new(None),
            notices,
        }
    }

    /// Waits from now on while the browser has no network.
    pub fn watch_network(&self) {
        let sync = *self;
        let online = leptos::ev::Custom::<web_sys::Event>::new("online");
        let offline = leptos::ev::Custom::<web_sys::Event>::new("offline");
        let _ = window_event_listener(online, move |_| sync.apply(Event::WentOnline));
        let _ = window_event_listener(offline, move |_| sync.apply(Event::WentOffline));
    }

    /// Whether closing the page now would lose something that a person did: it is not on disk as it
    /// stands.
    pub fn would_lose(&self) -> bool {
        self.inner.with_value(|inner| inner.durability.behind().len() > 0 || !inner.commands.is_empty())
    }

    /// Whether something is not settled yet; signing out drops it.
    pub fn holds_unsettled(&self) -> bool {
        self.inner.with_value(|inner| !inner.log.unsettled().is_empty())
    }

    /// What this browser proposed, and what became of it.
    pub fn with_log<T>(&self, look: impl FnOnce(&ChangeLog) -> T) -> T {
        self.inner.with_value(|inner| look(&inner.log))
    }

    fn sign_in_count(&self) -> Option<u64> {
        self.inner.try_with_value(|inner| inner.sign_in_count)
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

    /// The version that the person's own change led to, a moment ago.
    pub fn own_version(&self, key: &RecordKey) -> Option<String> {
        self.inner.with_value(|inner| inner.own_versions.get(key).cloned())
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

    pub fn session_expired(&self, system: System) {
        self.apply(Event::SessionExpired { system: system.lane() });
    }

    /// `person` names who signed in: nobody goes on with another one's changes.
    pub fn signed_in(&self, person: &str, systems: &[System]) {
        if self.inner.with_value(|inner| inner.journal.is_none()) {
            self.open_journal(person);
        }
        self.go_on_at(systems);
    }

    /// These systems let calls through again.
    pub fn go_on_at(&self, systems: &[System]) {
        for system in systems {
            self.apply(Event::SignedIn { system: system.lane() });
        }
    }

    /// Drops everything, as a person does who signs out.
    pub fn clear(&self) -> Option<Promise> {
        let forgotten = self.close_journal();
        self.inner.update_value(|inner| {
            let listeners = std::mem::take(&mut inner.listeners);
            *inner = Inner {
                sign_in_count: inner.sign_in_count + 1,
                listeners,
                next_listener: inner.next_listener,
                ..Inner::new()
            };
        });
        self.disk.set(DiskState::default());
        self.unreadable.set(0);
        self.of_others.set(0);
        self.count_unkept();
        self.tell_summary();
        self.revision.update(|revision| *revision += 1);
        forgotten
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
        self.send_requests(effects.journal, effects.requests);
        for notice in &effects.notices {
            self.announce(notice);
        }
        if let Some(at) = effects.wake_at {
            self.wake(at);
        }
        let mut changed = BTreeSet::new();
        // One after another: made of all at once a set brings sorting with it.
        changed.extend(effects.changed.into_iter().map(|changed| changed.key));
        if !changed.is_empty() {
            listeners.iter().for_each(|(_, listener)| listener(&changed));
        }
        self.update_write_lease();
        self.tell_summary();
        self.count_unkept();
        if !changed.is_empty() {
            self.revision.update(|revision| *revision += 1);
        }
    }

    fn tell_summary(&self) {
        let (summary, paused_until) = self.with_store(|store| (store.summary(), store.paused_until()));
        if self.summary.get_untracked() != summary {
            self.summary.set(summary);
        }
        if self.paused_until.get_untracked() != paused_until {
            self.paused_until.set(paused_until);
        }
    }

    /// Does not wait for the end of a pause that a server asked for.
    pub fn try_now(&self) {
        self.apply(Event::TriedNow { at: now() });
    }

    /// Runs at most one timer at a time: the earliest that the store asked for.
    fn wake(&self, at: Time) {
        let runs_already = self.inner.with_value(|inner| inner.wake_at.is_some_and(|due| due <= at));
        if runs_already {
            return;
        }
        self.inner.update_value(|inner| inner.wake_at = Some(at));
        let sync = *self;
        // A browser's timer holds no more than some weeks: a long pause is looked at now and then.
        let pause = Duration::from_millis(at.0.saturating_sub(now().0));
        let is_whole = pause <= LONGEST_TIMER;
        set_timeout(
            move || {
                let due =
                    sync.inner.try_update_value(|inner| inner.wake_at.take_if(|due| *due == at).is_some());
                if due == Some(true) {
                    let now = if is_whole { now().max(at) } else { now() };
                    sync.apply(Event::TimePassed { now });
                }
            },
            pause.min(LONGEST_TIMER),
        );
    }

    /// A proposal is settled: its fields say so for a while.
    fn remember_saved(&self, intent: IntentId, key: &RecordKey) {
        let until = now().after(SAVED_FOR);
        let runs_already = self.inner.try_update_value(|inner| {
            let runs_already = !inner.saved.is_empty();
            if let Some(Content::Edit(changes)) =
                inner.log.entry(intent).map(|entry| &entry.persisted.content)
            {
                let saved = inner.saved.entry(key.clone()).or_default();
                saved.0 = until;
                // What was only seen beside them is not news.
                let is_new =
                    |change: &record_store::Change<Value>| change.base.as_ref() != Some(&change.mine);
                saved.1.extend(changes.iter().filter(|(_, change)| is_new(change)).map(|(field, _)| *field));
            }
            inner.note_held(intent, key);
            let version = inner.store.view(key).and_then(|view| Some(view.version()?.token.clone()));
            inner.own_versions.extend(version.map(|version| (key.clone(), version)));
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
                let Inner { saved, own_versions, .. } = inner;
                own_versions.retain(|key, _| saved.contains_key(key));
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
    fn notify_steps(&self) {
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
