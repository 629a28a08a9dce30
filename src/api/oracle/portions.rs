//! Lists whose question is too long for one address: asked in portions, and put together.

use super::paging;
use crate::api::failure::{Failure, FailureKind};
use crate::api::{RestClient, System};
use rest_contract::oracle::{BASE_PATH, EVENT, in_portions};
use rest_contract::{Collection, Portion, Record, Schema, Value, merged};
use std::cmp::Ordering;

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;

/// A window of a list.
pub(super) struct Window<'a> {
    pub schema: &'static Schema,
    /// The list's path below the API's base.
    pub list: &'a str,
    /// What else stands in the query, each part with `&` behind it.
    pub shape: &'a str,
    pub q: &'a str,
    pub order_by: &'a str,
    pub offset: usize,
    pub limit: usize,
}

impl Window<'_> {
    fn path(&self, q: &str, offset: usize, limit: usize) -> String {
        let paging = paging(q, self.order_by, offset, limit);
        format!("{BASE_PATH}/{}?{}{paging}", self.list, self.shape)
    }

    /// How items of two portions stand to each other: by their ids, or in no order at all. Nothing where only the
    /// server can tell, as it has rules of its own for the order of texts and blanks.
    fn order(&self) -> Option<Order> {
        let first = self.order_by.split(',').next().unwrap_or_default();
        let (name, way) = first.split_once(':').unwrap_or((first, "asc"));
        match (name, way) {
            ("", _) => Some(Order::None),
            ("EventId" | "UsageBatchId", "asc") => Some(Order::Ids { is_descending: false }),
            ("EventId" | "UsageBatchId", "desc") => Some(Order::Ids { is_descending: true }),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    None,
    Ids { is_descending: bool },
}

impl RestClient {
    /// A window of a list, whatever the length of its question.
    pub(super) async fn window(&self, window: &Window<'_>) -> Result<Collection, Failure> {
        let path = window.path(window.q, window.offset, window.limit);
        if System::Oracle.takes(&path) {
            return self.read_collection(window.schema, &path).await;
        }
        let too_long = || System::Oracle.too_long(&path);
        let last = window.offset + window.limit;
        let order = window.order().ok_or_else(too_long)?;
        if last > PAGE || (order == Order::None && window.offset > 0) {
            return Err(too_long());
        }
        let fits = |q: &str| System::Oracle.takes(&window.path(q, 0, last));
        let portions = in_portions(window.q, &fits).ok_or_else(too_long)?;
        let (mut pages, mut total, mut links) = (Vec::new(), Some(0), Vec::new());
        for q in portions {
            let page = self.read_collection(window.schema, &window.path(&q, 0, last)).await?;
            total = total.zip(page.total_results).map(|(total, own)| total + own);
            links = page.links;
            pages.push(Portion { items: page.items, has_more: page.has_more });
        }
        let all = match order {
            Order::None => in_a_row(pages, last),
            Order::Ids { is_descending } => by_id(window.schema, pages, last, is_descending)?,
        };
        let items: Vec<Record> = all.items.into_iter().skip(window.offset).collect();
        Ok(Collection {
            count: items.len() as u64,
            items,
            total_results: total,
            has_more: all.has_more,
            limit: window.limit as u64,
            offset: window.offset as u64,
            links,
        })
    }
}

fn in_a_row(pages: Vec<Portion<Record>>, limit: usize) -> Portion<Record> {
    let came: usize = pages.iter().map(|page| page.items.len()).sum();
    let has_more = came > limit || pages.iter().any(|page| page.has_more);
    Portion { items: pages.into_iter().flat_map(|page| page.items).take(limit).collect(), has_more }
}

fn by_id(
    schema: &Schema,
    pages: Vec<Portion<Record>>,
    limit: usize,
    is_descending: bool,
) -> Result<Portion<Record>, Failure> {
    let name = if schema.resource == EVENT.resource { "EventId" } else { "UsageBatchId" };
    let with_ids = |page: Portion<Record>| {
        let items = page.items.into_iter().map(|record| match record.get(name) {
            Some(Value::Integer(id)) => Ok((*id, record)),
            _ => Err(no_order(name)),
        });
        Ok(Portion { items: items.collect::<Result<Vec<_>, _>>()?, has_more: page.has_more })
    };
    let pages = pages.into_iter().map(with_ids).collect::<Result<Vec<_>, Failure>>()?;
    let is_in_order = |one: &(i64, Record), next: &(i64, Record)| {
        compare(one.0, next.0, is_descending) != Ordering::Greater
    };
    if !pages.iter().all(|page| page.items.is_sorted_by(is_in_order)) {
        return Err(no_order(name));
    }
    let all = merged(pages, limit, |one, other| compare(one.0, other.0, is_descending));
    Ok(Portion { items: all.items.into_iter().map(|(_, record)| record).collect(), has_more: all.has_more })
}

fn compare(one: i64, other: i64, is_descending: bool) -> Ordering {
    if is_descending { other.cmp(&one) } else { one.cmp(&other) }
}

fn no_order(name: &str) -> Failure {
    let words = format!("The portions of a long question did not come in the order of {name}.");
    Failure::new(System::Oracle, FailureKind::Unreadable(words))
}
