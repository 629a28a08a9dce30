//! The menu of a column: what the mouse does by dragging and pressing, and what it cannot do.

use crate::ui::part::part;
use grid_model::{Column, ColumnLayout, SortDirection, SortKey};
use leptos::html::Div;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Which column's menu is open, and where, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenColumn {
    pub id: String,
    pub left: i32,
    pub top: i32,
}

/// Pixels that one press makes a column wider or narrower.
const STEP: u32 = 24;

part! {
    /// The menu, while `open` names a column.
    pub mod column_menu_part in changes: (open: RwSignal<Option<OpenColumn>>, columns: Memo<Arc<[Column]>>, layout: RwSignal<ColumnLayout>, sort: Signal<Vec<SortKey>>, on_sort: Callback<Vec<SortKey>>, on_filter: Option<Callback<String>>) => view! { <ColumnMenu open=open columns=columns layout=layout sort=sort on_sort=on_sort on_filter=on_filter /> }
}

#[component]
fn ColumnMenu(
    open: RwSignal<Option<OpenColumn>>,
    columns: Memo<Arc<[Column]>>,
    layout: RwSignal<ColumnLayout>,
    sort: Signal<Vec<SortKey>>,
    on_sort: Callback<Vec<SortKey>>,
    on_filter: Option<Callback<String>>,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let close = move || {
        open.set(None);
        if let Some(grid) = document().query_selector("[role=grid]").ok().flatten() {
            // The grid is where the menu was asked for; without it there is nothing to go back to.
            let _ = grid.unchecked_into::<HtmlElement>().focus();
        }
    };
    Effect::new(move || {
        if open.get().is_some()
            && let Some(root) = root.get()
        {
            focus_item(&root, 0);
        }
    });
    let column = move || {
        let open = open.get()?;
        columns.with(|columns| columns.iter().find(|column| column.id == open.id).cloned())
    };
    let items = move || {
        let Some(column) = column() else { return Vec::new() };
        let direction =
            sort.with(|keys| keys.iter().find(|key| key.column == column.id).map(|key| key.direction));
        let mut items: Vec<(&'static str, Action)> = Vec::new();
        if column.sortable {
            if direction != Some(SortDirection::Ascending) {
                items.push(("Sort, smallest first", Action::Sort(Some(SortDirection::Ascending))));
            }
            if direction != Some(SortDirection::Descending) {
                items.push(("Sort, largest first", Action::Sort(Some(SortDirection::Descending))));
            }
            if direction.is_some() {
                items.push(("Do not sort", Action::Sort(None)));
            }
        }
        if column.filterable && on_filter.is_some() {
            items.push(("Filter\u{2026}", Action::Filter));
        }
        items.push(if column.frozen {
            ("Let it scroll", Action::Freeze(false))
        } else {
            ("Freeze column", Action::Freeze(true))
        });
        items.push(("Wider", Action::Widen(column.width + STEP)));
        items.push(("Narrower", Action::Widen(column.width.saturating_sub(STEP))));
        if columns.with(|columns| columns.len() > 1) {
            items.push(("Hide this column", Action::Hide));
        }
        if layout.with(|layout| !layout.hidden.is_empty()) {
            items.push(("Show all columns", Action::ShowAll));
        }
        items
    };
    let act = move |action: Action| {
        let Some(id) = open.get_untracked().map(|open| open.id) else { return };
        match action {
            Action::Sort(direction) => {
                on_sort
                    .run(direction.map(|direction| SortKey { column: id, direction }).into_iter().collect());
            }
            Action::Filter => {
                // What opens gives the focus back to the grid when it closes.
                close();
                return on_filter.into_iter().for_each(|on_filter| on_filter.run(id.clone()));
            }
            Action::Freeze(frozen) => layout.update(|layout| layout.set_frozen(&id, frozen)),
            // The menu stays, so that one can press again.
            Action::Widen(width) => return layout.update(|layout| layout.set_width(&id, width)),
            Action::Hide => layout.update(|layout| layout.set_hidden(&id, true)),
            Action::ShowAll => layout.update(|layout| layout.hidden.clear()),
        }
        close();
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let Some(root) = root.get_untracked() else { return };
        let (now, count) = focused_item(&root);
        match event.key().as_str() {
            "ArrowDown" => focus_item(&root, (now + 1) % count.max(1)),
            "ArrowUp" => focus_item(&root, (now + count.max(1) - 1) % count.max(1)),
            "Home" => focus_item(&root, 0),
            "End" => focus_item(&root, count.saturating_sub(1)),
            "Escape" | "Tab" => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let leave = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let stays = root.get_untracked().is_some_and(|root| root.contains(to.as_ref()));
        if !stays {
            open.set(None);
        }
    };
    view! {
        <Show when=move || column().is_some()>
            <div class="menu" role="menu" node_ref=root tabindex="-1"
                aria-label=move || column().map(|column| format!("Column {}", column.title))
                style:left=move || open.get().map(|open| format!("{}px", open.left))
                style:top=move || open.get().map(|open| format!("{}px", open.top))
                on:keydown=on_key on:focusout=leave>
                {move || items().into_iter().map(|(words, action)| view! {
                    <button class="menu-item" role="menuitem" tabindex="-1" on:click=move |_| act(action)>{words}</button>
                }).collect_view()}
            </div>
        </Show>
    }
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Sort(Option<SortDirection>),
    Filter,
    Freeze(bool),
    /// To this width.
    Widen(u32),
    Hide,
    ShowAll,
}

fn items_of(root: &HtmlElement) -> Vec<HtmlElement> {
    let children = root.children();
    (0..children.length()).filter_map(|at| children.item(at)?.dyn_into().ok()).collect()
}

fn focus_item(root: &HtmlElement, place: usize) {
    if let Some(item) = items_of(root).get(place) {
        // An item that cannot take the focus can still be pressed.
        let _ = item.focus();
    }
}

/// The place of the item that has the focus, and how many there are.
fn focused_item(root: &HtmlElement) -> (usize, usize) {
    let items = items_of(root);
    let active = document().active_element();
    let place = items.iter().position(|item| Some(item.as_ref()) == active.as_ref());
    (place.unwrap_or(0), items.len())
}
