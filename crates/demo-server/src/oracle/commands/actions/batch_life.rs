//! Actions of one batch: adding and deleting events, locking, reverting, submitting.

use rest_contract::Value;
use rest_contract::oracle::life_cycle::BatchAction;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{SentRules, bad_argument};
use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::commands::{second_person, submission};
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::records::event_sets::{self, Outcome, Removal};
use crate::oracle::records::history::{self, Stamp, Subject};
use crate::oracle::records::life_cycle_state::BatchState;
use crate::oracle::records::selection_rules;
use crate::oracle::request::exchange::Exchange;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AddEvents<'a> {
    #[serde(borrow)]
    rule_builder_conditions: SentRules<'a>,
}

/// Adds the events that the rules mean. Rules in the body are kept with the batch; without any, the
/// ones it keeps are followed.
pub(super) async fn add_events(
    exchange: &Exchange,
    transaction: &mut Transaction,
    batch: &BatchState,
    arguments: AddEvents<'_>,
) -> Result<Json, Refusal> {
    batch.allows(BatchAction::AddEvents)?;
    let stamp = exchange.stamp();
    let rules = match arguments.rule_builder_conditions {
        Some(raw) => {
            let rules = selection_rules::read(raw)?;
            selection_rules::keep(transaction, &stamp, batch.id, &rules).await?;
            rules
        }
        None => selection_rules::stored(transaction, batch.id).await?,
    };
    let mut condition = Statement::new("t.usage_batch_id <> ");
    condition.bind(Parameter::Integer(batch.id)).push(" AND ");
    condition.append(&selection_rules::condition(&rules)?);
    let outcome = event_sets::add(transaction, &stamp, batch, &condition).await?;
    Ok(result_of(&outcome, "added to", &batch.number))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeleteEvents<'a> {
    mode: Option<String>,
    #[serde(borrow)]
    rule_builder_conditions: SentRules<'a>,
}

/// Takes all events out of the batch, or those that rules mean.
pub(super) async fn delete_events(
    exchange: &Exchange,
    transaction: &mut Transaction,
    batch: &BatchState,
    arguments: DeleteEvents<'_>,
) -> Result<Json, Refusal> {
    batch.allows(BatchAction::DeleteEvents)?;
    let mode = arguments.mode.unwrap_or_default().to_ascii_uppercase();
    let condition = match (mode.as_str(), arguments.rule_builder_conditions) {
        ("ALL", _) => Statement::new("TRUE"),
        ("RULE", Some(raw)) => selection_rules::condition(&selection_rules::read(raw)?)?,
        ("RULE", None) => {
            let detail = "The mode RULE needs ruleBuilderConditions.";
            return Err(Refusal::bad_request(code::REQUIRED, "/ruleBuilderConditions", detail));
        }
        _ => return Err(bad_argument("mode", format!("The mode is ALL or RULE, not {mode:?}."))),
    };
    let outcome =
        event_sets::take_out(transaction, &exchange.stamp(), batch, Removal::Matching(&condition)).await?;
    Ok(result_of(&outcome, "taken out of", &batch.number))
}

fn result_of(outcome: &Outcome, verb: &str, batch: &str) -> Json {
    let left_out = outcome.matched - outcome.done;
    let mut message = format!("{} usage events were {verb} the batch {batch}.", outcome.done);
    if left_out > 0 {
        message.push_str(&format!(" {left_out} more match and were left out."));
    }
    let reasons = outcome
        .barred
        .iter()
        .map(|(reason, count)| json!({ "reason": reason.to_string(), "count": count }))
        .collect::<Vec<_>>();
    json!({
        "status": "SUCCESS",
        "message": message,
        "count": outcome.done,
        "matchedCount": outcome.matched,
        "leftOutCount": left_out,
        "leftOut": reasons,
        "batchNumber": batch,
    })
}

/// lockForReview, revert and submit.
pub(super) async fn move_on(
    exchange: &Exchange,
    transaction: &mut Transaction,
    action: &str,
    batch: &BatchState,
) -> Result<Json, Refusal> {
    let (action, verb) = match action {
        "lockForReview" => (BatchAction::LockForReview, "locked for review"),
        "revert" => (BatchAction::Revert, "reverted to Draft"),
        _ => (BatchAction::Submit, "submitted"),
    };
    batch.allows(action)?;
    let stamp = exchange.stamp();
    let pass = match action {
        BatchAction::Submit => Some(second_person::pass(transaction, &stamp, batch.id).await?),
        _ => None,
    };
    set_status(transaction, &stamp, batch, action).await?;
    let count = match pass {
        Some(pass) => submission::hand_over(transaction, &stamp, batch.id, pass).await?,
        None => 0,
    };
    let status = action.leads_to().map_or("", |status| status.code());
    Ok(json!({
        "status": "SUCCESS",
        "message": format!("The batch {} was {verb}.", batch.number),
        "count": count,
        "batchNumber": batch.number,
        "batchStatus": status,
    }))
}

async fn set_status(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch: &BatchState,
    action: BatchAction,
) -> Result<(), Refusal> {
    let (before, Some(after)) = (batch.facts.status, action.leads_to()) else { return Ok(()) };
    let mut sql = Statement::new("UPDATE usage_event_batches SET batch_status = ");
    sql.bind(Parameter::text(after.code())).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE usage_batch_id = ").bind(Parameter::Integer(batch.id));
    sql.push(" RETURNING object_version_number");
    let version = sql.integer(transaction).await?;
    let subject =
        Subject { resource: "subscriptionUsageEventBatches", id: batch.id, key: &batch.number, version };
    let (before, after) = (Value::Text(before.code().to_owned()), Value::Text(after.code().to_owned()));
    history::add(transaction, stamp, subject, [("BatchStatus", &before, &after)]).await?;
    Ok(())
}
