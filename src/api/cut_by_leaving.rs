//! Firefox cuts the requests of a page that is being left while its scripts still run: that is no failure of a server, and
//! is told only where the person stays.

use super::billing_session::elapsed;
use crate::next_task::after;
use leptos::prelude::*;
use std::cell::Cell;

/// Whoever is still here after so many milliseconds stays.
const LEAVES_WITHIN: u64 = 3_000;

thread_local! {
    static LEFT_AT: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Notes from here on when the page is being left.
pub(super) fn watch_leaving() {
    for event in ["beforeunload", "pagehide"] {
        let _ = window_event_listener_untyped(event, |_| LEFT_AT.set(Some(elapsed())));
    }
}

/// Waits where the page is being left, until it is clear that it is not.
pub(super) async fn until_stayed() {
    let is_leaving = LEFT_AT.get().is_some_and(|left_at| elapsed() < left_at + LEAVES_WITHIN);
    if is_leaving {
        after(i32::try_from(LEAVES_WITHIN).unwrap_or(i32::MAX)).await;
    }
}
