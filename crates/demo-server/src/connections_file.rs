//! `GET /connections.json`: what the console is connected to, which is what is served here unless a file says
//! otherwise. The file is read with each request, so that a change counts at once.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use connections::page_headers::Kept;
use connections::{Colour, Connections, Environment};

use crate::Service;

pub async fn answer(State(service): State<Service>) -> Response {
    let read = match &service.connections_file {
        Some(path) => tokio::fs::read(path).await,
        None => serde_json::to_vec(&of_demo()).map_err(Into::into),
    };
    match read {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, Kept::Never.cache_control()),
            ];
            (headers, bytes).into_response()
        }
        Err(reason) => {
            tracing::warn!(%reason, "connections.json cannot be read");
            let cache = [(header::CACHE_CONTROL, Kept::Never.cache_control())];
            (StatusCode::NOT_FOUND, cache, "There is no connections.json.\n").into_response()
        }
    }
}

fn of_demo() -> Connections {
    let environment = Environment { name: "Demo".to_owned(), colour: Colour::Blue };
    Connections { environment: Some(environment), demo: true, ..Connections::at_own_origin() }
}
