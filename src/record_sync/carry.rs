//! Carries the store's requests out and hands it their answers.

use super::{FieldName, RecordSync, now};
use crate::rest_client::{RecordKey, read_outcome};
use leptos::task::spawn_local;
use record_store::{Event, Outcome, Request};
use rest_contract::Value;

impl RecordSync {
    pub(super) fn carry_out(&self, request: Request<RecordKey, FieldName, Value>) {
        let sync = *self;
        let desk = self.desk();
        spawn_local(async move {
            let (request, outcome) = match request {
                Request::Write { request, key, version, fields, .. } => {
                    (request, sync.client.patch_record(&key, &version, &fields).await)
                }
                Request::Act { request, key, action, .. } => {
                    (request, sync.client.perform(&key, &action).await)
                }
                Request::Probe { request, key, action, .. } => {
                    (request, sync.client.look_up(&key, &action).await)
                }
                Request::Read { request, key } => {
                    (request, read_outcome(sync.client.read_record(&key).await))
                }
            };
            // Requests are numbered anew for the next person; an answer to the last one's is no news.
            if sync.desk() != desk {
                return;
            }
            let expired = outcome == Outcome::SessionExpired;
            sync.apply(Event::Answered { request, outcome, at: now() });
            if expired {
                sync.notices.session_ended();
            }
        });
    }
}
