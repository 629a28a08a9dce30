//! Ending the provider's own session (OpenID Connect RP-Initiated Logout 1.0). No token goes into an address: the client
//! and the person's name tell the provider whose session is meant, and it asks the person.

use super::grant::Grant;
use super::request::form;
use leptos::prelude::window;

pub(super) fn address(grant: &str, hint: &str) -> Option<String> {
    let grant = Grant::read(grant)?;
    let endpoint = grant.end_session_endpoint?;
    let back = format!("{}/", window().location().origin().ok()?);
    let question =
        form(&[("client_id", &grant.client_id), ("logout_hint", hint), ("post_logout_redirect_uri", &back)]);
    let sign = if endpoint.contains('?') { '&' } else { '?' };
    Some(format!("{endpoint}{sign}{question}"))
}
