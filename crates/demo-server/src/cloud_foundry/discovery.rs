//! What this API offers and where (V3 API, "Root" and "Platform Info"). `GET /` is the console's page.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::json_response;
use super::refusal::Refusal;

pub(super) fn root(origin: &str) -> Result<Response, Refusal> {
    let body = json!({
        "links": {
            "self": { "href": format!("{origin}/v3") },
            "info": { "href": format!("{origin}/v3/info") },
            "organizations": { "href": format!("{origin}/v3/organizations") },
            "service_usage_events": { "href": format!("{origin}/v3/service_usage_events") },
        }
    });
    json_response(StatusCode::OK, &body)
}

pub(super) fn info(origin: &str) -> Result<Response, Refusal> {
    let body = json!({
        "build": "",
        "cli_version": { "minimum": "", "recommended": "" },
        "custom": {},
        "description": "Service usage events of a demo platform",
        "name": "Usage Desk demo",
        "version": 0,
        "links": { "self": { "href": format!("{origin}/v3/info") } },
    });
    json_response(StatusCode::OK, &body)
}
