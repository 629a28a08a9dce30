//! What stands behind sign-in: the store at work, the routes, and the frame around every screen.

use super::absent_system::{AbsentSystem, absent_system, first_screen};
use super::gateway::hold_queue_at_gateway;
use super::kept_screen::begin_with_kept_screen;
use super::links;
use super::parts;
use super::shell::Shell;
use crate::api::System;
use crate::data::session::{Session, SessionState};
use crate::features::batch_work::KeptEstimates;
use crate::features::event_drawer::DrawerRoute;
use crate::features::page_head::PageHead;
use crate::pages::sign_in::SessionDialog;
use crate::ui::controls::{IconName, State};
use crate::ui::half_typed::holds_half_typed;
use crate::ui::kept_settings::read_as_kept;
use crate::ui::part::part;
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

part! {
    /// All of it.
    pub mod desk_part in desk: (session: Session) => view! { <Desk session=session /> }
}

#[component]
fn Desk(session: Session) -> impl IntoView {
    let Session { sync, .. } = session;
    read_as_kept();
    begin_with_kept_screen();
    provide_context(KeptEstimates::new());
    sync.watch_network();
    hold_queue_at_gateway(session);
    session.read_again_when_renewed();
    Effect::new(move || {
        if let (_, Some(system)) = sync.notices.session_ends.get() {
            untrack(|| session.expire(system));
        }
    });
    let _ = window_event_listener(leptos::ev::beforeunload, move |event| {
        if sync.would_lose() || holds_half_typed() {
            event.prevent_default();
        }
    });
    // An expired session keeps the screens as they are; only signing out takes them away.
    let is_in = Memo::new(move |_| session.state.get() != SessionState::SignedOut);
    Effect::new(move || {
        if is_in.get() {
            parts::fetch_when_idle();
        }
    });
    view! {
        <Router>
            <FollowLinks />
            <Show when=move || is_in.get()>
                <Shell session=session>
                    <OfItsSystem>
                    <Routes fallback=NotFound>
                        <Route path=path!("/") view=first_view />
                        <Route path=path!("/batches") view=parts::batches_part::view />
                        <Route path=path!("/import") view=parts::import_part::view />
                        <Route path=path!("/approvals") view=parts::approvals_part::view />
                        <Route path=path!("/changes") view=parts::changes_part::view />
                        <Route path=path!("/help") view=parts::help_part::view />
                        <Route path=path!("/settings") view=parts::settings_part::view />
                        <ParentRoute path=path!("/batches/:number") view=parts::batch_part::view>
                            <Route path=path!("") view=|| () />
                            <Route path=path!("events/:event") view=DrawerRoute />
                            <Route path=path!("errors") view=|| () />
                            <Route path=path!("rules") view=|| () />
                            <Route path=path!("result") view=|| () />
                            <Route path=path!("history") view=|| () />
                        </ParentRoute>
                        <ParentRoute path=path!("/events") view=parts::events_part::view>
                            <Route path=path!("") view=|| () />
                            <Route path=path!(":event") view=DrawerRoute />
                        </ParentRoute>
                        <ParentRoute path=path!("/buckets") view=parts::buckets_part::view>
                            <Route path=path!("") view=|| () />
                            <Route path=path!(":id") view=parts::bucket_part::view />
                        </ParentRoute>
                        <Route path=path!("/service-usage/purge") view=parts::purge_part::view />
                        <ParentRoute path=path!("/service-usage") view=parts::usage_part::view>
                            <Route path=path!("") view=|| () />
                            <Route path=path!("intervals") view=|| () />
                            <Route path=path!("events/:guid") view=parts::usage_event_part::view />
                        </ParentRoute>
                    </Routes>
                    </OfItsSystem>
                </Shell>
            </Show>
            <SessionDialog session=session />
        </Router>
    }
}

/// The overview, where there is something to look over.
fn first_view() -> AnyView {
    if System::Oracle.exists() {
        parts::overview_part::view().into_any()
    } else {
        view! { <Redirect path=first_screen() /> }.into_any()
    }
}

/// A screen, unless its system is not connected.
#[component]
fn OfItsSystem(children: ChildrenFn) -> impl IntoView {
    let path = use_location().pathname;
    let absent = Memo::new(move |_| absent_system(&path.get()));
    move || match absent.get() {
        Some(system) => view! { <AbsentSystem system=system /> }.into_any(),
        None => children().into_any(),
    }
}

#[component]
fn FollowLinks() -> impl IntoView {
    links::follow_links();
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <PageHead title="Not found" />
        <State icon=IconName::Search title="There is no such page" text="The address is mistyped or out of date.">
            <a class="button" href=first_screen()>"Go to the first screen"</a>
        </State>
    }
}
