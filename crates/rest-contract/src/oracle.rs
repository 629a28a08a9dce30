//! Oracle Fusion Subscription Management: usage event batches, their events, charges and messages.
//!
//! Fields and lengths of events, charges and messages follow Oracle's page "Update a usage event"
//! (whole there). The batch's page is known in part only; its list follows the batch extract view
//! under the names that the REST pages show, and every field of it may be absent.

pub mod action;
pub mod approval;
mod batch;
mod batch_parts;
pub mod batch_request;
mod change_history;
mod charge;
pub mod charged_amounts;
pub mod closed_period;
pub mod compared_amounts;
mod condition;
mod condition_portions;
pub mod correction;
pub mod correction_plan;
pub mod eligibility;
pub mod error_groups;
pub mod estimate;
mod event;
pub mod event_metrics;
pub mod expected_amounts;
pub mod field_condition;
pub mod figure;
pub mod life_cycle;
mod message;
pub mod month_figures;
pub mod pricing;
pub mod rate_lists;
pub mod rerated_events;
mod rule_condition;
pub mod saved_rule;
pub mod selection_rule;
pub mod usual_amounts;

pub use batch::BATCH;
pub use batch_parts::{BATCH_ERROR, BATCH_FILE, BUSINESS_UNIT_BATCH, USAGE_BATCH_ERROR};
pub use change_history::{CHANGE_HISTORY, CHANGE_STEP, StepKind, changed_field};
pub use charge::CHARGE;
pub use condition::{any_like, begins_with, holds, one_of};
pub use condition_portions::in_portions;
pub use event::EVENT;
pub use message::MESSAGE;
pub use rule_condition::RULE_CONDITION;

use crate::schema::{Access, Field, Kind, Lookup};

/// The path under which the resources stand, below the pod's address.
pub const BASE_PATH: &str = "/crmRestApi/resources/11.13.18.05";

/// The error code of a change that was based on a version which is no longer the newest.
pub const STALE_VERSION_CODE: &str = "25014";

const fn text(name: &'static str, max_length: u16, access: Access, title: &'static str) -> Field {
    Field { name, kind: Kind::Text, max_length: Some(max_length), access, title, lookup: None }
}

const fn field(name: &'static str, kind: Kind, access: Access, title: &'static str) -> Field {
    Field { name, kind, max_length: None, access, title, lookup: None }
}

/// A large text (LOB): base64 where it stands among other fields, without a stated length.
const fn large(name: &'static str, access: Access, title: &'static str) -> Field {
    field(name, Kind::Text, access, title)
}

const fn coded(
    name: &'static str,
    max_length: u16,
    access: Access,
    title: &'static str,
    lookup: Lookup,
) -> Field {
    Field { name, kind: Kind::Text, max_length: Some(max_length), access, title, lookup: Some(lookup) }
}
