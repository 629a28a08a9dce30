//! One HTTP call: bytes out, bytes in.

use super::RestClient;
use super::failure::{Failure, FailureKind};
use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::*;
use std::time::Duration;

/// After this long without an answer a call counts as lost: the person must not wait for ever, and
/// a write that is lost is looked up, never forgotten.
const TIME_LIMIT: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Option<String>,
}

/// An answer of any status.
pub(super) struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub retry_after: Option<Duration>,
    pub request_id: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer where it is a success, what went wrong where it is not.
    pub(super) fn succeeded(self) -> Result<Self, Failure> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(Failure::of(&self)) }
    }
}

impl RestClient {
    /// Sends a call and waits for the whole body. An error here means that no (whole) answer came;
    /// whether the call took effect is not known.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Answer, Failure> {
        self.send_as(self.authorization.get_value(), call).await
    }

    /// The same for a system that knows the person by another token.
    pub(super) async fn send_as(
        &self,
        authorization: Option<String>,
        call: Call<'_>,
    ) -> Result<Answer, Failure> {
        let limit = u32::try_from(TIME_LIMIT.as_millis()).unwrap_or(u32::MAX);
        let signal = web_sys::AbortSignal::timeout_with_u32(limit);
        let mut request = RequestBuilder::new(call.path)
            .method(call.method)
            .abort_signal(Some(&signal))
            .header("Accept", "application/json, application/vnd.oracle.adf.error+json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", &authorization);
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let request = match call.body {
            Some(body) => request.body(body),
            None => request.build(),
        };
        let lost = |_| Failure::from(FailureKind::Unreachable);
        let response = request.map_err(lost)?.send().await.map_err(lost)?;
        let header = |name: &str| response.headers().get(name);
        Ok(Answer {
            status: response.status(),
            etag: header("ETag"),
            retry_after: header("Retry-After").and_then(|text| text.parse().ok()).map(Duration::from_secs),
            request_id: header("X-VCAP-Request-ID").or_else(|| header("X-Request-Id")),
            body: response.binary().await.map_err(lost)?,
        })
    }
}
