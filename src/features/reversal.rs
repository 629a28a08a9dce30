//! Reversing events: what would be taken back and what is blocked, the batch that the reversals go
//! into, and what became of each event.
//!
//! Not here: the rules, and which events were selected (`features::event_list`, `features::event_drawer`).

mod instead_of_undo;
mod open_batches;

pub use instead_of_undo::undo_or_reverse;

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::{OperationStatus, ReversalId};
use crate::features::approvals::KnownRules;
use crate::features::batch_work::BatchFields;
use crate::features::help::{help_mark, topic};
use crate::features::selection::{EligibilityView, Reading, Selected};
use crate::routes;
use crate::text::{count, events};
use crate::ui::controls::{Badge, FormDialog, FormFoot, take_lost_focus_within};
use crate::ui::part::part;
use grid_model::{Tone, visible};
use leptos::prelude::*;
use open_batches::OpenBatches;
use rest_contract::oracle::life_cycle::BatchType;
use rest_contract::{Value, is_blank};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// More events than this at a time go into a reversal batch by rules.
const MOST_AT_ONCE: usize = 5_000;

/// What the description of a reversal batch is asked as.
const REASON: &str = "Reason (required)";

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
    let rules = expect_context::<KnownRules>();
    let reading = Reading::new(session);
    reading.start(selected, MOST_AT_ONCE);
    let under_way = RwSignal::new(None::<ReversalId>);
    Effect::new(move || under_way.get().into_iter().for_each(|id| sync.leave_reversal_to_dialog(id)));
    let fields = BatchFields::new(BatchType::ReverseReplace);
    let open_batches = OpenBatches::new(session);
    let target = open_batches.target;
    propose_name(reading, fields.name);
    let reason = fields.description;
    // It is what a person has to say; the number and the name are proposed.
    request_animation_frame(|| {
        if let Some(reason) = document().get_element_by_id("batch-description") {
            let _ = reason.unchecked_into::<HtmlElement>().focus();
        }
    });
    let lacks_reason = Memo::new(move |_| is_blank(&reason.get()) && open_batches.reason().is_none());
    let begin = move |_| {
        if reading.allowed() == 0 || lacks_reason.get_untracked() {
            return;
        }
        let allowed = reading.eligibility.get_untracked();
        let id = match target.get_untracked() {
            batch if !batch.is_empty() => {
                open_batches.give_reason(&reason.get_untracked());
                sync.reverse_into(&batch, allowed.allowed.clone())
            }
            _ => {
                // What was refused before is replaced by what stands in the form now.
                if let Some(before) = under_way.get_untracked() {
                    sync.give_up_reversal(before);
                }
                let key = RecordKey::batch(&fields.number.get_untracked());
                let mut arguments = fields.arguments();
                let unit = reading.business_unit.get_untracked().map(Value::Text);
                arguments.extend(unit.map(|unit| ("BusinessUnitName", unit)));
                sync.reverse_into_new(key, arguments, &allowed.allowed)
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
            <EligibilityView session=session reading=reading allowed_words="will be reversed" worth_title="Amounts of the reversals" reverses=true />
            <fieldset class="reverse-target">
                <legend>"Reversal batch"</legend>
                <label class="choice"><input type="radio" name="reversal-batch" checked=move || target.get().is_empty() on:change=move |_| target.set(String::new()) />"A new batch"</label>
                {move || target.get().is_empty().then(|| fields.inputs(REASON))}
                {open_batches.choices()}
                {move || (!target.get().is_empty()).then(|| match open_batches.reason() {
                    Some(words) => view! { <p data-testid="reason">"Reason: "{visible(&words).into_owned()}<br /><span class="quiet">"All reversals of a batch share its reason. For another reason use a new batch."</span></p> }.into_any(),
                    None => fields.description_input(REASON).into_any(),
                })}
            </fieldset>
            {move || rules.counts_reversals().then(|| view! { <p class="quiet">"Submitting that batch may need the approval of a second person: it says so before, with the number and the amounts."</p> })}
            <p class="quiet">"The reason is kept as the description of the reversal batch. Amounts move when that batch is submitted and processed. Nothing is deleted: the original and its reversal are both kept. "{help_mark(topic::REVERSAL, "reversals")}</p>
            {move || trouble().map(|words| view! { <p role="alert" class="form-error">{words}</p> })}
            <FormFoot open=open close=Signal::derive(move || if is_waiting() { "Go on in the background" } else { "Cancel" }.to_owned())>
                <button class="button" data-kind="primary" disabled=move || chosen.get() == 0 || is_waiting() || lacks_reason.get() || blocked_role.is_some()
                    title=move || blocked_role.or(lacks_reason.get().then_some("Enter a reason first.")).unwrap_or_default() on:click=begin>
                    {move || match chosen.get() {
                        _ if is_waiting() => "Making the batch".to_owned(),
                        0 => "Reverse events".to_owned(),
                        number => format!("Reverse {}", events(number)),
                    }}
                </button>
            </FormFoot>
        }
    };
    let reversing = Memo::new(move |_| under_way.get().filter(|_| making.get().is_none()));
    move || match reversing.get() {
        None => choosing().into_any(),
        Some(id) => {
            let blocked = reading.eligibility.with_untracked(|eligibility| eligibility.blocked_count());
            let is_new = target.get_untracked().is_empty();
            view! { <Outcome session=session id=id blocked=blocked is_new=is_new open=open /> }.into_any()
        }
    }
}

