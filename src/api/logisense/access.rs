//! The token that LogiSense gives (vendor's page "Tokens"): asked for when the first call needs it,
//! renewed before it ends, in memory only. Not here: what a call is about.

use super::answers::tracked;
use crate::api::billing_session::{Renewal, Token, TokenState, elapsed};
use crate::api::call::{Answer, Call};
use crate::api::failure::{Failure, FailureKind};
use crate::api::token_service::token_in;
use crate::api::{RestClient, SignInMethod, System};
use gloo_net::http::Method;
use leptos::prelude::*;
use rest_contract::logisense::LOGIN_PATH;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// By which LogiSense knows this console among its clients, where connections.json does not name it.
const CLIENT: &str = "usage-desk";

/// A token is renewed so long before it ends, or when a tenth of its life is left.
const BEFORE_THE_END: u64 = 60_000;
/// Between two renewals that nobody but the token's own life asks for lie so many milliseconds at least.
const LEAST_LIFE: u64 = 5_000;
/// What a token is good for where the server does not say.
const USUAL_LIFE: u64 = 1_800;

/// Why a call brought no answer.
pub(super) enum NoAnswer {
    /// It never left, or the server did not know who asked: nothing was done.
    NotSent(Failure),
    /// It left.
    Lost(Failure),
}

impl From<NoAnswer> for Failure {
    fn from(no_answer: NoAnswer) -> Self {
        match no_answer {
            NoAnswer::NotSent(failure) | NoAnswer::Lost(failure) => failure,
        }
    }
}

impl RestClient {
    pub(in crate::api) fn begin_billing(&self, user: &str, password: &str) {
        self.set_token(TokenState::Due { user: user.to_owned(), password: password.to_owned() });
    }

    pub(in crate::api) fn begin_billing_with(&self, token: &str) {
        self.set_token(TokenState::Brought(token.to_owned()));
    }

    /// Signs in at LogiSense alone.
    pub(in crate::api) async fn renew_billing(
        &self,
        method: SignInMethod,
        user: &str,
        password: &str,
    ) -> Result<(), Failure> {
        self.sign_in_count.update_value(|sign_in_count| *sign_in_count += 1);
        self.forget_why_not_renewed(System::LogiSense);
        match method {
            SignInMethod::AccessToken => {
                let token = password.trim();
                let authorization = Some(format!("Bearer {token}"));
                let call = Call::get(System::LogiSense.first_path());
                self.send_as(System::LogiSense, authorization, call).await?.succeeded()?;
                self.begin_billing_with(token);
            }
            SignInMethod::TokenService | SignInMethod::Basic => {
                self.begin_billing(user, password);
                if let Err(failure) = self.proved_billing_token().await {
                    // What was refused is not sent once more by whatever reads next.
                    self.set_token(TokenState::Nobody);
                    return Err(failure);
                }
            }
            // It gives tokens of its own, and connections.json names no provider for it.
            SignInMethod::OpenIdConnect => return Err(signed_out()),
        }
        Ok(())
    }

