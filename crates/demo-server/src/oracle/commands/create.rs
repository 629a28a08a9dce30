//! POST of an item (Oracle REST, "Create usage event batches", "Create a usage event" and their
//! siblings), with nested children; under `Upsert-Mode: true` an item that stands is changed instead.
//!
//! A client may choose the natural key (BatchNumber, EventNumber, UsageChargePuid, ConditionNumber), so
//! that it can look for what it made when the answer was lost.
//!
//! Not here: required fields, defaults and what follows from them (`creation_rules`).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use rest_contract::{Access, ErrorDetail, Record, Value};

use crate::database::{Database, Parameter, Statement, Transaction};
use crate::oracle::commands::approval_rule;
use crate::oracle::commands::change::{self, Change, Place, is_blank, key_of, of_database};
use crate::oracle::commands::change_rules;
use crate::oracle::commands::creation_rules::{self, Parent};
use crate::oracle::protocol::refusal::{Refusal, code, detail_of};
use crate::oracle::protocol::sent_record::{Purpose, SentRecord};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::history::{STAMP_COLUMNS, Stamp};
use crate::oracle::records::item::{self, stored};
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;
use crate::oracle::schema::resource::{Resource, column_name};

const UPSERT_MODE: &str = "upsert-mode";

pub(in crate::oracle) async fn item(
    exchange: &Exchange,
    transaction: &mut Transaction,
    body: &[u8],
    upsert: bool,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let selection = Selection::of(resource, &exchange.parameters)?;
    let sent = SentRecord::read(resource.schema, body, Purpose::Create)?;
    let parent = exchange.find_parent(transaction).await?;
    if let (true, Some(key)) = (upsert, key_of(resource, &sent.record))
        && let Some(current) = item::find_by(transaction, resource, parent, key).await?
    {
        return change::existing(exchange, transaction, parent, &current, sent).await;
    }
    let mut details = sent.faults;
    let place = Place { resource, parent, path: String::new() };
    let made = insert(transaction, &exchange.stamp(), &place, &sent.record, &mut details).await?;
    let (None, Some(key)) = (details.first(), made) else { return Err(Refusal::of_details(details)) };
    let made = item::find(transaction, resource, parent, &key, &selection).await?;
    let made = made.ok_or_else(|| missing(resource, &key))?;
    let mut response = exchange.item_response(StatusCode::CREATED, &made, Some(&selection));
    if let Ok(location) = HeaderValue::from_str(&exchange.place().item(&key)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Whether the request asks to change the item where there is one already.
pub(in crate::oracle) fn is_upsert(exchange: &Exchange) -> Result<bool, Refusal> {
    let Some(value) = exchange.headers.get(UPSERT_MODE) else { return Ok(false) };
    match value.to_str().unwrap_or_default().to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Refusal::bad_request(code::INVALID_QUERY, "", "Upsert-Mode must be true or false.")),
    }
}

/// Inserts the record and its children and answers its key; nothing where it added a detail.
pub(in crate::oracle) async fn insert(
    transaction: &mut Transaction,
    stamp: &Stamp,
    place: &Place,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<Option<String>, Refusal> {
    let (resource, known) = (place.resource, details.len());
    if !resource.writes.create {
        let text = format!("{} cannot be created here.", resource.name);
        details.push(detail_of(code::NOT_CREATABLE, place.path.clone(), text));
        return Ok(None);
    }
    if resource.table == approval_rule::TABLE {
        approval_rule::remove_ended(transaction, stamp).await?;
    }
    let parent = creation_rules::parent(transaction, stamp, place, record, details).await?;
    is_new(transaction, place, record, details).await?;
    let mut values = sent_values(record);
    let id = Database::take_ids(transaction, resource.table, 1).await?;
    creation_rules::complete(transaction, stamp, place, &parent, id, &mut values, details).await?;
    change_rules::check(transaction, place, None, &values, details).await?;
    if details.len() > known {
        return Ok(None);
    }
    values.extend(change_rules::derived(resource, None, &values));
    write(transaction, stamp, resource, &parent, id, &values).await?;
    if resource.table == approval_rule::TABLE {
        approval_rule::note(transaction, stamp, id, &values).await?;
    }
    let batch_id = parent.id.map_or(Value::Null, Value::Integer);
    change::follow_up(transaction, stamp, place, &values, &batch_id).await?;
    for child in resource.children {
        let place = place.child(child, id);
        for nested in record.children(child.name).unwrap_or_default() {
            Box::pin(insert(transaction, stamp, &place, nested, details)).await?;
        }
    }
    let key = values.iter().find(|(field, _)| field.name == resource.schema.key);
    Ok(Some(key.map_or_else(|| id.to_string(), |(_, value)| value.to_string())))
}

/// What the record gives for columns of the table. Numbers that the service counts are not among
/// them, whatever was sent, and no key that is made of blanks.
fn sent_values(record: &Record) -> Vec<Change> {
    let given = |access| matches!(access, Access::Writable | Access::CreateOnly);
    record
        .present()
        .filter(|(field, _)| given(field.access))
        .map(|(field, value)| (field, of_database(value)))
        .filter(|(field, value)| match value {
            Value::Null => false,
            value => field.name != record.schema().key || !is_blank(value),
        })
        .collect()
}

/// Adds a detail where the natural key is taken already, by whatever parent.
async fn is_new(
    transaction: &mut Transaction,
    place: &Place,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    let resource = place.resource;
    let Some((field, value)) = key_of(resource, record) else { return Ok(()) };
    if item::find_by(transaction, resource, None, (field, value)).await?.is_some() {
        let text = format!("There is a {} with the {} {value} already.", resource.noun, field.name);
        details.push(detail_of(code::DUPLICATE, format!("{}/{}", place.path, field.name), text));
    }
    Ok(())
}

async fn write(
    transaction: &mut Transaction,
    stamp: &Stamp,
    resource: &'static Resource,
    parent: &Parent,
    id: i64,
    values: &[Change],
) -> Result<(), Refusal> {
    let mut columns = vec![(resource.id_column.to_owned(), Parameter::Integer(id))];
    if let (false, Some(parent)) = (resource.parent_column.is_empty(), parent.id) {
        columns.push((resource.parent_column.to_owned(), Parameter::Integer(parent)));
    }
    for (field, value) in values {
        let column = column_name(field.name);
        let computed = resource.computed.iter().any(|(name, _)| *name == field.name);
        if !computed && !columns.iter().any(|(known, _)| *known == column) {
            columns.push((column, stored(value)));
        }
    }
    columns.extend(STAMP_COLUMNS.map(str::to_owned).into_iter().zip(stamp.of_new_row()));
    let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let mut sql = Statement::new(&format!("INSERT INTO {} ({names}) VALUES (", resource.table));
    sql.join(columns, ", ", |sql, (_, value)| {
        sql.bind(value);
    });
    sql.push(")");
    sql.execute(transaction).await?;
    Ok(())
}
