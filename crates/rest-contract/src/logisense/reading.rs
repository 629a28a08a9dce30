//! What LogiSense sends, read item by item and field by field: one odd value takes nothing else away.

use super::{BASE_BUCKET, BASE_BUCKET_DETAIL, instant};
use crate::raw_entries::RawEntries;
use crate::record::{ReadError, Record, malformed};
use crate::schema::{Kind, Schema};
use crate::value::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A list, or a page of one.
#[derive(Clone, Debug)]
pub struct BillingList {
    /// Each item in its place; one that cannot be identified has no key.
    pub items: Vec<Record>,
    /// How many a page holds, where the answer is one and tells it.
    pub page_size: Option<usize>,
    /// Advisory: the vendor's own sample counts four and shows three.
    pub total: Option<usize>,
}

/// Reads a list (`items`), or a page (`pagedResults`).
///
/// # Errors
/// If the answer is no list.
pub fn read_list(schema: &'static Schema, body: &[u8]) -> Result<BillingList, ReadError> {
    let text = String::from_utf8_lossy(body);
    let members = members(&text)?;
    let paged = find(&members, "pagedResults").map(self::members).transpose()?;
    let holder = paged.as_ref().unwrap_or(&members);
    let items = find(holder, "items")
        .ok_or_else(|| ReadError::Malformed("the answer has no list of items".to_owned()))?;
    let items: Vec<&RawValue> = serde_json::from_str(items).map_err(malformed)?;
    let pagination = find(&members, "pagination").and_then(|token| self::members(token).ok());
    let number = |token: &str| serde_json::from_str(token).ok();
    Ok(BillingList {
        page_size: pagination.as_ref().and_then(|page| find(page, "pageSize")).and_then(number),
        total: find(holder, "totalCount").and_then(number),
        items: items.into_iter().map(|item| read_item(schema, item.get())).collect(),
    })
}

/// Reads one instance (`instance`).
///
/// # Errors
/// If the answer holds none.
pub fn read_single(schema: &'static Schema, body: &[u8]) -> Result<Record, ReadError> {
    let text = String::from_utf8_lossy(body);
    let members = members(&text)?;
    let instance = find(&members, "instance")
        .ok_or_else(|| ReadError::Malformed("the answer has no instance".to_owned()))?;
    let record = read_item(schema, instance);
    match record.faults().iter().find(|fault| fault.field.is_empty()) {
        Some(_) => Err(ReadError::Fields(record.faults().to_vec())),
        None => Ok(record),
    }
}

/// The one object that a write answered, bare or wrapped; nothing where the answer holds none.
pub fn read_written(schema: &'static Schema, body: &[u8]) -> Option<Record> {
    #[derive(Deserialize)]
    struct Written<'a> {
        #[serde(borrow)]
        results: Results<'a>,
    }
    #[derive(Deserialize)]
    struct Results<'a> {
        #[serde(borrow)]
        items: Vec<&'a RawValue>,
    }
    let text = String::from_utf8_lossy(body);
    let written: Written<'_> = serde_json::from_str(&text).ok()?;
    let item = written.results.items.first()?.get();
    let members = members(item).ok()?;
    // A wrapping names what was done.
    let record = match (find(&members, "instance"), find(&members, "action")) {
        (Some(instance), _) => read_item(schema, instance),
        (None, Some(_)) => return None,
        (None, None) => read_item(schema, item),
    };
    record.key().map(|_| record)
}

/// One object. Members that are absent are what the vendor means by that, so that two readings of one object are
/// alike however they were written.
fn read_item(schema: &'static Schema, json: &str) -> Record {
    let mut record = Record::read_token(schema, json);
    // LogiSense writes instants without an offset as well, and means UTC.
    record.read_again(|field, token| {
        let text: String = (field.kind == Kind::DateTime).then(|| serde_json::from_str(token).ok())??;
        instant::read(&text).map(Value::DateTime)
    });
    if record.faults().iter().any(|fault| fault.field.is_empty()) {
        return record;
    }
    for field in schema.fields {
        if record.get(field.name).is_none_or(|value| *value == Value::Null) {
            let absent = match (field.kind, field.name) {
                (Kind::Boolean, _) => Value::Boolean(false),
                (_, "name") => Value::Text(String::new()),
                _ => Value::Null,
            };
            let is_field = record.set(field.name, absent);
            debug_assert!(is_field, "{} is a field", field.name);
        }
    }
    record
}

type Members<'a> = Vec<(std::borrow::Cow<'a, str>, &'a RawValue)>;

fn members(json: &str) -> Result<Members<'_>, ReadError> {
    serde_json::from_str(json).map(|RawEntries(members)| members).map_err(malformed)
}

