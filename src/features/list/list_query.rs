//! What a list is asked, as its page's address says it, so that a link shows the same rows.

use super::conditions::{Conditions, condition_text, conditions_of, terms_of};
use super::list_columns::ListColumns;
use super::pages::order_by;
use crate::routes::{AddressQuery, page_of, query_text, sort_text, use_address_query};
use crate::ui::key_input::composed;
use grid_model::SortKey;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rest_contract::Field;
use rest_contract::oracle::any_like;
use rest_contract::oracle::field_condition::FieldCondition;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Only rows in which one of the searched fields holds this text.
    pub find: String,
    pub filters: Conditions,
    pub sort: Vec<SortKey>,
    /// What the address asks that is not understood: as long as it does, the list may show more than was meant.
    pub not_known: Vec<(String, String)>,
}

/// What the page's address asks of its list. Whoever leaves for another page asks it nothing more: ways back to it
/// keep its question.
pub fn use_list_query<Query>(read: impl Fn(&AddressQuery) -> Query + Send + Sync + 'static) -> Memo<Query>
where
    Query: Clone + PartialEq + Send + Sync + 'static,
{
    let (address, path) = (use_address_query(), use_location().pathname);
    let own = path.with_untracked(|path| page_of(path).to_owned());
    Memo::new(move |before: Option<&Query>| {
        let is_left = path.with(|path| page_of(path) != own);
        before.filter(|_| is_left).cloned().unwrap_or_else(|| address.with(&read))
    })
}

impl ListQuery {
    /// Reads the address's query: `find=text`, `sort=Field,-Other`, and conditions of columns. `own` are parameters
    /// that the list reads itself.
    pub fn read(columns: &ListColumns, own: &[&str], query: &AddressQuery) -> Self {
        let filters = conditions_of(columns, query);
        let sort = query.sort();
        let is_ordered = sort.iter().all(|key| columns.field(&key.column).is_some());
        let is_known = |name: &str| match name {
            "find" => true,
            "sort" => is_ordered,
            name => own.contains(&name) || filters.iter().any(|(field, _)| field.name == name),
        };
        let not_known = query.said().filter(|(name, _)| !is_known(name)).cloned().collect();
        let sort = sort.into_iter().filter(|_| is_ordered).collect();
        Self { find: query.text("find"), filters, sort, not_known }
    }

    /// The address's query, with its question mark; empty for the plain list. `own` is what the list says itself.
    pub fn write<'a>(&'a self, own: impl IntoIterator<Item = (&'a str, String)>) -> String {
        let filters = self.filters.iter().map(|(field, condition)| (field.name, condition_text(condition)));
        let not_known = self.not_known.iter().map(|(name, text)| (name.as_str(), text.clone()));
        let find = [("find", self.find.clone())];
        let sort = [("sort", sort_text(&self.sort))];
        query_text(own.into_iter().chain(find).chain(filters).chain(sort).chain(not_known))
    }

    pub fn filter(&self, field: &str) -> Option<&FieldCondition> {
        self.filters.iter().find(|(known, _)| known.name == field).map(|(_, condition)| condition)
    }

    /// The same with this asked of a column, or nothing.
    #[must_use]
    pub fn with_filter(mut self, field: &'static Field, condition: Option<FieldCondition>) -> Self {
        self.filters.retain(|(known, _)| known.name != field.name);
        self.not_known.retain(|(name, _)| name != field.name);
        self.filters.extend(condition.map(|condition| (field, condition)));
        self
    }

    /// The same with one value of a column, or all where it is empty.
    #[must_use]
    pub fn with_only_value(self, field: &'static Field, value: &str) -> Self {
        let only = || FieldCondition::OneOf { values: vec![value.to_owned()], or_blank: false };
        self.with_filter(field, (!value.is_empty()).then(only))
    }

    /// The one value of a column that is asked for; empty where none is, or otherwise.
    pub fn only_value(&self, field: &str) -> &str {
        self.filter(field).and_then(only_value).unwrap_or_default()
    }

    /// The same without any filter.
    #[must_use]
    pub fn unfiltered(self) -> Self {
        Self { sort: self.sort, ..Self::default() }
    }

    /// The text that is searched for, in words.
    pub fn found_words(&self) -> Option<String> {
        let find = self.find.trim();
        (!find.is_empty()).then(|| format!("Search: \u{201c}{find}\u{201d}"))
    }

    pub fn is_filtered(&self) -> bool {
        !self.find.trim().is_empty() || !self.filters.is_empty()
    }

    /// The row-match expression (Oracle REST, `q`).
    pub fn q(&self, columns: &ListColumns) -> String {
        let find = self.find.trim();
        let found = (!find.is_empty()).then(|| any_like(columns.searched, &composed(find)));
        found.into_iter().chain(terms_of(&self.filters)).collect::<Vec<_>>().join(" and ")
    }

    /// The order (Oracle REST, `orderBy`), made total by the field `id`.
    pub fn order_by(&self, id: &str) -> String {
        order_by(&self.sort, id)
    }
}

/// The value that a condition asks for, where that is one alone.
pub fn only_value(condition: &FieldCondition) -> Option<&str> {
    match condition {
        FieldCondition::OneOf { values, or_blank: false } if values.len() == 1 => Some(&values[0]),
        _ => None,
    }
}
