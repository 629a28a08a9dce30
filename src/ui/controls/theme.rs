//! Light, dark, or as the system says. The choice is a setting of this browser.

use super::{Icon, IconName};
use crate::ui::kept_choice::{forget_choice, keep_choice, kept_choice};
use leptos::prelude::*;

const KEY: &str = "usage-desk.theme";
const SYSTEM: &str = "system";

/// The choices by which they are kept, in words.
pub const THEMES: [(&str, &str); 3] = [(SYSTEM, "System"), ("light", "Light"), ("dark", "Dark")];

/// A handle, the same everywhere on the page.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<&'static str>);

impl ThemeChoice {
    pub fn kept() -> Self {
        Self(RwSignal::new(stored()))
    }

    /// The page's own, or a handle of one's own where there is no page yet.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::kept)
    }

    pub fn get(self) -> &'static str {
        self.0.get()
    }

    pub fn choose(self, chosen: &str) {
        let chosen = named(chosen);
        match chosen {
            SYSTEM => forget_choice(KEY),
            chosen => {
                keep_choice(KEY, chosen);
            }
        }
        show(chosen);
        self.0.set(chosen);
    }
}

/// A list of the three choices, in the place of an entry of the rail. The one taken is remembered.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = ThemeChoice::of_page();
    let options = THEMES.map(|(kept, words)| {
        view! { <option value=kept selected=move || theme.get() == kept>{words}</option> }
    });
    view! {
        <label class="rail-item theme">
            <Icon name=IconName::Theme />
            "Theme"
            <select prop:value=move || theme.get() on:change:target=move |event| theme.choose(&event.target().value())>{options}</select>
        </label>
    }
}

fn named(kept: &str) -> &'static str {
    THEMES.iter().find(|(name, _)| *name == kept).map_or(SYSTEM, |(name, _)| *name)
}

fn stored() -> &'static str {
    named(&kept_choice(KEY).unwrap_or_default())
}

fn show(theme: &str) {
    let Some(root) = document().document_element() else { return };
    // Neither call can fail: the attribute's name is a plain word.
    let _ = match theme {
        SYSTEM => root.remove_attribute("data-theme"),
        theme => root.set_attribute("data-theme", theme),
    };
}

/// Shows the remembered theme before anything is drawn.
pub fn show_stored_theme() {
    show(stored());
}
