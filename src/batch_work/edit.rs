//! A batch's own fields, each edited like any other: with its version, merged or in conflict.

use crate::controls::Dialog;
use crate::event_drawer::{ConflictCards, RecordField};
use crate::record_sync::{FieldName, View};
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::prelude::*;
use std::sync::Arc;

const FIELDS: [FieldName; 2] = ["BatchName", "BatchDescription"];

#[component]
pub fn EditBatch(session: Session, key: RecordKey, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="Edit the batch">
            <Fields session=session key=key.clone() open=open />
        </Dialog>
    }
}

#[component]
fn Fields(session: Session, key: RecordKey, open: RwSignal<bool>) -> impl IntoView {
    // Held as long as the dialog is open; the store reads what it does not know.
    session.sync.hold(key.clone());
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
