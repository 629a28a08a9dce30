//! The journal in the browser: lines made durable before requests leave, taken up after a tab is
//! gone, and the turn to write that the tabs of a browser share. How a line reads is in
//! `kept_text`; what it holds, in `change_log`.

use super::RecordSync;
use super::change_log::Entry;
use super::kept_text::{read_line, write_line};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Event, IntentId};
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/record_sync/journal.js")]
extern "C" {
    #[derive(Clone)]
    pub type Journal;

    #[wasm_bindgen(js_name = isOffered)]
    fn is_offered() -> bool;

    #[wasm_bindgen(static_method_of = Journal, catch)]
    async fn open(tab: &str, person: &str, orphaned: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn write(this: &Journal, intents: Vec<String>, texts: Vec<String>) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = takeUp)]
    async fn take_up(this: &Journal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn close(this: &Journal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = askForTurn)]
    fn ask_for_turn(this: &Journal, granted: JsValue);

    #[wasm_bindgen(method, js_name = giveTurn)]
    fn give_turn(this: &Journal);

    #[wasm_bindgen(method, catch, js_name = othersWait)]
    async fn others_wait(this: &Journal) -> Result<JsValue, JsValue>;
}

/// How long a tab writes before it looks whether another one waits for its turn.
const TURN_LASTS: Duration = Duration::from_secs(3);

/// After this long without a journal the tab goes on without one.
const OPENING_LASTS: Duration = Duration::from_secs(10);

/// Where this tab stands with its turn to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Turn {
    #[default]
    Others,
    Asked,
    Mine,
    /// Another tab waits: nothing new leaves, what is out is still answered.
    Ending,
}

impl RecordSync {
    /// Opens the journal for the person who has signed in and takes up what tabs that are gone left
    /// of theirs. Until it stands nothing is written to the server.
    pub(super) fn open_journal(&self, person: &str) {
        if !is_offered() {
            return self.go_without_journal();
        }
        self.set_turn(Turn::Others);
        self.is_looking.set(true);
        self.apply(Event::Turn { is_mine: false });
        let (sync, desk, person) = (*self, self.desk(), person.to_owned());
        let tab = self.inner.with_value(|inner| inner.tab.clone());
        let orphaned = Closure::<dyn Fn()>::new(move || sync.take_up_orphans()).into_js_value();
        let give_up = move || {
            let is_missing = sync.desk() == desk && sync.journal().is_none();
            if is_missing && sync.inner.with_value(|inner| inner.turn) == Turn::Others {
                sync.go_without_journal();
            }
        };
        set_timeout(give_up, OPENING_LASTS);
        spawn_local(async move {
            let opened = Journal::open(&tab, &person, orphaned).await;
            if sync.desk() != desk {
                return;
            }
            match opened {
                Ok(journal) => {
                    let journal = journal.unchecked_into::<Journal>();
                    sync.inner.update_value(|inner| inner.journal = Some(journal));
                    sync.write_down_again();
                    sync.take_up_orphans();
                    sync.mind_the_turn();
                }
                Err(_) => sync.go_without_journal(),
            }
        });
    }

    /// A browser without a journal is still a desk, and says what it cannot promise.
    fn go_without_journal(&self) {
        self.is_looking.set(false);
        self.set_turn(Turn::Mine);
        self.apply(Event::Turn { is_mine: true });
        let text = "This browser keeps no journal: changes that are not saved yet end with the page.";
        self.notices.tell(Tone::Warn, text.to_owned());
    }

    fn journal(&self) -> Option<Journal> {
        self.inner.try_with_value(|inner| inner.journal.clone()).flatten()
    }

    /// What was typed before the journal stood, or while it could not be written.
    fn write_down_again(&self) {
        let all = self.inner.with_value(|inner| inner.log.unsettled());
        if !all.is_empty() {
            let sync = *self;
            spawn_local(async move {
                sync.write_down(&all).await;
            });
        }
    }

