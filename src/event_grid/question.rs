//! Which events are asked for, and in what order. It lives in the page's address, so that a link
//! shows the same rows.

use crate::address_query::{self, read_list, read_sort, sort_text};
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
        Self {
            statuses: read_list(query, "status"),
            find: query.get("find").unwrap_or_default(),
            sort: read_sort(query),
        }
    }

    /// The address's query, with its question mark; empty for the plain list.
    pub fn write(&self) -> String {
        address_query::write([
            ("status", self.statuses.join(",")),
            ("find", self.find.clone()),
            ("sort", sort_text(&self.sort)),
        ])
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
