//! What the menu of a cell asks of the list: only events with the cell's value, or groups by its column.

use super::columns::EVENT_COLUMNS;
use super::list_query::{GroupLevel, ListQuery, group_levels};
use super::source::EventList;
use crate::features::list::told;
use crate::ui::controls::MenuItem;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::field_condition::FieldCondition;

/// Of the event of a key, in the column of a field.
pub fn query_items(
    list: &EventList,
    (key, column): (&str, &str),
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
) -> Vec<MenuItem> {
    let Some(field) = EVENT.field(column) else { return Vec::new() };
    let Some(value) = list.value(key, field) else { return Vec::new() };
    let asked = query.with_untracked(ListQuery::conditions);
    let asked = asked.into_iter().find(|(known, _)| *known == field).map(|(_, condition)| condition);
    let only = FieldCondition::of_value(field, value.as_ref());
    let not_blank = (only == Some(FieldCondition::Blank)).then_some(FieldCondition::NotBlank);
    let filter = |words: String, condition: Option<FieldCondition>| {
        MenuItem::new(words, move || {
            ask.run(query.get_untracked().with_filter(field, condition.clone()));
        })
    };
    let conditions = only.into_iter().chain(not_blank).filter(|condition| asked.as_ref() != Some(condition));
    let tables = list.spec.session.lookups.tables.get_untracked();
    let mut items: Vec<_> = conditions
        .map(|condition| {
            filter(
                format!("Only where {}", told(&EVENT_COLUMNS, field, &condition, &tables)),
                Some(condition),
            )
        })
        .collect();
    items.extend(asked.map(|_| filter(format!("Clear filter of {}", EVENT_COLUMNS.head_of(column)), None)));
    items.extend(group_items(column, query, ask));
    items.into_iter().enumerate().map(|(at, item)| if at == 0 { item.begins_group() } else { item }).collect()
}

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
