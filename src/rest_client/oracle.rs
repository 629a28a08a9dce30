//! Calls to Oracle Fusion Subscription Management, REST framework version 4.

mod actions;

use super::RestClient;
use super::call::{Answer, Call};
use super::failure::{Failure, FailureKind};
use gloo_net::http::Method;
use record_store::{Fields, Outcome, Reason, RefusalKind, Version};
use rest_contract::logisense::{BASE_BUCKET, BASE_BUCKET_DETAIL};
use rest_contract::oracle::{BASE_PATH, BATCH, CHARGE, EVENT, MESSAGE, STALE_VERSION_CODE, one_of};
use rest_contract::{Collection, ErrorBody, Record, Schema, Value};
use std::sync::Arc;

pub(super) const BATCHES: &str = "subscriptionUsageEventBatches";
/// The events of all batches; each event is known by its path here, whatever list it came from.
const EVENTS: &str = "subscriptionUsageEvents";

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

    fn child(&self, resource: Resource, key: &str) -> Self {
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

/// The key that an item's own links give, if one of them leads into the top-level collection.
fn linked(resource: Resource, record: &Record, collection: &str) -> Option<RecordKey> {
    let prefix = format!("{BASE_PATH}/{collection}/");
    let links = record.links.iter().filter(|link| link.rel == "canonical" || link.rel == "self");
    let mut tails = links.filter_map(|link| link.href.split_once(&prefix).map(|(_, tail)| tail));
    let tail = tails.find(|tail| !tail.is_empty() && !tail.contains('/'))?;
    Some(RecordKey { resource, path: format!("{collection}/{tail}").into() })
}

/// The version of a record that was read.
pub fn version_of(record: &Record) -> Version {
    let order = record.get("ObjectVersionNumber").and_then(Value::as_integer);
    Version {
        token: record.change_indicator().unwrap_or_default().to_owned(),
        order: order.and_then(|number| u64::try_from(number).ok()),
    }
}

/// The fields of a record that was read, as the store keeps them.
pub fn fields_of(record: &Record) -> Fields<&'static str, Value> {
    record.present().map(|(field, value)| (field.name, value.clone())).collect()
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
        let paging = paging(query.q, query.order_by, query.offset, query.limit);
        self.read_collection(&EVENT, &format!("{BASE_PATH}/{list}?{}&{paging}", query.shape)).await
    }

    pub async fn batch_page(
        &self,
        q: &str,
        order_by: &str,
        offset: usize,
        limit: usize,
    ) -> Result<Collection, Failure> {
        let paging = paging(q, order_by, offset, limit);
        self.read_collection(&BATCH, &format!("{BASE_PATH}/{BATCHES}?{paging}")).await
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
        Record::read(key.resource.schema(), &answer.body)
            .map_err(|error| Failure::unreadable(&answer, &error))
    }

    pub(super) async fn read_collection(
        &self,
        schema: &'static Schema,
        path: &str,
    ) -> Result<Collection, Failure> {
        let answer = self.get(path).await?;
        Collection::read(schema, &answer.body).map_err(|error| Failure::unreadable(&answer, &error))
    }

    /// Reads the whole of a list that fields refer to.
    pub async fn list_of_values(&self, schema: &'static Schema) -> Result<Vec<Record>, Failure> {
        let mut rows = Vec::new();
        loop {
            let paging = paging("", &format!("{}:asc", schema.key), rows.len(), 499);
            let path = format!("{BASE_PATH}/{}?onlyData=true&{paging}", schema.resource);
            let page = self.read_collection(schema, &path).await?;
            let is_last = page.items.is_empty() || !page.has_more;
            rows.extend(page.items);
            if is_last {
                return Ok(rows);
            }
        }
    }

    /// Reads any JSON answer below the API's base, such as a list of values.
    pub async fn read_json<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let answer = self.get(&format!("{BASE_PATH}/{path}")).await?;
        serde_json::from_slice(&answer.body).map_err(|error| {
            Failure::unreadable(&answer, &rest_contract::ReadError::Malformed(error.to_string()))
        })
    }

    async fn get(&self, path: &str) -> Result<Answer, Failure> {
        let call =
            Call { method: Method::GET, path, headers: &[("REST-Framework-Version", "4")], body: None };
        self.send(call).await?.succeeded()
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
        let mut headers = vec![("REST-Framework-Version", "4"), ("Content-Type", "application/json")];
        if !version.token.is_empty() {
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
        match self.send(call).await {
            Ok(answer) => write_outcome(schema, &answer),
            Err(_) => Outcome::Lost,
        }
    }
}

/// The reply table of the record store, from an HTTP answer to a write.
fn write_outcome(schema: &'static Schema, answer: &Answer) -> Outcome<RecordKey, &'static str, Value> {
    let item = || Record::read(schema, &answer.body).ok();
    let body = || ErrorBody::read(answer.status, &answer.body);
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
            let current = item().filter(|record| record.key().is_some());
            Outcome::Stale {
                current: current.map(|record| (version_in(answer, &record), fields_of(&record))),
            }
        }
        400 | 409 if body().has_code(STALE_VERSION_CODE) => Outcome::Stale { current: None },
        401 => Outcome::SessionExpired,
        403 => refused(RefusalKind::Role, schema, &body()),
        404 | 410 => Outcome::Gone,
        429 | 503 => Outcome::Pressure { retry_after: answer.retry_after },
        400 | 422 if body().details.iter().any(|detail| detail.field().is_some()) => {
            refused(RefusalKind::Validation, schema, &body())
        }
        400..=499 => refused(RefusalKind::Business, schema, &body()),
        _ => Outcome::Lost,
    }
}

/// What a read of the store's own brought.
pub fn read_outcome(read: Result<Record, Failure>) -> Outcome<RecordKey, &'static str, Value> {
    match read.map_err(|failure| failure.kind) {
        Ok(record) => Outcome::Read { version: version_of(&record), fields: fields_of(&record) },
        Err(FailureKind::SignedOut) => Outcome::SessionExpired,
        Err(FailureKind::NotFound) => Outcome::Gone,
        Err(FailureKind::Busy { retry_after }) => Outcome::Pressure { retry_after },
        Err(
            FailureKind::Unreachable
            | FailureKind::Unreadable(_)
            | FailureKind::Forbidden(_)
            | FailureKind::Refused(..),
        ) => Outcome::Lost,
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

pub(super) fn refused_here(message: String) -> Outcome<RecordKey, &'static str, Value> {
    Outcome::Refused {
        kind: RefusalKind::Business,
        reasons: vec![Reason { field: None, message, code: None }],
    }
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

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
