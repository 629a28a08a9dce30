//! Who sends a request: `Authorization: Basic` or `Bearer`.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Service;
use crate::access_tokens::{Audience, TokenFault};
use crate::accounts::{self, Principal};
use crate::oracle::protocol::refusal::Refusal;

pub(in crate::oracle) async fn authenticate(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Principal, Refusal> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        return Err(Refusal::unauthorized("Bearer", "No credentials were sent."));
    };
    let text = header.to_str().unwrap_or_default();
    let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
    match scheme.to_ascii_lowercase().as_str() {
        "basic" => by_password(service, credentials.trim()).await,
        "bearer" => by_token(service, credentials.trim()).await,
        _ => Err(refused("The Authorization header is neither Basic nor Bearer.")),
    }
}

async fn by_password(service: &Service, credentials: &str) -> Result<Principal, Refusal> {
    let text = STANDARD.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((user_name, password)) = text.as_deref().and_then(|text| text.split_once(':')) else {
        return Err(refused("The Basic credentials cannot be read."));
    };
    match accounts::check_password(&service.database, user_name, password).await? {
        Some(account) => Ok(account.principal()),
        None => Err(refused("The user name or the password is wrong.")),
    }
}

async fn by_token(service: &Service, token: &str) -> Result<Principal, Refusal> {
    match service.bearer(token, Audience::Platform).await? {
        Ok(principal) => Ok(principal),
        Err(TokenFault::Invalid) => Err(refused("The access token is not valid.")),
        Err(TokenFault::Expired) => Err(refused("The access token has expired.")),
    }
}

fn refused(reason: &str) -> Refusal {
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
    Refusal::unauthorized(&challenge, reason)
}
