//! What a provider says of itself (OpenID Connect Discovery 1.0), compared letter by letter with connections.json.

use super::ProviderEndpoints;
use super::answer::at_provider;
use super::browser::is_offline;
use crate::api::failure::{Failure, FailureKind};
use crate::api::page_policy::blocked_origin;
use crate::api::request_log::note_provider_request;
use crate::api::system::System;
use chrono::Utc;
use connections::{OpenIdConnect, endpoint_fault, has_place_for_tenant};
use gloo_net::http::{Method, RequestBuilder, Response};
use serde_json::Value;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect};

/// In milliseconds.
const TIME_LIMIT: u32 = 15_000;

pub(super) struct Described {
    /// Where it speaks for many tenants, with a place for one of them.
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) end_session_endpoint: Option<String>,
    pub(super) revocation_endpoint: Option<String>,
    /// Whether its answers say whose they are (RFC 9207).
    pub(super) is_named_in_answers: bool,
    takes_pkce: bool,
}

impl Described {
    /// Fails with the member that is missing, or without one where it describes nothing. Members that a provider need not
    /// name count as not named where they are anything but what they are due to be.
    fn read(bytes: &[u8]) -> Result<Self, Option<&'static str>> {
        let Ok(Value::Object(said)) = serde_json::from_slice(bytes) else { return Err(None) };
        let named = |name: &str| {
            let text = said.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let due = |name: &'static str| named(name).ok_or(Some(name));
        let methods = said.get("code_challenge_methods_supported").and_then(Value::as_array);
        let methods = methods.filter(|methods| !methods.is_empty());
        let is_named = said.get("authorization_response_iss_parameter_supported").and_then(Value::as_bool);
        Ok(Self {
            issuer: due("issuer")?,
            authorization_endpoint: due("authorization_endpoint")?,
            token_endpoint: due("token_endpoint")?,
            end_session_endpoint: named("end_session_endpoint"),
            revocation_endpoint: named("revocation_endpoint"),
            is_named_in_answers: is_named == Some(true),
            takes_pkce: methods.is_none_or(|methods| methods.iter().any(|method| method == "S256")),
        })
    }

    fn endpoints(&self) -> impl Iterator<Item = &String> {
        let due = [&self.authorization_endpoint, &self.token_endpoint];
        due.into_iter().chain(&self.end_session_endpoint).chain(&self.revocation_endpoint)
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
                "{host} did not answer at {address}. It may be away, or it does not let this page ask there (CORS)."
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
    let response = match response {
        Ok(response) => response,
        Err(error) => {
            return Err(match blocked_origin(&address).await {
                Some(origin) => Failure::new(system, FailureKind::Blocked(origin)),
                None => silent(error),
            });
        }
    };
    if !response.ok() {
        return Err(fails(format!("{host} answers {} at {address}.", response.status())));
    }
    let bytes = response.binary().await.map_err(silent)?;
    let described = Described::read(&bytes).map_err(|missing| {
        let missing = missing.map_or_else(String::new, |name| format!(": it does not name its {name}"));
        fails(format!("What {host} gives at {address} does not describe an OpenID provider{missing}."))
    })?;
    if !provider.is_called(&described.issuer) {
        return Err(fails(called_otherwise(&provider, &described.issuer)));
    }
    for endpoint in described.endpoints() {
        if let Some(fault) = endpoint_fault(endpoint) {
            return Err(fails(format!(
                "{host} names the address \u{201c}{endpoint}\u{201d}, which {fault}."
            )));
        }
    }
    if !described.takes_pkce {
        return Err(fails(format!(
            "{host} does not take PKCE by S256, without which a page cannot sign in safely."
        )));
    }
    Ok((provider, described))
}

/// That a provider calls itself by another name than connections.json does.
fn called_otherwise(provider: &OpenIdConnect, said: &str) -> String {
    let what = match (provider.tenants.is_empty(), has_place_for_tenant(said)) {
        (true, true) => {
            "It speaks for many tenants: nobody is let in until connections.json names the \u{201c}tenants\u{201d} whose people are."
        }
        (true, false) => "Both must be the same, letter by letter.",
        (false, true) => "Both must be the same, letter by letter, but for the place of the tenant.",
        (false, false) => {
            "connections.json names tenants beside it, and what the provider says has no place for one: name the issuer as the provider does, without tenants."
        }
    };
    let (host, issuer) = (provider.host(), &provider.issuer);
    format!(
        "{host} calls itself \u{201c}{said}\u{201d}, and connections.json names it \u{201c}{issuer}\u{201d}. {what}"
    )
}

/// The addresses that the provider names as its own.
pub(super) async fn endpoints(system: System) -> Result<ProviderEndpoints, Failure> {
    let (_, described) = discover(system).await?;
    let all = described.endpoints().cloned().collect();
    Ok(ProviderEndpoints { token: described.token_endpoint, all })
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
            (r#","end_session_endpoint":7,"revocation_endpoint":{}"#, 2, false, true),
            (r#","authorization_response_iss_parameter_supported":null"#, 2, false, true),
            (r#","authorization_response_iss_parameter_supported":true"#, 2, true, true),
            (r#","code_challenge_methods_supported":null"#, 2, false, true),
            (r#","code_challenge_methods_supported":[]"#, 2, false, true),
            (r#","code_challenge_methods_supported":["plain","S256"]"#, 2, false, true),
            (r#","code_challenge_methods_supported":["plain"]"#, 2, false, false),
            (r#","scopes_supported":null,"x":{}"#, 2, false, true),
        ] {
            let Ok(described) = read(others) else { panic!("{others}") };
            let told = (described.endpoints().count(), described.is_named_in_answers, described.takes_pkce);
            assert_eq!(told, (endpoints, is_named, takes_pkce), "{others}");
        }
        let missing = |body: &str| Described::read(body.as_bytes()).err();
        assert_eq!(missing("{}"), Some(Some("issuer")));
        let known = r#""issuer":"https://id.example","authorization_endpoint":"https://id.example/a""#;
        assert_eq!(missing(&format!("{{{known},\"token_endpoint\":null}}")), Some(Some("token_endpoint")));
        assert_eq!(missing("null"), Some(None));
    }
}
