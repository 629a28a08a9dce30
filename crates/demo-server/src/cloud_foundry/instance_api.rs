//! `/demo/service_instances`, this service's own API for administrators: adds, changes, shows and
//! removes the service instances whose usage the events tell. A change and its event are written in
//! one transaction.
//!
//! - `GET /demo/service_instances` answers `{"resources": [...]}`, all of them in the order of their
//!   making; `GET .../{guid}` answers one.
//! - `POST` takes `{"name", "space_guid", "service_plan_guid"}` and answers 201. Without a plan, or
//!   with null, the instance is a user-provided one.
//! - `PATCH .../{guid}` takes `name`, `service_plan_guid` or both and answers 200. Only what differs
//!   makes an event.
//! - `DELETE .../{guid}` answers 204.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use chrono::Utc;
use serde_json::json;

use super::instance_request::{Change, Creation};
use super::json_response;
use super::refusal::Refusal;
use super::service_instance::{self, ServiceInstance};
use super::usage_event_rows::{self, State};
use crate::database::{Database, Transaction, query, query_scalar};
use crate::guid;

/// Answers for the collection, or for the instance with this guid.
pub(super) async fn answer(
    database: &Database,
    method: &Method,
    instance: Option<&str>,
    body: &[u8],
) -> Result<Response, Refusal> {
    match (instance, method.as_str()) {
        (None, "POST") => create(database, &Creation::of(body)?).await,
        (None, _) => {
            let all = service_instance::all(&mut *database.readers.begin().await?).await?;
            json_response(StatusCode::OK, &json!({ "resources": all }))
        }
        (Some(guid), "PATCH") => change(database, guid, &Change::of(body)?).await,
        (Some(guid), "DELETE") => delete(database, guid).await,
        (Some(guid), _) => {
            let found = service_instance::find(&mut *database.readers.begin().await?, guid).await?;
            json_response(StatusCode::OK, &found.ok_or_else(missing)?)
        }
    }
}

async fn create(database: &Database, creation: &Creation) -> Result<Response, Refusal> {
    let (guid, event_guid, now) = (guid::random()?, guid::random()?, Utc::now());
    let mut transaction = database.begin_write().await?;
    let space = "SELECT COUNT(*) FROM spaces WHERE space_guid = $1";
    requires(&mut transaction, "space_guid", space, &creation.space_guid).await?;
    requires_plan(&mut transaction, creation.service_plan_guid.as_deref()).await?;
    query(
        "INSERT INTO service_instances (service_instance_guid, service_instance_name, space_guid, \
         service_plan_guid, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)",
    )
    .bind(&guid)
    .bind(&creation.name)
    .bind(&creation.space_guid)
    .bind(&creation.service_plan_guid)
    .bind(now.timestamp_micros())
    .execute(&mut *transaction)
    .await?;
    usage_event_rows::add(&mut transaction, event_guid, State::Created, &guid, now).await?;
    let made = instance(&mut transaction, &guid).await?;
    transaction.commit().await?;
    json_response(StatusCode::CREATED, &made)
}

async fn change(database: &Database, guid: &str, change: &Change) -> Result<Response, Refusal> {
    let (event_guid, now) = (guid::random()?, Utc::now());
    let mut transaction = database.begin_write().await?;
    let before = instance(&mut transaction, guid).await?;
    let name = change.name.as_deref().unwrap_or(&before.name);
    let plan = change.service_plan_guid.as_deref().or(before.service_plan_guid.as_deref());
    if before.service_plan_guid.is_none() && plan.is_some() {
        return Err(Refusal::unprocessable("a user-provided service instance has no service_plan_guid"));
    }
    if name == before.name && plan == before.service_plan_guid.as_deref() {
        return json_response(StatusCode::OK, &before);
    }
    requires_plan(&mut transaction, plan).await?;
    query(
        "UPDATE service_instances SET service_instance_name = $1, service_plan_guid = $2, \
         updated_at = $3 WHERE service_instance_guid = $4",
    )
    .bind(name)
    .bind(plan)
    .bind(now.timestamp_micros())
    .bind(guid)
    .execute(&mut *transaction)
    .await?;
    usage_event_rows::add(&mut transaction, event_guid, State::Updated, guid, now).await?;
    let after = instance(&mut transaction, guid).await?;
    transaction.commit().await?;
    json_response(StatusCode::OK, &after)
}

async fn delete(database: &Database, guid: &str) -> Result<Response, Refusal> {
    let event_guid = guid::random()?;
    let mut transaction = database.begin_write().await?;
    instance(&mut transaction, guid).await?;
    usage_event_rows::add(&mut transaction, event_guid, State::Deleted, guid, Utc::now()).await?;
    query("DELETE FROM service_instances WHERE service_instance_guid = $1")
        .bind(guid)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn instance(transaction: &mut Transaction, guid: &str) -> Result<ServiceInstance, Refusal> {
    service_instance::find(transaction, guid).await?.ok_or_else(missing)
}

fn missing() -> Refusal {
    Refusal::not_found("service instance")
}

async fn requires_plan(transaction: &mut Transaction, guid: Option<&str>) -> Result<(), Refusal> {
    let sql = "SELECT COUNT(*) FROM service_plans WHERE service_plan_guid = $1";
    match guid {
        Some(guid) => requires(transaction, "service_plan_guid", sql, guid).await,
        None => Ok(()),
    }
}

async fn requires(
    transaction: &mut Transaction,
    member: &str,
    count: &str,
    guid: &str,
) -> Result<(), Refusal> {
    let found: i64 = query_scalar(count).bind(guid).fetch_one(&mut **transaction).await?;
    if found == 0 {
        return Err(Refusal::unprocessable(format!("{member} names nothing that exists here")));
    }
    Ok(())
}
