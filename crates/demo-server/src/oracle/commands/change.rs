//! PATCH of an item (Oracle REST, "Update a usage event" and its siblings): only the fields that are
//! sent change, the version is checked in the UPDATE itself, and every changed field leaves a row in
//! the change history, all in one transaction.
//!
//! Nested children are matched by the key that they carry, and added where they carry none; rows
//! that are not sent stay as they are.
//!
//! Not here: which values and which moments are allowed (`change_rules`).

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use rest_contract::{Access, ErrorDetail, Field, Record, Value};

use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::commands::change_rules;
use crate::oracle::commands::create;
use crate::oracle::commands::{second_person, submission};
use crate::oracle::protocol::refusal::{Refusal, code, detail_of};
use crate::oracle::protocol::sent_record::{Purpose, SentRecord};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::batch_parts;
use crate::oracle::records::history::{self, Stamp, Subject};
use crate::oracle::records::item::{self, Item, stored};
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;
use crate::oracle::schema::resource::{Resource, column_name};

pub(in crate::oracle) async fn item(
    exchange: &Exchange,
    transaction: &mut Transaction,
    key: &str,
    body: &[u8],
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let sent = SentRecord::read(resource.schema, body, Purpose::Change)?;
    let parent = exchange.find_parent(transaction).await?;
    let found = item::find(transaction, resource, parent, key, &Selection::whole(resource)).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    existing(exchange, transaction, parent, &current, sent).await
}

/// Changes an item that stands, and answers it.
pub(in crate::oracle) async fn existing(
    exchange: &Exchange,
    transaction: &mut Transaction,
    parent: Option<i64>,
    current: &Item,
    sent: SentRecord,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let selection = Selection::of(resource, &exchange.parameters)?;
    if let Some(response) = exchange.precondition_failed(transaction, parent, current, &selection).await? {
        return Ok(response);
    }
    let mut details = sent.faults;
    let place = Place { resource, parent, path: String::new() };
    apply(transaction, &exchange.stamp(), &place, current, &sent.record, &mut details).await?;
    if !details.is_empty() {
        return Err(Refusal::of_details(details));
    }
    let changed = item::find(transaction, resource, parent, &current.key, &selection).await?;
    let changed = changed.ok_or_else(|| missing(resource, &current.key))?;
    Ok(exchange.item_response(StatusCode::OK, &changed, Some(&selection)))
}

impl Exchange {
    /// The answer to a request that was based on another version than the current one: 412 and the
    /// current item.
    pub(in crate::oracle) async fn precondition_failed(
        &self,
        transaction: &mut Transaction,
        parent: Option<i64>,
        current: &Item,
        selection: &Selection,
    ) -> Result<Option<Response>, Refusal> {
        if matches_version(current, &self.headers) {
            return Ok(None);
        }
        let resource = self.target.resource;
        let current = item::find(transaction, resource, parent, &current.key, selection).await?;
        let Some(current) = current else { return Ok(None) };
        Ok(Some(self.item_response(StatusCode::PRECONDITION_FAILED, &current, Some(selection))))
    }
}

/// Where a record belongs: its resource, its parent's id, and the path of its members in the body.
pub(in crate::oracle) struct Place {
    pub resource: &'static Resource,
    pub parent: Option<i64>,
    pub path: String,
}

impl Place {
    pub(in crate::oracle) fn child(&self, resource: &'static Resource, parent: i64) -> Self {
        Self { resource, parent: Some(parent), path: format!("{}/{}", self.path, resource.name) }
    }
}

