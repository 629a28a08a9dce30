//! The record store's errands, each sent to the system that the record belongs to.

use super::{RecordKey, RestClient, read_outcome};
use record_store::{Action as Asked, Fields, Outcome, Version};
use rest_contract::Value;

type Answered = Outcome<RecordKey, &'static str, Value>;

impl RestClient {
    /// Changes fields of a record that is still at `version`.
    pub async fn write_record(
        &self,
        key: &RecordKey,
        version: &Version,
        fields: &Fields<&'static str, Value>,
    ) -> Answered {
        if key.resource.is_billing() {
            return self.write_bucket(key, version, fields).await;
        }
        self.patch_record(key, version, fields).await
    }

    /// Does what must not be done twice.
    pub async fn act_on_record(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        if key.resource.is_billing() {
            return self.act_on_bucket(key, asked).await;
        }
        self.perform(key, asked).await
    }

    /// Finds out by reading whether it was done.
    pub async fn look_up_action(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        if key.resource.is_billing() {
            return self.look_up_on_buckets(key, asked).await;
        }
        self.look_up(key, asked).await
    }

    /// Reads a whole record.
    pub async fn read_for_store(&self, key: &RecordKey) -> Answered {
        if key.resource.is_billing() {
            return self.read_bucket_record(key).await;
        }
        read_outcome(self.read_record(key).await)
    }
}
