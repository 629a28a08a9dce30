//! Values of a column, found by the server, where the rows are not all here.

use crate::api::{EventPageQuery, Failure, FailureKind, RestClient};
use crate::features::list::EventsAsked;
use crate::ui::key_input::composed;
use rest_contract::Field;
use rest_contract::oracle::field_condition::FieldCondition;

/// As many values as are drawn at once.
const MOST_VALUES: usize = 100;
/// Each of a page of events that hold other values.
const MOST_REQUESTS: usize = 20;
/// As many as the vendor's servers give at once.
const PAGE: usize = 499;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerValues {
    pub values: Vec<String>,
    /// There are others.
    pub has_more: bool,
}

/// The values of a field that hold a text.
pub async fn search(
    client: RestClient,
    asked: EventsAsked,
    field: &'static Field,
    text: &str,
) -> Result<ServerValues, Failure> {
    let EventsAsked { batch, q } = asked;
    let shape = format!("fields=EventId,EventNumber,{}&onlyData=true", field.name);
    let holds = FieldCondition::Contains(composed(text).into_owned()).q(field);
    let mut found = ServerValues { values: Vec::new(), has_more: true };
    for _ in 0..MOST_REQUESTS {
        // The server lists no values: those that are known are not asked for again.
        let others = FieldCondition::NoneOf { values: found.values.clone(), nor_blank: true };
        let others = others.q(field).filter(|_| !found.values.is_empty());
        let own = (!q.is_empty()).then_some(&q);
        let terms: Vec<&str> = own.into_iter().chain(&holds).chain(&others).map(String::as_str).collect();
        let query = EventPageQuery {
            batch: batch.as_deref(),
            q: &terms.join(" and "),
            order_by: "EventId:asc",
            shape: &shape,
            offset: 0,
            limit: PAGE,
        };
        let page = match client.event_page(&query).await {
            // So many are known that they cannot all be named.
            Err(Failure { kind: FailureKind::TooLong { .. }, .. }) if !found.values.is_empty() => break,
            page => page?,
        };
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
