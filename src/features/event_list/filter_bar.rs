//! Which events are shown: by kind of status, by a text that they hold, by what is asked of columns.

use super::list_query::{ListQuery, STATUS};
use crate::features::help::{help_mark, topic};
use crate::features::list::{ColumnFilters, LongLink, NotUnderstood, column_chips_part};
use crate::ui::controls::{FilterBar, SearchBox};
use leptos::prelude::*;

/// The statuses of events, in the words of the vendor's list, which rows say too.
const CHIPS: [(&str, &str); 7] = [
    ("ORA_ERROR", "Error"),
    ("ORA_DRAFT", "Draft"),
    ("ORA_READY", "Ready for processing"),
    ("ORA_ON_HOLD", "On hold"),
    ("ORA_IN_PROCESS", "In process"),
    ("ORA_PROCESSED", "Processed"),
    ("ORA_REVERSED", "Reversed"),
];

/// `ask` is called with the query that follows from what the person did.
#[component]
pub fn EventFilters(
    filters: ColumnFilters,
    query: Memo<ListQuery>,
    #[prop(into)] ask: Callback<ListQuery>,
    children: Children,
) -> impl IntoView {
    let find = move |find: String| ask.run(ListQuery { find, ..query.get_untracked() });
    let chip = move |code: Option<&'static str>, words: &'static str| {
        let pressed =
            move || query.with(|query| code.map_or(query.statuses.is_empty(), |code| query.shows(code)));
        let press = move |_| {
            let statuses = code.map(str::to_owned).into_iter().collect();
            let mut now = query.get_untracked();
            now.filters.retain(|(field, _)| field.name != STATUS);
            ask.run(ListQuery { statuses, ..now });
        };
        view! { <button class="chip" aria-pressed=move || pressed().to_string() on:click=press>{words}</button> }
    };
    let filtered = Signal::derive(move || {
        query.with(|now| {
            if !now.filters.is_empty() {
                return Some("by columns".to_owned());
            }
            let mut shown = CHIPS.iter().filter(|(code, _)| now.shows(code)).map(|(_, words)| *words);
            let words = match (shown.next(), shown.next()) {
                (Some(only), None) => only,
                _ => "some statuses",
            };
            (!now.statuses.is_empty()).then(|| words.to_owned())
        })
    });
    let tells_status = Memo::new(move |_| query.with(|query| !is_said_by_a_chip(query)));
    let has_column_chips = move || tells_status.get() || query.with(|query| !query.filters.is_empty());
    let has_column_chips = Memo::new(move |_| has_column_chips());
    let told = Signal::derive(move || {
        query.with(|query| if tells_status.get() { query.conditions() } else { query.filters.clone() })
    });
    let clear = Callback::new(move |()| {
        let ListQuery { group, columns, sort, .. } = query.get_untracked();
        ask.run(ListQuery { group, columns, sort, ..ListQuery::default() });
    });
    let search = view! {
        <SearchBox find=Signal::derive(move || query.get().find) on_find=find placeholder="Event, service, product, error" label="Find events" />
    };
    view! {
        <FilterBar label="Filter events" search=search.into_any() filtered=filtered>
            <div class="chips" role="group" aria-label="Status">
                {chip(None, "All")}
                {CHIPS.map(|(code, words)| chip(Some(code), words))}
            </div>
            {help_mark(topic::EVENT_STATUSES, "statuses of events")}
            {move || query.get().without_currency.then(|| view! {
                <button class="chip" aria-pressed="true" on:click=move |_| ask.run(ListQuery { without_currency: false, ..query.get_untracked() })>"No currency"</button>
            })}
            <LongLink />
            <NotUnderstood not_known=Signal::derive(move || query.with(|query| query.not_known.clone())) several="events"
                forget=move |()| ask.run(ListQuery { not_known: Vec::new(), ..query.get_untracked() }) />
            {move || has_column_chips.get().then(|| column_chips_part::view(ColumnFilters { asked: told, ..filters }, clear))}
            <div class="filter-bar-end">{children()}</div>
        </FilterBar>
    }
}

/// Whether a chip tells which statuses are asked for.
fn is_said_by_a_chip(query: &ListQuery) -> bool {
    query.statuses.is_empty() || CHIPS.iter().filter(|(code, _)| query.shows(code)).count() == 1
}
