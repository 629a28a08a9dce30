//! A page of a resource collection (Oracle REST, "Manage collections").

use crate::link::Link;
use crate::raw_entries::RawEntries;
use crate::record::{ReadError, Record, malformed};
use crate::schema::Schema;
use serde::Serialize;
use serde_json::value::RawValue;

/// One page. `limit` is the page size that the server really used, which can be less than what was
/// asked for; the next page begins at `offset + limit`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    pub items: Vec<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_results: Option<u64>,
    pub count: u64,
    pub has_more: bool,
    pub limit: u64,
    pub offset: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

impl Collection {
    /// Reads a page, item by item and field by field. Each item that was sent has its place among the
    /// items: what of it is not understood is among its [`faults`](Record::faults), and one that is no
    /// record has no field at all. What the page says of itself counts where it is understood.
    ///
    /// # Errors
    /// If the answer is no list: not JSON, without `items`, or without any and yet not the last.
    pub fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        let text = String::from_utf8_lossy(body);
        let RawEntries(members) = serde_json::from_str(&text).map_err(malformed)?;
        let member = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get());
        let number = |name: &str| member(name).and_then(|token| serde_json::from_str::<u64>(token).ok());
        let items = member("items")
            .ok_or_else(|| ReadError::Malformed("the answer has no list of items".to_owned()))?;
        let items: Vec<&RawValue> = serde_json::from_str(items).map_err(malformed)?;
        let items: Vec<_> = items.into_iter().map(|raw| Record::read_item(schema, raw)).collect();
        let count = items.len() as u64;
        if items.is_empty() && member("hasMore") == Some("true") {
            let words = "the page says that more items follow, and gives none";
            return Err(ReadError::Malformed(words.to_owned()));
        }
        Ok(Self {
            count,
            total_results: number("totalResults"),
            has_more: match member("hasMore") {
                None => false,
                // Where the word is not understood, the next page tells.
                Some(token) => serde_json::from_str(token).unwrap_or(count > 0),
            },
            limit: number("limit").unwrap_or(count),
            offset: number("offset").unwrap_or(0),
            links: member("links").and_then(|token| serde_json::from_str(token).ok()).unwrap_or_default(),
            items,
        })
    }
}
