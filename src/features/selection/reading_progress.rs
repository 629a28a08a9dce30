//! How far a reading of events has come, and the way to end it.

use super::ReadingState;
use crate::text::{count, with_plain_times};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;

/// A line with a bar while events are read, and the reason where they could not be. Nothing else.
#[component]
pub fn ReadingProgress(
    state: RwSignal<ReadingState>,
    #[prop(into)] stop: Callback<()>,
    #[prop(optional, into)] again: Option<Callback<()>>,
) -> impl IntoView {
    move || {
        match state.get() {
        ReadingState::Under(read, total) => {
            let of = total.map(|total| format!(" of {}", count(total as u64))).unwrap_or_default();
            let max = total.unwrap_or(read).max(1).to_string();
            Some(
                view! {
                    <p class="progress">
                        <progress max=max value=read.to_string() aria-label="Reading the events"></progress>
                        {format!("Reading: {}{of}", count(read as u64))}
                        <button class="button" data-kind="quiet" type="button" on:click=move |_| stop.run(())>"Stop"</button>
                    </p>
                }
                .into_any(),
            )
        }
        ReadingState::Failed(failure) => Some(
            view! {
                <p role="alert" class="form-error">
                    <Icon name=IconName::Alert />
                    <span>{format!("{} {}", failure.title(), with_plain_times(&failure.advice()))}</span>
                    {again.map(|again| view! { <button class="button" type="button" on:click=move |_| again.run(())>"Try again"</button> })}
                </p>
            }
            .into_any(),
        ),
        ReadingState::Idle | ReadingState::Done | ReadingState::Counted(_) | ReadingState::MoreThan(_) => None,
    }
    }
}
