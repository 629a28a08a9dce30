//! The question that leads a person to the provider's own page.

use super::CALLBACK;
use super::answer::at_provider;
use super::browser::{challenge, random};
use super::discovery::discover;
use super::pending::{self, Pending, own_path};
use crate::api::failure::Failure;
use crate::api::system::System;
use leptos::prelude::window;
use std::collections::BTreeSet;
use web_sys::UrlSearchParams;

/// Whom the provider is to sign in.
#[derive(Default)]
pub(super) struct Whom {
    /// The name of who was here before.
    pub(super) hint: String,
    /// The provider knew somebody else at the last try: it is to ask.
    pub(super) was_another: bool,
}

/// What is asked, and the address that asks it.
pub(super) async fn prepared(system: System, whom: &Whom) -> Result<(Pending, String), Failure> {
    let (provider, described) = discover(system).await?;
    let fails = || {
        at_provider(
            system,
            "This page cannot use the browser\u{2019}s cryptography, without which nobody can sign in safely. Open it by an https address.".to_owned(),
        )
    };
    let (state, nonce, verifier) = (random(), random(), random());
    let (Some(state), Some(nonce), Some(verifier)) = (state, nonce, verifier) else { return Err(fails()) };
    let challenge = challenge(&verifier).await.ok_or_else(fails)?;
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    let redirect = part(location.origin()) + &way_back_from(system);
    let way_back = own_path(part(location.pathname()) + &part(location.search()) + &part(location.hash()));
    let scopes = provider.scopes.join(" ");
    let mut asked = vec![
        ("response_type", "code"),
        ("client_id", &provider.client_id),
        ("redirect_uri", &redirect),
        ("scope", &scopes),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    // A refresh token is given only where the person consents to it (OpenID Connect Core 1.0, 11).
    let wants_consent = provider.scopes.iter().any(|scope| scope == "offline_access");
    match (whom.was_another, wants_consent) {
        (true, true) => asked.push(("prompt", "login consent")),
        (true, false) => asked.push(("prompt", "login")),
        (false, true) => asked.push(("prompt", "consent")),
        (false, false) => {}
    }
    if !whom.hint.is_empty() {
        asked.push(("login_hint", &whom.hint));
    }
    if let Some(resource) = &provider.resource {
        asked.push(("resource", resource));
    }
    let endpoint = &described.authorization_endpoint;
    let own = endpoint.split_once('?').and_then(|(_, query)| UrlSearchParams::new_with_str(query).ok());
    if let Some((name, _)) = asked.iter().find(|(name, _)| own.as_ref().is_some_and(|own| own.has(name))) {
        // Nothing may be said twice (RFC 6749, 3.1).
        let host = provider.host();
        let words = format!(
            "{host} names the address \u{201c}{endpoint}\u{201d}, which already says \u{201c}{name}\u{201d}. A sign-in says that itself; whoever runs {host} can mend it."
        );
        return Err(at_provider(system, words));
    }
    let address = asking(endpoint, &form(&asked));
    let is_named_in_answers = described.is_named_in_answers;
    let pending = Pending {
        state,
        nonce,
        verifier,
        system,
        issuer: described.issuer,
        tenants: provider.tenants,
        client_id: provider.client_id,
        resource: provider.resource,
        token_endpoint: described.token_endpoint,
        end_session_endpoint: described.end_session_endpoint,
        revocation_endpoint: described.revocation_endpoint,
        is_named_in_answers,
        redirect,
        way_back,
        begun_at: pending::now(),
    };
    Ok((pending, address))
}

/// Leads this page there.
pub(super) async fn lead_to_provider(system: System) -> Result<(), Failure> {
    let (asked, address) = prepared(system, &Whom::default()).await?;
    let kept = pending::keep(&asked);
    kept.ok_or_else(|| {
        at_provider(system, "This browser keeps nothing for this page, not even until the provider leads back. Let the page keep data (cookies) and try again.".to_owned())
    })?;
    window().location().assign(&address).map_err(|_| {
        pending::give_up();
        at_provider(system, "The browser does not open the provider\u{2019}s page.".to_owned())
    })
}

/// The path that a system's provider leads back to. Where several providers are named each has its own (RFC 9700, 4.4.2):
/// the answer of one then cannot be taken for another's, whether it says whose it is or not.
fn way_back_from(system: System) -> String {
    let issuers =
        System::existing().filter_map(|system| Some(&system.connection()?.open_id_connect.as_ref()?.issuer));
    if issuers.collect::<BTreeSet<_>>().len() < 2 {
        return CALLBACK.to_owned();
    }
    match system {
        System::Oracle => format!("{CALLBACK}/oracle"),
        System::LogiSense => format!("{CALLBACK}/logisense"),
        System::CloudFoundry => format!("{CALLBACK}/cloud-foundry"),
    }
}

/// An address with a question behind what it asks already, which stays (RFC 6749, 3.1).
pub(super) fn asking(endpoint: &str, question: &str) -> String {
    let sign = match endpoint.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{endpoint}{sign}{question}")
}

/// As a form's text.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    fields.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_an_endpoint_asks_already_stays() {
        for (endpoint, address) in [
            ("https://id.example/auth", "https://id.example/auth?a=1"),
            ("https://id.example/auth?", "https://id.example/auth?a=1"),
            ("https://id.example/auth?tenant=x", "https://id.example/auth?tenant=x&a=1"),
            ("https://id.example/auth?tenant=x&", "https://id.example/auth?tenant=x&a=1"),
            ("https://id.example/auth?p=a?b", "https://id.example/auth?p=a?b&a=1"),
        ] {
            assert_eq!(asking(endpoint, "a=1"), address);
        }
    }
}
