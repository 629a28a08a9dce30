//! The whole service as one router, and what every answer carries.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use connections::page_headers::ON_EVERY_ANSWER;
use serde_json::json;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::page_or_data::wants_page;
use crate::{
    Service, accounts, cloud_foundry, connections_file, cors, fault_layer, faults, logisense, open_api,
    oracle, request_id, sign_in,
};

/// Tests call it without a port.
pub fn router(service: Service) -> Router {
    let mut router = Router::new()
        .route("/", any(page_or_discovery))
        .route("/login", any(page_or_discovery))
        .route("/healthz", get(health))
        .route("/version", get(version))
        .route("/connections.json", get(connections_file::answer))
        .route("/openapi.json", get(open_api::answer))
        .route("/oauth/token", post(sign_in::give_token))
        .merge(oracle::router())
        .merge(cloud_foundry::router())
        .merge(logisense::router())
        .fallback(everything_else);
    if let Some(switches) = &service.faults {
        router = router
            .merge(faults::router(switches.clone()))
            .layer(axum::middleware::from_fn_with_state(switches.clone(), fault_layer::apply));
    }
    router
        .layer(axum::middleware::from_fn_with_state(service.clone(), cors::allow))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(axum::middleware::from_fn(harden))
        .layer(axum::middleware::from_fn(request_id::tag))
        .with_state(service)
}

/// Headers that every answer carries. That the site is to be had over TLS only is said where it is
/// had over TLS: behind a proxy that says so.
async fn harden(request: Request, next: Next) -> Response {
    let over_tls = request.headers().get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ON_EVERY_ANSWER {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // The page brings a policy of its own, which says so too.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("frame-ancestors 'none'"));
    if over_tls {
        let a_year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    response
}

/// `GET /healthz`: whether the database answers, and the demo's people, so that a sign-in page can
/// offer them. Their passwords are their names, which is no secret; a system that has real people
/// does not list them.
async fn health(State(service): State<Service>) -> Response {
    match accounts::all(&service.database).await {
        Ok(accounts) => {
            let people: Vec<_> = accounts
                .iter()
                .map(|account| {
                    json!({
                        "userName": account.user_name,
                        "displayName": account.display_name,
                        "role": account.role.text(),
                    })
                })
                .collect();
            health_answer(StatusCode::OK, &json!({ "status": "UP", "demoPeople": people }))
        }
        Err(reason) => {
            tracing::error!(%reason, "the database does not answer");
            health_answer(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "DOWN" }))
        }
    }
}

/// `GET /version`: which version of the service this is, and which build of the console it serves.
async fn version(State(service): State<Service>) -> Response {
    let build = match &service.app_files {
        Some(files) => files.build().await,
        None => None,
    };
    let answer = json!({ "version": env!("CARGO_PKG_VERSION"), "build": build });
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, answer.to_string()).into_response()
}

fn health_answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// `/` and `/login` are the console for a browser, and discovery of Cloud Foundry's APIs for a program, or where
/// there is no console.
async fn page_or_discovery(state: State<Service>, request: Request) -> Response {
    let mut response = if state.app_files.is_some() && wants_page(request.headers()) {
        everything_else(state, request).await
    } else if request.uri().path() == "/" {
        cloud_foundry::serve(state, request).await
    } else {
        sign_in::tell_prompts(&request)
    };
    // Whoever keeps it does not give it to those who accept something else.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// What no API claims is a file of the console, or nothing.
async fn everything_else(State(service): State<Service>, request: Request) -> Response {
    match service.app_files {
        Some(files) => files.answer(request, service.connections_file.as_deref()).await,
        None => (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response(),
    }
}
