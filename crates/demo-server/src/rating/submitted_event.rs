//! A submitted event as the job reads it, and what rating it comes to.

use chrono::NaiveDate;
use rest_contract::oracle::pricing::{converted, price};
use rust_decimal::Decimal;
use sqlx::Error;

use super::allowances::Allowance;
use super::charges::Charge;
use super::rate_table::{RateTable, decimal};
use crate::database::{Connection, Parameter, Row, Statement};

#[derive(Debug)]
pub(super) struct SubmittedEvent {
    pub id: i64,
    pub number: String,
    pub version: i64,
    pub event_type: Option<String>,
    pub pre_rated: bool,
    /// Microseconds since 1970.
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub start_day: Option<NaiveDate>,
    pub product: Option<String>,
    pub subscription_id: Option<i64>,
    pub product_id: Option<i64>,
    pub reported: Option<Decimal>,
    pub reported_unit: Option<String>,
    pub used: Option<Decimal>,
    pub used_unit: Option<String>,
    pub currency: Option<String>,
    /// The event that this one takes back.
    pub reverses: Option<i64>,
    /// Whether it was added to the batch, to be re-rated: then its charges are taken back, not replaced.
    /// `PricedOn` does not tell: people may write it.
    pub rated_before: bool,
    /// What an earlier rating failed for.
    pub error: Option<String>,
}

const COLUMNS: &str = "e.event_id, e.event_number, e.object_version_number, e.event_type, e.event_rating_type, \
     e.event_start_time, e.event_end_time, e.le_event_start_date, e.subscription_product_puid, p.subscription_id, \
     p.subscription_product_id, CAST(e.reported_usage_quantity AS TEXT), e.reported_usage_unit_of_measure, \
     CAST(e.usage_quantity AS TEXT), e.usage_unit_of_measure, e.currency_code, e.reverses_event_id, e.home_batch_id, \
     e.error";

/// The next events of a batch that wait for the job.
pub(super) async fn next_of(
    connection: &mut Connection,
    batch_id: i64,
    most: i64,
) -> Result<Vec<SubmittedEvent>, Error> {
    let mut sql = Statement::new(&format!(
        "SELECT {COLUMNS} FROM usage_events e LEFT JOIN subscription_products p \
         ON p.subscription_product_puid = e.subscription_product_puid WHERE e.usage_batch_id = "
    ));
    sql.bind(Parameter::Integer(batch_id));
    sql.push(" AND e.event_status = 'ORA_IN_PROCESS' ORDER BY e.event_id LIMIT ")
        .bind(Parameter::Integer(most));
    sql.rows(connection).await?.iter().map(read).collect()
}

/// The events that `which` (over `usage_events t`) names.
pub(super) async fn of(connection: &mut Connection, which: &Statement) -> Result<Vec<SubmittedEvent>, Error> {
    let mut sql = Statement::new(&format!(
        "SELECT {COLUMNS} FROM usage_events e LEFT JOIN subscription_products p \
         ON p.subscription_product_puid = e.subscription_product_puid \
         WHERE e.event_id IN (SELECT t.event_id FROM usage_events t WHERE "
    ));
    sql.append(which).push(") ORDER BY e.event_id");
    sql.rows(connection).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<SubmittedEvent, Error> {
    let number = |index: usize| {
        let text: Option<String> = row.try_get(index)?;
        text.as_deref().map(decimal).transpose()
    };
    let rating_type: Option<String> = row.try_get(4)?;
    let day: Option<String> = row.try_get(7)?;
    let home: Option<i64> = row.try_get(17)?;
    Ok(SubmittedEvent {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        version: row.try_get(2)?,
        event_type: row.try_get(3)?,
        pre_rated: rating_type.as_deref() == Some("ORA_PRE_RATED"),
        start: row.try_get(5)?,
        end: row.try_get(6)?,
        start_day: day.and_then(|day| day.parse().ok()),
        product: row.try_get(8)?,
        subscription_id: row.try_get(9)?,
        product_id: row.try_get(10)?,
        reported: number(11)?,
        reported_unit: row.try_get(12)?,
        used: number(13)?,
        used_unit: row.try_get(14)?,
        currency: row.try_get(15)?,
        reverses: row.try_get(16)?,
        rated_before: home.is_some(),
        error: row.try_get(18)?,
    })
}

/// Why an event could not be rated: a key of the list of errors, and the particulars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub cause: &'static str,
    pub particulars: String,
}

