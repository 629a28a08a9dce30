//! Why a request is refused, and how Cloud Foundry says so (V3 API, "Errors"): a list of errors,
//! each with a number, a title and a sentence.

use crate::approvals::Held;
use crate::database::took_too_long;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use rest_contract::cloud_foundry::{APPROVAL_NEEDED, PURGE_IN_PROGRESS};
use serde_json::json;

const BAD_TOKEN: &str = "CF-InvalidAuthToken";

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: u32,
    title: &'static str,
    detail: String,
    allowed: &'static [Method],
    /// In seconds.
    retry_after: Option<i64>,
}

impl Refusal {
    fn new(status: StatusCode, code: u32, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), allowed: &[], retry_after: None }
    }

    pub(super) fn no_credentials() -> Self {
        let detail = "This request needs an access token, sent as \"Authorization: bearer\".";
        Self::new(StatusCode::UNAUTHORIZED, 10002, "CF-NotAuthenticated", detail)
    }

    pub(super) fn bad_token(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 1000, BAD_TOKEN, detail)
    }

    pub(super) fn missing_scope(needed: &str) -> Self {
        let detail = format!("The access token lacks the scope for this request: {needed}.");
        Self::new(StatusCode::FORBIDDEN, 10003, "CF-NotAuthorized", detail)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 10010, "CF-ResourceNotFound", format!("The {what} was not found."))
    }

    pub(super) fn unknown_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, 10000, "CF-NotFound", "There is nothing at this address.")
    }

    pub(super) fn wrong_method(allowed: &'static [Method]) -> Self {
        let detail = "This address does not take that method.";
        Self { allowed, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, 10000, "CF-NotFound", detail) }
    }

    pub(super) fn malformed_body() -> Self {
        let detail = "The request body is not well-formed JSON.";
        Self::new(StatusCode::BAD_REQUEST, 1001, "CF-MessageParseError", detail)
    }

    pub(super) fn unreadable_body(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 1004, "CF-BadRequest", detail)
    }

    /// Something that can be read but not followed.
    pub(super) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, 10008, "CF-UnprocessableEntity", detail)
    }

    /// The same of a query, as most lists of this API refuse one.
    pub(super) fn into_bad_query(self) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: 10005, title: "CF-BadQueryParameter", ..self }
    }

    pub(super) fn too_many(is_user: bool, seconds: i64) -> Self {
        let (code, title) = match is_user {
            true => (10013, "CF-RateLimitExceeded"),
            false => (10014, "CF-IPBasedRateLimitExceeded"),
        };
        let detail = "There were too many requests within the hour.";
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, code, title, detail);
        Self { retry_after: Some(seconds), ..refusal }
    }

    /// The number is this service's own: the vendor documents the status but has no such error.
    pub(super) fn purge_at_work() -> Self {
        let detail = "The events are being purged and reseeded by another request.";
        Self::new(StatusCode::CONFLICT, PURGE_IN_PROGRESS, "UsageDesk-PurgeInProgress", detail)
    }

    /// The number is this service's own, as is the rule.
    pub(super) fn of_held(held: Held) -> Self {
        Self::new(StatusCode::CONFLICT, APPROVAL_NEEDED, "UsageDesk-ApprovalNeeded", held.to_string())
    }

    /// The refusal that goes with a status, for a fault switch.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let detail = "The service was told to refuse this request.";
        match status {
            StatusCode::UNAUTHORIZED => Self::bad_token(detail),
            StatusCode::CONFLICT => Self::purge_at_work(),
            StatusCode::TOO_MANY_REQUESTS => Self::new(status, 10013, "CF-RateLimitExceeded", detail),
            StatusCode::SERVICE_UNAVAILABLE => Self::new(status, 10015, "CF-ServiceUnavailable", detail),
            other => Self::new(other, 10001, "UnknownError", detail),
        }
    }

    /// A fault of this service. What happened is logged; the client learns only that it happened.
    pub(super) fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "the request failed");
        let detail =
            "The service could not complete the request. Its log holds the reason under the request id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 10001, "UnknownError", detail)
    }

    pub(super) fn into_response(self) -> Response {
        let error = json!({ "code": self.code, "title": self.title, "detail": self.detail });
        let mut response = Response::new(json!({ "errors": [error] }).to_string().into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        // The vendor sends this one as plain text, although it is JSON.
        let is_plain = self.status == StatusCode::TOO_MANY_REQUESTS;
        let media_type = if is_plain { "text/plain" } else { "application/json; charset=utf-8" };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = if self.title == BAD_TOKEN { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        headers.extend(self.retry_after.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds))));
        if !self.allowed.is_empty() {
            let list = self.allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
            headers.extend(HeaderValue::from_str(&list).ok().map(|list| (header::ALLOW, list)));
        }
        response
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(reason: sqlx::Error) -> Self {
        if took_too_long(&reason) {
            let detail = "This took too long and was ended; nothing was done.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, 10015, "CF-ServiceUnavailable", detail);
        }
        Self::internal(&reason)
    }
}

impl From<getrandom::Error> for Refusal {
    fn from(reason: getrandom::Error) -> Self {
        Self::internal(&reason)
    }
}
