//! A new batch.

use super::BatchFields;
use crate::api::RecordKey;
use crate::data::lookups::USAGE_TYPE;
use crate::data::session::Session;
use crate::features::form_request::{FormRequest, FormRequestStatus};
use crate::features::help::{help_mark, topic};
use crate::routes::{self, use_go};
use crate::ui::controls::{Dialog, FormFoot};
use crate::ui::part::part;
use leptos::prelude::*;
use rest_contract::is_blank;
use rest_contract::oracle::action;
use rest_contract::oracle::life_cycle::BatchType;

/// What each type of batch is for, in a line.
fn purpose(batch_type: BatchType) -> &'static str {
    match batch_type {
        BatchType::Rating => "Takes new events and has them rated.",
        BatchType::Rerate => "Takes rated events and prices them again.",
        BatchType::ReverseReplace => "Reverses each event with an equal and opposite one.",
    }
}

part! {
    /// What is in the dialog.
    pub mod create_part in create: (session: Session, open: RwSignal<bool>) =>
        view! { <CreateForm session=session open=open /> }
}

#[component]
pub fn CreateBatch(session: Session, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="New batch">
            {move || create_part::view(session, open)}
        </Dialog>
    }
}

#[component]
fn CreateForm(session: Session, open: RwSignal<bool>) -> impl IntoView {
    let fields = BatchFields::new(BatchType::Rating);
    let asking = FormRequest::new(session.sync);
    let go = use_go();
    asking.when_done(move |made| {
        let number = made.map_or_else(|| fields.number.get_untracked(), |key| key.name());
        open.set(false);
        go.to(&routes::batch(&number));
    });
    let is_under_way = move || asking.is_under_way();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(is_under_way) {
            let key = RecordKey::batch(&fields.number.get_untracked());
            asking.ask(key, &action::CREATE, fields.arguments());
        }
    };
    let kinds = BatchType::ALL.map(|batch_type| {
        let code = batch_type.code();
        view! {
            <label class="choice">
                <input type="radio" name="batch-type" checked=batch_type == BatchType::Rating on:change=move |_| fields.set_type(batch_type) />
                <span><strong>{move || session.lookups.tables.get().meaning(USAGE_TYPE, code).to_owned()}</strong><br />{purpose(batch_type)}</span>
            </label>
        }
    });
    let blocked = session.blocked_from_editing();
    view! {
        <form on:submit=submit>
            <fieldset class="reverse-target"><legend>"Type"</legend>{help_mark(topic::BATCH_TYPES, "types of batches")}{kinds}</fieldset>
            {fields.inputs("Description")}
            <FormRequestStatus asking=asking />
            {blocked.map(|reason| view! { <p class="quiet">{reason}</p> })}
            <FormFoot open=open>
                <button class="button" data-kind="primary" type="submit" disabled=move || is_under_way() || blocked.is_some() || is_blank(&fields.number.get())>
                    {move || if is_under_way() { "Creating" } else { "Create batch" }}
                </button>
            </FormFoot>
        </form>
    }
}
