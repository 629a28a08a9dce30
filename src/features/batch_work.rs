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

use rest_contract::Record;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};

pub use batch_fields::BatchFields;
pub use create::{CreateBatch, create_part};
pub use edit::edit_part;
pub use estimates::KeptEstimates;
pub use moved_events::MovedEvents;
pub use saved_rules::BatchRules;
pub use seen_batches::SeenBatches;
pub use steps::{BatchSteps, confirm_part, expected_adds_part, rule_builder_part};

/// Whether the batch re-rates events and has not yet: they are processed as they were in other batches.
pub fn is_to_re_rate(batch: &Record) -> bool {
    let status = batch.text("BatchStatus").and_then(BatchStatus::of);
    batch.text("UsageType") == Some(BatchType::Rerate.code())
        && matches!(status, Some(BatchStatus::Draft | BatchStatus::Locked))
}
