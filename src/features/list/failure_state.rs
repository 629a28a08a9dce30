//! What stands in the place of records that could not be read.

use super::next_try::{FailuresShown, NextTry, advice};
use crate::api::{Failure, FailureKind};
use crate::data::fetched::Fetched;
use crate::ui::controls::{Icon, IconName, State};
use grid_model::Tone;
use leptos::prelude::*;

/// Says what went wrong and what to do, and tries again.
#[component]
pub fn FailureState(
    failure: Failure,
    #[prop(into)] again: Callback<()>,
    /// Other ways out, as buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    FailuresShown::count_one();
    view! {
        <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=advice(&failure) detail=failure.detail()>
            <NextTry failure=failure again=again />
            {children.map(|children| children())}
        </State>
    }
}

/// The same in one line, where the rest of a page or form goes on without: `what` could not be read.
#[component]
pub fn FailureLine(what: &'static str, failure: Failure, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let words = match failure.kind {
        // That is told once, over the whole page.
        FailureKind::SignedOut | FailureKind::AtGateway { .. } | FailureKind::HeadersTooLarge(_) => {
            format!("{what} could not be read yet.")
        }
        _ => format!("{what} could not be read: {}. {}", failure.title(), advice(&failure)),
    };
    view! {
        <p class="form-error" role="alert">
            <Icon name=IconName::Alert />
            <span>{words}</span>
            " "
            <NextTry failure=failure again=again quiet=true />
        </p>
    }
}

/// What was read, or that it is being read, or why it could not be.
#[component]
pub fn FetchedState<T: Clone + PartialEq + Send + Sync + 'static>(
    fetched: Fetched<T>,
    /// Such as "Reading the event".
    reading: &'static str,
    #[prop(into)] body: Callback<T, AnyView>,
) -> impl IntoView {
    move || match fetched.found.get() {
        Some(found) => body.run(found),
        None => match fetched.failure.get() {
            Some(failure) => view! { <FailureState failure=failure again=fetched.again() /> }.into_any(),
            None => view! { <p class="quiet" role="status">{reading}</p> }.into_any(),
        },
    }
}
