//! Values of a column of events, found by the server, where the events are not all here. It comes with the form that asks
//! for them.

use crate::api::{EventPageQuery, Failure, FailureKind, RestClient, System};
use crate::features::list::{ServerValues, ValuesAsked};
use crate::features::selection::{by_id, joined};
use rest_contract::Field;
use rest_contract::oracle::field_condition::FieldCondition;

/// As many values as are drawn at once.
const MOST_VALUES: usize = 100;
/// Each of a page of events that hold other values.
const MOST_REQUESTS: usize = 20;

/// The values of a field in the events that `q` finds.
pub fn search_values(
    client: RestClient,
    batch: Option<String>,
    q: String,
    field: &'static Field,
) -> ValuesAsked {
    Box::pin(async move {
        let not_loaded = |_| Failure::new(System::Oracle, FailureKind::Unreachable);
        work::loading().await.map_err(not_loaded)?;
        work::made(client, batch, q, field).await.map_err(not_loaded)?.await
    })
}

async fn found(
    client: RestClient,
    batch: Option<String>,
    q: String,
    field: &'static Field,
) -> Result<ServerValues, Failure> {
    let shape = format!("fields=EventId,EventNumber,{}&onlyData=true", field.name);
    let mut found = ServerValues { values: Vec::new(), has_more: true };
    for _ in 0..MOST_REQUESTS {
        // The server lists no values: those that are known are not asked for again.
        let others = FieldCondition::NoneOf { values: found.values.clone(), nor_blank: true };
        let others = others.q(field).filter(|_| !found.values.is_empty()).unwrap_or_default();
        let q = joined(&q, &others);
        let query = EventPageQuery { batch: batch.as_deref(), ..by_id(None, &q, &shape) };
        let page = client.event_page(&query).await?;
        for value in page.items.iter().filter_map(|event| event.text(field.name)) {
            if !found.values.iter().any(|known| known == value) {
                found.values.push(value.to_owned());
            }
        }
        found.has_more = page.has_more;
        if !found.has_more || found.values.len() >= MOST_VALUES {
            break;
        }
    }
    Ok(found)
}

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod work {
    use super::{Field, RestClient, ValuesAsked, found};
    use crate::apart::apart;

    apart! {
        changes: (client: RestClient, batch: Option<String>, q: String, field: &'static Field) -> ValuesAsked {
            Box::pin(found(client, batch, q, field)) as ValuesAsked
        }
    }
}
