//! Words for what the platform writes in its own: states, types, times, lengths.

use chrono::{DateTime, Utc};
use grid_model::Tone;
use rest_contract::cloud_foundry::{Flaw, UsageField};

/// The states and types that are known here: the platform may bring others.
pub const STATES: [&str; 4] = ["CREATED", "UPDATED", "DELETED", "WAS_RUNNING"];
pub const TYPES: [&str; 2] = ["managed_service_instance", "user_provided_service_instance"];

/// A state and how it looks. One that is not known is shown as it is.
pub fn state(code: &str) -> (&str, Tone) {
    match code {
        "CREATED" => ("Created", Tone::Ok),
        "UPDATED" => ("Updated", Tone::Info),
        "DELETED" => ("Deleted", Tone::Quiet),
        "WAS_RUNNING" => ("Was running", Tone::Info),
        other => (other, Tone::Plain),
    }
}

pub fn instance_type(code: &str) -> &str {
    match code {
        "managed_service_instance" => "Managed",
        "user_provided_service_instance" => "User-provided",
        other => other,
    }
}

/// A field's value as it is shown.
pub fn value(field: UsageField, text: &str) -> &str {
    match field {
        UsageField::State => state(text).0,
        UsageField::InstanceType => instance_type(text),
        _ => text,
    }
}

/// What a field is called where its names stand for its guids.
pub fn named_title(field: UsageField) -> &'static str {
    match field {
        UsageField::OrganizationGuid => "Organisation",
        other => title(other),
    }
}

/// What a field is called.
pub fn title(field: UsageField) -> &'static str {
    match field {
        UsageField::State => "State",
        UsageField::InstanceName => "Instance",
        UsageField::InstanceGuid => "Instance GUID",
        UsageField::InstanceType => "Type",
        UsageField::PlanName => "Plan",
        UsageField::PlanGuid => "Plan GUID",
        UsageField::OfferingName => "Offering",
        UsageField::OfferingGuid => "Offering GUID",
        UsageField::SpaceName => "Space",
        UsageField::SpaceGuid => "Space GUID",
        UsageField::OrganizationGuid => "Organisation GUID",
        UsageField::BrokerName => "Broker",
        UsageField::BrokerGuid => "Broker GUID",
    }
}

/// Seconds since 1970 as a time in UTC, without the zone's name, in machine notation.
pub fn time(second: i64) -> String {
    let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same as the reader has times written.
pub fn shown_time(second: i64) -> String {
    crate::text::shown_time(&time(second))
}

/// A length of time in whole hours, minutes and seconds: no digit is rounded away.
pub fn hours(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", crate::text::count(seconds / 3600), seconds / 60 % 60, seconds % 60)
}

pub fn now() -> i64 {
    Utc::now().timestamp()
}

/// `1 event`, `2 events`.
pub fn events(number: usize) -> String {
    counted(number, "event")
}

pub fn counted(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", crate::text::count(number as u64), if number == 1 { "" } else { "s" })
}

/// Why pages are not the list, without the full stop.
pub fn flaw(flaw: &Flaw) -> String {
    match flaw {
        Flaw::NoCount => "A page does not say how many events there are".to_owned(),
        Flaw::Unlike { announced, came, has_more } => format!(
            "A page announces {}, brings {} and says that {}",
            events(*announced),
            crate::text::count(*came as u64),
            if *has_more { "more follow" } else { "none follow" }
        ),
        Flaw::Fewer { announced, now } => {
            format!(
                "{} were announced, and now there are {}",
                events(*announced),
                crate::text::count(*now as u64)
            )
        }
        Flaw::Repeated(guid) => format!("The event {guid} came twice"),
        Flaw::NoCursor => {
            "The last event of a page has no guid that could be read, and the next page begins after it"
                .to_owned()
        }
    }
}
