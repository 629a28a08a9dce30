//! Calls to Oracle Fusion Subscription Management, REST framework version 4.

mod actions;
mod approvals;
mod closed_periods;
mod creations;
mod portions;

use super::call::{Answer, Call, can_stand_in_a_header};
use super::failure::{Failure, FailureKind};
use super::outcome::{fields_of, no_answer, of_server_on_the_way, refused_here, version_of};
use super::record_key::{BATCHES, EVENTS, encoded};
use super::system::framework_version;
use super::{RecordKey, Resource, RestClient, System};
use crate::next_task::TaskTime;
pub use approvals::MOST_APPROVALS;
use chrono::{DateTime, Utc};
use gloo_net::http::Method;
use portions::Window;
use record_store::{Fields, Outcome, Reason, RefusalKind, Version};
use rest_contract::oracle::event_metrics::{EventMetrics, METRICS_ACTION, metrics_request};
use rest_contract::oracle::{
    BASE_PATH, BATCH, CHANGE_HISTORY, CHANGE_STEP, EVENT, STALE_VERSION_CODE, one_of,
};
use rest_contract::{Collection, ErrorBody, ReadError, Record, RefusedBy, Schema, UnreadCollection, Value};
use std::collections::BTreeSet;

/// The store key of a record that was read; `parent` is the event that a charge or message hangs on.
/// The vendor allows a path key to be a hash that only the item's own link tells; the number is the
/// fallback where an answer carries no links.
pub fn key_of(resource: Resource, record: &Record, parent: Option<&RecordKey>) -> Option<RecordKey> {
    let key = record.key()?;
    Some(match (resource, parent) {
        (Resource::Batch, _) => linked(resource, record, BATCHES).unwrap_or_else(|| RecordKey::batch(&key)),
        (Resource::Event, _) => linked(resource, record, EVENTS).unwrap_or_else(|| RecordKey::event(&key)),
        (Resource::Charge | Resource::Message, parent) => parent?.child(resource, &key),
        (Resource::Bucket, _) => RecordKey::bucket(key.parse().ok()?),
        (Resource::BucketDetail, _) => RecordKey::bucket_detail(key.parse().ok()?),
    })
}

/// The record that was asked for. An answer without its number, or of another record, is none: something on
/// the way gave it.
fn read_of(key: &RecordKey, body: &[u8]) -> Result<Record, ReadError> {
    let record = Record::read(key.resource.schema(), body)?;
    let is_it = record.key().is_some_and(|number| number == key.name())
        || key_of(key.resource, &record, None).is_some_and(|own| own == *key);
    if is_it {
        Ok(record)
    } else {
        Err(ReadError::Malformed("It is not the record that was asked for".to_owned()))
    }
}

/// The key that an item's own links give, if one of them leads into the top-level collection.
fn linked(resource: Resource, record: &Record, collection: &str) -> Option<RecordKey> {
    let prefix = format!("{BASE_PATH}/{collection}/");
    let links = record.links.iter().filter(|link| link.rel == "canonical" || link.rel == "self");
    let mut tails = links.filter_map(|link| link.href.split_once(&prefix).map(|(_, tail)| tail));
    let tail = tails.find(|tail| is_one_step(tail))?;
    Some(RecordKey { resource, path: format!("{collection}/{tail}").into() })
}

/// Whether a text is one step of a path and nothing else, however a browser reads it: what is asked at it goes with the
/// person's token.
fn is_one_step(text: &str) -> bool {
    let is_safe = |letter: char| letter.is_ascii_graphic() && !"/\\?#".contains(letter);
    let dots = text.to_ascii_lowercase().replace("%2e", ".");
    !text.is_empty() && text.chars().all(is_safe) && dots != "." && dots != ".."
}

/// Whose changes are asked for.
#[derive(Clone, Copy)]
pub enum HistoryOf<'a> {
    /// A batch with all that is in it and all that left it.
    Batch(&'a str),
    Event(&'a str),
}

/// Which page of which list of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventPageQuery<'a> {
    /// One batch's events, or all.
    pub batch: Option<&'a str>,
    /// A row-match expression; empty for all rows.
    pub q: &'a str,
    /// `Attribute:asc,…`; empty for the server's order.
    pub order_by: &'a str,
    /// `fields=` or `expand=` with its value.
    pub shape: &'a str,
    pub offset: usize,
    pub limit: usize,
}

