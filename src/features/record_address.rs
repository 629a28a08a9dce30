//! Where a record is shown.

use crate::api::{RecordKey, Resource};
use crate::data::sync::RecordSync;
use crate::routes;
use rest_contract::{Value, is_blank};

/// An event, and what belongs to it, stands in the drawer over its batch where that is known.
pub fn record_address(sync: &RecordSync, key: &RecordKey) -> String {
    let bucket = match key.resource {
        Resource::Bucket => key.identity(),
        Resource::BucketDetail => {
            sync.with_view(key, |view| view?.shown(&"usageBucketBaseId").and_then(Value::as_integer))
        }
        Resource::Batch | Resource::Event | Resource::Charge | Resource::Message => {
            let Some(event) = key.event_name() else { return routes::batch(&key.name()) };
            let batch = sync.with_view(&RecordKey::event(&event), |view| {
                view?.confirmed(&"BatchNumber")?.as_text().filter(|batch| !is_blank(batch)).map(str::to_owned)
            });
            return match batch {
                Some(batch) => routes::event_over(&routes::batch(&batch), &event),
                None => routes::event(&event),
            };
        }
    };
    bucket.map_or_else(|| routes::BASE_BUCKETS.to_owned(), routes::base_bucket)
}
