//! Ending what a provider gave: refresh tokens are taken back (RFC 7009), then the provider's own session is ended (OpenID
//! Connect RP-Initiated Logout 1.0). No token goes into an address: the client and the person's name tell the provider
//! whose session is meant, and it asks the person.

use super::grant::Grant;
use super::request::form;
use super::token_endpoint::post;
use leptos::prelude::window;

/// Takes back what these grants renew, as far as their providers answer, and gives the address at which the provider of
/// the first ends its session.
pub(super) async fn leave(grants: Vec<String>, hint: String) -> Option<String> {
    let grants: Vec<Grant> = grants.iter().filter_map(|text| Grant::read(text)).collect();
    for grant in &grants {
        if let (Some(endpoint), Some(refresh)) = (&grant.revocation_endpoint, &grant.refresh) {
            let named = [
                ("token", &**refresh),
                ("token_type_hint", "refresh_token"),
                ("client_id", &grant.client_id),
            ];
            // One that cannot be taken back now ends by its own time.
            drop(post(endpoint, form(&named)).await);
        }
    }
    let grant = grants.first()?;
    let endpoint = grant.end_session_endpoint.as_ref()?;
    let back = format!("{}/", window().location().origin().ok()?);
    let question =
        form(&[("client_id", &grant.client_id), ("logout_hint", &hint), ("post_logout_redirect_uri", &back)]);
    let sign = if endpoint.contains('?') { '&' } else { '?' };
    Some(format!("{endpoint}{sign}{question}"))
}
