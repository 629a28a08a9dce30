//! `dependency=Attribute=value,...` on GET of an item (Oracle REST, "Get"): the item as it would be with
//! these values, with everything that follows from them. What is not allowed is refused as a PATCH of it
//! would be, and nothing of it stays.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use rest_contract::{Access, Kind};
use serde_json::value::{RawValue, to_raw_value};

use crate::database::Transaction;
use crate::oracle::commands::change::{self, Place};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::protocol::sent_record::{Purpose, SentRecord};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::item;
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;
use crate::oracle::schema::resource::Resource;

pub(in crate::oracle) const PARAMETER: &str = "dependency";

/// Changes the item within the transaction, which the caller must not commit, and answers it.
pub(in crate::oracle) async fn item(
    exchange: &Exchange,
    transaction: &mut Transaction,
    key: &str,
    dependency: &str,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let selection = Selection::of(resource, &exchange.parameters)?;
    let sent = SentRecord::read(resource.schema, &body_of(resource, dependency)?, Purpose::Change)?;
    let parent = exchange.find_parent(transaction).await?;
    let found = item::find(transaction, resource, parent, key, &Selection::whole(resource)).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    let mut details = sent.faults;
    let place = Place { resource, parent, path: String::new() };
    change::apply(transaction, &exchange.stamp(), &place, &current, &sent.record, &mut details).await?;
    if !details.is_empty() {
        return Err(Refusal::of_details(details));
    }
    let previewed = item::find(transaction, resource, parent, key, &selection).await?;
    let mut previewed = previewed.ok_or_else(|| missing(resource, key))?;
    // Its version is still the one that a change would have to be based on.
    previewed.indicator.clone_from(&current.indicator);
    for (field, value) in &mut previewed.values {
        if field.access == Access::Version {
            *value = current.value(field.name).clone();
        }
    }
    Ok(exchange.item_response(StatusCode::OK, &previewed, Some(&selection)))
}

/// The body of the PATCH that would set these values.
fn body_of(resource: &Resource, dependency: &str) -> Result<Vec<u8>, Refusal> {
    if !resource.writes.change {
        let detail = format!("nothing of {} can be changed", resource.name);
        return Err(Refusal::invalid_query(PARAMETER, detail));
    }
    let mut members = BTreeMap::new();
    for pair in dependency.split(',').filter(|pair| !pair.trim().is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(field) = resource.schema.field(name.trim()) else {
            let detail = format!("\"{}\" is not an attribute of {}", name.trim(), resource.name);
            return Err(Refusal::invalid_query(PARAMETER, detail));
        };
        let value = token_of(field.kind, value.trim().trim_matches(['"', '\'']));
        members.insert(field.name, value.map_err(|reason| Refusal::internal(&reason))?);
    }
    serde_json::to_vec(&members).map_err(|reason| Refusal::internal(&reason))
}

/// A value as a body carries it, to the last digit. What does not fit the kind goes as a text, and is told
/// as such.
fn token_of(kind: Kind, value: &str) -> serde_json::Result<Box<RawValue>> {
    let is_bare = match kind {
        Kind::Int32 | Kind::Int64 | Kind::Decimal => {
            serde_json::from_str::<serde_json::Number>(value).is_ok()
        }
        Kind::Boolean => serde_json::from_str::<bool>(value).is_ok(),
        Kind::Text | Kind::Date | Kind::DateTime => false,
    };
    match value {
        "" => RawValue::from_string("null".to_owned()),
        bare if is_bare => RawValue::from_string(bare.to_owned()),
        text => to_raw_value(text),
    }
}
