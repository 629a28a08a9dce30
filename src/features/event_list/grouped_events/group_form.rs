//! By which columns events are grouped, asked in a dialog.

use crate::features::event_list::columns::head_of;
use crate::features::event_list::list_query::{ListQuery, MOST_LEVELS, grouped_by, grouping_fields};
use crate::ui::controls::{Dialog, FormFoot};
use leptos::prelude::*;

#[component]
pub fn GroupForm(query: Memo<ListQuery>, ask: Callback<ListQuery>, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="Group events">
            {move || {
                let group = query.with_untracked(|query| query.group.clone());
                let asked = StoredValue::new(group.iter().map(|field| field.name.to_owned()).collect::<Vec<_>>());
                let level = |at: usize| {
                    let label = if at == 0 { "Group by" } else { "Then by" };
                    let now = group.get(at).map(|field| field.name);
                    let choose = move |chosen: String| asked.update_value(|asked| {
                        asked.resize(MOST_LEVELS, String::new());
                        asked[at] = chosen;
                    });
                    view! {
                        <label class="field">
                            <span class="label">{label}</span>
                            <select class="input" on:change:target=move |event| choose(event.target().value())>
                                <option value="">{if at == 0 { "Nothing: show events" } else { "Nothing" }}</option>
                                {grouping_fields().map(|field| view! {
                                    <option value=field.name selected=now == Some(field.name)>{head_of(field.name)}</option>
                                }).collect_view()}
                            </select>
                        </label>
                    }
                };
                let apply = move |event: web_sys::SubmitEvent| {
                    event.prevent_default();
                    open.set(false);
                    let group = asked.with_value(|asked| grouped_by(asked));
                    let now = query.get_untracked();
                    if group != now.group {
                        // What orders events does not order groups.
                        ask.run(ListQuery { group, sort: Vec::new(), ..now });
                    }
                };
                view! {
                    <form class="column-filter" on:submit=apply>
                        {(0..MOST_LEVELS).map(level).collect_view()}
                        <FormFoot open=open>
                            <button class="button" data-kind="primary" type="submit">"Apply"</button>
                        </FormFoot>
                    </form>
                }
            }}
        </Dialog>
    }
}
