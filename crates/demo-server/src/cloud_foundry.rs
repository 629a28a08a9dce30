//! Cloud Foundry's Cloud Controller, API version 3, as far as service usage events go (V3 API,
//! "Service Usage Event", "Organizations" and "Root"): list, get, purge and reseed, the names of organizations,
//! and discovery.
//!
//! Beside it, under `/demo`, stands what makes events come and go here: an API of this service's own
//! by which an administrator adds, changes and removes service instances, and prunes old events.
//!
//! Not here: accounts and tokens, and the demo's instances (`demo_data`).

mod authentication;
mod creation_filter;
mod discovery;
mod event_list;
mod instance_api;
mod instance_request;
mod list_parameters;
pub(crate) mod open_api;
mod organization_list;
mod pagination;
mod purge;
mod rate_limit;
mod refusal;
mod retention;
mod service_instance;
mod usage_event;
mod usage_event_rows;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::Service;
use crate::faults::StepGap;
use crate::form;
use crate::json_names;
use crate::oracle::Stamp;
use crate::policy::Rate;
use crate::request_body::{self, LONGEST_BODY};
use crate::request_id::RequestId;
use crate::request_origin::origin;
use authentication::Caller;
use refusal::Refusal;

pub fn router() -> Router<Service> {
    Router::new()
        .route("/v3", any(serve))
        .route("/v3/{*path}", any(serve))
        .route("/demo/service_usage_events/actions/prune", any(serve))
        .route("/demo/service_instances", any(serve))
        .route("/demo/service_instances/{guid}", any(serve))
}

const VCAP_REQUEST_ID: HeaderName = HeaderName::from_static("x-vcap-request-id");
const USER_GUID: HeaderName = HeaderName::from_static("x-user-guid");

/// A refusal that a fault switch asks for.
pub(crate) fn refuse(status: StatusCode) -> Response {
    Refusal::of_status(status).into_response()
}

/// What a path of this API stands for.
#[derive(Debug)]
enum Target {
    /// Of all the platform's APIs.
    PlatformRoot,
    Root,
    Info,
    Organizations,
    UsageEvents,
    UsageEvent(String),
    PurgeAndReseed,
    Prune,
    Instances,
    Instance(String),
}

