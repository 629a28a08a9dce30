//! Carries the store's requests out and hands it their answers. What must outlive the tab is on disk
//! before a request that changes anything leaves.

use super::{FieldName, RecordSync, StoreEvent, now};
use crate::rest_client::RecordKey;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{IntentId, Journal, Outcome, Request};
use rest_contract::Value;
use std::collections::BTreeSet;

type StoreRequest = Request<RecordKey, FieldName, Value>;

impl RecordSync {
    pub(super) fn carry_out(
        &self,
        lines: Vec<Journal<RecordKey, FieldName, Value>>,
        requests: Vec<StoreRequest>,
    ) {
        let sync = *self;
        let noted = sync.inner.try_update_value(|inner| {
            let now = now();
            let mut strokes = BTreeSet::new();
            let noted = lines.into_iter().map(|line| {
                let step = inner.log.note(line, now);
                strokes.extend(inner.strokes.note(&step));
                step.intent
            });
            let noted: Vec<IntentId> = noted.collect();
            (noted, strokes)
        });
        let (noted, strokes) = noted.unwrap_or_default();
        strokes.into_iter().for_each(|stroke| sync.tell_settled(stroke));
        let is_read =
            |request: &StoreRequest| matches!(request, Request::Read { .. } | Request::Probe { .. });
        let (reads, writes): (Vec<_>, Vec<_>) = requests.into_iter().partition(is_read);
        reads.into_iter().for_each(|request| sync.ask(request));
        if noted.is_empty() {
            return writes.into_iter().for_each(|request| sync.ask(request));
        }
        sync.tell_steps();
        let desk = sync.desk();
        spawn_local(async move {
            sync.write_down(&noted).await;
            // The person may have gone while the disk was busy; then nothing leaves in their name.
            if sync.desk() == desk {
                writes.into_iter().for_each(|request| sync.ask(request));
            }
        });
    }

    fn ask(&self, request: StoreRequest) {
        let sync = *self;
        let desk = self.desk();
        spawn_local(async move {
            let client = sync.client;
            let (request, outcome) = match request {
                Request::Write { request, key, version, fields, .. } => {
                    (request, client.write_record(&key, &version, &fields).await)
                }
                Request::Act { request, key, action, .. } => {
                    (request, client.act_on_record(&key, &action).await)
                }
                Request::Probe { request, key, action, .. } => {
                    (request, client.look_up_action(&key, &action).await)
                }
                Request::Read { request, key } => (request, client.read_for_store(&key).await),
            };
            // Requests are numbered anew for the next person; an answer to the last one's is no news.
            if sync.desk() != desk {
                return;
            }
            let expired = outcome == Outcome::SessionExpired;
            sync.apply(StoreEvent::Answered { request, outcome, at: now() });
            if expired {
                sync.notices.session_ended();
            }
        });
    }
}
