//! What helps whoever looks for the cause of a fault, as a file: no token, no name, no record.

use crate::api::{LoggedRequest, System, build_of_this_page, connections, last_requests};
use crate::data::session::Session;
use crate::text::readers_zone;
use crate::ui::controls::save_text;
use chrono::Utc;
use leptos::prelude::*;
use serde_json::{Value, json};

#[component]
pub fn Diagnostics(session: Session) -> impl IntoView {
    let failed = RwSignal::new(false);
    let save = move |_| {
        let name = format!("usage-desk-diagnostics-{}.json", Utc::now().format("%Y%m%dT%H%M%SZ"));
        let text = serde_json::to_string_pretty(&bundle(session)).unwrap_or_default();
        failed.set(save_text(&name, &text).is_err());
    };
    view! {
        <section aria-labelledby="diagnostics">
            <h2 id="diagnostics">"Diagnostics"</h2>
            <p class="quiet">
                "A file to attach to a report: version, browser, connections, and the last 200 requests with status and time. It holds no token, no name and no record."
            </p>
            {build_of_this_page().map(|build| view! { <p>"Version of this page: "<code>{build}</code></p> })}
            <button class="button" on:click=save>"Save diagnostics"</button>
            {move || failed.get().then(|| view! { <p class="form-error" role="alert">"The browser could not make the file."</p> })}
        </section>
    }
}

fn bundle(session: Session) -> Value {
    let browser = window().navigator();
    let languages = browser.languages();
    json!({
        "product": "Usage Desk",
        "build": build_of_this_page(),
        "savedAt": Utc::now().to_rfc3339(),
        "browser": browser.user_agent().ok(),
        "languages": languages.iter().filter_map(|language| language.as_string()).collect::<Vec<_>>(),
        "zone": readers_zone(),
        "connections": connections(),
        "holdsUnsettledChanges": session.sync.holds_unsettled(),
        "requests": last_requests().iter().map(request).collect::<Vec<_>>(),
    })
}

fn request(logged: &LoggedRequest) -> Value {
    json!({
        "at": logged.at.to_rfc3339(),
        "system": logged.system.map_or("Identity provider", System::name),
        "method": logged.method,
        "path": logged.path,
        "outcome": logged.outcome,
        "milliseconds": logged.milliseconds,
        "requestId": logged.request_id,
    })
}
