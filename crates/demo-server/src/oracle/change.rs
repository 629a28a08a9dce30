//! PATCH of an item (Oracle REST, "Update a usage event" and its siblings): only the fields that are
//! sent change, the version is checked in the UPDATE itself, and every changed field leaves a row in
//! the change history, all in one transaction.
//!
//! Not here: which values and which moments are allowed (`change_rules`).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, SubsecRound as _, Utc};
use rest_contract::{Access, ErrorDetail, Field, ReadError, Record, Schema, Value};
use serde::de::IgnoredAny;

use super::Exchange;
use super::change_rules;
use super::item::{self, Item, stored};
use super::read::missing;
use super::refusal::{Refusal, code, detail_of};
use super::resource_tree::{Resource, column_name};
use super::selection::Selection;
use crate::database::{Parameter, Statement, Transaction, query};

pub(super) async fn item(exchange: &Exchange, key: &str, body: &[u8]) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let selection = Selection::of(resource, &exchange.parameters)?;
    let whole = Selection::whole(resource);
    let sent = SentChange::read(resource.schema, body)?;

    let mut transaction = exchange.service.database.begin_write().await?;
    let parent = exchange.find_parent(&mut transaction).await?;
    let found = item::find(&mut transaction, resource, parent, key, &whole).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    if !matches_version(&current, &exchange.headers) {
        let current = item::find(&mut transaction, resource, parent, key, &selection).await?;
        let current = current.ok_or_else(|| missing(resource, key))?;
        return Ok(exchange.item_response(StatusCode::PRECONDITION_FAILED, &current, Some(&selection)));
    }
    if sent.version.is_some_and(|version| version != current.version) {
        return Err(stale(&current));
    }
    change_rules::is_open(&mut transaction, resource, &current, parent).await?;
    let mut details = sent.faults;
    let mut changes = changed_fields(&current, &sent.record);
    change_rules::check(&mut transaction, resource, &current, parent, &changes, &mut details).await?;
    if !details.is_empty() {
        return Err(Refusal::of_details(details));
    }
    changes.extend(change_rules::derived(resource, &current, &changes));
    if !changes.is_empty() {
        let stamp = Stamp {
            at: Utc::now().trunc_subsecs(6),
            by: &exchange.principal.display_name,
            request: &exchange.request_id,
        };
        if !write(&mut transaction, resource, &current, &changes, &stamp).await? {
            return Err(stale(&current));
        }
        add_history(&mut transaction, resource, &current, &changes, &stamp).await?;
    }
    let changed = item::find(&mut transaction, resource, parent, key, &selection).await?;
    let changed = changed.ok_or_else(|| missing(resource, key))?;
    transaction.commit().await?;
    Ok(exchange.item_response(StatusCode::OK, &changed, Some(&selection)))
}

