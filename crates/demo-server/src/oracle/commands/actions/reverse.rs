//! `reverse` of one usage event: a reversing event with the signs turned is put into an open reversal
//! batch. Amounts move when that batch is submitted and processed.

use rest_contract::oracle::life_cycle::{BatchAction, BatchType, EventAction};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::bad_argument;
use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::commands::creation_rules;
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::selection_rules::read_id;
use crate::oracle::records::{event_sets, life_cycle_state};
use crate::oracle::request::exchange::Exchange;

/// All optional. The batch is the one that the reversal goes into; the event is the one to be
/// reversed, which the path names already.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reverse<'a> {
    #[serde(borrow)]
    reverse_batch_id: Option<&'a RawValue>,
    reverse_batch_number: Option<String>,
    reverse_event_number: Option<String>,
}

pub(super) async fn perform(
    exchange: &Exchange,
    transaction: &mut Transaction,
    event_id: i64,
    arguments: Reverse<'_>,
) -> Result<Json, Refusal> {
    let event = life_cycle_state::event(transaction, event_id).await?;
    if let Some(number) = arguments.reverse_event_number.filter(|number| *number != event.number) {
        let text = format!("The path names the usage event {}, the argument {number}.", event.number);
        return Err(bad_argument("reverseEventNumber", text));
    }
    event.allows(EventAction::Reverse)?;
    let stamp = exchange.stamp();
    let named = named_batch(transaction, arguments.reverse_batch_id, arguments.reverse_batch_number).await?;
    let batch_id = match named {
        Some(batch_id) => batch_id,
        None => {
            let description = format!("Reversal of the usage event {}", event.number);
            let usage_type = BatchType::ReverseReplace.code();
            let of = Some(event_id);
            creation_rules::new_batch(transaction, &stamp, usage_type, &description, of).await?.0
        }
    };
    let batch = life_cycle_state::batch(transaction, batch_id).await?;
    if batch.facts.batch_type != BatchType::ReverseReplace {
        let text = format!("The batch {} is no reversal batch.", batch.number);
        return Err(bad_argument("reverseBatchNumber", text));
    }
    batch.allows(BatchAction::AddEvents)?;
    let mut condition = Statement::new("t.event_id = ");
    condition.bind(Parameter::Integer(event_id));
    let outcome = event_sets::add(transaction, &stamp, &batch, &condition).await?;
    let mut made =
        Statement::new("SELECT event_id, event_number FROM usage_events WHERE reverses_event_id = ");
    made.bind(Parameter::Integer(event_id));
    let made = made.rows(transaction).await?;
    let made = made.first().ok_or_else(|| Refusal::internal(&"the reversing event is not there"))?;
    let (id, number): (i64, String) = (made.try_get(0)?, made.try_get(1)?);
    Ok(json!({
        "status": "SUCCESS",
        "message": format!(
            "The usage event {} is taken back by {number} in the batch {}, once that batch is processed.",
            event.number, batch.number
        ),
        "count": outcome.done,
        "reverseBatchId": batch.id,
        "reverseBatchNumber": batch.number,
        "reversedEventNumber": event.number,
        "reversingEventId": id,
        "reversingEventNumber": number,
    }))
}

/// The batch that the arguments name; where both are sent, they must name the same.
async fn named_batch(
    transaction: &mut Transaction,
    id: Option<&RawValue>,
    number: Option<String>,
) -> Result<Option<i64>, Refusal> {
    let mut sql = Statement::new("SELECT usage_batch_id FROM usage_event_batches WHERE TRUE");
    let mut argument = None;
    if let Some(raw) = id {
        let id = read_id(raw)
            .ok_or_else(|| bad_argument("reverseBatchId", "reverseBatchId must be a whole number."))?;
        sql.push(" AND usage_batch_id = ").bind(Parameter::Integer(id));
        argument = Some("reverseBatchId");
    }
    if let Some(number) = number {
        sql.push(" AND batch_number = ").bind(Parameter::Text(number));
        argument = Some("reverseBatchNumber");
    }
    let Some(argument) = argument else { return Ok(None) };
    let rows = sql.rows(transaction).await?;
    let row = rows.first().ok_or_else(|| bad_argument(argument, "There is no such usage event batch."))?;
    Ok(Some(row.try_get(0)?))
}
