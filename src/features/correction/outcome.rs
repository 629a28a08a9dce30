//! What became of a correction: counted as it goes on, and told for each event that is not simply saved.

use super::pasted_rows::PastedRows;
use crate::data::session::Session;
use crate::data::sync::{OperationId, OperationStatus};
use crate::routes;
use crate::text::count;
use crate::ui::controls::{Badge, save_text};
use grid_model::Tone;
use leptos::prelude::*;
use std::sync::Arc;

/// At most this many rows are listed; all of them stand under Changes.
const MAX_LISTED: usize = 200;

#[component]
pub fn Outcome(
    session: Session,
    operation: OperationId,
    blocked: usize,
    /// The rows that were pasted, where the correction is of such.
    pasted: Option<Arc<PastedRows>>,
    next: Option<String>,
    go_on: Option<Callback<()>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let sync = session.sync;
    sync.leave_correction_to_dialog(operation);
    let progress = Memo::new(move |_| sync.progress(operation));
    // Rows are looked through only when the number of those that are not simply saved has moved.
    let not_saved = Memo::new(move |_| {
        let now = progress.get();
        [now.refused, now.conflicts, now.in_doubt, now.given_up]
    });
    let told = move || {
        if not_saved.get().iter().sum::<usize>() == 0 {
            return Vec::new();
        }
        let all = progress.get_untracked().rows;
        let rows = (0..all).filter_map(|at| match untrack(|| sync.row_status(operation, at))? {
            (key, OperationStatus::Refused(words)) => Some((key, words)),
            (key, OperationStatus::InDoubt) => {
                Some((key, "Sent, not confirmed. Checking what the server holds.".to_owned()))
            }
            (key, OperationStatus::Conflict) => {
                Some((key, "Someone else changed this too. Open it to decide.".to_owned()))
            }
            (key, OperationStatus::GivenUp) => Some((key, "Left as it is.".to_owned())),
            (_, OperationStatus::Done | OperationStatus::Open) => None,
        });
        rows.take(MAX_LISTED).collect()
    };
    let refused = move || progress.get().refused;
    let save = move |rows: &PastedRows| {
        let all = 0..progress.get_untracked().rows;
        let refused = all.filter_map(|at| match untrack(|| sync.row_status(operation, at))? {
            (key, OperationStatus::Refused(words)) => Some((key.name(), words)),
            _ => None,
        });
        if save_text("rows-refused.csv", &rows.file(refused)).is_err() {
            sync.notices.notify(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    let save_refused = move || {
        let rows = pasted.clone().filter(|_| refused() > 0)?;
        Some(view! { <button class="button" on:click=move |_| save(&rows)>"Save the refused rows"</button> })
    };
    let rows = move || {
        told()
            .into_iter()
            .map(|(key, words)| {
                // A charge is looked at in its event.
                let number = key.event_name().unwrap_or_else(|| key.name());
                let address = routes::event(&number);
                view! { <li><a class="mono" href=address>{number}</a>" "{words}</li> }
            })
            .collect_view()
    };
    let part = move |number: usize, tone: Tone, words: &'static str| {
        (number > 0).then(|| view! { <Badge tone=tone text=format!("{} {words}", count(number as u64)) /> })
    };
    let after = move || {
        let (title, go_on) = (next.clone()?, go_on?);
        Some(
            view! { <button class="button" data-kind="primary" on:click=move |_| go_on.run(())>{format!("Next: {title}")}</button> },
        )
    };
    view! {
        <p class="progress" role="status">
            <progress max=move || progress.get().rows.to_string() value=move || progress.get().done.to_string() aria-label="Corrected"></progress>
            <strong data-testid="corrected">{move || format!("{} of {} corrected", count(progress.get().done as u64), count(progress.get().rows as u64))}</strong>
            {move || part(progress.get().in_doubt, Tone::Warn, "in doubt, checking")}
            {move || part(progress.get().conflicts, Tone::Bad, "in conflict")}
            {move || part(progress.get().refused, Tone::Bad, "refused")}
            {move || part(progress.get().given_up, Tone::Quiet, "left as they are")}
        </p>
        {(blocked > 0).then(|| view! { <p class="quiet">{match blocked { 1 => "1 event of the selection was excluded and left as it is.".to_owned(), _ => format!("{} events of the selection were excluded and left as they are.", count(blocked as u64)) }}</p> })}
        <ul class="outcome-list">{rows}</ul>
        <footer class="dialog-foot">
            {after}
            {save_refused}
            {move || (refused() > 0).then(|| view! { <button class="button" on:click=move |_| sync.retry_refused(operation)>"Try the refused again"</button> })}
            <button class="button" on:click=move |_| open.set(false)>{move || if progress.get().is_settled() { "Close" } else { "Go on in the background" }}</button>
            <button class="button" data-kind="quiet" disabled=move || progress.get().done + progress.get().open == 0 on:click=move |_| { sync.take_back(operation); open.set(false); }>"Undo"</button>
        </footer>
    }
}
