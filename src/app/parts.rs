//! The screens that load when they are first needed, and what is fetched ahead: what the address shows
//! when the page starts, all parts when the browser is idle, one when a link to it is pointed at or takes
//! the focus.

use super::desk::desk_part;
use super::keyboard_map::key_map_part;
use super::palette::palette_part;
use super::rail::rail_part;
use super::tour::tour_part;
use crate::api::{load_billing, load_provider};
use crate::data::session::{Session, load_work};
use crate::features::batch_work::{
    confirm_part, create_part, edit_part, expected_adds_part, rule_builder_part,
};
use crate::features::correction::correction_part;
use crate::features::event_drawer::{drawer_part, expected_part, mend_part};
use crate::features::event_list::view_form_part;
use crate::features::list::{
    cell_menu_part, column_filter_part, column_menu_part, export_part, find_part, list_grid_part,
    whole_line_part,
};
use crate::features::page_head::unsaved_part;
use crate::features::reversal::reversal_part;
use crate::pages::approvals::ApprovalsPage;
use crate::pages::base_buckets::{BucketDrawerRoute, BucketsPage};
use crate::pages::batch::{BatchPage, errors_part, evidence_part, history_part, result_part, rules_part};
use crate::pages::batches::BatchesPage;
use crate::pages::changes::ChangesPage;
use crate::pages::events::EventsPage;
use crate::pages::help::HelpPage;
use crate::pages::import::{ImportPage, WORKBOOKS, columns_part, corrections_part, outcome_part};
use crate::pages::overview::OverviewPage;
use crate::pages::service_usage::{PurgePage, ServiceUsagePage, UsageDrawerRoute, intervals_part};
use crate::pages::settings::{SettingsBeforeSignIn, SettingsPage};
use crate::routes;
use crate::ui::part::{Part, part};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement};

part! {
    /// The figures of a month.
    pub mod overview_part in overview: () => view! { <OverviewPage /> }
}

part! {
    /// The batches.
    pub mod batches_part in batches: () => view! { <BatchesPage /> }
}

part! {
    /// One batch with its events.
    pub mod batch_part in batch: () => view! { <BatchPage /> }
}

part! {
    /// The events of every batch.
    pub mod events_part in batch: () => view! { <EventsPage /> }
}

part! {
    /// The list of base buckets.
    pub mod buckets_part in base_buckets: () => view! { <BucketsPage /> }
}

part! {
    /// One base bucket.
    pub mod bucket_part in base_bucket: () => view! { <BucketDrawerRoute /> }
}

part! {
    /// Events from a file.
    pub mod import_part in import: () => view! { <ImportPage /> }
}

part! {
    /// What waits for a second person.
    pub mod approvals_part in approvals: () => view! { <ApprovalsPage /> }
}

part! {
    /// What was changed here.
    pub mod changes_part in changes: () => view! { <ChangesPage /> }
}

part! {
    /// What the words mean.
    pub mod help_part in help: () => view! { <HelpPage /> }
}

part! {
    /// What this console is connected to.
    pub mod settings_part in settings: () => view! { <SettingsPage /> }
}

part! {
    /// The same for whoever is not signed in.
    pub mod settings_before_sign_in_part in settings: (session: Session, shows_settings: RwSignal<bool>) =>
        view! { <SettingsBeforeSignIn session=session shows_settings=shows_settings /> }
}

part! {
    /// The list of service usage events, and when instances ran.
    pub mod usage_part in service_usage: () => view! { <ServiceUsagePage /> }
}

part! {
    /// One service usage event.
    pub mod usage_event_part in service_usage: () => view! { <UsageDrawerRoute /> }
}

part! {
    /// The purge.
    pub mod purge_part in purge: () => view! { <PurgePage /> }
}

/// What sends changes of base buckets.
static BILLING: Part = Part::new(load_billing);

/// What signs in at a provider.
static PROVIDER: Part = Part::new(load_provider);

/// What work begins with.
static WORK: Part = Part::new(load_work);

