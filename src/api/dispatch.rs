//! The record store's requests, each sent to the system that the record belongs to. What only LogiSense is
//! asked is a part of its own, fetched with the first such request.

use super::{RecordKey, RestClient, read_outcome};
use crate::apart::{Loading, NotLoaded};
use record_store::{Action as Asked, Fields, Outcome, Version};
use rest_contract::Value;
use std::future::Future;
use std::pin::Pin;

type Answered = Outcome<RecordKey, &'static str, Value>;
type Answering = Pin<Box<dyn Future<Output = Answered>>>;

/// What LogiSense is asked for the store.
pub enum Billed {
    Write(Version, Fields<&'static str, Value>),
    Act(Asked<&'static str, Value>),
    LookUp(Asked<&'static str, Value>),
    Read,
}

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod billing {
    use super::{Answering, Billed};
    use crate::apart::apart;
    use crate::api::{RecordKey, RestClient};

    apart! {
        billing: (client: RestClient, key: RecordKey, asked: Billed) -> Answering {
            Box::pin(async move {
                match asked {
                    Billed::Write(version, fields) => client.write_bucket(&key, &version, &fields).await,
                    Billed::Act(asked) => client.act_on_bucket(&key, &asked).await,
                    Billed::LookUp(asked) => client.probe_buckets(&key, &asked).await,
                    Billed::Read => client.read_bucket_record(&key).await,
                }
            })
        }
    }
}

/// Fetches the part, for whoever will change base buckets before long.
pub fn load_billing() -> Loading {
    billing::loading()
}

impl RestClient {
    /// Changes fields of a record that is still at `version`.
    pub async fn write_record(
        &self,
        key: &RecordKey,
        version: &Version,
        fields: &Fields<&'static str, Value>,
    ) -> Answered {
        if key.resource.is_billing() {
            return self.billed(key, Billed::Write(version.clone(), fields.clone())).await;
        }
        self.patch_record(key, version, fields).await
    }

    /// Does what must not be done twice.
    pub async fn act_on_record(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        if key.resource.is_billing() {
            return self.billed(key, Billed::Act(asked.clone())).await;
        }
        self.perform(key, asked).await
    }

    /// Finds out by reading whether it was done.
    pub async fn probe_action(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        if key.resource.is_billing() {
            return self.billed(key, Billed::LookUp(asked.clone())).await;
        }
        self.look_up(key, asked).await
    }

    /// Reads a whole record.
    pub async fn read_for_store(&self, key: &RecordKey) -> Answered {
        if key.resource.is_billing() {
            return self.billed(key, Billed::Read).await;
        }
        read_outcome(self.read_record(key).await)
    }

    async fn billed(&self, key: &RecordKey, asked: Billed) -> Answered {
        match billing::made(*self, key.clone(), asked).await {
            Ok(answering) => answering.await,
            // Nothing has left: it is asked again as after a request that found no network.
            Err(NotLoaded) => Outcome::NotSent { retry_after: None },
        }
    }
}
