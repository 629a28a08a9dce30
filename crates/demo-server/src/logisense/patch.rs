//! PATCH of base buckets: several in one request, all or none of them.
//!
//! `details` holds fields of the addressed bucket, `usageBucketBases.items` what else is to be made,
//! changed or deleted. The address must name a bucket; 0 will do where nothing but new ones are asked
//! for. Results come in the order of the request.

use axum::response::Response;
use chrono::{DateTime, Utc};
use rest_contract::logisense::{BaseBucket, Fault, ResultItem};

use super::body::{Members, Reader};
use super::buckets::{check_match, find, insert, result_item, results, store};
use super::history::By;
use super::{Call, Refusal, bucket_change, bucket_rows, bucket_rules, code, deletion};
use crate::database::Transaction;

const MOST_ITEMS: usize = 1000;

/// One thing to do, with where it stands in the request.
struct Step {
    prefix: String,
    members: Members,
    kind: Kind,
    client_id: Option<i64>,
}

enum Kind {
    Create,
    Update(i64),
    Delete(i64),
}

pub(super) async fn answer(call: &Call<'_>, id: i64, members: &Members) -> Result<Response, Refusal> {
    let steps = steps(id, members)?;
    let mut transaction = call.service.database.begin_write().await?;
    let only_creates = steps.iter().all(|step| matches!(step.kind, Kind::Create));
    if id != 0 || !only_creates {
        check_match(&call.headers, find(&mut transaction, id).await?.revision)?;
    }
    let now = Utc::now();
    let mut faults = Vec::new();
    let mut items = Vec::new();
    for step in &steps {
        let mut done = run(&mut transaction, call, step, now, &mut faults).await?;
        if let Some(first) = done.first_mut() {
            first.patch_client_id = step.client_id;
        }
        items.append(&mut done);
    }
    if !faults.is_empty() {
        return Err(Refusal::faults(faults));
    }
    transaction.commit().await?;
    results(call, items)
}

fn steps(id: i64, members: &Members) -> Result<Vec<Step>, Refusal> {
    let malformed = |message: &str| Refusal::fault(code::MALFORMED, message);
    let mut steps = Vec::new();
    let own: Option<Members> = members
        .get("details")
        .map_or(Ok(None), |token| serde_json::from_str(token.get()))
        .map_err(|_| malformed("details must be an object."))?;
    if let Some(members) = own.filter(|own| !own.is_empty()) {
        steps.push(Step { prefix: "details.".to_owned(), members, kind: Kind::Update(id), client_id: None });
    }
    let group: Option<Members> = members
        .get("usageBucketBases")
        .map_or(Ok(None), |token| serde_json::from_str(token.get()))
        .map_err(|_| malformed("usageBucketBases must be an object with items."))?;
    let items: Option<Vec<Members>> = group
        .as_ref()
        .and_then(|group| group.get("items"))
        .map_or(Ok(None), |token| serde_json::from_str(token.get()))
        .map_err(|_| malformed("usageBucketBases.items must be an array of objects."))?;
    let items = items.unwrap_or_default();
    if items.len() > MOST_ITEMS {
        let message = format!("usageBucketBases.items has more than {MOST_ITEMS} items.");
        return Err(Refusal::fault(code::OUT_OF_RANGE, message));
    }
    let mut faults = Vec::new();
    for (index, members) in items.into_iter().enumerate() {
        let prefix = format!("usageBucketBases.items[{index}].");
        steps.extend(step(prefix, members, &mut faults));
    }
    if faults.is_empty() { Ok(steps) } else { Err(Refusal::faults(faults)) }
}

fn step(prefix: String, members: Members, faults: &mut Vec<Fault>) -> Option<Step> {
    let mut reader = Reader { members: &members, prefix: &prefix, faults };
    let client_id = reader.integer("patchClientId");
    let kind = reader.text("patchType");
    let mut identity = || {
        let identity = reader.integer("identity");
        if identity.is_none() {
            reader.note(code::REQUIRED, "identity", "is required");
        }
        identity
    };
    let kind = match kind.as_deref() {
        Some("create") => Kind::Create,
        Some("update") => Kind::Update(identity()?),
        Some("delete") => Kind::Delete(identity()?),
        _ => {
            let problem = "must be create, update or delete";
            reader.note(code::NOT_SUPPORTED, "patchType", problem);
            return None;
        }
    };
    Some(Step { prefix, members, kind, client_id })
}

/// Does a step and tells what it did. Once there are faults, nothing more is written; what is still
/// to come is read for its faults.
async fn run(
    transaction: &mut Transaction,
    call: &Call<'_>,
    step: &Step,
    now: DateTime<Utc>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<ResultItem<BaseBucket>>, Refusal> {
    let before = match step.kind {
        Kind::Create => None,
        Kind::Update(id) | Kind::Delete(id) => match bucket_rows::find(transaction, id).await? {
            Some(before) => Some(before),
            None => {
                let message = format!("{}identity {id} names no base bucket.", step.prefix);
                faults.push(Fault { code: code::NO_SUCH_REFERENCE, message });
                return Ok(Vec::new());
            }
        },
    };
    if let (Kind::Delete(_), Some(before)) = (&step.kind, &before) {
        return match deletion::delete(transaction, &By::of(call), before, &step.prefix).await? {
            Ok(items) => Ok(items),
            Err(fault) => {
                faults.push(fault);
                Ok(Vec::new())
            }
        };
    }
    let mut reader = Reader { members: &step.members, prefix: &step.prefix, faults };
    let change = bucket_change::read(&mut reader);
    let bucket = before.as_ref().map(|before| &before.bucket);
    let after = bucket_rules::apply(transaction, bucket, &change, now, &step.prefix, faults).await?;
    if !faults.is_empty() {
        return Ok(Vec::new());
    }
    let (action, made) = match &before {
        Some(before) => ("updated", store(transaction, call, before, &after).await?),
        None => ("created", insert(transaction, call, &after).await?),
    };
    Ok(vec![result_item(action, made.bucket)])
}
