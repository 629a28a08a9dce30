//! The menu of a cell: what its keys do, what leads on from it, and what its list offers.

use super::column_filter::{ColumnFilters, told};
use super::list_grid::CellItems;
use super::list_source::List;
use crate::routes::Go;
use crate::ui::controls::{Menu, MenuItem};
use crate::ui::grid::GridHandle;
use crate::ui::part::part;
use grid_model::{Column, FindStep, KeyCommand, Selection};
use leptos::prelude::*;
use rest_contract::oracle::field_condition::FieldCondition;
use std::rc::Rc;
use std::sync::Arc;

/// Which cell's menu is open: the record, the column's place, and where, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCell {
    pub key: Arc<str>,
    pub column: usize,
    pub left: i32,
    pub top: i32,
}

/// The list of which the menu is.
#[derive(Clone, Copy)]
pub struct CellMenuOf {
    pub list: StoredValue<Rc<dyn List>, LocalStorage>,
    pub columns: Memo<Arc<[Column]>>,
    pub selection: RwSignal<Selection>,
    /// Where the record of a key is shown.
    pub address: Callback<Arc<str>, Option<String>>,
    pub open: Callback<Arc<str>>,
    pub go: Go,
    pub filters: Option<ColumnFilters>,
    pub items: Option<CellItems>,
    pub grid: GridHandle,
}

part! {
    /// The menu, while `open` names a cell.
    pub mod cell_menu_part in changes: (open: RwSignal<Option<OpenCell>>, of: CellMenuOf) => view! { <CellMenu open=open of=of /> }
}

#[component]
fn CellMenu(open: RwSignal<Option<OpenCell>>, of: CellMenuOf) -> impl IntoView {
    let on_close = move |wants_place| {
        open.set(None);
        if wants_place {
            of.grid.focus();
        }
    };
    move || {
        let cell = open.get()?;
        let label = of.columns.with_untracked(|columns| Some(columns.get(cell.column)?.title.clone()))?;
        let at = (cell.left, cell.top);
        Some(view! { <Menu label=label at=at items=move || untrack(|| of.items(&cell)) on_close=on_close /> })
    }
}

impl CellMenuOf {
    /// What stands in a cell of the record now, where the record is here, and whether it can be edited.
    fn shown(self, key: &str, column: usize) -> Option<(String, bool)> {
        self.list.with_value(|list| {
            let mut text = String::new();
            let face = list.cell(list.row_of_key(key)?, column, &mut text);
            Some((text.trim().to_owned(), face.editable))
        })
    }

    fn items(self, cell: &OpenCell) -> Vec<MenuItem> {
        let OpenCell { key, column, .. } = cell;
        let (grid, column) = (self.grid, *column);
        let columns = self.columns.get();
        let Some((text, is_editable)) = self.shown(key, column) else { return Vec::new() };
        let is_editable = is_editable && columns.get(column).is_some_and(|column| column.editable);
        let obey = |command: KeyCommand| {
            let key = Arc::clone(key);
            move || grid.obey(command.clone(), &key, column)
        };
        let mut items = Vec::new();
        if let Some(address) = self.address.run(Arc::clone(key)) {
            let name = columns.iter().position(|column| column.opens).and_then(|at| self.shown(key, at));
            let name = name.map_or_else(String::new, |(name, _)| name);
            let (open, opened) = (self.open, Arc::clone(key));
            let item = MenuItem::new(format!("Open {name}"), move || open.run(Arc::clone(&opened)));
            items.push(if is_editable { item } else { item.keys("Enter") });
            items.push(MenuItem::new("Open in new tab", move || open_in_new_tab(&address)));
        }
        let leads = columns.get(column).is_some_and(|column| column.leads);
        let named =
            self.list.with_value(|list| list.address(list.row_of_key(key)?, column).filter(|_| leads));
        if let Some(address) = named {
            let go = self.go;
            items.push(MenuItem::new(format!("Open {text}"), move || go.to(&address)));
        }
        if is_editable {
            items.push(MenuItem::new("Edit", obey(KeyCommand::Edit)).keys("F2"));
        }
        items.push(MenuItem::new("Copy", move || grid.copy()).keys("Ctrl+C").begins_group());
        let is_of_rows = self.selection.with(|selection| {
            selection.is_of_cells() && selection.records().is_some_and(|records| records.len() > 1)
        });
        if is_of_rows && self.list.with_value(|list| list.why_not_pasted().is_none()) {
            items.push(MenuItem::new("Fill down", obey(KeyCommand::FillDown)).keys("Ctrl+D"));
        }
        if let Some(column) = columns.get(column) {
            items.extend(self.filter_items(key, column));
        }
        if let Some(id) = columns.get(column).map(|column| column.id.clone()) {
            let own = self.items.map_or_else(Vec::new, |items| items.run((Arc::clone(key), id)));
            items.extend(own);
        }
        items.push(
            MenuItem::new("Find in the list\u{2026}", obey(KeyCommand::Find(FindStep::Begin)))
                .keys("Ctrl+F")
                .begins_group(),
        );
        let is_selected = self.selection.with(|selection| selection.holds(key));
        let words = if is_selected { "Unselect row" } else { "Select row" };
        items.push(MenuItem::new(words, obey(KeyCommand::ToggleRow)).keys("Space"));
        items.push(MenuItem::new("Select all rows", obey(KeyCommand::SelectAll)).keys("Ctrl+A"));
        items
    }
}

impl CellMenuOf {
    /// What asks the list by the value of a cell.
    fn filter_items(self, key: &str, column: &Column) -> Vec<MenuItem> {
        let filters = self.filters.filter(|_| column.filterable);
        let field = filters.and_then(|filters| filters.columns.field(&column.id));
        let (Some(filters), Some(field)) = (filters, field) else { return Vec::new() };
        let value = self.list.with_value(|list| list.value(list.row_of_key(key)?, field));
        let Some(value) = value else { return Vec::new() };
        let asked = filters.of(field.name);
        let tables = filters.session.lookups.tables.get_untracked();
        let words = |condition: &FieldCondition| told(filters.columns, field, condition, &tables);
        let filter = |words: String, condition: Option<FieldCondition>| {
            MenuItem::new(words, move || filters.ask.run((field, condition.clone())))
        };
        let of_value = FieldCondition::of_value(field, Some(&value));
        let only = of_value.clone().filter(|only| asked.as_ref() != Some(only));
        let without = FieldCondition::leaving_out(field, &value, asked.as_ref()).zip(of_value);
        let items = [
            only.map(|only| filter(format!("Only where {}", words(&only)), Some(only))),
            without.map(|(without, of_value)| {
                filter(format!("Filter out where {}", words(&of_value)), Some(without))
            }),
            asked.map(|_| filter(format!("Clear filter of {}", filters.columns.head_of(field.name)), None)),
        ];
        let items = items.into_iter().flatten().enumerate();
        items.map(|(at, item)| if at == 0 { item.begins_group() } else { item }).collect()
    }
}

fn open_in_new_tab(address: &str) {
    // Where the browser opens none, it says so itself.
    let _ = window().open_with_url_and_target_and_features(address, "_blank", "noopener");
}
