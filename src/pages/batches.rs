//! The batches: every batch with its state and its counts, one press from its events.

mod columns;
mod source;

use crate::data::session::Session;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::batch_work::CreateBatch;
use crate::features::list::{ListFoot, ListGrid, ListStatus, when_all_is_done, when_moved};
use crate::features::page_head::PageHead;
use crate::routes;
use crate::ui::controls::{IconName, State};
use grid_model::{RowCount, SortKey};
use leptos::prelude::*;
use source::batch_list;
use std::rc::Rc;
use std::sync::Arc;

#[component]
pub fn BatchesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let list = batch_list(session);
    let status = list.pages.status;
    let handle = StoredValue::new_local(list.clone());
    let sort = RwSignal::new(vec![SortKey::descending("CreationDate")]);
    Effect::new(move || handle.with_value(|list| list.order(sort.get())));
    let again = Callback::new(move |()| handle.with_value(|list| list.pages.refresh()));
    when_moved(when_all_is_done(session.sync).into(), again);
    let address = |key: Arc<str>| Some(routes::batch(&key));
    let instead = |status: ListStatus| {
        (status.failure.is_none() && status.count == RowCount::Exactly(0)).then(|| view! {
            <State icon=IconName::Batches title="No batches yet" text="Usage that is loaded or reported appears here as a batch. If you expected some, your role may not see them." />
        }.into_any())
    };
    let creating = RwSignal::new(false);
    view! {
        <PageHead title="Batches">
            <AllowedButton session=session words="New batch" kind="primary" forbidden=forbidden_by_role(session) press=move || creating.set(true) />
            <button class="button" data-kind="quiet" on:click=move |_| again.run(())>"Refresh"</button>
        </PageHead>
        <div class="page-body">
            <div class="page-main">
                <ListGrid session=session list=Rc::new(list) label="Usage event batches" sort=sort on_sort=move |keys| sort.set(keys)
                    address=address instead=instead />
                <ListFoot status=status one="batch" several="batches">
                    <span>"Press a batch's number, or Enter, to open it."</span>
                </ListFoot>
            </div>
        </div>
        <CreateBatch session=session open=creating />
    }
}
