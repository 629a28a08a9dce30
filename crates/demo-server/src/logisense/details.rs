//! `Usage/Bucket/BaseDetail`: the rows that say which usage classes and places a base bucket covers.
//! The vendor shows the deletion of one; the rest follows the pattern of its other resources.

use axum::http::StatusCode;
use axum::response::Response;
use rest_contract::logisense::{BaseBucketDetail, Fault, ItemList, ResultItem, Single, WrittenItem};

use super::body::{Given, Members, Reader};
use super::buckets::{results, wraps_items};
use super::paging::{paged, pagination};
use super::{Call, Refusal, code, detail_rows, json_response};
use crate::database::{Connection, query, query_scalar};

pub(super) const TYPE_KEY: &str = "usageBucketBaseDetail";
const NOUN: &str = "detail row";

pub(super) async fn all(call: &Call<'_>) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let rows = detail_rows::listed().rows(&mut snapshot, None).await?;
    let items = rows.iter().map(detail_rows::read).collect::<Result<Vec<_>, _>>()?;
    let total_count = i64::try_from(items.len()).ok();
    json_response(StatusCode::OK, &ItemList { tracking_id: call.tracking_id(), total_count, items })
}

pub(super) async fn page(call: &Call<'_>) -> Result<Response, Refusal> {
    let pagination = pagination(call)?;
    let mut snapshot = call.service.database.readers.begin().await?;
    let (rows, total) = detail_rows::listed().page(&mut snapshot, pagination).await?;
    let items = rows.iter().map(detail_rows::read).collect::<Result<Vec<_>, _>>()?;
    json_response(StatusCode::OK, &paged(call.tracking_id(), pagination, items, total))
}

pub(super) async fn one(call: &Call<'_>, id: i64) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let instance = find(&mut snapshot, id).await?;
    json_response(StatusCode::OK, &Single { tracking_id: call.tracking_id(), instance })
}

pub(super) async fn create(call: &Call<'_>, members: &Members) -> Result<Response, Refusal> {
    let wraps = wraps_items(&call.headers)?;
    let mut transaction = call.service.database.begin_write().await?;
    let row = DetailRow::of(&mut transaction, None, members).await?;
    let id: i64 = query_scalar(
        "INSERT INTO base_bucket_details (base_bucket_id, usage_class_id, geo_location_id, \
         geo_location_group_id, excluded) VALUES ($1, $2, $3, $4, $5) RETURNING base_bucket_detail_id",
    )
    .bind(row.bucket)
    .bind(row.class)
    .bind(row.location)
    .bind(row.group)
    .bind(row.exclude)
    .fetch_one(&mut *transaction)
    .await?;
    let made = find(&mut transaction, id).await?;
    transaction.commit().await?;
    written(call, wraps, "created", made)
}

pub(super) async fn update(call: &Call<'_>, id: i64, members: &Members) -> Result<Response, Refusal> {
    let wraps = wraps_items(&call.headers)?;
    let mut transaction = call.service.database.begin_write().await?;
    let before = find(&mut transaction, id).await?;
    let row = DetailRow::of(&mut transaction, Some(&before), members).await?;
    query(
        "UPDATE base_bucket_details SET base_bucket_id = $1, usage_class_id = $2, geo_location_id = $3, \
         geo_location_group_id = $4, excluded = $5 WHERE base_bucket_detail_id = $6",
    )
    .bind(row.bucket)
    .bind(row.class)
    .bind(row.location)
    .bind(row.group)
    .bind(row.exclude)
    .bind(id)
    .execute(&mut *transaction)
    .await?;
    let after = find(&mut transaction, id).await?;
    transaction.commit().await?;
    written(call, wraps, "updated", after)
}

