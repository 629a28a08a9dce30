//! The batches: every batch with its state and its counts, one press from its events.

mod columns;
mod source;

use crate::app::PageHead;
use crate::batch_work::CreateBatch;
use crate::controls::{ColumnMenu, IconName, OpenColumn, State};
use crate::grid_view::{GridCommand, GridSource, GridView};
use crate::sign_in::Session;
use grid_model::{ColumnLayout, RowCount, SortKey, Tone, next_sort};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use source::BatchList;
use std::rc::Rc;

#[component]
pub fn BatchesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let list = BatchList::new(session);
    let (revision, failure, rows) = (list.revision, list.failure, list.rows);
    let handle = StoredValue::new_local(list.clone());
    let sort = RwSignal::new(vec![SortKey::descending("CreationDate")]);
    Effect::new(move || handle.with_value(|list| list.order(sort.get())));
    let layout = RwSignal::new(ColumnLayout::default());
    let columns =
        Memo::new(move |_| handle.with_value(|list| layout.with(|layout| list.columns.lay_out(layout))));
    let menu = RwSignal::new(None::<OpenColumn>);
    let renewed = session.renewed;
    Effect::new(move |before: Option<u64>| {
        let times = renewed.get();
        if before.is_some_and(|before| before != times) {
            handle.with_value(|list| list.retry());
        }
        times
    });
    let navigate = StoredValue::new_local(use_navigate());
    let column_id = move |column: usize| {
        columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()))
    };
    let on_command = Callback::new(move |command: GridCommand| match command {
        GridCommand::Open { row } => {
            let Some(number) = handle.with_value(|list| list.number(row)) else { return };
            let path = format!("/batches/{}", String::from(js_sys::encode_uri_component(&number)));
            navigate.with_value(|go| go(&path, NavigateOptions::default()));
        }
        GridCommand::Sort { column, additive } => {
            if let Some(id) = column_id(column) {
                sort.update(|sort| *sort = next_sort(sort, &id, additive));
            }
        }
        GridCommand::ResizeColumn { column, width } => {
            if let Some(id) = column_id(column) {
                layout.update(|layout| layout.set_width(&id, width));
            }
        }
        GridCommand::Retry { .. } => handle.with_value(|list| list.retry()),
        GridCommand::Menu { row: None, column, left, top } => {
            menu.set(column_id(column).map(|id| OpenColumn { id, left, top }));
        }
        GridCommand::Commit { .. }
        | GridCommand::Select(_)
        | GridCommand::ActiveCell { .. }
        | GridCommand::Copied { .. }
        | GridCommand::Menu { .. } => (),
    });
    let painted = Signal::derive(move || revision.get() + session.lookups.revision.get());
    let message = move || {
        match (failure.get(), rows.get()) {
        (Some(failure), _) => {
            let detail = failure.request_id.clone().map(|id| format!("Request {id}")).unwrap_or_default();
            Some(view! {
                <div class="state-over">
                    <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=detail>
                        <button class="button" on:click=move |_| handle.with_value(|list| list.retry())>"Try again"</button>
                    </State>
                </div>
            }.into_any())
        }
        (None, RowCount::Exactly(0)) => Some(view! {
            <div class="state-over">
                <State icon=IconName::Batches title="No batches yet" text="Usage that is loaded or reported appears here as a batch. If you expected some, your role may not see them." />
            </div>
        }.into_any()),
        _ => None,
    }
    };
    let creating = RwSignal::new(false);
    let source: Rc<dyn GridSource> = Rc::new(list);
    view! {
        <PageHead title="Batches">
            <button class="button" data-kind="primary" on:click=move |_| creating.set(true)>"New batch"</button>
            <button class="button" data-kind="quiet" on:click=move |_| handle.with_value(|list| list.refresh())>"Refresh"</button>
        </PageHead>
        <div class="page-body">
            <div class="page-main">
                <div class="grid-room">
                    <GridView source=source columns=columns revision=painted sort=sort label="Usage event batches" on_command=on_command />
                    {message}
                    <ColumnMenu open=menu columns=columns layout=layout sort=sort.into() on_sort=Callback::new(move |keys| sort.set(keys)) />
                </div>
                <footer class="totals-bar" role="group" aria-label="Totals">
                    <strong>{move || match rows.get() {
                        RowCount::Unknown => "Counting batches".to_owned(),
                        RowCount::AtLeast(rows) => format!("More than {} batches", crate::display_text::count(rows as u64)),
                        RowCount::Exactly(1) => "1 batch".to_owned(),
                        RowCount::Exactly(rows) => format!("{} batches", crate::display_text::count(rows as u64)),
                    }}</strong>
                    <span>"Enter or a double click opens a batch."</span>
                </footer>
            </div>
        </div>
        <CreateBatch session=session open=creating />
    }
}
