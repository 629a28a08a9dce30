//! The last requests, for whoever looks for the cause of a fault: when, to what, with which status, how long. Nothing
//! that was sent or came is kept, and of an address no record's number.

use super::System;
use super::call::Answer;
use super::failure::{Failure, FailureKind};
use chrono::{DateTime, Utc};
use gloo_net::http::Method;
use std::cell::RefCell;
use std::collections::VecDeque;

const KEPT: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    pub at: DateTime<Utc>,
    /// The system that was asked; nothing of an identity provider.
    pub system: Option<System>,
    pub method: String,
    /// The vendor's path, with a dash for each step that names a record; of a provider the address without its query.
    pub path: String,
    /// A status code, or in a word why there is none.
    pub outcome: String,
    pub milliseconds: i64,
    pub request_id: Option<String>,
}

thread_local! {
    static LAST: RefCell<VecDeque<LoggedRequest>> = const { RefCell::new(VecDeque::new()) };
}

/// The last requests, the oldest first.
pub fn last_requests() -> Vec<LoggedRequest> {
    LAST.with_borrow(|last| last.iter().cloned().collect())
}

pub(super) fn note_request(
    system: System,
    method: &Method,
    path: &str,
    sent_at: DateTime<Utc>,
    result: &Result<Answer, Failure>,
) {
    let (outcome, request_id) = match result {
        Ok(answer) => (answer.status.to_string(), answer.request_id.clone()),
        Err(failure) => (word(&failure.kind).to_owned(), failure.request_id.clone()),
    };
    keep(LoggedRequest {
        at: sent_at,
        system: Some(system),
        method: method.to_string(),
        path: without_numbers(path),
        outcome,
        milliseconds: (Utc::now() - sent_at).num_milliseconds(),
        request_id,
    });
}

/// The same of a request to an identity provider, which was answered with this status or not at all.
pub(super) fn note_provider_request(
    method: &Method,
    address: &str,
    sent_at: DateTime<Utc>,
    status: Option<u16>,
) {
    keep(LoggedRequest {
        at: sent_at,
        system: None,
        method: method.to_string(),
        path: without_question(address),
        outcome: status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        milliseconds: (Utc::now() - sent_at).num_milliseconds(),
        request_id: None,
    });
}

fn keep(logged: LoggedRequest) {
    LAST.with_borrow_mut(|last| {
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(logged);
    });
}

fn word(kind: &FailureKind) -> &'static str {
    match kind {
        FailureKind::AtGateway { .. } => "gateway",
        FailureKind::NotRouted => "own page",
        FailureKind::Blocked(_) => "blocked by policy",
        FailureKind::HeadersTooLarge(_) => "headers too large",
        FailureKind::TooLong { .. } => "address too long",
        _ => "no answer",
    }
}

/// An address without its query, and without what may stand before its host.
fn without_question(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Collections whose next step names a record, unless it is one of the vendors' own words.
const COLLECTIONS: [&str; 10] = [
    "subscriptionUsageEventBatches",
    "subscriptionUsageEvents",
    "usageEvents",
    "usageCharges",
    "usageMessages",
    "service_usage_events",
    "organizations",
    "Base",
    "BaseDetail",
    "Bucket",
];
const WORDS: [&str; 9] =
    ["action", "actions", "child", "describe", "Base", "BaseDetail", "BaseUnit", "Paged", "Search"];

/// The path with a dash for each step that may name a record. Others are words and versions.
fn without_numbers(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_word = |step: &str| step.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let mut before = "";
    let steps = path.split('/').map(|step| {
        let names_record = COLLECTIONS.contains(&before) && !WORDS.contains(&step);
        before = step;
        let is_name = !names_record && (is_word(step) || matches!(step, "11.13.18.05" | "v3" | "v8"));
        if is_name { step } else { "-" }
    });
    steps.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_logged_address_of_a_provider_holds_no_secret() {
        for (address, logged) in [
            ("https://id.example/realms/a/token?code=c&state=s#x", "https://id.example/realms/a/token"),
            ("https://user:secret@id.example/token", "https://id.example/token"),
            ("https://id.example/a@b/token", "https://id.example/a@b/token"),
            ("https://id.example", "https://id.example"),
        ] {
            assert_eq!(without_question(address), logged);
        }
    }

    #[wasm_bindgen_test]
    fn a_logged_path_names_no_record() {
        for (path, logged) in [
            (
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents/TEL-1?q=EventNumber='A'",
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents/-",
            ),
            ("/v3/service_usage_events/5f1f4f2a-9c1e", "/v3/service_usage_events/-"),
            (
                "/ResourceServer/api/v8/Usage/Bucket/BaseUnit/17",
                "/ResourceServer/api/v8/Usage/Bucket/BaseUnit/-",
            ),
            ("/v3/x/v123/1.2.3/Z%C3%BC", "/v3/x/-/-/-"),
            (
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches/OCTOBER/child/usageEvents/A_B",
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches/-/child/usageEvents/-",
            ),
            (
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches/OCTOBER/action/submit",
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches/-/action/submit",
            ),
            (
                "/ResourceServer/api/v8/Usage/Bucket/Base/Paged/Detail",
                "/ResourceServer/api/v8/Usage/Bucket/Base/Paged/Detail",
            ),
        ] {
            assert_eq!(without_numbers(path), logged);
        }
    }
}
