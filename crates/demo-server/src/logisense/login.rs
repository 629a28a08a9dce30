//! `POST /AuthorizationServer/api/v8/Access/Login` (vendor's page "Tokens"): a form in, a token out.
//!
//! - `grant_type=password` with `username`, `password` and `client_id`: a person;
//! - `grant_type=password` with `client_secret` and `client_id`: a program, whose id and secret are an
//!   account's name and password here;
//! - `grant_type=refresh_token` with `refresh_token`: this service's choice of how a token is renewed,
//!   for the vendor's is not public.
//!
//! Errors are those of RFC 6749, section 5.2. A token is good for 1800 seconds at the most.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};

use crate::access_tokens::{Audience, Family};
use crate::accounts::{self, Account};
use crate::{Service, access_tokens, form};

const LONGEST_SECONDS: i64 = 1800;

pub(super) async fn give_token(State(service): State<Service>, request: Request) -> Response {
    token_for(&service, request).await.map_or_else(Fault::into_response, |body| answer(StatusCode::OK, &body))
}

pub(super) async fn wrong_method() -> Response {
    let fault = Fault(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Sign in with POST.".to_owned());
    let mut response = fault.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

pub(super) async fn unknown_route() -> Response {
    let reason = "There is nothing at this address.".to_owned();
    Fault(StatusCode::NOT_FOUND, "invalid_request", reason).into_response()
}

async fn token_for(service: &Service, request: Request) -> Result<Json, Fault> {
    let form = form::read(request).await.map_err(Fault::request)?;
    let now = Utc::now();
    let value = |name: &str| {
        let found = form.iter().rfind(|(one, _)| one == name).map(|(_, value)| value.as_str());
        found.filter(|text| !text.is_empty())
    };
    let client = || value("client_id").ok_or_else(|| Fault::request("client_id is missing."));
    let database = &service.database;
    let (account, family) = match value("grant_type") {
        Some("password") => {
            let client = client()?;
            let (name, password) = match (value("client_secret"), value("username"), value("password")) {
                (Some(secret), None, None) => (client, secret),
                (None, Some(name), Some(password)) => (name, password),
                _ => {
                    let reason = "Send either username and password or client_secret.";
                    return Err(Fault::request(reason));
                }
            };
            let account = accounts::check_password(database, name, password).await?;
            let account = account.ok_or_else(|| Fault::grant("The name or the secret is wrong."))?;
            (account, Family::begin(now)?)
        }
        Some("refresh_token") => {
            let token = value("refresh_token").ok_or_else(|| Fault::request("refresh_token is missing."))?;
            let known = access_tokens::use_refresh_token(database, token, Audience::LogiSense, now).await?;
            let reason = "The refresh token is unknown, was used before or has expired.";
            known.ok_or_else(|| Fault::grant(reason))?
        }
        Some(_) => {
            let reason = "grant_type is password or refresh_token.".to_owned();
            return Err(Fault(StatusCode::BAD_REQUEST, "unsupported_grant_type", reason));
        }
        None => return Err(Fault::request("grant_type is missing.")),
    };
    let refresh_token =
        access_tokens::issue_refresh_token(database, &account, &family, Audience::LogiSense, now).await?;
    let is_person = value("client_secret").is_none();
    given(service, &account, refresh_token, is_person, now).await
}

/// The vendor's answer: instants stand in `.issued` and `.expires`.
async fn given(
    service: &Service,
    account: &Account,
    refresh_token: String,
    is_person: bool,
    now: DateTime<Utc>,
) -> Result<Json, Fault> {
    let seconds = service.token_seconds.min(LONGEST_SECONDS);
    let owner = super::bucket_rows::OWNER;
    let claims = json!({
        "ownerId": owner,
        "actingOwnerId": owner,
        "userId": account.number,
        "roleId": account.role.number(),
        "isInteractive": is_person,
    });
    let (token, _) =
        access_tokens::issue(&service.database, account, Audience::LogiSense, now, seconds, Some(claims))
            .await?;
    let http_date = |at: DateTime<Utc>| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    Ok(json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": seconds,
        "refresh_token": refresh_token,
        "audience": Audience::LogiSense.name(),
        "actingOwnerId": owner,
        ".issued": http_date(now),
        ".expires": http_date(now + TimeDelta::seconds(seconds)),
    }))
}

/// Status, `error` and `error_description`.
struct Fault(StatusCode, &'static str, String);

impl Fault {
    fn request(reason: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid_request", reason.into())
    }

    fn grant(reason: &str) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid_grant", reason.to_owned())
    }

    fn into_response(self) -> Response {
        answer(self.0, &json!({ "error": self.1, "error_description": self.2 }))
    }
}

impl From<sqlx::Error> for Fault {
    fn from(reason: sqlx::Error) -> Self {
        tracing::error!(%reason, "no token could be given");
        let text = "The service could not complete the request.".to_owned();
        Self(StatusCode::INTERNAL_SERVER_ERROR, "server_error", text)
    }
}

fn answer(status: StatusCode, body: &Json) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}
