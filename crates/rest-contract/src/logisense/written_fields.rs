//! The bodies of writes: only the fields that are to change, instants in UTC with milliseconds
//! (vendor's pages "Update Requests" and "Usage / Bucket / Base").

use crate::value::Value;
use chrono::SecondsFormat;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A field's value as LogiSense takes it.
struct Written<'a>(&'a Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::DateTime(at) => to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            other => other.serialize(to),
        }
    }
}

/// An object's own number with the fields to change of it, or the fields of a new one.
///
/// # Errors
/// If a value cannot be written as JSON.
pub fn fields_body<'a>(
    identity: Option<i64>,
    fields: impl IntoIterator<Item = (&'a str, &'a Value)>,
) -> Result<String, serde_json::Error> {
    let number = identity.map(Value::Integer);
    let mut body = BTreeMap::new();
    if let Some(number) = &number {
        body.insert("identity", Written(number));
    }
    for (name, value) in fields {
        body.insert(name, Written(value));
    }
    serde_json::to_string(&body)
}

/// One PATCH that gives several base buckets the same values.
///
/// # Errors
/// If a value cannot be written as JSON.
pub fn patch_body(identities: &[i64], fields: &BTreeMap<&str, &Value>) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Item<'a> {
        patch_type: &'static str,
        patch_client_id: usize,
        identity: i64,
        #[serde(flatten)]
        fields: BTreeMap<&'a str, Written<'a>>,
    }
    #[derive(Serialize)]
    struct Items<'a> {
        items: Vec<Item<'a>>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Patch<'a> {
        details: BTreeMap<&'static str, ()>,
        usage_bucket_bases: Items<'a>,
    }
    let item = |(place, identity): (usize, &i64)| Item {
        patch_type: "update",
        patch_client_id: place + 1,
        identity: *identity,
        fields: fields.iter().map(|(name, value)| (*name, Written(value))).collect(),
    };
    let items = identities.iter().enumerate().map(item).collect();
    serde_json::to_string(&Patch { details: BTreeMap::new(), usage_bucket_bases: Items { items } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logisense::read_instant;

    #[test]
    fn only_what_changes_is_sent_and_null_is_a_value() {
        let at = read_instant("2026-11-05T10:20:30+01:00").expect("an instant");
        let (end, retired) = (Value::DateTime(at), Value::Boolean(true));
        let body = fields_body(Some(7), [("retired", &retired), ("end", &end)]).expect("JSON");
        assert_eq!(body, r#"{"end":"2026-11-05T09:20:30.000Z","identity":7,"retired":true}"#);
        let body = fields_body(Some(7), [("end", &Value::Null)]).expect("JSON");
        assert_eq!(body, r#"{"end":null,"identity":7}"#);
    }

    #[test]
    fn a_patch_names_each_bucket_with_a_number_of_its_own() {
        let unit = Value::Integer(8);
        let body = patch_body(&[3, 9], &BTreeMap::from([("usageBucketBaseUnitId", &unit)])).expect("JSON");
        let item = |number, identity| {
            format!(
                r#"{{"patchType":"update","patchClientId":{number},"identity":{identity},"usageBucketBaseUnitId":8}}"#
            )
        };
        let items = format!("{},{}", item(1, 3), item(2, 9));
        assert_eq!(body, format!(r#"{{"details":{{}},"usageBucketBases":{{"items":[{items}]}}}}"#));
    }
}
