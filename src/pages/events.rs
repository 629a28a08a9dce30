//! The events of every batch.

use crate::data::session::Session;
use crate::features::event_list::EventGrid;
use crate::features::page_head::PageHead;
use crate::routes;
use leptos::prelude::*;

#[component]
pub fn EventsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let sync = session.sync;
    // Read again once all that was asked for is done, and not after each event of many.
    let changed = Memo::new(move |before: Option<&u64>| {
        let is_settled = sync.summary.with(|summary| summary.unfinished() == 0);
        before.filter(|_| !is_settled).copied().unwrap_or_else(|| sync.actions_done.get())
    });
    view! {
        <PageHead title="Events" />
        <EventGrid session=session batch=None home=routes::EVENTS.to_owned() changed=changed />
    }
}
