//! One resource instance: typed values for the fields that the schema names, everything else kept
//! as it came.

use crate::link::Link;
use crate::raw_entries::RawEntries;
use crate::schema::{Field, FieldProblem, Schema};
use crate::value::Value;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// A resource instance, or the part of one that a request carries. A field may be absent, null or
/// a value; the three are told apart, because a PATCH means something different by each.
#[derive(Clone, Debug)]
pub struct Record {
    schema: &'static Schema,
    values: Vec<Option<Value>>,
    unknown: Vec<(String, Box<RawValue>)>,
    children: Vec<(&'static str, Vec<Record>)>,
    pub links: Vec<Link>,
}

/// A field that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name on the wire; a nested one has its member before it (`usageCharges/BilledAmount`).
    pub field: String,
    pub problem: FieldProblem,
}

/// Why a text is not a record of the schema. All bad fields are reported, not only the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON, or not of the shape due; the text says where.
    Malformed(String),
    Fields(Vec<FieldFault>),
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => out.write_str(reason),
            Self::Fields(faults) => {
                for (index, fault) in faults.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(out, "{separator}{} {}", fault.field, fault.problem)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ReadError {}

impl Record {
    /// A record without any field.
    pub fn new(schema: &'static Schema) -> Self {
        Self {
            schema,
            values: vec![None; schema.fields.len()],
            unknown: Vec::new(),
            children: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Reads one JSON object.
    pub fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        let entries: RawEntries<'_> = serde_json::from_slice(body).map_err(malformed)?;
        Self::from_entries(schema, entries)
    }

    pub(crate) fn read_raw(schema: &'static Schema, raw: &RawValue) -> Result<Self, ReadError> {
        Self::read(schema, raw.get().as_bytes())
    }

    fn from_entries(schema: &'static Schema, RawEntries(entries): RawEntries<'_>) -> Result<Self, ReadError> {
        let mut record = Self::new(schema);
        let mut faults = Vec::new();
        for (name, raw) in entries {
            if let Some(at) = schema.position(&name) {
                let (Some(field), Some(slot)) = (schema.fields.get(at), record.values.get_mut(at)) else {
                    continue;
                };
                match field.read_token(raw.get()) {
                    Ok(value) => *slot = Some(value),
                    Err(problem) => faults.push(FieldFault { field: name.into_owned(), problem }),
                }
            } else if name == "links" {
                record.links = serde_json::from_str(raw.get()).map_err(malformed)?;
            } else if let Some((member, child)) = schema.child(&name) {
                match read_children(child, raw) {
                    Ok(children) => record.children.push((member, children)),
                    Err(ReadError::Fields(nested)) => faults.extend(nested.into_iter().map(|fault| {
                        FieldFault { field: format!("{member}/{}", fault.field), problem: fault.problem }
                    })),
                    Err(other) => return Err(other),
                }
            } else {
                record.unknown.push((name.into_owned(), raw.to_owned()));
            }
        }
        if faults.is_empty() { Ok(record) } else { Err(ReadError::Fields(faults)) }
    }

    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// The field's value, null included; nothing where the field is absent or the schema has none
    /// of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(self.schema.position(name)?)?.as_ref()
    }

    /// The field's text, or nothing where it is absent, null or no text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// Puts a value into a field. Says no (and changes nothing) where the schema has no such field.
    #[must_use = "a field that the schema does not name is not set"]
    pub fn set(&mut self, name: &str, value: Value) -> bool {
        let slot = self.schema.position(name).and_then(|at| self.values.get_mut(at));
        slot.map(|slot| *slot = Some(value)).is_some()
    }

    /// The fields that are present, with their values.
    pub fn present(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        let fields: &'static [Field] = self.schema.fields;
        fields.iter().zip(&self.values).filter_map(|(field, value)| Some((field, value.as_ref()?)))
    }

    /// Members that the schema does not name, as they came.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.unknown.iter().map(|(name, raw)| (name.as_str(), &**raw))
    }

    /// A nested collection; nothing where the answer did not carry it.
    pub fn children(&self, member: &str) -> Option<&[Record]> {
        self.children.iter().find(|(name, _)| *name == member).map(|(_, records)| records.as_slice())
    }

    /// Nests a collection. Says no where the schema has no such child.
    #[must_use = "a child that the schema does not name is not set"]
    pub fn set_children(&mut self, member: &str, records: Vec<Record>) -> bool {
        let Some((name, _)) = self.schema.child(member) else { return false };
        self.children.retain(|(existing, _)| *existing != name);
        self.children.push((name, records));
        true
    }

    /// The item's version: the `changeIndicator` of its `self` link.
    pub fn change_indicator(&self) -> Option<&str> {
        let own = self.links.iter().find(|link| link.rel == "self")?;
        own.properties.as_ref()?.change_indicator.as_deref()
    }

    /// The path key's text.
    pub fn key(&self) -> Option<String> {
        match self.get(self.schema.key)? {
            Value::Null => None,
            value => Some(value.to_string()),
        }
    }
}

/// Present fields in the schema's order, then nested collections as bare arrays, unknown members,
/// and links where there are any.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.present() {
            map.serialize_entry(field.name, value)?;
        }
        for (member, records) in &self.children {
            map.serialize_entry(member, records)?;
        }
        for (name, raw) in &self.unknown {
            map.serialize_entry(name, raw)?;
        }
        if !self.links.is_empty() {
            map.serialize_entry("links", &self.links)?;
        }
        map.end()
    }
}

/// A nested collection: a bare array under framework versions 1 and 2, an object with `items` from
/// version 3 on.
fn read_children(schema: &'static Schema, raw: &RawValue) -> Result<Vec<Record>, ReadError> {
    #[derive(Deserialize)]
    struct Items<'a> {
        #[serde(borrow, default)]
        items: Vec<&'a RawValue>,
    }
    let items = if raw.get().starts_with('[') {
        serde_json::from_str::<Vec<&RawValue>>(raw.get()).map_err(malformed)?
    } else {
        serde_json::from_str::<Option<Items<'_>>>(raw.get())
            .map_err(malformed)?
            .map(|of| of.items)
            .unwrap_or_default()
    };
    items.into_iter().map(|item| Record::read_raw(schema, item)).collect()
}

pub(crate) fn malformed(error: serde_json::Error) -> ReadError {
    ReadError::Malformed(error.to_string())
}