fn find<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
    members.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get()).filter(|raw| *raw != "null")
}

/// A base bucket's rows as they came with it.
pub fn details_of(bucket: &Record) -> &[Record] {
    debug_assert!(std::ptr::eq(bucket.schema(), &BASE_BUCKET));
    bucket.children(DETAILS).unwrap_or_default()
}

/// The member that holds the rows of a base bucket: null for none, an object for one, an array for several.
pub(super) const DETAILS: &str = "details";
pub(super) static CHILDREN: [(&str, &Schema); 1] = [(DETAILS, &BASE_BUCKET_DETAIL)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logisense::content_version;

    fn bucket(json: &str) -> Record {
        let body = format!(r#"{{"trackingId":"t","instance":{json}}}"#);
        read_single(&BASE_BUCKET, body.as_bytes()).expect(json)
    }

    #[test]
    fn one_object_is_the_same_however_it_is_written() {
        let one = bucket(r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.000Z"}"#);
        for other in [
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00","retired":null,"end":null}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T01:00:00+01:00","retired":false,"ownerId":null}"#,
        ] {
            assert_eq!(content_version(&bucket(other)), content_version(&one), "{other}");
        }
        assert_eq!(one.get("retired"), Some(&Value::Boolean(false)));
        assert_eq!(bucket(r#"{"identity":1}"#).text("name"), Some(""));
    }

    #[test]
    fn rows_come_in_three_shapes() {
        let numbers = |details: &str| {
            let bucket = bucket(&format!(r#"{{"identity":1,"details":{details}}}"#));
            details_of(&bucket).iter().map(Record::key).collect::<Vec<_>>()
        };
        assert_eq!(numbers("null"), []);
        assert_eq!(numbers(r#"{"identity":3,"exclude":null}"#), [Some("3".to_owned())]);
        assert_eq!(numbers(r#"[{"identity":3},7]"#), [Some("3".to_owned()), None]);
    }

    #[test]
    fn one_odd_item_or_value_takes_nothing_else_away() {
        let body = br#"{"trackingId":7,"totalCount":"many","items":[{"identity":1,"name":"Data","start":"soon","retired":"no","usageBucketBaseUnitId":8},
            7,{"identity":"x","name":"No number"},{"identity":4,"details":"none"}]}"#;
        let list = read_list(&BASE_BUCKET, body).expect("a list");
        let keys: Vec<_> = list.items.iter().map(Record::key).collect();
        assert_eq!(keys, [Some("1".to_owned()), None, None, Some("4".to_owned())]);
        let first = &list.items[0];
        let unread: Vec<_> =
            first.present().filter(|(_, value)| value.is_unread()).map(|(field, _)| field.name).collect();
        assert_eq!((unread, first.text("name")), (vec!["retired", "start"], Some("Data")));
        let page = br#"{"pagination":{"pageNumber":1,"pageSize":500},"pagedResults":{"totalCount":2,"items":[{"identity":1}]}}"#;
        let page = read_list(&BASE_BUCKET, page).expect("a page");
        assert_eq!((page.items.len(), page.page_size, page.total), (1, Some(500), Some(2)));
        for body in ["[]", "{}", r#"{"items":7}"#, r#"{"pagedResults":[]}"#, "<html>"] {
            assert!(read_list(&BASE_BUCKET, body.as_bytes()).is_err(), "{body} is no list");
        }
        assert!(read_single(&BASE_BUCKET, br#"{"instance":7}"#).is_err());
    }

    #[test]
    fn what_was_written_is_found_bare_or_wrapped() {
        let number = |item: &str| {
            let body = format!(r#"{{"type":"create","results":{{"items":[{item}]}}}}"#);
            read_written(&BASE_BUCKET, body.as_bytes()).and_then(|record| record.key())
        };
        assert_eq!(number(r#"{"identity":9,"name":"x"}"#).as_deref(), Some("9"));
        let wrapped = r#"{"action":"created","identity":9,"dtoTypeKey":"usageBucketBase","instance":{"identity":9,"start":"soon"}}"#;
        assert_eq!(number(wrapped).as_deref(), Some("9"));
        for none in [r#"{"action":"deleted","identity":9}"#, "7", "{}", r#"{"instance":{"name":"x"}}"#] {
            assert_eq!(number(none), None, "{none}");
        }
    }

    #[test]
    fn an_instant_that_is_understood_after_all_is_no_fault_and_the_others_stay() {
        let odd = bucket(r#"{"identity":1,"start":"2026-01-01T00:00:00","end":"soon","retired":"no"}"#);
        let faults: Vec<_> = odd.faults().iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(faults, ["end", "retired"]);
    }
}