impl RestClient {
    pub async fn event_page(&self, query: &EventPageQuery<'_>) -> Result<Collection, Failure> {
        let list = match query.batch {
            Some(batch) => format!("{BATCHES}/{}/child/usageEvents", encoded(batch)),
            None => EVENTS.to_owned(),
        };
        let shape = format!("{}&", query.shape);
        let EventPageQuery { q, order_by, offset, limit, .. } = *query;
        let (q, order_by) = (q.to_owned(), order_by.to_owned());
        self.window(Window { schema: &EVENT, list, shape, q, order_by, offset, limit }).await
    }

    pub async fn batch_page(
        &self,
        q: &str,
        order_by: &str,
        offset: usize,
        limit: usize,
    ) -> Result<Collection, Failure> {
        let (list, shape) = (BATCHES.to_owned(), String::new());
        let (q, order_by) = (q.to_owned(), order_by.to_owned());
        self.window(Window { schema: &BATCH, list, shape, q, order_by, offset, limit }).await
    }

    /// How many events there are of a question, as the server estimates; nothing where it does not say.
    pub async fn event_count(&self, q: &str) -> Result<Option<u64>, Failure> {
        let query =
            EventPageQuery { q, shape: "fields=EventId&onlyData=true", limit: 1, ..Default::default() };
        Ok(self.event_page(&query).await?.total_results)
    }

    /// The figures of the spans between ascending instants; nothing of a system that does not tell any.
    pub async fn event_metrics(&self, boundaries: &[DateTime<Utc>]) -> Result<Option<EventMetrics>, Failure> {
        let path = format!("{BASE_PATH}/{EVENTS}/action/{METRICS_ACTION}");
        let headers =
            [("REST-Framework-Version", "4"), ("Content-Type", "application/vnd.oracle.adf.action+json")];
        let body = Some(metrics_request(boundaries));
        let call = Call { method: Method::POST, path: &path, headers: &headers, body };
        let answer = self.send(System::Oracle, call).await?;
        // The action is none of the vendor's: where it is missing, the path names nothing, or takes no POST. A server
        // that finds fault with the boundaries knows it.
        let is_unknown = match answer.status {
            404 | 405 | 501 => true,
            400 => {
                let details = ErrorBody::read(answer.status, &answer.body).details;
                !details.iter().any(|detail| detail.field() == Some("boundaries"))
            }
            _ => false,
        };
        if is_unknown {
            return Ok(None);
        }
        let answer = answer.succeeded()?;
        let metrics = EventMetrics::read(&answer.body, boundaries);
        metrics.map(Some).map_err(|reason| Failure::unreadable(&answer, &ReadError::Malformed(reason)))
    }

    /// Changes of a record and of what is in it, the newest first.
    pub async fn change_history_page(
        &self,
        of: HistoryOf<'_>,
        offset: usize,
        limit: usize,
    ) -> Result<Collection, Failure> {
        let q = match of {
            // What tells of two batches belongs to the history of both.
            HistoryOf::Batch(number) => {
                let [own, other] = ["BatchNumber", "OtherBatchNumber"].map(|name| one_of(name, &[number]));
                format!("({own} or {other})")
            }
            HistoryOf::Event(number) => one_of("EventNumber", &[number]),
        };
        let paging = paging(&q, "ChangeId:desc", offset, limit);
        let path = format!("{BASE_PATH}/{}?onlyData=true&{paging}", CHANGE_HISTORY.resource);
        self.read_collection(&CHANGE_HISTORY, &path).await
    }

    /// The changes of a batch and of what is in it, added up to its steps, the one that began last first.
    pub async fn change_steps_page(
        &self,
        batch: &str,
        offset: usize,
        limit: usize,
    ) -> Result<Collection, Failure> {
        let q = encoded(&one_of("BatchNumber", &[batch]));
        let paging = format!("offset={offset}&limit={limit}&orderBy=StepNumber:desc&q={q}");
        let path = format!("{BASE_PATH}/{}?onlyData=true&{paging}", CHANGE_STEP.resource);
        self.read_collection(&CHANGE_STEP, &path).await
    }

