//! DELETE of an item (Oracle REST, "Delete a usage event" and its siblings), with what hangs on it. What
//! a deleted record held stays in the change history.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use rest_contract::Value;
use rest_contract::oracle::life_cycle::{BatchAction, EventAction};

use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::commands::approval_rule;
use crate::oracle::commands::change;
use crate::oracle::commands::change_rules;
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::query::selection::Selection;
use crate::oracle::records::event_sets::{self, Removal};
use crate::oracle::records::history::{self, Subject};
use crate::oracle::records::item;
use crate::oracle::records::life_cycle_state;
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;

pub(in crate::oracle) async fn item(
    exchange: &Exchange,
    transaction: &mut Transaction,
    key: &str,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let whole = Selection::whole(resource);
    let parent = exchange.find_parent(transaction).await?;
    let found = item::find(transaction, resource, parent, key, &whole).await?;
    let current = found.ok_or_else(|| missing(resource, key))?;
    if let Some(response) = exchange.precondition_failed(transaction, parent, &current, &whole).await? {
        return Ok(response);
    }
    if resource.table == approval_rule::TABLE {
        return approval_rule::lift(exchange, transaction, &current).await;
    }
    let stamp = exchange.stamp();
    // Before it goes, for the history tells which batch and event it belonged to.
    let subject = Subject {
        resource: resource.schema.resource,
        id: current.id,
        key: &current.key,
        version: current.version + 1,
    };
    let held = current.values.iter().filter(|(_, value)| *value != Value::Null);
    history::add(transaction, &stamp, subject, held.map(|(field, value)| (field.name, value, &Value::Null)))
        .await?;
    match resource.table {
        "usage_event_batches" => {
            let batch = life_cycle_state::batch(transaction, current.id).await?;
            batch.allows(BatchAction::Delete)?;
            event_sets::take_out(transaction, &stamp, &batch, Removal::Everything).await?;
            for table in [
                "rating_work",
                "rule_builder_conditions",
                "usage_event_batch_errors",
                "usage_event_batch_files",
                "batch_event_counts",
            ] {
                let mut sql = Statement::new(&format!("DELETE FROM {table} WHERE usage_batch_id = "));
                sql.bind(Parameter::Integer(current.id));
                sql.execute(transaction).await?;
            }
            remove(transaction, resource.table, resource.id_column, current.id).await?;
        }
        "usage_events" => {
            let event = life_cycle_state::event(transaction, current.id).await?;
            event.allows(EventAction::Delete)?;
            let mut which = Statement::new("t.event_id = ");
            which.bind(Parameter::Integer(current.id));
            event_sets::delete_events(transaction, &stamp, &which).await?;
        }
        table => {
            change_rules::is_open(transaction, resource, &current, parent).await?;
            remove(transaction, table, resource.id_column, current.id).await?;
            if let (true, Some(event_id)) = (change::resource_moves_its_event(resource), parent) {
                change::event_has_moved(transaction, &stamp, event_id).await?;
            }
        }
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn remove(transaction: &mut Transaction, table: &str, column: &str, id: i64) -> Result<(), Refusal> {
    let mut sql = Statement::new(&format!("DELETE FROM {table} WHERE {column} = "));
    sql.bind(Parameter::Integer(id));
    sql.execute(transaction).await?;
    Ok(())
}
