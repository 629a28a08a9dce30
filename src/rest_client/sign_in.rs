//! Signing in: a password against the token service, a password sent with every call, or a token
//! that the person already has.

use super::call::{Answer, Call};
use super::failure::{Failure, FailureKind};
use super::{RestClient, oracle};
use gloo_net::http::Method;
use leptos::prelude::*;
use rest_contract::cloud_foundry::PlatformRole;
use rest_contract::oracle::{BASE_PATH, BATCH};
use rest_contract::{ErrorBody, ReadError};
use serde::Deserialize;

/// How the system behind the console knows a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMethod {
    /// User and password are exchanged for a token that expires (OAuth 2.0 password grant, as the
    /// Cloud Foundry UAA serves it at `/oauth/token`).
    TokenService,
    /// User and password go with every call (HTTP Basic).
    Basic,
    /// The person pastes an access token in the password's place.
    AccessToken,
}

/// What a person may do. Read from the token where it can be; where it cannot, everything is
/// offered and the server's 403 decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Viewer,
    Editor,
    Administrator,
    Unknown,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Editor => "Editor",
            Self::Administrator => "Administrator",
            Self::Unknown => "Role decided by the server",
        }
    }

    /// Why the person may not change anything, if that is so.
    pub fn barred_from_editing(self) -> Option<&'static str> {
        match self {
            Self::Viewer => Some(
                "Your role is Viewer: you can read everything and change nothing. Changing needs the permission subscription_usage.write.",
            ),
            Self::Editor | Self::Administrator | Self::Unknown => None,
        }
    }

    /// Why the person may not change base buckets, if that is so.
    pub fn barred_from_buckets(self) -> Option<&'static str> {
        match self {
            Self::Viewer => Some(
                "Your role is Viewer: you can read every base bucket and change none. Changing needs the permission usage_bucket.write.",
            ),
            Self::Editor | Self::Administrator | Self::Unknown => None,
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    pub user: String,
    pub role: Role,
    /// The part on the platform whose service usage is shown.
    pub platform: PlatformRole,
    pub method: SignInMethod,
}

/// A person of the demo, whose password is their name. Only the demo server lists them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoPerson {
    pub user_name: String,
    pub display_name: String,
    pub role: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
}

/// What of a token's claims is of use here. The signature is the server's business.
#[derive(Deserialize)]
struct Claims {
    user_name: Option<String>,
    #[serde(default)]
    scope: Vec<String>,
}

impl RestClient {
    /// Signs in, and proves it by a first read where the method itself asks nobody. On failure the
    /// credentials in use before are left as they were.
    pub async fn sign_in(&self, method: SignInMethod, user: &str, password: &str) -> Result<Access, Failure> {
        let before = self.authorization.get_value();
        let billing = self.billing.get_value();
        let result = self.try_sign_in(method, user, password).await;
        match &result {
            Ok(_) if method == SignInMethod::AccessToken => self.begin_billing_with(password.trim()),
            Ok(_) => self.begin_billing(user, password),
            Err(_) => {
                self.authorization.set_value(before);
                self.billing.set_value(billing);
            }
        }
        result
    }

    /// The demo's people; nobody where the server is no demo.
    pub async fn demo_people(&self) -> Vec<DemoPerson> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Health {
            demo_people: Vec<DemoPerson>,
        }
        let call = Call { method: Method::GET, path: "/healthz", headers: &[], body: None };
        let answer = self.send(call).await;
        answer
            .ok()
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .map_or_else(Vec::new, |health: Health| health.demo_people)
    }

    async fn try_sign_in(&self, method: SignInMethod, user: &str, password: &str) -> Result<Access, Failure> {
        let token = match method {
            SignInMethod::TokenService => Some(self.fetch_token(user, password).await?),
            SignInMethod::AccessToken => Some(password.trim().to_owned()),
            SignInMethod::Basic => None,
        };
        self.authorization.set_value(Some(match &token {
            Some(token) => format!("Bearer {token}"),
            None => format!("Basic {}", base64(&format!("{user}:{password}"))),
        }));
        if method != SignInMethod::TokenService {
            self.read_collection(&BATCH, &format!("{BASE_PATH}/{}?limit=1&onlyData=true", oracle::BATCHES))
                .await?;
        }
        let claims = token.as_deref().and_then(read_claims);
        let role = claims.as_ref().map_or(Role::Unknown, role_of);
        let platform = claims.as_ref().map_or(PlatformRole::Unknown, |claims| {
            PlatformRole::of_scopes(claims.scope.iter().map(String::as_str))
        });
        let user = claims.and_then(|claims| claims.user_name).unwrap_or_else(|| user.to_owned());
        Ok(Access { user, role, platform, method })
    }

    async fn fetch_token(&self, user: &str, password: &str) -> Result<String, Failure> {
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let form = format!("grant_type=password&username={}&password={}", encode(user), encode(password));
        self.forget();
        let call = Call {
            method: Method::POST,
            path: "/oauth/token",
            headers: &[("Content-Type", "application/x-www-form-urlencoded")],
            body: Some(form),
        };
        let answer = self.send(call).await?;
        if answer.status == 400 || answer.status == 401 {
            return Err(wrong_password(&answer));
        }
        let answer = answer.succeeded()?;
        let read: Result<TokenAnswer, _> = serde_json::from_slice(&answer.body);
        read.map(|token| token.access_token)
            .map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))
    }
}

/// A refused password is no expired session: the form says so and the app stays as it is.
pub(super) fn wrong_password(answer: &Answer) -> Failure {
    let body = ErrorBody::read(answer.status, &answer.body);
    Failure { kind: FailureKind::Refused(answer.status, body), request_id: answer.request_id.clone() }
}

fn role_of(claims: &Claims) -> Role {
    let has = |wanted: &str| claims.scope.iter().any(|scope| scope == wanted);
    if has("subscription_usage.admin") {
        Role::Administrator
    } else if has("subscription_usage.write") {
        Role::Editor
    } else if has("subscription_usage.read") {
        Role::Viewer
    } else {
        Role::Unknown
    }
}

fn read_claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?.replace('-', "+").replace('_', "/");
    let bytes: Vec<u8> =
        window().atob(&payload).ok()?.chars().map(|byte| u8::try_from(byte).ok()).collect::<Option<_>>()?;
    serde_json::from_slice(&bytes).ok()
}

/// Base64 of the text's UTF-8 bytes.
fn base64(text: &str) -> String {
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}
