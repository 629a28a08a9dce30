//! The journal in the browser: lines made durable before requests leave, taken up after a tab is
//! gone, and the write lease that the tabs of a browser share. The lease hangs on a lock and not on the
//! disk, which may fail, go away and come back. How a line reads is in `persisted_text`; what it holds, in
//! `change_log`; which lines the disk holds, in `record_store::Durability`.

use super::RecordSync;
use super::change_log::Entry;
use super::persisted_text::{read_line, write_line};
use grid_model::Tone;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Event, IntentId, LineNumber};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(module = "/src/data/sync/journal.js")]
extern "C" {
    #[derive(Clone)]
    pub type Journal;

    #[wasm_bindgen(js_name = isOffered)]
    fn is_offered() -> bool;

    #[wasm_bindgen(constructor)]
    fn new(tab: &str, person: &str, told: JsValue) -> Journal;

    #[wasm_bindgen(method, catch)]
    async fn write(
        this: &Journal,
        intents: Vec<String>,
        texts: Vec<String>,
        ended: Vec<f64>, // exact-in-double: milliseconds
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = takeUp)]
    async fn take_up(this: &Journal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn close(this: &Journal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = requestWriteLease)]
    fn request_write_lease(this: &Journal, granted: JsValue);

    #[wasm_bindgen(method, js_name = releaseWriteLease)]
    fn release_write_lease(this: &Journal);

    #[wasm_bindgen(method, catch, js_name = othersWait)]
    async fn others_wait(this: &Journal) -> Result<JsValue, JsValue>;

    type TakenUp;

    #[wasm_bindgen(method, getter)]
    fn texts(this: &TakenUp) -> Vec<String>;

    #[wasm_bindgen(method, getter)]
    fn unopened(this: &TakenUp) -> u32;

    #[wasm_bindgen(method, getter, js_name = ofOthers)]
    fn of_others(this: &TakenUp) -> u32;

    #[wasm_bindgen(method, getter, js_name = isCertain)]
    fn is_certain(this: &TakenUp) -> bool;
}

/// How long a tab writes before it looks whether another one waits for the lease.
const LEASE_LASTS: Duration = Duration::from_secs(3);

/// Whether this tab holds the write lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum WriteLease {
    #[default]
    Others,
    Asked,
    Mine,
    /// Another tab waits: nothing new leaves, what is out is still answered.
    Ending,
}

/// Whether what a person does is kept on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DiskState {
    /// It is being opened for the first time: nothing leaves yet.
    #[default]
    Opening,
    Open,
    /// It is tried again as long as the page lives; in words, why it fails.
    Failing(&'static str),
}

impl DiskState {
    fn failing(why: &str) -> Self {
        Self::Failing(match why {
            "QuotaExceededError" => "The disk, or the space that this browser gives the page, is full.",
            "VersionError" => "Another tab runs a newer version of this console. Load this page anew.",
            "TimeoutError" => "The browser does not open its storage. Another tab may be holding it.",
            "SecurityError" | "InvalidAccessError" | "NotAllowedError" | "ReferenceError" | "TypeError" => {
                "This browser does not let the page keep anything: a private window, or a setting."
            }
            _ => "The browser\u{2019}s storage for this page fails, or was deleted.",
        })
    }

    /// A browser that has no locks between tabs cannot say whose work is whose.
    const UNLOCKED: Self =
        Self::Failing("This browser has no locks between tabs, so nothing can be kept safely.");
}

impl RecordSync {
    /// Opens the journal for the person who has signed in and takes up what tabs that are gone left
    /// of theirs. Nothing is written to the server before it stands, or has failed for the first time.
    pub(super) fn open_journal(&self, person: &str) {
        if !is_offered() {
            self.disk.set(DiskState::UNLOCKED);
            self.set_write_lease(WriteLease::Mine);
            return self.apply(Event::WriteLease { is_held: true });
        }
        self.disk.set(DiskState::Opening);
        self.set_write_lease(WriteLease::Others);
        self.is_looking.set(true);
        self.apply(Event::WriteLease { is_held: false });
        let (sync, sign_in_count) = (*self, self.sign_in_count());
        let told = move |what: String, why: String| {
            if sync.sign_in_count() == sign_in_count {
                sync.disk_changed(&what, &why);
            }
        };
        let told = Closure::<dyn Fn(String, String)>::new(told).into_js_value();
        let tab = self.inner.with_value(|inner| inner.tab.clone());
        let journal = Journal::new(&tab, person, told);
        self.inner.update_value(|inner| inner.journal = Some(journal));
    }

