//! What the page's own Content-Security-Policy keeps it from. A browser tells the page that, and tells nobody why a request
//! had no answer.

use super::failure::{Failure, FailureKind};
use super::system::System;
use crate::next_task::after;
use connections::origin_of;
use js_sys::Reflect;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::JsValue;

/// Browsers tell it some tasks after the request has failed, or some before; in milliseconds.
const TOLD_WITHIN: i32 = 100;

thread_local! {
    /// The policy of a page never changes, so what is in here stays.
    static BLOCKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes from here on what the policy keeps the page from.
pub(super) fn watch_policy() {
    let _ = window_event_listener_untyped("securitypolicyviolation", |event| {
        if let Some(origin) = blocked_by(&event) {
            BLOCKED.with_borrow_mut(|all| all.insert(origin));
        }
    });
}

/// The origin that was to be asked. What a policy only reports it lets pass.
fn blocked_by(event: &JsValue) -> Option<String> {
    let told = |name: &str| Reflect::get(event, &name.into()).ok()?.as_string();
    let is_enforced = told("disposition").as_deref() == Some("enforce");
    let is_asking = told("effectiveDirective").as_deref() == Some("connect-src");
    origin_of(&told("blockedURI").filter(|_| is_enforced && is_asking)?)
}

/// The origin of an address that was asked without an answer, where the policy was the cause.
pub(super) async fn blocked_origin(address: &str) -> Option<String> {
    let origin = origin_of(address)?;
    let is_blocked = || BLOCKED.with_borrow(|all| all.contains(&origin));
    if !is_blocked() {
        after(TOLD_WITHIN).await;
    }
    is_blocked().then_some(origin)
}

/// Why there was no answer from an address of a system's.
pub(super) async fn unanswered(system: System, address: &str) -> Failure {
    let blocked = blocked_origin(address).await;
    Failure::new(system, blocked.map_or(FailureKind::Unreachable, FailureKind::Blocked))
}

/// What whoever looks after the page can do about it.
pub(super) fn blocked_words(origin: &str) -> String {
    format!(
        "This page\u{2019}s Content-Security-Policy does not let it call {origin}. Whoever looks after the web server can add that to connect-src: the settings show the whole header, under \u{201c}Headers of this page\u{201d}. Then reload the page."
    )
}
