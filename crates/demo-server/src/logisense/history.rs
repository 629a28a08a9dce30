//! The auditor's record of what became of base buckets: one row per field that changed.

use chrono::Utc;
use sqlx::Error;

use super::Call;
use super::bucket_rows::Versioned;
use crate::database::{Connection, query};

const RESOURCE: &str = "usageBucketBases";

/// On whose behalf something is written.
pub(super) struct By<'a> {
    name: &'a str,
    request_id: &'a str,
}

impl<'a> By<'a> {
    pub(super) fn of(call: &'a Call<'_>) -> Self {
        Self { name: &call.principal.display_name, request_id: &call.request_id }
    }
}

/// Notes the step from one state to another; a state that is missing is before the making or after
/// the deletion.
pub(super) async fn add(
    connection: &mut Connection,
    by: &By<'_>,
    before: Option<&Versioned>,
    after: Option<&Versioned>,
) -> Result<(), Error> {
    let Some(known) = after.or(before) else { return Ok(()) };
    let at = Utc::now().timestamp_micros();
    for ((field, old), (_, new)) in fields(before).into_iter().zip(fields(after)) {
        if old == new {
            continue;
        }
        query(
            "INSERT INTO change_history (changed_at, changed_by, request_id, resource_name, record_id, \
             record_key, object_version_number, field_name, value_before, value_after) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(at)
        .bind(by.name)
        .bind(by.request_id)
        .bind(RESOURCE)
        .bind(known.bucket.identity)
        .bind(known.bucket.identity.to_string())
        .bind(known.revision)
        .bind(field)
        .bind(old)
        .bind(new)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn fields(state: Option<&Versioned>) -> [(&'static str, Option<String>); 5] {
    let bucket = state.map(|state| &state.bucket);
    [
        ("name", bucket.map(|bucket| bucket.name.clone())),
        ("start", bucket.and_then(|bucket| bucket.start).map(|at| at.to_rfc3339())),
        ("end", bucket.and_then(|bucket| bucket.end).map(|at| at.to_rfc3339())),
        ("retired", bucket.map(|bucket| bucket.retired.to_string())),
        (
            "usageBucketBaseUnitId",
            bucket.and_then(|bucket| bucket.usage_bucket_base_unit_id).map(|id| id.to_string()),
        ),
    ]
}
