//! The platform's service usage events: the list, one event, when instances ran, a copy to keep, and
//! the purge with everything that must come before it.
//!
//! Not here: what follows from a list of events (`rest_contract::cloud_foundry`), and calls
//! (`rest_client`).

mod columns;
mod drawer;
mod every_event;
mod filter_bar;
mod foot;
mod intervals;
mod kept_copy;
mod page;
mod purge;
mod question;
mod saved_file;
mod source;
mod words;

pub use drawer::UsageDrawerRoute;
pub use page::ServiceUsagePage;
pub use purge::PurgePage;
