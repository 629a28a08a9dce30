//! Who sends a request, by bearer token alone, and what the token's scopes let them do (V3 API,
//! "Authentication" and "Authorization").

use axum::http::{HeaderMap, header};

use super::refusal::Refusal;
use crate::Service;
use crate::access_tokens::{Audience, TokenFault};
use crate::accounts::{Principal, scope};

/// Scopes whose holders see the usage of every space.
const GLOBAL_READERS: [&str; 3] =
    [scope::PLATFORM_ADMIN, scope::PLATFORM_ADMIN_READ_ONLY, scope::PLATFORM_AUDIT];

#[derive(Debug)]
pub(super) struct Caller {
    pub(super) principal: Principal,
}

impl Caller {
    pub(super) async fn of(service: &Service, headers: &HeaderMap) -> Result<Self, Refusal> {
        let text =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::no_credentials());
        }
        match service.bearer(token.trim(), Audience::Platform).await? {
            Ok(principal) => Ok(Self { principal }),
            Err(TokenFault::Invalid) => Err(Refusal::bad_token("The access token is not valid.")),
            Err(TokenFault::Expired) => Err(Refusal::bad_token("The access token has expired.")),
        }
    }

    /// Whether the usage of every space may be seen. Whoever may read but is not such a reader is
    /// answered as if there were no events.
    pub(super) fn reads_everything(&self) -> bool {
        GLOBAL_READERS.iter().any(|scope| self.principal.may(scope))
    }

    /// The vendor counts nothing of those who administer, or could but for writing.
    pub(super) fn is_unlimited(&self) -> bool {
        self.principal.may(scope::PLATFORM_ADMIN) || self.principal.may(scope::PLATFORM_ADMIN_READ_ONLY)
    }

    pub(super) fn requires_reading(&self) -> Result<(), Refusal> {
        if self.reads_everything() || self.principal.may(scope::PLATFORM_READ) {
            return Ok(());
        }
        Err(Refusal::missing_scope(scope::PLATFORM_READ))
    }

    pub(super) fn requires_administering(&self) -> Result<(), Refusal> {
        if self.principal.may(scope::PLATFORM_ADMIN) {
            return Ok(());
        }
        Err(Refusal::missing_scope(scope::PLATFORM_ADMIN))
    }
}
