//! Screens of systems that this console is not connected to: there are none.

use crate::api::System;
use crate::features::page_head::PageHead;
use crate::routes;
use crate::ui::controls::{IconName, State};
use leptos::prelude::*;

/// The system of a screen's address; some screens are of none.
fn system_of(path: &str) -> Option<System> {
    let is_at =
        |home: &str| path.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_at(routes::BATCHES) || is_at(routes::EVENTS) || is_at(routes::IMPORT) || is_at(routes::APPROVALS) {
        Some(System::Oracle)
    } else if is_at(routes::BASE_BUCKETS) {
        Some(System::LogiSense)
    } else if is_at(routes::SERVICE_USAGE) {
        Some(System::CloudFoundry)
    } else {
        None
    }
}

/// The system of a screen's address, where there is no connection to it.
pub fn absent_system(path: &str) -> Option<System> {
    system_of(path).filter(|system| !system.exists())
}

/// The screen that people begin with.
pub fn first_screen() -> &'static str {
    match System::main() {
        System::Oracle => routes::OVERVIEW,
        System::LogiSense => routes::BASE_BUCKETS,
        System::CloudFoundry => routes::SERVICE_USAGE,
    }
}

#[component]
pub fn AbsentSystem(system: System) -> impl IntoView {
    view! {
        <PageHead title="Not connected" />
        <State icon=IconName::Info title=format!("This console is not connected to {}", system.name())
            text="Its screens are shown where connections.json names it.">
            <a class="button" href=first_screen()>"Go to the first screen"</a>
        </State>
    }
}
