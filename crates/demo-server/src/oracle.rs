//! Oracle Fusion Subscription Management, usage events, under `/crmRestApi/resources/{version}`:
//! the vendor's REST framework (versions, queries, links, change indicators, errors) over the
//! resources in `resource_tree`.
//!
//! Not here: the fields of the resources (`rest_contract::oracle`), accounts and tokens.

mod api_versions;
mod batch_request;
mod commands;
mod describe;
mod dispatch;
pub(crate) mod open_api;
mod protocol;
mod query;
mod records;
mod request;
mod schema;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::any;

use crate::Service;
use dispatch::serve;
use protocol::framework_version::FrameworkVersion;
use protocol::refusal::Refusal;
pub(crate) use records::batch_parts::{ERRORS, FILES, note as note_in_batch, note_all as note_in_batches};
pub(crate) use records::history::{STAMP_COLUMNS, Stamp, Subject, add as add_history};
pub(crate) use records::item::stored;
pub(crate) use records::large_text::decode_large;
pub(crate) use schema::content_mark::MARK as CONTENT_MARK;
pub use schema::path::PATH;

pub fn router() -> Router<Service> {
    Router::new().route(PATH, any(serve)).route("/crmRestApi/{*path}", any(serve))
}

/// A refusal that a fault switch asks for.
pub(crate) fn refuse(status: StatusCode, headers: &HeaderMap) -> Response {
    let version = FrameworkVersion::of(headers).unwrap_or(FrameworkVersion::NEWEST);
    let detail = "The service was told to refuse this request.";
    let refusal = match status {
        StatusCode::UNAUTHORIZED => Refusal::unauthorized("Bearer", detail),
        status => Refusal::new(status, detail),
    };
    refusal.into_response(version)
}
