//! Base buckets of LogiSense: the list of all of them, one in a drawer with the rows that scope it,
//! making, retiring, deleting, and changing several at one stroke.
//!
//! Not here: what is on the wire (`rest_contract::logisense`), how an edit travels without a version
//! (`rest_client::logisense`), and the rules of optimistic writing (`record-store`).

mod columns;
mod create;
mod deletion;
mod detail_form;
mod details;
mod drawer;
mod fate_line;
mod life;
mod page;
mod question;
mod source;
mod together;

pub use drawer::BucketDrawerRoute;
pub use page::BucketsPage;

use crate::record_sync::RecordSync;
use crate::rest_client::{RecordKey, Resource};
use rest_contract::Value;

pub const HOME: &str = "/buckets";

/// What a person calls a record of LogiSense; nothing for a record of another system.
pub fn record_title(key: &RecordKey) -> Option<String> {
    Some(match (key.resource, key.identity()) {
        (Resource::Bucket, Some(identity)) => format!("Base bucket {identity}"),
        (Resource::Bucket, None) if key.identities().is_empty() => format!("Base bucket {}", key.name()),
        (Resource::Bucket, None) => {
            let all: Vec<_> = key.identities().iter().map(i64::to_string).collect();
            format!("Base buckets {}", all.join(", "))
        }
        (Resource::BucketDetail, Some(identity)) => format!("Row {identity} of a base bucket"),
        (Resource::BucketDetail, None) => "New row of a base bucket".to_owned(),
        _ => return None,
    })
}

/// Where such a record is shown.
pub fn record_address(sync: &RecordSync, key: &RecordKey) -> Option<String> {
    let bucket = match key.resource {
        Resource::Bucket => key.identity(),
        Resource::BucketDetail => {
            sync.with_view(key, |view| view?.shown(&"usageBucketBaseId").and_then(Value::as_integer))
        }
        _ => return None,
    };
    Some(bucket.map_or_else(|| HOME.to_owned(), |bucket| format!("{HOME}/{bucket}")))
}
