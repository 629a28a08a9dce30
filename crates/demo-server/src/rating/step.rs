//! One step of the job: some events of a claimed batch, all of what follows from them, and the claim
//! itself, in one transaction. A step that is cut off never was; the next one does the same again.

use chrono::{DateTime, Utc};
use rest_contract::Value;
use rest_contract::oracle::life_cycle::{BatchType, EventStatus, completed};
use rust_decimal::Decimal;
use sqlx::Error;

use super::allowances::Allowances;
use super::charges::{self, Bearing, CREDIT, Charge};
use super::rate_table::RateTable;
use super::submitted_event::{self, Fault, NO_PRICE, Rated, SubmittedEvent};
use super::{CLAIM_HOLDS, Claim, JOB_NAME, moment};
use crate::database::{BulkInsert, Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::{ERRORS, STAMP_COLUMNS, Stamp, Subject, add_history, note_in_batch};

/// Few enough that people's own changes wait no longer than a blink.
const EVENTS_PER_STEP: i64 = 200;

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many events were done; there may be more.
    Rated(usize),
    /// The batch is completed and no longer in the list of work.
    Completed,
    /// Another server holds the batch by now, or it is gone. Nothing was done.
    ClaimLost,
}

/// Does the next step of the claimed batch.
pub(super) async fn take(
    database: &Database,
    claim: &Claim,
    given: Option<DateTime<Utc>>,
) -> Result<Progress, Error> {
    let mut transaction = database.begin_write().await?;
    let until = (moment(database, given).await? + CLAIM_HOLDS).timestamp_micros();
    if !claim.renew(&mut transaction, until).await? {
        return Ok(Progress::ClaimLost);
    }
    let events = submitted_event::next_of(&mut transaction, claim.batch_id, EVENTS_PER_STEP).await?;
    let stamp = Stamp::now(JOB_NAME, &claim.holder);
    let progress = if events.is_empty() {
        complete(&mut transaction, &stamp, claim).await?;
        Progress::Completed
    } else {
        let re_rates = re_rates(&mut transaction, claim.batch_id).await?;
        let mut work = Work {
            table: RateTable::load(&mut transaction).await?,
            allowances: Allowances::default(),
            transaction: &mut transaction,
            stamp: &stamp,
            re_rates,
            batch_id: claim.batch_id,
        };
        for event in &events {
            work.process(event).await?;
        }
        let allowances = work.allowances;
        allowances.write_back(&mut transaction).await?;
        Progress::Rated(events.len())
    };
    transaction.commit().await?;
    Ok(progress)
}

struct Work<'a> {
    transaction: &'a mut Transaction,
    stamp: &'a Stamp,
    batch_id: i64,
    /// Whether the batch re-rates: then it is what all its charges refer to, so that an event that is rated
    /// here for the first time is told from one that was billed before.
    re_rates: bool,
    table: RateTable,
    allowances: Allowances,
}

