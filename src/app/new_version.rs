//! Notices when a newer version of the app is served than the one that runs here.

use crate::api::{build_of_this_page, deployed_build};
use crate::ui::part::AppVersion;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// It is asked so often, and whenever the person comes back here.
const ASK_EVERY: Duration = Duration::from_secs(5 * 60);

/// Asks from now on. A page that was built without parts has no version, and asks nothing.
pub fn watch_version() -> AppVersion {
    let is_newer_there = RwSignal::new(false);
    let own = StoredValue::new(build_of_this_page());
    let look = Callback::new(move |()| {
        let Some(own) = own.get_value().filter(|_| !is_newer_there.get_untracked()) else { return };
        spawn_local(async move {
            // Without an answer nothing is known, and it is asked again.
            if deployed_build().await.is_some_and(|deployed| deployed != own) {
                is_newer_there.set(true);
            }
        });
    });
    if own.with_value(Option::is_some) {
        let ask = move || {
            if !document().hidden() {
                look.run(());
            }
        };
        set_interval(ask, ASK_EVERY);
        let _ = window_event_listener(leptos::ev::visibilitychange, move |_| ask());
    }
    AppVersion { is_newer_there, look }
}
