//! The vendor's REST framework without any resource: versions, parameters, refusals, records as they are sent.

pub(super) mod framework_version;
pub(super) mod parameters;
pub(super) mod refusal;
pub(super) mod sent_record;