    /// The newest batches with the rules that they keep, or one batch by its number.
    pub async fn batches_with_rules(&self, number: &str, limit: usize) -> Result<Collection, Failure> {
        let q = if number.is_empty() { String::new() } else { one_of("BatchNumber", &[number]) };
        let paging = paging(&q, "CreationDate:desc,UsageBatchId:desc", 0, limit);
        let shape = "expand=ruleBuilderConditions&onlyData=true";
        self.read_collection(&BATCH, &format!("{BASE_PATH}/{BATCHES}?{shape}&{paging}")).await
    }

    /// Reads one record; an event comes with its charges and messages.
    pub async fn read_record(&self, key: &RecordKey) -> Result<Record, Failure> {
        let expand = if key.resource == Resource::Event { "?expand=usageCharges,usageMessages" } else { "" };
        let answer = self.get(&format!("{BASE_PATH}/{}{expand}", key.path)).await?;
        read_of(key, &answer.body).map_err(|error| Failure::unreadable(&answer, &error))
    }

    pub(super) async fn read_collection(
        &self,
        schema: &'static Schema,
        path: &str,
    ) -> Result<Collection, Failure> {
        let answer = self.get(path).await?;
        let mut task = TaskTime::begin();
        let text = String::from_utf8_lossy(&answer.body);
        let page =
            UnreadCollection::read(schema, &text).map_err(|error| Failure::unreadable(&answer, &error))?;
        let mut items = Vec::with_capacity(page.items().len());
        for item in page.items() {
            items.push(item);
            task.give_way().await;
        }
        Ok(page.with(items))
    }

    /// Reads the whole of a list that fields refer to. One of which the server goes on giving what it gave
    /// before is a failure: it would never end, and half a list is none.
    pub async fn list_of_values(&self, schema: &'static Schema) -> Result<Vec<Record>, Failure> {
        let mut rows = Vec::new();
        let mut known = BTreeSet::new();
        loop {
            let paging = paging("", &format!("{}:asc", schema.key), rows.len(), 499);
            let path = format!("{BASE_PATH}/{}?onlyData=true&{paging}", schema.resource);
            let page = self.read_collection(schema, &path).await?;
            let is_last = page.items.is_empty() || !page.has_more;
            let before = known.len();
            known.extend(page.items.iter().filter_map(Record::key));
            if !is_last && known.len() == before {
                let words = format!("The list {} gives the same page again and again.", schema.resource);
                return Err(Failure::new(System::Oracle, FailureKind::Unreadable(words)));
            }
            rows.extend(page.items);
            if is_last {
                return Ok(rows);
            }
        }
    }

    /// Reads any JSON answer below the API's base, such as a list of values.
    pub async fn read_json<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let answer = self.get(&format!("{BASE_PATH}/{path}")).await?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))
    }

    async fn get(&self, path: &str) -> Result<Answer, Failure> {
        let call = Call { method: Method::GET, path, headers: &[framework_version()], body: None };
        self.send(System::Oracle, call).await?.succeeded()
    }

    /// Writes fields of a record, on condition that it is still at `version`: `If-Match` where the
    /// record has a change indicator, its ObjectVersionNumber in the body where it has only that.
    pub async fn patch_record(
        &self,
        key: &RecordKey,
        version: &Version,
        fields: &Fields<&'static str, Value>,
    ) -> Outcome<RecordKey, &'static str, Value> {
        let schema = key.resource.schema();
        let mut change = Record::new(schema);
        for (name, value) in fields {
            if !change.set(name, value.clone()) {
                return refused_here(format!("{name} is not a field of {}", schema.resource));
            }
        }
        let mut headers = vec![framework_version(), ("Content-Type", "application/json")];
        if !version.token.is_empty() {
            if !can_stand_in_a_header(&version.token) {
                return refused_here(
                    "The record came with a version that cannot be sent back, so it cannot be changed safely"
                        .to_owned(),
                );
            }
            headers.push(("If-Match", &version.token));
        } else {
            let order = version.order.and_then(|order| i64::try_from(order).ok());
            let carries = order.is_some_and(|order| change.set("ObjectVersionNumber", Value::Integer(order)));
            if !carries {
                return refused_here(
                    "The record came without a version, so it cannot be changed safely".to_owned(),
                );
            }
        }
        let Ok(body) = serde_json::to_string(&change) else {
            return refused_here("The change could not be written as JSON".to_owned());
        };
        let path = format!("{BASE_PATH}/{}", key.path);
        let call = Call { method: Method::PATCH, path: &path, headers: &headers, body: Some(body) };
        match self.send(System::Oracle, call).await {
            Ok(answer) => write_outcome(key, &answer),
            // The version stands guard: even if it did get through, it is sent again over a newer one.
            Err(failure) if matches!(failure.kind, FailureKind::AtGateway { .. }) => Outcome::SessionExpired,
            Err(failure) => no_answer(&failure),
        }
    }
}

