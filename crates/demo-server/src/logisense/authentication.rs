//! Who sends a request: by bearer token alone (vendor's page "Tokens").

use axum::http::{HeaderMap, header};
use chrono::Utc;

use super::Refusal;
use crate::access_tokens::Audience;
use crate::accounts::Principal;
use crate::{Service, access_tokens};

pub(super) async fn authenticate(service: &Service, headers: &HeaderMap) -> Result<Principal, Refusal> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::unauthorized("This request needs an access token."));
    }
    match access_tokens::check(&service.database, token.trim(), Audience::LogiSense, Utc::now()).await? {
        Ok(principal) => Ok(principal),
        Err(access_tokens::TokenFault::Invalid) => {
            Err(Refusal::unauthorized("The access token is not valid."))
        }
        Err(access_tokens::TokenFault::Expired) => {
            Err(Refusal::unauthorized("The access token has expired."))
        }
    }
}