/// Names the new batch after what it reverses, until a person gives it another name. It counts nothing: some of the
/// events may be refused.
fn propose_name(reading: Reading, name: RwSignal<String>) {
    let proposed = StoredValue::new(String::new());
    Effect::new(move || {
        if reading.allowed() == 0 || name.get_untracked() != proposed.get_value() {
            return;
        }
        let of = reading.eligibility.with(|eligibility| match eligibility.allowed.as_slice() {
            [only] => only.clone(),
            _ => match eligibility.by_batch.keys().collect::<Vec<_>>().as_slice() {
                [only] if !only.is_empty() => format!("events of {only}"),
                _ => "events of several batches".to_owned(),
            },
        });
        proposed.set_value(format!("Reversal of {of}"));
        name.set(proposed.get_value());
    });
}

fn made_of(made: usize, all: usize) -> String {
    let reversals = if all == 1 { "reversal" } else { "reversals" };
    format!("{} of {} {reversals} made", count(made as u64), count(all as u64))
}

/// Each event's status, counted, with the reasons of those that were not reversed. `is_new`: the batch was made for
/// them.
#[component]
fn Outcome(
    session: Session,
    id: ReversalId,
    blocked: usize,
    is_new: bool,
    open: RwSignal<bool>,
) -> impl IntoView {
    // The form had the keyboard, and is gone.
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    take_lost_focus_within(dialog.map(JsCast::unchecked_into), ".dialog-foot .button");
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
            <progress max=move || progress.get().rows.to_string() value=move || progress.get().done.to_string() aria-label="Reversals made"></progress>
            <strong data-testid="reversed">{move || made_of(progress.get().done, progress.get().rows)}</strong>
            {move || part(progress.get().in_doubt, Tone::Warn, "in doubt, checking")}
            {move || part(progress.get().refused, Tone::Bad, "refused")}
            {move || part(progress.get().given_up, Tone::Quiet, "left as they are")}
        </p>
        {(blocked > 0).then(|| view! { <p class="quiet">{match blocked { 1 => "1 event of the selection was excluded and left as it is.".to_owned(), _ => format!("{} events of the selection were excluded and left as they are.", count(blocked as u64)) }}</p> })}
        <ul class="outcome-list">
            {move || refused.get().into_iter().map(|(number, _, words)| view! { <li><span class="mono">{number}</span>" "{words}</li> }).collect_view()}
        </ul>
        {move || (progress.get().done > 0).then(|| view! { <p>"Amounts move when the reversal batch is submitted and processed."</p> })}
        {move || {
            let progress = progress.get();
            let is_empty = is_new && progress.is_settled() && progress.done == 0;
            is_empty.then(|| view! { <p data-testid="empty-batch">"The new batch is empty. Open it to delete it or to use it for other reversals."</p> })
        }}
        <FormFoot open=open close=Signal::derive(move || if progress.get().is_settled() { "Close" } else { "Go on in the background" }.to_owned())>
            <a class="button" data-kind="primary" href=address on:click=move |_| open.set(false)>"Open the reversal batch"</a>
            {move || (progress.get().refused > 0).then(|| view! { <button class="button" on:click=retry>"Try these again"</button> })}
        </FormFoot>
    }
}
