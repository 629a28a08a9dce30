//! What every answer is wrapped in. `trackingId` names the call in the vendor's log of calls, and
//! belongs beside every error that a person is shown.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// GET of a whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemList<T> {
    #[serde(default)]
    pub tracking_id: String,
    /// Advisory: the vendor's own sample counts four and shows three.
    pub total_count: Option<i64>,
    #[serde(deserialize_with = "understood", bound(deserialize = "T: DeserializeOwned"))]
    pub items: Vec<T>,
}

/// GET of a page, and the answer to a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PagedItems<T> {
    #[serde(default)]
    pub tracking_id: String,
    pub pagination: Pagination,
    pub paged_results: PagedResults<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PagedResults<T> {
    /// Absent where the request excluded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    pub items: Vec<T>,
}

/// Which page: asked for in the request's `Pagination` header, told back in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pagination {
    /// From 1.
    pub page_number: i64,
    pub page_size: i64,
    pub exclude_total_count: bool,
}

impl Default for Pagination {
    fn default() -> Self {
        Self { page_number: 1, page_size: 20, exclude_total_count: false }
    }
}

/// GET of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Single<T> {
    #[serde(default)]
    pub tracking_id: String,
    pub instance: T,
}

/// The answer to a write. PATCH and DELETE have [`ResultItem`]s, POST and PUT [`WrittenItem`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Written<T> {
    #[serde(default)]
    pub tracking_id: String,
    /// `create`, `update`, `patch` or `delete`.
    #[serde(rename = "type")]
    pub kind: String,
    pub results: Results<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Results<T> {
    /// Advisory, as in a list.
    pub total_count: Option<i64>,
    pub items: Vec<T>,
}

/// One thing that a write did. An object has an `identity`, a link between two objects `lhsId` and
/// `rhsId`, an object that hung on another `foreignKeyIdentity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultItem<T> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lhs_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhs_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_key_identity: Option<i64>,
    /// `created`, `updated`, `deleted` or `detached`.
    pub action: String,
    pub dto_type_key: String,
    /// This project's own: the number that the request gave the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch_client_id: Option<i64>,
    /// Nothing as well where it came and is not understood: what was done is told all the same.
    #[serde(
        default = "none",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "if_understood",
        bound(deserialize = "T: DeserializeOwned")
    )]
    pub instance: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

fn if_understood<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    let token = Box::<RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(token.get()).ok())
}

/// The items that are understood: a list of names to choose from is still one without an odd entry.
fn understood<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Box<RawValue>>::deserialize(from)?;
    Ok(items.iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect())
}

/// What POST and PUT answer for an object: wrapped or bare, depending on the vendor's page and on
/// the request's `OutputFormat` header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum WrittenItem<T> {
    Wrapped(ResultItem<T>),
    Bare(T),
}

/// A refused request: every fault that was found, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    #[serde(default)]
    pub tracking_id: String,
    /// The kind of request: `read`, `create`, `update`, `patch` or `delete`.
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub errors: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub code: i64,
    pub message: String,
}
