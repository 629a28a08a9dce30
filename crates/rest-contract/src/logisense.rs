//! LogiSense Billing, API version 8: usage base buckets (vendor's page "Usage / Bucket / Base"), the
//! detail rows that scope them, the lists that they refer to, and the envelopes of every answer.
//!
//! Where the vendor's pages disagree or leave room, these types read every shape: items bare or
//! wrapped, `details` as an object, an array or null, instants with any offset.
//!
//! Not here: HTTP, and rules that need a second record.

mod base_bucket;
mod content_version;
mod envelope;
mod instant;
mod reading;
mod written_fields;

pub use base_bucket::{
    BASE_BUCKET, BASE_BUCKET_DETAIL, BASE_UNITS, BaseBucket, BaseBucketChange, BaseBucketDetail, BaseUnit,
    Details, LOCATION_GROUPS, LOCATIONS, ListEntry, USAGE_CLASSES, UsageBucket,
};
pub use content_version::content_version;
pub use envelope::{
    ErrorBody, Fault, ItemList, PagedItems, PagedResults, Pagination, ResultItem, Results, Single, Written,
    WrittenItem,
};
pub use instant::read as read_instant;
pub use reading::{BillingList, details_of, read_list, read_single, read_written};
pub use written_fields::{fields_body, patch_body};

/// The path under which the resources stand, below the server's address.
pub const BASE_PATH: &str = "/ResourceServer/api/v8";

/// Where a user name and password are exchanged for a token.
pub const LOGIN_PATH: &str = "/AuthorizationServer/api/v8/Access/Login";

/// The request header that says which page is wanted: a [`Pagination`] as JSON.
pub const PAGINATION_HEADER: &str = "Pagination";

/// The most items that a page may have.
pub const LARGEST_PAGE: i64 = 1000;
