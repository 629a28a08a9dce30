//! `GET /openapi.json`: what is served, as an OpenAPI 3.0 document made from the same tables that the
//! service answers from. Keys that exist stand in it as examples, so that a reader, human or machine,
//! has something to begin with.
//!
//! Each API describes itself (`oracle::open_api`, `cloud_foundry::open_api`, `logisense::open_api`);
//! `open_api_parts` is what they share. Not here: `/healthz`, `/version`, `/connections.json`, `/faults` and the console's files, which are no API
//! of a vendor.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use sqlx::Error;

use crate::{Service, cloud_foundry, logisense, oracle};

pub(crate) async fn answer(State(service): State<Service>) -> Response {
    match document(&service).await {
        Ok(document) => ([(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response(),
        Err(reason) => {
            tracing::error!(%reason, "the description of the service could not be made");
            (StatusCode::INTERNAL_SERVER_ERROR, "The description could not be made.\n").into_response()
        }
    }
}

async fn document(service: &Service) -> Result<Json, Error> {
    let mut snapshot = service.database.readers.begin().await?;
    let mut paths = Map::new();
    paths.extend(oracle::open_api::paths(&mut snapshot).await?);
    paths.extend(cloud_foundry::open_api::paths(&mut snapshot).await?);
    paths.extend(logisense::open_api::paths());
    Ok(json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Usage Desk demo server",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Usage events after Oracle Fusion Subscription Management, usage base buckets after \
                            LogiSense Billing, service usage events after Cloud Foundry.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
        },
        "security": [{ "bearer": [] }],
    }))
}
