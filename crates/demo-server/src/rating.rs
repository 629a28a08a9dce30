//! The rating job ("Rate Subscription Usage Events"), inside the server: rates the events of submitted
//! batches by the tables that everybody can see, re-rates, and carries reversals out.
//!
//! What is to be done stands in the database (`rating_work`), and so does who does it: a server claims
//! a batch for some seconds and renews the claim with every step. Each step is one transaction: events,
//! charges, messages, counts and claim move together or not at all, so a job may be cut off at any
//! point, and a claim that is not renewed (by the database's clock, for servers' own need not agree) is taken over by whoever comes next.
//!
//! How an event is rated is this service's own (the vendor's rater is not public): usage = reported x
//! conversion rate; tiers or volume over the event's own quantity; an allowance of the product and
//! month is used up first, in the order of processing; extended, allowance and billed amounts as
//! `rest_contract::oracle::pricing` says.
//!
//! - *Rating*: charges refer to their event. What an event in draft had is replaced.
//! - *Re-rating*: what stood is credited (`ChargeDefinition` ORA_CREDIT) and charged anew; both refer
//!   to the re-rating batch (`ParentEntity` ORA_USAGE_BATCH, `ParentEntityId`). So a client reads from the
//!   event's charges what it cost before (the credits, negated) and costs now (the others), and the sum of
//!   all charges of an event is always what it is billed. An event that is rated there for the first time
//!   has charges that refer to the batch as well, and no credits. One that cannot be re-rated keeps its
//!   amounts and gets the reason.
//! - *Reversal*: the reversing event gets the original's charges with every sign turned, referring to
//!   the original, which becomes reversed. What is put beside it to replace the original is rated.
//!
//! Not here: which batches may be submitted (`rest_contract::oracle::life_cycle`).

mod allowances;
mod charges;
mod expected;
mod rate_table;
mod step;
mod submitted_event;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Error;
use tokio::sync::Notify;

