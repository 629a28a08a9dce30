//! A selection of usage events before something is done to it: reading every event that is meant,
//! and showing what may be touched, what not and why, and what it is worth.
//!
//! Not here: the rules (`rest_contract::oracle::life_cycle`), and doing it.

mod reading;
mod weighed_view;

pub use reading::{Reading, ReadingState, Selected};
pub use weighed_view::WeighedView;
