//! A page of a resource collection (Oracle REST, "Manage collections").

use crate::link::Link;
use crate::record::{ReadError, Record, malformed};
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
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
    /// Reads a page. A bad field in any of its items fails the page and names item and field: a
    /// page with a row left out would look complete.
    pub fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            #[serde(borrow)]
            items: Vec<&'a RawValue>,
            total_results: Option<u64>,
            #[serde(default)]
            has_more: bool,
            limit: Option<u64>,
            #[serde(default)]
            offset: u64,
            #[serde(default)]
            links: Vec<Link>,
        }
        let wire: Wire<'_> = serde_json::from_slice(body).map_err(malformed)?;
        let mut items = Vec::with_capacity(wire.items.len());
        for (index, raw) in wire.items.into_iter().enumerate() {
            let item = Record::read_raw(schema, raw).map_err(|error| match error {
                ReadError::Malformed(reason) => ReadError::Malformed(format!("item {index}: {reason}")),
                ReadError::Fields(mut faults) => {
                    for fault in &mut faults {
                        fault.field = format!("item {index}: {}", fault.field);
                    }
                    ReadError::Fields(faults)
                }
            })?;
            items.push(item);
        }
        let count = items.len() as u64;
        Ok(Self {
            items,
            total_results: wire.total_results,
            count,
            has_more: wire.has_more,
            limit: wire.limit.unwrap_or(count),
            offset: wire.offset,
            links: wire.links,
        })
    }
}
