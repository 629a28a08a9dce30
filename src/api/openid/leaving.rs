//! Ending what a provider gave: refresh tokens are taken back (RFC 7009), then the provider's own session is ended (OpenID
//! Connect RP-Initiated Logout 1.0). No token goes into an address: the client and the person's name tell the provider
//! whose session is meant, and it asks the person.

use super::discovery::discover;
use super::grant::Grant;
use super::request::{asking, form};
use super::token_endpoint::post;
use super::{Grants, WayOut};
use crate::api::System;
use crate::next_task::within;
use leptos::prelude::window;

/// In milliseconds: nobody waits long for leaving.
const TIME_LIMIT: u32 = 3_000;

/// Takes back what these grants renew, as far as their providers answer, and gives the way out at the first provider that
/// has one, the main system's if it does.
pub(super) async fn leave(grants: Grants, hint: String) -> Option<WayOut> {
    let read = |(system, text): (System, String)| Some((system, Grant::read(&text)?));
    let grants: Vec<_> = grants.into_iter().filter_map(read).collect();
    for (_, grant) in &grants {
        take_back(grant).await;
    }
    let ends = |(system, grant): &(System, Grant)| {
        grant.end_session_endpoint.clone().map(|endpoint| (*system, endpoint, grant.client_id.clone()))
    };
    let (system, endpoint, client) = grants.iter().find_map(ends)?;
    // Whoever is led to one that is away stands before the browser's own error, and believes that nobody was signed out.
    match within(TIME_LIMIT.cast_signed(), discover(system)).await {
        Some(Ok(_)) => {}
        Some(Err(failure)) => return Some(Err(still_known(system, &failure.advice()))),
        None => return Some(Err(still_known(system, "It does not answer now."))),
    }
    let back = format!("{}/", window().location().origin().ok()?);
    let question =
        form(&[("client_id", &client), ("logout_hint", &hint), ("post_logout_redirect_uri", &back)]);
    Some(Ok(asking(&endpoint, &question)))
}

/// Why the provider does not hear of it, and what that means.
fn still_known(system: System, why: &str) -> String {
    let provider = system.connection().and_then(|connection| connection.open_id_connect.as_ref());
    let host = provider.map_or(system.name(), |provider| provider.host());
    format!(
        "You are signed out here, in all tabs, and {host} may still know you: others who use this browser could sign in there without a password. {why} Sign in and out once more when that is over."
    )
}

/// Has the provider forget a refresh token. One that cannot be taken back now ends by its own time.
pub(super) async fn take_back(grant: &Grant) {
    if let (Some(endpoint), Some(refresh)) = (&grant.revocation_endpoint, &grant.refresh) {
        let named =
            [("token", &**refresh), ("token_type_hint", "refresh_token"), ("client_id", &grant.client_id)];
        drop(post(endpoint, form(&named), TIME_LIMIT).await);
    }
}
