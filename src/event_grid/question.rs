//! Which events are asked for, and in what order. It lives in the page's address, so that a link
//! shows the same rows.

use crate::display_text::StatusClass;
use grid_model::{SortDirection, SortKey};
use leptos_router::params::ParamsMap;
use rest_contract::oracle::{any_like, one_of};

/// Filter and order of an event list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Only events of these statuses; empty for all.
    pub statuses: Vec<String>,
    /// Only events in which one of the searched fields holds this text.
    pub find: String,
    pub sort: Vec<SortKey>,
}

/// The fields that the search looks into.
const SEARCHED: &[&str] = &["EventNumber", "ServiceId", "SubscriptionProductPuid", "Error"];

impl Question {
    /// Reads the address's query: `status=A,B`, `find=text`, `sort=Field,-Other`. What it does not
    /// know it passes over.
    pub fn read(query: &ParamsMap) -> Self {
        let list = |name: &str| -> Vec<String> {
            let text = query.get(name).unwrap_or_default();
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let sort = list("sort").into_iter().map(|text| match text.strip_prefix('-') {
            Some(column) => SortKey::descending(column),
            None => SortKey::ascending(text),
        });
        Self { statuses: list("status"), find: query.get("find").unwrap_or_default(), sort: sort.collect() }
    }

    /// The address's query, with its question mark; empty for the plain list.
    pub fn write(&self) -> String {
        let sort: Vec<_> = self
            .sort
            .iter()
            .map(|key| match key.direction {
                SortDirection::Ascending => key.column.clone(),
                SortDirection::Descending => format!("-{}", key.column),
            })
            .collect();
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let parts =
            [("status", self.statuses.join(",")), ("find", self.find.clone()), ("sort", sort.join(","))];
        let query: Vec<_> = parts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
    }

    /// The row-match expression (Oracle REST, `q`).
    pub fn q(&self) -> String {
        let mut terms = Vec::new();
        if !self.statuses.is_empty() {
            terms.push(one_of("EventStatus", &self.statuses));
        }
        if !self.find.trim().is_empty() {
            terms.push(any_like(SEARCHED, self.find.trim()));
        }
        terms.join(" and ")
    }

    /// The order (Oracle REST, `orderBy`), made total by the event's own id so that no row is on two
    /// pages or on none.
    pub fn order_by(&self) -> String {
        let mut keys: Vec<_> = self
            .sort
            .iter()
            .map(|key| match key.direction {
                SortDirection::Ascending => format!("{}:asc", key.column),
                SortDirection::Descending => format!("{}:desc", key.column),
            })
            .collect();
        keys.push("EventId:asc".to_owned());
        keys.join(",")
    }

    pub fn is_filtered(&self) -> bool {
        !self.statuses.is_empty() || !self.find.trim().is_empty()
    }

    /// Whether only events of this class are asked for.
    pub fn is_only(&self, class: StatusClass) -> bool {
        !self.statuses.is_empty()
            && self.statuses.iter().all(|code| crate::display_text::class_of(code) == class)
    }
}
