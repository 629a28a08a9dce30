//! The record store's requests, each sent to the system that the record belongs to. What only LogiSense is
//! asked is a part of its own, fetched with the first such request.

use super::{RecordKey, RestClient, read_outcome};
use crate::apart::{Loading, NotLoaded};
use record_store::{Action as Asked, Fields, Outcome, Reason, RefusalKind, Version};
use rest_contract::Value;
use std::future::Future;
use std::pin::Pin;

type Answered = Outcome<RecordKey, &'static str, Value>;
type Answering = Pin<Box<dyn Future<Output = Answered>>>;

/// What was refused, and is so all the same.
const STANDS: &str =
    "It is done all the same: your browser may have sent the request twice. Look at it before you try again.";

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

    /// Does what must not be done twice. A browser that is answered 408 sends the request again by itself, unseen, and is
    /// then refused what the first one did: where a reading shows that, the refusal says it.
    pub async fn act_on_record(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        let answered = if key.resource.is_billing() {
            self.billed(key, Billed::Act(asked.clone())).await
        } else {
            self.perform(key, asked).await
        };
        let Outcome::Refused { kind: kind @ (RefusalKind::Business | RefusalKind::Validation), mut reasons } =
            answered
        else {
            return answered;
        };
        if matches!(self.probe_action(key, asked).await, Outcome::Done { .. } | Outcome::Created { .. }) {
            reasons.push(Reason { field: None, message: STANDS.to_owned(), code: None });
        }
        Outcome::Refused { kind, reasons }
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
