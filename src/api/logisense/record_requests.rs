//! The record store's requests on base buckets and their rows.
//!
//! The API has no version and no condition. So the content that was read is the version, and a write
//! reads again first: what differs from the content that it was typed over is a stale write, and does
//! not leave. Where the server does offer an entity tag, as ours, it closes the moment between that
//! reading and the write.

use super::access::NoAnswer;
use super::answers::{Answered, not_begun, read_whole, refusal, status_of, unanswered};
use super::reading::is_missing;
use crate::api::call::{Answer, Call};
use crate::api::failure::Failure;
use crate::api::outcome::refused_here;
use crate::api::outcome::{probe_failed, refused};
use crate::api::{RecordKey, Resource, RestClient, fields_of};
use gloo_net::http::Method;
use leptos::prelude::{UpdateValue, WithValue};
use record_store::{Action as Asked, Fields, Outcome, RefusalKind, Version};
use rest_contract::logisense::{
    BASE_PATH, BaseBucket, ResultItem, Written, content_version, fields_body, read_single, read_written,
};
use rest_contract::oracle::action::{self, Action};
use rest_contract::{Record, Value, strong_tags};
use std::sync::Arc;

/// The version of a record that has none of its own.
pub fn content_of(record: &Record) -> Version {
    Version::opaque(content_version(record))
}

/// Answers held for the screens that asked; of more the oldest go.
const RESULTS_HELD: usize = 100;

const CHANGED_SINCE: &str =
    "Someone else has changed it since you looked. Nothing was deleted: look again, then decide.";

fn unchanged(message: &str) -> String {
    message.to_owned()
}

impl RestClient {
    /// What the server said that it did, after something was done: what was deleted and detached.
    pub fn results_of(&self, key: &RecordKey) -> Option<Vec<ResultItem<BaseBucket>>> {
        self.billing.with_value(|billing| {
            let mut newest_first = billing.results.iter().rev();
            newest_first.find(|(path, _)| *path == key.path).map(|(_, results)| results.clone())
        })
    }

    pub(super) fn remember_results(&self, key: &RecordKey, results: Vec<ResultItem<BaseBucket>>) {
        self.billing.update_value(|billing| {
            billing.results.retain(|(path, _)| *path != key.path);
            billing.results.push_back((Arc::clone(&key.path), results));
            let surplus = billing.results.len().saturating_sub(RESULTS_HELD);
            billing.results.drain(..surplus);
        });
    }

    pub(in crate::api) async fn read_bucket_record(&self, key: &RecordKey) -> Answered {
        match self.read_tagged(key).await {
            Ok((record, _)) => Outcome::Read { version: content_of(&record), fields: fields_of(&record) },
            Err(failure) if is_missing(&failure) => Outcome::Gone,
            Err(failure) => probe_failed(failure),
        }
    }

    /// The record, and its entity tag where the server gives one.
    async fn read_tagged(&self, key: &RecordKey) -> Result<(Record, Option<String>), Failure> {
        let answer = self.billing_get(&key.path).await?;
        let etag = answer.etag.clone();
        read_whole(answer, |body| read_single(key.resource.schema(), body)).map(|record| (record, etag))
    }

    pub(in crate::api) async fn write_bucket(
        &self,
        key: &RecordKey,
        version: &Version,
        fields: &Fields<&'static str, Value>,
    ) -> Answered {
        let Some(identity) = key.identity() else {
            return refused_here("This record is not on the server yet".to_owned());
        };
        let (now, etag) = match self.read_tagged(key).await {
            Ok(read) => read,
            Err(failure) => return not_begun(failure),
        };
        if content_of(&now) != *version {
            return stale(&now);
        }
        let Ok(body) = fields_body(Some(identity), fields.iter().map(|(name, value)| (*name, value))) else {
            return refused_here("The change could not be written as JSON".to_owned());
        };
        let answer = match self.send_guarded(Method::PUT, key, version, etag.as_deref(), Some(body)).await {
            Ok(answer) => answer,
            Err(outcome) => return outcome,
        };
        match answer {
            Ok(answer) if (200..300).contains(&status_of(&answer)) => match written_record(key, &answer) {
                Some(record) => {
                    Outcome::Accepted { version: content_of(&record), fields: fields_of(&record) }
                }
                // Accepted, and yet not to be read: what the record is now, only a read can tell.
                None => Outcome::Lost,
            },
            Ok(answer) => refusal(&answer, unchanged),
            Err(no_answer) => unanswered(no_answer),
        }
    }

    /// Sends a change of a record whose content was just read, on condition of its entity tag. A server
    /// may not know the tag as it came through a proxy: where it says that the record has changed and a
    /// reading says that it has not, the next form of the tag is tried, and at last none.
    async fn send_guarded(
        &self,
        method: Method,
        key: &RecordKey,
        seen: &Version,
        etag: Option<&str>,
        body: Option<String>,
    ) -> Result<Result<Answer, NoAnswer>, Answered> {
        for tag in etag.map(strong_tags).unwrap_or_default() {
            let answer = self.send_body(method.clone(), &key.path, Some(&tag), body.clone()).await;
            if !matches!(&answer, Ok(answer) if answer.status == 412) {
                return Ok(answer);
            }
            let (now, _) = self.read_tagged(key).await.map_err(not_begun)?;
            if content_of(&now) != *seen {
                return Err(stale(&now));
            }
        }
        Ok(self.send_body(method, &key.path, None, body).await)
    }

