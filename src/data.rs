//! What the console knows and does without a screen: the session, the store at work, lists of values.
//!
//! Not here: HTTP (`api`), and anything that is drawn.

pub mod fetched;
pub mod latest;
pub mod lookups;
pub mod session;
pub mod sync;
