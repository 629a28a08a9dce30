//! How a list's question stands in the page's address: `find=text&status=A,B&sort=Field,-Other`. What
//! a list can be asked is its own.

use grid_model::{SortDirection, SortKey};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::params::ParamsMap;

/// The values of a parameter that is a list; none where it is not there.
pub fn read_list(query: &ParamsMap, name: &str) -> Vec<String> {
    let text = query.get(name).unwrap_or_default();
    text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The order that `sort` asks for; a minus turns a column round.
pub fn read_sort(query: &ParamsMap) -> Vec<SortKey> {
    let parts = read_list(query, "sort").into_iter();
    parts
        .map(|part| match part.strip_prefix('-') {
            Some(column) => SortKey::descending(column),
            None => SortKey::ascending(part),
        })
        .collect()
}

/// An order as `sort` says it.
pub fn sort_text(sort: &[SortKey]) -> String {
    let parts = sort.iter().map(|key| match key.direction {
        SortDirection::Ascending => key.column.clone(),
        SortDirection::Descending => format!("-{}", key.column),
    });
    parts.collect::<Vec<_>>().join(",")
}

/// The query with its question mark, without what is empty; nothing where all of it is.
pub fn write(parts: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let query: Vec<_> = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", String::from(js_sys::encode_uri_component(&value))))
        .collect();
    if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
}

/// Shows the page that stands here with another question, in the place of the one before.
pub fn ask_by_address<Q: 'static>(write: fn(&Q) -> String) -> Callback<Q> {
    let navigate = StoredValue::new_local(use_navigate());
    let location = use_location();
    Callback::new(move |question: Q| {
        let path = format!("{}{}", location.pathname.get_untracked(), write(&question));
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|go| go(&path, options));
    })
}
