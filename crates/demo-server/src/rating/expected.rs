//! What a batch would come to if it were handed to the rating job now, by the job's own arithmetic and without writing
//! anything: the sizes of all charges that would be made or taken back, by currency.
//!
//! Allowances are as they will be when other batches that are handed over already are rated, for the job takes those
//! first. What they give back is not counted on, and what a re-rated event had of one counts as used still.

use std::collections::BTreeMap;

use rest_contract::ExactSum;
use rest_contract::oracle::life_cycle::EventStatus;
use rust_decimal::Decimal;
use sqlx::Error;

use super::allowances::Allowances;
use super::charges::Charge;
use super::rate_table::{RateTable, decimal};
use super::submitted_event::{self, SubmittedEvent};
use crate::database::{Connection, Parameter, Statement};

/// The condition (over `usage_events t`) that handing the batch over hands over the event: those in draft and ready, and
/// those that were added to be re-rated.
pub(crate) fn handed_over(batch_id: i64) -> Statement {
    let mut which = Statement::new("t.usage_batch_id = ");
    which.bind(Parameter::Integer(batch_id)).push(" AND (t.event_status IN (");
    which.join(EventStatus::ALL.into_iter().filter(|status| status.is_submitted()), ", ", |sql, status| {
        sql.bind(Parameter::text(status.code()));
    });
    // What has a batch to go back to was added here, to be re-rated.
    which.push(") OR (t.home_batch_id IS NOT NULL AND t.event_status = ");
    which.bind(Parameter::text(EventStatus::Processed.code())).push("))");
    which
}

#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub events: u64,
    /// Those of them that reverse another one.
    pub reversals: u64,
    /// Each charge without its sign; `None` holds charges without a currency.
    pub amounts: BTreeMap<Option<String>, ExactSum>,
    /// Events whose amount cannot be told.
    pub not_known: u64,
}

/// Charges that stand, with nothing where one has no amount, by event.
type Standing = BTreeMap<i64, Vec<(Option<String>, Option<Decimal>)>>;

pub(crate) async fn of_batch(connection: &mut Connection, batch_id: i64) -> Result<Expected, Error> {
    let which = handed_over(batch_id);
    let table = RateTable::load(connection).await?;
    let (mut allowances, mut expected) = (Allowances::to_look(), Expected::default());
    take_what_is_handed_over(connection, batch_id, &table, &mut allowances).await?;
    let standing = standing(connection, &which).await?;
    for event in submitted_event::of(connection, &which).await? {
        expected.events += 1;
        expected.reversals += u64::from(event.reverses.is_some());
        let charges = standing.get(&event.id).map(Vec::as_slice).unwrap_or_default();
        let is_known = expected.add_standing(charges)
            && if event.reverses.is_some() {
                true
            } else if event.pre_rated {
                !charges.is_empty()
            } else {
                expected.add_rated(connection, &event, &table, &mut allowances).await?
            };
        expected.not_known += u64::from(!is_known);
    }
    Ok(expected)
}

/// Uses up what other batches will use that are in process, of the allowances that this one may draw on.
async fn take_what_is_handed_over(
    connection: &mut Connection,
    batch_id: i64,
    table: &RateTable,
    allowances: &mut Allowances,
) -> Result<(), Error> {
    let mut which = Statement::new("t.event_status = ");
    which.bind(Parameter::text(EventStatus::InProcess.code())).push(" AND t.usage_batch_id <> ");
    which.bind(Parameter::Integer(batch_id));
    which.push(
        " AND t.reverses_event_id IS NULL AND t.subscription_product_puid IN (SELECT a.subscription_product_puid \
         FROM usage_allowances a JOIN usage_events n ON n.subscription_product_puid = a.subscription_product_puid \
         WHERE n.usage_batch_id = ",
    );
    which.bind(Parameter::Integer(batch_id)).push(")");
    for event in submitted_event::of(connection, &which).await?.iter().filter(|event| !event.pre_rated) {
        rated(connection, event, table, allowances).await?;
    }
    Ok(())
}

/// The event's charges, whose part of an allowance is used up; nothing where it cannot be rated.
async fn rated(
    connection: &mut Connection,
    event: &SubmittedEvent,
    table: &RateTable,
    allowances: &mut Allowances,
) -> Result<Option<Vec<Charge>>, Error> {
    let allowance = allowances.of(connection, event.product.as_deref(), event.start_day).await?;
    let Ok(rated) = submitted_event::rate(event, table, &allowance) else { return Ok(None) };
    for charge in &rated.charges {
        if let (Some(id), Some(covered)) = (charge.allowance_id, charge.covered) {
            allowances.consume(connection, id, covered).await?;
        }
    }
    Ok(Some(rated.charges))
}

impl Expected {
    fn add(&mut self, currency: Option<String>, amount: Decimal) {
        self.amounts.entry(currency).or_default().add(amount.abs());
    }

    /// Says whether each of them has an amount.
    fn add_standing(&mut self, charges: &[(Option<String>, Option<Decimal>)]) -> bool {
        for (currency, amount) in charges {
            if let Some(amount) = amount {
                self.add(currency.clone(), *amount);
            }
        }
        charges.iter().all(|(_, amount)| amount.is_some())
    }

    /// Says whether the event can be rated.
    async fn add_rated(
        &mut self,
        connection: &mut Connection,
        event: &SubmittedEvent,
        table: &RateTable,
        allowances: &mut Allowances,
    ) -> Result<bool, Error> {
        let Some(charges) = rated(connection, event, table, allowances).await? else { return Ok(false) };
        for charge in charges {
            self.add(charge.currency, charge.billed.unwrap_or_default());
        }
        Ok(true)
    }
}

/// Of a reversal these are its original's. What an event that was never rated has are estimates, which rating drops,
/// unless it was priced elsewhere.
async fn standing(connection: &mut Connection, which: &Statement) -> Result<Standing, Error> {
    let mut sql = Statement::new(
        "SELECT t.event_id, c.charge_currency, CAST(c.billed_amount AS TEXT) FROM usage_events t \
         JOIN usage_charges c ON c.event_id = COALESCE(t.reverses_event_id, t.event_id) \
         WHERE c.superseded_by_batch_id IS NULL AND (t.reverses_event_id IS NOT NULL \
         OR t.home_batch_id IS NOT NULL OR t.event_rating_type = 'ORA_PRE_RATED') AND ",
    );
    sql.append(which).push(" ORDER BY t.event_id, c.usage_charge_id");
    let mut standing = Standing::new();
    for row in sql.rows(connection).await? {
        let amount: Option<String> = row.try_get(2)?;
        let amount = amount.as_deref().map(decimal).transpose()?;
        standing.entry(row.try_get(0)?).or_default().push((row.try_get(1)?, amount));
    }
    Ok(standing)
}
