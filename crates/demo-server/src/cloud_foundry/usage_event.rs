//! A service usage event: its shape on the wire and GET of one (V3 API, "The service usage event
//! object", "Get a service usage event").

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use sqlx::Error;

use super::authentication::Caller;
use super::json_response;
use super::refusal::Refusal;
use crate::database::{Database, Row, query};

/// Members always stand, null where nothing is known. `updated_at` equals `created_at`: an event
/// never changes.
#[derive(Debug, Serialize)]
pub(super) struct UsageEvent {
    guid: String,
    created_at: String,
    updated_at: String,
    state: String,
    space: Named,
    organization: Identified,
    service_instance: Instance,
    service_plan: Named,
    service_offering: Named,
    service_broker: Named,
    links: Links,
}

#[derive(Debug, Serialize)]
struct Named {
    guid: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Serialize)]
struct Identified {
    guid: String,
}

#[derive(Debug, Serialize)]
struct Instance {
    guid: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Links {
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
}

impl UsageEvent {
    pub(super) fn of(row: &Row, origin: &str) -> Result<Self, Error> {
        let named = |guid: &str, name: &str| -> Result<Named, Error> {
            Ok(Named { guid: row.try_get(guid)?, name: row.try_get(name)? })
        };
        let guid: String = row.try_get("service_usage_event_guid")?;
        let created_at = timestamp(row.try_get("created_at")?);
        Ok(Self {
            created_at: created_at.clone(),
            updated_at: created_at,
            state: row.try_get("state")?,
            space: named("space_guid", "space_name")?,
            organization: Identified { guid: row.try_get("organization_guid")? },
            service_instance: Instance {
                guid: row.try_get("service_instance_guid")?,
                name: row.try_get("service_instance_name")?,
                kind: row.try_get("service_instance_type")?,
            },
            service_plan: named("service_plan_guid", "service_plan_name")?,
            service_offering: named("service_offering_guid", "service_offering_name")?,
            service_broker: named("service_broker_guid", "service_broker_name")?,
            links: Links { own: Link { href: format!("{origin}/v3/service_usage_events/{guid}") } },
            guid,
        })
    }
}

/// Microseconds since 1970 as Cloud Foundry writes an instant: in UTC, to the second.
pub(super) fn timestamp(micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) async fn answer(
    database: &Database,
    caller: &Caller,
    origin: &str,
    guid: &str,
) -> Result<Response, Refusal> {
    let sql = "SELECT * FROM service_usage_events WHERE service_usage_event_guid = $1";
    let row = match caller.reads_everything() {
        true => query(sql).bind(guid).fetch_optional(&database.readers).await?,
        false => None,
    };
    let row = row.ok_or_else(|| Refusal::not_found("service usage event"))?;
    json_response(StatusCode::OK, &UsageEvent::of(&row, origin)?)
}
