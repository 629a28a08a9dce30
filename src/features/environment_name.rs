//! Which environment this is, at a glance, so that nobody takes the test system for the real one.

use crate::api::connections;
use leptos::prelude::*;

/// Its name in its colour; nothing where it has none.
#[component]
pub fn EnvironmentName() -> impl IntoView {
    connections().environment.as_ref().map(|environment| {
        let title = format!("Environment: {}", environment.name);
        view! { <span class="environment" data-colour=environment.colour.name() title=title>{environment.name.clone()}</span> }
    })
}
