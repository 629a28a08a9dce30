//! Which events are asked for, and in what order. It lives in the page's address, so that a link
//! shows the same rows.

use crate::features::list::order_by;
use crate::routes::{AddressQuery, list_text, query_text, sort_text};
use crate::text::class_of;
use crate::ui::key_input::composed;
use grid_model::SortKey;
use rest_contract::oracle::{any_like, one_of};

/// Filter and order of an event list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Only events of these statuses; empty for all.
    pub statuses: Vec<String>,
    /// Only events in which one of the searched fields holds this text.
    pub find: String,
    /// Only events that have no currency, or a charge without one: their amounts are in no total.
    pub without_currency: bool,
    pub sort: Vec<SortKey>,
}

const NO_CURRENCY: &str = "none";

/// The fields that the search looks into.
pub(super) const SEARCHED: &[&str] = &["EventNumber", "ServiceId", "SubscriptionProductPuid", "Error"];

impl ListQuery {
    /// Reads the address's query: `status=A,B`, `find=text`, `currency=none`, `sort=Field,-Other`. What it
    /// does not know it passes over.
    pub fn read(query: &AddressQuery) -> Self {
        Self {
            statuses: query.list("status"),
            find: query.text("find"),
            without_currency: query.text("currency") == NO_CURRENCY,
            sort: query.sort(),
        }
    }

    /// The address's query, with its query mark; empty for the plain list.
    pub fn write(&self) -> String {
        query_text([
            ("status", list_text(&self.statuses)),
            ("find", self.find.clone()),
            ("currency", if self.without_currency { NO_CURRENCY.to_owned() } else { String::new() }),
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
            terms.push(any_like(SEARCHED, &composed(self.find.trim())));
        }
        if self.without_currency {
            terms.push("(CurrencyCode is null or usageCharges.ChargeCurrency is null)".to_owned());
        }
        terms.join(" and ")
    }

    /// The order (Oracle REST, `orderBy`).
    pub fn order_by(&self) -> String {
        order_by(&self.sort, "EventId")
    }

    pub fn is_filtered(&self) -> bool {
        !self.statuses.is_empty() || !self.find.trim().is_empty() || self.without_currency
    }

    /// Whether events of this status are asked for, and beside them none of another kind.
    pub fn shows(&self, status: &str) -> bool {
        let class = class_of(status);
        let is_of_kind = |code: &String| class_of(code) == class;
        self.statuses.iter().any(|code| code == status) && self.statuses.iter().all(is_of_kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_status_is_shown_beside_those_of_its_kind_alone() {
        let shows = |statuses: &[&str], status: &str| {
            let statuses = statuses.iter().map(|one| (*one).to_owned()).collect();
            ListQuery { statuses, ..ListQuery::default() }.shows(status)
        };
        assert!(!shows(&[], "ORA_READY"));
        assert!(shows(&["ORA_ON_HOLD"], "ORA_ON_HOLD"));
        assert!(!shows(&["ORA_ON_HOLD"], "ORA_READY"));
        assert!(shows(&["ORA_READY", "ORA_ON_HOLD"], "ORA_READY"));
        assert!(shows(&["ORA_ERROR", "ORA_COMPLETED_ERRORS"], "ORA_ERROR"));
        assert!(!shows(&["ORA_ERROR", "ORA_READY"], "ORA_READY"));
    }

    #[wasm_bindgen_test]
    fn a_letter_and_its_accent_are_asked_for_as_one() {
        let q = |find: &str| ListQuery { find: find.to_owned(), ..ListQuery::default() }.q();
        assert_eq!(q("Zu\u{308}rich "), q("Zürich"));
        assert!(q("Zu\u{308}rich").contains("UPPER(ServiceId) like '%ZÜRICH%'"));
    }
}
