//! What fault switches (`faults`) do to a request on its way.

mod truncated_body;

use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::connection::Connection;
use crate::faults::{FaultAnswer, FaultKind, FaultRefusal, FaultSwitches, StepGap};
use crate::{cloud_foundry, logisense, oracle};

/// Applies the rules to every request but those to `/faults` itself.
///
/// Connections are not kept alive: a browser silently repeats a request, of any method, when a
/// connection that it had used before closes without an answer, and then no fault would be seen.
pub async fn apply(State(switches): State<FaultSwitches>, request: Request, next: Next) -> Response {
    let mut response = with_faults(&switches, request, next).await;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    if let Some(date) = switches.clock().clone() {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn with_faults(switches: &FaultSwitches, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/faults") {
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
            FaultKind::Refuse(refusal) => return refused(refusal, &request),
            FaultKind::Answer(answer) => return answered(answer),
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

/// The refusal as the API that was asked words it.
fn refused(refusal: FaultRefusal, request: &Request) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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
    let seconds = refusal.retry_after.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
    response.headers_mut().extend(seconds);
    response
}

fn answered(answer: FaultAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let own = answer.content_type.map(|text| (header::CONTENT_TYPE.to_string(), text));
    for (name, value) in own.into_iter().chain(answer.headers) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
