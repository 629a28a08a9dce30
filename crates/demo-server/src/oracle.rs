//! Oracle Fusion Subscription Management, usage events, under `/crmRestApi/resources/{version}`:
//! the vendor's REST framework (versions, queries, links, change indicators, errors) over the
//! resources in `resource_tree`.
//!
//! Not here: the fields of the resources (`rest_contract::oracle`), accounts and tokens.

mod authentication;
mod change;
mod change_indicator;
mod change_rules;
mod framework_version;
mod item;
mod item_json;
mod lookups;
pub(crate) mod open_api;
mod order;
mod parameters;
mod path;
mod query;
mod read;
mod refusal;
mod resource_tree;
mod selection;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;

use crate::Service;
use crate::accounts::{Principal, scope};
use crate::request_id::RequestId;
use crate::request_origin::origin;
use framework_version::FrameworkVersion;
use parameters::Parameters;
use path::Target;
use refusal::Refusal;

pub const PATH: &str = "/crmRestApi";

pub fn router() -> Router<Service> {
    Router::new().route(PATH, any(serve)).route("/crmRestApi/{*path}", any(serve))
}

/// A request whose sender, target and parameters are known.
struct Exchange {
    service: Service,
    principal: Principal,
    version: FrameworkVersion,
    target: Target,
    parameters: Parameters,
    headers: HeaderMap,
    request_id: String,
    /// `http://host/crmRestApi/resources/{version}`
    base: String,
}

/// Every answer, refusals included, leaves through here and gets the framework's headers.
async fn serve(State(service): State<Service>, request: Request) -> Response {
    let asked = FrameworkVersion::of(request.headers());
    let version = *asked.as_ref().unwrap_or(&FrameworkVersion::NEWEST);
    let outcome = match asked {
        Ok(version) => answer(service, request, version).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = outcome.unwrap_or_else(|refusal| refusal.into_response(version));
    let headers = response.headers_mut();
    headers.insert(framework_version::HEADER, version.header_value());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    response
}

async fn answer(service: Service, request: Request, version: FrameworkVersion) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let target = Target::of(parts.uri.path())?;
    let allowed = methods_of(&target);
    let method = method_of(&parts.method, &parts.headers);
    if method == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        let list = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_str(&list).map_err(|e| Refusal::internal(&e))?);
        return Ok(response);
    }
    if !allowed.contains(&method) {
        return Err(Refusal::wrong_method(&allowed));
    }
    let principal = authentication::authenticate(&service, &parts.headers).await?;
    accepts_json(&parts.headers)?;
    let parameters = Parameters::of(parts.uri.query())?;
    let base = format!("{}{PATH}/resources/{}", origin(&parts.headers), target.api_version);
    let request_id = parts.extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let exchange = Exchange {
        service,
        principal,
        version,
        target,
        parameters,
        headers: parts.headers,
        request_id,
        base,
    };
    exchange.requires(scope::READ)?;
    match (&exchange.target.key, method == Method::PATCH) {
        (None, _) => read::collection(&exchange).await,
        (Some(key), false) => read::item(&exchange, key).await,
        (Some(key), true) => {
            exchange.requires(scope::WRITE)?;
            let body = json_body(&exchange.headers, body).await?;
            change::item(&exchange, key, &body).await
        }
    }
}

impl Exchange {
    fn requires(&self, scope: &str) -> Result<(), Refusal> {
        if self.principal.may(scope) {
            return Ok(());
        }
        let detail = format!(
            "{} ({}) lacks the permission {scope}, which this request needs.",
            self.principal.display_name, self.principal.user_name
        );
        Err(Refusal::new(StatusCode::FORBIDDEN, detail))
    }
}

fn methods_of(target: &Target) -> Vec<Method> {
    let mut methods = vec![Method::GET, Method::HEAD, Method::OPTIONS];
    if target.key.is_some() && target.resource.is_versioned() {
        methods.push(Method::PATCH);
    }
    methods
}

/// `X-HTTP-Method-Override` is honoured on POST only, as the vendor documents it.
fn method_of(method: &Method, headers: &HeaderMap) -> Method {
    let other = headers.get("x-http-method-override").filter(|_| method == Method::POST);
    other.and_then(|value| Method::from_bytes(value.as_bytes()).ok()).unwrap_or_else(|| method.clone())
}

/// The vendor's framework answers JSON or nothing.
fn accepts_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
        return Ok(());
    };
    let fits = accept.split(',').any(|range| {
        let media_type = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let adf = "application/vnd.oracle.adf.";
        matches!(media_type.as_str(), "*/*" | "application/*" | "application/json")
            || ["resourceitem+json", "resourcecollection+json"]
                .iter()
                .any(|kind| media_type.strip_prefix(adf) == Some(kind))
    });
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "This resource can be had as application/json only."))
    }
}

/// More than this is no change of one record.
const LONGEST_BODY: usize = 1024 * 1024;

async fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(media_type.as_str(), "application/json" | "application/vnd.oracle.adf.resourceitem+json") {
        let detail = "The body must be sent as application/json.";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    axum::body::to_bytes(body, LONGEST_BODY).await.map_err(|reason| {
        let cause = std::error::Error::source(&reason);
        if cause.is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>()) {
            let detail = format!("The body is longer than {LONGEST_BODY} bytes.");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        } else {
            Refusal::new(StatusCode::BAD_REQUEST, "The body could not be read to its end.")
        }
    })
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
