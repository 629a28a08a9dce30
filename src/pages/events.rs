//! The events of every batch.

use crate::data::session::Session;
use crate::features::event_list::EventGrid;
use crate::features::page_head::PageHead;
use crate::routes;
use leptos::prelude::*;

#[component]
pub fn EventsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <PageHead title="Events" />
        <EventGrid session=session batch=None home=routes::EVENTS.to_owned() />
    }
}
