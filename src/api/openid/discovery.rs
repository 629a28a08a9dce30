//! What a provider says of itself (OpenID Connect Discovery 1.0), compared letter by letter with connections.json.

use super::answer::at_provider;
use super::browser::is_offline;
use crate::api::failure::Failure;
use crate::api::request_log::note_provider_request;
use crate::api::system::System;
use chrono::Utc;
use connections::OpenIdConnect;
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::Deserialize;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect, Url};

/// In milliseconds.
const TIME_LIMIT: u32 = 15_000;

#[derive(Deserialize)]
pub(super) struct Described {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) end_session_endpoint: Option<String>,
    pub(super) revocation_endpoint: Option<String>,
    /// Whether its answers name it (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
}

pub(super) async fn discover(system: System) -> Result<(OpenIdConnect, Described), Failure> {
    let fails = |words: String| at_provider(system, words);
    let provider = system.connection().and_then(|connection| connection.open_id_connect.clone());
    let provider = provider.ok_or_else(|| fails("connections.json names no provider for it.".to_owned()))?;
    let (address, host) = (provider.discovery(), provider.host());
    let silent = |_| {
        fails(if is_offline() {
            "This browser has no network.".to_owned()
        } else {
            format!(
                "{host} did not answer at {address}. It may be away, or it does not let this page ask there (CORS, or the page\u{2019}s Content-Security-Policy)."
            )
        })
    };
    let sent_at = Utc::now();
    let response = RequestBuilder::new(&address)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)))
        .send()
        .await;
    let status = response.as_ref().ok().map(Response::status);
    note_provider_request(&Method::GET, &address, sent_at, status);
    let response = response.map_err(silent)?;
    if !response.ok() {
        return Err(fails(format!("{host} answers {} at {address}.", response.status())));
    }
    let bytes = response.binary().await.map_err(silent)?;
    let described: Described = serde_json::from_slice(&bytes).map_err(|_| {
        fails(format!("What {host} gives at {address} does not describe an OpenID provider."))
    })?;
    if described.issuer != provider.issuer {
        return Err(fails(format!(
            "{host} calls itself \u{201c}{}\u{201d}, and connections.json names it \u{201c}{}\u{201d}. Both must be the same, letter by letter.",
            described.issuer, provider.issuer
        )));
    }
    let endpoints = [Some(&described.authorization_endpoint), Some(&described.token_endpoint)];
    let others = [described.end_session_endpoint.as_ref(), described.revocation_endpoint.as_ref()];
    let endpoints = endpoints.into_iter().chain(others).flatten();
    for endpoint in endpoints {
        if !is_private(endpoint) {
            return Err(fails(format!(
                "{host} names the address \u{201c}{endpoint}\u{201d}, which is not https."
            )));
        }
    }
    let methods = &described.code_challenge_methods_supported;
    if methods.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        return Err(fails(format!(
            "{host} does not take PKCE by S256, without which a page cannot sign in safely."
        )));
    }
    Ok((provider, described))
}

/// The addresses that the provider names as its own.
pub(super) async fn endpoints(system: System) -> Result<Vec<String>, Failure> {
    let (_, described) = discover(system).await?;
    let named = [described.authorization_endpoint, described.token_endpoint];
    Ok(named.into_iter().chain(described.end_session_endpoint).chain(described.revocation_endpoint).collect())
}

/// Whether nobody on the way reads what is sent there.
fn is_private(address: &str) -> bool {
    Url::new(address).is_ok_and(|url| {
        url.protocol() == "https:"
            || url.protocol() == "http:"
                && matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]")
    })
}
