//! The query of the event list (V3 API, "List service usage events", "Query parameters"): what is
//! allowed, what it means, and how it stands in the addresses of other pages.

use percent_encoding::percent_decode_str;

use super::creation_filter::{CreationFilter, instant};
use super::refusal::Refusal;
use crate::form;

const ALLOWED: [&str; 8] = [
    "page",
    "per_page",
    "order_by",
    "created_ats",
    "guids",
    "after_guid",
    "service_instance_types",
    "service_offering_guids",
];

pub(super) const HIGHEST_PER_PAGE: i64 = 5000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By id: as the events came.
    Arrival,
    Ascending,
    Descending,
}

/// A query that can be followed.
#[derive(Debug)]
pub(super) struct ListParameters {
    pub(super) page: i64,
    pub(super) per_page: i64,
    pub(super) order: Order,
    pub(super) after_guid: Option<String>,
    pub(super) guids: Option<Vec<String>>,
    pub(super) service_instance_types: Option<Vec<String>>,
    pub(super) service_offering_guids: Option<Vec<String>>,
    pub(super) creation: Vec<CreationFilter>,
    /// The filters as they were sent, decoded once, for the addresses of other pages.
    pub(super) filters: Vec<(String, String)>,
}

impl ListParameters {
    /// Everything that is wrong is told at once, in one error.
    pub(super) fn of(query: Option<&str>) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let mut parameters = Self {
            page: 1,
            per_page: 50,
            order: Order::Arrival,
            after_guid: None,
            guids: None,
            service_instance_types: None,
            service_offering_guids: None,
            creation: Vec::new(),
            filters: Vec::new(),
        };
        for (name, value) in members(query)? {
            if let Err(fault) = parameters.take(&name, &value) {
                faults.push(fault);
            }
            if !matches!(name.as_str(), "page" | "per_page" | "order_by") {
                parameters.filters.push((name, value));
            }
        }
        let has_form = |one: fn(&CreationFilter) -> bool| parameters.creation.iter().any(one);
        let is_list = |filter: &CreationFilter| matches!(filter, CreationFilter::Within(_));
        if has_form(is_list) && has_form(|filter| !matches!(filter, CreationFilter::Within(_))) {
            faults.push("created_ats is given either as a list or with operators, not both".to_owned());
        }
        if faults.is_empty() { Ok(parameters) } else { Err(Refusal::unprocessable(faults.join(", "))) }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "page" => self.page = at_least_one(name, value)?,
            "per_page" => {
                self.per_page = at_least_one(name, value)?;
                if self.per_page > HIGHEST_PER_PAGE {
                    return Err(format!("per_page must be {HIGHEST_PER_PAGE} or less"));
                }
            }
            "order_by" => {
                self.order = match value {
                    "created_at" | "+created_at" => Order::Ascending,
                    "-created_at" => Order::Descending,
                    _ => return Err("order_by can be created_at only, with - or + before it".to_owned()),
                }
            }
            "after_guid" => match list(value).as_slice() {
                [guid] => self.after_guid = Some(guid.clone()),
                _ => return Err("after_guid takes exactly one guid".to_owned()),
            },
            "guids" => self.guids = Some(list(value)),
            "service_instance_types" => self.service_instance_types = Some(list(value)),
            "service_offering_guids" => self.service_offering_guids = Some(list(value)),
            "created_ats" => {
                let filter = CreationFilter::list(&list(value)).ok_or_else(|| not_an_instant(name))?;
                self.creation.push(filter);
            }
            _ => self.creation.push(related(name, value)?),
        }
        Ok(())
    }
}

/// `created_ats[operator]`, the one name that has a part of its own.
fn related(name: &str, value: &str) -> Result<CreationFilter, String> {
    let operator = name.strip_prefix("created_ats[").and_then(|rest| rest.strip_suffix(']'));
    let Some(operator) = operator else {
        return Err(format!("the query parameter \"{name}\" is unknown; allowed are {}", ALLOWED.join(", ")));
    };
    let values = list(value);
    let [value] = values.as_slice() else {
        return Err(format!("{name} takes exactly one timestamp"));
    };
    let at = instant(value).ok_or_else(|| not_an_instant(name))?;
    CreationFilter::relation(operator, at)
        .ok_or_else(|| format!("created_ats has no operator \"{operator}\"; it has lt, lte, gt and gte"))
}

fn not_an_instant(name: &str) -> String {
    format!("{name} takes timestamps of the form YYYY-MM-DDThh:mm:ssZ")
}

/// The members of a query, decoded once; of a name that comes twice, the last.
fn members(query: Option<&str>) -> Result<Vec<(String, String)>, Refusal> {
    let mut members = Vec::<(String, String)>::new();
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = |text| form::decoded(text).map_err(Refusal::unprocessable);
        let (name, value) = (decoded(name)?, decoded(value)?);
        members.retain(|(one, _)| *one != name);
        members.push((name, value));
    }
    Ok(members)
}

/// Text that is no number counts as zero, which is too low.
fn at_least_one(name: &str, value: &str) -> Result<i64, String> {
    match value.trim().parse::<i64>().unwrap_or_default() {
        number if number >= 1 => Ok(number),
        _ => Err(format!("{name} must be a whole number, 1 or more")),
    }
}

/// Comma-separated values. A comma within a value is encoded once more, so each value is decoded
/// once more.
fn list(value: &str) -> Vec<String> {
    if value.is_empty() {
        return Vec::new();
    }
    let decoded = |item: &str| percent_decode_str(item.trim()).decode_utf8_lossy().into_owned();
    value.split(',').map(decoded).collect()
}