    fn disk_changed(&self, what: &str, why: &str) {
        match what {
            "opened" => {
                self.disk.set(DiskState::Open);
                self.persist_what_is_behind();
                self.recover_orphans();
            }
            "failed" | "lost" => {
                self.disk.set(DiskState::failing(why));
                self.is_looking.set(false);
                self.inner.update_value(|inner| inner.durability.disk_lost());
            }
            _ => return self.recover_orphans(),
        }
        self.count_unkept();
        self.update_write_lease();
    }

    /// How much is not on disk, which is said only while the disk is known to fail: otherwise it will be
    /// there in a moment.
    pub(super) fn count_unkept(&self) {
        let is_failing = self.disk.with_untracked(|disk| matches!(disk, DiskState::Failing(_)));
        let count = self.inner.try_with_value(|inner| inner.durability.behind().len()).unwrap_or_default();
        let unkept = if is_failing { count } else { 0 };
        if self.unkept.get_untracked() != unkept {
            self.unkept.set(unkept);
        }
    }

    fn journal(&self) -> Option<Journal> {
        self.inner.try_with_value(|inner| inner.journal.clone()).flatten()
    }

    /// What was typed before the journal stood, or while it could not be written.
    fn persist_what_is_behind(&self) {
        let behind: Vec<IntentId> = self.inner.with_value(|inner| inner.durability.behind().collect());
        if !behind.is_empty() {
            let sync = *self;
            spawn_local(async move { sync.persist(&behind).await });
        }
    }

    /// Makes these intents durable as they stand now, as far as the disk takes them.
    pub(super) async fn persist(&self, intents: &[IntentId]) {
        let Some(journal) = self.journal() else { return self.count_unkept() };
        let sign_in_count = self.sign_in_count();
        let mut lines: Vec<(IntentId, LineNumber)> = Vec::new();
        let (mut ids, mut texts, mut ended) = (Vec::new(), Vec::new(), Vec::new());
        self.inner.update_value(|inner| {
            for intent in intents {
                let Some(entry) = inner.log.entry(*intent) else { continue };
                ids.push(intent.0.to_string());
                texts.push(write_line(entry));
                ended.push(entry.ended_at().map_or(0.0, |at| at.0 as f64)); // exact-in-double: milliseconds
                lines.push((*intent, inner.durability.writing(*intent)));
            }
        });
        let is_written = journal.write(ids, texts, ended).await.is_ok();
        if self.sign_in_count() != sign_in_count {
            return;
        }
        self.inner.update_value(|inner| {
            for (intent, line) in lines {
                if is_written {
                    inner.durability.written(intent, line);
                } else {
                    inner.durability.not_written(intent);
                }
            }
        });
        self.count_unkept();
    }

    /// Another tab is gone, or this page was loaded anew: its unfinished work becomes this tab's.
    fn recover_orphans(&self) {
        let Some(journal) = self.journal() else { return };
        let (sync, sign_in_count) = (*self, self.sign_in_count());
        spawn_local(async move {
            let taken = journal.take_up().await;
            if sync.sign_in_count() != sign_in_count {
                return;
            }
            // A disk that fails is told of by itself, and looked at again when it is back.
            let Ok(taken) = taken else { return };
            let taken = taken.unchecked_into::<TakenUp>();
            let texts = taken.texts();
            let entries: Vec<Entry> = texts.iter().filter_map(|text| read_line(text)).collect();
            let unreadable = texts.len() - entries.len() + taken.unopened() as usize;
            sync.recover(entries, taken.is_certain());
            sync.notify_unreadable(unreadable);
            sync.of_others.set(taken.of_others() as usize);
            sync.is_looking.set(false);
        });
    }

    fn recover(&self, entries: Vec<Entry>, is_certain: bool) {
        let persisted: Vec<_> =
            entries.iter().filter(|entry| entry.ended.is_none()).map(|e| e.persisted.clone()).collect();
        self.inner.update_value(|inner| {
            persisted.iter().for_each(|persisted| inner.durability.taken_up(persisted.intent, is_certain));
            entries.into_iter().for_each(|entry| inner.log.add(entry));
        });
        self.recover_reversals();
        self.notify_steps();
        if persisted.is_empty() {
            return;
        }
        let text = match persisted.len() {
            1 => "One change from before is taken up where it stood.".to_owned(),
            count => format!("{count} changes from before are taken up where they stood."),
        };
        self.notices.notify(Tone::Info, text);
        self.apply(Event::Restored { persisted, at: super::now() });
    }

