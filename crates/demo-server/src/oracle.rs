//! Oracle Fusion Subscription Management, usage events, under `/crmRestApi/resources/{version}`:
//! the vendor's REST framework (versions, queries, links, change indicators, errors) over the
//! resources in `resource_tree`.
//!
//! Not here: the fields of the resources (`rest_contract::oracle`), accounts and tokens.

mod actions;
mod api_versions;
mod authentication;
mod batch_parts;
mod batch_request;
mod change;
mod change_indicator;
mod change_rules;
mod create;
mod creation_rules;
mod delete;
mod describe;
mod enclosure;
mod event_sets;
mod framework_version;
mod history;
mod item;
mod item_json;
mod lookups;
pub(crate) mod open_api;
mod order;
mod parameters;
mod path;
mod preview;
mod query;
mod read;
mod refusal;
mod resource_tree;
mod selection;
mod selection_rules;
mod sent_record;
mod standing;
mod submission;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;

use crate::Service;
use crate::accounts::{Principal, scope};
use crate::database::{Connection, Transaction};
use crate::request_body::{self, LONGEST_BODY, Unread};
use crate::request_id::RequestId;
use crate::request_origin::origin;
pub(crate) use batch_parts::{ERRORS, FILES, note as note_in_batch, note_all as note_in_batches};
use framework_version::FrameworkVersion;
pub(crate) use history::{STAMP_COLUMNS, Stamp, Subject, add as add_history};
use parameters::Parameters;
use path::{Facet, Target};
use refusal::Refusal;
use resource_tree::BATCHES;

pub const PATH: &str = "/crmRestApi";

/// Names a sandbox of the vendor's customisations. There are none here; it comes back as it came.
const METADATA_CONTEXT: &str = "metadata-context";

/// What a page of a foreign origin cannot send by a mere form.
const REQUESTED_BY: &str = "x-requested-by";

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
    let context = request.headers().get(METADATA_CONTEXT).cloned();
    let outcome = match asked {
        Ok(version) => answer(service, request, version).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = outcome.unwrap_or_else(|refusal| refusal.into_response(version));
    let headers = response.headers_mut();
    headers.insert(framework_version::HEADER, version.header_value());
    if let Some(context) = context {
        headers.insert(METADATA_CONTEXT, context);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    response
}

async fn answer(service: Service, request: Request, version: FrameworkVersion) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if path.trim_end_matches('/') == api_versions::PATH {
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            return Err(Refusal::wrong_method(&[Method::GET, Method::HEAD]));
        }
        authentication::authenticate(&service, &parts.headers).await?;
        return Ok(api_versions::answer(&format!("{}{}", origin(&parts.headers), api_versions::PATH)));
    }
    let root = Target::version_root(path);
    let target = match root {
        // A batch request names its resources in its body; until then it has none of its own.
        Some(version) => Target {
            api_version: version.to_owned(),
            parents: Vec::new(),
            resource: &BATCHES,
            key: None,
            facet: Facet::Record,
        },
        None => match path.strip_suffix("/describe").and_then(Target::version_root) {
            Some(version) => {
                if !matches!(parts.method, Method::GET | Method::HEAD) {
                    return Err(Refusal::wrong_method(&[Method::GET, Method::HEAD]));
                }
                let base = format!("{}{PATH}/resources/{version}", origin(&parts.headers));
                authentication::authenticate(&service, &parts.headers).await?;
                return describe::catalogue(&base, &Parameters::of(parts.uri.query())?);
            }
            None => Target::of(path)?,
        },
    };
    let allowed = match root {
        Some(_) => vec![Method::POST, Method::OPTIONS],
        None => methods_of(&target),
    };
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
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD);
    if service.policy.requires_requested_by && !is_safe && !parts.headers.contains_key(REQUESTED_BY) {
        let detail = "The header X-Requested-By is missing, without which this service changes nothing.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, detail));
    }
    let parameters = Parameters::of(parts.uri.query())?;
    let base = format!("{}{PATH}/resources/{}", origin(&parts.headers), target.api_version);
    let request_id = parts.extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let is_batch_request = root.is_some();
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
    exchange.accepts_an_answer()?;
    exchange.requires(scope::READ)?;
    if matches!(method, Method::GET | Method::HEAD) {
        if let Some(dependency) = exchange.parameters.get(preview::PARAMETER) {
            return preview(&exchange, dependency).await;
        }
        let mut snapshot = exchange.service.database.readers.begin().await?;
        return read_within(&exchange, &mut snapshot).await;
    }
    if !is_batch_request {
        exchange.requires(scope::WRITE)?;
    }
    let body = match method {
        Method::DELETE => Bytes::new(),
        _ => read_body(&exchange.headers, &body_types(&exchange, is_batch_request), body).await?,
    };
    let mut transaction = exchange.service.database.begin_write().await?;
    let response = if is_batch_request {
        let outcome = batch_request::perform(&exchange, &mut transaction, &body).await?;
        if !outcome.succeeded {
            return Ok(outcome.response);
        }
        outcome.response
    } else {
        answer_within(&exchange, &mut transaction, &method, &body).await?
    };
    transaction.commit().await?;
    exchange.service.rating.ring();
    Ok(response)
}

