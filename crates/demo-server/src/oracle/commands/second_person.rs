//! The gate before a batch is handed over, as this API answers: 409 with the reasons.

use axum::http::StatusCode;

use crate::approvals::{self, Held, Matter, Pass};
use crate::database::Transaction;
use crate::oracle::protocol::refusal::{Refusal, code, detail_of};
use crate::oracle::records::history::Stamp;

pub(in crate::oracle) async fn pass(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
) -> Result<Pass, Refusal> {
    approvals::pass(transaction, stamp, Matter::Batch(batch_id))
        .await?
        .map_err(|held: Held| conflict(held.sentences()))
}

/// What stands against an act or a decision, sentence by sentence.
pub(in crate::oracle) fn conflict(sentences: Vec<String>) -> Refusal {
    let details = sentences.into_iter().map(|sentence| detail_of(code::BUSINESS_RULE, "", sentence));
    Refusal::of_details(details.collect()).with_status(StatusCode::CONFLICT)
}
