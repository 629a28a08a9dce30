//! How often a user may ask (V3 API, "Rate Limits"): counted per process and hour as the vendor does
//! it, for tokens without a global scope, and for whoever sends no good token together. The vendor
//! rounds what remains down to a tenth of the limit.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use chrono::Utc;

use super::authentication::Caller;
use super::refusal::Refusal;
use crate::policy::{Policy, Rate};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Without a good token there is a twentieth of it, as with the vendor's defaults.
const SHARE_OF_STRANGERS: u32 = 20;

/// Counts the request; refuses the one that is too many.
pub(super) fn check(
    policy: &Policy,
    caller: Option<&Caller>,
    rate: &mut Option<Rate>,
) -> Result<(), Refusal> {
    let Some(limit) = policy.requests_per_hour else { return Ok(()) };
    let (user, limit) = match caller {
        Some(caller) if caller.is_unlimited() => return Ok(()),
        Some(caller) => (caller.principal.user_name.as_str(), limit),
        None => ("", (limit / SHARE_OF_STRANGERS).max(1)),
    };
    let now = Utc::now().timestamp();
    let counted = policy.count(user, limit, now);
    *rate = Some(counted);
    match counted.remaining {
        Some(_) => Ok(()),
        None => Err(Refusal::too_many(caller.is_some(), counted.resets - now)),
    }
}

pub(super) fn add_headers(response: &mut Response, rate: Rate) {
    let step = (rate.limit / 10).max(1);
    let remaining = rate.remaining.unwrap_or_default() / step * step;
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(rate.limit));
    headers.insert(REMAINING, HeaderValue::from(remaining));
    headers.insert(RESET, HeaderValue::from(rate.resets));
}
