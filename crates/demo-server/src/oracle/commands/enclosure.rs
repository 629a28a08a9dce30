//! Large texts (LOB attributes): base64 among an item's fields, raw at `enclosure/{field}`, where they
//! can be read, replaced (PUT) and emptied (DELETE).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use rest_contract::{Record, Value};

use crate::database::{Connection, Transaction};
use crate::oracle::commands::change::{self, Place};
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::item;
use crate::oracle::records::large_text::{decode_large, encode_large};
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;

pub(in crate::oracle) async fn read(
    exchange: &Exchange,
    snapshot: &mut Connection,
    key: &str,
    field: &str,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let parent = exchange.find_parent(snapshot).await?;
    let found = item::find(snapshot, resource, parent, key, &Selection::whole(resource)).await?;
    let item = found.ok_or_else(|| missing(resource, key))?;
    let text = item.value(field).as_text().map(|text| decode_large(text).unwrap_or_else(|| text.to_owned()));
    let text =
        text.ok_or_else(|| Refusal::not_found(format!("The {field} of the {} \"{key}\"", resource.noun)))?;
    let media_type = match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) if field.ends_with("Json") => "application/json",
        _ => "text/plain;charset=UTF-8",
    };
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(response)
}

/// Replaces the text; without one, empties the field.
pub(in crate::oracle) async fn replace(
    exchange: &Exchange,
    transaction: &mut Transaction,
    key: &str,
    field: &str,
    text: Option<&[u8]>,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let whole = Selection::whole(resource);
    let parent = exchange.find_parent(transaction).await?;
    let found = item::find(transaction, resource, parent, key, &whole).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    if let Some(response) = exchange.precondition_failed(transaction, parent, &current, &whole).await? {
        return Ok(response);
    }
    let value = match text.map(std::str::from_utf8) {
        None => Value::Null,
        Some(Ok(text)) => Value::Text(encode_large(text)),
        Some(Err(_)) => {
            let detail = format!("{field} must be a text in UTF-8.");
            return Err(Refusal::bad_request(code::INVALID_VALUE, format!("/{field}"), detail));
        }
    };
    let mut record = Record::new(resource.schema);
    if !record.set(field, value) {
        return Err(Refusal::internal(&format!("{} has no field {field}", resource.name)));
    }
    let mut details = Vec::new();
    let place = Place { resource, parent, path: String::new() };
    change::apply(transaction, &exchange.stamp(), &place, &current, &record, &mut details).await?;
    if !details.is_empty() {
        return Err(Refusal::of_details(details));
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