    /// Lines that an older or a newer console wrote, or that were sealed with a key that is gone. They stay
    /// on disk, and are told of for as long as they do.
    fn notify_unreadable(&self, count: usize) {
        if count == 0 {
            return;
        }
        self.unreadable.update(|before| *before += count);
        self.notices.notify(Tone::Warn, unreadable_words(self.unreadable.get_untracked()));
    }

    /// Forgets what was kept, as a person does who signs out.
    pub(super) fn close_journal(&self) -> Option<Promise> {
        let journal = self.inner.try_update_value(|inner| inner.journal.take()).flatten();
        let (Some(journal), notices) = (journal, self.notices) else { return None };
        Some(future_to_promise(async move {
            if journal.close().await.is_err() {
                let text = "The browser could not delete what it keeps of your changes. What was not sent may be taken up when you sign in here again: delete this site\u{2019}s data in the browser to prevent that.";
                notices.notify(Tone::Warn, text.to_owned());
            }
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// Requests the write lease when something waits to leave, and releases it when nothing does.
    pub(super) fn update_write_lease(&self) {
        let Some(journal) = self.journal() else { return };
        let (lease, needs, is_out) = self.inner.with_value(|inner| {
            (inner.write_lease, inner.store.needs_write_lease(), inner.store.has_writes_out())
        });
        match lease {
            WriteLease::Others if needs && self.disk.with_untracked(|disk| *disk != DiskState::Opening) => {
                self.set_write_lease(WriteLease::Asked);
                let (sync, sign_in_count) = (*self, self.sign_in_count());
                let granted = move || {
                    if sync.sign_in_count() == sign_in_count {
                        sync.set_write_lease(WriteLease::Mine);
                        sync.watch_for_waiters();
                        sync.apply(Event::WriteLease { is_held: true });
                    }
                };
                journal.request_write_lease(Closure::once_into_js(granted));
            }
            WriteLease::Mine if !needs => {
                self.set_write_lease(WriteLease::Others);
                journal.release_write_lease();
                self.apply(Event::WriteLease { is_held: false });
            }
            WriteLease::Ending if !is_out => {
                self.set_write_lease(WriteLease::Others);
                journal.release_write_lease();
                self.update_write_lease();
            }
            WriteLease::Others | WriteLease::Asked | WriteLease::Mine | WriteLease::Ending => {}
        }
    }

    fn set_write_lease(&self, lease: WriteLease) {
        self.inner.update_value(|inner| inner.write_lease = lease);
    }

    /// Looks now and then whether another tab waits while this one writes.
    fn watch_for_waiters(&self) {
        let (sync, sign_in_count) = (*self, self.sign_in_count());
        let look = move || {
            let Some(journal) = sync.journal().filter(|_| sync.sign_in_count() == sign_in_count) else {
                return;
            };
            if sync.inner.with_value(|inner| inner.write_lease) != WriteLease::Mine {
                return;
            }
            spawn_local(async move {
                let others_wait = journal.others_wait().await.is_ok_and(|waits| waits.is_truthy());
                let is_mine = sync.sign_in_count() == sign_in_count
                    && sync.inner.with_value(|inner| inner.write_lease) == WriteLease::Mine;
                if is_mine && others_wait {
                    sync.set_write_lease(WriteLease::Ending);
                    sync.apply(Event::WriteLease { is_held: false });
                } else if is_mine {
                    sync.watch_for_waiters();
                }
            });
        };
        set_timeout(look, LEASE_LASTS);
    }
}

/// What else is kept in this browser and does not leave it now.
pub fn of_others_words(count: usize) -> String {
    match count {
        1 => "One change that somebody else made, or that was made for other connections, is kept in this browser too. It is sent when that person signs in again with those connections.".to_owned(),
        count => format!("{count} changes that somebody else made, or that were made for other connections, are kept in this browser too. They are sent when that person signs in again with those connections."),
    }
}

/// What is said of lines that cannot be read.
pub fn unreadable_words(count: usize) -> String {
    let (subject, it) = match count {
        1 => ("One change from before cannot be read by this version of the console.".to_owned(), "It stays"),
        count => (
            format!("{count} changes from before cannot be read by this version of the console."),
            "They stay",
        ),
    };
    format!("{subject} {it} on this disk until you sign out.")
}
