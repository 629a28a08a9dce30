//! What is asked of columns, in words over the grid, each to be taken away.

use super::{ColumnFilters, told};
use crate::ui::controls::{Icon, IconName, take_lost_focus_to_grid};
use leptos::prelude::*;
use rest_contract::Field;

#[component]
pub fn ColumnChips(filters: ColumnFilters, clear: Callback<()>) -> impl IntoView {
    let ColumnFilters { session, columns, ask, .. } = filters;
    let asked = Memo::new(move |_| {
        let tables = session.lookups.tables.get();
        filters.asked.with(|asked| {
            let in_words =
                |(field, condition): &(&'static Field, _)| (*field, told(columns, field, condition, &tables));
            asked.iter().map(in_words).collect::<Vec<_>>()
        })
    });
    let remove = move |field: &'static Field| {
        ask.run((field, None));
        take_lost_focus_to_grid(None);
    };
    let clear = move |_| {
        clear.run(());
        take_lost_focus_to_grid(None);
    };
    move || {
        let asked = asked.get();
        (!asked.is_empty()).then(|| view! {
            <div class="chips column-chips" role="group" aria-label="Filters of columns">
                {asked.into_iter().map(|(field, words)| view! {
                    <button class="chip" title=words.clone() aria-label=format!("{words}, remove") on:click=move |_| remove(field)>
                        <span>{words.clone()}</span><Icon name=IconName::Close />
                    </button>
                }).collect_view()}
                <button class="chip" on:click=clear>"Clear all"</button>
            </div>
        })
    }
}
