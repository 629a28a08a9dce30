//! Fault switches for tests, under `/faults` and only with `--faults`: answers are delayed, replaced,
//! truncated or cut off, before or after the work was done. `PUT` sets the list of rules, `GET` shows
//! it with how often each was applied, `DELETE` clears it. `/faults/clock` sets what answers show as the
//! server's clock (their `Date`), to the second, until it is deleted.
//!
//! The list belongs to one process: it is a switch on this server, not data of the service.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Extension, Router};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// One rule. All that it leaves out applies to every request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// A part of the path and query.
    #[serde(default)]
    path: String,
    /// How often it applies; without it, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    /// How many matching requests pass before it first applies.
    #[serde(default)]
    after: u32,
    kind: FaultKind,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Milliseconds before the request is worked on. Later rules still apply.
    DelayMs(u64),
    /// What the vendor does in two steps is done so, with so many milliseconds between them, or fewer
    /// where the rules are cleared meanwhile. Later rules still apply.
    StepGapMs(u64),
    /// The connection closes and nothing was done.
    CutBefore,
    /// The work is done and committed; then the connection closes without an answer.
    CutAfter,
    /// The work is done and committed; of the answer's body half is sent, and then the connection
    /// closes.
    Truncate,
    /// The API that was asked refuses in its own words; nothing was done.
    Refuse(FaultRefusal),
    /// This answer instead of the service's; nothing was done.
    Answer(FaultAnswer),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRefusal {
    pub(crate) status: u16,
    /// In seconds.
    #[serde(default)]
    pub(crate) retry_after: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultAnswer {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) body: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
}

/// What lies between the two steps of a request's work, given to whoever does it.
#[derive(Clone, Debug)]
pub(crate) struct StepGap {
    pub(crate) longest: Duration,
    pub(crate) cleared: watch::Receiver<()>,
}

impl StepGap {
    /// Waits until the gap is over.
    pub(crate) async fn pass(mut self) {
        // Over, whether by the clock, by the rules' end or by the service's.
        let _ = tokio::time::timeout(self.longest, self.cleared.changed()).await;
    }
}

/// A rule with its counters.
#[derive(Clone, Debug, Serialize)]
struct ActiveRule {
    #[serde(flatten)]
    rule: FaultRule,
    matched: u32,
    applied: u32,
}

/// The rules of this process.
#[derive(Clone, Debug, Default)]
pub struct FaultSwitches {
    rules: Arc<Mutex<Vec<ActiveRule>>>,
    /// The `Date` of every answer.
    clock: Arc<Mutex<Option<HeaderValue>>>,
    /// Says when they are cleared.
    pub(crate) cleared: watch::Sender<()>,
}

impl FaultSwitches {
    fn rules(&self) -> MutexGuard<'_, Vec<ActiveRule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clock(&self) -> MutexGuard<'_, Option<HeaderValue>> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens to a request: all delays and gaps up to the first rule of another kind, and that
    /// rule.
    pub(crate) fn faults_of(&self, method: &str, path: &str) -> Vec<FaultKind> {
        let mut faults = Vec::new();
        for active in self.rules().iter_mut() {
            let rule = &active.rule;
            let fits = rule.method.as_deref().is_none_or(|one| one.eq_ignore_ascii_case(method));
            if !fits || !path.contains(&rule.path) || rule.times.is_some_and(|times| active.applied >= times)
            {
                continue;
            }
            active.matched = active.matched.saturating_add(1);
            if active.matched <= rule.after {
                continue;
            }
            active.applied = active.applied.saturating_add(1);
            faults.push(rule.kind.clone());
            if !matches!(rule.kind, FaultKind::DelayMs(_) | FaultKind::StepGapMs(_)) {
                break;
            }
        }
        faults
    }
}

/// The `/faults` resource.
pub fn router<S: Clone + Send + Sync + 'static>(switches: FaultSwitches) -> Router<S> {
    Router::new()
        .route("/faults", get(show).put(set).delete(clear))
        .route("/faults/clock", put(set_clock).delete(clear_clock))
        .layer(Extension(switches))
}

/// Takes seconds since 1970.
async fn set_clock(Extension(switches): Extension<FaultSwitches>, body: String) -> Response {
    let at = body.trim().parse().ok().and_then(|second| DateTime::from_timestamp(second, 0));
    let shown = at.map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    match shown.and_then(|date| HeaderValue::try_from(date).ok()) {
        Some(date) => {
            *switches.clock() = Some(date);
            StatusCode::NO_CONTENT.into_response()
        }
        None => (StatusCode::BAD_REQUEST, "not a number of seconds since 1970\n").into_response(),
    }
}

async fn clear_clock(Extension(switches): Extension<FaultSwitches>) -> StatusCode {
    *switches.clock() = None;
    StatusCode::NO_CONTENT
}

async fn show(Extension(switches): Extension<FaultSwitches>) -> Response {
    let body = serde_json::to_string(&*switches.rules()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn set(Extension(switches): Extension<FaultSwitches>, body: String) -> Response {
    match serde_json::from_str::<Vec<FaultRule>>(&body) {
        Ok(rules) => {
            let active = rules.into_iter().map(|rule| ActiveRule { rule, matched: 0, applied: 0 });
            *switches.rules() = active.collect();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(reason) => {
            (StatusCode::BAD_REQUEST, format!("not a list of fault rules: {reason}\n")).into_response()
        }
    }
}

async fn clear(Extension(switches): Extension<FaultSwitches>) -> StatusCode {
    switches.rules().clear();
    switches.cleared.send_replace(());
    StatusCode::NO_CONTENT
}
