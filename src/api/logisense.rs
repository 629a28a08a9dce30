//! Calls to LogiSense Billing, API version 8: base buckets and the lists around them.
//!
//! Here: the token that LogiSense gives for what the person signed in with, reading every shape that
//! its answers come in, and the record store's requests on base buckets. Not here: the shapes
//! themselves (`rest_contract::logisense`).

mod access;
mod answers;
mod bulk_edit;
mod reading;
mod record_requests;

pub use reading::BillingLists;
pub use record_requests::content_of;

use super::{RecordKey, Resource};

const BUCKETS: &str = "Usage/Bucket/Base";
const DETAILS: &str = "Usage/Bucket/BaseDetail";

/// What stands in a key's path before the name of a record that is still to come.
const NEW: &str = "new";
/// What stands there before the identities of several records.
const TOGETHER: &str = "together";

impl RecordKey {
    pub fn bucket(identity: i64) -> Self {
        Self { resource: Resource::Bucket, path: format!("{BUCKETS}/{identity}").into() }
    }

    /// A bucket that is still to be made, known by its name.
    pub fn new_bucket(name: &str) -> Self {
        let name = String::from(js_sys::encode_uri_component(name));
        Self { resource: Resource::Bucket, path: format!("{BUCKETS}/{NEW}/{name}").into() }
    }

    /// Several buckets that are changed in one operation.
    pub fn buckets_together(identities: &[i64]) -> Self {
        let all: Vec<_> = identities.iter().map(i64::to_string).collect();
        Self { resource: Resource::Bucket, path: format!("{BUCKETS}/{TOGETHER}/{}", all.join("-")).into() }
    }

    pub fn bucket_detail(identity: i64) -> Self {
        Self { resource: Resource::BucketDetail, path: format!("{DETAILS}/{identity}").into() }
    }

    /// A row that is still to be added, known by what it is to say.
    pub fn new_bucket_detail(bucket: i64, row: &str) -> Self {
        let row = String::from(js_sys::encode_uri_component(row));
        Self { resource: Resource::BucketDetail, path: format!("{DETAILS}/{NEW}/{bucket}-{row}").into() }
    }

    /// LogiSense's number of the record, once it has one.
    pub fn identity(&self) -> Option<i64> {
        let (collection, last) = self.path.rsplit_once('/')?;
        if matches!(collection, BUCKETS | DETAILS) { last.parse().ok() } else { None }
    }

    /// The buckets that are changed together.
    pub fn identities(&self) -> Vec<i64> {
        let prefix = format!("{BUCKETS}/{TOGETHER}/");
        let list = self.path.strip_prefix(prefix.as_str()).unwrap_or_default();
        list.split('-').filter_map(|part| part.parse().ok()).collect()
    }
}
