//! Base buckets of LogiSense: the list of all of them, one in a drawer with the rows that scope it,
//! making, retiring, deleting, and changing several in one operation.
//!
//! Not here: what is on the wire (`rest_contract::logisense`), how an edit travels without a version
//! (`api`), and the rules of optimistic writing (`record-store`).

mod bulk_edit;
mod columns;
mod create;
mod deletion;
mod detail_form;
mod details;
mod drawer;
mod list_query;
mod page;
mod retirement;
mod source;

pub use drawer::BucketDrawerRoute;
pub use page::BucketsPage;
