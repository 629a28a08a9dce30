//! Cloud Foundry's service usage events (V3 API, "Service Usage Event"): their shape on the wire,
//! and what follows from a list of them: who may see it, when which instance ran, what a purge takes
//! away, and in which order a purge may be prepared and sent.
//!
//! No I/O and no clock: bytes, times and answers arrive as arguments. Not here: HTTP, the hash of a
//! copy, or the place where a marker is kept.

mod after_report;
mod event_reading;
mod follow;
mod intervals;
mod outlook;
mod period;
mod platform_role;
mod portions_by_time;
mod purge_marker;
mod purge_procedure;
mod purge_refusal;
mod query_portions;
mod usage_event;
mod usage_hours;
mod usage_table;

pub use after_report::{AfterReport, InstanceEvent, LostStart, PurgeSign};
pub use event_reading::{EventReading, Flaw, ReadNext};
pub use follow::settled;
pub use intervals::{Interval, Pairing};
pub use outlook::Outlook;
pub use period::month_of;
pub use platform_role::PlatformRole;
pub use portions_by_time::by_time;
pub use purge_marker::{NewestEvent, PurgeMarker};
pub use purge_procedure::{
    Answer, Bar, Clocks, Command, GIVEN_UP_AFTER_SECONDS, Input, Look, Order, Procedure, PurgeStep,
    QUIET_SECONDS, SavedCopy, TabClaim, Unquiet,
};
pub use purge_refusal::{APPROVAL_NEEDED, PURGE_IN_PROGRESS, refuses_purge};
pub use query_portions::in_portions;
pub use usage_event::{EventPage, UsageEvent, UsageField};
pub use usage_hours::{HourGroup, hours_by, parts_of};
pub use usage_table::UsageTable;

/// The list of events (V3 API, "List service usage events").
pub const USAGE_EVENTS: &str = "/v3/service_usage_events";
