//! What a base bucket must be, and what may become of it. The vendor states none of this; the rules
//! are this service's own.

use chrono::{DateTime, Utc};
use rest_contract::logisense::{BASE_BUCKET, BaseBucket, BaseBucketChange, Fault};
use sqlx::Error;

use super::bucket_rows::{OWNER, name_key};
use super::code;
use crate::database::{Connection, query, query_scalar};

/// The bucket that a change makes of `before`, or a new one. Faults are noted with `prefix` before
/// them; with any, the result is not to be written.
pub(super) async fn apply(
    connection: &mut Connection,
    before: Option<&BaseBucket>,
    change: &BaseBucketChange,
    now: DateTime<Utc>,
    prefix: &str,
    faults: &mut Vec<Fault>,
) -> Result<BaseBucket, Error> {
    let mut after = before.cloned().unwrap_or_else(nothing);
    let was_retired = after.retired;
    let mut note = |code: i64, message: &str| {
        faults.push(Fault { code, message: format!("{prefix}{message}") });
    };
    if let Some(name) = &change.name {
        after.name.clone_from(name);
    } else if before.is_none() {
        note(code::REQUIRED, "name is required.");
    }
    if let Some(start) = change.start {
        after.start = start;
    }
    if let Some(end) = change.end {
        after.end = end;
    }
    if let Some(retired) = change.retired {
        after.retired = retired;
    }
    match (after.retired, was_retired) {
        (true, _) if after.end.is_none() => {
            after.end = DateTime::from_timestamp_millis(now.timestamp_millis());
        }
        (false, true) => after.end = change.end.flatten(),
        _ => {}
    }
    if let Some(unit) = change.usage_bucket_base_unit_id {
        after.usage_bucket_base_unit_id = Some(unit);
    } else if before.is_none() {
        note(code::REQUIRED, "usageBucketBaseUnitId is required.");
    }
    if let Some(before) = before.filter(|before| before.retired && after.retired)
        && *before != after
    {
        note(code::RETIRED, "the base bucket is retired: it can be changed again once retired is false.");
    }
    if after.start.zip(after.end).is_some_and(|(start, end)| end < start) {
        note(code::OUT_OF_RANGE, "end must not be before start.");
    }
    if change.name.is_some() {
        check_name(connection, &after, prefix, faults).await?;
    }
    if let Some(unit) = change.usage_bucket_base_unit_id {
        after.usage_bucket_base_unit_name = check_unit(connection, unit, prefix, faults).await?;
    }
    Ok(after)
}

fn nothing() -> BaseBucket {
    BaseBucket {
        identity: 0,
        owner_id: Some(OWNER),
        owner_name: None,
        name: String::new(),
        start: None,
        end: None,
        retired: false,
        usage_bucket_base_unit_id: None,
        usage_bucket_base_unit_name: None,
        details: None,
    }
}

async fn check_name(
    connection: &mut Connection,
    bucket: &BaseBucket,
    prefix: &str,
    faults: &mut Vec<Fault>,
) -> Result<(), Error> {
    let longest = BASE_BUCKET.field("name").and_then(|field| field.max_length).map_or(255, usize::from);
    if !(1..=longest).contains(&bucket.name.chars().count()) {
        let message = format!("{prefix}name must have 1 to {longest} characters.");
        faults.push(Fault { code: code::OUT_OF_RANGE, message });
        return Ok(());
    }
    let others: i64 = query_scalar(
        "SELECT COUNT(*) FROM base_buckets WHERE owner_id = $1 AND name_key = $2 AND base_bucket_id <> $3",
    )
    .bind(OWNER)
    .bind(name_key(&bucket.name))
    .bind(bucket.identity)
    .fetch_one(connection)
    .await?;
    if others > 0 {
        let message = format!("{prefix}name {:?} is taken by another base bucket.", bucket.name);
        faults.push(Fault { code: code::NOT_UNIQUE, message });
    }
    Ok(())
}

/// The unit's name, where base buckets may have it.
async fn check_unit(
    connection: &mut Connection,
    id: i64,
    prefix: &str,
    faults: &mut Vec<Fault>,
) -> Result<Option<String>, Error> {
    let unit = query("SELECT name, visible, is_base_bucket_eligible FROM base_units WHERE base_unit_id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let (name, eligible) = match &unit {
        Some(row) => (Some(row.try_get("name")?), row.try_get("visible")? && row.try_get(2)?),
        None => (None, false),
    };
    if !eligible {
        let problem =
            if name.is_some() { "is a unit that base buckets cannot have" } else { "names no unit" };
        let message = format!("{prefix}usageBucketBaseUnitId {id} {problem}.");
        faults.push(Fault { code: code::NO_SUCH_REFERENCE, message });
    }
    Ok(name)
}
