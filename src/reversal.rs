//! Reversing events: what would be taken back and what is barred, the batch that the reversals go
//! into, and what became of each event.
//!
//! Not here: the rules, and which events were selected (`event_grid`, `event_drawer`).

mod instead_of_undo;

pub use instead_of_undo::undo_or_reverse;

use crate::batch_work::{BatchFields, number_of_now};
use crate::controls::{Badge, Dialog};
use crate::display_text::{count, events};
use crate::event_selection::{Reading, ReadingState, Selected, WeighedView};
use crate::record_sync::Fate;
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::IntentId;
use rest_contract::Value;
use rest_contract::oracle::action::{self, Arguments};
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};
use rest_contract::oracle::one_of;

/// More events than this at a time go into a reversal batch by rules.
const MOST_AT_ONCE: usize = 5_000;

/// Opens when `selected` is set.
#[component]
pub fn ReverseDialog(session: Session, selected: RwSignal<Option<Selected>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if selected.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && selected.with_untracked(Option::is_some) {
            selected.set(None);
        }
    });
    view! {
        <Dialog open=open title="Reverse events" wide=true>
            {move || selected.get_untracked().map(|selected| view! { <ReverseForm session=session selected=selected open=open /> })}
        </Dialog>
    }
}

/// Where the reversing stands.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Choosing,
    /// The batch is being made.
    Preparing(IntentId),
    /// The events are being reversed, into this batch.
    Reversing(String),
}

#[component]
fn ReverseForm(session: Session, selected: Selected, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let reading = Reading::new(session);
    reading.start(selected, MOST_AT_ONCE);
    let stage = RwSignal::new(Stage::Choosing);
    let fields = BatchFields::new(number_of_now("RV"), BatchType::ReverseReplace);
    let open_batches = RwSignal::new(Vec::<String>::new());
    spawn_local(async move {
        let q = format!(
            "{} and {}",
            one_of("UsageType", &[BatchType::ReverseReplace.code()]),
            one_of("BatchStatus", &[BatchStatus::Draft.code()])
        );
        // Without the list a new batch can still be made.
        if let Ok(page) = session.client.batch_page(&q, "CreationDate:desc", 0, 100).await {
            open_batches.try_set(page.items.iter().filter_map(rest_contract::Record::key).collect());
        }
    });
    // The open batch to go into; empty for a new one.
    let target = RwSignal::new(String::new());
    let intents = RwSignal::new(Vec::<(String, IntentId)>::new());
    let reverse = move |batch: String| {
        let arguments = Arguments::from([
            ("reverseBatchNumber", Value::Text(batch.clone())),
            ("ReverseFlag", Value::Boolean(true)),
        ]);
        let allowed = reading.weighed.get_untracked();
        let asked = allowed.allowed.iter().map(|number| {
            (number.clone(), sync.act(RecordKey::event(number), &action::REVERSE, arguments.clone()))
        });
        let asked: Vec<_> = asked.collect();
        intents.set(asked);
        stage.set(Stage::Reversing(batch));
    };
    let begin = move |_| match target.get_untracked() {
        batch if !batch.is_empty() => reverse(batch),
        _ => {
            let key = RecordKey::batch(&fields.number.get_untracked());
            stage.set(Stage::Preparing(sync.act(key, &action::CREATE, fields.arguments())));
        }
    };
    // Once the new batch stands, its events follow.
    Effect::new(move || {
        let Stage::Preparing(intent) = stage.get() else { return };
        if sync.fate(intent) == Fate::Done {
            let created = sync.created_as(intent).map(|key| key.name());
            untrack(|| reverse(created.unwrap_or_else(|| fields.number.get_untracked())));
        }
    });
    let chosen = Memo::new(move |_| {
        let is_read = reading.state.get() == ReadingState::Done;
        if is_read { reading.weighed.with(|weighed| weighed.allowed.len()) } else { 0 }
    });
    let barred_role =
        session.with_access(|access| access.and_then(|access| access.role.barred_from_editing()));
    let trouble = move || match stage.get() {
        Stage::Preparing(intent) => match sync.fate(intent) {
            Fate::Refused(words) => Some(words),
            Fate::InDoubt => {
                Some("The new batch was sent and not confirmed. Checking whether it stands.".to_owned())
            }
            _ => None,
        },
        _ => None,
    };
    let is_waiting = move || match stage.get() {
        Stage::Preparing(intent) => !matches!(sync.fate(intent), Fate::Refused(_)),
        _ => false,
    };
    let choosing = move || {
        view! {
            <WeighedView reading=reading allowed_words="will be reversed" worth_title="Billed amounts to be negated" />
            <fieldset class="reverse-target">
                <legend>"Reversal batch"</legend>
                <label class="choice"><input type="radio" name="reversal-batch" checked=move || target.get().is_empty() on:change=move |_| target.set(String::new()) />"A new batch"</label>
                {move || target.get().is_empty().then(|| fields.inputs())}
                {move || open_batches.get().into_iter().map(|number| {
                    let (chosen, name) = (number.clone(), number.clone());
                    view! { <label class="choice"><input type="radio" name="reversal-batch" prop:checked=move || target.get() == chosen on:change=move |_| target.set(number.clone()) /><span class="mono">{name}</span></label> }
                }).collect_view()}
            </fieldset>
            <p class="quiet">"Amounts move when that batch is submitted and processed. Nothing is deleted: each event stands beside the one that takes it back."</p>
            {move || trouble().map(|words| view! { <p role="alert" class="form-error">{words}</p> })}
            <footer class="dialog-foot">
                <button class="button" data-kind="primary" disabled=move || chosen.get() == 0 || is_waiting() || barred_role.is_some() title=barred_role.unwrap_or_default() on:click=begin>
                    {move || if is_waiting() { "Making the batch".to_owned() } else { format!("Reverse {}", events(chosen.get())) }}
                </button>
                <button class="button" data-kind="quiet" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        }
    };
    move || match stage.get() {
        Stage::Choosing | Stage::Preparing(_) => choosing().into_any(),
        Stage::Reversing(batch) => {
            let barred = reading.weighed.with_untracked(|weighed| weighed.barred_count());
            view! { <Outcome session=session intents=intents batch=batch barred=barred open=open /> }
                .into_any()
        }
    }
}

