//! Notices when a newer version of the app is served than the one that runs here.

use crate::apart::when_not_loaded;
use crate::api::{RestClient, build_of_this_page, deployed_build};
use crate::ui::part::AppVersion;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// It is asked so often, whenever the person comes back here, and when a part cannot be had.
const ASK_EVERY: Duration = Duration::from_secs(5 * 60);

/// Asks from now on, but while the gateway lets nothing through. A page that was built without parts has no version,
/// and asks nothing.
pub fn watch_version(client: RestClient) -> AppVersion {
    let is_newer_there = RwSignal::new(false);
    let parts_gone = RwSignal::new(0);
    let own = StoredValue::new(build_of_this_page());
    let look = move |misses_part: bool| {
        let count = move || {
            if misses_part {
                parts_gone.update(|times| *times += 1);
            }
        };
        if is_newer_there.get_untracked() {
            return count();
        }
        let Some(own) = own.get_value() else { return };
        spawn_local(async move {
            // Without an answer nothing is known, and it is asked again.
            if deployed_build().await.is_some_and(|deployed| deployed != own) {
                count();
                is_newer_there.set(true);
            }
        });
    };
    if own.with_value(Option::is_some) {
        let ask = move || {
            if !document().hidden() && client.gateway.get_untracked().is_none() {
                look(false);
            }
        };
        set_interval(ask, ASK_EVERY);
        let _ = window_event_listener(leptos::ev::visibilitychange, move |_| ask());
        when_not_loaded(move || look(true));
    }
    AppVersion { is_newer_there, parts_gone }
}
