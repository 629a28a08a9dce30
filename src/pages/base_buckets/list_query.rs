//! Which base buckets are shown, and in what order. It lives in the page's address, so that a link
//! shows the same rows.

use crate::routes::{AddressQuery, query_text, sort_text};
use grid_model::SortKey;

/// Filter and order of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Only buckets whose name, unit or owner holds this text.
    pub find: String,
    /// Only buckets of the unit with this identity.
    pub unit: Option<i64>,
    /// Only retired ones, or only those that are not.
    pub retired: Option<bool>,
    pub sort: Vec<SortKey>,
}

impl ListQuery {
    /// Reads the address's query: `find=text`, `unit=8`, `retired=true`, `sort=name,-end`. What it
    /// does not know it passes over.
    pub fn read(query: &AddressQuery) -> Self {
        let text = |name: &str| query.text(name);
        Self {
            find: text("find"),
            unit: text("unit").parse().ok(),
            retired: text("retired").parse().ok(),
            sort: query.sort(),
        }
    }

    /// The address's query, with its query mark; empty for the plain list.
    pub fn write(&self) -> String {
        query_text([
            ("find", self.find.clone()),
            ("unit", self.unit.map(|unit| unit.to_string()).unwrap_or_default()),
            ("retired", self.retired.map(|retired| retired.to_string()).unwrap_or_default()),
            ("sort", sort_text(&self.sort)),
        ])
    }

    pub fn is_filtered(&self) -> bool {
        !self.find.trim().is_empty() || self.unit.is_some() || self.retired.is_some()
    }
}
