//! Actions of batches and events (Oracle REST, `action/...`): their arguments, and their answers, which
//! are `{"result": {"status", "message", "count", ...}}`. A business refusal is a 400 with its reason.
//!
//! Not here: when an action is allowed (`rest_contract::oracle::life_cycle`), what is done with many
//! events (`event_sets`).

mod approval;
mod batch_life;
mod event_metrics;
mod metrics;
mod reverse;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use rest_contract::oracle::approval::Step;

use crate::database::{Connection, Transaction};
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::item;
use crate::oracle::records::life_cycle_state::{self, BatchState};
use crate::oracle::request::exchange::{Exchange, json_response};
use crate::oracle::request::read::missing;

pub(in crate::oracle) const MEDIA_TYPE: &str = "application/vnd.oracle.adf.action+json";
pub(in crate::oracle) const RESULT_MEDIA_TYPE: &str = "application/vnd.oracle.adf.actionresult+json";

/// Carries the action out and answers its result.
pub(in crate::oracle) async fn perform(
    exchange: &Exchange,
    transaction: &mut Transaction,
    action: &str,
    body: &[u8],
) -> Result<Response, Refusal> {
    let parent = exchange.find_parent(transaction).await?;
    let resource = exchange.target.resource;
    let Some(key) = &exchange.target.key else { return read(exchange, transaction, action, body).await };
    let whole = Selection::whole(resource);
    let found = item::find(transaction, resource, parent, key, &whole).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    if let Some(response) = exchange.precondition_failed(transaction, parent, &current, &whole).await? {
        return Ok(response);
    }
    let result = if let Some(step) = Step::named(action) {
        approval::decide(exchange, transaction, step, &current, body).await?
    } else if action == "reverse" {
        reverse::perform(exchange, transaction, current.id, arguments(body)?).await?
    } else {
        let batch = life_cycle_state::batch(transaction, current.id).await?;
        of_batch(exchange, transaction, action, &batch, body).await?
    };
    answer_of(exchange, result)
}

/// The action of a collection: all of these tell figures, and change nothing.
pub(in crate::oracle) async fn read(
    exchange: &Exchange,
    snapshot: &mut Connection,
    action: &str,
    body: &[u8],
) -> Result<Response, Refusal> {
    let result = match action {
        "getMetricsForUsageEvents" => event_metrics::of_spans(snapshot, arguments(body)?).await?,
        "weigh" => approval::weigh(exchange, snapshot, arguments(body)?).await?,
        "waiting" => {
            let NoArguments {} = arguments(body)?;
            approval::waiting(exchange, snapshot).await?
        }
        "getMyBatchesMetrics" => metrics::mine(exchange, snapshot, arguments(body)?).await?,
        _ => metrics::of_status(snapshot, arguments(body)?).await?,
    };
    answer_of(exchange, result)
}

fn answer_of(exchange: &Exchange, result: Json) -> Result<Response, Refusal> {
    let body =
        serde_json::to_vec(&json!({ "result": result })).map_err(|reason| Refusal::internal(&reason))?;
    let mut response = json_response(StatusCode::OK, body);
    if exchange.accepts(RESULT_MEDIA_TYPE) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(RESULT_MEDIA_TYPE));
    }
    Ok(response)
}

async fn of_batch(
    exchange: &Exchange,
    transaction: &mut Transaction,
    action: &str,
    batch: &BatchState,
    body: &[u8],
) -> Result<Json, Refusal> {
    match action {
        "addEvents" => batch_life::add_events(exchange, transaction, batch, arguments(body)?).await,
        "deleteEvents" => batch_life::delete_events(exchange, transaction, batch, arguments(body)?).await,
        _ => {
            let NoArguments {} = arguments(body)?;
            batch_life::move_on(exchange, transaction, action, batch).await
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

/// The arguments of an action; an empty body counts as none.
fn arguments<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|reason| {
        let detail = format!("The body is not an object of this action's arguments: {reason}");
        Refusal::bad_request(code::MALFORMED_BODY, "", detail)
    })
}

fn bad_argument(name: &str, detail: impl Into<String>) -> Refusal {
    Refusal::bad_request(code::INVALID_VALUE, format!("/{name}"), detail)
}

/// Rules of an action's body.
type SentRules<'a> = Option<&'a RawValue>;
