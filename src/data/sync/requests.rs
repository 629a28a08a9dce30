//! Carries the store's requests out and hands it their answers. What must outlive the tab is on disk
//! before a request that changes anything leaves.

use super::{FieldName, RecordSync, StoreEvent, now};
use crate::api::{RecordKey, System};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{IntentId, JournalLine, Outcome, Request};
use rest_contract::Value;
use std::collections::BTreeSet;

type StoreRequest = Request<RecordKey, FieldName, Value>;

impl RecordSync {
    pub(super) fn send_requests(
        &self,
        lines: Vec<JournalLine<RecordKey, FieldName, Value>>,
        requests: Vec<StoreRequest>,
    ) {
        let sync = *self;
        let noted = sync.inner.try_update_value(|inner| {
            let now = now();
            let mut operations = BTreeSet::new();
            let noted = lines.into_iter().map(|line| {
                inner.durability.note(&line);
                let step = inner.log.note(line, now);
                operations.extend(inner.operations.note(&step));
                step.intent
            });
            let noted: Vec<IntentId> = noted.collect();
            for pruned in inner.log.prune() {
                inner.created.remove(&pruned);
            }
            (noted, operations)
        });
        let (noted, operations) = noted.unwrap_or_default();
        operations.into_iter().for_each(|operation| sync.notify_settled(operation));
        let is_read =
            |request: &StoreRequest| matches!(request, Request::Read { .. } | Request::Probe { .. });
        let (reads, writes): (Vec<_>, Vec<_>) = requests.into_iter().partition(is_read);
        reads.into_iter().for_each(|request| sync.ask(request));
        if noted.is_empty() {
            return writes.into_iter().for_each(|request| sync.ask(request));
        }
        sync.notify_steps();
        let sign_in_count = sync.sign_in_count();
        spawn_local(async move {
            sync.persist(&noted).await;
            // The person may have gone while the disk was busy; then nothing leaves in their name.
            if sync.sign_in_count() == sign_in_count {
                writes.into_iter().for_each(|request| sync.ask(request));
            }
        });
    }

    fn ask(&self, request: StoreRequest) {
        let sync = *self;
        let sign_in_count = self.sign_in_count();
        if let Request::Act { request, intent, .. } = &request
            && self.inner.with_value(|inner| inner.durability.may_hold_an_older_line(*intent))
        {
            // Another tab could take the older line up and do the same once more.
            let outcome = Outcome::NotSent { retry_after: None };
            return self.apply(StoreEvent::Answered { request: *request, outcome, at: now() });
        }
        spawn_local(async move {
            let client = sync.client;
            let system = system_of(&request);
            let (request, outcome) = match request {
                Request::Write { request, key, version, fields, .. } => {
                    (request, client.write_record(&key, &version, &fields).await)
                }
                Request::Act { request, key, action, .. } => {
                    (request, client.act_on_record(&key, &action).await)
                }
                Request::Probe { request, key, action, .. } => {
                    (request, client.probe_action(&key, &action).await)
                }
                Request::Read { request, key } => (request, client.read_for_store(&key).await),
            };
            // Requests are numbered anew for the next person; an answer to the last one's is no news.
            if sync.sign_in_count() != sign_in_count {
                return;
            }
            // At the gateway no system has said anything about its session.
            let expired = outcome == Outcome::SessionExpired && client.gateway.get_untracked().is_none();
            sync.apply(StoreEvent::Answered { request, outcome, at: now() });
            if expired {
                sync.notices.session_ended(system);
            }
        });
    }
}

fn system_of(request: &StoreRequest) -> System {
    let (Request::Write { key, .. }
    | Request::Act { key, .. }
    | Request::Probe { key, .. }
    | Request::Read { key, .. }) = request;
    key.system()
}
