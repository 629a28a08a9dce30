//! GET of the list of events (V3 API, "List service usage events"). Page and total are read from
//! one snapshot.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::authentication::Caller;
use super::json_response;
use super::list_parameters::{ListParameters, Order};
use super::pagination::Pagination;
use super::refusal::Refusal;
use super::usage_event::UsageEvent;
use crate::database::{Connection, Database, Parameter, Statement, query_scalar};

#[derive(Debug, Serialize)]
struct EventPage {
    pagination: Pagination,
    resources: Vec<UsageEvent>,
}

/// Whoever is not a global reader gets an empty list, and is told of ill-formed parameters only:
/// whether an `after_guid` exists is not their business.
pub(super) async fn answer(
    database: &Database,
    caller: &Caller,
    origin: &str,
    query: Option<&str>,
) -> Result<Response, Refusal> {
    let parameters = ListParameters::of(query)?;
    let address = format!("{origin}/v3/service_usage_events");
    if !caller.reads_everything() {
        let pagination = Pagination::of(&address, &parameters, 0);
        return json_response(StatusCode::OK, &EventPage { pagination, resources: Vec::new() });
    }
    let mut snapshot = database.readers.begin().await?;
    let condition = condition(&mut snapshot, &parameters).await?;
    let mut count = Statement::new("SELECT COUNT(*) FROM service_usage_events WHERE ");
    let total = count.append(&condition).integer(&mut snapshot).await?;
    let mut page = Statement::new("SELECT * FROM service_usage_events WHERE ");
    page.append(&condition).push(match parameters.order {
        Order::Arrival => " ORDER BY service_usage_event_id",
        Order::Ascending => " ORDER BY created_at, service_usage_event_guid",
        Order::Descending => " ORDER BY created_at DESC, service_usage_event_guid DESC",
    });
    let offset = (parameters.page - 1).saturating_mul(parameters.per_page);
    page.push(" LIMIT ").bind(Parameter::Integer(parameters.per_page));
    page.push(" OFFSET ").bind(Parameter::Integer(offset));
    let rows = page.rows(&mut snapshot).await?;
    drop(snapshot);
    let resources = rows.iter().map(|row| UsageEvent::of(row, origin)).collect::<Result<_, _>>()?;
    let pagination = Pagination::of(&address, &parameters, total);
    json_response(StatusCode::OK, &EventPage { pagination, resources })
}

async fn condition(connection: &mut Connection, parameters: &ListParameters) -> Result<Statement, Refusal> {
    let mut condition = Statement::new("TRUE");
    if let Some(guid) = &parameters.after_guid {
        let id = event_id(connection, guid).await?.ok_or_else(|| {
            Refusal::unprocessable("after_guid names no event: it is unknown, or was purged or pruned")
        })?;
        condition.push(" AND service_usage_event_id > ").bind(Parameter::Integer(id));
    }
    for (column, values) in [
        ("service_usage_event_guid", &parameters.guids),
        ("service_instance_type", &parameters.service_instance_types),
        ("service_offering_guid", &parameters.service_offering_guids),
    ] {
        match values.as_deref() {
            None => {}
            Some([]) => {
                condition.push(" AND FALSE");
            }
            Some(values) => {
                condition.push(" AND ").push(column).push(" IN (");
                condition.join(values, ", ", |condition, value| {
                    condition.bind(Parameter::text(value));
                });
                condition.push(")");
            }
        }
    }
    for filter in &parameters.creation {
        condition.push(" AND ");
        filter.push_to(&mut condition);
    }
    Ok(condition)
}

async fn event_id(connection: &mut Connection, guid: &str) -> Result<Option<i64>, sqlx::Error> {
    query_scalar(
        "SELECT service_usage_event_id FROM service_usage_events WHERE service_usage_event_guid = $1",
    )
    .bind(guid)
    .fetch_optional(connection)
    .await
}
