//! Reversing events: what would be taken back and what is blocked, the batch that the reversals go
//! into, and what became of each event.
//!
//! Not here: the rules, and which events were selected (`features::event_list`, `features::event_drawer`).

mod instead_of_undo;

pub use instead_of_undo::undo_or_reverse;

use crate::api::RecordKey;
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::data::sync::{OperationStatus, ReversalId};
use crate::features::batch_work::{BatchFields, number_of_now};
use crate::features::list::FailureLine;
use crate::features::selection::{EligibilityView, Reading, Selected};
use crate::routes;
use crate::text::{count, events};
use crate::ui::controls::{Badge, FormDialog, FormFoot};
use crate::ui::part::part;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Record;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};
use rest_contract::oracle::one_of;

/// More events than this at a time go into a reversal batch by rules.
const MOST_AT_ONCE: usize = 5_000;

part! {
    /// What is in the dialog.
    pub mod reversal_part in batch_work: (session: Session, selected: Selected, open: RwSignal<bool>) =>
        view! { <ReverseForm session=session selected=selected open=open /> }
}

/// Opens when `selected` is set.
#[component]
pub fn ReverseDialog(session: Session, selected: RwSignal<Option<Selected>>) -> impl IntoView {
    let form = move |(selected, open)| reversal_part::view(session, selected, open);
    view! { <FormDialog subject=selected title="Reverse events" wide=true form=form /> }
}

#[component]
fn ReverseForm(session: Session, selected: Selected, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let reading = Reading::new(session);
    reading.start(selected, MOST_AT_ONCE);
    let under_way = RwSignal::new(None::<ReversalId>);
    let fields = BatchFields::new(number_of_now("RV"), BatchType::ReverseReplace);
    // Without the list a new batch can still be made.
    let open_batches = Fetched::new(session, async move || {
        let q = format!(
            "{} and {}",
            one_of("UsageType", &[BatchType::ReverseReplace.code()]),
            one_of("BatchStatus", &[BatchStatus::Draft.code()])
        );
        let page = session.client.batch_page(&q, "CreationDate:desc", 0, 100).await?;
        Ok(page.items.iter().filter_map(Record::key).collect::<Vec<_>>())
    });
    open_batches.read();
    // The open batch to go into; empty for a new one.
    let target = RwSignal::new(String::new());
    let begin = move |_| {
        if reading.allowed() == 0 {
            return;
        }
        let allowed = reading.eligibility.get_untracked();
        let id = match target.get_untracked() {
            batch if !batch.is_empty() => sync.reverse_into(&batch, allowed.allowed.clone()),
            _ => {
                // What was refused before is replaced by what stands in the form now.
                if let Some(before) = under_way.get_untracked() {
                    sync.give_up_reversal(before);
                }
                let key = RecordKey::batch(&fields.number.get_untracked());
                sync.reverse_into_new(key, fields.arguments(), &allowed.allowed)
            }
        };
        under_way.set(Some(id));
    };
    let chosen = Memo::new(move |_| reading.allowed());
    // How the making of the batch stands, while it is made.
    let making = Memo::new(move |_| under_way.get().and_then(|id| sync.reversal_batch_status(id)));
    let blocked_role = session.blocked_from_editing();
    let trouble = move || match making.get() {
        Some(OperationStatus::Refused(words)) => Some(words),
        Some(OperationStatus::InDoubt) => {
            Some("The new batch was sent and not confirmed. Checking whether it stands.".to_owned())
        }
        _ => None,
    };
    let is_waiting = move || {
        making
            .get()
            .is_some_and(|status| !matches!(status, OperationStatus::Refused(_) | OperationStatus::GivenUp))
    };
    let choosing = move || {
        view! {
            <EligibilityView session=session reading=reading allowed_words="will be reversed" worth_title="Billed amounts to be negated" />
            <fieldset class="reverse-target">
                <legend>"Reversal batch"</legend>
                <label class="choice"><input type="radio" name="reversal-batch" checked=move || target.get().is_empty() on:change=move |_| target.set(String::new()) />"A new batch"</label>
                {move || target.get().is_empty().then(|| fields.inputs())}
                {move || open_batches.found.get().into_iter().flatten().map(|number| {
                    let (chosen, name) = (number.clone(), number.clone());
                    view! { <label class="choice"><input type="radio" name="reversal-batch" prop:checked=move || target.get() == chosen on:change=move |_| target.set(number.clone()) /><span class="mono">{name}</span></label> }
                }).collect_view()}
                {move || open_batches.failure.get().map(|failure| view! { <FailureLine what="Open reversal batches" failure=failure again=open_batches.again() /> })}
            </fieldset>
            <p class="quiet">"Amounts move when that batch is submitted and processed. Nothing is deleted: the original and its reversal are both kept."</p>
            {move || trouble().map(|words| view! { <p role="alert" class="form-error">{words}</p> })}
            <FormFoot open=open close=Signal::derive(move || if is_waiting() { "Go on in the background" } else { "Cancel" }.to_owned())>
                <button class="button" data-kind="primary" disabled=move || chosen.get() == 0 || is_waiting() || blocked_role.is_some() title=blocked_role.unwrap_or_default() on:click=begin>
                    {move || if is_waiting() { "Making the batch".to_owned() } else { format!("Reverse {}", events(chosen.get())) }}
                </button>
            </FormFoot>
        }
    };
    let reversing = Memo::new(move |_| under_way.get().filter(|_| making.get().is_none()));
    move || match reversing.get() {
        None => choosing().into_any(),
        Some(id) => {
            let blocked = reading.eligibility.with_untracked(|eligibility| eligibility.blocked_count());
            view! { <Outcome session=session id=id blocked=blocked open=open /> }.into_any()
        }
    }
}

