//! Who sends a request: by bearer token alone (vendor's page "Tokens").

use axum::http::{HeaderMap, header};

use super::Refusal;
use crate::Service;
use crate::access_tokens::{Audience, TokenFault};
use crate::accounts::Principal;

pub(super) async fn authenticate(service: &Service, headers: &HeaderMap) -> Result<Principal, Refusal> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::unauthorized("This request needs an access token."));
    }
    match service.bearer(token.trim(), Audience::LogiSense).await? {
        Ok(principal) => Ok(principal),
        Err(TokenFault::Invalid) => Err(Refusal::bad_token("The access token is not valid.")),
        Err(TokenFault::Expired) => Err(Refusal::bad_token("The access token has expired.")),
    }
}
