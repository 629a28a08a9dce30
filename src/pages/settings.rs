//! What this console is connected to, each connection tried on demand, and what helps whoever looks after it.

mod connection_test;
mod diagnostics;
mod served_headers;

use crate::api::{System, connections};
use crate::data::session::Session;
use crate::features::page_head::PageHead;
use connection_test::ConnectionTest;
use diagnostics::Diagnostics;
use leptos::prelude::*;
use served_headers::ServedHeaders;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let environment = connections().environment.as_ref().map(|environment| environment.name.clone());
    view! {
        <PageHead title="Settings" />
        <div class="page-body settings">
            <section aria-labelledby="connections">
                <h2 id="connections">"Connections"</h2>
                <p class="quiet">
                    "The file connections.json beside this page names them. It is read when the page starts. "
                    {environment.map(|name| format!("This is the environment {name}."))}
                </p>
                {System::ALL.map(|system| view! { <ConnectionTest session=session system=system /> })}
            </section>
            <ServedHeaders session=session />
            <Diagnostics session=session />
        </div>
    }
}
