//! Gives every request an id, logs what became of it under that id, and tells the client the id.

use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::access_tokens::hex;

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand, from its extensions.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub String);

pub(crate) async fn tag(mut request: Request, next: Next) -> Response {
    let mut bytes = [0_u8; 12];
    // Without random bytes the id is all zeros: a weaker id, not a failed request.
    let _ = getrandom::fill(&mut bytes);
    let id = hex(&bytes);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    async {
        let began = Instant::now();
        let mut response = next.run(request).await;
        let milliseconds = began.elapsed().as_millis();
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}
