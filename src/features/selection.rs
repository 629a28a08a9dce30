//! A selection of usage events before something is done to it: reading every event that is meant,
//! and showing what may be touched, what not and why, and what it is worth.
//!
//! Not here: the rules (`rest_contract::oracle::life_cycle`), and doing it.

mod amount_lines;
mod batch_states;
mod collecting;
mod differences;
mod differences_view;
mod eligibility_view;
mod event_names;
mod event_pages;
mod one_event;
mod originals;
mod reading;
mod reading_progress;
mod selected;

pub use amount_lines::{AmountLines, covered_words, no_total};
pub use batch_states::BatchStates;
pub use collecting::Collecting;
pub use differences::Noticed;
pub use differences_view::DifferencesView;
pub use eligibility_view::EligibilityView;
pub use event_names::{EventNames, NamedEvent};
pub use event_pages::{EventPages, by_id};
pub use one_event::why_forbidden;
pub use originals::{TakenBack, original_of, originals_of, taken_back};
pub use reading::{Reading, ReadingState};
pub use reading_progress::ReadingProgress;
pub use selected::{Found, Selected, Which, joined};
