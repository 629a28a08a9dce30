//! The rating job: carries out what was submitted, inside the server.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::database::{Parameter, Statement, Transaction};
use crate::oracle::Stamp;

/// Wakes the rating job of this process.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Puts a submitted batch into the list of work.
pub(crate) async fn add_work(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
) -> Result<(), sqlx::Error> {
    let mut sql = Statement::new(
        "INSERT INTO rating_work (usage_batch_id, submitted_at, submitted_by, claimed_until) VALUES (",
    );
    sql.bind(Parameter::Integer(batch_id)).push(", ").bind(stamp.instant()).push(", ");
    sql.bind(Parameter::text(&stamp.by)).push(", 0) ON CONFLICT (usage_batch_id) DO NOTHING");
    sql.execute(transaction).await.map(|_| ())
}
