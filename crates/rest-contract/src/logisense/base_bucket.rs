//! The resources themselves.

use chrono::{DateTime, Utc};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::instant;
use crate::schema::{Access, Field, Kind, Schema};

/// The fields of a base bucket, with the limits that this project's server puts on them: the vendor
/// states none.
pub static BASE_BUCKET: Schema = Schema {
    resource: "Usage/Bucket/Base",
    key: "identity",
    fields: &[
        field("end", Kind::DateTime, None, Access::Writable, "End"),
        field("identity", Kind::Int64, None, Access::ReadOnly, "Identifier"),
        field("name", Kind::Text, Some(255), Access::Writable, "Name"),
        field("ownerId", Kind::Int64, None, Access::ReadOnly, "Owner identifier"),
        field("ownerName", Kind::Text, None, Access::ReadOnly, "Owner"),
        field("retired", Kind::Boolean, None, Access::Writable, "Retired"),
        field("start", Kind::DateTime, None, Access::Writable, "Start"),
        field("usageBucketBaseUnitId", Kind::Int64, None, Access::Writable, "Unit identifier"),
        field("usageBucketBaseUnitName", Kind::Text, None, Access::ReadOnly, "Unit"),
    ],
    children: &[],
};

const fn field(
    name: &'static str,
    kind: Kind,
    max_length: Option<u16>,
    access: Access,
    title: &'static str,
) -> Field {
    Field { name, kind, max_length, access, title, lookup: None }
}

/// `UsageBucketBase`: what a usage bucket's amount is measured in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseBucket {
    pub identity: i64,
    pub owner_id: Option<i64>,
    pub owner_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The vendor calls it unused.
    #[serde(default, with = "instant")]
    pub start: Option<DateTime<Utc>>,
    /// Set when the bucket is retired.
    #[serde(default, with = "instant")]
    pub end: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "or_default")]
    pub retired: bool,
    pub usage_bucket_base_unit_id: Option<i64>,
    pub usage_bucket_base_unit_name: Option<String>,
    /// Only where details were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub details: Option<Details>,
}

/// The rows that scope a base bucket. On the wire null for none, an object for one, an array for
/// several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(pub Vec<BaseBucketDetail>);

/// `UsageBucketBaseDetail`: a usage class, a location or a group of locations that a base bucket
/// covers, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseBucketDetail {
    pub identity: i64,
    pub usage_bucket_base_id: Option<i64>,
    pub usage_bucket_base_name: Option<String>,
    pub usage_class_id: Option<i64>,
    pub usage_class_name: Option<String>,
    pub geo_tree_location_id: Option<i64>,
    pub geo_tree_location_name: Option<String>,
    /// Whether what is named is left out rather than covered.
    #[serde(default, deserialize_with = "or_default")]
    pub exclude: bool,
    pub geo_tree_location_group_id: Option<i64>,
    pub geo_tree_location_group_name: Option<String>,
}

/// `UsageBucketBaseUnit`: count, data, time. Made by the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseUnit {
    pub identity: i64,
    pub usage_base_unit_id: Option<i64>,
    pub usage_base_unit_name: Option<String>,
    pub name: String,
    pub description: Option<String>,
    pub sort_order: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    pub visible: bool,
    /// Whether a base bucket may have this unit.
    #[serde(default, deserialize_with = "or_default")]
    pub is_base_bucket_eligible: bool,
}

/// `UsageBucket`, as far as it is needed to know what a base bucket is used by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageBucket {
    pub identity: i64,
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub prorate: bool,
    pub usage_bucket_base_unit_id: Option<i64>,
    pub usage_bucket_base_unit_name: Option<String>,
    /// This project's own: the base buckets whose usage counts towards the bucket.
    #[serde(default)]
    pub usage_bucket_base_ids: Vec<i64>,
}

/// An entry of a list to choose from: usage classes, locations, groups of locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    pub identity: i64,
    pub name: String,
}

/// What to write of a base bucket. An absent member leaves the field as it is; null empties an
/// instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseBucketChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", with = "instant::optional")]
    pub start: Option<Option<DateTime<Utc>>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "instant::optional")]
    pub end: Option<Option<DateTime<Utc>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_bucket_base_unit_id: Option<i64>,
}

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [] => to.serialize_none(),
            [one] => one.serialize(to),
            several => several.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let token = Box::<RawValue>::deserialize(from)?;
        let text = token.get();
        let rows = match text.as_bytes().first() {
            Some(b'n') => Ok(Vec::new()),
            Some(b'[') => serde_json::from_str(text),
            _ => serde_json::from_str(text).map(|one| vec![one]),
        };
        rows.map(Self).map_err(D::Error::custom)
    }
}

/// A member that stands there is told apart from an absent one, null though it be.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Details>, D::Error> {
    Details::deserialize(from).map(Some)
}

/// Null where the vendor does not say whether it can be.
fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}
