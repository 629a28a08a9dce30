//! How a person likes the console, what it is connected to, each connection tried on demand, and what helps whoever looks
//! after it. All of it is there without a sign-in too: who cannot sign in needs just this.

mod before_sign_in;
mod connection_test;
mod diagnostics;
mod served_headers;
mod this_browser;

pub use before_sign_in::SettingsBeforeSignIn;

use crate::api::{Connections, System, connections};
use crate::data::session::Session;
use crate::features::page_head::PageHead;
use crate::features::usual_zone::is_known;
use crate::text::count;
use crate::ui::part_styles::use_part_styles;
use connection_test::ConnectionTest;
use diagnostics::Diagnostics;
use leptos::prelude::*;
use served_headers::ServedHeaders;
use this_browser::{BrowserSettings, ThisBrowser};

/// What the file says of the console itself.
fn console_facts() -> impl IntoView {
    let Connections { default_zone, limits, .. } = connections();
    let zone = match default_zone {
        None => "that of the browser".to_owned(),
        Some(zone) if is_known(zone) => zone.clone(),
        Some(zone) => format!("{zone} is not known to this browser, so that of the browser counts"),
    };
    view! {
        <dl class="connection-facts">
            <dt>"Time zone of months and days"</dt><dd>{zone}</dd>
            <dt>"Lists load whole"</dt><dd>{format!("up to {} rows", count(limits.whole_list_rows as u64))}</dd>
            <dt>"Longest address"</dt><dd>{format!("{} bytes; what takes more is asked in portions", count(limits.address_bytes as u64))}</dd>
        </dl>
    }
}

#[component]
pub fn SettingsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <PageHead title="Settings" />
        <Settings session=session />
    }
}

/// The page without its head.
#[component]
fn Settings(session: Session) -> impl IntoView {
    use_part_styles(include_str!("../../style/settings.css"));
    let browser = BrowserSettings::new();
    let environment = connections().environment.as_ref().map(|environment| environment.name.clone());
    view! {
        <div class="page-body settings">
            <ThisBrowser settings=browser />
            <section aria-labelledby="connections">
                <h2 id="connections">"Connections"</h2>
                <p class="quiet">
                    "The file connections.json beside this page names them. It is read when the page starts. "
                    {environment.map(|name| format!("This is the environment {name}."))}
                </p>
                {move || {
                    browser.changed.track();
                    console_facts()
                }}
                {System::ALL.map(|system| view! { <ConnectionTest session=session system=system /> })}
            </section>
            <ServedHeaders session=session />
            <Diagnostics session=session />
        </div>
    }
}
