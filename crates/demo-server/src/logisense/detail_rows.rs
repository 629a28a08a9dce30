//! Detail rows in the database.

use rest_contract::logisense::BaseBucketDetail;
use sqlx::Error;

use super::paging::Listed;
use crate::database::{Connection, Parameter, Row, Statement};

const SELECT: &str = "SELECT d.base_bucket_detail_id, d.base_bucket_id, b.name AS bucket_name, \
                      d.usage_class_id, c.name AS class_name, d.geo_location_id, l.name AS location_name, \
                      d.excluded, d.geo_location_group_id, g.name AS group_name FROM base_bucket_details d \
                      JOIN base_buckets b ON b.base_bucket_id = d.base_bucket_id \
                      LEFT JOIN usage_classes c ON c.usage_class_id = d.usage_class_id \
                      LEFT JOIN geo_locations l ON l.geo_location_id = d.geo_location_id \
                      LEFT JOIN geo_location_groups g ON g.geo_location_group_id = d.geo_location_group_id";

pub(super) fn listed() -> Listed {
    let count = "SELECT COUNT(*) FROM base_bucket_details d";
    Listed { select: SELECT, count, condition: Statement::default(), order: "d.base_bucket_detail_id".into() }
}

pub(super) async fn find(connection: &mut Connection, id: i64) -> Result<Option<BaseBucketDetail>, Error> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE d.base_bucket_detail_id = ").bind(Parameter::Integer(id));
    sql.rows(connection).await?.first().map(read).transpose()
}

/// The rows of these buckets, in the order of their making.
pub(super) async fn of_buckets(
    connection: &mut Connection,
    buckets: &[i64],
) -> Result<Vec<BaseBucketDetail>, Error> {
    if buckets.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE d.base_bucket_id IN (");
    sql.join(buckets, ", ", |sql, id| {
        sql.bind(Parameter::Integer(*id));
    });
    sql.push(") ORDER BY d.base_bucket_detail_id");
    sql.rows(connection).await?.iter().map(read).collect()
}

pub(super) fn read(row: &Row) -> Result<BaseBucketDetail, Error> {
    Ok(BaseBucketDetail {
        identity: row.try_get("base_bucket_detail_id")?,
        usage_bucket_base_id: row.try_get("base_bucket_id")?,
        usage_bucket_base_name: row.try_get("bucket_name")?,
        usage_class_id: row.try_get("usage_class_id")?,
        usage_class_name: row.try_get("class_name")?,
        geo_tree_location_id: row.try_get("geo_location_id")?,
        geo_tree_location_name: row.try_get("location_name")?,
        exclude: row.try_get("excluded")?,
        geo_tree_location_group_id: row.try_get("geo_location_group_id")?,
        geo_tree_location_group_name: row.try_get("group_name")?,
    })
}
