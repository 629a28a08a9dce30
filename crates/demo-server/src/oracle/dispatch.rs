//! From a request to its answer: who asks, what for, and which part of the API does it.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::commands::{actions, change, create, delete, enclosure, preview};
use super::protocol::framework_version::{self, FrameworkVersion};
use super::protocol::parameters::Parameters;
use super::protocol::refusal::{Refusal, code};
use super::request::exchange::Exchange;
use super::request::{authentication, read};
use super::schema::path::{Facet, PATH, Target};
use super::schema::resource_tree::BATCHES;
use super::{api_versions, batch_request, describe};
use crate::Service;
use crate::accounts::scope;
use crate::database::{Connection, Transaction};
use crate::json_names;
use crate::request_body::{self, LONGEST_BODY, Unread};
use crate::request_id::RequestId;
use crate::request_origin::origin;

/// Names a sandbox of the vendor's customisations. There are none here; it comes back as it came.
const METADATA_CONTEXT: &str = "metadata-context";

/// What a page of a foreign origin cannot send by a mere form.
const REQUESTED_BY: &str = "x-requested-by";

/// Every answer, refusals included, leaves through here and gets the framework's headers.
pub(super) async fn serve(State(service): State<Service>, request: Request) -> Response {
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
    let figures = match (exchange.target.facet, &exchange.target.key) {
        (Facet::Action(action), None) => Some(action),
        _ => None,
    };
    if !is_batch_request && figures.is_none() {
        exchange.requires(scope::WRITE)?;
    }
    let body = match method {
        Method::DELETE => Bytes::new(),
        _ => read_body(&exchange.headers, &body_types(&exchange, is_batch_request), body).await?,
    };
    if let Some(action) = figures {
        // Whoever may read may ask for figures, and no writer waits for them.
        let mut snapshot = exchange.service.database.readers.begin().await?;
        return actions::read(&exchange, &mut snapshot, action, &body).await;
    }
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
pub(super) async fn answer_within(
    exchange: &Exchange,
    transaction: &mut Transaction,
    method: &Method,
    body: &[u8],
) -> Result<Response, Refusal> {
    if *method == Method::GET {
        return read_within(exchange, transaction).await;
    }
    exchange.requires(exchange.target.resource.write_scope)?;
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

pub(super) fn methods_of(target: &Target) -> Vec<Method> {
    let mut methods = vec![Method::GET, Method::HEAD, Method::OPTIONS];
    let writes = target.resource.writes;
    match (&target.key, target.facet) {
        (_, Facet::Action(_)) => return vec![Method::POST, Method::OPTIONS],
        (_, Facet::Description) => {}
        (_, Facet::Enclosure(_)) if writes.change => methods.extend([Method::PUT, Method::DELETE]),
        (_, Facet::Enclosure(_)) => {}
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
    let body = request_body::read(body, LONGEST_BODY).await.map_err(|unread| {
        let status = match unread {
            Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Unread::TooSlow | Unread::CutShort => StatusCode::BAD_REQUEST,
        };
        Refusal::new(status, unread.told(LONGEST_BODY))
    })?;
    // A body of any type is an enclosure, whose text is kept as it is.
    match json_names::doubled(&body).filter(|_| !media_types.is_empty()) {
        Some(name) => {
            let detail = format!("{name} is given more than once.");
            Err(Refusal::bad_request(code::INVALID_VALUE, format!("/{name}"), detail))
        }
        None => Ok(body),
    }
}
