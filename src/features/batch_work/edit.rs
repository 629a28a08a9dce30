//! A batch's own fields, each edited like any other: with its version, merged or in conflict.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::{FieldName, View};
use crate::features::record_panel::{ConflictCards, RecordField};
use crate::ui::controls::Dialog;
use crate::ui::part::part;
use leptos::prelude::*;
use std::sync::Arc;

const FIELDS: [FieldName; 2] = ["BatchName", "BatchDescription"];

part! {
    /// What is in the dialog.
    pub mod edit_part in one_record: (session: Session, key: RecordKey, open: RwSignal<bool>) =>
        view! { <Fields session=session key=key open=open /> }
}

#[component]
pub fn EditBatch(session: Session, key: RecordKey, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="Edit the batch" saves_by_itself=true>
            {edit_part::view(session, key.clone(), open)}
        </Dialog>
    }
}

#[component]
fn Fields(session: Session, key: RecordKey, open: RwSignal<bool>) -> impl IntoView {
    // Held as long as the dialog is open; the store reads what it does not know.
    session.sync.hold(key.clone());
    session.sync.leave_changes_to_dialog(key.clone());
    let is_known = {
        let key = key.clone();
        Memo::new(move |_| {
            session.sync.revision.track();
            session.sync.with_view(&key, |view| view.as_ref().and_then(View::version).is_some())
        })
    };
    let body = move || {
        if !is_known.get() {
            return view! { <p class="quiet" role="status">"Reading the batch"</p> }.into_any();
        }
        let fields = FIELDS.iter().map(|name| {
            view! { <RecordField session=session event=key.clone() key=key.clone() name=name /> }
        });
        let fields = fields.collect_view();
        view! {
            <ConflictCards session=session event=key.clone() charges=Arc::from([]) />
            <div class="form">{fields}</div>
            <p class="field-note">"Each field is saved when you leave it or press Enter."</p>
        }
        .into_any()
    };
    view! {
        {body}
        <footer class="dialog-foot">
            <button class="button" data-kind="primary" type="button" on:click=move |_| open.set(false)>"Done"</button>
        </footer>
    }
}