/// Each event's fate, counted, with the reasons of those that were not reversed.
#[component]
fn Outcome(
    session: Session,
    intents: RwSignal<Vec<(String, IntentId)>>,
    batch: String,
    barred: usize,
    open: RwSignal<bool>,
) -> impl IntoView {
    let sync = session.sync;
    let fates = Memo::new(move |_| {
        intents.with(|intents| {
            let fate = |(number, intent): &(String, IntentId)| (number.clone(), sync.fate(*intent));
            intents.iter().map(fate).collect::<Vec<_>>()
        })
    });
    let number_of = move |which: fn(&Fate) -> bool| {
        fates.with(|fates| fates.iter().filter(|(_, fate)| which(fate)).count())
    };
    let total = move || fates.with(Vec::len);
    let done = move || number_of(|fate| *fate == Fate::Done);
    let refused = move || number_of(|fate| matches!(fate, Fate::Refused(_)));
    let in_doubt = move || number_of(|fate| *fate == Fate::InDoubt);
    let retry = move |_| {
        let again: Vec<_> = intents
            .get_untracked()
            .into_iter()
            .filter(|(_, intent)| matches!(untrack(|| sync.fate(*intent)), Fate::Refused(_)))
            .collect();
        again.into_iter().for_each(|(_, intent)| sync.retry(intent));
    };
    let address = format!("/batches/{}", String::from(js_sys::encode_uri_component(&batch)));
    let is_finished = move || done() + refused() == total();
    view! {
        <p class="progress" role="status">
            <progress max=move || total().to_string() value=move || done().to_string() aria-label="Reversed"></progress>
            <strong data-testid="reversed">{move || format!("{} of {} reversed", count(done() as u64), count(total() as u64))}</strong>
            {move || (in_doubt() > 0).then(|| view! { <Badge tone=Tone::Warn text=format!("{} in doubt, checking", in_doubt()) /> })}
            {move || (refused() > 0).then(|| view! { <Badge tone=Tone::Bad text=format!("{} not reversed", refused()) /> })}
        </p>
        {(barred > 0).then(|| view! { <p class="quiet">{format!("{} of the selection were barred and left as they are.", count(barred as u64))}</p> })}
        <ul class="outcome-list">
            {move || fates.get().into_iter().filter_map(|(number, fate)| match fate {
                Fate::Refused(words) => Some(view! { <li><span class="mono">{number}</span>" "{words}</li> }),
                _ => None,
            }).collect_view()}
        </ul>
        <footer class="dialog-foot">
            <a class="button" data-kind="primary" href=address on:click=move |_| open.set(false)>"Open the reversal batch"</a>
            {move || (refused() > 0).then(|| view! { <button class="button" on:click=retry>"Try these again"</button> })}
            <button class="button" data-kind="quiet" on:click=move |_| open.set(false)>{move || if is_finished() { "Close" } else { "Go on in the background" }}</button>
        </footer>
    }
}
