//! Events from a file: chosen, understood, checked row by row, and sent.
//!
//! Not here: how a file is read and what a row means (`import_files`).

mod choice;
mod clock;
mod columns;
mod controller;
mod corrections;
mod kept_columns;
mod outcome;
mod progress;
mod reading;
mod rows;
mod workbook;

use crate::api::Failure;
use crate::data::session::Session;
use crate::features::list::advice;
use crate::features::page_head::PageHead;
use crate::ui::controls::{Notice, take_lost_focus};
use crate::ui::part_styles::use_part_styles;
use choice::{Choice, Unreadable};
pub use columns::columns_part;
use controller::{Import, Stage};
use corrections::CorrectionsDialog;
pub use corrections::corrections_part;
use grid_model::Tone;
use leptos::html;
use leptos::prelude::*;
pub use outcome::outcome_part;
use progress::Progress;
pub use workbook::WORKBOOKS;

#[component]
pub fn ImportPage() -> impl IntoView {
    use_part_styles(include_str!("../../style/import.css"));
    let session = expect_context::<Session>();
    let import = Import::new(session);
    let stage = import.stage;
    let content = move || {
        match stage.get() {
        Stage::Choose => view! { <Choice import=import /> }.into_any(),
        Stage::Reading => view! { <p role="status">"Reading the file"</p> }.into_any(),
        Stage::Unread(unread) => view! { <Unreadable import=import unread=unread /> }.into_any(),
        Stage::BadHeader(reason) => view! {
            <p role="alert">{format!("This file cannot be imported: {reason}.")}</p>
            <Another import=import />
        }
        .into_any(),
        Stage::Columns => columns_part::view(import).into_any(),
        Stage::Checking => view! {
            <Progress import=import word="Checking" />
            <p class="quiet">"Every row is read and looked for on the server. Nothing is sent."</p>
            <button class="button" on:click=move |_| import.back_to_columns()>"Cancel"</button>
        }
        .into_any(),
        Stage::CheckFailed(failure) => {
            let again = Callback::new(move |()| import.check());
            view! { <Trouble failure=failure word="Check again" again=again /> <Another import=import /> }
                .into_any()
        }
        Stage::Checked => outcome_part::view(import, false).into_any(),
        Stage::Sending => view! {
            // Leaving the page would stop it, so leaving asks.
            <div data-half-typed=""><Progress import=import word="Importing" /></div>
            <button class="button" disabled=import.is_pausing on:click=move |_| import.pause()>{move || if import.is_pausing.get() { "Pausing\u{2026}" } else { "Pause" }}</button>
        }
        .into_any(),
        Stage::Stopped(failure) => {
            let again = Callback::new(move |()| import.send());
            view! {
                {match failure {
                    Some(failure) => view! { <Trouble failure=failure word="Continue" again=again /> }.into_any(),
                    None => view! {
                        <p role="status">"Paused."</p>
                        <button class="button" data-kind="primary" on:click=move |_| import.send()>"Continue"</button>
                    }
                    .into_any(),
                }}
                <p class="quiet">"Rows whose answer is missing are looked for on the server before they are sent again."</p>
                {outcome_part::view(import, true)}
            }
            .into_any()
        }
        Stage::Done => outcome_part::view(import, true).into_any(),
    }
    };
    let body = NodeRef::<html::Div>::new();
    // What was pressed is gone with its step; the keyboard goes on in the next one.
    Effect::new(move |before: Option<()>| {
        stage.track();
        if before.is_some() {
            let body = body.get_untracked().map(Into::into);
            request_animation_frame(move || take_lost_focus(body));
        }
    });
    // What the events say after a correction is looked for anew.
    Effect::new(move || {
        if import.reviewed.with(Option::is_none) && import.is_corrected.get_untracked() {
            import.is_corrected.set(false);
            import.check();
        }
    });
    view! {
        <PageHead title="Import" />
        <div class="page-body import" node_ref=body tabindex="-1" role="group" aria-label="Current step">{content}</div>
        <CorrectionsDialog session=session reviewed=import.reviewed begun=import.is_corrected />
    }
}

/// Why it does not go on, and the way on.
#[component]
fn Trouble(failure: Failure, word: &'static str, again: Callback<()>) -> impl IntoView {
    view! {
        <Notice tone=Tone::Bad title=failure.title() text=advice(&failure)>
            <button class="button" on:click=move |_| again.run(())>{word}</button>
        </Notice>
    }
}

/// The way back to the choice of a file.
#[component]
fn Another(import: Import) -> impl IntoView {
    view! { <button class="button" data-kind="quiet" on:click=move |_| import.choose_another()>"Choose another file"</button> }
}
