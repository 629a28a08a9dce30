//! The resources themselves.

use chrono::{DateTime, Utc};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::instant;
use super::reading::CHILDREN;
use crate::record::Record;
use crate::schema::{Access, Field, Kind, Lookup, Schema};
use crate::value::Value;

/// LogiSense's lists that fields refer to, by their resources; their codes are identities.
pub const BASE_UNITS: Lookup = Lookup::Codes("Usage/Bucket/BaseUnit");
pub const USAGE_CLASSES: Lookup = Lookup::Codes("Usage/Class");
pub const LOCATIONS: Lookup = Lookup::Codes("GeoTree/Location");
pub const LOCATION_GROUPS: Lookup = Lookup::Codes("GeoTree/LocationGroup");

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
        chosen("usageBucketBaseUnitId", "Unit", BASE_UNITS),
        field("usageBucketBaseUnitName", Kind::Text, None, Access::ReadOnly, "Unit name"),
    ],
    children: &CHILDREN,
};

/// The fields of a row that scopes a base bucket.
pub static BASE_BUCKET_DETAIL: Schema = Schema {
    resource: "Usage/Bucket/BaseDetail",
    key: "identity",
    fields: &[
        field("exclude", Kind::Boolean, None, Access::Writable, "Left out"),
        chosen("geoTreeLocationGroupId", "Group of locations", LOCATION_GROUPS),
        field("geoTreeLocationGroupName", Kind::Text, None, Access::ReadOnly, "Group name"),
        chosen("geoTreeLocationId", "Location", LOCATIONS),
        field("geoTreeLocationName", Kind::Text, None, Access::ReadOnly, "Location name"),
        field("identity", Kind::Int64, None, Access::ReadOnly, "Identifier"),
        field("usageBucketBaseId", Kind::Int64, None, Access::CreateOnly, "Base bucket"),
        field("usageBucketBaseName", Kind::Text, None, Access::ReadOnly, "Base bucket name"),
        chosen("usageClassId", "Usage class", USAGE_CLASSES),
        field("usageClassName", Kind::Text, None, Access::ReadOnly, "Class name"),
    ],
    children: &[],
};

const fn chosen(name: &'static str, title: &'static str, lookup: Lookup) -> Field {
    Field { lookup: Some(lookup), ..field(name, Kind::Int64, None, Access::Writable, title) }
}

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

/// The fields as the record store and the screens take them.
impl From<&BaseBucket> for Record {
    fn from(bucket: &BaseBucket) -> Self {
        let instant = |at: Option<DateTime<Utc>>| at.map_or(Value::Null, Value::DateTime);
        record(
            &BASE_BUCKET,
            [
                ("end", instant(bucket.end)),
                ("identity", Value::Integer(bucket.identity)),
                ("name", Value::Text(bucket.name.clone())),
                ("ownerId", integer(bucket.owner_id)),
                ("ownerName", text(bucket.owner_name.as_ref())),
                ("retired", Value::Boolean(bucket.retired)),
                ("start", instant(bucket.start)),
                ("usageBucketBaseUnitId", integer(bucket.usage_bucket_base_unit_id)),
                ("usageBucketBaseUnitName", text(bucket.usage_bucket_base_unit_name.as_ref())),
            ],
        )
    }
}

impl From<&BaseBucketDetail> for Record {
    fn from(detail: &BaseBucketDetail) -> Self {
        record(
            &BASE_BUCKET_DETAIL,
            [
                ("exclude", Value::Boolean(detail.exclude)),
                ("geoTreeLocationGroupId", integer(detail.geo_tree_location_group_id)),
                ("geoTreeLocationGroupName", text(detail.geo_tree_location_group_name.as_ref())),
                ("geoTreeLocationId", integer(detail.geo_tree_location_id)),
                ("geoTreeLocationName", text(detail.geo_tree_location_name.as_ref())),
                ("identity", Value::Integer(detail.identity)),
                ("usageBucketBaseId", integer(detail.usage_bucket_base_id)),
                ("usageBucketBaseName", text(detail.usage_bucket_base_name.as_ref())),
                ("usageClassId", integer(detail.usage_class_id)),
                ("usageClassName", text(detail.usage_class_name.as_ref())),
            ],
        )
    }
}

fn record<const N: usize>(schema: &'static Schema, values: [(&'static str, Value); N]) -> Record {
    let mut record = Record::new(schema);
    for (name, value) in values {
        let is_field = record.set(name, value);
        debug_assert!(is_field, "{name} is a field");
    }
    record
}

fn integer(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Integer)
}

fn text(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.clone()))
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
