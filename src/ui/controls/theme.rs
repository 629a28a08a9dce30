//! Light, dark, or as the system says. The choice is a setting of this browser.

use super::{Icon, IconName};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use leptos::prelude::*;

const KEY: &str = "usage-desk.theme";

/// The choices by which they are kept, in words.
const THEMES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

/// A list of the three choices, in the place of an entry of the rail. The one taken is remembered.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(stored());
    Effect::new(move || show(&theme.get()));
    let choose = move |chosen: String| {
        keep_choice(KEY, &chosen);
        theme.set(chosen);
    };
    let options = THEMES.map(|(kept, words)| {
        view! { <option value=kept selected=move || theme.with(|theme| theme == kept)>{words}</option> }
    });
    view! {
        <label class="rail-item theme">
            <Icon name=IconName::Theme />
            "Theme"
            <select on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}

fn stored() -> String {
    kept_choice(KEY).unwrap_or_else(|| "system".to_owned())
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
