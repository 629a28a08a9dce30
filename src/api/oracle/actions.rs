//! Actions that must not be done twice, and the looks that tell whether they were done.
//! Not here: when to look, and what to make of it (`record-store`).

use super::{RecordKey, fields_of, key_of, no_answer, refused_here, version_in, version_of, write_outcome};
use crate::api::call::Call;
use crate::api::failure::{Failure, FailureKind};
use crate::api::outcome::probe_failed;
use crate::api::system::framework_version;
use crate::api::{RestClient, System};
use gloo_net::http::Method;
use record_store::{Action as Asked, Outcome};
use rest_contract::oracle::action::{self, Action};
use rest_contract::oracle::{BASE_PATH, EVENT};
use rest_contract::{Record, Value};
use std::collections::BTreeMap;

type Answered = Outcome<RecordKey, &'static str, Value>;

impl RestClient {
    /// Does it, once. An answer that is not understood counts as lost.
    pub async fn perform(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        let Some(action) = Action::named(asked.name) else {
            return refused_here(format!("{} is not an action of {}", asked.name, key.name()));
        };
        let collection = key.path.rsplit_once('/').map_or(&*key.path, |(collection, _)| collection);
        let (method, path, media_type, body) = if *action == action::CREATE {
            let schema = key.resource.schema();
            let mut record = Record::new(schema);
            let mut fields = asked.arguments.iter().filter(|(name, _)| action.asks_for(name));
            let unknown = fields.find(|(name, value)| !record.set(name, Value::clone(value)));
            if let Some((name, _)) = unknown {
                return refused_here(format!("{name} is not a field of {}", schema.resource));
            }
            (Method::POST, collection.to_owned(), "application/json", serde_json::to_string(&record))
        } else if *action == action::DELETE {
            let seen = asked.arguments.get(action::SEEN_VERSION).and_then(Value::as_text);
            if seen.is_none_or(str::is_empty) {
                return refused_here("It came without a version, so it cannot be deleted safely".to_owned());
            }
            (Method::DELETE, key.path.to_string(), "application/json", Ok(String::new()))
        } else {
            let path = format!("{}/action/{}", key.path, action.name);
            (Method::POST, path, "application/vnd.oracle.adf.action+json", action.body(&asked.arguments))
        };
        let Ok(body) = body else {
            return refused_here(format!("{} could not be written as JSON", action.title));
        };
        let mut headers = vec![framework_version(), ("Content-Type", media_type)];
        let seen = asked.arguments.get(action::SEEN_VERSION).and_then(Value::as_text);
        headers.extend(seen.map(|version| ("If-Match", version)));
        let path = format!("{BASE_PATH}/{path}");
        let body = (!body.is_empty()).then_some(body);
        let answer =
            match self.send(System::Oracle, Call { method, path: &path, headers: &headers, body }).await {
                Ok(answer) => answer,
                Err(failure) => return no_answer(&failure),
            };
        if !(200..300).contains(&answer.status) {
            return write_outcome(key, &answer);
        }
        if !asked.creates {
            let is_told =
                if *action == action::DELETE { answer.body.is_empty() } else { has_result(&answer.body) };
            return if is_told { Outcome::Done { record: None } } else { Outcome::Lost };
        }
        let created = Record::read(key.resource.schema(), &answer.body).ok();
        let created = created.and_then(|record| Some((key_of(key.resource, &record, None)?, record)));
        match created {
            Some((key, record)) => {
                Outcome::Created { key, version: version_in(&answer, &record), fields: fields_of(&record) }
            }
            None => Outcome::Lost,
        }
    }

    /// Finds out by reading whether it was done.
    pub async fn look_up(&self, key: &RecordKey, asked: &Asked<&'static str, Value>) -> Answered {
        let Some(action) = Action::named(asked.name) else { return Outcome::NotDone };
        let record = match self.read_record(key).await {
            Ok(record) => Some(record),
            Err(Failure { kind: FailureKind::NotFound, .. }) => None,
            Err(failure) => return probe_failed(failure),
        };
        let mut related = Vec::new();
        let id = record.as_ref().and_then(|record| record.get("EventId")?.as_integer());
        if let Some(id) = id.filter(|_| action.looks_at_related()) {
            match self.related_to(id).await {
                Ok(events) => related = events,
                Err(failure) => return probe_failed(failure),
            }
        }
        if let Some(member) = asked.arguments.get(action::MEMBER).and_then(Value::as_text) {
            match self.in_batch(key, member).await {
                Ok(events) => related = events,
                Err(failure) => return probe_failed(failure),
            }
        }
        if !action.was_done(&asked.arguments, record.as_ref(), &related) {
            return Outcome::NotDone;
        }
        match record {
            Some(record) if asked.creates => Outcome::Created {
                key: key_of(key.resource, &record, None).unwrap_or_else(|| key.clone()),
                version: version_of(&record),
                fields: fields_of(&record),
            },
            record => {
                Outcome::Done { record: record.map(|record| (version_of(&record), fields_of(&record))) }
            }
        }
    }
}

impl RestClient {
    /// An event and those made of it, as far as they are in this batch.
    async fn in_batch(&self, batch: &RecordKey, event: &str) -> Result<Vec<Record>, Failure> {
        let event = match self.read_record(&RecordKey::event(event)).await {
            Ok(event) => event,
            Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(Vec::new()),
            Err(failure) => return Err(failure),
        };
        let mut events = Vec::new();
        if let Some(id) = event.get("EventId").and_then(Value::as_integer) {
            events = self.related_to(id).await?;
        }
        events.push(event);
        events.retain(|event| event.text("BatchNumber") == Some(&batch.name()));
        Ok(events)
    }

    /// Events that name this one as theirs.
    async fn related_to(&self, id: i64) -> Result<Vec<Record>, Failure> {
        let path = format!("{BASE_PATH}/{}?q=RelatedEventId%3D{id}&limit=25", super::EVENTS);
        self.read_collection(&EVENT, &path).await.map(|page| page.items)
    }
}

/// What an action's own answer carries, whatever it says; a page or an error from elsewhere does not.
fn has_result(body: &[u8]) -> bool {
    let members = serde_json::from_slice::<BTreeMap<String, serde::de::IgnoredAny>>(body);
    members.is_ok_and(|members| members.contains_key("result"))
}
