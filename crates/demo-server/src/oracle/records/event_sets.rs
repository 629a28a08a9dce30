//! What is done with many events at once, each by a handful of statements however many they are:
//! adding selected events to a batch, taking events out of one, deleting events.
//!
//! Which events may take part is asked of the life cycle, once for every combination of states there
//! is, and becomes the statement's condition: the rules stand in one place only.

use std::collections::BTreeMap;

use rest_contract::oracle::life_cycle::{
    BatchStatus, BatchType, EventAction, EventFacts, EventStatus, Reason, event_action,
};

use crate::database::{Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::closed_periods::HOLD_EVENT;
use crate::oracle::records::history::{self, AtVersion, STAMP_COLUMNS, Stamp};
use crate::oracle::records::life_cycle_state::BatchState;
use crate::oracle::records::selection_rules::FROM_EVENTS;

/// What became of a selection.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Outcome {
    pub matched: i64,
    pub done: i64,
    /// How many events were left out, by reason.
    pub barred: BTreeMap<Reason, i64>,
}

/// Counts what a condition (over `FROM_EVENTS`) matches, by whether the action is allowed.
async fn weigh(
    connection: &mut Connection,
    condition: &Statement,
    action: EventAction,
) -> Result<Outcome, Refusal> {
    let mut sql = Statement::new(
        "SELECT t.event_status, tb.batch_status, t.reverse_flag, t.reverses_event_id IS NOT NULL, COUNT(*), ",
    );
    sql.push(HOLD_EVENT).push(FROM_EVENTS).push("WHERE ").append(condition).push(" GROUP BY 1, 2, 3, 4, 6");
    let mut outcome = Outcome::default();
    for row in sql.rows(connection).await? {
        let (status, batch_status): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let count: i64 = row.try_get(4)?;
        outcome.matched += count;
        let (Some(status), Some(batch_status)) = (EventStatus::of(&status), BatchStatus::of(&batch_status))
        else {
            return Err(Refusal::internal(&format!(
                "the stored codes {status} and {batch_status} are not known"
            )));
        };
        let facts = EventFacts {
            status,
            can_be_reversed: row.try_get(2)?,
            is_reversal: row.try_get(3)?,
            batch_status,
            in_closed_period: row.try_get(5)?,
        };
        match event_action(facts, action) {
            Ok(()) => outcome.done += count,
            Err(reason) => *outcome.barred.entry(reason).or_default() += count,
        }
    }
    Ok(outcome)
}

/// The condition (over `FROM_EVENTS`) that the life cycle allows the action.
fn allowed(action: EventAction) -> Statement {
    let mut sql = Statement::new("NOT ");
    sql.push(HOLD_EVENT).push(" AND (FALSE");
    for status in EventStatus::ALL {
        for batch_status in BatchStatus::ALL {
            for (can_be_reversed, is_reversal) in [(false, false), (false, true), (true, false), (true, true)]
            {
                let facts = EventFacts {
                    status,
                    can_be_reversed,
                    is_reversal,
                    batch_status,
                    in_closed_period: false,
                };
                if event_action(facts, action).is_ok() {
                    sql.push(" OR (t.event_status = ").bind(Parameter::text(status.code()));
                    sql.push(" AND tb.batch_status = ").bind(Parameter::text(batch_status.code()));
                    sql.push(if can_be_reversed { " AND t.reverse_flag" } else { " AND NOT t.reverse_flag" });
                    sql.push(" AND t.reverses_event_id IS ");
                    sql.push(if is_reversal { "NOT NULL)" } else { "NULL)" });
                }
            }
        }
    }
    sql.push(")");
    sql
}

fn ids(condition: &Statement, action: EventAction) -> Statement {
    let mut sql = Statement::new("SELECT t.event_id");
    sql.push(FROM_EVENTS).push("WHERE ").append(condition).push(" AND ").append(&allowed(action));
    sql
}

/// Adds the events that the condition matches and the life cycle allows. A re-rating batch takes the
/// events themselves; for a reversal batch a reversing event is made for each. Neither has an effect
/// on amounts before the batch is submitted.
pub(in crate::oracle) async fn add(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch: &BatchState,
    condition: &Statement,
) -> Result<Outcome, Refusal> {
    let action = match batch.facts.batch_type {
        BatchType::ReverseReplace => EventAction::Reverse,
        BatchType::Rerate | BatchType::Rating => EventAction::Rerate,
    };
    let outcome = weigh(transaction, condition, action).await?;
    if outcome.done == 0 {
        return Ok(outcome);
    }
    let done = match action {
        EventAction::Reverse => make_reversals(transaction, stamp, batch, condition, outcome.done).await?,
        _ => bring_in(transaction, stamp, batch, condition).await?,
    };
    if i64::try_from(done).ok() != Some(outcome.done) {
        return Err(Refusal::internal(&format!("{} events were to be added, {done} were", outcome.done)));
    }
    Ok(outcome)
}

