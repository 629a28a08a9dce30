//! `POST /oauth/token`, as Cloud Foundry's UAA answers it (UAA API, "Password Grant" and "Refresh
//! Token"): a form in, a bearer token out, errors as `{error, error_description}`; and `GET /login`, what to
//! ask a person for ("Server Information").

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use serde_json::json;

use crate::access_tokens::{Audience, Family};
use crate::accounts;
use crate::request_origin::origin;
use crate::{Service, access_tokens, form};

pub(crate) fn tell_prompts(request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "This address can only be read.\n").into_response();
    }
    let here = origin(request.headers());
    let body = json!({
        "app": { "version": env!("CARGO_PKG_VERSION") },
        "links": { "login": here, "uaa": here },
        "prompts": { "username": ["text", "User name"], "password": ["password", "Password"] },
        "zone_name": "uaa",
    });
    let mut response = (StatusCode::OK, axum_json(&body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(crate) async fn give_token(State(service): State<Service>, request: Request) -> Response {
    let mut response = match token_for(&service, request).await {
        Ok(body) => (StatusCode::OK, axum_json(&body)).into_response(),
        Err(fault) => fault.into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn token_for(service: &Service, request: Request) -> Result<serde_json::Value, Fault> {
    let form = form::read(request).await.map_err(|reason| Fault::request("invalid_request", reason))?;
    let now = Utc::now();
    let value =
        |name: &str| form.iter().rfind(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let (account, family) = match value("grant_type") {
        "password" => {
            let account =
                accounts::check_password(&service.database, value("username"), value("password")).await?;
            let account = account.ok_or_else(|| Fault::refused("unauthorized", "Bad credentials"))?;
            (account, Family::begin(now)?)
        }
        "refresh_token" => {
            let token = value("refresh_token");
            let known =
                access_tokens::use_refresh_token(&service.database, token, Audience::Platform, now).await?;
            let reason = "The refresh token is unknown, was used before or has expired.";
            known.ok_or_else(|| Fault::refused("invalid_token", reason))?
        }
        "" => return Err(Fault::request("invalid_request", "Missing grant type")),
        other => {
            return Err(Fault::request("unsupported_grant_type", format!("Unsupported grant type: {other}")));
        }
    };
    let (database, audience) = (&service.database, Audience::Platform);
    let refresh_token =
        access_tokens::issue_refresh_token(database, &account, &family, audience, now).await?;
    let (access_token, jti) =
        access_tokens::issue(database, &account, audience, now, service.token_seconds, None).await?;
    Ok(json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": service.token_seconds,
        "refresh_token": refresh_token,
        "scope": account.role.scopes().join(" "),
        "jti": jti,
    }))
}

struct Fault {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Fault {
    fn request(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    fn refused(error: &'static str, description: &str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error, description: description.to_owned() }
    }

    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        (self.status, axum_json(&body)).into_response()
    }
}

impl From<sqlx::Error> for Fault {
    fn from(reason: sqlx::Error) -> Self {
        tracing::error!(%reason, "no token could be given");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: "server_error",
            description: "The service could not complete the request.".to_owned(),
        }
    }
}

fn axum_json(body: &serde_json::Value) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body.to_string())
}
