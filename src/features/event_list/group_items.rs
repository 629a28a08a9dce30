//! What the menus of columns and cells ask of the list of events: groups by the column.

use super::list_query::{GroupLevel, ListQuery, group_levels};
use crate::ui::controls::MenuItem;
use leptos::prelude::*;

/// Groups by a column, in the ways in which events can be grouped by it.
pub fn group_items(column: &str, query: Memo<ListQuery>, ask: Callback<ListQuery>) -> Vec<MenuItem> {
    let of_column = group_levels().filter(|level| level.field.name == column);
    let item = |level: GroupLevel| {
        MenuItem::new(format!("Group by {}", level.head()), move || {
            // What orders events does not order groups.
            ask.run(ListQuery { group: vec![level.clone()], sort: Vec::new(), ..query.get_untracked() });
        })
    };
    of_column.map(item).collect()
}
