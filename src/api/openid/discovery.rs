//! What a provider says of itself (OpenID Connect Discovery 1.0), compared letter by letter with connections.json.

use super::answer::at_provider;
use super::browser::is_offline;
use crate::api::failure::Failure;
use crate::api::request_log::note_provider_request;
use crate::api::system::System;
use chrono::Utc;
use connections::{OpenIdConnect, endpoint_fault};
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::Deserialize;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect};

/// In milliseconds.
const TIME_LIMIT: u32 = 15_000;

#[derive(Deserialize)]
pub(super) struct Described {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) end_session_endpoint: Option<String>,
    pub(super) revocation_endpoint: Option<String>,
    authorization_response_iss_parameter_supported: Option<bool>,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl Described {
    /// Members that a provider need not name count as not named where they are null or empty.
    fn read(bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        let is_named = |text: &String| !text.is_empty();
        Some(Self {
            end_session_endpoint: read.end_session_endpoint.filter(is_named),
            revocation_endpoint: read.revocation_endpoint.filter(is_named),
            code_challenge_methods_supported: read
                .code_challenge_methods_supported
                .filter(|methods| !methods.is_empty()),
            ..read
        })
    }

    /// Whether its answers say whose they are (RFC 9207).
    pub(super) fn is_named_in_answers(&self) -> bool {
        self.authorization_response_iss_parameter_supported == Some(true)
    }

    fn endpoints(&self) -> impl Iterator<Item = &String> {
        let due = [&self.authorization_endpoint, &self.token_endpoint];
        due.into_iter().chain(&self.end_session_endpoint).chain(&self.revocation_endpoint)
    }

    fn takes_pkce(&self) -> bool {
        let methods = self.code_challenge_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "S256"))
    }
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
    let described = Described::read(&bytes).ok_or_else(|| {
        fails(format!("What {host} gives at {address} does not describe an OpenID provider."))
    })?;
    if described.issuer != provider.issuer {
        return Err(fails(format!(
            "{host} calls itself \u{201c}{}\u{201d}, and connections.json names it \u{201c}{}\u{201d}. Both must be the same, letter by letter.",
            described.issuer, provider.issuer
        )));
    }
    for endpoint in described.endpoints() {
        if let Some(fault) = endpoint_fault(endpoint) {
            return Err(fails(format!(
                "{host} names the address \u{201c}{endpoint}\u{201d}, which {fault}."
            )));
        }
    }
    if !described.takes_pkce() {
        return Err(fails(format!(
            "{host} does not take PKCE by S256, without which a page cannot sign in safely."
        )));
    }
    Ok((provider, described))
}

/// The addresses that the provider names as its own.
pub(super) async fn endpoints(system: System) -> Result<Vec<String>, Failure> {
    let (_, described) = discover(system).await?;
    Ok(described.endpoints().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_a_provider_need_not_say_may_be_null_or_empty() {
        let read = |others: &str| {
            let due = r#""issuer":"https://id.example","authorization_endpoint":"https://id.example/a","token_endpoint":"https://id.example/t""#;
            Described::read(format!("{{{due}{others}}}").as_bytes())
        };
        for (others, endpoints, is_named, takes_pkce) in [
            ("", 2, false, true),
            (r#","end_session_endpoint":null,"revocation_endpoint":"""#, 2, false, true),
            (r#","end_session_endpoint":"https://id.example/e","revocation_endpoint":null"#, 3, false, true),
            (r#","authorization_response_iss_parameter_supported":null"#, 2, false, true),
            (r#","authorization_response_iss_parameter_supported":true"#, 2, true, true),
            (r#","code_challenge_methods_supported":null"#, 2, false, true),
            (r#","code_challenge_methods_supported":[]"#, 2, false, true),
            (r#","code_challenge_methods_supported":["plain","S256"]"#, 2, false, true),
            (r#","code_challenge_methods_supported":["plain"]"#, 2, false, false),
            (r#","scopes_supported":null,"x":{}"#, 2, false, true),
        ] {
            let described = read(others).expect(others);
            let told =
                (described.endpoints().count(), described.is_named_in_answers(), described.takes_pkce());
            assert_eq!(told, (endpoints, is_named, takes_pkce), "{others}");
        }
        assert!(Described::read(br#"{"issuer":"https://id.example","token_endpoint":null}"#).is_none());
        assert!(Described::read(b"null").is_none());
    }
}
