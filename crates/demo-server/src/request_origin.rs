//! Where a request was sent to, as its sender wrote it.

use axum::http::HeaderMap;

/// The scheme and host that the client used, so that links lead back through the same proxy.
pub(crate) fn origin(headers: &HeaderMap) -> String {
    let text =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
    let scheme = text("x-forwarded-proto").unwrap_or("http");
    let host = text("x-forwarded-host").or_else(|| text("host")).unwrap_or("localhost");
    format!("{scheme}://{host}")
}