impl Work<'_> {
    async fn process(&mut self, event: &SubmittedEvent) -> Result<(), Error> {
        let standing = charges::standing(self.transaction, event.reverses.unwrap_or(event.id)).await?;
        match event.reverses {
            Some(original) => self.reverse(event, original, &standing).await,
            None if event.pre_rated => {
                let fault = standing.is_empty().then(|| Fault {
                    cause: NO_PRICE,
                    particulars: "The event was rated elsewhere, but has no charges.".to_owned(),
                });
                self.settle(event, None, fault).await
            }
            None => self.rate(event, &standing).await,
        }
    }

    /// Takes the original's charges back on the reversing event, and marks the original reversed.
    async fn reverse(
        &mut self,
        event: &SubmittedEvent,
        original: i64,
        standing: &[Charge],
    ) -> Result<(), Error> {
        let taken_back = standing.iter().map(Charge::taken_back).collect::<Vec<_>>();
        let bearing = Bearing {
            event_id: event.id,
            parent_entity: "ORA_USAGE_EVENT",
            parent_id: original,
            superseded_by: None,
        };
        charges::add(self.transaction, self.stamp, bearing, &taken_back).await?;
        self.consume(&taken_back).await?;
        let mut sql = Statement::new("UPDATE usage_events SET event_status = ");
        sql.bind(Parameter::text(EventStatus::Reversed.code())).push(", reverse_flag = FALSE, ");
        self.stamp.push_new_version(&mut sql);
        sql.push(" WHERE event_id = ").bind(Parameter::Integer(original));
        sql.push(" AND event_status = ").bind(Parameter::text(EventStatus::Processed.code()));
        sql.push(" RETURNING event_number, object_version_number");
        let rows = sql.rows(self.transaction).await?;
        let Some(row) = rows.first() else {
            return Err(Error::Protocol(format!(
                "the original of the event {} is not processed",
                event.number
            )));
        };
        let (number, version): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let states = (EventStatus::Processed, EventStatus::Reversed);
        self.note_status(original, &number, version, states).await?;
        self.settle(event, None, None).await
    }

    /// Prices the event. What an earlier rating charged is credited in full first; what was never more
    /// than an estimate is dropped.
    async fn rate(&mut self, event: &SubmittedEvent, standing: &[Charge]) -> Result<(), Error> {
        // What it used before, it may use again.
        let taken_back = standing.iter().map(Charge::taken_back).collect::<Vec<_>>();
        self.consume(&taken_back).await?;
        let allowance =
            self.allowances.of(self.transaction, event.product.as_deref(), event.start_day).await?;
        match submitted_event::rate(event, &self.table, &allowance) {
            Ok(rated) => {
                let mut bearing = Bearing {
                    event_id: event.id,
                    parent_entity: "ORA_USAGE_EVENT",
                    parent_id: event.id,
                    superseded_by: None,
                };
                if self.re_rates {
                    (bearing.parent_entity, bearing.parent_id) = ("ORA_USAGE_BATCH", self.batch_id);
                }
                if event.rated_before {
                    let credits = taken_back.into_iter();
                    let credits =
                        credits.map(|charge| Charge { definition: Some(CREDIT.to_owned()), ..charge });
                    charges::supersede(self.transaction, event.id, self.batch_id).await?;
                    let of_credits = Bearing { superseded_by: Some(self.batch_id), ..bearing };
                    charges::add(self.transaction, self.stamp, of_credits, &credits.collect::<Vec<_>>())
                        .await?;
                } else {
                    charges::drop_estimates(self.transaction, event.id).await?;
                }
                charges::add(self.transaction, self.stamp, bearing, &rated.charges).await?;
                self.consume(&rated.charges).await?;
                self.settle(event, Some(&rated), None).await
            }
            Err(fault) => {
                let as_before = standing.to_vec();
                self.consume(&as_before).await?;
                self.settle(event, None, Some(fault)).await
            }
        }
    }

    async fn consume(&mut self, charges: &[Charge]) -> Result<(), Error> {
        for charge in charges {
            if let (Some(id), Some(covered)) = (charge.allowance_id, charge.covered) {
                self.allowances.consume(self.transaction, id, covered).await?;
            }
        }
        Ok(())
    }

    /// Writes what became of the event itself. One that was rated before and could not be rated again
    /// stays processed at its old amounts, with the reason beside it.
    async fn settle(
        &mut self,
        event: &SubmittedEvent,
        rated: Option<&Rated>,
        fault: Option<Fault>,
    ) -> Result<(), Error> {
        let status =
            if fault.is_some() && !event.rated_before { EventStatus::Error } else { EventStatus::Processed };
        self.forget_errors(event.id).await?;
        let mut sql = Statement::new("UPDATE usage_events SET event_status = ");
        sql.bind(Parameter::text(status.code())).push(", reverse_flag = ");
        sql.bind(Parameter::Boolean(status == EventStatus::Processed && event.reverses.is_none()));
        sql.push(", home_batch_id = NULL, error = ");
        sql.bind(fault.as_ref().map_or(Parameter::Null, |fault| Parameter::text(fault.cause)));
        if let Some(rated) = rated {
            sql.push(", usage_quantity = ").bind(Parameter::Decimal(rated.used.to_string()));
            sql.push(", usage_unit_of_measure = ").bind(Parameter::text(&rated.used_unit));
        }
        if fault.is_none() {
            sql.push(", priced_on = ").bind(self.stamp.instant());
        }
        sql.push(", ");
        self.stamp.push_new_version(&mut sql);
        sql.push(" WHERE event_id = ").bind(Parameter::Integer(event.id));
        sql.push(" AND event_status = ").bind(Parameter::text(EventStatus::InProcess.code()));
        if sql.execute(self.transaction).await? != 1 {
            return Err(Error::Protocol(format!("the event {} was not in process", event.number)));
        }
        let states = (EventStatus::InProcess, status);
        self.note_status(event.id, &event.number, event.version + 1, states).await?;
        if let Some(rated) = rated {
            self.note_quantity(event, rated.used).await?;
        }
        self.note_error(event, fault.as_ref().map(|fault| fault.cause)).await?;
        match fault {
            Some(fault) => self.say(event, &fault).await,
            None => Ok(()),
        }
    }

    async fn note_status(
        &mut self,
        id: i64,
        number: &str,
        version: i64,
        (before, after): (EventStatus, EventStatus),
    ) -> Result<(), Error> {
        let subject = Subject { resource: "usageEvents", id, key: number, version };
        let value = |status: EventStatus| Value::Text(status.code().to_owned());
        let change = ("EventStatus", &value(before), &value(after));
        add_history(self.transaction, self.stamp, subject, [change]).await
    }

    async fn note_quantity(&mut self, event: &SubmittedEvent, used: Decimal) -> Result<(), Error> {
        let Some(before) = event.used.filter(|before| *before != used) else { return Ok(()) };
        let subject =
            Subject { resource: "usageEvents", id: event.id, key: &event.number, version: event.version + 1 };
        let change = ("UsageQuantity", &Value::Decimal(before), &Value::Decimal(used));
        add_history(self.transaction, self.stamp, subject, [change]).await
    }

    /// Messages are gone once the event is rated: the history alone tells that it failed, and for what.
    async fn note_error(&mut self, event: &SubmittedEvent, cause: Option<&str>) -> Result<(), Error> {
        if event.error.as_deref() == cause {
            return Ok(());
        }
        let subject =
            Subject { resource: "usageEvents", id: event.id, key: &event.number, version: event.version + 1 };
        let value = |cause: Option<&str>| cause.map_or(Value::Null, |cause| Value::Text(cause.to_owned()));
        let change = ("Error", &value(event.error.as_deref()), &value(cause));
        add_history(self.transaction, self.stamp, subject, [change]).await
    }

    /// What an earlier rating had to say is no longer true.
    async fn forget_errors(&mut self, event_id: i64) -> Result<(), Error> {
        let mut sql =
            Statement::new("DELETE FROM usage_messages WHERE message_type = 'ORA_ERROR' AND created_by = ");
        sql.bind(Parameter::text(JOB_NAME)).push(" AND event_id = ").bind(Parameter::Integer(event_id));
        sql.execute(self.transaction).await.map(|_| ())
    }

    async fn say(&mut self, event: &SubmittedEvent, fault: &Fault) -> Result<(), Error> {
        let id = Database::take_ids(self.transaction, "usage_messages", 1).await?;
        let (text, advice) = self.table.error(fault.cause);
        let columns = [
            "usage_message_id",
            "event_id",
            "message_name",
            "message_type",
            "message_text",
            "translated_message_text",
            "additional_message_text",
            "message_user_details",
            "parent_entity",
            "parent_entity_id",
        ];
        let columns = columns.into_iter().chain(STAMP_COLUMNS).collect::<Vec<_>>();
        let mut rows = BulkInsert::new("usage_messages", &columns);
        let [created_by, created, changed_by, changed, login] = self.stamp.of_new_row();
        rows.push([
            Parameter::Integer(id),
            Parameter::Integer(event.id),
            Parameter::text(fault.cause),
            Parameter::text("ORA_ERROR"),
            Parameter::text(text),
            Parameter::text(text),
            Parameter::text(&fault.particulars),
            Parameter::text(advice),
            Parameter::text("ORA_USAGE_EVENT"),
            Parameter::Integer(event.id),
            created_by,
            created,
            changed_by,
            changed,
            login,
        ]);
        rows.flush(self.transaction).await?;
        note_in_batch(self.transaction, self.stamp, ERRORS, self.batch_id, fault.cause).await
    }
}

