//! What this API offers and where (V3 API, "Root", "Global API Root" and "Platform Info").

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::json_response;
use super::refusal::Refusal;

/// The version whose behaviour is that of the vendor's public source as it was followed here.
const VERSION: &str = "3.228.0";

/// The platform's APIs, of which clients that were not told more begin to find their way. Tokens are to be had
/// here too, so that both links of sign-in lead here.
pub(super) fn platform(origin: &str) -> Result<Response, Refusal> {
    let here = json!({ "href": origin });
    let body = json!({
        "links": {
            "self": here,
            "cloud_controller_v3": { "href": format!("{origin}/v3"), "meta": { "version": VERSION } },
            "login": here,
            "uaa": here,
        }
    });
    json_response(StatusCode::OK, &body)
}

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