/// A field with the value that it gets.
pub(super) type Change = (&'static Field, Value);

/// What a request body asks for, with everything that is wrong with its shape.
struct SentChange {
    record: Record,
    version: Option<i64>,
    faults: Vec<ErrorDetail>,
}

impl SentChange {
    fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, Refusal> {
        let malformed = |reason: String| {
            Refusal::bad_request(
                code::MALFORMED_BODY,
                "",
                format!("The body is not a JSON object of fields: {reason}"),
            )
        };
        let members: BTreeMap<String, IgnoredAny> =
            serde_json::from_slice(body).map_err(|reason| malformed(reason.to_string()))?;
        let mut faults = members.keys().filter_map(|name| not_writable(schema, name)).collect::<Vec<_>>();
        let record = match Record::read(schema, body) {
            Ok(record) => record,
            Err(ReadError::Malformed(reason)) => return Err(malformed(reason)),
            Err(ReadError::Fields(fields)) => {
                faults.extend(fields.iter().map(|fault| {
                    let text = format!("{} {}.", fault.field, fault.problem);
                    detail_of(code::INVALID_VALUE, format!("/{}", fault.field), text)
                }));
                return Err(Refusal::of_details(faults));
            }
        };
        let version = schema
            .fields
            .iter()
            .find(|field| field.access == Access::Version)
            .and_then(|field| record.get(field.name)?.as_integer());
        Ok(Self { record, version, faults })
    }
}

/// Why a member of the body cannot be changed, if it cannot.
fn not_writable(schema: &Schema, name: &str) -> Option<ErrorDetail> {
    let path = format!("/{name}");
    match schema.field(name).map(|field| field.access) {
        Some(Access::Writable | Access::Version) => None,
        Some(Access::ReadOnly | Access::CreateOnly) => {
            Some(detail_of(code::NOT_UPDATABLE, path, format!("{name} cannot be changed.")))
        }
        None if name == "links" => None,
        None if schema.child(name).is_some() => {
            let text =
                format!("{name} are changed at their own addresses, not through the {}.", schema.resource);
            Some(detail_of(code::NOT_UPDATABLE, path, text))
        }
        None => {
            let text = format!("{name} is not an attribute of {}.", schema.resource);
            Some(detail_of(code::INVALID_VALUE, path, text))
        }
    }
}

/// The sent fields whose value differs from the current one. Digits count: 1.50 is not 1.5 here.
/// An empty text is null, as in the vendor's database.
fn changed_fields(current: &Item, sent: &Record) -> Vec<Change> {
    let of_database = |value: &Value| match value.as_text() {
        Some("") => Value::Null,
        _ => value.clone(),
    };
    sent.present()
        .filter(|(field, _)| field.access == Access::Writable)
        .map(|(field, value)| (field, of_database(value)))
        .filter(|(field, value)| stored(value) != stored(current.value(field.name)))
        .collect()
}

fn matches_version(current: &Item, headers: &HeaderMap) -> bool {
    match &current.indicator {
        Some(indicator) => indicator.satisfies_if_match(headers),
        None => !headers.contains_key(header::IF_MATCH),
    }
}

fn stale(current: &Item) -> Refusal {
    let text = format!(
        "The record was changed by {} at {} after it was read; its version is now {}.",
        current.value("LastUpdatedBy"),
        current.value("LastUpdateDate"),
        current.version
    );
    Refusal::bad_request(code::STALE_ROW, "/ObjectVersionNumber", text)
}

/// When, by whom and in which request.
struct Stamp<'a> {
    at: DateTime<Utc>,
    by: &'a str,
    request: &'a str,
}

/// Writes the changes if the row still has the version that they are based on; says whether it had.
async fn write(
    transaction: &mut Transaction,
    resource: &'static Resource,
    current: &Item,
    changes: &[Change],
    stamp: &Stamp<'_>,
) -> Result<bool, Refusal> {
    let mut sql = Statement::new(&format!("UPDATE {} SET ", resource.table));
    for (field, value) in changes {
        sql.push(&column_name(field.name)).push(" = ").bind(stored(value)).push(", ");
    }
    sql.push("object_version_number = object_version_number + 1, last_update_date = ");
    sql.bind(Parameter::Integer(stamp.at.timestamp_micros()));
    sql.push(", last_updated_by = ").bind(Parameter::Text(stamp.by.to_owned()));
    sql.push(", last_update_login = ").bind(Parameter::Text(stamp.request.to_owned()));
    sql.push(&format!(" WHERE {} = ", resource.id_column)).bind(Parameter::Integer(current.id));
    sql.push(" AND object_version_number = ").bind(Parameter::Integer(current.version));
    Ok(sql.execute(transaction).await? == 1)
}

async fn add_history(
    transaction: &mut Transaction,
    resource: &'static Resource,
    current: &Item,
    changes: &[Change],
    stamp: &Stamp<'_>,
) -> Result<(), Refusal> {
    for (field, value) in changes {
        let text = |value: &Value| match value {
            Value::Null => None,
            value => Some(value.to_string()),
        };
        let sql = "INSERT INTO change_history (changed_at, changed_by, request_id, resource_name, record_id, \
                   record_key, object_version_number, field_name, value_before, value_after) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        query(sql)
            .bind(stamp.at.timestamp_micros())
            .bind(stamp.by)
            .bind(stamp.request)
            .bind(resource.schema.resource)
            .bind(current.id)
            .bind(&current.key)
            .bind(current.version + 1)
            .bind(field.name)
            .bind(text(current.value(field.name)))
            .bind(text(value))
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
