//! Base buckets in the database.

use chrono::{DateTime, Utc};
use rest_contract::logisense::{BaseBucket, BaseBucketDetail, Details};
use sqlx::Error;

use super::detail_rows;
use super::paging::Listed;
use crate::database::{Connection, Parameter, Row, Statement, query};

/// The one owner whose buckets are here.
pub(super) const OWNER: i64 = 1;

const SELECT: &str = "SELECT b.base_bucket_id, b.owner_id, o.owner_name, b.name, b.start_at, b.end_at, \
                      b.retired, b.base_unit_id, u.name AS unit_name, b.revision FROM base_buckets b \
                      JOIN usage_owners o ON o.owner_id = b.owner_id \
                      JOIN base_units u ON u.base_unit_id = b.base_unit_id";

/// A bucket and the number of its version, which is not on the wire.
#[derive(Clone, Debug)]
pub(super) struct Versioned {
    pub bucket: BaseBucket,
    pub revision: i64,
}

pub(super) fn listed(condition: Statement, order: String) -> Listed {
    let count = "SELECT COUNT(*) FROM base_buckets b JOIN usage_owners o ON o.owner_id = b.owner_id \
                 JOIN base_units u ON u.base_unit_id = b.base_unit_id";
    Listed { select: SELECT, count, condition, order }
}

/// The column of a field, for conditions and orders over `listed`.
pub(super) fn column(field: &str) -> Option<&'static str> {
    Some(match field {
        "identity" => "b.base_bucket_id",
        "ownerId" => "b.owner_id",
        "ownerName" => "o.owner_name",
        "name" => "b.name",
        "start" => "b.start_at",
        "end" => "b.end_at",
        "retired" => "b.retired",
        "usageBucketBaseUnitId" => "b.base_unit_id",
        "usageBucketBaseUnitName" => "u.name",
        _ => return None,
    })
}

pub(super) async fn find(connection: &mut Connection, id: i64) -> Result<Option<Versioned>, Error> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE b.base_bucket_id = ").bind(Parameter::Integer(id));
    let rows = sql.rows(connection).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Versioned { bucket: read(row)?, revision: row.try_get("revision")? }))
}

pub(super) fn read(row: &Row) -> Result<BaseBucket, Error> {
    let instant = |column: &str| -> Result<Option<DateTime<Utc>>, Error> {
        Ok(row.try_get::<Option<i64>, _>(column)?.and_then(DateTime::from_timestamp_micros))
    };
    Ok(BaseBucket {
        identity: row.try_get("base_bucket_id")?,
        owner_id: row.try_get("owner_id")?,
        owner_name: row.try_get("owner_name")?,
        name: row.try_get("name")?,
        start: instant("start_at")?,
        end: instant("end_at")?,
        retired: row.try_get("retired")?,
        usage_bucket_base_unit_id: row.try_get("base_unit_id")?,
        usage_bucket_base_unit_name: row.try_get("unit_name")?,
        details: None,
    })
}

/// Gives every bucket its detail rows.
pub(super) async fn add_details(
    connection: &mut Connection,
    buckets: &mut [BaseBucket],
) -> Result<(), Error> {
    let ids = buckets.iter().map(|bucket| bucket.identity).collect::<Vec<_>>();
    let mut found = detail_rows::of_buckets(connection, &ids).await?;
    for bucket in buckets {
        let belongs = |row: &mut BaseBucketDetail| row.usage_bucket_base_id == Some(bucket.identity);
        bucket.details = Some(Details(found.extract_if(.., belongs).collect()));
    }
    Ok(())
}

/// Writes a new bucket and answers its identity.
pub(super) async fn insert(connection: &mut Connection, bucket: &BaseBucket) -> Result<i64, Error> {
    let row = query(
        "INSERT INTO base_buckets (owner_id, name, name_key, start_at, end_at, retired, base_unit_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING base_bucket_id",
    )
    .bind(OWNER)
    .bind(&bucket.name)
    .bind(name_key(&bucket.name))
    .bind(bucket.start.map(|at| at.timestamp_micros()))
    .bind(bucket.end.map(|at| at.timestamp_micros()))
    .bind(bucket.retired)
    .bind(bucket.usage_bucket_base_unit_id)
    .fetch_one(connection)
    .await?;
    row.try_get(0)
}

pub(super) async fn update(connection: &mut Connection, bucket: &BaseBucket) -> Result<(), Error> {
    query(
        "UPDATE base_buckets SET name = $1, name_key = $2, start_at = $3, end_at = $4, retired = $5, \
         base_unit_id = $6, revision = revision + 1 WHERE base_bucket_id = $7",
    )
    .bind(&bucket.name)
    .bind(name_key(&bucket.name))
    .bind(bucket.start.map(|at| at.timestamp_micros()))
    .bind(bucket.end.map(|at| at.timestamp_micros()))
    .bind(bucket.retired)
    .bind(bucket.usage_bucket_base_unit_id)
    .bind(bucket.identity)
    .execute(connection)
    .await?;
    Ok(())
}

/// What names are told apart by.
pub(super) fn name_key(name: &str) -> String {
    name.to_lowercase()
}
