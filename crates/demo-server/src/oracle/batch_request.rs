//! Batch requests (Oracle REST, "Perform batch actions"): several requests in one body, carried out in
//! order in one transaction, all or nothing.
//!
//! The parts speak for the one who sent the whole. If one fails nothing is done, and the answer lists
//! the failing part alone.

use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::dispatch::{answer_within, methods_of};
use super::request::exchange::{Exchange, json_response};
use crate::accounts::scope;
use crate::database::Transaction;
use crate::oracle::commands::{approval_rule, preview};
use crate::oracle::protocol::parameters::Parameters;
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::schema::path::{Facet, Target};
use crate::request_body::LONGEST_BODY;

pub(in crate::oracle) const MEDIA_TYPE: &str = "application/vnd.oracle.adf.batch+json";

/// More parts than this are refused. The vendor names no limit.
const MOST_PARTS: usize = 1000;

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    parts: Vec<Part<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(default)]
    id: String,
    path: String,
    operation: String,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    if_match: Option<String>,
    if_none_match: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    id: String,
    path: String,
    operation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precondition_succeeded: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Box<RawValue>>,
}

/// The answer, and whether what was done is to stay.
pub(in crate::oracle) struct Outcome {
    pub response: Response,
    pub succeeded: bool,
}

/// Carries the parts out. `whole` is the request that brought them; its target means nothing.
pub(in crate::oracle) async fn perform(
    whole: &Exchange,
    transaction: &mut Transaction,
    body: &[u8],
) -> Result<Outcome, Refusal> {
    let sent: Sent<'_> = serde_json::from_slice(body).map_err(|reason| {
        let detail = format!("The body is not an object with an array of parts: {reason}");
        Refusal::bad_request(code::MALFORMED_BODY, "", detail)
    })?;
    if sent.parts.len() > MOST_PARTS {
        let detail = format!("At most {MOST_PARTS} parts are taken.");
        return Err(Refusal::bad_request(code::INVALID_VALUE, "/parts", detail));
    }
    let mut done = Vec::with_capacity(sent.parts.len());
    for part in sent.parts {
        let outcome = Box::pin(one(whole, transaction, &part)).await;
        let conditional = part.if_match.is_some() || part.if_none_match.is_some();
        let response = outcome.unwrap_or_else(|refusal| refusal.into_response(whole.version));
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        let held = status == StatusCode::PRECONDITION_FAILED || status == StatusCode::NOT_MODIFIED;
        let bytes =
            to_bytes(response.into_body(), usize::MAX).await.map_err(|reason| Refusal::internal(&reason))?;
        let part = Done {
            id: part.id,
            path: part.path,
            operation: part.operation,
            status: failed.then(|| status.as_u16().to_string()),
            precondition_succeeded: conditional.then_some(!held),
            payload: payload(&bytes),
        };
        if failed {
            return Ok(Outcome { response: answer(status, vec![part])?, succeeded: false });
        }
        done.push(part);
    }
    Ok(Outcome { response: answer(StatusCode::OK, done)?, succeeded: true })
}

/// A body as a part's payload; one that is no JSON (a plain refusal) as a text.
fn payload(bytes: &[u8]) -> Option<Box<RawValue>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty())?;
    RawValue::from_string(text.to_owned())
        .or_else(|_| serde_json::to_string(text).and_then(RawValue::from_string))
        .ok()
}

fn answer(status: StatusCode, parts: Vec<Done>) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Answer {
        parts: Vec<Done>,
    }
    let body = serde_json::to_vec(&Answer { parts }).map_err(|reason| Refusal::internal(&reason))?;
    let mut response = json_response(status, body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Ok(response)
}

async fn one(whole: &Exchange, transaction: &mut Transaction, part: &Part<'_>) -> Result<Response, Refusal> {
    let root = format!("/crmRestApi/resources/{}", whole.target.api_version);
    let (path, query) =
        part.path.split_once('?').map_or((part.path.as_str(), None), |(path, query)| (path, Some(query)));
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix(root.trim_start_matches('/')).unwrap_or(path);
    let target = Target::of(&format!("{root}/{}", path.trim_start_matches('/')))?;
    if let Facet::Action(action) = target.facet {
        let detail = format!("The action {action} cannot be part of a batch request.");
        return Err(Refusal::bad_request(code::BUSINESS_RULE, "", detail));
    }
    let parameters = Parameters::of(query)?;
    if parameters.get(preview::PARAMETER).is_some() {
        let detail = "A preview cannot be part of a batch request.";
        return Err(Refusal::bad_request(code::BUSINESS_RULE, "", detail));
    }
    let mut headers = HeaderMap::new();
    let method = match part.operation.to_ascii_lowercase().as_str() {
        "get" => Method::GET,
        "create" => Method::POST,
        "upsert" => {
            headers.insert(HeaderName::from_static("upsert-mode"), HeaderValue::from_static("true"));
            Method::POST
        }
        "update" => Method::PATCH,
        "delete" => Method::DELETE,
        other => {
            let detail = format!(
                "{other:?} is no operation that parts can have: get, create, update, upsert, delete."
            );
            return Err(Refusal::bad_request(code::INVALID_VALUE, "/operation", detail));
        }
    };
    if !methods_of(&target).contains(&method) {
        return Err(Refusal::wrong_method(&methods_of(&target)));
    }
    for (name, value) in [(header::IF_MATCH, &part.if_match), (header::IF_NONE_MATCH, &part.if_none_match)] {
        if let Some(value) = value {
            let value = HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static("?"));
            headers.insert(name, value);
        }
    }
    let exchange = Exchange {
        service: whole.service.clone(),
        principal: whole.principal.clone(),
        version: whole.version,
        target,
        parameters,
        headers,
        request_id: whole.request_id.clone(),
        base: whole.base.clone(),
    };
    if exchange.target.resource.table == approval_rule::TABLE && method != Method::GET {
        let detail =
            "A rule of approvals is made and lifted in a request of its own, not as a part of several.";
        return Err(Refusal::bad_request(code::BUSINESS_RULE, "", detail));
    }
    exchange.requires(if method == Method::GET { scope::READ } else { scope::WRITE })?;
    let body = part.payload.map_or(&b""[..], |payload| payload.get().as_bytes());
    if body.len() > LONGEST_BODY {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The payload is too long."));
    }
    answer_within(&exchange, transaction, &method, body).await
}
