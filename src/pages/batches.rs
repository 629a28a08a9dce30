//! The batches: every batch with its state and its counts, one press from its events.

mod columns;
mod source;
mod whole_batches;

use crate::api::System;
use crate::data::session::Session;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::batch_work::CreateBatch;
use crate::features::list::{
    ColumnFilters, ListExport, ListFilterBar, ListFoot, ListGrid, ListQuery, ListStatus, query_number,
    use_list_query, when_all_is_done, when_moved,
};
use crate::features::page_head::PageHead;
use crate::routes::{self, ask_by_address};
use crate::ui::controls::{IconName, State, way_by, way_to};
use columns::BATCH_COLUMNS;
use grid_model::{RowCount, SortKey};
use leptos::prelude::*;
use source::batch_list;
use std::rc::Rc;
use std::sync::Arc;

#[component]
pub fn BatchesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let query = use_list_query(|address| ListQuery::read(&BATCH_COLUMNS, &[], address));
    let ask = ask_by_address(|query: &ListQuery| query.write([]));
    let asked = Memo::new(move |_| asked_of(query.get()));
    let list = batch_list(session, asked.get_untracked());
    let status = list.pages.status;
    let handle = StoredValue::new_local(list.clone());
    Effect::new(move || handle.with_value(|list| list.ask(asked.get())));
    let filters = ColumnFilters::of_query(session, &BATCH_COLUMNS, ("batch", "batches"), query, ask);
    let again = Callback::new(move |()| handle.with_value(|list| list.pages.refresh()));
    when_moved(when_all_is_done(session.sync).into(), again);
    let address = |key: Arc<str>| Some(routes::batch(&key));
    let instead = move |status: ListStatus| {
        let is_empty = status.failure.is_none() && status.count == RowCount::Exactly(0);
        is_empty.then(|| if query.with(ListQuery::is_filtered) {
            let all = move |()| ask.run(query.get_untracked().unfiltered());
            view! {
                <State icon=IconName::Search title="No batch matches" text="There are batches, but none that passes all of these filters.">
                    {way_by("Show all batches", Callback::new(all))}
                </State>
            }.into_any()
        } else {
            view! {
                <State icon=IconName::Batches title="No batches yet" text="Usage that is loaded or reported appears here as a batch. If you expected some, your role may not see them.">
                    {if session.blocked_from_editing().is_none() { way_to("Import events from a file", routes::IMPORT) } else { way_by("Read again", again) }}
                </State>
            }.into_any()
        })
    };
    let sort = Signal::derive(move || asked.get().sort);
    let on_sort = move |sort| ask.run(ListQuery { sort, ..query.get_untracked() });
    let creating = RwSignal::new(false);
    let progress = handle.with_value(|list| list.pages.progress);
    let export = ListExport::of_query(System::Oracle, "All batches", "batches", query, progress);
    view! {
        <PageHead title="Batches">
            <AllowedButton session=session words="New batch" kind="primary" forbidden=forbidden_by_role(session) press=move || creating.set(true) />
            <button class="button" data-kind="quiet" on:click=move |_| again.run(())>"Refresh"</button>
            {export.button()}
        </PageHead>
        <ListFilterBar filters=filters query=query ask=ask placeholder="Number, name, business unit" />
        <div class="page-body">
            <div class="page-main">
                <ListGrid session=session list=Rc::new(list) label="Usage event batches" query=query_number(asked) sort=sort on_sort=on_sort
                    filters=filters address=address instead=instead export=export />
                <ListFoot status=status one="batch" several="batches">
                    {handle.with_value(|list| list.whole_line("batches"))}
                    <span>"Press a batch's number, or Enter, to open it."</span>
                </ListFoot>
            </div>
        </div>
        <CreateBatch session=session open=creating />
    }
}

/// What the server is asked: the newest batches come first, unless the address says otherwise.
fn asked_of(query: ListQuery) -> ListQuery {
    let newest = || vec![SortKey::descending("CreationDate")];
    let sort = if query.sort.is_empty() { newest() } else { query.sort };
    ListQuery { sort, not_known: Vec::new(), ..query }
}
