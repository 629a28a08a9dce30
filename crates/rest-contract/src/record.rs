//! One resource instance: typed values for the fields that the schema names, everything else kept
//! as it came.

use crate::blank_text::is_blank;
use crate::link::Link;
use crate::raw_entries::RawEntries;
use crate::schema::{Field, FieldProblem, Schema};
use crate::value::Value;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
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
    faults: Vec<FieldFault>,
    /// The record as it came, where it has a fault.
    as_it_came: Option<Box<str>>,
    pub links: Vec<Link>,
}

/// A field that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name on the wire; a nested one has its member before it (`usageCharges/BilledAmount`).
    /// Empty where the whole item is meant.
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
            faults: Vec::new(),
            as_it_came: None,
            links: Vec::new(),
        }
    }

    /// Reads what a server sent: one JSON object. A field that is not understood does not take the
    /// record away: it holds [`Value::Unread`] and is among the [`faults`](Self::faults).
    ///
    /// # Errors
    /// If the body is no JSON object at all.
    pub fn read(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        Self::read_json(schema, &String::from_utf8_lossy(body))
    }

    /// Reads what is to be written. Nothing is taken that is not understood whole: every bad field, a text
    /// that is too long and a name that is given twice are refused, all of them named.
    ///
    /// # Errors
    /// If the body is no JSON object, or any of its fields is bad.
    pub fn read_strictly(schema: &'static Schema, body: &[u8]) -> Result<Self, ReadError> {
        let text = std::str::from_utf8(body).map_err(|error| ReadError::Malformed(error.to_string()))?;
        let mut record = Self::read_json(schema, text)?;
        record.add_limits("");
        if record.faults.is_empty() { Ok(record) } else { Err(ReadError::Fields(record.faults)) }
    }

    fn read_json(schema: &'static Schema, text: &str) -> Result<Self, ReadError> {
        let mut record = Self::from_entries(schema, serde_json::from_str(text).map_err(malformed)?);
        if !record.faults.is_empty() {
            record.as_it_came = Some(text.into());
        }
        Ok(record)
    }

    /// An item of a list as a record: one without any field where it is none.
    pub(crate) fn read_item(schema: &'static Schema, raw: &RawValue) -> Self {
        Self::read_token(schema, raw.get())
    }

    pub(crate) fn read_token(schema: &'static Schema, json: &str) -> Self {
        Self::read_json(schema, json).unwrap_or_else(|_| {
            let mut record = Self::new(schema);
            record.add_fault("", FieldProblem::NotARecord);
            record.as_it_came = Some(json.into());
            record
        })
    }

    /// Reads what was not understood once more, in a way of the caller's.
    pub(crate) fn read_again(&mut self, read: impl Fn(&Field, &str) -> Option<Value>) {
        let fields: &'static [Field] = self.schema.fields;
        for (field, slot) in fields.iter().zip(&mut self.values) {
            let Some(Value::Unread(token)) = slot else { continue };
            if let Some(value) = read(field, token) {
                *slot = Some(value);
                self.faults.retain(|fault| fault.field != field.name);
            }
        }
    }

    fn from_entries(schema: &'static Schema, RawEntries(entries): RawEntries<'_>) -> Self {
        let mut record = Self::new(schema);
        for (name, raw) in entries {
            if let Some((field, slot)) = schema.position(&name).and_then(|at| {
                let fields: &'static [Field] = schema.fields;
                fields.get(at).zip(record.values.get_mut(at))
            }) {
                let value = match slot {
                    Some(_) => Err(FieldProblem::Doubled),
                    None => field.read_token(raw.get()),
                };
                match value {
                    Ok(value) => *slot = Some(value),
                    Err(problem) => {
                        *slot = Some(Value::Unread(raw.get().to_owned()));
                        record.add_fault(field.name, problem);
                    }
                }
            } else if name == "links" {
                record.links = read_links(raw);
            } else if let Some((member, child)) = schema.child(&name) {
                match read_children(child, raw) {
                    Some((children, is_whole)) => {
                        if !is_whole {
                            record.add_fault(member, FieldProblem::NotWhole);
                        }
                        for fault in children.iter().flat_map(|child| &child.faults) {
                            let field = format!("{member}/{}", fault.field);
                            record.faults.push(FieldFault { field, problem: fault.problem });
                        }
                        let is_new =
                            record.children(member).is_none() && record.set_children(member, children);
                        if !is_new {
                            record.add_fault(member, FieldProblem::Doubled);
                        }
                    }
                    None => record.add_fault(member, FieldProblem::NotAList),
                }
            } else if record.unknown.iter().any(|(known, _)| *known == name) {
                record.add_fault(&name, FieldProblem::Doubled);
            } else {
                record.unknown.push((name.into_owned(), raw.to_owned()));
            }
        }
        record
    }

    fn add_fault(&mut self, field: &str, problem: FieldProblem) {
        self.faults.push(FieldFault { field: field.to_owned(), problem });
    }

    /// Adds what only matters for writing: texts that are too long, here and in nested records.
    fn add_limits(&mut self, path: &str) {
        let mut found = Vec::new();
        self.for_each_nested(path, &mut |path, record| {
            for (field, value) in record.present() {
                if let Err(problem @ FieldProblem::TooLong { .. }) = field.check(value) {
                    found.push(FieldFault { field: format!("{path}{}", field.name), problem });
                }
            }
        });
        self.faults.extend(found);
    }

    fn for_each_nested(&self, path: &str, visit: &mut impl FnMut(&str, &Record)) {
        visit(path, self);
        for (member, records) in &self.children {
            for record in records {
                record.for_each_nested(&format!("{path}{member}/"), visit);
            }
        }
    }

    /// The JSON of a record with a fault.
    pub fn as_it_came(&self) -> Option<&str> {
        self.as_it_came.as_deref()
    }

    /// What of the record was not understood, nested records included.
    pub fn faults(&self) -> &[FieldFault] {
        &self.faults
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

    /// The path key's text. A record without one cannot be identified, so nothing can be done to it; what
    /// nobody can see is none.
    pub fn key(&self) -> Option<String> {
        match self.get(self.schema.key)? {
            Value::Null | Value::Unread(_) => None,
            Value::Text(text) if is_blank(text) => None,
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
/// version 3 on; with LogiSense a bare object where there is one. Beside the records whether they are all
/// that there are. Nothing where it is none of them.
fn read_children(schema: &'static Schema, raw: &RawValue) -> Option<(Vec<Record>, bool)> {
    let (items, is_whole) = match raw.get().as_bytes().first()? {
        b'[' => (serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok()?, true),
        b'n' => (Vec::new(), true),
        _ => {
            let RawEntries(members) = serde_json::from_str(raw.get()).ok()?;
            let member =
                |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get());
            match member("items") {
                Some(items) => {
                    let items: Vec<&RawValue> =
                        serde_json::from_str::<Option<_>>(items).ok()?.unwrap_or_default();
                    let is_more = |name: &str| {
                        let number = member(name).and_then(|token| serde_json::from_str::<u64>(token).ok());
                        number.is_some_and(|number| number > items.len() as u64)
                    };
                    // A word that is not understood may say that more follow.
                    let is_last = matches!(member("hasMore"), None | Some("false" | "null"));
                    let is_whole = is_last && !is_more("count") && !is_more("totalResults");
                    (items, is_whole)
                }
                None => (vec![raw], true),
            }
        }
    };
    Some((items.into_iter().map(|item| Record::read_item(schema, item)).collect(), is_whole))
}

/// The links that are understood. One that is not leads nowhere, and a record whose version stood in it
/// has none: it cannot be changed.
fn read_links(raw: &RawValue) -> Vec<Link> {
    let links: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    links.into_iter().filter_map(|link| serde_json::from_str(link.get()).ok()).collect()
}

pub(crate) fn malformed(error: serde_json::Error) -> ReadError {
    ReadError::Malformed(error.to_string())
}
