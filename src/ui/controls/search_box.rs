//! The field that finds rows by a text, told when the person pauses.

use super::{Icon, IconName, take_lost_focus_to_grid};
use leptos::prelude::*;
use std::time::Duration;

/// Long enough for a word to be typed in one go.
const TYPING_PAUSE: Duration = Duration::from_millis(200);

/// `find` is the text that the rows are asked for by; `on_find` hears what it should be.
#[component]
pub fn SearchBox(
    #[prop(into)] find: Signal<String>,
    on_find: impl Fn(String) + 'static,
    placeholder: &'static str,
    #[prop(into)] label: String,
) -> impl IntoView {
    let typed = RwSignal::new(find.get_untracked());
    // The address may change by other ways, and what is being typed has the last word over blanks.
    Effect::new(move || {
        let find = find.get();
        if find.trim() != typed.get_untracked().trim() {
            typed.set(find);
        }
    });
    let mut search = debounce(TYPING_PAUSE, move |find| {
        // Whoever left within the pause asks for nothing any more.
        if typed.try_get_untracked().is_some() {
            on_find(find);
        }
    });
    view! {
        <div class="search">
            <Icon name=IconName::Search />
            <input class="input" type="search" placeholder=placeholder aria-label=label
                prop:value=typed
                on:keydown:target=move |event| {
                    // The first Esc empties it, the next one leaves it.
                    if event.key() == "Escape" && typed.with_untracked(String::is_empty) {
                        let _ = event.target().blur();
                        take_lost_focus_to_grid(None);
                    }
                }
                on:input:target=move |event| {
                    typed.set(event.target().value());
                    search(event.target().value());
                } />
        </div>
    }
}
