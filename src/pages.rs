//! One folder for each screen with an address of its own. No page uses another.

pub mod approvals;
pub mod base_buckets;
pub mod batch;
pub mod batches;
pub mod changes;
pub mod events;
pub mod help;
pub mod import;
pub mod overview;
pub mod service_usage;
pub mod settings;
pub mod sign_in;
