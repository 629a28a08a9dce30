//! `POST Usage/Bucket/Base/Search`, after the vendor's page "Search Requests": conditions joined by
//! "and", an order, and either the first `top` or a page. The vendor does not list it for base
//! buckets; a client that must work there does without.
//!
//! Answers a list, or a page where `pagination` is asked for.

use axum::http::StatusCode;
use axum::response::Response;
use rest_contract::logisense::{BASE_BUCKET, Fault, ItemList, Pagination, read_instant};
use rest_contract::{Field, Kind, digits_of_second, read_integer};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::body::{Members, object};
use super::paging::{paged, range_faults};
use super::{Call, Refusal, bucket_rows, code, json_response};
use crate::database::{Parameter, Statement};

const DEFAULT_TOP: i64 = 100;
const HIGHEST_TOP: i64 = 10_000;
/// More conditions or orders than this are no question that a person asks.
const MOST_TERMS: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Query {
    top: Option<i64>,
    condition: Option<String>,
    search: Vec<Term>,
    order_by: Vec<OrderBy>,
    pagination: Option<Pagination>,
}

#[derive(Debug, Deserialize)]
struct Term {
    name: String,
    operator: String,
    value: Box<RawValue>,
}

#[derive(Debug, Deserialize)]
struct OrderBy {
    name: String,
    direction: Option<String>,
}

pub(super) async fn answer(call: &Call<'_>, members: &Members) -> Result<Response, Refusal> {
    let text = members.get("query").map_or("{}", |token| token.get());
    let query: Query = object(text)
        .map_err(|reason| Refusal::fault(code::MALFORMED, format!("query cannot be read: {reason}.")))?;
    let (condition, order) = sql_of(&query)?;
    let listed = bucket_rows::listed(condition, order);
    let mut snapshot = call.service.database.readers.begin().await?;
    if let Some(pagination) = query.pagination {
        let (rows, total) = listed.page(&mut snapshot, pagination).await?;
        let items = rows.iter().map(bucket_rows::read).collect::<Result<Vec<_>, _>>()?;
        return json_response(StatusCode::OK, &paged(call.tracking_id(), pagination, items, total));
    }
    let rows = listed.rows(&mut snapshot, Some((query.top.unwrap_or(DEFAULT_TOP), 0))).await?;
    let items = rows.iter().map(bucket_rows::read).collect::<Result<Vec<_>, _>>()?;
    let total_count = Some(listed.total(&mut snapshot).await?);
    json_response(StatusCode::OK, &ItemList { tracking_id: call.tracking_id(), total_count, items })
}

fn sql_of(query: &Query) -> Result<(Statement, String), Refusal> {
    let mut faults = query.pagination.map(range_faults).unwrap_or_default();
    let mut note = |code: i64, message: String| faults.push(Fault { code, message });
    if query.top.is_some_and(|top| !(1..=HIGHEST_TOP).contains(&top)) {
        note(code::OUT_OF_RANGE, format!("top must be from 1 to {HIGHEST_TOP}."));
    }
    if query.condition.as_deref().is_some_and(|word| word != "and") {
        note(code::NOT_SUPPORTED, "condition must be \"and\".".to_owned());
    }
    if query.search.len() > MOST_TERMS || query.order_by.len() > MOST_TERMS {
        return Err(Refusal::fault(code::OUT_OF_RANGE, format!("At most {MOST_TERMS} terms are read.")));
    }
    let mut condition = Statement::new(" WHERE TRUE");
    for term in &query.search {
        match term.push_to(&mut condition) {
            Ok(()) => {}
            Err((code, message)) => note(code, message),
        }
    }
    let mut order = Vec::new();
    for OrderBy { name, direction } in &query.order_by {
        let direction = match direction.as_deref() {
            None | Some("asc") => "",
            Some("desc") => " DESC",
            Some(_) => {
                note(code::NOT_SUPPORTED, format!("the direction of {name:?} must be asc or desc."));
                continue;
            }
        };
        match bucket_rows::column(name) {
            Some(column) => order.push(format!("{column} IS NULL{direction}, {column}{direction}")),
            None => note(code::NO_SUCH_REFERENCE, format!("{name:?} is no field.")),
        }
    }
    order.push("b.base_bucket_id".to_owned());
    if faults.is_empty() { Ok((condition, order.join(", "))) } else { Err(Refusal::faults(faults)) }
}

impl Term {
    fn push_to(&self, condition: &mut Statement) -> Result<(), (i64, String)> {
        let name = &self.name;
        let unknown = || (code::NO_SUCH_REFERENCE, format!("{name:?} is no field."));
        let field = BASE_BUCKET.field(name).ok_or_else(unknown)?;
        let column = bucket_rows::column(name).ok_or_else(unknown)?;
        let wrong = || (code::WRONG_KIND, format!("the value of {name} is not of its kind."));
        let operator = match self.operator.as_str() {
            "eq" => " = ",
            "notEq" => " <> ",
            "lt" => " < ",
            "ltEq" => " <= ",
            "gt" => " > ",
            "gtEq" => " >= ",
            "contains" if field.kind == Kind::Text => {
                let text: String = serde_json::from_str(self.value.get()).map_err(|_| wrong())?;
                let pattern = format!("%{}%", escaped(&plain(text).ok_or_else(wrong)?));
                condition.push(" AND ").push(column).push(" LIKE ").bind(Parameter::Text(pattern));
                condition.push(" ESCAPE '\\'");
                return Ok(());
            }
            other => return Err((code::NOT_SUPPORTED, format!("{other:?} is no operator for {name}."))),
        };
        let value = value_of(field, self.value.get()).ok_or_else(wrong)?;
        condition.push(" AND ").push(column).push(operator).bind(value);
        Ok(())
    }
}

fn value_of(field: &Field, token: &str) -> Option<Parameter> {
    match field.kind {
        Kind::Int32 | Kind::Int64 => read_integer(token).ok().map(Parameter::Integer),
        Kind::Boolean => serde_json::from_str(token).ok().map(Parameter::Boolean),
        Kind::DateTime => {
            let text: String = serde_json::from_str(token).ok()?;
            read_instant(&text).filter(|_| digits_of_second(&text) <= 6).map(Parameter::instant)
        }
        Kind::Text | Kind::Decimal | Kind::Date => {
            plain(serde_json::from_str(token).ok()?).map(Parameter::Text)
        }
    }
}

/// No name holds control characters, and PostgreSQL takes no zero character at all.
fn plain(text: String) -> Option<String> {
    (!text.chars().any(char::is_control)).then_some(text)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
