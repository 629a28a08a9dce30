//! Renewing a session by its refresh token, which is good once: one renewal at a time over all tabs, and what another
//! tab has renewed is taken from it.

use super::answer::Identity;
use super::browser::{alone, is_offline};
use super::grant::Grant;
use super::held_renewals;
use super::leaving::take_back;
use super::request::form;
use super::token_endpoint::{self, Given, NotGiven, not_now};
use crate::api::billing_session::elapsed;
use crate::api::failure::{Failure, FailureKind};
use crate::api::page_policy::blocked_words;
use crate::api::sign_in::Credential;
use crate::api::{HandedSession, RestClient, System, WHO};
use connections::host_of;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

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
    /// What the system is to be shown from now on; whether it comes from the provider itself just now.
    Now { authorization: String, is_fresh: bool },
    /// It does not go on without the person.
    Ended,
    /// Not at this time; what was to be sent has not left.
    NotNow(Failure),
}

pub(super) async fn renew(client: RestClient, system: System, worn_out: Option<String>) -> Renewed {
    let Some(grant) = Grant::of(client, system) else { return Renewed::Ended };
    let place = grant.lock(system);
    let renewed = alone(&place, WAITS_FOR_OTHERS, renew_alone(client, system, worn_out.clone())).await;
    match renewed {
        Some(Renewed::Now { authorization, is_fresh }) => {
            held_renewals::end(client, &place, true);
            Renewed::Now { authorization, is_fresh }
        }
        Some(Renewed::Ended) => {
            held_renewals::end(client, &place, false);
            Renewed::Ended
        }
        Some(not_now @ Renewed::NotNow(_)) => not_now,
        None => {
            let words = "Another tab renews your session and has not come to an end. Nothing is lost, and the console asks again by itself.";
            held(client, &place, (system, worn_out), None, words.to_owned())
        }
    }
}

/// See [`RestClient::is_known_again`].
pub(super) async fn is_known_again(client: RestClient, system: System) -> bool {
    let authorization = match system {
        System::LogiSense => client.billing_token(None).await.ok().map(|token| format!("Bearer {token}")),
        System::Oracle | System::CloudFoundry => client.authorization_at(system),
    };
    let Some(authorization) = authorization else { return false };
    let is_known = client.prove(system, &authorization).await.is_ok();
    if is_known {
        client.ended.update_value(|ended| {
            ended.remove(&system);
        });
    }
    is_known
}

/// A renewal that could not be had, and is tried again.
fn held(
    client: RestClient,
    place: &str,
    (system, worn_out): (System, Option<String>),
    wish: Option<Duration>,
    words: String,
) -> Renewed {
    let next_try = held_renewals::hold(client, place, (system, worn_out), wish, &words);
    Renewed::NotNow(Failure::new(system, FailureKind::NotRenewed { words, next_try }))
}

async fn renew_alone(client: RestClient, system: System, worn_out: Option<String>) -> Renewed {
    let sign_in_count = client.sign_in_count.get_value();
    let Some(shown) = client.credential_at(system) else { return Renewed::Ended };
    // Who waited for the lock finds it done.
    if Some(&shown.authorization) != worn_out.as_ref() {
        return Renewed::Now { authorization: shown.authorization, is_fresh: false };
    }
    let Some(mut grant) = Grant::of(client, system) else { return Renewed::Ended };
    let last = RENEWED_AT.with_borrow(|all| all.get(&system).copied());
    if last.is_some_and(|last| elapsed().saturating_sub(last) < LEAST_BETWEEN) {
        return Renewed::Ended;
    }
    if let Some(ahead) = of_other_tab(client, system, &shown).await {
        if client.sign_in_count.get_value() != sign_in_count {
            return Renewed::Ended;
        }
        let authorization = ahead.authorization.clone();
        client.show(system, ahead);
        return Renewed::Now { authorization, is_fresh: false };
    }
    let place = grant.lock(system);
    // Who asked for a pause is left alone for so long.
    if let Some((next_try, words)) = held_renewals::pause(client, &place) {
        return Renewed::NotNow(Failure::new(system, FailureKind::NotRenewed { words, next_try }));
    }
    let whose = (system, worn_out);
    if is_offline() {
        let words = "This browser has no network. Nothing is lost, and the console asks again by itself.";
        return held(client, &place, whose, None, words.to_owned());
    }
    // It is not sent again unless the answer says that it was not used, or this provider does not change its tokens.
    let Some(refresh) = grant.refresh.take() else { return Renewed::Ended };
    grant.keep(client, system, shown.clone());
    let put_back = |grant: &Grant| {
        if client.sign_in_count.get_value() == sign_in_count {
            Grant { refresh: Some(refresh.clone()), ..grant.clone() }.keep(client, system, shown.clone());
        }
    };
    let given = ask(client, system, &grant, &refresh).await;
    if let Some(odd) = given.as_ref().err().filter(|it| it.is_odd()).cloned()
        && client.sign_in_count.get_value() == sign_in_count
    {
        client.not_renewed.set(Some((system, token_endpoint::words(host(&grant, system), odd))));
    }
    match given {
        Ok(given) => {
            let Some(given) = of_same_person(given, &grant) else { return Renewed::Ended };
            let is_rotated = given.refresh_token.as_ref().is_some_and(|new| *new != refresh);
            grant.refresh = given.refresh_token.or(Some(refresh));
            grant.is_rotated = Some(is_rotated);
            // What comes after sign-out is thrown away, and taken back.
            if client.sign_in_count.get_value() != sign_in_count {
                take_back(&grant).await;
                return Renewed::Ended;
            }
            RENEWED_AT.with_borrow_mut(|all| all.insert(system, elapsed()));
            let authorization = format!("Bearer {}", given.access_token);
            let whose = shown.whose;
            grant.keep(
                client,
                system,
                Credential { whose, ..Credential::given(authorization.clone(), None) },
            );
            Renewed::Now { authorization, is_fresh: true }
        }
        Err(NotGiven::Refused(_)) => Renewed::Ended,
        // Nothing has left.
        Err(NotGiven::Blocked(origin)) => {
            put_back(&grant);
            held(client, &place, whose, None, blocked_words(&origin))
        }
        Err(NotGiven::NotNow { status, retry_after }) => {
            put_back(&grant);
            held(client, &place, whose, retry_after, not_now(host(&grant, system), status))
        }
        // A token that stays the same is good again, whatever became of the answer.
        Err(NotGiven::Lost | NotGiven::Unreadable(_)) if grant.is_rotated == Some(false) => {
            put_back(&grant);
            let words = format!(
                "{} did not answer when your session was to be renewed. Nothing is lost, and the console asks again by itself.",
                host(&grant, system)
            );
            held(client, &place, whose, None, words)
        }
        Err(NotGiven::Lost | NotGiven::Unreadable(_)) => Renewed::Ended,
    }
}

fn host(grant: &Grant, system: System) -> &str {
    grant.endpoint.as_deref().map_or(system.name(), host_of)
}

/// What another tab of this person was given since this one was.
async fn of_other_tab(client: RestClient, system: System, own: &Credential) -> Option<Credential> {
    if own.whose.is_empty() {
        return None;
    }
    let texts = client.ask_open_tabs(WHO, "").await;
    let handed = texts.iter().filter_map(|text| serde_json::from_str::<HandedSession>(text).ok());
    let shown =
        handed.filter(HandedSession::is_of_these_connections).filter_map(|session| session.shown_at(system));
    shown.filter(|other| other.whose == own.whose && other.since > own.since).max_by_key(|other| other.since)
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
            FailureKind::Blocked(origin) => NotGiven::Blocked(origin),
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