    /// Makes these intents durable as they stand now, or says that it could not.
    pub(super) async fn write_down(&self, intents: &[IntentId]) {
        let Some(journal) = self.journal() else { return };
        let (ids, texts) = self.inner.with_value(|inner| {
            let entries = intents.iter().filter_map(|intent| Some((intent, inner.log.entry(*intent)?)));
            entries.map(|(intent, entry)| (intent.0.to_string(), write_line(entry))).unzip()
        });
        self.inner.update_value(|inner| inner.being_written += 1);
        let written = journal.write(ids, texts).await.is_ok();
        self.inner.try_update_value(|inner| inner.being_written = inner.being_written.saturating_sub(1));
        if !written {
            let text = "The browser could not keep a change on disk. It is still sent; stay on this page until it is saved.";
            self.notices.tell(Tone::Warn, text.to_owned());
        }
    }

    /// Another tab is gone, or this page was loaded anew: its unfinished work becomes this tab's.
    fn take_up_orphans(&self) {
        let Some(journal) = self.journal() else { return };
        let (sync, desk) = (*self, self.desk());
        spawn_local(async move {
            let taken = journal.take_up().await;
            if sync.desk() != desk {
                return;
            }
            if let Ok(texts) = taken {
                let texts = texts.unchecked_into::<js_sys::Array>();
                sync.take_up(texts.iter().filter_map(|text| read_line(&text.as_string()?)).collect());
            }
            sync.is_looking.set(false);
        });
    }

    fn take_up(&self, entries: Vec<Entry>) {
        let kept: Vec<_> =
            entries.iter().filter(|entry| entry.ended.is_none()).map(|e| e.kept.clone()).collect();
        self.inner.update_value(|inner| entries.into_iter().for_each(|entry| inner.log.add(entry)));
        self.tell_steps();
        if kept.is_empty() {
            return;
        }
        let text = match kept.len() {
            1 => "One change from before is taken up where it stood.".to_owned(),
            count => format!("{count} changes from before are taken up where they stood."),
        };
        self.notices.tell(Tone::Info, text);
        self.apply(Event::Restored { kept, at: super::now() });
    }

    /// Forgets what was kept, as a person does who signs out.
    pub(super) fn close_journal(&self) {
        let journal = self.inner.try_update_value(|inner| inner.journal.take()).flatten();
        if let Some(journal) = journal {
            // A database that is already gone has nothing left to forget.
            spawn_local(async move { drop(journal.close().await) });
        }
    }

    /// Asks for the turn to write when something waits to leave, and gives it when nothing does.
    pub(super) fn mind_the_turn(&self) {
        let Some(journal) = self.journal() else { return };
        let (turn, needs, is_out) = self
            .inner
            .with_value(|inner| (inner.turn, inner.store.needs_turn(), inner.store.has_writes_out()));
        match turn {
            Turn::Others if needs => {
                self.set_turn(Turn::Asked);
                let (sync, desk) = (*self, self.desk());
                let granted = move || {
                    if sync.desk() == desk {
                        sync.set_turn(Turn::Mine);
                        sync.look_who_waits();
                        sync.apply(Event::Turn { is_mine: true });
                    }
                };
                journal.ask_for_turn(Closure::once_into_js(granted));
            }
            Turn::Mine if !needs => {
                self.set_turn(Turn::Others);
                journal.give_turn();
                self.apply(Event::Turn { is_mine: false });
            }
            Turn::Ending if !is_out => {
                self.set_turn(Turn::Others);
                journal.give_turn();
                self.mind_the_turn();
            }
            Turn::Others | Turn::Asked | Turn::Mine | Turn::Ending => {}
        }
    }

    fn set_turn(&self, turn: Turn) {
        self.inner.update_value(|inner| inner.turn = turn);
    }

    /// Looks now and then whether another tab waits while this one writes.
    fn look_who_waits(&self) {
        let (sync, desk) = (*self, self.desk());
        let look = move || {
            let Some(journal) = sync.journal().filter(|_| sync.desk() == desk) else { return };
            if sync.inner.with_value(|inner| inner.turn) != Turn::Mine {
                return;
            }
            spawn_local(async move {
                let others_wait = journal.others_wait().await.is_ok_and(|waits| waits.is_truthy());
                let is_mine = sync.desk() == desk && sync.inner.with_value(|inner| inner.turn) == Turn::Mine;
                if is_mine && others_wait {
                    sync.set_turn(Turn::Ending);
                    sync.apply(Event::Turn { is_mine: false });
                } else if is_mine {
                    sync.look_who_waits();
                }
            });
        };
        set_timeout(look, TURN_LASTS);
    }
}