/// A part that is fetched ahead, and whether a path shows it.
struct Prefetched(&'static Part, fn(&str) -> bool);

/// Every part, the likeliest first. What opens by a button has no path.
static PREFETCHED: [Prefetched; 51] = [
    Prefetched(&WORK, |_| true),
    Prefetched(&desk_part::PART, |_| true),
    Prefetched(&rail_part::PART, |_| true),
    Prefetched(&list_grid_part::PART, |_| true),
    // With it comes what else lists have in common.
    Prefetched(&batches_part::PART, |_| true),
    Prefetched(&overview_part::PART, |path| path == routes::OVERVIEW),
    // The next one that comes by itself: what is not saved is looked at where the network is away.
    Prefetched(&unsaved_part::PART, |_| false),
    Prefetched(&batch_part::PART, |path| path.starts_with("/batches/")),
    Prefetched(&events_part::PART, |path| path.starts_with(routes::EVENTS)),
    Prefetched(&drawer_part::PART, shows_event),
    // With it comes what reads a long list whole, and what answers lists that are all here.
    Prefetched(&whole_line_part::PART, shows_table),
    Prefetched(&expected_part::PART, shows_event),
    Prefetched(&mend_part::PART, shows_event),
    Prefetched(&errors_part::PART, |path| path.starts_with(routes::BATCHES) && path.ends_with("/errors")),
    Prefetched(&column_filter_part::PART, |_| false),
    Prefetched(&view_form_part::PART, |_| false),
    Prefetched(&export_part::PART, |_| false),
    Prefetched(&correction_part::PART, |_| false),
    Prefetched(&confirm_part::PART, |_| false),
    Prefetched(&rule_builder_part::PART, |_| false),
    Prefetched(&expected_adds_part::PART, |_| false),
    Prefetched(&rules_part::PART, |path| path.starts_with(routes::BATCHES) && path.ends_with("/rules")),
    Prefetched(&result_part::PART, |path| path.starts_with(routes::BATCHES) && path.ends_with("/result")),
    Prefetched(&history_part::PART, |path| path.starts_with(routes::BATCHES) && path.ends_with("/history")),
    Prefetched(&evidence_part::PART, |_| false),
    Prefetched(&reversal_part::PART, |_| false),
    Prefetched(&create_part::PART, |_| false),
    Prefetched(&edit_part::PART, |_| false),
    Prefetched(&column_menu_part::PART, |_| false),
    Prefetched(&cell_menu_part::PART, |_| false),
    Prefetched(&find_part::PART, |_| false),
    Prefetched(&key_map_part::PART, |_| false),
    Prefetched(&palette_part::PART, |_| false),
    // It renews a session too.
    Prefetched(&PROVIDER, |_| false),
    Prefetched(&approvals_part::PART, |path| path.starts_with(routes::APPROVALS)),
    Prefetched(&changes_part::PART, |path| path.starts_with(routes::CHANGES)),
    Prefetched(&settings_part::PART, |path| path.starts_with(routes::SETTINGS)),
    Prefetched(&help_part::PART, |path| path.starts_with(routes::HELP)),
    Prefetched(&tour_part::PART, |_| false),
    Prefetched(&import_part::PART, |path| path.starts_with(routes::IMPORT)),
    Prefetched(&columns_part::PART, |path| path.starts_with(routes::IMPORT)),
    Prefetched(&outcome_part::PART, |path| path.starts_with(routes::IMPORT)),
    Prefetched(&WORKBOOKS, |_| false),
    Prefetched(&corrections_part::PART, |_| false),
    Prefetched(&buckets_part::PART, |path| path.starts_with(routes::BASE_BUCKETS)),
    Prefetched(&bucket_part::PART, |path| path.starts_with(routes::BASE_BUCKETS)),
    Prefetched(&BILLING, |path| path.starts_with(routes::BASE_BUCKETS)),
    Prefetched(&usage_part::PART, |path| path.starts_with(routes::SERVICE_USAGE)),
    Prefetched(&intervals_part::PART, |path| path.starts_with(routes::USAGE_INTERVALS)),
    Prefetched(&usage_event_part::PART, |path| path.starts_with(routes::SERVICE_USAGE)),
    Prefetched(&purge_part::PART, |path| path.starts_with(routes::SERVICE_USAGE)),
];

fn shows_table(path: &str) -> bool {
    [routes::EVENTS, routes::BASE_BUCKETS, routes::CHANGES, routes::SERVICE_USAGE]
        .iter()
        .any(|list| path.starts_with(list))
}

fn shows_event(path: &str) -> bool {
    path.contains("/events/") && !path.starts_with(routes::SERVICE_USAGE)
}

/// Fetches what the page's own address shows, all at once. Says whether that has come to its end; what
/// could not be fetched is told where it would stand.
pub fn fetch_first() -> Signal<bool> {
    let path = window().location().pathname().unwrap_or_default();
    let awaited = RwSignal::new(0_usize);
    for Prefetched(part, _) in
        PREFETCHED.iter().filter(|Prefetched(part, is_at)| !part.is_here() && is_at(&path))
    {
        awaited.update(|awaited| *awaited += 1);
        spawn_local(async move {
            drop(part.load().await);
            awaited.update(|awaited| *awaited -= 1);
        });
    }
    Signal::derive(move || awaited.get() == 0)
}

/// What a person asked for comes first.
const FETCH_AFTER: Duration = Duration::from_secs(2);

/// Fetches all parts, one at a time, each once the browser has nothing better to do.
pub fn fetch_when_idle() {
    set_timeout(|| fetch_from(0), FETCH_AFTER);
}

fn fetch_from(place: usize) {
    let Some(Prefetched(part, _)) = PREFETCHED.get(place) else { return };
    let fetch = move || {
        spawn_local(async move {
            // One that cannot be had is asked for again when it is needed.
            drop(part.load().await);
            fetch_from(place + 1);
        });
    };
    // Safari does not tell when it is idle.
    if request_idle_callback_with_handle(fetch).is_err() {
        fetch();
    }
}

/// Fetches the part that a link leads to, when the link is pointed at or takes the focus; and what opens the
/// rows of a list, when the list takes it.
pub fn fetch_what_is_pointed_at() {
    let _ = window_event_listener(leptos::ev::pointerover, |event| fetch_for(&event, link_of));
    let _ = window_event_listener(leptos::ev::focusin, |event| fetch_for(&event, link_of_it_or_its_rows));
}

fn link_of(element: &Element) -> Option<Element> {
    element.closest("a[href]").ok()?
}

/// Where one row of a list leads, all do.
fn link_of_it_or_its_rows(element: &Element) -> Option<Element> {
    let row = || element.closest("[role=grid]").ok()??.query_selector("a[href]").ok()?;
    link_of(element).or_else(row)
}

fn fetch_for(event: &Event, find: fn(&Element) -> Option<Element>) {
    let pointed_at = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = pointed_at.and_then(|element| find(&element));
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    let path = link.pathname();
    for Prefetched(part, _) in
        PREFETCHED.iter().filter(|Prefetched(part, is_at)| !part.is_here() && is_at(&path))
    {
        // Where it fails, the page itself says so.
        spawn_local(async { drop(part.load().await) });
    }
}
