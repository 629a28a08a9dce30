//! Why a request is refused, and how it is told (vendor's pages "API Logging" and v10 reference): an
//! envelope with the tracking id and every fault that was found.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use rest_contract::logisense::{ErrorBody, Fault};

use super::json_response;
use crate::database::took_too_long;

/// Numbers of faults. The vendor publishes two, for a missing field and for a value out of range;
/// the others are this service's own.
pub(super) mod code {
    pub const REQUIRED: i64 = 10_400_000;
    pub const MALFORMED: i64 = 10_400_001;
    pub const WRONG_KIND: i64 = 10_400_002;
    pub const NOT_UNIQUE: i64 = 10_400_003;
    pub const NO_SUCH_REFERENCE: i64 = 10_400_004;
    pub const RETIRED: i64 = 10_400_005;
    pub const IN_USE: i64 = 10_400_006;
    pub const NOT_SUPPORTED: i64 = 10_400_007;
    pub const OUT_OF_RANGE: i64 = 11_900_000;
    /// Plus the status, for what a status says already.
    pub const OF_STATUS: i64 = 10_400_000;
}

const BAD_TOKEN: &str = "Bearer error=\"invalid_token\"";

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    faults: Vec<Fault>,
    allowed: &'static [Method],
    /// Whether credentials came, and were not good (RFC 6750, section 3.1).
    is_bad_token: bool,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let fault = Fault { code: code::OF_STATUS + i64::from(status.as_u16()), message: message.into() };
        Self { status, faults: vec![fault], allowed: &[], is_bad_token: false }
    }

    /// Bad values, all of them.
    pub(super) fn faults(faults: Vec<Fault>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, faults, allowed: &[], is_bad_token: false }
    }

    pub(super) fn fault(code: i64, message: impl Into<String>) -> Self {
        Self::faults(vec![Fault { code, message: message.into() }])
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(super) fn bad_token(message: &str) -> Self {
        Self { is_bad_token: true, ..Self::unauthorized(message) }
    }

    pub(super) fn missing_permission(scope: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            format!("You lack the permission {scope}, which this request needs."),
        )
    }

    pub(super) fn unknown_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    pub(super) fn not_found(what: &str, id: i64) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no {what} with the identity {id}."))
    }

    pub(super) fn wrong_method(allowed: &'static [Method]) -> Self {
        let message = "This address does not take that method.";
        Self { allowed, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    pub(super) fn stale() -> Self {
        let message = "The object has been changed since it was read.";
        Self::new(StatusCode::PRECONDITION_FAILED, message)
    }

    pub(super) fn too_long(message: String) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    pub(super) fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json.")
    }

    /// A fault of this service. What happened is logged; the client learns only that it happened.
    pub(super) fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "the request failed");
        let message = "The service could not complete the request. Its log holds the reason.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    pub(super) fn into_response(self, tracking_id: String, kind: &str) -> Response {
        let body = ErrorBody { tracking_id, kind: kind.to_owned(), errors: self.faults };
        let mut response = json_response(self.status, &body).unwrap_or_default();
        *response.status_mut() = self.status;
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = if self.is_bad_token { BAD_TOKEN } else { "Bearer" };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if !self.allowed.is_empty() {
            let list = self.allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
            response
                .headers_mut()
                .extend(HeaderValue::from_str(&list).ok().map(|list| (header::ALLOW, list)));
        }
        response
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(reason: sqlx::Error) -> Self {
        if took_too_long(&reason) {
            let message = "This took too long and was ended; nothing was done.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, message);
        }
        Self::internal(&reason)
    }
}
