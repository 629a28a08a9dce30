//! A service on a real database that answers as the vendors' usage-billing systems do, for demos
//! and tests of the console.
//!
//! Here: Oracle's usage-event REST API (`oracle`), Cloud Foundry's service usage events
//! (`cloud_foundry`), LogiSense's base buckets (`logisense`), sign-in (`sign_in`), the demo data, and the console's own files. State lives in
//! the database; a process holds connections, compressed files and the fault switches of tests,
//! nothing else.
//!
//! Not here: the shape of records on the wire (`rest_contract`).
//!
//! # What is served, and what proves it
//!
//! Oracle's paths stand below `/crmRestApi/resources/{11.13.18.05|latest}`, LogiSense's below
//! `/ResourceServer/api/v8`. Tests are modules of
//! `tests/service`; parsers and orders have theirs beside them.
//!
//! | request | test |
//! |---|---|
//! | GET `subscriptionUsageEventBatches[/{BatchNumber}]` | `reading`, `batch_counts` |
//! | GET `.../child/usageEvents[/{EventNumber}]` and the twin `subscriptionUsageEvents` | `reading`, `querying` |
//! | GET `.../child/usageCharges`, `.../child/usageMessages` under both | `reading` |
//! | PATCH of batch, event, charge, message | `changing`, `concurrency` |
//! | GET `fndStaticLookups`, `currenciesLOV`, `unitOfMeasuresLOV`, `timezonesLOV`, `subscriptionUsageEventTypes`, `subscriptionProductsLOV`, `usageEventErrorKeysLOV` | `lists_of_values` |
//! | GET `/v3/service_usage_events` | `cloud_foundry::listing`, `cloud_foundry::list_parameters` |
//! | GET `/v3/service_usage_events/{guid}`, `/v3`, `/v3/info` | `cloud_foundry::reading` |
//! | POST `/v3/service_usage_events/actions/destructively_purge_all_and_reseed` | `cloud_foundry::purging` |
//! | GET, POST, PATCH, DELETE `/demo/service_instances[/{guid}]` (this service's own) | `cloud_foundry::instances` |
//! | POST `/demo/service_usage_events/actions/prune` (this service's own) | `cloud_foundry::retention` |
//! | any refused Cloud Foundry request, every role | `cloud_foundry::refusals` |
//! | GET, POST `Usage/Bucket/Base`, GET `.../Paged`, `.../Paged/Detail`, GET, PUT, PATCH, DELETE `.../{id}`, GET `.../{id}/Detail` | `logisense::conformance`, one test each |
//! | the same: pages, rules of writing, several changes at once, deletion | `logisense::paging`, `writing`, `patching`, `deleting` |
//! | POST `Usage/Bucket/Base/Search` | `logisense::searching` |
//! | GET, POST, PUT, DELETE `Usage/Bucket/BaseDetail[/{id}]` | `logisense::detail_rows` |
//! | GET `Usage/Bucket/BaseUnit`, `Usage/Bucket`, `Usage/Class`, `GeoTree/Location`, `GeoTree/LocationGroup` | `logisense::lists` |
//! | POST `/AuthorizationServer/api/v8/Access/Login` | `logisense::signing_in` |
//! | any refused LogiSense request, every role | `logisense::refusals` |
//! | POST `/oauth/token` (password, refresh_token), Basic and Bearer | `signing_in` |
//! | any refused request | `refusals` |
//! | GET `/healthz` | `refusals` |
//! | the console's files (`--dist`) | `app_files` |
//! | GET, PUT, DELETE `/faults` (`--faults`) | `faults` |
//! | `demo-server load FILE.csv` | `focus_file` |
//! | an empty database is filled | `demo_data` |
//!
//! # Where it differs from the vendor, knowingly
//!
//! - Codes of the `ORA_OSS_*` lookups, the names of the list-of-values collections and the error
//!   codes 26080 (malformed body) and 27023 (business rule) are this service's own: the vendor's are
//!   not public.
//! - `REST-Framework-Version` 5 to 9 is served as 4, and the response header says 4.
//! - `UPPER` and `LOWER` in `q` fold ASCII letters only. `like` is case-sensitive, `_` is no wildcard.
//! - An expanded child carries up to 499 items, and `expand=all` means the direct children.
//! - `canonical` links equal `self` links, through whichever parent the item was read.
//! - A batch's change indicator has a second part for its derived counts. It matters to
//!   `If-None-Match` and not to `If-Match`: a moved count refuses nobody's description.
//! - A PATCH that changes nothing makes no new version. An empty text is stored as null.
//! - Nested `usageCharges` and `usageMessages` in an event's PATCH are refused: they are changed at
//!   their own addresses. There is no POST, DELETE, action, `describe` or batch request yet.
//! - Cloud Foundry's purge and reseed is one transaction: its race with instances being created or
//!   deleted, of which the vendor warns, cannot happen, and two purges at once both answer 200.
//! - The event list tells the true `total_results` on a page past the end, too.
//! - A method that a Cloud Foundry address does not take is answered 405 with `Allow`, not 404.
//! - `GET /` is the console; discovery begins at `/v3`. Requests are not limited in rate.
//! - LogiSense: a base bucket's name has 1 to 255 characters and is unique but for case; its unit must
//!   be visible and eligible; `end` is not before `start`. Retiring sets `end`, the reverse clears it, and
//!   a retired bucket takes no other change. PUT with null empties `start` and `end` only. PATCH is all or
//!   none, knows create, update and delete, and echoes `patchClientId`. Deletion is refused while a usage
//!   bucket or a share plan draws on the bucket; links to usage buckets that have ended are detached.
//! - LogiSense: `Pagination` is a JSON text, its members may stand in the query instead, pages have up to
//!   1000 items. `ETag` and `If-Match` are offered, never required. Codes of faults but two, `Search` on
//!   base buckets, the renewal of tokens, usage buckets' `usageBucketBaseIds` and the addresses under
//!   `GeoTree` are this service's own; `UpdateRequest` headers and `Metadata` are not served.
//! - What is under `/demo` the vendor does not have: service instances are made and changed through
//!   `/demo/service_instances`, and old events are pruned on demand, not every night; both for
//!   administrators. Cloud Foundry's tokens are not bound to an audience here.
//! - `LeEventStartDate` follows the start in the event's own time zone; legal entities have none here.

