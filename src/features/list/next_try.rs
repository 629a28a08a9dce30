//! The way to another try. A server that asks for a pause gets it, and is asked again by itself when it is over.

use crate::api::{Failure, FailureKind, elapsed};
use crate::data::session::Session;
use crate::text::{count, with_plain_times};
use leptos::prelude::*;
use std::time::Duration;

/// Nobody waits longer than this for something that happens by itself.
const LONGEST: Duration = Duration::from_secs(600);

/// A server that wants no pause is not asked without end.
const SHORTEST: Duration = Duration::from_secs(1);

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

/// From now until [`elapsed`] tells this, in seconds.
fn seconds_until(due: u64) -> u64 {
    due.saturating_sub(elapsed()).div_ceil(1_000)
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
    let Some(pause) = failure.next_try().map(|pause| pause.clamp(SHORTEST, LONGEST)) else {
        return view! { <button class="button" type="button" data-kind=kind on:click=move |_| again.run(())>"Try again"</button> }.into_any();
    };
    // A browser lets the timers of a tab that nobody looks at rest: what is shown follows from when the next try is.
    let due = elapsed().saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
    let left = RwSignal::new(seconds_until(due));
    let tick = move || {
        let _ = left.try_set(seconds_until(due));
    };
    if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || ticking.clear());
    }
    let try_again = move || {
        tick();
        again.run(());
    };
    if let Ok(trying) = set_timeout_with_handle(try_again, pause) {
        on_cleanup(move || trying.clear());
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
