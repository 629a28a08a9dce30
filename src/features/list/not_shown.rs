//! What is selected and is not among the rows that the list shows: it stays selected, by its keys, and is counted.

use super::list_source::List;
use crate::text::count;
use grid_model::{RowCount, RowState, Selection};
use leptos::prelude::*;
use std::rc::Rc;

/// How many of the selected records the list does not show, with a press that takes them out of the selection.
#[component]
pub fn NotShown(list: Rc<dyn List>, selection: RwSignal<Selection>) -> impl IntoView {
    let (revision, status) = (list.revision(), list.status());
    let list = StoredValue::new_local(list);
    let words = Memo::new(move |_| {
        revision.track();
        let rows = status.with(|status| status.count);
        let missing = selection.with(|selection| {
            let keys = selection.records().into_iter().flat_map(|records| records.keys());
            list.with_value(|list| keys.filter(|key| list.row_of_key(key).is_none()).count())
        });
        let are_all_here = || {
            let rows = rows.exact();
            list.with_value(|list| {
                list.whole().is_some()
                    || rows.is_some_and(|rows| (0..rows).all(|row| list.row_state(row) == RowState::Loaded))
            })
        };
        match missing {
            0 => None,
            // The rows are still to come.
            _ if rows == RowCount::Unknown => None,
            some if are_all_here() => Some(format!("{} not in this filter", count(some as u64))),
            some => Some(format!("{} not in this filter, or not loaded", count(some as u64))),
        }
    });
    let drop_them = move |_| {
        selection.update(|selection| {
            let stays = |key: &str| list.with_value(|list| list.row_of_key(key).is_some());
            *selection = std::mem::take(selection).with_only(stays);
        });
    };
    view! {
        {move || words.get().map(|words| view! {
            <span data-testid="not-shown">{words}</span>
            <button class="button" data-kind="quiet" on:click=drop_them>"Drop them"</button>
        })}
    }
}
