//! What became of something that was asked for, in a line.

use crate::controls::{Icon, IconName};
use crate::record_sync::{Fate, RecordSync};
use leptos::prelude::*;
use record_store::IntentId;

/// Nothing while it is under way or done.
#[component]
pub fn FateLine(sync: RecordSync, #[prop(into)] asked: Signal<Option<IntentId>>) -> impl IntoView {
    let fate = Memo::new(move |_| asked.get().map(|intent| sync.fate(intent)));
    view! {
        <div role="alert">
            {move || match fate.get() {
                Some(Fate::Refused(words)) => Some(view! { <p class="form-error"><Icon name=IconName::Alert />{words}</p> }),
                _ => None,
            }}
        </div>
        <div role="status">
            {move || (fate.get() == Some(Fate::InDoubt)).then(|| view! { <p class="in-doubt"><Icon name=IconName::Clock />"Sent, not confirmed. Checking what the server holds."</p> })}
        </div>
    }
}

/// Whether it is still to end.
pub fn is_under_way(sync: RecordSync, asked: Option<IntentId>) -> bool {
    matches!(asked.map(|intent| sync.fate(intent)), Some(Fate::Open | Fate::InDoubt))
}
