//! What is asked of columns, in words over the grid, each to be taken away.

use super::told;
use crate::data::session::Session;
use crate::features::event_list::list_query::{ListQuery, STATUS};
use crate::ui::controls::{Icon, IconName, take_lost_focus_to_grid};
use leptos::prelude::*;
use rest_contract::oracle::EVENT;

/// `tells_status`: the statuses stand among them, for no chip of a status says them.
#[component]
pub fn ColumnChips(
    session: Session,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    tells_status: Memo<bool>,
) -> impl IntoView {
    let asked = Memo::new(move |_| {
        let tables = session.lookups.tables.get();
        query.with(|query| {
            let status = EVENT.field(STATUS).filter(|_| tells_status.get());
            let status = status.and_then(|field| Some((field, query.filter(STATUS)?)));
            let asked = status.into_iter().chain(query.filters.iter().cloned());
            asked.map(|(field, condition)| (field.name, told(field, &condition, &tables))).collect::<Vec<_>>()
        })
    });
    let ask = move |next: ListQuery| {
        ask.run(next);
        take_lost_focus_to_grid(None);
    };
    let remove = move |name| ask(query.get_untracked().with_filter(name, None));
    let clear = move |_| {
        let ListQuery { group, columns, sort, .. } = query.get_untracked();
        ask(ListQuery { group, columns, sort, ..ListQuery::default() });
    };
    move || {
        let asked = asked.get();
        (!asked.is_empty()).then(|| view! {
            <div class="chips column-chips" role="group" aria-label="Filters of columns">
                {asked.into_iter().map(|(name, words)| view! {
                    <button class="chip" title=words.clone() aria-label=format!("{words}, remove") on:click=move |_| remove(name)>
                        <span>{words.clone()}</span><Icon name=IconName::Close />
                    </button>
                }).collect_view()}
                <button class="chip" on:click=clear>"Clear all"</button>
            </div>
        })
    }
}