/// A field with the value that it gets.
pub(in crate::oracle) type Change = (&'static Field, Value);

/// Writes what the record asks for, unless something about it adds a detail.
pub(in crate::oracle) async fn apply(
    transaction: &mut Transaction,
    stamp: &Stamp,
    place: &Place,
    current: &Item,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    let resource = place.resource;
    if sent_version(record).is_some_and(|version| version != current.version) {
        return Err(stale(current, &place.path));
    }
    change_rules::is_open(transaction, resource, current, place.parent).await?;
    let mut changes = changed_fields(current, record, details, &place.path);
    change_rules::check(transaction, place, Some(current), &changes, details).await?;
    if !details.is_empty() {
        return Ok(());
    }
    changes.extend(change_rules::derived(resource, Some(current), &changes));
    // The only status that a person sets is the one that hands the batch over.
    let pass = match changes.iter().any(|(field, _)| field.name == "BatchStatus") {
        true => Some(second_person::pass(transaction, stamp, current.id).await?),
        false => None,
    };
    if !changes.is_empty() {
        if !write(transaction, resource, current, &changes, stamp).await? {
            return Err(stale(current, &place.path));
        }
        let subject = Subject {
            resource: resource.schema.resource,
            id: current.id,
            key: &current.key,
            version: current.version + 1,
        };
        let changed = changes.iter().map(|(field, value)| (field.name, current.value(field.name), value));
        history::add(transaction, stamp, subject, changed).await?;
        follow_up(transaction, stamp, place, &changes, current.value("UsageBatchId")).await?;
        if let Some(pass) = pass {
            submission::hand_over(transaction, stamp, current.id, pass).await?;
        }
    }
    apply_children(transaction, stamp, place, current.id, record, details).await
}

/// What a change of these fields brings with it elsewhere.
pub(in crate::oracle) async fn follow_up(
    transaction: &mut Transaction,
    stamp: &Stamp,
    place: &Place,
    changes: &[Change],
    batch_id: &Value,
) -> Result<(), Refusal> {
    for (field, value) in changes {
        let list = match field.name {
            "Error" => batch_parts::ERRORS,
            "FileName" => batch_parts::FILES,
            _ => continue,
        };
        if let (Some(text), Some(batch_id)) = (value.as_text(), batch_id.as_integer()) {
            batch_parts::note(transaction, stamp, list, batch_id, text).await?;
        }
    }
    if let (true, Some(event_id)) = (resource_moves_its_event(place.resource), place.parent) {
        event_has_moved(transaction, stamp, event_id).await?;
    }
    Ok(())
}

/// An event whose amounts have moved has changed: its version goes up with every change of a charge.
/// What a message says moves nothing.
pub(in crate::oracle) fn resource_moves_its_event(resource: &Resource) -> bool {
    resource.table == "usage_charges"
}

/// Gives the event a new version, because one of its charges was made, changed or deleted.
pub(in crate::oracle) async fn event_has_moved(
    transaction: &mut Transaction,
    stamp: &Stamp,
    event_id: i64,
) -> Result<(), Refusal> {
    let mut sql = Statement::new("UPDATE usage_events SET ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE event_id = ").bind(Parameter::Integer(event_id));
    sql.execute(transaction).await?;
    Ok(())
}

/// Changes or adds the nested children of an item that stands.
async fn apply_children(
    transaction: &mut Transaction,
    stamp: &Stamp,
    place: &Place,
    id: i64,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    for child in place.resource.children {
        let place = place.child(child, id);
        for nested in record.children(child.name).unwrap_or_default() {
            let current = match key_of(child, nested) {
                Some(condition) => match item::find_by(transaction, child, Some(id), condition).await? {
                    None if child.natural_key == "UsageMessageId" => {
                        let text = "There is no such message at the event.".to_owned();
                        details.push(detail_of(
                            code::INVALID_VALUE,
                            format!("{}/UsageMessageId", place.path),
                            text,
                        ));
                        continue;
                    }
                    found => found,
                },
                None => None,
            };
            match current {
                Some(current) => {
                    Box::pin(apply(transaction, stamp, &place, &current, nested, details)).await?;
                }
                None => {
                    create::insert(transaction, stamp, &place, nested, details).await?;
                }
            }
        }
    }
    Ok(())
}

/// The key field that a nested child carries: its natural key, or its id.
pub(in crate::oracle) fn key_of<'a>(
    resource: &'static Resource,
    record: &'a Record,
) -> Option<(&'static Field, &'a Value)> {
    let id = resource.id_field()?;
    let natural = resource.schema.field(resource.natural_key);
    [natural, Some(id)].into_iter().flatten().find_map(|field| {
        let value = record.get(field.name).filter(|value| **value != Value::Null && !is_blank(value))?;
        Some((field, value))
    })
}

/// Whether nobody can see the text, or say it in an address: as a key it is none.
pub(super) fn is_blank(value: &Value) -> bool {
    value.as_text().is_some_and(rest_contract::is_blank)
}

fn sent_version(record: &Record) -> Option<i64> {
    let field = record.schema().fields.iter().find(|field| field.access == Access::Version)?;
    record.get(field.name)?.as_integer()
}

/// An empty text is null, as in the vendor's database.
pub(in crate::oracle) fn of_database(value: &Value) -> Value {
    match value.as_text() {
        Some("") => Value::Null,
        _ => value.clone(),
    }
}

/// The sent fields whose value differs from the current one. Digits count: 1.50 is not 1.5 here.
/// A field that can be given on creation only may be repeated, not changed.
fn changed_fields(current: &Item, sent: &Record, details: &mut Vec<ErrorDetail>, path: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for (field, value) in sent.present() {
        let value = of_database(value);
        let differs = stored(&value) != stored(current.value(field.name));
        match field.access {
            Access::Writable if differs => changes.push((field, value)),
            Access::CreateOnly if differs && value != Value::Null => {
                let text = format!("{} cannot be changed.", field.name);
                let path = format!("{path}/{}", field.name);
                if !details.iter().any(|detail| detail.path.as_ref() == Some(&path)) {
                    details.push(detail_of(code::NOT_UPDATABLE, path, text));
                }
            }
            _ => {}
        }
    }
    changes
}

pub(in crate::oracle) fn matches_version(current: &Item, headers: &HeaderMap) -> bool {
    match &current.indicator {
        Some(indicator) => indicator.satisfies_if_match(headers),
        None => !headers.contains_key(header::IF_MATCH),
    }
}

fn stale(current: &Item, path: &str) -> Refusal {
    let text = format!(
        "The record was changed by {} at {} after it was read; its version is now {}.",
        current.value("LastUpdatedBy"),
        current.value("LastUpdateDate"),
        current.version
    );
    Refusal::bad_request(code::STALE_ROW, format!("{path}/ObjectVersionNumber"), text)
}

/// Writes the changes if the row still has the version that they are based on; says whether it had.
async fn write(
    transaction: &mut Transaction,
    resource: &'static Resource,
    current: &Item,
    changes: &[Change],
    stamp: &Stamp,
) -> Result<bool, Refusal> {
    let mut sql = Statement::new(&format!("UPDATE {} SET ", resource.table));
    for (field, value) in changes {
        sql.push(&column_name(field.name)).push(" = ").bind(stored(value)).push(", ");
    }
    stamp.push_new_version(&mut sql);
    sql.push(&format!(" WHERE {} = ", resource.id_column)).bind(Parameter::Integer(current.id));
    sql.push(" AND object_version_number = ").bind(Parameter::Integer(current.version));
    Ok(sql.execute(transaction).await? == 1)
}
