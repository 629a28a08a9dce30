//! Writes items and collections as the framework's JSON, every digit as it is stored.

use std::io::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rest_contract::Value;

use crate::oracle::protocol::framework_version::FrameworkVersion;
use crate::oracle::query::selection::{LinkChoice, Selection};
use crate::oracle::records::item::{Item, Items};
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::list_of_values;

/// Everything but the unreserved characters of RFC 3986.
const KEY_CHARACTERS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A key as one segment of a path.
pub(in crate::oracle) fn path_segment(key: &str) -> String {
    utf8_percent_encode(key, KEY_CHARACTERS).to_string()
}

/// Where an item or collection stands, for its links.
#[derive(Clone, Debug)]
pub(in crate::oracle) struct Place<'a> {
    /// `http://host/crmRestApi/resources/11.13.18.05`
    pub base: &'a str,
    /// The address of the collection.
    pub collection: String,
    /// The parent item's address and resource name.
    pub parent: Option<(String, &'static str)>,
}

impl<'a> Place<'a> {
    pub(in crate::oracle) fn item(&self, key: &str) -> String {
        format!("{}/{}", self.collection, path_segment(key))
    }

    fn child(&self, resource: &Resource, key: &str, child: &Resource) -> Place<'a> {
        let item = self.item(key);
        Place {
            base: self.base,
            collection: format!("{item}/child/{}", child.name),
            parent: Some((item, resource.name)),
        }
    }
}

/// Appends an item's JSON object.
pub(in crate::oracle) fn write_item(
    out: &mut Vec<u8>,
    resource: &'static Resource,
    item: &Item,
    selection: &Selection,
    place: &Place<'_>,
    version: FrameworkVersion,
) {
    let mut members = Members::begin(out);
    for (field, value) in &item.values {
        write_value(members.name(field.name), value);
    }
    for (child, items) in &item.children {
        let Some((_, inner)) = selection.children.iter().find(|(one, _)| one.name == child.name) else {
            continue;
        };
        let inner_place = place.child(resource, &item.key, child);
        let out = members.name(child.name);
        if version.has_child_collections() {
            write_collection(out, child, items, None, inner, &inner_place, version);
        } else {
            write_array(out, child, items, inner, &inner_place, version);
        }
    }
    if selection.links != LinkChoice::None {
        write_item_links(members.name("links"), resource, item, &selection.links, place);
    }
    members.end();
}

/// Appends a collection object.
pub(in crate::oracle) fn write_collection(
    out: &mut Vec<u8>,
    resource: &'static Resource,
    items: &Items,
    total: Option<i64>,
    selection: &Selection,
    place: &Place<'_>,
    version: FrameworkVersion,
) {
    let mut members = Members::begin(out);
    write_array(members.name("items"), resource, items, selection, place, version);
    if let Some(total) = total {
        write_plain(members.name("totalResults"), total);
    }
    write_plain(members.name("count"), items.items.len());
    write_plain(members.name("hasMore"), items.has_more);
    write_plain(members.name("limit"), items.page.limit);
    write_plain(members.name("offset"), items.page.offset);
    let mut links = Links::begin(members.name("links"), &selection.links);
    links.add("self", &place.collection, resource.name, "collection", None);
    if let Some((parent, name)) = &place.parent {
        links.add("parent", parent, name, "item", None);
    }
    links.end();
    members.end();
}

fn write_array(
    out: &mut Vec<u8>,
    resource: &'static Resource,
    items: &Items,
    selection: &Selection,
    place: &Place<'_>,
    version: FrameworkVersion,
) {
    out.push(b'[');
    for (index, item) in items.items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_item(out, resource, item, selection, place, version);
    }
    out.push(b']');
}

fn write_item_links(
    out: &mut Vec<u8>,
    resource: &'static Resource,
    item: &Item,
    choice: &LinkChoice,
    place: &Place<'_>,
) {
    let own = place.item(&item.key);
    let mut links = Links::begin(out, choice);
    let indicator = item.indicator.as_ref().map(|indicator| indicator.text());
    links.add("self", &own, resource.name, "item", indicator.as_deref());
    links.add("canonical", &own, resource.name, "item", None);
    if let Some((parent, name)) = &place.parent {
        links.add("parent", parent, name, "item", None);
    }
    for (field, name) in resource.lists_of_values {
        let Some(lookup) = resource.schema.field(field).and_then(|field| field.lookup) else { continue };
        let (list, query) = list_of_values(lookup);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        links.add("lov", &format!("{}/{}{query}", place.base, list.name), name, "collection", None);
    }
    for child in resource.children {
        links.add("child", &format!("{own}/child/{}", child.name), child.name, "collection", None);
    }
    for field in resource.enclosures {
        links.add("enclosure", &format!("{own}/enclosure/{field}"), field, "other", None);
    }
    for action in resource.actions {
        links.add("action", &format!("{own}/action/{action}"), action, "other", None);
    }
    links.end();
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null | Value::Unread(_) => out.extend_from_slice(b"null"),
        Value::Text(text) => write_text(out, text),
        Value::Decimal(number) => write_plain(out, number),
        Value::Integer(number) => write_plain(out, number),
        Value::Boolean(flag) => write_plain(out, flag),
        Value::DateTime(_) | Value::Date(_) => {
            out.push(b'"');
            write_plain(out, value);
            out.push(b'"');
        }
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing to a Vec cannot fail, and a str always serialises.
    let _ = serde_json::to_writer(out, text);
}

fn write_plain(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}");
}

/// A JSON object under construction.
struct Members<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Members<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        write_text(self.out, name);
        self.out.push(b':');
        self.out
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

struct Links<'a> {
    out: &'a mut Vec<u8>,
    choice: &'a LinkChoice,
    first: bool,
}

impl<'a> Links<'a> {
    fn begin(out: &'a mut Vec<u8>, choice: &'a LinkChoice) -> Self {
        out.push(b'[');
        Self { out, choice, first: true }
    }

    fn add(&mut self, relation: &str, href: &str, name: &str, kind: &str, indicator: Option<&str>) {
        if !self.choice.allows(relation) {
            return;
        }
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        let mut members = Members::begin(self.out);
        write_text(members.name("rel"), relation);
        write_text(members.name("href"), href);
        write_text(members.name("name"), name);
        write_text(members.name("kind"), kind);
        if let Some(indicator) = indicator {
            let mut properties = Members::begin(members.name("properties"));
            write_text(properties.name("changeIndicator"), indicator);
            properties.end();
        }
        members.end();
    }

    fn end(self) {
        self.out.push(b']');
    }
}
