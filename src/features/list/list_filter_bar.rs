//! What a list is asked, over its grid: a text, what is asked of columns, and what is not understood.

use super::column_filter::{ColumnFilters, column_chips_part};
use super::conditions::Conditions;
use super::list_columns::ListColumns;
use super::list_query::{ListQuery, only_value};
use crate::data::session::Session;
use crate::text::count;
use crate::ui::controls::{FilterBar, SearchBox};
use grid_model::Tone;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rest_contract::Field;
use rest_contract::oracle::field_condition::FieldCondition;

impl ColumnFilters {
    /// Those of a list's query, whose changes `ask` hears.
    pub fn of_query(
        session: Session,
        columns: &'static ListColumns,
        (one, several): (&'static str, &'static str),
        query: Memo<ListQuery>,
        ask: Callback<ListQuery>,
    ) -> Self {
        let asked = Signal::derive(move || query.with(|query| query.filters.clone()));
        let ask = Callback::new(move |(field, condition)| {
            ask.run(query.get_untracked().with_filter(field, condition));
        });
        Self { session, columns, one, several, asked, ask }
    }
}

/// - `fields`: other filters that the list has, in the order in which they stand.
/// - `told`: columns of which these tell the one value that is asked for.
/// - `children`: what stands at the end.
#[component]
pub fn ListFilterBar(
    filters: ColumnFilters,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    /// What the search looks into.
    placeholder: &'static str,
    #[prop(optional, into)] fields: ViewFn,
    #[prop(optional)] told: &'static [&'static str],
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let several = filters.several;
    let find = move |find: String| ask.run(ListQuery { find, ..query.get_untracked() });
    let has_filters = Memo::new(move |_| query.with(|query| !query.filters.is_empty()));
    let filtered = Signal::derive(move || has_filters.get().then(|| "by columns".to_owned()));
    let is_told = move |(field, condition): &(&'static Field, FieldCondition)| {
        told.contains(&field.name) && only_value(condition).is_some()
    };
    let asked = Signal::derive(move || {
        filters.asked.with(|asked| asked.iter().filter(|one| !is_told(one)).cloned().collect::<Conditions>())
    });
    let has_chips = Memo::new(move |_| asked.with(|asked| !asked.is_empty()));
    let clear = Callback::new(move |()| ask.run(query.get_untracked().unfiltered()));
    let search = view! {
        <SearchBox find=Signal::derive(move || query.get().find) on_find=find placeholder=placeholder label=format!("Find {several}") />
    };
    let end = children.map(|children| children().into_any());
    view! {
        <FilterBar label=format!("Filter {several}") search=search.into_any() filtered=filtered end=end>
            {fields.run()}
            <LongLink />
            <NotUnderstood not_known=Signal::derive(move || query.with(|query| query.not_known.clone())) several=several
                forget=move |()| ask.run(ListQuery { not_known: Vec::new(), ..query.get_untracked() }) />
            {move || has_chips.get().then(|| column_chips_part::view(ColumnFilters { asked, ..filters }, clear))}
        </FilterBar>
    }
}

/// An address that servers and mail programs may well not take says so before it is passed on.
#[component]
pub fn LongLink() -> impl IntoView {
    let (path, search) = (use_location().pathname, use_location().search);
    let letters = Memo::new(move |_| {
        let origin = window().location().origin().unwrap_or_default();
        // The question mark is not told.
        origin.len() + path.with(String::len) + 1 + search.with(String::len)
    });
    move || {
        (letters.get() > LONGEST_LINK).then(|| {
            view! {
                <span class="badge" data-tone=Tone::Warn.name() role="status" title=WHY_TOO_LONG>
                    {format!("Too long for a link: {} characters", count(letters.get() as u64))}
                </span>
            }
        })
    }
}

/// As many characters as every server should take (RFC 9110, section 4.1), and the usual proxies do.
const LONGEST_LINK: usize = 8_000;
const WHY_TOO_LONG: &str = "Many servers and mail programs take 8,000 at most. Filter by fewer values, or by a range or a text, before you pass the link on.";

/// What the address asks that the list does not understand: as long as it does, more may be shown than was meant.
#[component]
pub fn NotUnderstood(
    #[prop(into)] not_known: Signal<Vec<(String, String)>>,
    several: &'static str,
    /// Asks for it no longer.
    #[prop(into)]
    forget: Callback<()>,
) -> impl IntoView {
    move || {
        let names = not_known.with(|asked| names_of(asked));
        (!names.is_empty()).then(|| view! {
            <button class="chip" data-tone="bad" title=why_more(&names, several) aria-label="Not understood, show without it" on:click=move |_| forget.run(())>
                {format!("Not understood: {names}")}
            </button>
        })
    }
}

pub fn names_of(not_known: &[(String, String)]) -> String {
    not_known.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Why a list may show more than was meant.
pub fn why_more(names: &str, several: &str) -> String {
    format!(
        "The address asks for what this list does not understand: {names}. It may show more {several} than were meant."
    )
}
