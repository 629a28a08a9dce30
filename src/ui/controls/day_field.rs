//! A day as ISO 8601 writes it, like `2026-11-01`, whatever the browser's own date fields look like: typed, or
//! picked from the browser's calendar.

use super::{Icon, IconName};
use chrono::NaiveDate;
use leptos::prelude::*;

/// - `words` stand before it; `label` is what it is called in full.
/// - `on_day` hears of a day, or of an empty text, as soon as it is whole.
#[component]
pub fn DayField(
    words: &'static str,
    label: &'static str,
    #[prop(into)] day: Signal<String>,
    #[prop(into)] on_day: Callback<String>,
) -> impl IntoView {
    let is_wrong = RwSignal::new(false);
    let typed = move |text: String| {
        let is_whole = text.is_empty() || is_day(&text);
        if is_whole {
            is_wrong.set(false);
            if text != day.get_untracked() {
                on_day.run(text);
            }
        }
    };
    view! {
        <span class="day">
            <label><span class="quiet">{words}</span>
                <input class="input" type="text" inputmode="numeric" maxlength="10" size="10" placeholder="YYYY-MM-DD"
                    aria-label=label title=label aria-invalid=move || is_wrong.get().then_some("true")
                    prop:value=day
                    on:input:target=move |event| typed(event.target().value())
                    on:change:target=move |event| {
                        let text = event.target().value();
                        is_wrong.set(!text.is_empty() && !is_day(&text));
                    } />
            </label>
            // For the mouse and the finger; a keyboard types the day.
            <span class="day-picker" aria-hidden="true">
                <Icon name=IconName::Calendar />
                <input type="date" tabindex="-1" prop:value=day on:change:target=move |event| typed(event.target().value()) />
            </span>
        </span>
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}
