//! Handing a batch to the rating job: its events in draft and ready, and those added to be re-rated,
//! go in process, and the batch stands in the list of work until the job has done it.

use rest_contract::oracle::life_cycle::EventStatus;

use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::history::Stamp;
use crate::rating;

/// The batch itself is in process already, by the caller's doing, in the same transaction.
pub(in crate::oracle) async fn hand_over(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
) -> Result<u64, Refusal> {
    let mut sql = Statement::new("UPDATE usage_events SET event_status = ");
    sql.bind(Parameter::text(EventStatus::InProcess.code())).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE usage_batch_id = ").bind(Parameter::Integer(batch_id)).push(" AND (event_status IN (");
    sql.join(EventStatus::ALL.into_iter().filter(|status| status.is_submitted()), ", ", |sql, status| {
        sql.bind(Parameter::text(status.code()));
    });
    // What has a batch to go back to was added here, to be re-rated.
    sql.push(") OR (home_batch_id IS NOT NULL AND event_status = ");
    sql.bind(Parameter::text(EventStatus::Processed.code())).push("))");
    let events = sql.execute(transaction).await?;
    rating::add_work(transaction, stamp, batch_id).await?;
    Ok(events)
}
