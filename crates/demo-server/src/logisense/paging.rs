//! Which page of a list is wanted (vendor's page "Response Data"): a request header `Pagination` with
//! a JSON text, or `pageNumber`, `pageSize` and `excludeTotalCount` in the query, which are this
//! service's own and win.

use rest_contract::logisense::{
    Fault, LARGEST_PAGE, PAGINATION_HEADER, PagedItems, PagedResults, Pagination,
};

use super::body::object;
use super::{Call, Refusal, code};
use crate::database::{Connection, Parameter, Row, Statement};
use crate::form;

/// A list whose items are rows of the database.
pub(super) struct Listed {
    pub select: &'static str,
    pub count: &'static str,
    /// `WHERE ...`, or nothing.
    pub condition: Statement,
    pub order: String,
}

pub(super) fn pagination(call: &Call<'_>) -> Result<Pagination, Refusal> {
    let header = call.headers.get(PAGINATION_HEADER).map(|value| value.to_str().unwrap_or_default());
    let mut pagination = match header {
        None => Pagination::default(),
        Some(text) => object(text).map_err(|_| {
            let message = "The Pagination header must be JSON such as \
                           {\"pageNumber\":1,\"pageSize\":20,\"excludeTotalCount\":false}.";
            Refusal::fault(code::MALFORMED, message)
        })?,
    };
    let mut faults = Vec::new();
    for pair in call.query.as_deref().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = form::decoded(value).unwrap_or_default();
        let mut number = |place: &mut i64| match value.parse() {
            Ok(number) => *place = number,
            Err(_) => faults.push(fault(name, "must be a whole number")),
        };
        match name {
            "pageNumber" => number(&mut pagination.page_number),
            "pageSize" => number(&mut pagination.page_size),
            "excludeTotalCount" => match value.parse() {
                Ok(flag) => pagination.exclude_total_count = flag,
                Err(_) => faults.push(fault(name, "must be true or false")),
            },
            _ => {}
        }
    }
    faults.extend(range_faults(pagination));
    if faults.is_empty() { Ok(pagination) } else { Err(Refusal::faults(faults)) }
}

pub(super) fn range_faults(pagination: Pagination) -> Vec<Fault> {
    let mut faults = Vec::new();
    if pagination.page_number < 1 {
        faults.push(fault("pageNumber", "must be 1 or more"));
    }
    if !(1..=LARGEST_PAGE).contains(&pagination.page_size) {
        faults.push(fault("pageSize", &format!("must be from 1 to {LARGEST_PAGE}")));
    }
    faults
}

fn fault(name: &str, problem: &str) -> Fault {
    Fault { code: code::OUT_OF_RANGE, message: format!("{name} {problem}.") }
}

impl Listed {
    /// Every row, or as many as `most`.
    pub(super) async fn rows(
        &self,
        connection: &mut Connection,
        limit: Option<(i64, i64)>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut sql = Statement::new(self.select);
        sql.append(&self.condition).push(" ORDER BY ").push(&self.order);
        if let Some((limit, offset)) = limit {
            sql.push(" LIMIT ").bind(Parameter::Integer(limit));
            sql.push(" OFFSET ").bind(Parameter::Integer(offset));
        }
        sql.rows(connection).await
    }

    pub(super) async fn total(&self, connection: &mut Connection) -> Result<i64, sqlx::Error> {
        Statement::new(self.count).append(&self.condition).integer(connection).await
    }

    /// A page and, unless that is excluded, the total.
    pub(super) async fn page(
        &self,
        connection: &mut Connection,
        pagination: Pagination,
    ) -> Result<(Vec<Row>, Option<i64>), sqlx::Error> {
        let offset = (pagination.page_number - 1).saturating_mul(pagination.page_size);
        let rows = self.rows(connection, Some((pagination.page_size, offset))).await?;
        let total = if pagination.exclude_total_count { None } else { Some(self.total(connection).await?) };
        Ok((rows, total))
    }
}

pub(super) fn paged<T>(
    tracking_id: String,
    pagination: Pagination,
    items: Vec<T>,
    total_count: Option<i64>,
) -> PagedItems<T> {
    PagedItems { tracking_id, pagination, paged_results: PagedResults { total_count, items } }
}
