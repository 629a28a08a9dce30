//! The settings for whoever is not signed in: at their own address, and by the way from the sign-in page.

use super::Settings;
use crate::data::session::Session;
use crate::features::environment_name::EnvironmentName;
use leptos::html::H1;
use leptos::prelude::*;

#[component]
pub fn SettingsBeforeSignIn(session: Session, shows_settings: RwSignal<bool>) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            // What had the focus went with the sign-in page.
            let _ = heading.focus();
        }
    });
    view! {
        <main class="page settings-before-sign-in">
            <header class="page-head">
                <EnvironmentName />
                <h1 node_ref=heading tabindex="-1">"Settings"</h1>
                <div class="page-head-end">
                    <span class="quiet who">"Nobody is signed in"</span>
                    <button class="button" data-kind="primary" on:click=move |_| shows_settings.set(false)>"Sign in"</button>
                </div>
            </header>
            <Settings session=session />
        </main>
    }
}
