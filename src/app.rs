//! The frame around every screen: routes, what the screens share, the rail and the page's head.

mod keyboard_map;
mod shell;
mod sync_state;

pub use shell::PageHead;

use crate::batch_detail::BatchPage;
use crate::batch_work::KeptEstimates;
use crate::batches::BatchesPage;
use crate::bucket_editor::{BucketDrawerRoute, BucketsPage};
use crate::changes::ChangesPage;
use crate::controls::{IconName, State, Toasts, show_stored_theme};
use crate::event_drawer::DrawerRoute;
use crate::event_grid::EventGrid;
use crate::lookups::Lookups;
use crate::record_sync::{NoticeBoard, RecordSync};
use crate::rest_client::RestClient;
use crate::service_usage::{PurgePage, ServiceUsagePage, UsageDrawerRoute};
use crate::sign_in::{Session, SessionDialog, SessionState, SignInPage};
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::path;
use shell::Shell;

/// Takes the page over.
pub fn mount() {
    show_stored_theme();
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let client = RestClient::new();
    let notices = NoticeBoard::new();
    let sync = RecordSync::new(client, notices);
    let session = Session {
        client,
        sync,
        lookups: Lookups::new(client),
        state: RwSignal::new(SessionState::SignedOut),
        renewed: RwSignal::new(0),
    };
    provide_context(session);
    provide_context(KeptEstimates::new());
    Effect::new(move || {
        if notices.session_ends.get() > 0 {
            untrack(|| session.expire());
        }
    });
    // An expired session keeps the screens as they are; only signing out takes them away.
    let is_in = Memo::new(move |_| session.state.get() != SessionState::SignedOut);
    view! {
        <Router>
            <Show when=move || is_in.get() fallback=move || view! { <SignInPage session=session /> }>
                <Shell session=session>
                    <Routes fallback=NotFound>
                        <Route path=path!("/") view=|| view! { <Redirect path="/batches" /> } />
                        <Route path=path!("/batches") view=BatchesPage />
                        <Route path=path!("/changes") view=ChangesPage />
                        <ParentRoute path=path!("/batches/:number") view=BatchPage>
                            <Route path=path!("") view=|| () />
                            <Route path=path!("events/:event") view=DrawerRoute />
                            <Route path=path!("errors") view=|| () />
                            <Route path=path!("rules") view=|| () />
                            <Route path=path!("result") view=|| () />
                        </ParentRoute>
                        <ParentRoute path=path!("/events") view=EventsPage>
                            <Route path=path!("") view=|| () />
                            <Route path=path!(":event") view=DrawerRoute />
                        </ParentRoute>
                        <ParentRoute path=path!("/buckets") view=BucketsPage>
                            <Route path=path!("") view=|| () />
                            <Route path=path!(":id") view=BucketDrawerRoute />
                        </ParentRoute>
                        <Route path=path!("/service-usage/purge") view=PurgePage />
                        <ParentRoute path=path!("/service-usage") view=ServiceUsagePage>
                            <Route path=path!("") view=|| () />
                            <Route path=path!("intervals") view=|| () />
                            <Route path=path!("events/:guid") view=UsageDrawerRoute />
                        </ParentRoute>
                    </Routes>
                </Shell>
            </Show>
            <SessionDialog session=session />
        </Router>
        <Toasts board=notices />
    }
}

/// The events of every batch.
#[component]
fn EventsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <PageHead title="Events" />
        <EventGrid session=session batch=None home="/events".to_owned() />
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <PageHead title="Not found" />
        <State icon=IconName::Search title="There is no such page" text="The address is mistyped or out of date.">
            <a class="button" href="/batches">"Go to the batches"</a>
        </State>
    }
}
