//! The filters over a list. Where there is no room for all of them, a button opens them.

use super::{Icon, IconName};
use leptos::prelude::*;

/// - `search`: the field that finds by a text; it always stands.
/// - `filtered`: by what the rows are filtered, in a word or two, where they are.
/// - `end`: what is no filter, and always stands.
#[component]
pub fn FilterBar(
    #[prop(into)] label: String,
    search: AnyView,
    #[prop(into)] filtered: Signal<Option<String>>,
    #[prop(default = None)] end: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let words =
        move || filtered.get().map_or_else(|| "Filter".to_owned(), |words| format!("Filter: {words}"));
    view! {
        <div class="filter-bar" role="search" aria-label=label data-open=move || open.get().then_some("")>
            {search}
            <button class="button where-folded" aria-expanded=move || open.get().to_string() aria-controls="filter-fields"
                on:click=move |_| open.update(|open| *open = !*open)>
                <span>{words}</span>
                <Icon name=IconName::Unfold />
            </button>
            <div class="filter-fields" id="filter-fields">{children()}</div>
            {end.map(|end| view! { <div class="filter-bar-end">{end}</div> })}
        </div>
    }
}
