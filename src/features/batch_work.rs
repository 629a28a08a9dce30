//! What is done to whole batches: making one, adding events by rules, taking them out, and the steps
//! from draft to processed.
//!
//! Not here: the batch's page (`pages::batch`), and which step is allowed (`life_cycle` of the
//! contract).

mod batch_fields;
mod create;
mod edit;
mod estimates;
mod expected_adds;
mod first_and_last;
mod moved_events;
mod rule_builder;
mod rule_row;
mod saved_rules;
mod seen_batches;
mod steps;

pub use batch_fields::{BatchFields, number_of_now};
pub use create::{CreateBatch, create_part};
pub use edit::edit_part;
pub use estimates::KeptEstimates;
pub use moved_events::MovedEvents;
pub use saved_rules::BatchRules;
pub use seen_batches::SeenBatches;
pub use steps::{BatchSteps, confirm_part, expected_adds_part, rule_builder_part};
