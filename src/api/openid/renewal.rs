//! Renewing a session by its refresh token, which is good once: one renewal at a time over all tabs, and what another
//! tab has renewed is taken from it.

use super::answer::{Identity, at_provider, host};
use super::browser::{alone, elapsed, is_offline};
use super::grant::Grant;
use super::request::form;
use super::token_endpoint::{self, Given, NotGiven, not_now};
use crate::api::failure::{Failure, FailureKind};
use crate::api::{HandedSession, RestClient, System, WHO};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What is refused so soon after it was renewed is not renewed again: a system that takes nothing would have it renewed
/// for ever. In milliseconds.
const LEAST_BETWEEN: u64 = 5_000;

/// As long as another tab's renewal takes at most, in milliseconds.
const WAITS_FOR_OTHERS: u32 = token_endpoint::TIME_LIMIT + 5_000;

thread_local! {
    /// When each system's session was renewed here last.
    static RENEWED_AT: RefCell<BTreeMap<System, u64>> = const { RefCell::new(BTreeMap::new()) };
}

pub enum Renewed {
    /// What the system is to be shown from now on.
    Now(String),
    /// It does not go on without the person.
    Ended,
    /// Not at this time; what was to be sent has not left.
    NotNow(Failure),
}

pub(super) async fn renew(client: RestClient, system: System, worn_out: Option<String>) -> Renewed {
    let Some(grant) = Grant::of(client, system) else { return Renewed::Ended };
    let renewed = alone(&grant.lock(system), WAITS_FOR_OTHERS, renew_alone(client, system, worn_out)).await;
    renewed.unwrap_or_else(|| {
        let words = "Another tab renews your session and has not come to an end. It is tried again before long; nothing is lost.";
        Renewed::NotNow(at_provider(system, words.to_owned()))
    })
}

async fn renew_alone(client: RestClient, system: System, worn_out: Option<String>) -> Renewed {
    let sign_in_count = client.sign_in_count.get_value();
    let Some(shown) = client.authorization_at(system) else { return Renewed::Ended };
    // Who waited for the lock finds it done.
    if Some(&shown) != worn_out.as_ref() {
        return Renewed::Now(shown);
    }
    let Some(mut grant) = Grant::of(client, system) else { return Renewed::Ended };
    let last = RENEWED_AT.with_borrow(|all| all.get(&system).copied());
    if last.is_some_and(|last| elapsed().saturating_sub(last) < LEAST_BETWEEN) {
        return Renewed::Ended;
    }
    if let Some((authorization, ahead)) = of_other_tab(client, system, &grant).await {
        return kept(client, system, sign_in_count, authorization, &ahead);
    }
    if is_offline() {
        return Renewed::NotNow(Failure::new(
            system,
            FailureKind::AtProvider("This browser has no network.".to_owned()),
        ));
    }
    // Used once: whatever becomes of it, it is not sent again unless the answer says that it was not used.
    let Some(refresh) = grant.refresh.take() else { return Renewed::Ended };
    grant.keep(client, system, shown.clone());
    match ask(client, system, &grant, &refresh).await {
        Ok(given) => {
            let Some(given) = of_same_person(given, &grant) else { return Renewed::Ended };
            let is_rotated = given.refresh_token.as_ref().is_some_and(|new| *new != refresh);
            grant.refresh = given.refresh_token.or(Some(refresh));
            grant.is_rotated = Some(is_rotated);
            grant.renewals += 1;
            kept(client, system, sign_in_count, format!("Bearer {}", given.access_token), &grant)
        }
        Err(NotGiven::Refused(_)) => Renewed::Ended,
        Err(NotGiven::NotNow { status, retry_after }) => {
            put_back(client, system, sign_in_count, &grant, (refresh, shown));
            Renewed::NotNow(not_now(system, place(&grant, system), status, retry_after))
        }
        // A token that stays the same is good again, whatever became of the answer.
        Err(NotGiven::Lost | NotGiven::Unreadable) if grant.is_rotated == Some(false) => {
            put_back(client, system, sign_in_count, &grant, (refresh, shown));
            let words = format!(
                "{} did not answer when your session was to be renewed. It is asked again before long; nothing is lost.",
                place(&grant, system)
            );
            Renewed::NotNow(at_provider(system, words))
        }
        Err(NotGiven::Lost | NotGiven::Unreadable) => Renewed::Ended,
    }
}

fn place(grant: &Grant, system: System) -> &str {
    grant.endpoint.as_deref().map_or(system.name(), host)
}

fn kept(
    client: RestClient,
    system: System,
    sign_in_count: u64,
    authorization: String,
    grant: &Grant,
) -> Renewed {
    // What comes after sign-out is thrown away.
    if client.sign_in_count.get_value() != sign_in_count {
        return Renewed::Ended;
    }
    RENEWED_AT.with_borrow_mut(|all| all.insert(system, elapsed()));
    grant.keep(client, system, authorization.clone());
    Renewed::Now(authorization)
}

fn put_back(
    client: RestClient,
    system: System,
    sign_in_count: u64,
    grant: &Grant,
    (refresh, shown): (String, String),
) {
    if client.sign_in_count.get_value() == sign_in_count {
        Grant { refresh: Some(refresh), ..grant.clone() }.keep(client, system, shown);
    }
}

/// What another tab of this person has renewed since this one was last with it.
async fn of_other_tab(client: RestClient, system: System, own: &Grant) -> Option<(String, Grant)> {
    let texts = client.ask_open_tabs(WHO, "").await;
    let handed = texts.iter().filter_map(|text| serde_json::from_str::<HandedSession>(text).ok());
    let ahead = handed.filter(HandedSession::is_of_these_connections).filter_map(|session| {
        let (authorization, grant) = session.shown_at(system)?;
        let grant = Grant::read(grant)?;
        let is_ahead = grant.renewals > own.renewals && grant.is_of_same_sign_in(own);
        is_ahead.then(|| (authorization.to_owned(), grant))
    });
    ahead.max_by_key(|(_, grant)| grant.renewals)
}

/// A renewal may name the person again; it must be the same one (OpenID Connect Core 1.0, 12.2).
fn of_same_person(given: Given, grant: &Grant) -> Option<Given> {
    if given.id_token.is_none() || grant.subject.is_empty() {
        return Some(given);
    }
    let identity = Identity::of(&given)?;
    let is_same =
        identity.check(&grant.issuer, &grant.client_id, None).is_ok() && identity.sub == grant.subject;
    is_same.then_some(given)
}

async fn ask(client: RestClient, system: System, grant: &Grant, refresh: &str) -> Result<Given, NotGiven> {
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let Some(endpoint) = &grant.endpoint else {
        let client_of_service =
            (!grant.client_id.is_empty()).then_some((&*grant.client_id, &*grant.client_secret));
        let answer = client.ask_token_service(system, client_of_service, form(&fields)).await;
        let answer = answer.map_err(|failure| match failure.kind {
            FailureKind::AtGateway { .. } => NotGiven::NotNow { status: 302, retry_after: None },
            _ => NotGiven::Lost,
        })?;
        return token_endpoint::read(answer.status, &answer.body, answer.retry_after);
    };
    fields.push(("client_id", &grant.client_id));
    if let Some(resource) = &grant.resource {
        fields.push(("resource", resource));
    }
    token_endpoint::ask(endpoint, form(&fields)).await
}
