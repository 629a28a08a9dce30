//! Handing a batch to the rating job: its events in draft and ready, and those added to be re-rated,
//! go in process, which their history notes, and the batch stands in the list of work until the job has done it.
//! Whoever hands one over has passed the gate that asks for a second person.

use rest_contract::oracle::life_cycle::EventStatus;

use crate::approvals::Pass;
use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::history::{self, AtVersion, Stamp};
use crate::rating;

/// The batch itself is in process already, by the caller's doing, in the same transaction.
pub(in crate::oracle) async fn hand_over(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
    _: Pass,
) -> Result<u64, Refusal> {
    let which = rating::handed_over(batch_id);
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