/// Each event's status, counted, with the reasons of those that were not reversed.
#[component]
fn Outcome(session: Session, id: ReversalId, blocked: usize, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let progress = Memo::new(move |_| sync.reversal_progress(id));
    let refused = Memo::new(move |_| match progress.get().refused {
        0 => Vec::new(),
        _ => sync.refused_reversals(id),
    });
    let retry =
        move |_| sync.retry_all(refused.get_untracked().into_iter().map(|(_, intent, _)| intent).collect());
    let part = move |number: usize, tone: Tone, words: &'static str| {
        (number > 0).then(|| view! { <Badge tone=tone text=format!("{} {words}", count(number as u64)) /> })
    };
    let address = move || routes::batch(&sync.reversal_batch(id));
    view! {
        <p class="progress" role="status">
            <progress max=move || progress.get().rows.to_string() value=move || progress.get().done.to_string() aria-label="Reversed"></progress>
            <strong data-testid="reversed">{move || format!("{} of {} reversed", count(progress.get().done as u64), count(progress.get().rows as u64))}</strong>
            {move || part(progress.get().in_doubt, Tone::Warn, "in doubt, checking")}
            {move || part(progress.get().refused, Tone::Bad, "not reversed")}
            {move || part(progress.get().given_up, Tone::Quiet, "left as they are")}
        </p>
        {(blocked > 0).then(|| view! { <p class="quiet">{format!("{} of the selection were excluded and left as they are.", count(blocked as u64))}</p> })}
        <ul class="outcome-list">
            {move || refused.get().into_iter().map(|(number, _, words)| view! { <li><span class="mono">{number}</span>" "{words}</li> }).collect_view()}
        </ul>
        <FormFoot open=open close=Signal::derive(move || if progress.get().is_settled() { "Close" } else { "Go on in the background" }.to_owned())>
            <a class="button" data-kind="primary" href=address on:click=move |_| open.set(false)>"Open the reversal batch"</a>
            {move || (progress.get().refused > 0).then(|| view! { <button class="button" on:click=retry>"Try these again"</button> })}
        </FormFoot>
    }
}