/// The reply table of the record store, from an HTTP answer to a write.
fn write_outcome(key: &RecordKey, answer: &Answer) -> Outcome<RecordKey, &'static str, Value> {
    let schema = key.resource.schema();
    let item = || read_of(key, &answer.body).ok();
    let body = || ErrorBody::read(answer.status, &answer.body);
    if let Some(outcome) = of_server_on_the_way(answer) {
        return outcome;
    }
    match answer.status {
        200..=299 => match item() {
            Some(record) => {
                Outcome::Accepted { version: version_in(answer, &record), fields: fields_of(&record) }
            }
            // Accepted, and yet not to be read: what the record is now, only a read can tell.
            None => Outcome::Lost,
        },
        412 => {
            // The body is the current item by the vendor's page; some services send an error there.
            Outcome::Stale { current: item().map(|record| (version_in(answer, &record), fields_of(&record))) }
        }
        400 | 409 if body().has_code(STALE_VERSION_CODE) => Outcome::Stale { current: None },
        401 => Outcome::SessionExpired,
        403 if answer.refused_by == RefusedBy::Either => refused(RefusalKind::Business, schema, &body()),
        403 => refused(RefusalKind::Role, schema, &body()),
        404 | 410 => Outcome::Gone,
        400 | 422 if body().details.iter().any(|detail| detail.field().is_some()) => {
            refused(RefusalKind::Validation, schema, &body())
        }
        400..=499 => refused(RefusalKind::Business, schema, &body()),
        _ => Outcome::Lost,
    }
}

fn version_in(answer: &Answer, record: &Record) -> Version {
    let version = version_of(record);
    match &answer.etag {
        Some(etag) if version.token.is_empty() => Version { token: etag.clone(), ..version },
        _ => version,
    }
}

fn refused(
    kind: RefusalKind,
    schema: &'static Schema,
    body: &ErrorBody,
) -> Outcome<RecordKey, &'static str, Value> {
    let mut reasons: Vec<_> = body
        .details
        .iter()
        .map(|detail| Reason {
            field: detail.field().and_then(|name| schema.field(name)).map(|field| field.name),
            message: detail.detail.clone(),
            code: detail.code.clone(),
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(Reason { field: None, message: body.summary(), code: None });
    }
    Outcome::Refused { kind, reasons }
}

fn paging(q: &str, order_by: &str, offset: usize, limit: usize) -> String {
    let mut query = format!("offset={offset}&limit={limit}&totalResults=true");
    for (name, value) in [("q", q), ("orderBy", order_by)] {
        if !value.is_empty() {
            query.push_str(&format!("&{name}={}", encoded(value)));
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_link_gives_one_step_and_no_way_elsewhere() {
        let event = |tail: &str| {
            let href = format!("https://elsewhere.example{BASE_PATH}/{EVENTS}/{tail}");
            let links = [BTreeMap::from([("rel", "self"), ("href", href.as_str())])];
            let body = serde_json::json!({ "EventNumber": "E 1", "links": links }).to_string();
            let record = Record::read(&EVENT, body.as_bytes()).expect("an event");
            key_of(Resource::Event, &record, None).expect("a key").path.to_string()
        };
        assert_eq!(event("00000000A1"), "subscriptionUsageEvents/00000000A1");
        assert_eq!(event("a%20b"), "subscriptionUsageEvents/a%20b");
        for tail in [
            "",
            ".",
            "..",
            "%2E%2e",
            ".%2e",
            "..\\..\\x",
            "\\evil",
            "a?q=1",
            "a#b",
            "a/b",
            "a b",
            "\t..",
            "é",
        ] {
            assert_eq!(event(tail), "subscriptionUsageEvents/E%201", "{tail:?}");
        }
    }
}
