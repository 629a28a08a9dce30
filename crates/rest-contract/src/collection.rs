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

/// A page whose items are not read yet: many of them take longer than a frame, so each can be read by itself.
#[derive(Debug)]
pub struct UnreadCollection<'a> {
    schema: &'static Schema,
    items: Vec<&'a RawValue>,
    pub total_results: Option<u64>,
    pub has_more: bool,
    limit: Option<u64>,
    offset: u64,
    links: Vec<Link>,
}

impl<'a> UnreadCollection<'a> {
    /// Reads what a page says of itself, where it is understood.
    ///
    /// # Errors
    /// If the answer is no list: not JSON, without `items`, or without any and yet not the last.
    pub fn read(schema: &'static Schema, text: &'a str) -> Result<Self, ReadError> {
        let RawEntries(members) = serde_json::from_str(text).map_err(malformed)?;
        let member = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get());
        let number = |name: &str| member(name).and_then(|token| serde_json::from_str::<u64>(token).ok());
        let items = member("items")
            .ok_or_else(|| ReadError::Malformed("the answer has no list of items".to_owned()))?;
        let items: Vec<&RawValue> = serde_json::from_str(items).map_err(malformed)?;
        if items.is_empty() && member("hasMore") == Some("true") {
            let words = "the page says that more items follow, and gives none";
            return Err(ReadError::Malformed(words.to_owned()));
        }
        Ok(Self {
            schema,
            total_results: number("totalResults"),
            has_more: match member("hasMore") {
                None => false,
                // Where the word is not understood, the next page tells.
                Some(token) => serde_json::from_str(token).unwrap_or(!items.is_empty()),
            },
            limit: number("limit"),
            offset: number("offset").unwrap_or(0),
            links: member("links").and_then(|token| serde_json::from_str(token).ok()).unwrap_or_default(),
            items,
        })
    }

    /// The items, each of which is read when it is asked for. Each that was sent has its place: what of it is
    /// not understood is among its [`faults`](Record::faults), and one that is no record has no field at all.
    pub fn items(&self) -> impl ExactSizeIterator<Item = Record> {
        self.items.iter().map(|raw| Record::read_item(self.schema, raw))
    }

    /// The page with its items, now that they are read.
    pub fn with(&self, items: Vec<Record>) -> Collection {
        let count = items.len() as u64;
        Collection {
            items,
            total_results: self.total_results,
            count,
            has_more: self.has_more,
            limit: self.limit.unwrap_or(count),
            offset: self.offset,
            links: self.links.clone(),
        }
    }
}

impl Collection {
    /// Reads a page with all of its items, as [`UnreadCollection`] says.
    ///
    /// # Errors
    /// If the answer is no list: not JSON, without `items`, or without any and yet not the last.
    pub fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        let text = String::from_utf8_lossy(body);
        let page = UnreadCollection::read(schema, &text)?;
        Ok(page.with(page.items().collect()))
    }
}
