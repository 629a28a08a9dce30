//! Handing a batch to the rating job: its events in draft and ready, and those added to be re-rated,
//! go in process, which their history notes, and the batch stands in the list of work until the job has done it.

use rest_contract::oracle::life_cycle::EventStatus;

use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::history::{self, AtVersion, Stamp};
use crate::rating;

/// The batch itself is in process already, by the caller's doing, in the same transaction.
pub(in crate::oracle) async fn hand_over(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
) -> Result<u64, Refusal> {
    let mut which = Statement::new("t.usage_batch_id = ");
    which.bind(Parameter::Integer(batch_id)).push(" AND (t.event_status IN (");
    which.join(EventStatus::ALL.into_iter().filter(|status| status.is_submitted()), ", ", |sql, status| {
        sql.bind(Parameter::text(status.code()));
    });
    // What has a batch to go back to was added here, to be re-rated.
    which.push(") OR (t.home_batch_id IS NOT NULL AND t.event_status = ");
    which.bind(Parameter::text(EventStatus::Processed.code())).push("))");
    let mut in_process = Statement::default();
    in_process.bind(Parameter::text(EventStatus::InProcess.code()));
    // Noted first: afterwards nothing tells what they were before.
    let before = Statement::new("t.event_status");
    let change = ("EventStatus", &before, &in_process);
    history::add_for_events(transaction, stamp, AtVersion::Next, change, &which).await?;
    let mut sql = Statement::new("UPDATE usage_events AS t SET event_status = ");
    sql.append(&in_process).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE ").append(&which);
    let events = sql.execute(transaction).await?;
    rating::add_work(transaction, stamp, batch_id).await?;
    Ok(events)
}
