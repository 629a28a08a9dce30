//! Which events are asked for, and in what order. It lives in the page's address. The platform can
//! answer a part of it; the rest is answered here, over every event.

use super::columns::{CREATED_AT, STATE, USAGE_COLUMNS};
use super::intervals::GROUPINGS;
use crate::api::encoded_list;
use crate::features::list::{Conditions, condition_text, conditions_of};
use crate::routes::{AddressQuery, list_text, query_text, sort_text};
use chrono::{Days, NaiveDate};
use grid_model::{SortDirection, SortKey};
use rest_contract::Field;
use rest_contract::cloud_foundry::UsageField;
use rest_contract::oracle::field_condition::FieldCondition;

/// Filter and order of the list, and by what the intervals are grouped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// In the order of [`FILTERS`]; without values, a field is not looked at.
    pub any_of: [Vec<String>; FILTERS.len()],
    /// The first and the last day, in UTC, like `2026-11-01`; empty for no bound.
    pub from: String,
    pub to: String,
    pub find: String,
    /// What is asked of columns. States alone stand above.
    pub filters: Conditions,
    pub sort: Vec<SortKey>,
    /// What the address asks that is not understood.
    pub not_known: Vec<(String, String)>,
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
        let filters = conditions_of(&USAGE_COLUMNS, query);
        let is_asked = |name: &str| filters.iter().any(|(field, _)| field.name == name);
        let any_of = FILTERS.map(|(_, name)| if is_asked(name) { Vec::new() } else { query.list(name) });
        let sort = query.sort();
        let is_known = |name: &str| match name {
            "find" => true,
            "from" | "to" => NaiveDate::parse_from_str(&text(name), "%Y-%m-%d").is_ok(),
            "by" => GROUPINGS.iter().any(|(word, ..)| *word == text(name)),
            "sort" => sort.iter().all(|key| USAGE_COLUMNS.field(&key.column).is_some()),
            name => is_asked(name) || FILTERS.iter().any(|(_, known)| *known == name),
        };
        let not_known = query.said().filter(|(name, _)| !is_known(name)).cloned();
        let known = |name: &str| if is_known(name) { text(name) } else { String::new() };
        let query = Self {
            any_of,
            not_known: not_known.collect(),
            from: known("from"),
            to: known("to"),
            find: text("find"),
            by: known("by"),
            sort: if is_known("sort") { sort.clone() } else { Vec::new() },
            ..Self::default()
        };
        filters.into_iter().fold(query, |query, (field, condition)| query.with_filter(field, Some(condition)))
    }

    /// The address's query, with its query mark; empty for the plain list.
    pub fn write(&self) -> String {
        let lists = FILTERS.iter().zip(&self.any_of).map(|((_, name), values)| (*name, list_text(values)));
        let filters = self.filters.iter().map(|(field, condition)| (field.name, condition_text(condition)));
        let not_known = self.not_known.iter().map(|(name, text)| (name.as_str(), text.clone()));
        let texts = [
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("find", self.find.clone()),
            ("sort", sort_text(&self.sort)),
            ("by", self.by.clone()),
        ];
        query_text(lists.chain(texts).chain(filters).chain(not_known))
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

    /// What is asked of columns, with the states.
    pub fn conditions(&self) -> Conditions {
        let values = self.values(UsageField::State).to_vec();
        let state = USAGE_COLUMNS.field(STATE).filter(|_| !values.is_empty());
        let states = state.map(|field| (field, FieldCondition::OneOf { values, or_blank: false }));
        states.into_iter().chain(self.filters.iter().cloned()).collect()
    }

    /// The same with this asked of a column, or nothing.
    #[must_use]
    pub fn with_filter(mut self, field: &'static Field, condition: Option<FieldCondition>) -> Self {
        self.filters.retain(|(known, _)| known.name != field.name);
        self.not_known.retain(|(name, _)| name != field.name);
        let is_state = field.name == STATE;
        match condition {
            Some(FieldCondition::OneOf { values, or_blank: false }) if is_state => {
                self.with(UsageField::State, values)
            }
            condition => {
                self.filters.extend(condition.map(|condition| (field, condition)));
                if is_state { self.with(UsageField::State, Vec::new()) } else { self }
            }
        }
    }

    /// Without any filter; order and grouping stay.
    pub fn unfiltered(self) -> Self {
        Self { sort: self.sort, by: self.by, ..Self::default() }
    }

    /// What is asked beside conditions of columns, in words.
    pub fn words(&self) -> Vec<String> {
        let asked = FILTERS.iter().zip(&self.any_of);
        let asked = asked.filter(|((field, _), values)| *field != UsageField::State && !values.is_empty());
        let lists = asked.map(|((_, name), values)| format!("{name} is {}", values.join(" or ")));
        let find = self.find.trim();
        let rest = [
            (!find.is_empty()).then(|| format!("Search: \u{201c}{find}\u{201d}")),
            (!self.from.is_empty()).then(|| format!("From {} (UTC)", self.from)),
            (!self.to.is_empty()).then(|| format!("Up to and with {} (UTC)", self.to)),
        ];
        lists.chain(rest.into_iter().flatten()).collect()
    }

    pub fn is_filtered(&self) -> bool {
        self.any_of.iter().any(|values| !values.is_empty())
            || [&self.from, &self.to, &self.find].iter().any(|text| !text.trim().is_empty())
            || !self.filters.is_empty()
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
            || !self.filters.is_empty()
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

    pub fn first_day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.from, "%Y-%m-%d").ok()
    }

    pub fn day_after(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.to, "%Y-%m-%d").ok()?.checked_add_days(Days::new(1))
    }
}
