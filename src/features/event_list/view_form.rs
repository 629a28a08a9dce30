//! How the list is shown, asked in a dialog: views that were saved, by which columns it is grouped, which columns stand in which order, how tall rows are.

mod saved_views;

use super::list_query::{GroupLevel, ListQuery, MOST_LEVELS, group_levels, grouped_by};
use super::source::EventList;
use crate::routes::{AddressQuery, use_go};
use crate::ui::controls::{Dialog, FormFoot, Icon, IconName};
use crate::ui::grid::{Density, RowDensity};
use crate::ui::part::part;
use grid_model::ColumnLayout;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use saved_views::SavedViews;
use std::rc::Rc;
use web_sys::HtmlElement;

type List = StoredValue<Rc<EventList>, LocalStorage>;

part! {
    /// The form, while `open` holds. It changes `layout`, and asks for groups.
    pub mod view_form_part in list_view: (list: List, query: Memo<ListQuery>, ask: Callback<ListQuery>, layout: RwSignal<ColumnLayout>, open: RwSignal<bool>) =>
        view! { <Dialog open=open title="View of the list"><ViewForm list=list query=query ask=ask layout=layout open=open /></Dialog> }
}

const TALL: &str = "comfortable";

/// A column as it is to stand.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: String,
    title: String,
    is_shown: bool,
}

#[component]
fn ViewForm(
    list: List,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    layout: RwSignal<ColumnLayout>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let group = query.with_untracked(|query| query.group.clone());
    let asked = StoredValue::new(group.iter().map(GroupLevel::name).collect::<Vec<_>>());
    let level = |at: usize| {
        let now = group.get(at).cloned();
        // A link may group by the days of a zone that is not the reader's.
        let other = now.clone().filter(|now| group_levels().all(|level| level != *now));
        let choose = move |chosen: String| {
            asked.update_value(|asked| {
                asked.resize(MOST_LEVELS, String::new());
                asked[at] = chosen;
            });
        };
        view! {
            <label>
                <span class="label">{if at == 0 { "Group by" } else { "Then by" }}</span>
                <select class="input" on:change:target=move |event| choose(event.target().value())>
                    <option value="">{if at == 0 { "None: show events" } else { "None" }}</option>
                    {group_levels().chain(other).map(|level| view! {
                        <option value=level.name() selected=now.as_ref() == Some(&level)>{level.head()}</option>
                    }).collect_view()}
                </select>
            </label>
        }
    };
    let lines_of = move |layout: &ColumnLayout| {
        let shown = |id: &String| !layout.hidden.contains(id);
        let all = ColumnLayout { hidden: Vec::new(), ..layout.clone() };
        let columns = list.with_value(|list| list.columns.laid_out_by(&all)).into_iter();
        let line = |column: grid_model::Column| Line {
            is_shown: shown(&column.id),
            id: column.id,
            title: column.title,
        };
        columns.map(line).collect::<Vec<_>>()
    };
    let lines = RwSignal::new(layout.with_untracked(lines_of));
    let put = move |id: &str, is_shown: bool| {
        lines.update(|lines| {
            lines.iter_mut().filter(|line| line.id == id).for_each(|line| line.is_shown = is_shown);
        });
    };
    let step = move |id: &str, down: bool| {
        lines.update(|lines| {
            let Some(at) = lines.iter().position(|line| line.id == id) else { return };
            let to = if down { at + 1 } else { at.wrapping_sub(1) };
            if to < lines.len() {
                lines.swap(at, to);
            }
        });
    };
    let line = move |Line { id, title, .. }: Line| {
        let of = id.clone();
        let is_shown = move || {
            lines.with(|lines| lines.iter().find(|line| line.id == of).is_some_and(|line| line.is_shown))
        };
        let button = |words: &str, icon: IconName, id: String, down: bool| {
            view! {
                <button class="button button-icon" data-kind="quiet" type="button" aria-label=format!("Move {title} {words}") on:click=move |event| {
                    let button: HtmlElement = event_target(&event);
                    step(&id, down);
                    // What is moved on the page loses the keyboard.
                    request_animation_frame(move || drop(button.focus()));
                }>
                    <Icon name=icon />
                </button>
            }
        };
        let (up, down) =
            (button("up", IconName::Up, id.clone(), false), button("down", IconName::Down, id.clone(), true));
        view! {
            <div class="view-column">
                <label>
                    <input type="checkbox" prop:checked=is_shown on:change:target=move |event| put(&id, event.target().checked()) />
                    <span class="filter-value">{title}</span>
                </label>
                {up}
                {down}
            </div>
        }
    };
    let density = use_context::<RowDensity>();
    let was_tall =
        density.map(RowDensity::signal).is_some_and(|now| now.get_untracked() == Density::Comfortable);
    let is_tall = RwSignal::new(was_tall);
    let hides_all = move || lines.with(|lines| lines.iter().all(|line| !line.is_shown));
    let as_made = move |_| lines.set(lines_of(&ColumnLayout::default()));
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if hides_all() {
            return;
        }
        open.set(false);
        let lines = lines.get_untracked();
        let made = lines_of(&ColumnLayout::default());
        let moved = lines.iter().map(|line| &line.id).ne(made.iter().map(|line| &line.id));
        let ids = |wanted: fn(&Line) -> bool| {
            lines.iter().filter(move |line| wanted(line)).map(|line| line.id.clone())
        };
        let before = layout.get_untracked();
        let chosen = ColumnLayout {
            order: if moved { ids(|_| true).collect() } else { Vec::new() },
            hidden: ids(|line| !line.is_shown).collect(),
            ..before.clone()
        };
        let columns = chosen.text();
        if chosen != before {
            layout.set(chosen);
        }
        if let Some(density) = density {
            density.choose(if is_tall.get_untracked() { Density::Comfortable } else { Density::Compact });
        }
        let (group, now) = (asked.with_value(|asked| grouped_by(asked)), query.get_untracked());
        if group != now.group {
            // What orders events does not order groups.
            ask.run(ListQuery { group, columns, sort: Vec::new(), ..now });
        }
    };
    let (go, path) = (use_go(), use_location().pathname);
    let show = move |saved: String| {
        open.set(false);
        layout.set(ColumnLayout::read(&AddressQuery::read(&saved).text("columns")));
        go.in_place(&format!("{}{saved}", path.get_untracked()));
    };
    view! {
        <form class="column-filter" on:submit=apply>
            <SavedViews session=list.with_value(|list| list.spec.session) query=query show=show />
            <div class="view-groups">{(0..MOST_LEVELS).map(level).collect_view()}</div>
            <label>
                <span class="label">"Rows of all lists"</span>
                <select class="input" on:change:target=move |event| is_tall.set(event.target().value() == TALL)>
                    <option value="">"Compact"</option>
                    <option value=TALL selected=move || is_tall.get()>"Comfortable"</option>
                </select>
            </label>
            <div class="filter-values-head">
                <strong>"Columns"</strong>
                <button class="button" data-kind="quiet" type="button" on:click=as_made>"Reset columns"</button>
            </div>
            <div class="filter-values" role="group" aria-label="Columns">
                <For each=move || lines.get() key=|line| line.id.clone() children=line />
            </div>
            {move || hides_all().then(|| view! { <p class="form-error" role="alert">"Choose at least one column."</p> })}
            <FormFoot open=open>
                <button class="button" data-kind="primary" type="submit">"Apply"</button>
            </FormFoot>
        </form>
    }
}
