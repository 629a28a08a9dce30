//! Purge and reseed (V3 API, "Purge and seed service usage events"): all events go, and every
//! service instance that stands gets one `CREATED` event with the instance's own guid.
//!
//! One transaction under the writer's lock. The vendor's two separate steps let instances that are
//! made or deleted between them be counted twice or never; here no such moment exists, and a second
//! purge waits for the first. Where a rule asks for a second person, their approval is spent in it. Only a fault switch (`faults::StepGap`) takes the vendor's two steps, for
//! tests of what a client makes of their traces.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::Utc;
use serde_json::json;

use super::refusal::Refusal;
use super::{json_response, usage_event_rows};
use crate::approvals::{self, Matter};
use crate::database::{Database, query};
use crate::faults::StepGap;
use crate::oracle::Stamp;
use crate::policy::Policy;

pub(super) async fn answer(
    database: &Database,
    policy: &Policy,
    stamp: &Stamp,
    gap: Option<StepGap>,
) -> Result<Response, Refusal> {
    // Held until the end, however that comes. Without the choice to refuse, the writers' lock alone
    // makes purges take turns.
    let place = policy.purging.try_lock();
    if policy.refuses_second_purge && place.is_err() {
        return Err(Refusal::purge_at_work());
    }
    let mut transaction = database.begin_write().await?;
    approvals::pass(&mut transaction, stamp, Matter::Platform).await?.map_err(Refusal::of_held)?;
    let deleted = query("DELETE FROM service_usage_events").execute(&mut *transaction).await?;
    if let Some(gap) = gap {
        transaction.commit().await?;
        gap.pass().await;
        transaction = database.begin_write().await?;
    }
    let seeded = usage_event_rows::add_for_all_instances(&mut transaction, Utc::now()).await?;
    transaction.commit().await?;
    tracing::warn!(
        deleted = deleted.rows_affected(),
        seeded,
        "service usage events were purged and reseeded"
    );
    json_response(StatusCode::OK, &json!({}))
}