async fn bring_in(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch: &BatchState,
    condition: &Statement,
) -> Result<u64, Refusal> {
    let mut sql = Statement::new("UPDATE usage_events SET usage_batch_id = ");
    sql.bind(Parameter::Integer(batch.id));
    sql.push(
        ", home_batch_id = usage_batch_id, related_batch_id = COALESCE(related_batch_id, usage_batch_id), \
         reverse_flag = FALSE, ",
    );
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE event_id IN (").append(&ids(condition, EventAction::Rerate)).push(")");
    let done = sql.execute(transaction).await?;
    let mut which = Statement::new("t.usage_batch_id = ");
    which
        .bind(Parameter::Integer(batch.id))
        .push(" AND t.home_batch_id IS NOT NULL AND t.last_update_login = ");
    which.bind(Parameter::text(&stamp.request)).push(" AND t.last_update_date = ").bind(stamp.instant());
    let from = Statement::new(
        "(SELECT h.batch_number FROM usage_event_batches h WHERE h.usage_batch_id = t.home_batch_id)",
    );
    let mut to = Statement::default();
    to.bind(Parameter::text(&batch.number));
    history::add_for_events(transaction, stamp, AtVersion::Present, ("BatchNumber", &from, &to), &which)
        .await?;
    Ok(done)
}

/// What a reversing event repeats of its original.
const REPEATED: [&str; 16] = [
    "event_type",
    "event_type_id",
    "event_rating_type",
    "event_start_time",
    "event_end_time",
    "event_time_zone",
    "le_event_start_date",
    "service_id",
    "subscription_product_puid",
    "reported_usage_unit_of_measure",
    "usage_unit_of_measure",
    "currency_code",
    "corp_currency_code",
    "curcy_conv_rate_type",
    "rating_source",
    "file_name",
];

/// The number of a reversing event: its original's, marked. Cut, so that it fits; then the id makes it
/// unique.
const REVERSAL_NUMBER: &str = "CASE WHEN LENGTH(t.event_number) > 115 OR EXISTS (SELECT 1 FROM usage_events x \
     WHERE x.event_number = t.event_number || '-REV') THEN 'UE-' || CAST(t.event_id AS TEXT) || '-REV' \
     ELSE t.event_number || '-REV' END";

async fn make_reversals(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch: &BatchState,
    condition: &Statement,
    count: i64,
) -> Result<u64, Refusal> {
    let first = Database::take_ids(transaction, "usage_events", count).await?;
    let repeated = REPEATED.join(", ");
    let mut sql = Statement::new(&format!(
        "INSERT INTO usage_events (event_id, event_number, usage_batch_id, event_status, source_interface_type, \
         reported_usage_quantity, usage_quantity, reverse_flag, reverses_event_id, related_event_id, \
         related_batch_id, {repeated}, {}) SELECT ",
        STAMP_COLUMNS.join(", ")
    ));
    sql.bind(Parameter::Integer(first - 1));
    sql.push(&format!(" + ROW_NUMBER() OVER (ORDER BY t.event_id), {REVERSAL_NUMBER}, "));
    sql.bind(Parameter::Integer(batch.id)).push(", 'ORA_DRAFT', 'ORA_REST', ");
    sql.push(&transaction.negated_decimal("t.reported_usage_quantity")).push(", ");
    sql.push(&transaction.negated_decimal("t.usage_quantity"));
    sql.push(", FALSE, t.event_id, t.event_id, t.usage_batch_id, ");
    sql.join(REPEATED, ", ", |sql, column| {
        sql.push("t.").push(column);
    });
    for value in stamp.of_new_row() {
        sql.push(", ").bind(value);
    }
    sql.push(FROM_EVENTS)
        .push("WHERE ")
        .append(condition)
        .push(" AND ")
        .append(&allowed(EventAction::Reverse));
    let made = sql.execute(transaction).await?;

    // Both ways: the original names the event that takes it back, and cannot be reversed once more.
    let mut originals = Statement::new(
        "UPDATE usage_events SET reverse_flag = FALSE, related_event_id = (SELECT r.event_id FROM usage_events r \
         WHERE r.reverses_event_id = usage_events.event_id), related_batch_id = ",
    );
    originals.bind(Parameter::Integer(batch.id)).push(", ");
    stamp.push_new_version(&mut originals);
    originals.push(
        " WHERE event_id IN (SELECT n.reverses_event_id FROM usage_events n \
         WHERE n.reverses_event_id IS NOT NULL AND n.event_id >= ",
    );
    originals.bind(Parameter::Integer(first)).push(" AND n.event_id < ");
    originals.bind(Parameter::Integer(first + count)).push(")");
    let linked = originals.execute(transaction).await?;
    if linked != made {
        return Err(Refusal::internal(&format!("{made} reversing events, but {linked} originals")));
    }
    let mut which = Statement::new(
        "t.event_id IN (SELECT n.reverses_event_id FROM usage_events n \
         WHERE n.reverses_event_id IS NOT NULL AND n.event_id >= ",
    );
    which.bind(Parameter::Integer(first)).push(" AND n.event_id < ");
    which.bind(Parameter::Integer(first + count)).push(")");
    let (from, to) = (Statement::new("NULL"), Statement::new("CAST(t.related_event_id AS TEXT)"));
    history::add_for_events(transaction, stamp, AtVersion::Present, ("RelatedEventId", &from, &to), &which)
        .await?;
    Ok(made)
}

