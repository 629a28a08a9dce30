//! A new batch.

use super::{BatchFields, number_of_now};
use crate::controls::Dialog;
use crate::lookups::USAGE_TYPE;
use crate::record_sync::Fate;
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use record_store::IntentId;
use rest_contract::oracle::action;
use rest_contract::oracle::life_cycle::BatchType;

/// What each type of batch is for, in a line.
fn purpose(batch_type: BatchType) -> &'static str {
    match batch_type {
        BatchType::Rating => "Takes new events and has them rated.",
        BatchType::Rerate => "Takes rated events and prices them again.",
        BatchType::ReverseReplace => "Takes events back, each by an event with its signs turned.",
    }
}

#[component]
pub fn CreateBatch(session: Session, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="New batch">
            <CreateForm session=session open=open />
        </Dialog>
    }
}

#[component]
fn CreateForm(session: Session, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let fields = BatchFields::new(number_of_now("UB"), BatchType::Rating);
    let asked = RwSignal::new(None::<IntentId>);
    let fate = Memo::new(move |_| asked.get().map(|intent| sync.fate(intent)));
    let navigate = StoredValue::new_local(use_navigate());
    Effect::new(move || {
        if fate.get() == Some(Fate::Done) {
            let created = asked.get_untracked().and_then(|intent| sync.created_as(intent));
            let number = created.map_or_else(|| fields.number.get_untracked(), |key| key.name());
            open.set(false);
            let path = format!("/batches/{}", String::from(js_sys::encode_uri_component(&number)));
            navigate.with_value(|go| go(&path, NavigateOptions::default()));
        }
    });
    let is_under_way = move || matches!(fate.get(), Some(Fate::Open | Fate::InDoubt));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_under_way() {
            return;
        }
        // What was refused before is replaced by what stands in the form now.
        if let Some(refused) = asked.get_untracked() {
            sync.discard(refused);
        }
        let key = RecordKey::batch(&fields.number.get_untracked());
        asked.set(Some(sync.act(key, &action::CREATE, fields.arguments())));
    };
    let kinds = BatchType::ALL.map(|batch_type| {
        let code = batch_type.code();
        view! {
            <label class="choice">
                <input type="radio" name="batch-type" checked=batch_type == BatchType::Rating on:change=move |_| fields.batch_type.set(code) />
                <span><strong>{move || session.lookups.tables.get().meaning(USAGE_TYPE, code).to_owned()}</strong><br />{purpose(batch_type)}</span>
            </label>
        }
    });
    let words = move || match fate.get() {
        Some(Fate::Refused(words)) => {
            Some(view! { <p role="alert" class="form-error">{words}</p> }.into_any())
        }
        Some(Fate::InDoubt) => Some(
            view! { <p role="status">"Sent, not confirmed. Checking whether the batch stands."</p> }
                .into_any(),
        ),
        _ => None,
    };
    let barred = session.with_access(|access| access.and_then(|access| access.role.barred_from_editing()));
    view! {
        <form on:submit=submit>
            <fieldset class="reverse-target"><legend>"Type"</legend>{kinds}</fieldset>
            {fields.inputs()}
            {words}
            {barred.map(|reason| view! { <p class="quiet">{reason}</p> })}
            <footer class="dialog-foot">
                <button class="button" data-kind="primary" type="submit" disabled=move || is_under_way() || barred.is_some() || fields.number.get().trim().is_empty()>
                    {move || if is_under_way() { "Creating" } else { "Create batch" }}
                </button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </form>
    }
}
