//! What a record is known by, whichever list it was read from.

use rest_contract::Schema;
use rest_contract::logisense::{BASE_BUCKET, BASE_BUCKET_DETAIL};
use rest_contract::oracle::{BATCH, CHARGE, EVENT, MESSAGE};
use std::sync::Arc;

pub(super) const BATCHES: &str = "subscriptionUsageEventBatches";
/// The events of all batches; each event is known by its path here, whatever list it came from.
pub(super) const EVENTS: &str = "subscriptionUsageEvents";

/// Which schema a record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    Batch,
    Event,
    Charge,
    Message,
    /// A base bucket of LogiSense.
    Bucket,
    /// A row that scopes one.
    BucketDetail,
}

impl Resource {
    pub const ALL: [Self; 6] =
        [Self::Batch, Self::Event, Self::Charge, Self::Message, Self::Bucket, Self::BucketDetail];

    /// Whether it is LogiSense's, and not Oracle's.
    pub fn is_billing(self) -> bool {
        matches!(self, Self::Bucket | Self::BucketDetail)
    }

    pub fn schema(self) -> &'static Schema {
        match self {
            Self::Batch => &BATCH,
            Self::Event => &EVENT,
            Self::Charge => &CHARGE,
            Self::Message => &MESSAGE,
            Self::Bucket => &BASE_BUCKET,
            Self::BucketDetail => &BASE_BUCKET_DETAIL,
        }
    }
}

/// What a record is known by in the store: its resource and the path of its item below the API's
/// base, the same whichever list it was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey {
    pub resource: Resource,
    pub path: Arc<str>,
}

impl RecordKey {
    pub fn event(number: &str) -> Self {
        Self { resource: Resource::Event, path: format!("{EVENTS}/{}", encoded(number)).into() }
    }

    pub fn batch(number: &str) -> Self {
        Self { resource: Resource::Batch, path: format!("{BATCHES}/{}", encoded(number)).into() }
    }

    pub(super) fn child(&self, resource: Resource, key: &str) -> Self {
        let name = resource.schema().resource;
        Self { resource, path: format!("{}/child/{name}/{}", self.path, encoded(key)).into() }
    }

    /// The last part of the path, as a person knows the record.
    pub fn name(&self) -> String {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        js_sys::decode_uri_component(last).map(String::from).unwrap_or_else(|_| last.to_owned())
    }

    /// The event that the record is, or belongs to.
    pub fn event_name(&self) -> Option<String> {
        let mut parts = self.path.split('/');
        let number = (parts.next() == Some(EVENTS)).then(|| parts.next()).flatten()?;
        js_sys::decode_uri_component(number).map(String::from).ok()
    }
}

impl RecordKey {
    /// What a person calls it.
    pub fn title(&self) -> String {
        if let Some(title) = self.bucket_title() {
            return title;
        }
        match (self.resource, self.event_name()) {
            (Resource::Batch, _) => format!("Batch {}", self.name()),
            (Resource::Charge, Some(event)) => format!("Charge {} of event {event}", self.name()),
            (Resource::Message, Some(event)) => format!("Message {} of event {event}", self.name()),
            (_, Some(event)) => format!("Event {event}"),
            (_, None) => self.name(),
        }
    }

    /// The same for a record of LogiSense; nothing for a record of another system.
    pub fn bucket_title(&self) -> Option<String> {
        Some(match (self.resource, self.identity()) {
            (Resource::Bucket, Some(identity)) => format!("Base bucket {identity}"),
            (Resource::Bucket, None) if self.identities().is_empty() => {
                format!("Base bucket {}", self.name())
            }
            (Resource::Bucket, None) => {
                let all: Vec<_> = self.identities().iter().map(i64::to_string).collect();
                format!("Base buckets {}", all.join(", "))
            }
            (Resource::BucketDetail, Some(identity)) => format!("Row {identity} of a base bucket"),
            (Resource::BucketDetail, None) => "New row of a base bucket".to_owned(),
            _ => return None,
        })
    }
}

/// Any text as one part of a path, or as a value in a query.
pub(super) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
