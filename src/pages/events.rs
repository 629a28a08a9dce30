//! The events of every batch.

use crate::data::session::Session;
use crate::features::event_list::EventGrid;
use crate::features::list::when_all_is_done;
use crate::features::page_head::PageHead;
use crate::routes;
use leptos::prelude::*;

#[component]
pub fn EventsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let changed = when_all_is_done(session.sync);
    view! {
        <PageHead title="Events" />
        <EventGrid session=session batch=None home=routes::EVENTS.to_owned() changed=changed />
    }
}
