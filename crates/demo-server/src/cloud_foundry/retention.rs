//! `POST /demo/service_usage_events/actions/prune`, this service's own: does at once what Cloud
//! Foundry does every night (`cc.service_usage_events.cutoff_age_in_days`), so that a demo can show
//! what it takes from a client that reads too seldom. Nothing is pruned unless this is asked for.
//!
//! Answers `{"deleted": count}`.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::json_response;
use super::refusal::Refusal;
use crate::database::{Database, query};

/// The vendor's default.
const KEPT: TimeDelta = TimeDelta::days(31);

/// Removes events older than 31 days. The newest event stays however old it is, so that the cursor
/// of a client on an idle platform still names an event.
pub(super) async fn answer(database: &Database) -> Result<Response, Refusal> {
    let mut transaction = database.begin_write().await?;
    let deleted = query(
        "DELETE FROM service_usage_events WHERE created_at < $1 AND service_usage_event_id < \
         (SELECT MAX(service_usage_event_id) FROM service_usage_events)",
    )
    .bind((Utc::now() - KEPT).timestamp_micros())
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    transaction.commit().await?;
    json_response(StatusCode::OK, &json!({ "deleted": deleted }))
}
