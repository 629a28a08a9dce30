//! A sign-in that a provider has not answered yet. The first one outlasts its page in `sessionStorage`, until the page
//! that the provider leads back to has taken it out: the one thing of a sign-in that is in any storage.

use crate::api::system::System;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};

const KEY: &str = "usage-desk-pending-sign-in";

#[derive(Clone, Deserialize, Serialize)]
pub struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    /// What proves that it was this browser that asked (RFC 7636).
    pub(super) verifier: String,
    pub(super) system: System,
    pub(super) issuer: String,
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
}

/// Keeps it until the page comes back.
pub(super) fn keep(pending: &Pending) -> Option<()> {
    let text = serde_json::to_string(pending).ok()?;
    window().session_storage().ok()??.set_item(KEY, &text).ok()
}

/// Takes it out, where it is the one with this state: it is used once.
pub(super) fn take_if_it_is(state: &str) -> Option<Pending> {
    let storage = window().session_storage().ok()??;
    let text = storage.get_item(KEY).ok()??;
    let pending: Pending =
        serde_json::from_str(&text).ok().filter(|pending: &Pending| pending.state == state)?;
    storage.remove_item(KEY).ok()?;
    Some(pending)
}

/// A path that leads nowhere but to this page's own origin.
pub(super) fn own_path(path: String) -> String {
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if is_own { path } else { "/".to_owned() }
}
