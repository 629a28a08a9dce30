//! The page that a provider leads back to.

use super::answer::{Answered, SignedIn, exchange};
use super::leaving::take_back;
use super::{other_window, pending};
use crate::api::sign_in::Credential;
use crate::api::{Access, Failure, FailureKind, RestClient, SignInMethod, System};
use connections::host_of;
use leptos::prelude::*;

/// What became of a provider's answer.
pub enum Arrived {
    /// The person is signed in here.
    Here(Access),
    /// Another tab had asked, and has taken it.
    InOtherTab,
    /// Nobody is signed in by it; why not, in words.
    Refused(String),
}

pub(super) async fn arrive(client: RestClient, answer: String) -> Arrived {
    let answered = Answered::read(&answer);
    let Some((answered, state)) =
        answered.and_then(|answered| answered.state().map(|state| (answered, state)))
    else {
        return refused(
            "That address is the one a provider leads back to after a sign-in, and it was opened without an answer. Nothing was sent. Sign in here.",
        );
    };
    let Some(asked) = pending::take_if_it_is(&state) else {
        return match other_window::hand_to_other_tab(&state, &answer).await {
            true => Arrived::InOtherTab,
            false => refused(
                "That answer of a provider belongs to no sign-in that this browser has begun, or was used before. Nothing was sent. Sign in here.",
            ),
        };
    };
    let sign_in_count = client.sign_in_count.get_value();
    let arrived = async {
        let signed_in = exchange(asked, &answered).await?;
        match signed_in.take_effect(client, sign_in_count).await? {
            Some(access) => Ok(Arrived::Here(access)),
            None => {
                Err("That sign-in was for another system than people sign in at first now. Sign in here."
                    .to_owned())
            }
        }
    };
    arrived.await.unwrap_or_else(Arrived::Refused)
}

/// A session that has not begun cannot have ended: what a system does not accept at first is not meant for it.
fn not_accepted(failure: &Failure, provider: &str) -> String {
    let system = failure.system.name();
    if failure.kind == FailureKind::SignedOut {
        return format!(
            "{system} does not accept the token that {provider} gave. Ask whoever set up this connection: the audience, the scopes or the resource of the token may not be those that {system} expects."
        );
    }
    format!(
        "{provider} knows you, but you cannot work at {system} yet. {}. {}",
        failure.title(),
        failure.advice()
    )
}

fn refused(words: &str) -> Arrived {
    Arrived::Refused(words.to_owned())
}

impl SignedIn {
    /// Shows the system what was given, and keeps it where it is taken. At the main system it says who is signed in.
    pub(super) async fn take_effect(
        self,
        client: RestClient,
        sign_in_count: u64,
    ) -> Result<Option<Access>, String> {
        let Self { system, authorization, grant, user, name } = self;
        let proved = client.prove(system, &authorization).await;
        if client.sign_in_count.get_value() != sign_in_count {
            take_back(&grant).await;
            return Err("You signed out meanwhile, or signed in in another way. What the provider gave is thrown away.".to_owned());
        }
        if let Err(failure) = proved {
            take_back(&grant).await;
            return Err(not_accepted(&failure, host_of(&grant.issuer)));
        }
        let is_main = system == System::main();
        if is_main {
            client.forget_what_is_shared();
        }
        let subject = grant.whose();
        let whose = subject.clone().unwrap_or_default();
        grant.keep(client, system, Credential { whose, ..Credential::given(authorization, None) });
        client.ended.update_value(|ended| {
            ended.remove(&system);
        });
        Ok(is_main.then(|| {
            let access = client.access_of(user, SignInMethod::OpenIdConnect);
            Access { name: access.name.clone().or(name), subject, ..access }
        }))
    }
}
