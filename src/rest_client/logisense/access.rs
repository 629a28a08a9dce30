//! The token that LogiSense gives (vendor's page "Tokens"): asked for when the first call needs it,
//! renewed before it ends, in memory only. Not here: what a call is about.

use super::answers::tracked;
use crate::rest_client::RestClient;
use crate::rest_client::call::{Answer, Call};
use crate::rest_client::failure::{Failure, FailureKind};
use crate::rest_client::sign_in::wrong_password;
use gloo_net::http::Method;
use js_sys::Promise;
use leptos::prelude::*;
use rest_contract::logisense::{BaseBucket, LOGIN_PATH, ResultItem};
use rest_contract::{ErrorBody, ReadError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// By which LogiSense knows this console among its clients.
const CLIENT: &str = "usage-desk";

/// A token is renewed so long before it ends, or when a tenth of its life is left.
const BEFORE_THE_END: u64 = 60_000;

/// What one person's connection to LogiSense holds.
#[derive(Clone, Default)]
pub struct Billing {
    standing: Standing,
    /// Why the last attempt to get a token brought none.
    failure: Option<Failure>,
    /// What the server said it did, by the path of the key that it was asked of.
    pub(super) results: BTreeMap<Arc<str>, Vec<ResultItem<BaseBucket>>>,
}

#[derive(Clone, Default)]
enum Standing {
    /// Nobody is signed in.
    #[default]
    Nobody,
    /// Nothing has been asked of LogiSense yet. The password is forgotten with the first token.
    Due {
        user: String,
        password: String,
    },
    /// The person brought a token.
    Brought(String),
    /// On its way; ends with another standing.
    Asked(Promise),
    Here(Token),
}

#[derive(Clone)]
struct Token {
    access: String,
    refresh: Option<String>,
    /// In milliseconds since 1970.
    renew_at: u64,
}

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

fn now() -> u64 {
    js_sys::Date::now().max(0.0) as u64
}

impl RestClient {
    pub(in crate::rest_client) fn begin_billing(&self, user: &str, password: &str) {
        self.set_standing(Standing::Due { user: user.to_owned(), password: password.to_owned() });
    }

    pub(in crate::rest_client) fn begin_billing_with(&self, token: &str) {
        self.set_standing(Standing::Brought(token.to_owned()));
    }

    fn set_standing(&self, standing: Standing) {
        self.billing.update_value(|billing| billing.standing = standing);
    }

    /// Sends a call with LogiSense's token, and once more with a new one where the server does not
    /// know the token any longer: what it answers 401 it has not done.
    pub(super) async fn billing_send(&self, call: Call<'_>) -> Result<Answer, NoAnswer> {
        let token = self.billing_token(None).await.map_err(NoAnswer::NotSent)?;
        let answer = self.send_with(&token, call.clone()).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let token = self.billing_token(Some(&token)).await.map_err(NoAnswer::NotSent)?;
        self.send_with(&token, call).await
    }

    async fn send_with(&self, token: &str, call: Call<'_>) -> Result<Answer, NoAnswer> {
        let answer = self.send_as(Some(format!("Bearer {token}")), call).await;
        answer.map(tracked).map_err(NoAnswer::Lost)
    }

    /// A token that is good for a while, and is not the one that the server no longer knows. All who
    /// need one at the same time wait for the same request.
    async fn billing_token(&self, worn_out: Option<&str>) -> Result<String, Failure> {
        let mut has_asked = false;
        loop {
            let standing = self.billing.with_value(|billing| billing.standing.clone());
            match standing {
                Standing::Nobody => return Err(FailureKind::SignedOut.into()),
                Standing::Brought(token) if worn_out == Some(token.as_str()) => {
                    return Err(FailureKind::SignedOut.into());
                }
                Standing::Brought(token) => return Ok(token),
                Standing::Here(token)
                    if worn_out != Some(token.access.as_str()) && now() < token.renew_at =>
                {
                    return Ok(token.access);
                }
                // One attempt for each call: another one would fare no better.
                Standing::Due { .. } | Standing::Here(_) if has_asked => {
                    let failure = self.billing.with_value(|billing| billing.failure.clone());
                    return Err(failure.unwrap_or_else(|| FailureKind::SignedOut.into()));
                }
                Standing::Due { .. } | Standing::Here(_) => self.ask_for_token(standing),
                Standing::Asked(promise) => {
                    has_asked = true;
                    // How it ended is in the standing.
                    let _ = JsFuture::from(promise).await;
                }
            }
        }
    }

    fn ask_for_token(&self, before: Standing) {
        let client = *self;
        let desk = self.authorization.get_value();
        let promise = future_to_promise(async move {
            let result = client.fetch_billing_token(&before).await;
            // Another person may sit here by now.
            if client.authorization.get_value() == desk {
                client.billing.update_value(|billing| {
                    (billing.standing, billing.failure) = match result {
                        Ok(token) => (Standing::Here(token), None),
                        // Without a renewal there is no way on but to sign in again.
                        Err(failure) if failure.kind == FailureKind::SignedOut => {
                            (Standing::Nobody, Some(failure))
                        }
                        Err(failure) => (before, Some(failure)),
                    };
                });
            }
            Ok(JsValue::UNDEFINED)
        });
        self.set_standing(Standing::Asked(promise));
    }

    async fn fetch_billing_token(&self, standing: &Standing) -> Result<Token, Failure> {
        #[derive(Deserialize)]
        struct Given {
            access_token: String,
            refresh_token: Option<String>,
            expires_in: Option<u64>,
        }
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let form = match standing {
            Standing::Due { user, password } => {
                let (user, password) = (encode(user), encode(password));
                format!("grant_type=password&client_id={CLIENT}&username={user}&password={password}")
            }
            Standing::Here(Token { refresh: Some(refresh), .. }) => {
                format!("grant_type=refresh_token&client_id={CLIENT}&refresh_token={}", encode(refresh))
            }
            _ => return Err(FailureKind::SignedOut.into()),
        };
        let call = Call {
            method: Method::POST,
            path: LOGIN_PATH,
            headers: &[("Content-Type", "application/x-www-form-urlencoded")],
            body: Some(form),
        };
        let answer = self.send_as(None, call).await?;
        if matches!(answer.status, 400 | 401) {
            return Err(match standing {
                Standing::Due { .. } => not_known(wrong_password(&answer)),
                _ => FailureKind::SignedOut.into(),
            });
        }
        let answer = answer.succeeded()?;
        let given: Given = serde_json::from_slice(&answer.body)
            .map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))?;
        let life = given.expires_in.unwrap_or(1800).saturating_mul(1000);
        Ok(Token {
            access: given.access_token,
            refresh: given.refresh_token.or_else(|| match standing {
                Standing::Here(token) => token.refresh.clone(),
                _ => None,
            }),
            renew_at: now().saturating_add(life - (life / 10).min(BEFORE_THE_END)),
        })
    }
}

/// The other systems know the person and LogiSense does not.
fn not_known(failure: Failure) -> Failure {
    let FailureKind::Refused(status, body) = failure.kind else { return failure };
    let said = body.summary();
    let text = format!("LogiSense does not accept the user and the password that you signed in with. {said}");
    let body = ErrorBody::new(status, &text, Vec::new());
    Failure { kind: FailureKind::Refused(status, body), ..failure }
}
