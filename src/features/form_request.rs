//! What a form asks the server to do, once, and what became of it.

use crate::api::RecordKey;
use crate::data::sync::{OperationStatus, RecordSync};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use record_store::IntentId;
use rest_contract::oracle::action::{Action, Arguments};

/// One such thing; a handle.
#[derive(Clone, Copy)]
pub struct FormRequest {
    sync: RecordSync,
    asked: RwSignal<Option<IntentId>>,
    /// The record that it is asked of, once it is asked here.
    of: RwSignal<Option<RecordKey>>,
    /// Nothing before it is asked for.
    pub status: Memo<Option<OperationStatus>>,
}

impl FormRequest {
    pub fn new(sync: RecordSync) -> Self {
        Self::taken_up(sync, None)
    }

    /// What was asked for before the form was there.
    pub fn taken_up(sync: RecordSync, asked: Option<IntentId>) -> Self {
        let asked = RwSignal::new(asked);
        let status = Memo::new(move |_| asked.get().map(|intent| sync.operation_status(intent)));
        Self { sync, asked, of: RwSignal::new(None), status }
    }

    /// Whether it is still to end.
    pub fn is_under_way(self) -> bool {
        matches!(self.status.get(), Some(OperationStatus::Open | OperationStatus::InDoubt))
    }

    /// What was refused before is replaced by what stands in the form now.
    pub fn ask(self, key: RecordKey, action: &'static Action, arguments: Arguments) {
        if let Some(refused) = self.asked.get_untracked() {
            self.sync.discard(refused);
        }
        self.of.set(Some(key.clone()));
        self.asked.set(Some(self.sync.act(key, action, arguments)));
    }

    /// Calls `then` once it is done, with the key that the server gave to a record that was made.
    pub fn when_done(self, then: impl Fn(Option<RecordKey>) + 'static) {
        Effect::new(move || {
            if self.status.get() == Some(OperationStatus::Done) {
                let made = self.asked.get_untracked().and_then(|intent| self.sync.created_as(intent));
                untrack(|| then(made));
            }
        });
    }
}

/// What became of it, in a line: nothing while it is under way or done.
#[component]
pub fn FormRequestStatus(asking: FormRequest) -> impl IntoView {
    let FormRequest { sync, of, status, .. } = asking;
    Effect::new(move || of.get().into_iter().for_each(|key| sync.leave_action_to_dialog(key)));
    view! {
        <div role="alert">
            {move || match status.get() {
                Some(OperationStatus::Refused(words)) => Some(view! { <p class="form-error"><Icon name=IconName::Alert />{words}</p> }),
                _ => None,
            }}
        </div>
        <div role="status">
            {move || (status.get() == Some(OperationStatus::InDoubt)).then(|| view! { <p class="in-doubt"><Icon name=IconName::Clock />"Sent, not confirmed. Checking what the server holds."</p> })}
        </div>
    }
}

/// Why a change was refused, and the two ways on.
#[component]
pub fn RefusedChange(sync: RecordSync, intent: IntentId, reason: String) -> impl IntoView {
    view! {
        <div role="alert">
            <p class="field-error"><Icon name=IconName::Alert />{reason}</p>
            <div class="field-actions">
                <button class="button" on:click=move |_| sync.retry(intent)>"Send again"</button>
                <button class="button" data-kind="quiet" on:click=move |_| sync.discard(intent)>"Drop it"</button>
            </div>
        </div>
    }
}