use crate::access_tokens::hex;
use crate::database::{Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::Stamp;
pub(crate) use expected::{handed_over, of_batch as expected_of_batch};
pub use step::Progress;

/// Who the job is in `CreatedBy` and `LastUpdatedBy`.
pub const JOB_NAME: &str = "Rate Subscription Usage Events";

/// How long a claim holds without a sign of life. A step takes a small part of it.
pub const CLAIM_HOLDS: TimeDelta = TimeDelta::seconds(5);

/// How often the list of work is looked at without being called: for what another server was told,
/// and what a dead one has left.
const LOOK_AFTER: Duration = Duration::from_secs(2);

/// Calls the rating job of this process.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// The job of one server.
#[derive(Clone, Debug)]
pub struct Job {
    database: Database,
    /// Tells this job's claims from others'.
    name: String,
}

/// A batch that is this job's to process.
#[derive(Clone, Debug)]
pub struct Claim {
    pub batch_id: i64,
    /// The job that holds it; in the history it stands for a request's id.
    holder: String,
}

impl Job {
    pub fn new(database: Database) -> Self {
        let mut bytes = [0_u8; 12];
        // Without random bytes two jobs could share a name. Their steps would still be transactions
        // that find each event in process or leave it alone.
        let _ = getrandom::fill(&mut bytes);
        Self { database, name: hex(&bytes) }
    }

    /// Works for as long as the server runs.
    pub async fn run(self, bell: Bell) {
        loop {
            if let Err(reason) = self.work_off().await {
                tracing::error!(%reason, "the rating job was broken off and begins again");
            }
            let called = tokio::time::timeout(LOOK_AFTER, bell.0.notified());
            // Called or not, there may be something to do.
            let _ = called.await;
        }
    }

    /// Does everything there is to do, and answers how many batches were completed.
    pub async fn work_off(&self) -> Result<usize, Error> {
        let mut completed = 0;
        while let Some(claim) = self.claim_next().await? {
            loop {
                match step::take(&self.database, &claim, None).await {
                    Ok(Progress::Rated(events)) => tracing::debug!(batch = claim.batch_id, events, "rated"),
                    Ok(Progress::Completed) => {
                        completed += 1;
                        break;
                    }
                    Ok(Progress::ClaimLost) => break,
                    Err(reason) => {
                        self.put_last(&claim).await?;
                        return Err(reason);
                    }
                }
            }
        }
        Ok(completed)
    }

    /// Claims what is to be done next, at this moment.
    pub async fn claim_next(&self) -> Result<Option<Claim>, Error> {
        self.claim_at(None).await
    }

    /// Claims the batch that has waited longest, if there is one that nobody works on.
    pub async fn claim(&self, now: DateTime<Utc>) -> Result<Option<Claim>, Error> {
        self.claim_at(Some(now)).await
    }

    /// Without a moment given, the clock is read once the turn to write has come, for which the job may have waited:
    /// a claim is to hold from then on.
    async fn claim_at(&self, given: Option<DateTime<Utc>>) -> Result<Option<Claim>, Error> {
        let now = moment(&self.database, given).await?;
        let mut look = Statement::new("SELECT COUNT(*) FROM rating_work WHERE claimed_by = ");
        look.bind(Parameter::text(&self.name)).push(" OR claimed_until < ").bind(Parameter::instant(now));
        let mut snapshot = self.database.readers.begin().await?;
        if look.integer(&mut snapshot).await? == 0 {
            return Ok(None);
        }
        drop(snapshot);
        let mut transaction = self.database.begin_write().await?;
        let now = moment(&self.database, given).await?;
        let mut sql = Statement::new("UPDATE rating_work SET claimed_by = ");
        sql.bind(Parameter::text(&self.name)).push(", claimed_until = ");
        sql.bind(Parameter::instant(now + CLAIM_HOLDS)).push(" WHERE (claimed_by = ");
        sql.bind(Parameter::text(&self.name)).push(" OR claimed_until < ").bind(Parameter::instant(now));
        sql.push(") AND usage_batch_id = (SELECT w.usage_batch_id FROM rating_work w WHERE w.claimed_by = ");
        sql.bind(Parameter::text(&self.name)).push(" OR w.claimed_until < ").bind(Parameter::instant(now));
        sql.push(" ORDER BY w.submitted_at, w.usage_batch_id LIMIT 1) RETURNING usage_batch_id");
        let rows = sql.rows(&mut transaction).await?;
        let batch_id = rows.first().map(|row| row.try_get::<i64, _>(0)).transpose()?;
        transaction.commit().await?;
        Ok(batch_id.map(|batch_id| Claim { batch_id, holder: self.name.clone() }))
    }

    /// A batch that cannot be processed is tried again after all others, and keeps none from its turn.
    async fn put_last(&self, claim: &Claim) -> Result<(), Error> {
        let mut transaction = self.database.begin_write().await?;
        let now = self.database.now().await?;
        let mut sql = Statement::new("UPDATE rating_work SET claimed_until = 0, submitted_at = ");
        sql.bind(Parameter::instant(now)).push(" WHERE usage_batch_id = ");
        sql.bind(Parameter::Integer(claim.batch_id)).push(" AND claimed_by = ");
        sql.bind(Parameter::text(&claim.holder));
        sql.execute(&mut transaction).await?;
        transaction.commit().await
    }

    /// Does the next step of a claimed batch.
    pub async fn step(&self, claim: &Claim, now: DateTime<Utc>) -> Result<Progress, Error> {
        step::take(&self.database, claim, Some(now)).await
    }
}

/// A given moment, or else now.
async fn moment(database: &Database, given: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, Error> {
    Ok(match given {
        Some(moment) => moment,
        None => database.now().await?,
    })
}

impl Claim {
    /// Makes the claim hold longer; says no where it is no longer this job's.
    async fn renew(&self, connection: &mut Connection, until: i64) -> Result<bool, Error> {
        let mut sql = Statement::new("UPDATE rating_work SET claimed_until = ");
        sql.bind(Parameter::Integer(until)).push(" WHERE usage_batch_id = ");
        sql.bind(Parameter::Integer(self.batch_id)).push(" AND claimed_by = ");
        sql.bind(Parameter::text(&self.holder));
        Ok(sql.execute(connection).await? == 1)
    }
}

/// Puts a submitted batch into the list of work.
pub(crate) async fn add_work(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
) -> Result<(), Error> {
    let mut sql = Statement::new(
        "INSERT INTO rating_work (usage_batch_id, submitted_at, submitted_by, claimed_until) VALUES (",
    );
    sql.bind(Parameter::Integer(batch_id)).push(", ").bind(stamp.instant()).push(", ");
    sql.bind(Parameter::text(&stamp.by)).push(", 0) ON CONFLICT (usage_batch_id) DO NOTHING");
    sql.execute(transaction).await.map(|_| ())
}
