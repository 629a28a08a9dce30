//! LogiSense Billing, API version 8 (vendor's page "Usage / Bucket / Base"), under
//! `/ResourceServer/api/v8`: base buckets with every endpoint of that page, their detail rows, and for
//! reading the lists around them; and `/AuthorizationServer/api/v8/Access/Login`.
//!
//! The vendor states neither required fields nor lengths nor codes of errors: those are this
//! service's own. So are `Search` on base buckets (a convention of the vendor's, not listed for this
//! resource), the version in `ETag`, the echoed `patchClientId`, and the lists of classes and places.
//!
//! Not here: the shapes on the wire (`rest_contract::logisense`), accounts and tokens.

mod authentication;
mod body;
mod bucket_change;
mod bucket_rows;
mod bucket_rules;
mod buckets;
mod deletion;
mod detail_rows;
mod details;
mod history;
mod lists;
mod login;
pub(crate) mod open_api;
mod paging;
mod patch;
mod refusal;
mod search;
mod target;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, post};
use rest_contract::logisense::{BASE_PATH, LOGIN_PATH};
use serde::Serialize;

use crate::accounts::{Principal, scope};
use crate::request_id::RequestId;
use crate::{Service, guid};
use refusal::{Refusal, code};
use target::Target;

pub fn router() -> Router<Service> {
    Router::new()
        .route(LOGIN_PATH, post(login::give_token).fallback(login::wrong_method))
        .route("/AuthorizationServer/{*path}", any(login::unknown_route))
        .route(&format!("{BASE_PATH}/{{*path}}"), any(serve))
        .route("/ResourceServer/{*path}", any(serve))
}

/// A request whose sender is known.
struct Call<'a> {
    service: &'a Service,
    principal: Principal,
    method: Method,
    headers: HeaderMap,
    query: Option<String>,
    tracking_id: String,
    request_id: String,
}

impl Call<'_> {
    fn may_write(&self) -> Result<(), Refusal> {
        self.requires(scope::BUCKET_WRITE)
    }

    fn requires(&self, scope: &'static str) -> Result<(), Refusal> {
        if self.principal.may(scope) { Ok(()) } else { Err(Refusal::missing_permission(scope)) }
    }

    fn tracking_id(&self) -> String {
        self.tracking_id.clone()
    }
}

/// Every answer leaves through here; a refusal gets the call's tracking id and kind.
async fn serve(State(service): State<Service>, request: Request) -> Response {
    let method = request.method().clone();
    let tracking_id = guid::random().unwrap_or_default();
    let outcome = answer(&service, request, tracking_id.clone()).await;
    let mut response = outcome.unwrap_or_else(|refusal| refusal.into_response(tracking_id, kind_of(&method)));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A refusal that a fault switch asks for.
pub(crate) fn refuse(status: StatusCode, method: &Method) -> Response {
    let refusal = Refusal::new(status, "The service was told to refuse this request.");
    refusal.into_response(guid::random().unwrap_or_default(), kind_of(method))
}

/// What an answer's `type` says of a request.
fn kind_of(method: &Method) -> &'static str {
    match *method {
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "read",
    }
}

async fn answer(service: &Service, request: Request, tracking_id: String) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let target = Target::of(parts.uri.path())?;
    // HEAD is a GET whose body the connection leaves out.
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
    if !target.methods().contains(&method) {
        return Err(Refusal::wrong_method(target.methods()));
    }
    let principal = authentication::authenticate(service, &parts.headers).await?;
    let call = Call {
        service,
        principal,
        method,
        headers: parts.headers,
        query: parts.uri.query().map(str::to_owned),
        tracking_id,
        request_id: parts.extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone()),
    };
    call.requires(scope::BUCKET_READ)?;
    match target {
        Target::Buckets if call.method == Method::POST => {
            call.may_write()?;
            buckets::create(&call, &body::members(&call.headers, body).await?).await
        }
        Target::Buckets => buckets::all(&call).await,
        Target::BucketPages { detail } => buckets::page(&call, detail).await,
        Target::BucketSearch => search::answer(&call, &body::members(&call.headers, body).await?).await,
        Target::Bucket { id, detail } => bucket(&call, id, detail, body).await,
        Target::Details if call.method == Method::POST => {
            call.may_write()?;
            details::create(&call, &body::members(&call.headers, body).await?).await
        }
        Target::Details => details::all(&call).await,
        Target::DetailPages => details::page(&call).await,
        Target::Detail(id) => detail(&call, id, body).await,
        Target::List(list) => lists::all(&call, list).await,
        Target::ListPages(list) => lists::page(&call, list).await,
        Target::ListItem(list, id) => lists::item(&call, list, id).await,
    }
}

async fn bucket(call: &Call<'_>, id: i64, detail: bool, body: Body) -> Result<Response, Refusal> {
    if call.method == Method::GET {
        return buckets::one(call, id, detail).await;
    }
    call.may_write()?;
    match call.method {
        Method::PUT => buckets::update(call, id, &body::members(&call.headers, body).await?).await,
        Method::PATCH => patch::answer(call, id, &body::members(&call.headers, body).await?).await,
        _ => buckets::delete(call, id).await,
    }
}

async fn detail(call: &Call<'_>, id: i64, body: Body) -> Result<Response, Refusal> {
    if call.method == Method::GET {
        return details::one(call, id).await;
    }
    call.may_write()?;
    match call.method {
        Method::PUT => details::update(call, id, &body::members(&call.headers, body).await?).await,
        _ => details::delete(call, id).await,
    }
}

fn json_response(status: StatusCode, body: &impl Serialize) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(body).map_err(|reason| Refusal::internal(&reason))?;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    Ok(response)
}
