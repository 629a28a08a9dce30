//! Lists whose question is too long for one address: asked in portions, and put together.

use super::paging;
use crate::apart::NotLoaded;
use crate::api::failure::{Failure, FailureKind};
use crate::api::{RestClient, System};
use rest_contract::oracle::{BASE_PATH, EVENT, in_portions};
use rest_contract::{
    Collection, NothingCame, Portion, Record, Schema, Value, drop_doubles, merged, with_field,
};
use std::cmp::Ordering;
use std::future::Future;
use std::pin::Pin;

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;
/// Each window reads its portions from their first rows on. So far down a list that would be hundreds of requests.
const FURTHEST: usize = 20_000;

/// A window of a list.
#[derive(Clone)]
pub(super) struct Window {
    pub schema: &'static Schema,
    /// The list's path below the API's base.
    pub list: String,
    /// What else stands in the query, each part with `&` behind it.
    pub shape: String,
    pub q: String,
    pub order_by: String,
    pub offset: usize,
    pub limit: usize,
}

impl Window {
    fn path(&self, q: &str, offset: usize, limit: usize) -> String {
        let paging = paging(q, &self.order_by, offset, limit);
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

/// Few questions are that long: what divides them comes with what reads long lists whole.
#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod in_parts {
    use super::{Reading, Window};
    use crate::apart::apart;
    use crate::api::RestClient;

    apart! {
        whole_list: (client: RestClient, window: Window) -> Reading { Box::pin(client.window_in_portions(window)) }
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Collection, Failure>>>>;

impl RestClient {
    /// A window of a list, whatever the length of its question.
    pub(super) async fn window(self, window: Window) -> Result<Collection, Failure> {
        let path = window.path(&window.q, window.offset, window.limit);
        if System::Oracle.takes(&path) {
            return self.read_collection(window.schema, &path).await;
        }
        // As after a call that brought no answer: it may be asked again.
        let not_loaded = |NotLoaded| Failure::new(System::Oracle, FailureKind::Unreachable);
        in_parts::loading().await.map_err(not_loaded)?;
        in_parts::made(self, window).await.map_err(not_loaded)?.await
    }

    async fn window_in_portions(self, window: Window) -> Result<Collection, Failure> {
        let path = window.path(&window.q, window.offset, window.limit);
        let too_long = || System::Oracle.too_long(&path);
        let last = window.offset + window.limit;
        let order = window.order().ok_or_else(too_long)?;
        if last > FURTHEST || (order == Order::None && window.offset > 0) {
            return Err(too_long());
        }
        let name = id_of(window.schema);
        let shape = with_field(&window.shape, name);
        let order_by = if order == Order::None { format!("{name}:asc") } else { window.order_by.clone() };
        let of_portions = Window { shape, order_by, ..window.clone() };
        let fits = |q: &str| System::Oracle.takes(&of_portions.path(q, last, PAGE));
        let portions = in_portions(&window.q, &fits).ok_or_else(too_long)?;
        let (mut read, mut total, mut links) = (Vec::new(), Some(0), Vec::new());
        for q in portions {
            let (mut portion, mut own_total) = (Portion::unread(), None);
            while portion.is_short_of(last) {
                let offset = portion.items.len();
                let path = of_portions.path(&q, offset, PAGE.min(last - offset));
                let page = self.read_collection(window.schema, &path).await?;
                (own_total, links) = (page.total_results, page.links);
                let page = Portion { items: page.items, has_more: page.has_more };
                portion.take(page).map_err(|NothingCame| leads_nowhere())?;
            }
            total = total.zip(own_total).map(|(total, own)| total + own);
            read.push(portion);
        }
        let (all, doubles) = by_id(name, read, last, order == Order::Ids { is_descending: true })?;
        let total = total.map(|total| total.saturating_sub(doubles as u64));
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

fn id_of(schema: &Schema) -> &'static str {
    if schema.resource == EVENT.resource { "EventId" } else { "UsageBatchId" }
}

/// All portions by their ids, each record once, and how many came more than once.
fn by_id(
    name: &str,
    portions: Vec<Portion<Record>>,
    limit: usize,
    is_descending: bool,
) -> Result<(Portion<Record>, usize), Failure> {
    let with_ids = |portion: Portion<Record>| {
        let items = portion.items.into_iter().map(|record| match record.get(name) {
            Some(Value::Integer(id)) => Ok((*id, record)),
            _ => Err(no_order(name)),
        });
        Ok(Portion { items: items.collect::<Result<Vec<_>, _>>()?, has_more: portion.has_more })
    };
    let mut portions = portions.into_iter().map(with_ids).collect::<Result<Vec<_>, Failure>>()?;
    let doubles = drop_doubles(&mut portions, |(id, _)| Some(*id));
    let is_in_order = |one: &(i64, Record), next: &(i64, Record)| {
        compare(one.0, next.0, is_descending) != Ordering::Greater
    };
    if !portions.iter().all(|portion| portion.items.is_sorted_by(is_in_order)) {
        return Err(no_order(name));
    }
    let all = merged(portions, limit, |one, other| compare(one.0, other.0, is_descending));
    let records = all.items.into_iter().map(|(_, record)| record).collect();
    Ok((Portion { items: records, has_more: all.has_more }, doubles))
}

fn compare(one: i64, other: i64, is_descending: bool) -> Ordering {
    if is_descending { other.cmp(&one) } else { one.cmp(&other) }
}

fn no_order(name: &str) -> Failure {
    let words = format!("The portions of a long question did not come in the order of {name}.");
    Failure::new(System::Oracle, FailureKind::Unreadable(words))
}

fn leads_nowhere() -> Failure {
    let words = "A portion of a long question says that more rows follow, and gives none.".to_owned();
    Failure::new(System::Oracle, FailureKind::Unreadable(words))
}