impl Target {
    fn of(path: &str) -> Option<Self> {
        let segments = path.trim_matches('/').split('/').collect::<Vec<_>>();
        let guid = |text: &str| form::decoded(&text.replace('+', "%2B")).ok();
        match segments.as_slice() {
            [""] => Some(Self::PlatformRoot),
            ["v3"] => Some(Self::Root),
            ["v3", "info"] => Some(Self::Info),
            ["v3", "organizations"] => Some(Self::Organizations),
            ["v3", "service_usage_events"] => Some(Self::UsageEvents),
            ["v3", "service_usage_events", one] => guid(one).map(Self::UsageEvent),
            ["v3", "service_usage_events", "actions", "destructively_purge_all_and_reseed"] => {
                Some(Self::PurgeAndReseed)
            }
            ["demo", "service_usage_events", "actions", "prune"] => Some(Self::Prune),
            ["demo", "service_instances"] => Some(Self::Instances),
            ["demo", "service_instances", one] => guid(one).map(Self::Instance),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [Method] {
        match self {
            Self::PlatformRoot
            | Self::Root
            | Self::Info
            | Self::Organizations
            | Self::UsageEvents
            | Self::UsageEvent(_) => &[Method::GET],
            Self::PurgeAndReseed | Self::Prune => &[Method::POST],
            Self::Instances => &[Method::GET, Method::POST],
            Self::Instance(_) => &[Method::GET, Method::PATCH, Method::DELETE],
        }
    }
}

/// What has become known of whoever asks, whatever comes of the request.
#[derive(Default)]
struct Asker {
    user: Option<String>,
    rate: Option<Rate>,
}

/// Every answer, refusals included, leaves through here and gets Cloud Foundry's headers.
pub(crate) async fn serve(State(service): State<Service>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().and_then(|id| HeaderValue::from_str(&id.0).ok());
    let mut asker = Asker::default();
    let mut response = match answer(&service, request, &mut asker).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(id) = id {
        headers.insert(VCAP_REQUEST_ID, id);
    }
    if let Some(user) = asker.user.and_then(|user| HeaderValue::from_str(&user).ok()) {
        headers.insert(USER_GUID, user);
    }
    if let Some(rate) = asker.rate {
        rate_limit::add_headers(&mut response, rate);
    }
    response
}

async fn answer(service: &Service, request: Request, asker: &mut Asker) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let target = Target::of(parts.uri.path()).ok_or_else(Refusal::unknown_route)?;
    // HEAD is a GET whose body the connection leaves out.
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
    if !target.methods().contains(&method) {
        return Err(Refusal::wrong_method(target.methods()));
    }
    let origin = origin(&parts.headers);
    let database = &service.database;
    match target {
        Target::PlatformRoot => discovery::platform(&origin),
        Target::Root => discovery::root(&origin),
        Target::Info => discovery::info(&origin),
        Target::Organizations => {
            let reader = reader(service, &parts.headers, asker).await?;
            organization_list::answer(database, &reader, &origin, parts.uri.query()).await
        }
        Target::UsageEvents => {
            let reader = reader(service, &parts.headers, asker).await?;
            event_list::answer(database, &reader, &origin, parts.uri.query()).await
        }
        Target::UsageEvent(guid) => {
            let reader = reader(service, &parts.headers, asker).await?;
            usage_event::answer(database, &reader, &origin, &guid).await
        }
        Target::PurgeAndReseed => {
            let caller = administrator(service, &parts.headers, asker).await?;
            // The body means nothing; it must only be readable.
            json_body(&parts.headers, body).await?;
            let request = parts.extensions.get::<RequestId>().map_or("", |id| id.0.as_str());
            let stamp =
                Stamp::now(&caller.principal.display_name, request).of_account(&caller.principal.user_name);
            purge::answer(database, &service.policy, &stamp, parts.extensions.get::<StepGap>().cloned()).await
        }
        Target::Prune => {
            administrator(service, &parts.headers, asker).await?;
            retention::answer(database).await
        }
        Target::Instances => {
            administrator(service, &parts.headers, asker).await?;
            let body = json_body(&parts.headers, body).await?;
            instance_api::answer(database, &method, None, &body).await
        }
        Target::Instance(guid) => {
            administrator(service, &parts.headers, asker).await?;
            let body = json_body(&parts.headers, body).await?;
            instance_api::answer(database, &method, Some(&guid), &body).await
        }
    }
}

/// The caller, who may read, if only to be told that there is nothing for them.
async fn reader(service: &Service, headers: &HeaderMap, asker: &mut Asker) -> Result<Caller, Refusal> {
    let caller = caller(service, headers, asker).await?;
    caller.requires_reading()?;
    Ok(caller)
}

/// Who asks, once the request has been counted.
async fn caller(service: &Service, headers: &HeaderMap, asker: &mut Asker) -> Result<Caller, Refusal> {
    let found = Caller::of(service, headers).await;
    if let Ok(caller) = &found {
        asker.user = Some(caller.principal.user_name.clone());
    }
    rate_limit::check(&service.policy, found.as_ref().ok(), &mut asker.rate)?;
    found
}

async fn administrator(service: &Service, headers: &HeaderMap, asker: &mut Asker) -> Result<Caller, Refusal> {
    let caller = caller(service, headers, asker).await?;
    caller.requires_administering()?;
    Ok(caller)
}

/// The body's bytes, which are JSON if they claim to be.
async fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let bytes = request_body::read(body, LONGEST_BODY).await;
    let bytes = bytes.map_err(|unread| Refusal::unreadable_body(&unread.told(LONGEST_BODY)))?;
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let claims_json = media_type.eq_ignore_ascii_case("application/json");
    if claims_json && !bytes.trim_ascii().is_empty() && serde_json::from_slice::<IgnoredAny>(&bytes).is_err()
    {
        return Err(Refusal::malformed_body());
    }
    if let Some(name) = json_names::doubled(&bytes).filter(|_| claims_json) {
        return Err(Refusal::unprocessable(format!("{name} is given more than once")));
    }
    Ok(bytes)
}

fn json_response(status: StatusCode, body: &impl Serialize) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(body).map_err(|reason| Refusal::internal(&reason))?;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    Ok(response)
}
