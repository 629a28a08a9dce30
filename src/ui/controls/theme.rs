//! Light, dark, or as the system says. The choice is a setting of this browser.

use super::{Icon, IconName};
use leptos::prelude::*;

const KEY: &str = "usage-desk.theme";

/// Steps through the three choices and remembers the one taken.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(stored());
    Effect::new(move || show(&theme.get()));
    let turn = move |_| {
        let next = match theme.get_untracked().as_str() {
            "light" => "dark",
            "dark" => "system",
            _ => "light",
        };
        if let Ok(Some(storage)) = window().local_storage() {
            // A browser that keeps nothing still shows the theme until the page goes.
            let _ = storage.set_item(KEY, next);
        }
        theme.set(next.to_owned());
    };
    let name = move || match theme.get().as_str() {
        "light" => "Light",
        "dark" => "Dark",
        _ => "System",
    };
    view! {
        <button class="rail-item" on:click=turn aria-label=move || format!("Theme: {}. Press to change.", name())>
            <Icon name=IconName::Theme />
            {name}
        </button>
    }
}

fn stored() -> String {
    window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(KEY).ok().flatten())
        .unwrap_or_else(|| "system".to_owned())
}

fn show(theme: &str) {
    let Some(root) = document().document_element() else { return };
    // Neither call can fail: the attribute's name is a plain word.
    let _ = match theme {
        "light" | "dark" => root.set_attribute("data-theme", theme),
        _ => root.remove_attribute("data-theme"),
    };
}

/// Shows the remembered theme before anything is drawn.
pub fn show_stored_theme() {
    show(&stored());
}
