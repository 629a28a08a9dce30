//! What is done to whole batches: making one, adding events by rules, taking them out, and the steps
//! from draft to processed.
//!
//! Not here: the batch's page (`batch_detail`), and which step is allowed (`life_cycle` of the
//! contract).

mod batch_fields;
mod create;
mod edit;
mod estimates;
mod kept_rules;
mod promise;
mod rule_builder;
mod steps;

pub use batch_fields::{BatchFields, number_of_now};
pub use create::CreateBatch;
pub use estimates::KeptEstimates;
pub use kept_rules::BatchRules;
pub use steps::BatchSteps;
