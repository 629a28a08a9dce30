//! The `pagination` object of a list (V3 API, "Pagination"): totals, and the addresses of other
//! pages, which repeat the filters.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::list_parameters::{ListParameters, Order};
use super::usage_event::Link;

#[derive(Debug, Serialize)]
pub(super) struct Pagination {
    total_results: i64,
    total_pages: i64,
    first: Link,
    last: Link,
    next: Option<Link>,
    previous: Option<Link>,
}

impl Pagination {
    /// For the list at `address`. An empty list has one page.
    pub(super) fn of(address: &str, parameters: &ListParameters, total_results: i64) -> Self {
        let full_pages = total_results / parameters.per_page;
        let rest = total_results % parameters.per_page;
        let total_pages = (full_pages + i64::from(rest > 0)).max(1);
        let page = parameters.page;
        let link = |page| Link { href: format!("{address}?{}", query_of(parameters, page)) };
        Self {
            total_results,
            total_pages,
            first: link(1),
            last: link(total_pages),
            next: (page < total_pages).then(|| link(page + 1)),
            previous: (page > 1).then(|| link(page - 1)),
        }
    }
}

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The query of another page, its members in the order of their names.
fn query_of(parameters: &ListParameters, page: i64) -> String {
    let mut members = parameters.filters.clone();
    members.push(("page".to_owned(), page.to_string()));
    members.push(("per_page".to_owned(), parameters.per_page.to_string()));
    let order = match parameters.order {
        Order::Arrival => None,
        Order::Ascending => Some("+created_at"),
        Order::Descending => Some("-created_at"),
    };
    members.extend(order.map(|order| ("order_by".to_owned(), order.to_owned())));
    members.sort();
    let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let pairs = members.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
