//! What became of a batch: its own steps, or every value that was changed in it and in what is in it. The
//! server keeps both; nothing of them can be changed.

mod batch_steps;
mod changed_values;
mod followed_link;
mod step_words;

use crate::data::session::Session;
use crate::routes::{self, use_address_query};
use batch_steps::BatchSteps;
use changed_values::ChangedValues;
use leptos::prelude::*;
use rest_contract::Record;
use std::sync::Arc;

/// Said where a server keeps no changes.
const NO_HISTORY: &str = "This system keeps no list of changes";

/// `changed` goes up when the history should be read again. A row opens its event over the batch at `home`.
#[component]
pub fn BatchHistory(
    session: Session,
    number: String,
    home: String,
    batch: Signal<Option<Arc<Record>>>,
    changed: Signal<u64>,
) -> impl IntoView {
    let query = use_address_query();
    let is_in_full = Memo::new(move |_| query.with(|query| query.text("changes") == "all"));
    let chip = |in_full: bool, href: String, words: &'static str| {
        view! { <a class="chip" href=href aria-current=move || (is_in_full.get() == in_full).then_some("page")>{words}</a> }
    };
    let steps = chip(false, routes::batch_part(&routes::batch(&number), "history"), "Timeline");
    let values = chip(true, routes::batch_history_in_full(&number), "All changed values");
    let shown = move || {
        let number = number.clone();
        if is_in_full.get() {
            view! { <ChangedValues session=session batch=number home=home.clone() changed=changed /> }
                .into_any()
        } else {
            view! { <BatchSteps session=session number=number batch=batch changed=changed /> }.into_any()
        }
    };
    view! {
        <section class="page-main" aria-label="History">
            <nav class="chips views history-views" aria-label="Views of the history">{steps}{values}</nav>
            {shown}
        </section>
    }
}
