//! The menu of a column: what the mouse does by dragging and pressing, and what it cannot do.

use crate::ui::controls::{Menu, MenuItem};
use crate::ui::grid::GridHandle;
use crate::ui::part::part;
use grid_model::{Column, ColumnLayout, SortDirection, SortKey};
use leptos::prelude::*;
use std::sync::Arc;

/// Which column's menu is open, and where, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenColumn {
    pub id: String,
    pub left: i32,
    pub top: i32,
}

/// What a list offers in the menu of a column beside what every list does, by the column's id.
pub type ColumnItems = Callback<String, Vec<MenuItem>>;

/// Pixels that one press makes a column wider or narrower.
const STEP: u32 = 24;

/// The list of which the menu is.
#[derive(Clone, Copy)]
pub struct ColumnMenuOf {
    pub columns: Memo<Arc<[Column]>>,
    pub layout: RwSignal<ColumnLayout>,
    pub sort: Signal<Vec<SortKey>>,
    pub on_sort: Callback<Vec<SortKey>>,
    pub on_filter: Option<Callback<String>>,
    pub items: Option<ColumnItems>,
    pub grid: GridHandle,
}

part! {
    /// The menu, while `open` names a column.
    pub mod column_menu_part in changes: (open: RwSignal<Option<OpenColumn>>, of: ColumnMenuOf) => view! { <ColumnMenu open=open of=of /> }
}

#[component]
fn ColumnMenu(open: RwSignal<Option<OpenColumn>>, of: ColumnMenuOf) -> impl IntoView {
    let ColumnMenuOf { columns, layout, sort, on_sort, on_filter, items: own_items, grid } = of;
    let column =
        move |id: &str| columns.with(|columns| columns.iter().find(|column| column.id == id).cloned());
    let on_close = move |wants_place| {
        open.set(None);
        if wants_place {
            grid.focus();
        }
    };
    let items = move |id: &str| {
        let Some(column) = column(id) else { return Vec::new() };
        let id = StoredValue::new(column.id.clone());
        let direction =
            sort.with(|keys| keys.iter().find(|key| key.column == column.id).map(|key| key.direction));
        let sorted = move |direction: Option<SortDirection>| {
            move || {
                let key = direction.map(|direction| SortKey { column: id.get_value(), direction });
                on_sort.run(key.into_iter().collect());
            }
        };
        let change = move |change: fn(&mut ColumnLayout, &str)| {
            move || layout.update(|layout| id.with_value(|id| change(layout, id)))
        };
        let widened =
            move |width: u32| move || layout.update(|layout| id.with_value(|id| layout.set_width(id, width)));
        let mut items = Vec::new();
        if column.sortable {
            if direction != Some(SortDirection::Ascending) {
                items.push(MenuItem::new("Sort, smallest first", sorted(Some(SortDirection::Ascending))));
            }
            if direction != Some(SortDirection::Descending) {
                items.push(MenuItem::new("Sort, largest first", sorted(Some(SortDirection::Descending))));
            }
            if direction.is_some() {
                items.push(MenuItem::new("Do not sort", sorted(None)));
            }
        }
        if let Some(on_filter) = on_filter.filter(|_| column.filterable) {
            items.push(MenuItem::new("Filter\u{2026}", move || on_filter.run(id.get_value())));
        }
        items.extend(own_items.map_or_else(Vec::new, |own_items| own_items.run(column.id.clone())));
        items.push(if column.frozen {
            MenuItem::new("Let it scroll", change(|layout, id| layout.set_frozen(id, false)))
        } else {
            MenuItem::new("Freeze column", change(|layout, id| layout.set_frozen(id, true)))
        });
        let place = columns.with(|columns| columns.iter().position(|one| one.id == column.id));
        items.extend(place.map(|place| MenuItem::new("Fit to content", move || grid.fit(place)).keys("F")));
        items.push(MenuItem::new("Fit all columns", move || grid.fit_all()));
        items.push(MenuItem::new("Wider", widened(column.width + STEP)).stays_open());
        items.push(MenuItem::new("Narrower", widened(column.width.saturating_sub(STEP))).stays_open());
        if columns.with(|columns| columns.len() > 1) {
            items.push(MenuItem::new("Hide this column", change(|layout, id| layout.set_hidden(id, true))));
        }
        if layout.with(|layout| !layout.hidden.is_empty()) {
            items.push(MenuItem::new("Show all columns", change(|layout, _| layout.hidden.clear())));
        }
        items
    };
    move || {
        let OpenColumn { id, left, top } = open.get()?;
        let title = untrack(|| column(&id))?.title;
        Some(view! {
            <Menu label=format!("Column {title}") at=(left, top) items=move || items(&id) on_close=on_close />
        })
    }
}
