//! The session that a person has in all open tabs of a browser: a new tab takes it over, who signs in
//! again in one goes on in all, and who signs out in one has signed out in all.

use super::{Arrival, Session, load_work};
use crate::api::{Access, BILLING, HandedSession, SIGNED_IN, SIGNED_OUT, System, UNSETTLED, WHO};
use crate::ui::half_typed::holds_half_typed;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl Session {
    /// Takes over the session of the other open tabs, where they are all of one person and nobody has signed
    /// in here meanwhile.
    pub fn join_open_tabs(self) {
        spawn_local(async move {
            // A sign-out that comes meanwhile counts here too. What is taken over answers and hears by itself.
            let has_left = Rc::new(Cell::new(false));
            let heard = Rc::clone(&has_left);
            self.client.listen_to_open_tabs(
                |_, _| None,
                move |news, _| heard.set(heard.get() || news == SIGNED_OUT),
            );
            let sign_in_count = self.client.sign_in_count();
            let handed = self.sessions_of_open_tabs().await;
            let is_one_person = handed.windows(2).all(|two| two[0].is_of_same_person(&two[1]));
            let Some(first) = handed.into_iter().next().filter(|_| is_one_person) else { return };
            // Whoever has come in here meanwhile may have signed out again.
            let is_late = self.client.sign_in_count() != sign_in_count;
            if is_late || self.is_arriving.get_untracked() || has_left.get() {
                return;
            }
            self.is_arriving.set(true);
            let access = self.client.take_over(first);
            let is_here = load_work().await.is_ok() && !has_left.get();
            // Where a part cannot be had, or the person has signed out meanwhile, the form stands as before.
            if !is_here || self.take_up_work(Arrival::Of(access)).await.is_err() {
                self.client.forget();
                self.is_arriving.set(false);
            }
        });
    }

    /// Answers the other open tabs from now on.
    pub(super) fn listen_to_open_tabs(self) {
        self.client.listen_to_open_tabs(
            move |question, person| self.answer(&question, &person),
            move |news, person| self.hear(&news, &person),
        );
    }

    async fn sessions_of_open_tabs(self) -> Vec<HandedSession> {
        let texts = self.client.ask_open_tabs(WHO, "").await;
        let handed = texts.iter().filter_map(|text| serde_json::from_str(text).ok());
        handed.filter(HandedSession::is_of_these_connections).collect()
    }

    fn answer(self, question: &str, person: &str) -> Option<Promise> {
        let access = self.access_now()?;
        let is_mine = self.client.person(&access) == person;
        let (question, worn_out) =
            question.split_once(' ').map_or((question, None), |(asked, worn_out)| (asked, Some(worn_out)));
        let text = match question {
            WHO => self.client.hand_over(&access).and_then(|session| serde_json::to_string(&session).ok()),
            UNSETTLED if is_mine && self.holds_unsettled() => Some(UNSETTLED.to_owned()),
            _ => None,
        };
        let token = || {
            (question == BILLING && is_mine).then(|| self.client.billing_for_other_tab(worn_out)).flatten()
        };
        // Whoever asks waits for a word of each tab.
        Some(token().unwrap_or_else(|| Promise::resolve(&JsValue::from(text.unwrap_or_default()))))
    }

    fn hear(self, news: &str, person: &str) {
        let is_mine = self.access_now().is_some_and(|access| self.client.person(&access) == person);
        match news {
            SIGNED_OUT if is_mine => {
                // Each tab takes back what it holds itself: of tokens that follow one another it may be the last.
                if let Some(leaving) =
                    self.with_access(|access| access.map(|access| self.client.leaving(access)))
                {
                    spawn_local(async move { drop(leaving.await) });
                }
                drop(self.end());
            }
            SIGNED_IN if is_mine && System::ALL.into_iter().any(|system| self.client.has_ended(system)) => {
                spawn_local(async move { self.renew_by_other_tab(&System::ALL).await });
            }
            _ => {}
        }
    }

    fn access_now(self) -> Option<Access> {
        self.with_access(|access| access.cloned())
    }

    fn holds_unsettled(self) -> bool {
        self.sync.holds_unsettled() || holds_half_typed()
    }

    /// Whether the person would drop something by signing out: here, or in another tab.
    pub async fn would_drop(self) -> Option<&'static str> {
        if self.sync.holds_unsettled() {
            return Some("Some of your changes are not confirmed by the server yet. Sign out and drop them?");
        }
        if holds_half_typed() {
            return Some("Something is typed here and not saved. Sign out and drop it?");
        }
        self.others_would_drop().await
    }

    /// The same of other tabs alone.
    pub async fn others_would_drop(self) -> Option<&'static str> {
        let person = self.client.person(&self.access_now()?);
        let others = self.client.ask_open_tabs(UNSETTLED, &person).await;
        (!others.is_empty()).then_some(
            "In another tab, something of yours is not saved or not confirmed by the server yet. Sign out in all tabs and drop it?",
        )
    }

    /// Goes on at those of these systems whose session has ended here and not in another tab.
    pub(super) async fn renew_by_other_tab(self, systems: &[System]) {
        let Some(access) = self.access_now() else { return };
        let sign_in_count = self.client.sign_in_count();
        let handed = self.sessions_of_open_tabs().await;
        // What comes after the person has signed out, or in again, is no news.
        if self.client.sign_in_count() != sign_in_count {
            return;
        }
        let renewed: Vec<System> =
            handed.into_iter().flat_map(|session| self.client.renew_by(session, &access, systems)).collect();
        if !renewed.is_empty() {
            self.go_on_at(&renewed);
        }
    }
}
