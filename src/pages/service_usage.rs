//! The platform's service usage events: the list, one event, when instances ran, a copy to keep, and
//! the purge with everything that must come before it.
//!
//! Not here: what follows from a list of events (`rest_contract::cloud_foundry`), and calls
//! (`api`).

mod columns;
mod drawer;
mod every_event;
mod filter_bar;
mod following;
mod foot;
mod intervals;
mod labels;
mod list_query;
mod organizations;
mod page;
mod purge;
mod reading;
mod saved_copy;
mod saved_file;
mod source;

pub use drawer::UsageDrawerRoute;
pub use intervals::intervals_part;
pub use page::ServiceUsagePage;
pub use purge::PurgePage;