    pub(super) async fn send_body(
        &self,
        method: Method,
        path: &str,
        etag: Option<&str>,
        body: Option<String>,
    ) -> Result<Answer, NoAnswer> {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(etag.map(|etag| ("If-Match", etag)));
        let path = format!("{BASE_PATH}/{path}");
        self.billing_send(Call { method, path: &path, headers: &headers, body }).await
    }

    pub(in crate::api) async fn act_on_bucket(
        &self,
        key: &RecordKey,
        asked: &Asked<&'static str, Value>,
    ) -> Answered {
        match Action::named(asked.name) {
            Some(action) if *action == action::CREATE => self.create_bucket(key, asked).await,
            Some(action) if *action == action::DELETE => self.delete_bucket(key, asked).await,
            Some(action) if *action == action::CHANGE_TOGETHER => self.change_together(key, asked).await,
            _ => refused_here(format!("{} is not an action of {}", asked.name, key.name())),
        }
    }

    async fn create_bucket(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        let given = asked.arguments.iter().filter(|(_, value)| **value != Value::Null);
        let Ok(body) = fields_body(None, given.map(|(name, value)| (*name, value))) else {
            return refused_here("The record could not be written as JSON".to_owned());
        };
        let collection = format!("{}/", key.resource.schema().resource);
        match self.send_body(Method::POST, &collection, None, Some(body)).await {
            Ok(answer) if (200..300).contains(&status_of(&answer)) => {
                written_record(key, &answer).map_or(Outcome::Lost, |record| created(key, &record))
            }
            Ok(answer) => refusal(&answer, unchanged),
            Err(no_answer) => unanswered(no_answer),
        }
    }

    async fn delete_bucket(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        let (now, etag) = match self.read_tagged(key).await {
            Ok(read) => read,
            Err(failure) => return not_begun(failure),
        };
        let seen = asked.arguments.get(action::SEEN).and_then(Value::as_text);
        if seen.is_some_and(|seen| seen != content_version(&now)) {
            return refused(RefusalKind::Business, CHANGED_SINCE.to_owned());
        }
        let seen = content_of(&now);
        let answer = match self.send_guarded(Method::DELETE, key, &seen, etag.as_deref(), None).await {
            Ok(answer) => answer,
            Err(Outcome::Stale { .. }) => return refused(RefusalKind::Business, CHANGED_SINCE.to_owned()),
            Err(outcome) => return outcome,
        };
        match answer {
            Ok(answer) if (200..300).contains(&status_of(&answer)) => {
                let said: Option<Written<ResultItem<BaseBucket>>> = serde_json::from_slice(&answer.body).ok();
                if let Some(said) = said.filter(|_| key.resource == Resource::Bucket) {
                    self.remember_results(key, said.results.items);
                }
                Outcome::Done { record: None }
            }
            Ok(answer) => refusal(&answer, unchanged),
            Err(no_answer) => unanswered(no_answer),
        }
    }

    pub(in crate::api) async fn probe_buckets(
        &self,
        key: &RecordKey,
        asked: &Asked<&'static str, Value>,
    ) -> Answered {
        let Some(action) = Action::named(asked.name) else { return Outcome::NotDone };
        if *action == action::CHANGE_TOGETHER {
            return self.look_up_together(key, asked).await;
        }
        if *action == action::DELETE {
            return match self.read_tagged(key).await {
                Ok(_) => Outcome::NotDone,
                Err(failure) if is_missing(&failure) => Outcome::Done { record: None },
                Err(failure) => probe_failed(failure),
            };
        }
        let records = match key.resource {
            Resource::BucketDetail => self.read_detail_list().await,
            _ => self.read_bucket_list().await,
        };
        // What was asked for is what it is known by: no two buckets have one name, and no bucket two
        // equal rows.
        match records {
            Ok(records) => records
                .iter()
                .filter(|record| record.key().is_some())
                .find(|record| action.was_done(&asked.arguments, Some(record), &[]))
                .map_or(Outcome::NotDone, |record| created(key, record)),
            Err(failure) => probe_failed(failure),
        }
    }
}

fn stale(now: &Record) -> Answered {
    Outcome::Stale { current: Some((content_of(now), fields_of(now))) }
}

/// Without a number of its own a record cannot be told from others: then only a look tells which it is.
fn created(key: &RecordKey, record: &Record) -> Answered {
    let identity = record.get("identity").and_then(Value::as_integer).filter(|identity| *identity > 0);
    let Some(identity) = identity else { return Outcome::Lost };
    let as_key = match key.resource {
        Resource::BucketDetail => RecordKey::bucket_detail(identity),
        _ => RecordKey::bucket(identity),
    };
    Outcome::Created { key: as_key, version: content_of(record), fields: fields_of(record) }
}

fn written_record(key: &RecordKey, answer: &Answer) -> Option<Record> {
    read_written(key.resource.schema(), &answer.body)
}
