//! Which events are asked for, and in what order. It lives in the page's address. The platform can
//! answer a part of it; the rest is answered here, over every event.

use super::columns::CREATED_AT;
use crate::api::encoded_list;
use crate::routes::{AddressQuery, list_text, query_text, sort_text};
use chrono::{Days, NaiveDate};
use grid_model::{SortDirection, SortKey};
use rest_contract::cloud_foundry::{SortBy, UsageField, UsageFilter};

/// Filter and order of the list, and by what the intervals are grouped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// In the order of [`FILTERS`]; without values, a field is not looked at.
    pub any_of: [Vec<String>; FILTERS.len()],
    /// The first and the last day, in UTC, like `2026-11-01`; empty for no bound.
    pub from: String,
    pub to: String,
    pub find: String,
    pub sort: Vec<SortKey>,
    /// The address's word for what the intervals are grouped by; empty for the usual.
    pub by: String,
}

/// The fields that can be asked for, and their words in the address.
pub const FILTERS: [(UsageField, &str); 7] = [
    (UsageField::State, "state"),
    (UsageField::InstanceType, "type"),
    (UsageField::OfferingGuid, "offering"),
    (UsageField::PlanGuid, "plan"),
    (UsageField::SpaceGuid, "space"),
    (UsageField::OrganizationGuid, "organization"),
    (UsageField::InstanceGuid, "instance"),
];

impl ListQuery {
    pub fn read(query: &AddressQuery) -> Self {
        let text = |name: &str| query.text(name);
        Self {
            any_of: FILTERS.map(|(_, name)| query.list(name)),
            from: text("from"),
            to: text("to"),
            find: text("find"),
            sort: query.sort(),
            by: text("by"),
        }
    }

    /// The address's query, with its query mark; empty for the plain list.
    pub fn write(&self) -> String {
        let lists = FILTERS.iter().zip(&self.any_of).map(|((_, name), values)| (*name, list_text(values)));
        let texts = [
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("find", self.find.clone()),
            ("sort", sort_text(&self.sort)),
            ("by", self.by.clone()),
        ];
        query_text(lists.chain(texts))
    }

    pub fn values(&self, field: UsageField) -> &[String] {
        let place = FILTERS.iter().position(|(one, _)| *one == field);
        place.and_then(|place| self.any_of.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The same with other values for a field.
    pub fn with(mut self, field: UsageField, values: Vec<String>) -> Self {
        let place = FILTERS.iter().position(|(one, _)| *one == field);
        if let Some(wanted) = place.and_then(|place| self.any_of.get_mut(place)) {
            *wanted = values;
        }
        self
    }

    /// Without any filter; order and grouping stay.
    pub fn unfiltered(self) -> Self {
        Self { sort: self.sort, by: self.by, ..Self::default() }
    }

    pub fn is_filtered(&self) -> bool {
        self.any_of.iter().any(|values| !values.is_empty())
            || [&self.from, &self.to, &self.find].iter().any(|text| !text.trim().is_empty())
    }

    /// Whether only every event together can answer it.
    pub fn needs_every_event(&self) -> bool {
        let is_known_there =
            |field: &UsageField| matches!(field, UsageField::InstanceType | UsageField::OfferingGuid);
        FILTERS
            .iter()
            .zip(&self.any_of)
            .any(|((field, _), values)| !is_known_there(field) && !values.is_empty())
            || !self.find.trim().is_empty()
            || self.sort.iter().any(|key| key.column != CREATED_AT)
    }

    /// What the platform can answer, as a query (V3 API, "List service usage events").
    pub fn for_the_platform(&self) -> String {
        let mut query = String::new();
        let lists = [
            ("service_instance_types", UsageField::InstanceType),
            ("service_offering_guids", UsageField::OfferingGuid),
        ];
        for (name, field) in lists {
            let values = self.values(field);
            if !values.is_empty() {
                query.push_str(&format!("&{name}={}", encoded_list(values)));
            }
        }
        for (operator, bound) in [("gte", self.first_day()), ("lt", self.day_after())] {
            if let Some(day) = bound {
                query.push_str(&format!("&created_ats%5B{operator}%5D={}T00:00:00Z", day.format("%Y-%m-%d")));
            }
        }
        if let Some(key) = self.sort.first() {
            let sign = if key.direction == SortDirection::Descending { "-" } else { "%2B" };
            query.push_str(&format!("&order_by={sign}{CREATED_AT}"));
        }
        query
    }

    fn first_day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.from, "%Y-%m-%d").ok()
    }

    fn day_after(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.to, "%Y-%m-%d").ok()?.checked_add_days(Days::new(1))
    }

    pub fn filter(&self) -> UsageFilter {
        let any_of = FILTERS.iter().zip(&self.any_of).map(|((field, _), values)| (*field, values.clone()));
        UsageFilter {
            any_of: any_of.collect(),
            from: self.first_day().map(midnight),
            until: self.day_after().map(midnight),
            find: self.find.clone(),
        }
    }

    pub fn order(&self) -> Vec<(SortBy, bool)> {
        let by = |column: &str| match UsageField::ALL.into_iter().find(|field| field.path() == column) {
            Some(field) => SortBy::Field(field),
            None => SortBy::CreatedAt,
        };
        self.sort.iter().map(|key| (by(&key.column), key.direction == SortDirection::Descending)).collect()
    }
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}
