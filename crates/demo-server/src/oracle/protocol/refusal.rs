//! Why a request is refused, and how the vendor's framework says so (Oracle REST, error payloads):
//! one plain text under framework versions 1 to 3, a structured body from version 4 on.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use rest_contract::{ErrorBody, ErrorDetail};

use crate::database::{is_closed_period, took_too_long};
use crate::oracle::protocol::framework_version::FrameworkVersion;

/// The codes of the vendor's framework that this service uses, without their `JBO-` prefix.
pub(in crate::oracle) mod code {
    pub(crate) const NOT_UPDATABLE: &str = "24003";
    pub(crate) const NOT_CREATABLE: &str = "24005";
    pub(crate) const DUPLICATE: &str = "25013";
    pub(crate) const STALE_ROW: &str = "25014";
    pub(crate) const REQUIRED: &str = "27014";
    pub(crate) const INVALID_VALUE: &str = "27024";
    pub(crate) const INVALID_QUERY: &str = "29140";
    pub(crate) const MALFORMED_BODY: &str = "26080";
    pub(crate) const BUSINESS_RULE: &str = "27023";
}

pub(in crate::oracle) const ERROR_MEDIA_TYPE: &str = "application/vnd.oracle.adf.error+json";

/// A refused request: the status and one detail per thing that is wrong.
#[derive(Debug)]
pub(in crate::oracle) struct Refusal {
    status: StatusCode,
    details: Vec<ErrorDetail>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(in crate::oracle) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            details: vec![ErrorDetail { detail: detail.into(), code: None, path: None }],
            headers: Vec::new(),
        }
    }

    pub(in crate::oracle) fn bad_request(
        code: &str,
        path: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self::of_details(vec![detail_of(code, path, detail)])
    }

    pub(in crate::oracle) fn of_details(details: Vec<ErrorDetail>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, details, headers: Vec::new() }
    }

    /// The same with another status.
    #[must_use]
    pub(in crate::oracle) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// A `q`, `orderBy`, `fields`, `expand`, `finder` or paging parameter that cannot be followed.
    pub(in crate::oracle) fn invalid_query(parameter: &str, detail: impl AsRef<str>) -> Self {
        let detail = format!("The {parameter} parameter is not valid: {}", detail.as_ref());
        Self::bad_request(code::INVALID_QUERY, "", detail)
    }

    pub(in crate::oracle) fn not_found(what: impl AsRef<str>) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{} was not found.", what.as_ref()))
    }

    pub(in crate::oracle) fn wrong_method(allowed: &[Method]) -> Self {
        let list = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("This resource answers {list} only.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, detail).with_header(header::ALLOW, &list)
    }

    /// No or bad credentials. The challenge is never `Basic`: a browser would open its own prompt.
    pub(in crate::oracle) fn unauthorized(challenge: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail).with_header(header::WWW_AUTHENTICATE, challenge)
    }

    /// A fault of this service. What happened is logged; the client learns only that it happened.
    pub(in crate::oracle) fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "the request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The service could not complete the request. Its log holds the reason under the request id.",
        )
    }

    #[must_use]
    pub(in crate::oracle) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    #[cfg(test)]
    pub(in crate::oracle) fn status(&self) -> StatusCode {
        self.status
    }

    pub(in crate::oracle) fn into_response(self, version: FrameworkVersion) -> Response {
        let (media_type, body) = if version.has_structured_errors() {
            let title = self.status.canonical_reason().unwrap_or("Error");
            let body = ErrorBody::new(self.status.as_u16(), title, self.details);
            (ERROR_MEDIA_TYPE, serde_json::to_vec(&body).unwrap_or_default())
        } else {
            let lines = self.details.into_iter().map(|detail| detail.detail).collect::<Vec<_>>();
            ("text/plain;charset=UTF-8", lines.join("\n").into_bytes())
        };
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        response
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(reason: sqlx::Error) -> Self {
        if took_too_long(&reason) {
            let detail = "This took too long and was ended; nothing was done. Ask for less, by other attributes, \
                          or later.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        }
        if is_closed_period(&reason) {
            let detail =
                "An event of this began in a closed period, or would begin in one. Nothing was changed.";
            return Self::bad_request(code::BUSINESS_RULE, "/EventStartTime", detail);
        }
        Self::internal(&reason)
    }
}

pub(in crate::oracle) fn detail_of(
    code: &str,
    path: impl Into<String>,
    detail: impl Into<String>,
) -> ErrorDetail {
    ErrorDetail { detail: detail.into(), code: Some(code.to_owned()), path: Some(path.into()) }
}
