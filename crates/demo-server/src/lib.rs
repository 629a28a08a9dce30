//! A service on a real database that answers as the vendors' usage-billing systems do, for demos
//! and tests of the console.
//!
//! Here: Oracle's usage-event REST API (`oracle`), sign-in (`sign_in`), the demo data, and the
//! console's own files. State lives in the database; a process holds connections and nothing else.
//!
//! Not here: the shape of records on the wire (`rest_contract`).

pub mod access_tokens;
pub mod accounts;
pub mod command_line;
pub mod database;
pub mod demo_data;
mod form;
pub mod oracle;
mod request_id;
mod sign_in;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use database::Database;

/// What every request can reach.
#[derive(Clone, Debug)]
pub struct Service {
    pub database: Database,
    /// How long an access token is good for.
    pub token_seconds: i64,
}

/// The whole service as one router; tests call it without a port.
pub fn router(service: Service) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/oauth/token", post(sign_in::give_token))
        .merge(oracle::router())
        .fallback(nothing_here)
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(request_id::tag))
        .with_state(service)
}

/// `GET /healthz`: whether the database answers.
async fn health(State(service): State<Service>) -> Response {
    match sqlx::query("SELECT 1").execute(&service.database.readers).await {
        Ok(_) => (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], r#"{"status":"UP"}"#)
            .into_response(),
        Err(reason) => {
            tracing::error!(%reason, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::CONTENT_TYPE, "application/json")],
                r#"{"status":"DOWN"}"#,
            )
                .into_response()
        }
    }
}

async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}