pub mod access_tokens;
pub mod accounts;
pub mod app_files;
pub mod cloud_foundry;
pub mod command_line;
pub mod connection;
pub mod database;
pub mod demo_data;
pub mod faults;
pub mod focus_file;
mod form;
mod guid;
pub mod logisense;
pub mod oracle;
pub mod rating;
mod request_id;
mod request_origin;
mod sign_in;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use app_files::AppFiles;
use database::Database;
use faults::FaultSwitches;

/// What every request can reach.
#[derive(Clone, Debug)]
pub struct Service {
    pub database: Database,
    /// How long an access token is good for.
    pub token_seconds: i64,
    /// The built console, where it is served from here.
    pub app_files: Option<AppFiles>,
    /// Fault switches, where tests may set them.
    pub faults: Option<FaultSwitches>,
    /// Wakes the rating job when something was submitted.
    pub rating: rating::Bell,
}

/// The whole service as one router; tests call it without a port.
pub fn router(service: Service) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(health))
        .route("/oauth/token", post(sign_in::give_token))
        .merge(oracle::router())
        .merge(cloud_foundry::router())
        .merge(logisense::router())
        .fallback(everything_else);
    if let Some(switches) = &service.faults {
        router = router
            .merge(faults::router(switches.clone()))
            .layer(axum::middleware::from_fn_with_state(switches.clone(), faults::apply));
    }
    router
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
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
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

fn health_answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// What no API claims is a file of the console, or nothing.
async fn everything_else(State(service): State<Service>, request: Request) -> Response {
    match service.app_files {
        Some(files) => files.answer(request).await,
        None => (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response(),
    }
}
