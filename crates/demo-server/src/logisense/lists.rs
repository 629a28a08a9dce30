//! The resources around base buckets, for reading: units (`Usage/Bucket/BaseUnit`), usage buckets
//! (`Usage/Bucket`, those that have not ended), and what detail rows refer to: usage classes
//! (`Usage/Class`), locations and groups of locations (`GeoTree/...`, addresses of this service's
//! own).

use axum::http::StatusCode;
use axum::response::Response;
use rest_contract::logisense::{BaseUnit, ItemList, ListEntry, Pagination, Single, UsageBucket};
use serde::Serialize;
use sqlx::Error;

use super::paging::{Listed, paged, pagination};
use super::{Call, Refusal, json_response};
use crate::database::{Connection, Parameter, Row, Statement, query};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    BaseUnits,
    UsageBuckets,
    UsageClasses,
    Locations,
    LocationGroups,
}

/// An item of any of the lists.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Listing {
    Unit(BaseUnit),
    Bucket(UsageBucket),
    Entry(ListEntry),
}

pub(super) async fn all(call: &Call<'_>, list: List) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let rows = list.listed(None).rows(&mut snapshot, None).await?;
    let items = list.read(&mut snapshot, &rows).await?;
    let total_count = i64::try_from(items.len()).ok();
    json_response(StatusCode::OK, &ItemList { tracking_id: call.tracking_id(), total_count, items })
}

pub(super) async fn page(call: &Call<'_>, list: List) -> Result<Response, Refusal> {
    let pagination: Pagination = pagination(call)?;
    let mut snapshot = call.service.database.readers.begin().await?;
    let (rows, total) = list.listed(None).page(&mut snapshot, pagination).await?;
    let items = list.read(&mut snapshot, &rows).await?;
    json_response(StatusCode::OK, &paged(call.tracking_id(), pagination, items, total))
}

pub(super) async fn item(call: &Call<'_>, list: List, id: i64) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let rows = list.listed(Some(id)).rows(&mut snapshot, None).await?;
    let found = list.read(&mut snapshot, &rows).await?.pop();
    let instance = found.ok_or_else(|| Refusal::not_found(list.noun(), id))?;
    json_response(StatusCode::OK, &Single { tracking_id: call.tracking_id(), instance })
}

impl List {
    fn noun(self) -> &'static str {
        match self {
            Self::BaseUnits => "unit",
            Self::UsageBuckets => "usage bucket",
            Self::UsageClasses => "usage class",
            Self::Locations => "location",
            Self::LocationGroups => "group of locations",
        }
    }

    /// Every item, or the one with this identity. The identity is the first column.
    fn listed(self, id: Option<i64>) -> Listed {
        let (select, count, column) = match self {
            Self::BaseUnits => (
                "SELECT base_unit_id, usage_base_unit_id, usage_base_unit_name, name, description, sort_order, \
                 visible, is_base_bucket_eligible FROM base_units",
                "SELECT COUNT(*) FROM base_units",
                "base_unit_id",
            ),
            Self::UsageBuckets => (
                "SELECT b.usage_bucket_id, b.name, b.prorate, b.base_unit_id, u.name AS unit_name \
                 FROM usage_buckets b JOIN base_units u ON u.base_unit_id = b.base_unit_id",
                "SELECT COUNT(*) FROM usage_buckets b",
                "b.usage_bucket_id",
            ),
            Self::UsageClasses => (
                "SELECT usage_class_id, name FROM usage_classes",
                "SELECT COUNT(*) FROM usage_classes",
                "usage_class_id",
            ),
            Self::Locations => (
                "SELECT geo_location_id, name FROM geo_locations",
                "SELECT COUNT(*) FROM geo_locations",
                "geo_location_id",
            ),
            Self::LocationGroups => (
                "SELECT geo_location_group_id, name FROM geo_location_groups",
                "SELECT COUNT(*) FROM geo_location_groups",
                "geo_location_group_id",
            ),
        };
        let mut condition = Statement::new(if self == Self::UsageBuckets {
            " WHERE b.ended_at IS NULL"
        } else {
            " WHERE TRUE"
        });
        if let Some(id) = id {
            condition.push(" AND ").push(column).push(" = ").bind(Parameter::Integer(id));
        }
        Listed { select, count, condition, order: column.to_owned() }
    }

    async fn read(self, connection: &mut Connection, rows: &[Row]) -> Result<Vec<Listing>, Error> {
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(match self {
                Self::BaseUnits => Listing::Unit(unit(row)?),
                Self::UsageBuckets => Listing::Bucket(usage_bucket(connection, row).await?),
                Self::UsageClasses | Self::Locations | Self::LocationGroups => {
                    Listing::Entry(ListEntry { identity: row.try_get(0)?, name: row.try_get(1)? })
                }
            });
        }
        Ok(items)
    }
}

fn unit(row: &Row) -> Result<BaseUnit, Error> {
    Ok(BaseUnit {
        identity: row.try_get("base_unit_id")?,
        usage_base_unit_id: row.try_get("usage_base_unit_id")?,
        usage_base_unit_name: row.try_get("usage_base_unit_name")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        sort_order: row.try_get("sort_order")?,
        visible: row.try_get("visible")?,
        is_base_bucket_eligible: row.try_get("is_base_bucket_eligible")?,
    })
}

async fn usage_bucket(connection: &mut Connection, row: &Row) -> Result<UsageBucket, Error> {
    let identity: i64 = row.try_get("usage_bucket_id")?;
    let sql = "SELECT base_bucket_id FROM usage_bucket_bases WHERE usage_bucket_id = $1 ORDER BY 1";
    let bases = query(sql).bind(identity).fetch_all(connection).await?;
    Ok(UsageBucket {
        identity,
        name: row.try_get("name")?,
        prorate: row.try_get("prorate")?,
        usage_bucket_base_unit_id: row.try_get("base_unit_id")?,
        usage_bucket_base_unit_name: row.try_get("unit_name")?,
        usage_bucket_base_ids: bases.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?,
    })
}
