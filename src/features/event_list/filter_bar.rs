//! Which events are shown: by kind of status, by a text that they hold.

use super::list_query::ListQuery;
use crate::data::lookups::{LookupTables, Lookups};
use crate::text::{StatusClass, class_of};
use crate::ui::controls::{FilterBar, SearchBox};
use leptos::prelude::*;

const CHIPS: [(StatusClass, &str); 6] = [
    (StatusClass::Error, "Error"),
    (StatusClass::Draft, "Draft"),
    (StatusClass::Waiting, "Ready or on hold"),
    (StatusClass::Working, "In process"),
    (StatusClass::Done, "Processed"),
    (StatusClass::Reversed, "Reversed"),
];

/// `ask` is called with the query that follows from what the person did.
#[component]
pub fn EventFilters(
    lookups: Lookups,
    query: Memo<ListQuery>,
    #[prop(into)] ask: Callback<ListQuery>,
    children: Children,
) -> impl IntoView {
    let find = move |find: String| ask.run(ListQuery { find, ..query.get_untracked() });
    let chip = move |class: Option<StatusClass>, words: &'static str| {
        let pressed = move || match class {
            Some(class) => query.get().is_only(class),
            None => query.get().statuses.is_empty(),
        };
        let press = move |_| {
            let statuses =
                class.map(|class| codes(&lookups.tables.get_untracked(), class)).unwrap_or_default();
            ask.run(ListQuery { statuses, ..query.get_untracked() });
        };
        view! { <button class="chip" aria-pressed=move || pressed().to_string() on:click=press>{words}</button> }
    };
    let filtered = Signal::derive(move || {
        query.with(|now| {
            let only = CHIPS.iter().find(|(class, _)| now.is_only(*class)).map(|(_, words)| *words);
            (!now.statuses.is_empty()).then(|| only.unwrap_or("some statuses").to_owned())
        })
    });
    let search = view! {
        <SearchBox find=Signal::derive(move || query.get().find) on_find=find placeholder="Event, service, product, error" label="Find events" />
    };
    view! {
        <FilterBar label="Filter events" search=search.into_any() filtered=filtered>
            <div class="chips" role="group" aria-label="Status">
                {chip(None, "All")}
                {CHIPS.map(|(class, words)| chip(Some(class), words))}
            </div>
            {move || query.get().without_currency.then(|| view! {
                <button class="chip" aria-pressed="true" on:click=move |_| ask.run(ListQuery { without_currency: false, ..query.get_untracked() })>"No currency"</button>
            })}
            <div class="filter-bar-end">{children()}</div>
        </FilterBar>
    }
}

/// The server's codes of a class; the console's own table where the list is not here yet.
fn codes(tables: &LookupTables, class: StatusClass) -> Vec<String> {
    let list = tables.list(crate::data::lookups::EVENT_STATUS);
    if list.is_empty() {
        return class.codes().map(str::to_owned).collect();
    }
    list.iter().filter(|entry| class_of(&entry.code) == class).map(|entry| entry.code.clone()).collect()
}
