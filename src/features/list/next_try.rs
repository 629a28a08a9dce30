//! The way to another try. A server that asks for a pause gets it, and is asked again by itself when it is over.

use crate::api::{Failure, FailureKind};
use crate::data::session::Session;
use crate::text::{count, with_plain_times};
use leptos::prelude::*;
use std::time::Duration;

/// Nobody waits longer than this for something that happens by itself.
const LONGEST: Duration = Duration::from_secs(600);

/// How many failures stand in the body of a page. Its head tells one of its own only where there is none: they
/// mostly have one cause, and one word is enough.
#[derive(Clone, Copy)]
pub struct FailuresShown(RwSignal<usize>);

impl FailuresShown {
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    pub fn any(&self) -> bool {
        self.0.get() > 0
    }

    /// Counts one until the component that shows it ends.
    pub(super) fn count_one() {
        if let Some(Self(shown)) = use_context::<Self>() {
            shown.update(|shown| *shown += 1);
            on_cleanup(move || {
                let _ = shown.try_update(|shown| *shown -= 1);
            });
        }
    }
}

/// The pause that is waited for, in seconds.
fn pause(failure: &Failure) -> Option<u64> {
    match failure.kind {
        FailureKind::Busy { retry_after: Some(pause) } | FailureKind::NotRenewed { next_try: pause, .. } => {
            Some(pause.min(LONGEST).as_millis().div_ceil(1_000).max(1) as u64)
        }
        _ => None,
    }
}

/// What a failure asks of the person: its advice, or that no more than a pause is needed.
pub fn advice(failure: &Failure) -> String {
    match failure.kind {
        FailureKind::Busy { retry_after: Some(_) } => "The console asks again by itself.".to_owned(),
        _ => with_plain_times(&failure.advice()),
    }
}

/// The button that tries again, and how long it is until that happens by itself, if it does.
#[component]
pub fn NextTry(failure: Failure, again: Callback<()>, #[prop(optional)] quiet: bool) -> impl IntoView {
    let kind = quiet.then_some("quiet");
    let Some(pause) = pause(&failure) else {
        return view! { <button class="button" type="button" data-kind=kind on:click=move |_| again.run(())>"Try again"</button> }.into_any();
    };
    let left = RwSignal::new(pause);
    let tick = move || {
        if left.try_get_untracked().is_some_and(|left| left > 0) {
            left.update(|left| *left -= 1);
            if left.get_untracked() == 0 {
                again.run(());
            }
        }
    };
    if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || ticking.clear());
    }
    let words = move || match left.get() {
        0 => "Trying again".to_owned(),
        1 => "Next try in 1 second".to_owned(),
        seconds @ 2..120 => format!("Next try in {seconds} seconds"),
        seconds => format!("Next try in {} minutes", count(seconds.div_ceil(60))),
    };
    let session = use_context::<Session>();
    let now = move |_| {
        if let Some(session) = session {
            session.renew_without_waiting();
        }
        again.run(());
    };
    // Every second aloud would be too much; that it is tried again stands in the sentence before.
    view! {
        <span class="next-try" aria-hidden="true">{words}</span>
        <button class="button" type="button" data-kind=kind on:click=now>"Try now"</button>
    }
    .into_any()
}