    /// Gets a token, and shows it: one that the API does not take signs nobody in.
    async fn proved_billing_token(&self) -> Result<(), Failure> {
        let token = self.billing_token(None).await?;
        match self.prove(System::LogiSense, &format!("Bearer {token}")).await {
            Err(failure) if failure.kind == FailureKind::SignedOut => Err(failure),
            // What else keeps it from answering, its screens tell.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn set_token(&self, state: TokenState) {
        self.billing.update_value(|billing| billing.token = state);
    }

    /// Sends a call with LogiSense's token, and once more with a new one where the server does not
    /// know the token any longer: what it answers 401 it has not done.
    pub(super) async fn billing_send(&self, call: Call<'_>) -> Result<Answer, NoAnswer> {
        if self.has_ended(System::LogiSense) {
            return Err(NoAnswer::NotSent(signed_out()));
        }
        let token = self.billing_token(None).await.map_err(NoAnswer::NotSent)?;
        let answer = self.send_with(&token, call.clone()).await?;
        if answer.status != 401 {
            self.billing.update_value(|billing| billing.was_accepted = true);
            return Ok(answer);
        }
        // A server that gives tokens and takes none of them would be asked for tokens without an end.
        if !self.billing.with_value(|billing| billing.was_accepted || !billing.is_at(&token)) {
            return Ok(answer);
        }
        let token = self.billing_token(Some(&token)).await.map_err(NoAnswer::NotSent)?;
        self.send_with(&token, call).await
    }

    async fn send_with(&self, token: &str, call: Call<'_>) -> Result<Answer, NoAnswer> {
        let answer = self.send_as(System::LogiSense, Some(format!("Bearer {token}")), call).await;
        answer.map(tracked).map_err(NoAnswer::Lost)
    }

    /// A token that is good for a while, and is not the one that the server no longer knows. All who
    /// need one at the same time wait for the same request.
    pub(in crate::api) async fn billing_token(&self, worn_out: Option<&str>) -> Result<String, Failure> {
        let mut has_asked = false;
        loop {
            let state = self.billing.with_value(|billing| billing.token.clone());
            match state {
                TokenState::Nobody => return Err(signed_out()),
                TokenState::Brought(token) if worn_out == Some(token.as_str()) => {
                    return Err(signed_out());
                }
                TokenState::Brought(token) => return Ok(token),
                TokenState::Here(token)
                    if worn_out != Some(token.access.as_str()) && elapsed() < token.renew_at =>
                {
                    return Ok(token.access);
                }
                // One attempt for each call: another one would fare no better.
                TokenState::Due { .. } | TokenState::InOtherTab { .. } | TokenState::Here(_) if has_asked => {
                    let failure = self.billing.with_value(|billing| billing.failure.clone());
                    return Err(failure.unwrap_or_else(signed_out));
                }
                TokenState::Due { .. } | TokenState::InOtherTab { .. } | TokenState::Here(_) => {
                    self.ask_for_token(state, worn_out.map(str::to_owned));
                }
                TokenState::Asked(promise) => {
                    has_asked = true;
                    // How it ended is in the token's state.
                    let _ = JsFuture::from(promise).await;
                }
            }
        }
    }

    fn ask_for_token(&self, before: TokenState, worn_out: Option<String>) {
        let client = *self;
        let sign_in_count = self.sign_in_count.get_value();
        let promise = future_to_promise(async move {
            let result = client.fetch_billing_token(&before, worn_out.as_deref()).await;
            // Another person may sit here by now.
            if client.sign_in_count.get_value() == sign_in_count {
                let mut had_failed = false;
                client.billing.update_value(|billing| {
                    (billing.token, billing.failure) = match result {
                        Ok(token) => {
                            had_failed = billing.failure.is_some();
                            billing.was_accepted = false;
                            (TokenState::Here(token), None)
                        }
                        // Without a renewal there is no way on but to sign in again.
                        Err(failure) if failure.kind == FailureKind::SignedOut => {
                            (TokenState::Nobody, Some(failure))
                        }
                        Err(failure) => (before, Some(failure)),
                    };
                });
                if had_failed {
                    client.renewals_work.update(|times| *times += 1);
                }
            }
            Ok(JsValue::UNDEFINED)
        });
        self.set_token(TokenState::Asked(promise));
    }

    async fn fetch_billing_token(
        &self,
        state: &TokenState,
        worn_out: Option<&str>,
    ) -> Result<Token, Failure> {
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let named = System::LogiSense.connection().and_then(|connection| connection.client_id.as_deref());
        let client = encode(named.unwrap_or(CLIENT));
        let form = match state {
            TokenState::Due { user, password } => {
                let (user, password) = (encode(user), encode(password));
                format!("grant_type=password&client_id={client}&username={user}&password={password}")
            }
            TokenState::InOtherTab { person }
            | TokenState::Here(Token { renewal: Renewal::OtherTab { person }, .. }) => {
                return self.billing_token_of_other_tab(person, worn_out).await.ok_or_else(signed_out);
            }
            TokenState::Here(Token { renewal: Renewal::Refresh(refresh), .. }) => {
                format!("grant_type=refresh_token&client_id={client}&refresh_token={}", encode(refresh))
            }
            _ => return Err(signed_out()),
        };
        let call = Call {
            method: Method::POST,
            path: LOGIN_PATH,
            headers: &[("Content-Type", "application/x-www-form-urlencoded")],
            body: Some(form),
        };
        let answer = self.send_as_nobody(System::LogiSense, None, call).await?;
        let given = token_in(answer).map_err(|failure| match (&failure.kind, state) {
            // Signed in before, and refused in words: it does not go on without the person.
            (FailureKind::NoToken(refusal), TokenState::Here(_)) => {
                if !refusal.error.is_empty() && !refusal.is_of_the_grant() {
                    self.not_renewed.set(Some((System::LogiSense, failure.advice_at_sign_in())));
                }
                signed_out()
            }
            _ => failure,
        })?;
        let life = given.expires_in.unwrap_or(USUAL_LIFE).saturating_mul(1000);
        Ok(Token {
            access: given.access_token,
            renewal: match (given.refresh_token, state) {
                (Some(refresh), _) => Renewal::Refresh(refresh),
                (None, TokenState::Here(token)) => token.renewal.clone(),
                (None, _) => Renewal::SignIn,
            },
            renew_at: elapsed().saturating_add((life - (life / 10).min(BEFORE_THE_END)).max(LEAST_LIFE)),
        })
    }
}

fn signed_out() -> Failure {
    Failure::new(System::LogiSense, FailureKind::SignedOut)
}
