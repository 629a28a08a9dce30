//! Ending what a provider gave: refresh tokens are taken back (RFC 7009), then the provider's own session is ended (OpenID
//! Connect RP-Initiated Logout 1.0). No token goes into an address: the client and the person's name tell the provider
//! whose session is meant, and it asks the person.

use super::grant::Grant;
use super::request::{asking, form};
use super::token_endpoint::post;
use leptos::prelude::window;

/// In milliseconds: nobody waits long for leaving.
const TIME_LIMIT: u32 = 3_000;

/// Takes back what these grants renew, as far as their providers answer, and gives the address at which one of them ends
/// the person's session, the main system's if it does.
pub(super) async fn leave(grants: Vec<String>, hint: String) -> Option<String> {
    let grants: Vec<Grant> = grants.iter().filter_map(|text| Grant::read(text)).collect();
    for grant in &grants {
        take_back(grant).await;
    }
    let ends = |grant: &Grant| {
        grant.end_session_endpoint.clone().map(|endpoint| (endpoint, grant.client_id.clone()))
    };
    let (endpoint, client) = grants.iter().find_map(ends)?;
    let back = format!("{}/", window().location().origin().ok()?);
    let question =
        form(&[("client_id", &client), ("logout_hint", &hint), ("post_logout_redirect_uri", &back)]);
    Some(asking(&endpoint, &question))
}

/// Has the provider forget a refresh token. One that cannot be taken back now ends by its own time.
pub(super) async fn take_back(grant: &Grant) {
    if let (Some(endpoint), Some(refresh)) = (&grant.revocation_endpoint, &grant.refresh) {
        let named =
            [("token", &**refresh), ("token_type_hint", "refresh_token"), ("client_id", &grant.client_id)];
        drop(post(endpoint, form(&named), TIME_LIMIT).await);
    }
}
