//! The token service (OAuth 2.0 password grant, as the Cloud Foundry UAA serves it at `/oauth/token`).
//! Some of them want to know which client asks, by Basic, before they look at user and password.

use super::call::{Answer, Call, blame, fetch};
use super::failure::{Failure, FailureKind};
use super::sign_in::base64;
use super::system::TOKEN_PATH;
use super::{Barrier, RestClient, System};
use connections::BrowserCredentials;
use gloo_net::http::Method;
use rest_contract::{RefusedBy, RefusedFor, TokenAnswer, TokenFault, TokenRefusal};
use web_sys::RequestCredentials;

/// By what the token service knows this console; without a name as the public client `cf`, where it
/// wants one at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenClient {
    pub id: String,
    pub secret: String,
}

/// What a token service gives is renewed by these lines: this one, the client's id and secret, the refresh token.
pub(super) const TOKEN_SERVICE: &str = "token service";

/// A token, and by what it is renewed, if it is.
pub(super) struct ServiceToken {
    pub(super) access: String,
    /// As `openid` reads it.
    pub(super) grant: Option<String>,
}

/// The client that every UAA has for tools of a person, without a secret.
const PUBLIC_CLIENT: &str = "cf";

impl RestClient {
    pub(super) async fn fetch_token(
        &self,
        system: System,
        client: &TokenClient,
        (user, password): (&str, &str),
    ) -> Result<ServiceToken, Failure> {
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let form = format!("grant_type=password&username={}&password={}", encode(user), encode(password));
        let named = (!client.id.is_empty()).then(|| basic(&client.id, &client.secret));
        let is_named = named.is_some();
        let mut answer = self.post_to_token_service(system, named, form.clone()).await?;
        let mut asked_as = client.id.as_str();
        if wants_another_client(&answer) && !is_named {
            asked_as = PUBLIC_CLIENT;
            answer = self.post_to_token_service(system, Some(basic(PUBLIC_CLIENT, "")), form).await?;
        }
        if wants_another_client(&answer) && cause_of(&answer) != Some(RefusedFor::ClientsRight) {
            let perhaps_person = cause_of(&answer) != Some(RefusedFor::Client);
            let kind = FailureKind::ClientRefused { client: asked_as.to_owned(), perhaps_person };
            return Err(Failure { request_id: answer.request_id, ..Failure::new(system, kind) });
        }
        let token = token_in(answer)?;
        let secret = &client.secret;
        let grant = token.refresh_token.map(|it| format!("{TOKEN_SERVICE}\n{asked_as}\n{secret}\n{it}"));
        Ok(ServiceToken { access: token.access_token, grant })
    }

    /// The same by a form that is ready, as a client that the service knows.
    pub(super) async fn ask_token_service(
        &self,
        system: System,
        client: Option<(&str, &str)>,
        form: String,
    ) -> Result<Answer, Failure> {
        self.post_to_token_service(system, client.map(|(id, secret)| basic(id, secret)), form).await
    }

    async fn post_to_token_service(
        &self,
        system: System,
        client: Option<String>,
        form: String,
    ) -> Result<Answer, Failure> {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let call = Call { method: Method::POST, path: TOKEN_PATH, headers: &headers, body: Some(form) };
        self.send_as_nobody(system, client, call).await
    }

    /// Sends a call that asks for a token. It may be answered by a challenge at any time, so it goes
    /// without the browser's credentials, and with them only where a gateway does not let it through
    /// otherwise.
    pub(super) async fn send_as_nobody(
        &self,
        system: System,
        authorization: Option<String>,
        call: Call<'_>,
    ) -> Result<Answer, Failure> {
        let mut answer = fetch(system, authorization.clone(), call.clone(), RequestCredentials::Omit).await;
        if let Err(Failure { kind: FailureKind::HeadersTooLarge(by), .. }) = &mut answer {
            *by =
                Box::pin(blame(system, call.path, authorization.as_deref(), RequestCredentials::Omit)).await;
            // Who signs in is told at the form.
            if self.is_signed_in() {
                self.meet_large_headers(system, authorization.clone(), &call, *by).await;
            }
        }
        let is_barred = match &answer {
            Ok(answer) => answer.refused_by == RefusedBy::Either && system.is_at_the_pages_origin(call.path),
            Err(failure) => matches!(failure.kind, FailureKind::AtGateway { .. }),
        };
        if !is_barred {
            return answer;
        }
        let said = system.connection().and_then(|connection| connection.credentials);
        if said == Some(BrowserCredentials::Omit) {
            return answer;
        }
        let path = call.path;
        let answer = fetch(system, authorization, call, RequestCredentials::SameOrigin).await;
        if let Err(Failure { kind: FailureKind::AtGateway { .. }, .. }) = &answer {
            self.meet_gateway(system, path, Barrier::SignIn).await;
        }
        answer
    }
}

/// The token in an answer of a token service, or why there is none.
pub(super) fn token_in(answer: Answer) -> Result<TokenAnswer, Failure> {
    let (system, request_id) = (answer.system, answer.request_id.clone());
    let fails = |kind| Failure { request_id: request_id.clone(), ..Failure::new(system, kind) };
    // Of an account that is locked, which some tell by other statuses, its own words say more than a pause does.
    let is_locked = |refusal: &TokenRefusal| match answer.status {
        423 => true,
        429 => refusal.cause() == RefusedFor::Locked,
        _ => false,
    };
    if let Some(refusal) = TokenRefusal::read(&answer.body).filter(is_locked) {
        return Err(fails(FailureKind::NoToken(refusal)));
    }
    match answer.status {
        400 | 401 | 403 => Err(fails(match TokenRefusal::read(&answer.body) {
            Some(refusal) if refusal.is_for_now() => FailureKind::Busy { retry_after: answer.retry_after },
            Some(refusal) => FailureKind::NoToken(refusal),
            // A page, a bare status or what says nothing may be a gateway's, and says nothing of the person.
            None => FailureKind::NoTokenService(answer.status),
        })),
        404 | 405 => Err(fails(FailureKind::NoTokenService(answer.status))),
        _ => {
            let answer = answer.succeeded()?;
            TokenAnswer::read(&answer.body).map_err(|fault| {
                fails(match fault {
                    TokenFault::NoToken => FailureKind::NoTokenService(answer.status),
                    fault => {
                        let words = fault.words();
                        FailureKind::AtProvider(format!(
                            "What the token service gave cannot be used: {words}. Hand this to whoever runs it."
                        ))
                    }
                })
            })
        }
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", base64(&format!("{id}:{secret}")))
}

/// Whether it may be the client that was refused, and not the person. What the body says outranks the header.
fn wants_another_client(answer: &Answer) -> bool {
    let refusal = TokenRefusal::read(&answer.body);
    let is_of_client = match refusal.as_ref().map(|refusal| (refusal.cause(), refusal.error.as_str())) {
        Some((RefusedFor::Client | RefusedFor::ClientsRight, _)) => true,
        Some((RefusedFor::Locked, _) | (_, "invalid_grant")) => false,
        Some(_) | None => answer.asks_by_basic,
    };
    matches!(answer.status, 400 | 401) && is_of_client
}

fn cause_of(answer: &Answer) -> Option<RefusedFor> {
    TokenRefusal::read(&answer.body).map(|refusal| refusal.cause())
}