async fn re_rates(transaction: &mut Transaction, batch_id: i64) -> Result<bool, Error> {
    let mut sql = Statement::new("SELECT usage_type FROM usage_event_batches WHERE usage_batch_id = ");
    sql.bind(Parameter::Integer(batch_id));
    let rows = sql.rows(transaction).await?;
    let code = rows.first().map(|row| row.try_get::<Option<String>, _>(0)).transpose()?.flatten();
    Ok(code.as_deref().and_then(BatchType::of) == Some(BatchType::Rerate))
}

/// Closes a batch whose events are all done, and takes it off the list of work.
async fn complete(transaction: &mut Transaction, stamp: &Stamp, claim: &Claim) -> Result<(), Error> {
    let connection: &mut Connection = transaction;
    let mut counts = Statement::new(
        "SELECT event_status FROM batch_event_counts WHERE event_count > 0 AND usage_batch_id = ",
    );
    counts.bind(Parameter::Integer(claim.batch_id));
    let rows = counts.rows(connection).await?;
    let codes = rows.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()?;
    let mut failed = Statement::new(
        "SELECT COUNT(*) FROM usage_events WHERE error IS NOT NULL AND event_status = 'ORA_PROCESSED' AND usage_batch_id = ",
    );
    failed.bind(Parameter::Integer(claim.batch_id));
    let some_failed = failed.integer(connection).await? > 0;
    let status = completed(codes.iter().filter_map(|code| EventStatus::of(code)), some_failed);

    let mut sql = Statement::new("UPDATE usage_event_batches SET batch_status = ");
    sql.bind(Parameter::text(status.code())).push(", processed_datetime = ").bind(stamp.instant()).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE usage_batch_id = ").bind(Parameter::Integer(claim.batch_id));
    sql.push(" RETURNING batch_number, object_version_number");
    let rows = sql.rows(connection).await?;
    if let Some(row) = rows.first() {
        let (number, version): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let subject =
            Subject { resource: "subscriptionUsageEventBatches", id: claim.batch_id, key: &number, version };
        let value = |code: &str| Value::Text(code.to_owned());
        let change = ("BatchStatus", &value("ORA_IN_PROCESS"), &value(status.code()));
        add_history(transaction, stamp, subject, [change]).await?;
    }
    let mut sql = Statement::new("DELETE FROM rating_work WHERE usage_batch_id = ");
    sql.bind(Parameter::Integer(claim.batch_id));
    sql.execute(transaction).await.map(|_| ())
}
