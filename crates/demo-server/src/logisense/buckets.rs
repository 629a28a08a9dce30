//! `Usage/Bucket/Base`: lists, pages, one, POST, PUT and DELETE.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::Utc;
use rest_contract::logisense::{
    BaseBucket, BaseBucketChange, ItemList, ResultItem, Results, Single, Written, WrittenItem,
};

use super::body::{Members, Reader};
use super::bucket_rows::{self, Versioned};
use super::history::{self, By};
use super::paging::{paged, pagination};
use super::{Call, Refusal, bucket_change, bucket_rules, code, deletion, json_response, kind_of};
use crate::database::{Connection, Statement};

pub(super) const TYPE_KEY: &str = "usageBucketBase";
const NOUN: &str = "base bucket";
const BY_IDENTITY: &str = "b.base_bucket_id";

pub(super) async fn all(call: &Call<'_>) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let listed = bucket_rows::listed(Statement::default(), BY_IDENTITY.to_owned());
    let rows = listed.rows(&mut snapshot, None).await?;
    let items = rows.iter().map(bucket_rows::read).collect::<Result<Vec<_>, _>>()?;
    let total_count = i64::try_from(items.len()).ok();
    json_response(StatusCode::OK, &ItemList { tracking_id: call.tracking_id(), total_count, items })
}

pub(super) async fn page(call: &Call<'_>, detail: bool) -> Result<Response, Refusal> {
    let pagination = pagination(call)?;
    let mut snapshot = call.service.database.readers.begin().await?;
    let listed = bucket_rows::listed(Statement::default(), BY_IDENTITY.to_owned());
    let (rows, total) = listed.page(&mut snapshot, pagination).await?;
    let mut items = rows.iter().map(bucket_rows::read).collect::<Result<Vec<_>, _>>()?;
    if detail {
        bucket_rows::add_details(&mut snapshot, &mut items).await?;
    }
    json_response(StatusCode::OK, &paged(call.tracking_id(), pagination, items, total))
}

pub(super) async fn one(call: &Call<'_>, id: i64, detail: bool) -> Result<Response, Refusal> {
    let mut snapshot = call.service.database.readers.begin().await?;
    let Versioned { bucket, revision } = find(&mut snapshot, id).await?;
    let mut instance = [bucket];
    if detail {
        bucket_rows::add_details(&mut snapshot, &mut instance).await?;
    }
    let [instance] = instance;
    let mut response = json_response(StatusCode::OK, &Single { tracking_id: call.tracking_id(), instance })?;
    // The tag knows nothing of details.
    if !detail {
        add_tag(&mut response, revision);
    }
    Ok(response)
}

pub(super) async fn create(call: &Call<'_>, members: &Members) -> Result<Response, Refusal> {
    let wraps = wraps_items(&call.headers)?;
    let change = read_change(members)?;
    let mut transaction = call.service.database.begin_write().await?;
    let mut faults = Vec::new();
    let after = bucket_rules::apply(&mut transaction, None, &change, Utc::now(), "", &mut faults).await?;
    if !faults.is_empty() {
        return Err(Refusal::faults(faults));
    }
    let made = insert(&mut transaction, call, &after).await?;
    transaction.commit().await?;
    written(call, wraps, "created", made)
}

pub(super) async fn update(call: &Call<'_>, id: i64, members: &Members) -> Result<Response, Refusal> {
    let wraps = wraps_items(&call.headers)?;
    let mut faults = Vec::new();
    let named = Reader { members, prefix: "", faults: &mut faults }.integer("identity");
    if named.is_some_and(|named| named != id) {
        let message = "identity must be the one in the address.";
        return Err(Refusal::fault(code::OUT_OF_RANGE, message));
    }
    let change = read_change(members)?;
    let mut transaction = call.service.database.begin_write().await?;
    let before = find(&mut transaction, id).await?;
    check_match(&call.headers, before.revision)?;
    let after =
        bucket_rules::apply(&mut transaction, Some(&before.bucket), &change, Utc::now(), "", &mut faults)
            .await?;
    if !faults.is_empty() {
        return Err(Refusal::faults(faults));
    }
    let after = store(&mut transaction, call, &before, &after).await?;
    transaction.commit().await?;
    written(call, wraps, "updated", after)
}

