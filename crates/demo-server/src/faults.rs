//! Fault switches for tests, under `/faults` and only with `--faults`: answers are delayed, replaced,
//! truncated or cut off, before or after the work was done. `PUT` sets the list of rules, `GET` shows
//! it with how often each was applied, `DELETE` clears it.
//!
//! The list belongs to one process: it is a switch on this server, not data of the service.

mod truncated_body;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::connection::Connection;
use crate::{cloud_foundry, logisense, oracle};

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
    status: u16,
    /// In seconds.
    #[serde(default)]
    retry_after: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultAnswer {
    status: u16,
    #[serde(default)]
    content_type: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

/// What lies between the two steps of a request's work, given to whoever does it.
#[derive(Clone, Debug)]
pub(crate) struct StepGap {
    longest: Duration,
    cleared: watch::Receiver<()>,
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
    /// Says when they are cleared.
    cleared: watch::Sender<()>,
}

impl FaultSwitches {
    fn rules(&self) -> MutexGuard<'_, Vec<ActiveRule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens to a request: all delays and gaps up to the first rule of another kind, and that
    /// rule.
    fn faults_of(&self, method: &str, path: &str) -> Vec<FaultKind> {
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
    Router::new().route("/faults", get(show).put(set).delete(clear)).layer(Extension(switches))
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

/// Applies the rules to every request but those to `/faults` itself.
///
/// Connections are not kept alive: a browser silently repeats a request, of any method, when a
/// connection that it had used before closes without an answer, and then no fault would be seen.
pub async fn apply(State(switches): State<FaultSwitches>, request: Request, next: Next) -> Response {
    let mut response = with_faults(&switches, request, next).await;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn with_faults(switches: &FaultSwitches, mut request: Request, next: Next) -> Response {
    if request.uri().path() == "/faults" {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    for fault in switches.faults_of(request.method().as_str(), path) {
        tracing::info!(?fault, "a fault rule applies");
        match fault {
            FaultKind::DelayMs(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
            FaultKind::StepGapMs(milliseconds) => {
                let longest = Duration::from_millis(milliseconds);
                request.extensions_mut().insert(StepGap { longest, cleared: switches.cleared.subscribe() });
            }
            FaultKind::Refuse(refusal) => return refusal.told_to(&request),
            FaultKind::Answer(answer) => return answer.into_response(),
            FaultKind::CutBefore => return cut(connection),
            FaultKind::CutAfter => {
                next.run(request).await;
                return cut(connection);
            }
            FaultKind::Truncate => return truncated_body::half_of(next.run(request).await).await,
        }
    }
    next.run(request).await
}

/// Closes the connection. The response returned here is never written where there is one.
fn cut(connection: Option<Connection>) -> Response {
    match connection {
        Some(connection) => connection.cut(),
        None => tracing::warn!("there is no connection to cut: the router was called without one"),
    }
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

impl FaultRefusal {
    /// The refusal as the API that was asked words it.
    fn told_to(self, request: &Request) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let begins = |with: &str| request.uri().path().starts_with(with);
        let mut response = if begins(oracle::PATH) {
            oracle::refuse(status, request.headers())
        } else if begins("/v3") || begins("/demo") {
            cloud_foundry::refuse(status)
        } else if begins(rest_contract::logisense::BASE_PATH) {
            logisense::refuse(status, request.method())
        } else {
            status.into_response()
        };
        let seconds = self.retry_after.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
        response.headers_mut().extend(seconds);
        response
    }
}

impl FaultAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let own = self.content_type.map(|text| (header::CONTENT_TYPE.to_string(), text));
        for (name, value) in own.into_iter().chain(self.headers) {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