pub(super) async fn delete(call: &Call<'_>, id: i64) -> Result<Response, Refusal> {
    let mut transaction = call.service.database.begin_write().await?;
    let before = find(&mut transaction, id).await?;
    query("DELETE FROM base_bucket_details WHERE base_bucket_detail_id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    results(call, vec![ResultItem { instance: None, ..result_item("deleted", before) }])
}

async fn find(connection: &mut Connection, id: i64) -> Result<BaseBucketDetail, Refusal> {
    detail_rows::find(connection, id).await?.ok_or_else(|| Refusal::not_found(NOUN, id))
}

fn result_item(action: &str, row: BaseBucketDetail) -> ResultItem<BaseBucketDetail> {
    ResultItem {
        identity: Some(row.identity),
        lhs_id: None,
        rhs_id: None,
        foreign_key_identity: None,
        action: action.to_owned(),
        dto_type_key: TYPE_KEY.to_owned(),
        patch_client_id: None,
        instance: Some(row),
    }
}

fn written(call: &Call<'_>, wraps: bool, action: &str, row: BaseBucketDetail) -> Result<Response, Refusal> {
    let item = match wraps {
        true => WrittenItem::Wrapped(result_item(action, row)),
        false => WrittenItem::Bare(row),
    };
    results(call, vec![item])
}

/// What is to be stored of a row.
struct DetailRow {
    bucket: Option<i64>,
    class: Option<i64>,
    location: Option<i64>,
    group: Option<i64>,
    exclude: bool,
}

impl DetailRow {
    /// The row that a body makes of `before`, or a new one.
    async fn of(
        connection: &mut Connection,
        before: Option<&BaseBucketDetail>,
        members: &Members,
    ) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let mut reader = Reader { members, prefix: "", faults: &mut faults };
        let mut reference = |name: &str, before: Option<i64>| match reader.nullable_integer(name) {
            Given::Absent => before,
            Given::Null => None,
            Given::Value(id) => Some(id),
        };
        let row = Self {
            bucket: reference("usageBucketBaseId", before.and_then(|row| row.usage_bucket_base_id)),
            class: reference("usageClassId", before.and_then(|row| row.usage_class_id)),
            location: reference("geoTreeLocationId", before.and_then(|row| row.geo_tree_location_id)),
            group: reference("geoTreeLocationGroupId", before.and_then(|row| row.geo_tree_location_group_id)),
            exclude: reader.boolean("exclude").unwrap_or_else(|| before.is_some_and(|row| row.exclude)),
        };
        if row.bucket.is_none() {
            reader.note(code::REQUIRED, "usageBucketBaseId", "is required");
        }
        if row.class.is_none() && row.location.is_none() && row.group.is_none() {
            let problem = "or geoTreeLocationId or geoTreeLocationGroupId is required";
            reader.note(code::REQUIRED, "usageClassId", problem);
        }
        if row.location.is_some() && row.group.is_some() {
            let problem = "and geoTreeLocationGroupId cannot both be given";
            reader.note(code::OUT_OF_RANGE, "geoTreeLocationId", problem);
        }
        row.check_references(connection, &mut faults).await?;
        if faults.is_empty() { Ok(row) } else { Err(Refusal::faults(faults)) }
    }

    async fn check_references(
        &self,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Refusal> {
        for (name, id, sql) in [
            (
                "usageBucketBaseId",
                self.bucket,
                "SELECT COUNT(*) FROM base_buckets WHERE base_bucket_id = $1 AND NOT retired",
            ),
            ("usageClassId", self.class, "SELECT COUNT(*) FROM usage_classes WHERE usage_class_id = $1"),
            (
                "geoTreeLocationId",
                self.location,
                "SELECT COUNT(*) FROM geo_locations WHERE geo_location_id = $1",
            ),
            (
                "geoTreeLocationGroupId",
                self.group,
                "SELECT COUNT(*) FROM geo_location_groups WHERE geo_location_group_id = $1",
            ),
        ] {
            let Some(id) = id else { continue };
            let known: i64 = query_scalar(sql).bind(id).fetch_one(&mut *connection).await?;
            if known == 0 {
                let message = format!("{name} {id} names nothing that can be used here.");
                faults.push(Fault { code: code::NO_SUCH_REFERENCE, message });
            }
        }
        Ok(())
    }
}
