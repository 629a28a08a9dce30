//! What is done to whole batches: making one, adding events by rules, taking them out, and the steps
//! from draft to processed.
//!
//! Not here: the batch's page (`batch_detail`), and which step is allowed (`life_cycle` of the
//! contract).

mod batch_fields;
mod create;
mod estimates;
mod rule_builder;
mod steps;

pub use batch_fields::{BatchFields, number_of_now};
pub use create::CreateBatch;
pub use estimates::KeptEstimates;
pub use steps::BatchSteps;
