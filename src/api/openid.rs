//! Signing in at a provider's own page, and renewing what a provider or a token service gave.
//!
//! OpenID Connect Core 1.0 by the authorization code with PKCE (RFC 7636), in the manners that RFC 9700 and RFC 10017
//! (BCP 212) ask of a page without a secret: tokens in memory only, `state`, `nonce` and the answer's `iss` (RFC 9207)
//! compared, refresh tokens that are used once. All of it is a part of its own, for most connections know people in
//! another way; here is its border.
//!
//! Not here: the button (`pages::sign_in`), and what a session begins and ends (`data::session`).

mod answer;
mod browser;
mod callback;
mod discovery;
mod grant;
mod held_renewals;
mod leaving;
mod other_window;
mod pending;
mod renewal;
mod request;
mod token_endpoint;

pub use callback::Arrived;
pub use other_window::Beside;

use super::failure::{Failure, FailureKind};
use super::token_service::TOKEN_SERVICE;
use super::{Access, RestClient, System};
use crate::apart::{Loading, NotLoaded};
use leptos::prelude::*;
use renewal::Renewed;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// Where providers lead people back to.
pub const CALLBACK: &str = "/callback";

type Later<T> = Pin<Box<dyn Future<Output = T>>>;
type Trying<T> = Later<Result<T, Failure>>;

thread_local! {
    static ANSWER: RefCell<Option<String>> = const { RefCell::new(None) };
    static WAS_CUT: Cell<bool> = const { Cell::new(false) };
}

/// Takes what a provider's answer holds out of the address, before anything else can see it there; what was looked at
/// before stands there instead, also for a reload. A page that begins without an answer has given up what this tab asked.
pub fn take_answer_out_of_the_address() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    if !path.starts_with(CALLBACK) {
        WAS_CUT.set(pending::was_cut());
        pending::give_up();
        return;
    }
    let query = location.search().unwrap_or_default();
    let state = UrlSearchParams::new_with_str(&query).ok().and_then(|values| values.get("state"));
    let way_back = state.and_then(|state| pending::begin_answer(&state)).unwrap_or_else(|| {
        // It answers another question than this tab's.
        pending::give_up();
        "/".to_owned()
    });
    ANSWER.set(Some(path + &query));
    // In the worst case it stays in the address of a page that leads nowhere.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&way_back)));
}

/// Somebody is signed in here, in whatever way: what else was begun in this tab is answered no more.
pub fn give_up_what_was_begun() {
    pending::give_up();
}

/// A provider's answer with which this page began, once: the path that it came to, with its query.
pub fn taken_answer() -> Option<String> {
    ANSWER.take()
}

/// Whether a sign-in was cut in the middle, as by a reload while a provider's answer was exchanged; once.
pub fn was_sign_in_cut() -> bool {
    WAS_CUT.take()
}

/// The addresses at a provider, as it names them.
pub struct ProviderEndpoints {
    pub token: String,
    /// All of them, that one too.
    pub all: Vec<String>,
}

/// Where the provider of the main system ends a person's session, or why nobody is led there now.
pub type WayOut = Result<String, String>;

/// What providers gave for each of these systems.
type Grants = Vec<(System, String)>;

/// What is in the part.
struct Provider {
    lead_to_provider: fn(System) -> Trying<()>,
    arrive: fn(RestClient, String) -> Later<Arrived>,
    prepare_beside: fn(System, String) -> Trying<Beside>,
    take_beside: fn(RestClient, System, Beside, Access) -> Trying<Option<Access>>,
    renew: fn(RestClient, System, Option<String>) -> Later<Renewed>,
    leave: fn(Grants, String) -> Later<Option<WayOut>>,
    describe: fn(System) -> Trying<ProviderEndpoints>,
    is_known_again: fn(RestClient, System) -> Later<bool>,
}

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod part {
    use super::{Provider, callback, discovery, leaving, other_window, renewal, request};
    use crate::apart::apart;

    apart! {
        openid: () -> Provider {
            Provider {
                lead_to_provider: |system| Box::pin(request::lead_to_provider(system)),
                arrive: |client, answer| Box::pin(callback::arrive(client, answer)),
                prepare_beside: |system, hint| Box::pin(other_window::prepare(system, hint)),
                take_beside: |client, system, beside, before| {
                    Box::pin(other_window::take(client, system, beside, before))
                },
                renew: |client, system, worn_out| Box::pin(renewal::renew(client, system, worn_out)),
                leave: |grants, hint| Box::pin(leaving::leave(grants, hint)),
                describe: |system| Box::pin(discovery::endpoints(system)),
                is_known_again: |client, system| Box::pin(renewal::is_known_again(client, system)),
            }
        }
    }
}