fn fault(cause: &'static str, particulars: String) -> Fault {
    Fault { cause, particulars }
}

pub(super) const NO_PRICE: &str = "OSS_NO_PRICE_LIST_LINE";
const UNIT_NOT_MAPPED: &str = "OSS_UOM_NOT_MAPPED";
const END_BEFORE_START: &str = "OSS_END_BEFORE_START";
const CURRENCY_NOT_ACTIVE: &str = "OSS_CURRENCY_NOT_ACTIVE";
const NO_ALLOWANCE_PERIOD: &str = "OSS_ALLOWANCE_PERIOD_MISSING";

/// What a rated event gets.
#[derive(Debug)]
pub(super) struct Rated {
    pub used: Decimal,
    pub used_unit: String,
    pub charges: Vec<Charge>,
}

/// Rates the event: reported quantity x conversion rate = used quantity, which is priced over the
/// tiers of the event's own quantity.
pub(super) fn rate(event: &SubmittedEvent, table: &RateTable, allowance: &Allowance) -> Result<Rated, Fault> {
    if let (Some(start), Some(end)) = (event.start, event.end)
        && end < start
    {
        return Err(fault(END_BEFORE_START, "The event ends before it starts.".to_owned()));
    }
    let currency = event.currency.as_deref().unwrap_or_default();
    let Some(decimals) = table.decimals(currency) else {
        return Err(fault(CURRENCY_NOT_ACTIVE, format!("Currency \"{currency}\" is not active.")));
    };
    let event_type = event.event_type.as_deref().unwrap_or_default();
    let day = event.start_day.unwrap_or_default();
    let rate = table.rate(event_type, currency, day).ok_or_else(|| {
        fault(NO_PRICE, format!("There is no price for {event_type} in {currency} on {day}."))
    })?;
    let (quantity, unit) = match (event.reported, &event.reported_unit) {
        (Some(quantity), Some(unit)) => (quantity, unit.as_str()),
        _ => (event.used.unwrap_or_default(), event.used_unit.as_deref().unwrap_or_default()),
    };
    let conversion = table.conversion(event_type, unit, &rate.unit).ok_or_else(|| {
        fault(UNIT_NOT_MAPPED, format!("Unit {unit} is not mapped to unit {} of {event_type}.", rate.unit))
    })?;
    if *allowance == Allowance::NoPeriod {
        let product = event.product.as_deref().unwrap_or_default();
        return Err(fault(
            NO_ALLOWANCE_PERIOD,
            format!("No allowance period of product {product} covers {day}."),
        ));
    }
    let too_large = || fault(NO_PRICE, "The amount has more digits than can be kept exactly.".to_owned());
    let used = converted(quantity, conversion).ok_or_else(too_large)?;
    let priced = price(rate.model, &rate.tiers, used, allowance.left(), decimals).ok_or_else(too_large)?;
    let charges = (1..).zip(priced).map(|(sequence, priced)| Charge {
        sequence: Some(sequence),
        definition: Some(rate.definition.clone()),
        currency: Some(currency.to_owned()),
        priced: Some(priced.quantity),
        priced_unit: Some(rate.unit.clone()),
        reported: Some(quantity),
        reported_unit: Some(unit.to_owned()),
        conversion: Some(conversion),
        extended: Some(priced.extended),
        allowance: Some(priced.allowance),
        billed: Some(priced.billed()),
        subscription_id: event.subscription_id,
        product_id: event.product_id,
        allowance_id: allowance.id().filter(|_| !priced.covered.is_zero()),
        covered: Some(priced.covered),
        name: Some(priced.name),
        ..Charge::default()
    });
    Ok(Rated { used, used_unit: rate.unit.clone(), charges: charges.collect() })
}
