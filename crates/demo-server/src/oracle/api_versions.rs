//! `GET /crmRestApi/resources` (Oracle REST, "Set the REST Framework Version"): which versions of the API
//! there are, and which versions of the framework each speaks.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::request::exchange::json_response;
use crate::oracle::protocol::framework_version::FrameworkVersion;
use crate::oracle::schema::path::API_VERSIONS;

/// The address of the list.
pub(in crate::oracle) const PATH: &str = "/crmRestApi/resources";

/// `base` is the address as the client knows it.
pub(in crate::oracle) fn answer(base: &str) -> Response {
    let version = API_VERSIONS[0];
    let allowed = FrameworkVersion::all().map(|one| one.to_string()).collect::<Vec<_>>();
    let body = json!({
        "items": [{
            "version": version,
            "isLatest": true,
            "links": [{
                "rel": "describe", "href": format!("{base}/{version}/describe"), "name": version, "kind": "describe",
            }],
            "adf:extension": {
                "defaultFrameworkVersion": FrameworkVersion::DEFAULT.to_string(),
                "allowedFrameworkVersions": allowed,
            },
        }],
        "links": [{ "rel": "self", "href": base, "name": "resources", "kind": "collection" }],
    });
    json_response(StatusCode::OK, body.to_string().into_bytes())
}