/// Fetches the part.
pub fn load_provider() -> Loading {
    part::loading()
}

async fn provider(system: System) -> Result<Provider, Failure> {
    part::made().await.map_err(|NotLoaded| not_loaded(system))
}

fn not_loaded(system: System) -> Failure {
    let words =
        "A part of Usage Desk that signing in needs could not be fetched. Nothing is lost; try again.";
    Failure::new(system, FailureKind::AtProvider(words.to_owned()))
}

impl RestClient {
    /// Leads this page to the provider of a system. What it holds ends with it.
    pub async fn sign_in_at_provider(&self, system: System) -> Result<(), Failure> {
        (provider(system).await?.lead_to_provider)(system).await
    }

    /// What became of a provider's answer with which this page began.
    pub async fn arrive(&self, answer: String) -> Arrived {
        let arrived = match provider(System::main()).await {
            Ok(provider) => (provider.arrive)(*self, answer).await,
            Err(failure) => Arrived::Refused(failure.advice()),
        };
        pending::give_up();
        arrived
    }

    /// What a window beside the work is to ask the provider, for this person.
    pub async fn prepare_beside(&self, system: System, hint: String) -> Result<Beside, Failure> {
        (provider(system).await?.prepare_beside)(system, hint).await
    }

    /// Waits for the answer of the provider's page beside the work, which only the person who was here may give. At the
    /// main system it says who that is.
    pub async fn sign_in_beside(
        &self,
        system: System,
        beside: Beside,
        before: Access,
    ) -> Result<Option<Access>, Failure> {
        (provider(system).await?.take_beside)(*self, system, beside, before).await
    }

    /// The system whose credentials this one is shown: its own, or the main one's.
    pub fn signed_in_by(&self, system: System) -> System {
        let has_own = self.shown.with_value(|shown| shown.contains_key(&system));
        if !has_own && system.shares_credentials_with_main() { System::main() } else { system }
    }

    /// Whether a system that no longer knows what it is shown may be shown something newer.
    pub(super) fn is_renewable(&self, system: System) -> bool {
        self.grant_at(self.signed_in_by(system)).is_some()
    }

    fn grant_at(&self, system: System) -> Option<String> {
        self.shown.with_value(|shown| shown.get(&system)?.grant.clone())
    }

    /// What the system is to be shown after it refused this, and whether that is fresh from its provider; nothing where
    /// the person has to sign in again.
    pub(super) async fn renewed(
        &self,
        system: System,
        worn_out: Option<String>,
    ) -> Result<Option<(String, bool)>, Failure> {
        let renew = provider(system).await?.renew;
        match renew(*self, self.signed_in_by(system), worn_out).await {
            Renewed::Now { authorization, is_fresh } => Ok(Some((authorization, is_fresh))),
            Renewed::Ended => Ok(None),
            Renewed::NotNow(failure) => Err(Failure { system, ..failure }),
        }
    }

    /// Whether a system answers again what the person shows it already, as it does where a gateway had turned the call
    /// away.
    pub async fn is_known_again(&self, system: System) -> bool {
        match provider(system).await {
            Ok(provider) => (provider.is_known_again)(*self, system).await,
            Err(_) => false,
        }
    }

    /// Ends what providers gave. What comes is the way out at the one of the main system. Asked before the credentials are
    /// forgotten.
    pub fn leaving(&self, access: &Access) -> impl Future<Output = Option<WayOut>> + use<> {
        let of_providers = |system: System| {
            let grant = self.grant_at(system).filter(|grant| !grant.starts_with(TOKEN_SERVICE));
            grant.map(|grant| (system, grant))
        };
        // The main one is the first of those that exist.
        let grants: Grants = System::existing().filter_map(of_providers).collect();
        let hint = access.user.clone();
        async move {
            if grants.is_empty() {
                return None;
            }
            (provider(System::main()).await.ok()?.leave)(grants, hint).await
        }
    }

    /// The addresses that the provider of a system names as its own, where it describes itself as it must.
    pub async fn provider_endpoints(&self, system: System) -> Result<ProviderEndpoints, Failure> {
        (provider(system).await?.describe)(system).await
    }
}
