//! A selection of usage events before something is done to it: reading every event that is meant,
//! and showing what may be touched, what not and why, and what it is worth.
//!
//! Not here: the rules (`rest_contract::oracle::life_cycle`), and doing it.

mod batch_states;
mod collecting;
mod event_pages;
mod reading;
mod reading_progress;
mod weighed_view;

pub use batch_states::BatchStates;
pub use collecting::Collecting;
pub use event_pages::EventPages;
pub use reading::{Reading, ReadingState, Selected};
pub use reading_progress::ReadingProgress;
pub use weighed_view::WeighedView;
