//! Takes a base bucket away, with what hangs on it. A bucket that a usage bucket or a share plan
//! draws on stays (vendor's page "Base Buckets").

use rest_contract::logisense::{BaseBucket, Fault, ResultItem};
use sqlx::Error;

use super::bucket_rows::Versioned;
use super::buckets::TYPE_KEY;
use super::history::{self, By};
use super::{code, details};
use crate::database::{Connection, query, query_scalar};

const CONNECTOR: &str = "usageBucketUsageBucketBaseConnector";

/// What went: the bucket, its links to usage buckets that have ended, its detail rows. Or why it
/// stays.
pub(super) async fn delete(
    connection: &mut Connection,
    by: &By<'_>,
    before: &Versioned,
    prefix: &str,
) -> Result<Result<Vec<ResultItem<BaseBucket>>, Fault>, Error> {
    let id = before.bucket.identity;
    let users = users(connection, id).await?;
    if !users.is_empty() {
        return Ok(Err(in_use(&before.bucket, &users, prefix)));
    }
    let mut items = vec![item("deleted", TYPE_KEY)];
    items[0].identity = Some(id);
    let linked: Vec<i64> = query_scalar(
        "SELECT usage_bucket_id FROM usage_bucket_bases WHERE base_bucket_id = $1 ORDER BY usage_bucket_id",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    for usage_bucket in linked {
        items.push(ResultItem {
            lhs_id: Some(usage_bucket),
            rhs_id: Some(id),
            ..item("detached", CONNECTOR)
        });
    }
    let rows: Vec<i64> = query_scalar(
        "SELECT base_bucket_detail_id FROM base_bucket_details WHERE base_bucket_id = $1 \
         ORDER BY base_bucket_detail_id",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let child = item("deleted", details::TYPE_KEY);
        items.push(ResultItem { foreign_key_identity: Some(row), ..child });
    }
    for sql in [
        "DELETE FROM usage_bucket_bases WHERE base_bucket_id = $1",
        "DELETE FROM base_bucket_details WHERE base_bucket_id = $1",
        "DELETE FROM base_buckets WHERE base_bucket_id = $1",
    ] {
        query(sql).bind(id).execute(&mut *connection).await?;
    }
    history::add(connection, by, Some(before), None).await?;
    Ok(Ok(items))
}

async fn users(connection: &mut Connection, id: i64) -> Result<Vec<String>, Error> {
    let rows = query(
        "SELECT 'usage bucket' AS kind, u.name FROM usage_bucket_bases l \
         JOIN usage_buckets u ON u.usage_bucket_id = l.usage_bucket_id \
         WHERE l.base_bucket_id = $1 AND u.ended_at IS NULL \
         UNION ALL SELECT 'share plan', p.name FROM share_plan_bases l \
         JOIN share_plans p ON p.share_plan_id = l.share_plan_id WHERE l.base_bucket_id = $1 \
         ORDER BY 1 DESC, 2",
    )
    .bind(id)
    .fetch_all(connection)
    .await?;
    let user = |row: &crate::database::Row| -> Result<String, Error> {
        Ok(format!("{} {:?}", row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?))
    };
    rows.iter().map(user).collect()
}

/// As many users as a sentence can bear are named.
const NAMED: usize = 5;

fn in_use(bucket: &BaseBucket, users: &[String], prefix: &str) -> Fault {
    let mut names = users.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if users.len() > NAMED {
        names.push_str(&format!(" and {} more", users.len() - NAMED));
    }
    let message = format!("{prefix}the base bucket {:?} is in use by {names}.", bucket.name);
    Fault { code: code::IN_USE, message }
}

fn item(action: &str, key: &str) -> ResultItem<BaseBucket> {
    ResultItem {
        identity: None,
        lhs_id: None,
        rhs_id: None,
        foreign_key_identity: None,
        action: action.to_owned(),
        dto_type_key: key.to_owned(),
        patch_client_id: None,
        instance: None,
    }
}