pub(super) async fn delete(call: &Call<'_>, id: i64) -> Result<Response, Refusal> {
    let mut transaction = call.service.database.begin_write().await?;
    let before = find(&mut transaction, id).await?;
    check_match(&call.headers, before.revision)?;
    let items = deletion::delete(&mut transaction, &By::of(call), &before, "").await?;
    let items = items.map_err(|fault| Refusal::faults(vec![fault]))?;
    transaction.commit().await?;
    results(call, items)
}

pub(super) async fn find(connection: &mut Connection, id: i64) -> Result<Versioned, Refusal> {
    bucket_rows::find(connection, id).await?.ok_or_else(|| Refusal::not_found(NOUN, id))
}

fn read_change(members: &Members) -> Result<BaseBucketChange, Refusal> {
    let mut faults = Vec::new();
    let change = bucket_change::read(&mut Reader { members, prefix: "", faults: &mut faults });
    if faults.is_empty() { Ok(change) } else { Err(Refusal::faults(faults)) }
}

/// Writes a new bucket; answers it as it now stands.
pub(super) async fn insert(
    connection: &mut Connection,
    call: &Call<'_>,
    bucket: &BaseBucket,
) -> Result<Versioned, Refusal> {
    let id = bucket_rows::insert(connection, bucket).await?;
    let made = find(connection, id).await?;
    history::add(connection, &By::of(call), None, Some(&made)).await?;
    Ok(made)
}

/// Writes what a bucket has become, if it has; answers it as it now stands.
pub(super) async fn store(
    connection: &mut Connection,
    call: &Call<'_>,
    before: &Versioned,
    after: &BaseBucket,
) -> Result<Versioned, Refusal> {
    if before.bucket == *after {
        return Ok(before.clone());
    }
    bucket_rows::update(connection, after).await?;
    let stored = find(connection, after.identity).await?;
    history::add(connection, &By::of(call), Some(before), Some(&stored)).await?;
    Ok(stored)
}

/// `If-Match` is never required: the vendor's API knows nothing of it.
pub(super) fn check_match(headers: &HeaderMap, revision: i64) -> Result<(), Refusal> {
    let Some(asked) = headers.get(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default()) else {
        return Ok(());
    };
    let current = tag(revision);
    let fits = asked.split(',').map(str::trim).any(|one| one == "*" || one == current);
    if fits { Ok(()) } else { Err(Refusal::stale()) }
}

fn tag(revision: i64) -> String {
    format!("\"{revision}\"")
}

fn add_tag(response: &mut Response, revision: i64) {
    let tag = HeaderValue::from_str(&tag(revision)).ok();
    response.headers_mut().extend(tag.map(|tag| (header::ETAG, tag)));
}

/// Whether the items of an answer to POST and PUT are wrapped (`OutputFormat`, vendor's page
/// "Response Data"). The page of this resource shows them bare.
pub(super) fn wraps_items(headers: &HeaderMap) -> Result<bool, Refusal> {
    let Some(text) = headers.get("outputformat").map(|value| value.to_str().unwrap_or_default()) else {
        return Ok(false);
    };
    let format = serde_json::from_str::<serde_json::Value>(text).ok();
    match format.as_ref().and_then(|format| format["format"].as_str()) {
        Some("instance") => Ok(false),
        Some("result") => Ok(true),
        _ => {
            let message = "OutputFormat must be {\"format\":\"instance\"} or {\"format\":\"result\"}.";
            Err(Refusal::fault(code::NOT_SUPPORTED, message))
        }
    }
}

pub(super) fn result_item(action: &str, bucket: BaseBucket) -> ResultItem<BaseBucket> {
    ResultItem {
        identity: Some(bucket.identity),
        lhs_id: None,
        rhs_id: None,
        foreign_key_identity: None,
        action: action.to_owned(),
        dto_type_key: TYPE_KEY.to_owned(),
        patch_client_id: None,
        instance: Some(bucket),
    }
}

fn written(call: &Call<'_>, wraps: bool, action: &str, made: Versioned) -> Result<Response, Refusal> {
    let item = match wraps {
        true => WrittenItem::Wrapped(result_item(action, made.bucket)),
        false => WrittenItem::Bare(made.bucket),
    };
    let mut response = results(call, vec![item])?;
    add_tag(&mut response, made.revision);
    Ok(response)
}

pub(super) fn results<T: serde::Serialize>(call: &Call<'_>, items: Vec<T>) -> Result<Response, Refusal> {
    let total_count = i64::try_from(items.len()).ok();
    let body = Written {
        tracking_id: call.tracking_id(),
        kind: kind_of(&call.method).to_owned(),
        results: Results { total_count, items },
    };
    json_response(StatusCode::OK, &body)
}