/// What is to leave a batch.
pub(in crate::oracle) enum Removal<'a> {
    /// All of it, because the batch itself goes.
    Everything,
    /// What a condition over `FROM_EVENTS` matches and the life cycle allows.
    Matching(&'a Statement),
}

/// Takes events out of a batch: those that were added to be re-rated go back to where they came from,
/// the others are deleted.
pub(in crate::oracle) async fn take_out(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch: &BatchState,
    removal: Removal<'_>,
) -> Result<Outcome, Refusal> {
    let mut all = Statement::new("t.usage_batch_id = ");
    all.bind(Parameter::Integer(batch.id));
    let (outcome, which) = match removal {
        Removal::Everything => (Outcome::default(), all),
        Removal::Matching(condition) => {
            all.push(" AND (").append(condition).push(")");
            let outcome = weigh(transaction, &all, EventAction::TakeOut).await?;
            let mut which = Statement::new("t.event_id IN (");
            which.append(&ids(&all, EventAction::TakeOut)).push(")");
            (outcome, which)
        }
    };
    let mut visitors = Statement::new("t.home_batch_id IS NOT NULL AND ");
    visitors.append(&which);
    let from = Statement::new(
        "(SELECT h.batch_number FROM usage_event_batches h WHERE h.usage_batch_id = t.usage_batch_id)",
    );
    let to = Statement::new(
        "(SELECT h.batch_number FROM usage_event_batches h WHERE h.usage_batch_id = t.home_batch_id)",
    );
    history::add_for_events(transaction, stamp, AtVersion::Next, ("BatchNumber", &from, &to), &visitors)
        .await?;
    let mut own = Statement::new("t.home_batch_id IS NULL AND ");
    own.append(&which);
    let (from, to) = (Statement::new("t.event_status"), Statement::new("NULL"));
    history::add_for_events(transaction, stamp, AtVersion::Present, ("EventStatus", &from, &to), &own)
        .await?;
    delete_events(transaction, stamp, &own).await?;

    let mut sql = Statement::new(
        "UPDATE usage_events SET usage_batch_id = home_batch_id, home_batch_id = NULL, reverse_flag = TRUE, \
         related_batch_id = CASE WHEN related_batch_id = home_batch_id THEN NULL ELSE related_batch_id END, ",
    );
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE event_id IN (SELECT t.event_id FROM usage_events t WHERE ").append(&visitors).push(")");
    sql.execute(transaction).await?;
    Ok(outcome)
}

/// Deletes the events that the condition (over `usage_events t`) names, with their charges and
/// messages. What a deleted event was to reverse can be reversed again.
pub(in crate::oracle) async fn delete_events(
    transaction: &mut Transaction,
    stamp: &Stamp,
    which: &Statement,
) -> Result<(), Refusal> {
    let mut originals = Statement::new(
        "event_id IN (SELECT t.reverses_event_id FROM usage_events t WHERE t.reverses_event_id IS NOT NULL AND ",
    );
    originals.append(which).push(")");
    let (from, to) = (Statement::new("CAST(t.related_event_id AS TEXT)"), Statement::new("NULL"));
    let mut named = Statement::new("t.related_event_id IS NOT NULL AND t.");
    named.append(&originals);
    history::add_for_events(transaction, stamp, AtVersion::Next, ("RelatedEventId", &from, &to), &named)
        .await?;
    let mut sql = Statement::new(
        "UPDATE usage_events SET reverse_flag = TRUE, related_event_id = NULL, related_batch_id = NULL, ",
    );
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE ").append(&originals);
    sql.execute(transaction).await?;
    for table in ["usage_charges", "usage_messages"] {
        let mut sql = Statement::new(&format!("DELETE FROM {table} WHERE event_id IN ("));
        sql.push("SELECT t.event_id FROM usage_events t WHERE ").append(which).push(")");
        sql.execute(transaction).await?;
    }
    let mut sql = Statement::new("DELETE FROM usage_events WHERE event_id IN (");
    sql.push("SELECT t.event_id FROM usage_events t WHERE ").append(which).push(")");
    sql.execute(transaction).await?;
    Ok(())
}
