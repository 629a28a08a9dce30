//! A sign-in that a provider has not answered yet. The first one outlasts its page in `sessionStorage`, until this tab
//! shows the console again: the page that the provider leads back to takes it out, and any other one gives it up. It is
//! the one thing of a sign-in that is in any storage.

use super::answer::text_of;
use crate::api::system::System;
use connections::issuer_of_tenant;
use js_sys::JSON;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use web_sys::Storage;

const KEY: &str = "usage-desk-pending-sign-in";

/// What stands there while an answer is exchanged.
const UNDER_WAY: &str = r#"{"answered":true}"#;

thread_local! {
    /// The sign-in that this page was led back for.
    static ANSWERED: RefCell<Option<String>> = const { RefCell::new(None) };
}

#[derive(Clone, Deserialize, Serialize)]
pub struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    /// What proves that it was this browser that asked (RFC 7636).
    pub(super) verifier: String,
    pub(super) system: System,
    /// As the provider calls itself: where it speaks for many tenants, with a place for one of them.
    pub(super) issuer: String,
    /// Whose people are let in, where it does.
    pub(super) tenants: Vec<String>,
    pub(super) client_id: String,
    pub(super) resource: Option<String>,
    pub(super) token_endpoint: String,
    pub(super) end_session_endpoint: Option<String>,
    pub(super) revocation_endpoint: Option<String>,
    /// Whether the provider's answer must say whose it is.
    pub(super) is_named_in_answers: bool,
    pub(super) redirect: String,
    /// What was looked at: a path of this page's own origin, with its query.
    pub(super) way_back: String,
    /// By the clock of this computer, in milliseconds.
    pub(super) begun_at: u64,
}

/// Nobody takes longer to sign in; in milliseconds.
const LONGEST: u64 = 3_600_000;

impl Pending {
    /// Whether an issuer is the one that was asked: of many tenants that of one of those who are let in.
    pub(super) fn is_of(&self, issuer: &str) -> bool {
        match &self.tenants[..] {
            [] => issuer == self.issuer,
            tenants => tenants.iter().any(|tenant| issuer_of_tenant(&self.issuer, tenant) == issuer),
        }
    }

    pub(super) fn is_too_old(&self) -> bool {
        now().saturating_sub(self.begun_at) > LONGEST
    }
}

pub(super) fn now() -> u64 {
    js_sys::Date::now().max(0.0) as u64
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

/// Keeps it until the page comes back.
pub(super) fn keep(pending: &Pending) -> Option<()> {
    let text = serde_json::to_string(pending).ok()?;
    storage()?.set_item(KEY, &text).ok()
}

/// Takes the sign-in with this state out for its answer, and gives what was looked at when it was begun. A mark stands in
/// its place until it is known what came of it.
pub(super) fn begin_answer(state: &str) -> Option<String> {
    let text = storage()?.get_item(KEY).ok()??;
    let pending = JSON::parse(&text).ok()?;
    let way_back =
        text_of(&pending, "way_back").filter(|_| text_of(&pending, "state").as_deref() == Some(state))?;
    // Without it a reload in between is silent.
    let _ = storage()?.set_item(KEY, UNDER_WAY);
    ANSWERED.set(Some(text));
    Some(way_back)
}

/// The one that was taken out for an answer with this state, once.
pub(super) fn take_if_it_is(state: &str) -> Option<Pending> {
    let text = ANSWERED.take()?;
    serde_json::from_str(&text).ok().filter(|pending: &Pending| pending.state == state)
}

/// Whether the page before this one was left, or loaded anew, before it was known what came of an answer.
pub(super) fn was_cut() -> bool {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.as_deref() == Some(UNDER_WAY)
}

/// Whatever was begun in this tab is answered no more.
pub(super) fn give_up() {
    if let Some(storage) = storage() {
        // A browser that keeps nothing has nothing to forget.
        let _ = storage.remove_item(KEY);
    }
}

/// A path that leads nowhere but to this page's own origin.
pub(super) fn own_path(path: String) -> String {
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if is_own { path } else { "/".to_owned() }
}