/// What an item would be, in a transaction that is never committed.
async fn preview(exchange: &Exchange, dependency: &str) -> Result<Response, Refusal> {
    let (Some(key), Facet::Record) = (&exchange.target.key, exchange.target.facet) else {
        return Err(Refusal::invalid_query(preview::PARAMETER, "it goes with a single item"));
    };
    let mut transaction = exchange.service.database.begin_write().await?;
    preview::item(exchange, &mut transaction, key, dependency).await
}

async fn read_within(exchange: &Exchange, snapshot: &mut Connection) -> Result<Response, Refusal> {
    match (&exchange.target.key, exchange.target.facet) {
        (_, Facet::Description) => {
            let place = exchange.place();
            let address = match &exchange.target.key {
                Some(key) => place.item(key),
                None => place.collection,
            };
            describe::resource(exchange.target.resource, &address, &exchange.parameters)
        }
        (Some(key), Facet::Enclosure(field)) => enclosure::read(exchange, snapshot, key, field).await,
        (Some(key), _) => read::item(exchange, snapshot, key).await,
        (None, _) => read::collection(exchange, snapshot).await,
    }
}

/// Answers a request that is alone in its transaction, or one part of several. A refusal undoes the
/// whole transaction.
async fn answer_within(
    exchange: &Exchange,
    transaction: &mut Transaction,
    method: &Method,
    body: &[u8],
) -> Result<Response, Refusal> {
    if *method == Method::GET {
        return read_within(exchange, transaction).await;
    }
    match (&exchange.target.key, exchange.target.facet) {
        (_, Facet::Action(action)) => actions::perform(exchange, transaction, action, body).await,
        (Some(key), Facet::Enclosure(field)) => {
            let text = (*method == Method::PUT).then_some(body);
            enclosure::replace(exchange, transaction, key, field, text).await
        }
        (Some(key), _) if *method == Method::DELETE => delete::item(exchange, transaction, key).await,
        (Some(key), _) => change::item(exchange, transaction, key, body).await,
        (None, _) => {
            let upsert = create::is_upsert(exchange)?;
            create::item(exchange, transaction, body, upsert).await
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

    /// Who changes something by this request, from now on.
    fn stamp(&self) -> Stamp {
        Stamp::now(&self.principal.display_name, &self.request_id)
    }

    /// Whether the sender takes an answer of this kind.
    fn accepts(&self, wanted: &str) -> bool {
        let Some(accept) = self.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
            return true;
        };
        accept.split(',').any(|range| {
            let media_type = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(media_type.as_str(), "*/*" | "application/*") || media_type == wanted
        })
    }

    /// The vendor's framework answers JSON, the raw text of an enclosure, or nothing.
    fn accepts_an_answer(&self) -> Result<(), Refusal> {
        let kinds = ["resourceitem", "resourcecollection", "actionresult", "description", "batch"];
        let fits = matches!(self.target.facet, Facet::Enclosure(_))
            || self.accepts("application/json")
            || kinds.iter().any(|kind| self.accepts(&format!("application/vnd.oracle.adf.{kind}+json")));
        if fits {
            Ok(())
        } else {
            let detail = "This resource can be had as application/json only.";
            Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, detail))
        }
    }
}

fn methods_of(target: &Target) -> Vec<Method> {
    let mut methods = vec![Method::GET, Method::HEAD, Method::OPTIONS];
    let writes = target.resource.writes;
    match (&target.key, target.facet) {
        (_, Facet::Action(_)) => return vec![Method::POST, Method::OPTIONS],
        (_, Facet::Description) => {}
        (_, Facet::Enclosure(_)) => methods.extend([Method::PUT, Method::DELETE]),
        (None, Facet::Record) => methods.extend(writes.create.then_some(Method::POST)),
        (Some(_), Facet::Record) => {
            methods.extend(writes.change.then_some(Method::PATCH));
            methods.extend(writes.delete.then_some(Method::DELETE));
        }
    }
    methods
}

/// `X-HTTP-Method-Override` is honoured on POST only, as the vendor documents it.
fn method_of(method: &Method, headers: &HeaderMap) -> Method {
    let other = headers.get("x-http-method-override").filter(|_| method == Method::POST);
    other.and_then(|value| Method::from_bytes(value.as_bytes()).ok()).unwrap_or_else(|| method.clone())
}

/// The media types of the bodies that a request may carry; nothing for any.
fn body_types(exchange: &Exchange, is_batch_request: bool) -> Vec<&'static str> {
    match exchange.target.facet {
        _ if is_batch_request => vec![batch_request::MEDIA_TYPE],
        Facet::Action(_) => vec![actions::MEDIA_TYPE],
        Facet::Enclosure(_) => Vec::new(),
        _ => vec!["application/json", "application/vnd.oracle.adf.resourceitem+json"],
    }
}

async fn read_body(headers: &HeaderMap, media_types: &[&str], body: Body) -> Result<Bytes, Refusal> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let (Some(usual), false) = (media_types.first(), media_types.contains(&media_type.as_str())) {
        let detail = format!("The body must be sent as {usual}.");
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    request_body::read(body, LONGEST_BODY).await.map_err(|unread| {
        let status = match unread {
            Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Unread::CutShort => StatusCode::BAD_REQUEST,
        };
        Refusal::new(status, unread.told(LONGEST_BODY))
    })
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
