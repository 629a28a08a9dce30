//! Charges as the job reads and writes them. A charge of a rated event is never changed or deleted by
//! the job: it is taken back by a credit, which has its sequence and name and every sign turned.

use rest_contract::oracle::pricing::negated;
use rust_decimal::Decimal;
use sqlx::Error;

use super::rate_table::decimal;
use crate::database::{BulkInsert, Connection, Database, Parameter, Row, Statement, Transaction};
use crate::oracle::{STAMP_COLUMNS, Stamp};

/// What takes a charge back when its event is re-rated.
pub(super) const CREDIT: &str = "ORA_CREDIT";

#[derive(Clone, Debug, Default)]
pub(super) struct Charge {
    pub sequence: Option<i64>,
    pub name: Option<String>,
    pub definition: Option<String>,
    pub definition_id: Option<i64>,
    pub currency: Option<String>,
    pub priced: Option<Decimal>,
    pub priced_unit: Option<String>,
    pub reported: Option<Decimal>,
    pub reported_unit: Option<String>,
    pub conversion: Option<Decimal>,
    pub extended: Option<Decimal>,
    pub allowance: Option<Decimal>,
    pub billed: Option<Decimal>,
    pub subscription_id: Option<i64>,
    pub product_id: Option<i64>,
    /// How much of the quantity an allowance covered, and which one.
    pub covered: Option<Decimal>,
    pub allowance_id: Option<i64>,
}

impl Charge {
    /// The same with every sign turned.
    pub(super) fn taken_back(&self) -> Self {
        let turned = |number: Option<Decimal>| number.map(negated);
        Self {
            priced: turned(self.priced),
            reported: turned(self.reported),
            extended: turned(self.extended),
            allowance: turned(self.allowance),
            billed: turned(self.billed),
            covered: turned(self.covered),
            ..self.clone()
        }
    }
}

/// The charges of an event that stand: neither taken back nor credits themselves.
pub(super) async fn standing(connection: &mut Connection, event_id: i64) -> Result<Vec<Charge>, Error> {
    let mut sql = Statement::new(
        "SELECT sequence_number, charge_name, charge_definition, charge_definition_id, \
         charge_currency, CAST(priced_quantity AS TEXT), priced_quantity_unit_of_measure, \
         CAST(user_reported_quantity AS TEXT), user_reported_unit_of_measure, CAST(conversion_rate AS TEXT), \
         CAST(extended_amount AS TEXT), CAST(allowance_amount AS TEXT), CAST(billed_amount AS TEXT), subscription_id, \
         subscription_product_id, CAST(allowance_quantity AS TEXT), usage_allowance_id \
         FROM usage_charges WHERE superseded_by_batch_id IS NULL AND event_id = ",
    );
    sql.bind(Parameter::Integer(event_id)).push(" ORDER BY usage_charge_id");
    sql.rows(connection).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Charge, Error> {
    let number = |index: usize| {
        let text: Option<String> = row.try_get(index)?;
        text.as_deref().map(decimal).transpose()
    };
    Ok(Charge {
        sequence: row.try_get(0)?,
        name: row.try_get(1)?,
        definition: row.try_get(2)?,
        definition_id: row.try_get(3)?,
        currency: row.try_get(4)?,
        priced: number(5)?,
        priced_unit: row.try_get(6)?,
        reported: number(7)?,
        reported_unit: row.try_get(8)?,
        conversion: number(9)?,
        extended: number(10)?,
        allowance: number(11)?,
        billed: number(12)?,
        subscription_id: row.try_get(13)?,
        product_id: row.try_get(14)?,
        covered: number(15)?,
        allowance_id: row.try_get(16)?,
    })
}

/// Where new charges hang, and what they refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearing {
    pub event_id: i64,
    pub parent_entity: &'static str,
    pub parent_id: i64,
    /// The re-rating batch, for a credit.
    pub superseded_by: Option<i64>,
}

/// Writes new charges.
pub(super) async fn add(
    transaction: &mut Transaction,
    stamp: &Stamp,
    bearing: Bearing,
    charges: &[Charge],
) -> Result<(), Error> {
    let count = i64::try_from(charges.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    let first = Database::take_ids(transaction, "usage_charges", count).await?;
    let columns = COLUMNS.into_iter().chain(STAMP_COLUMNS).collect::<Vec<_>>();
    let mut rows = BulkInsert::new("usage_charges", &columns);
    let text = |text: &Option<String>| text.as_deref().map_or(Parameter::Null, Parameter::text);
    let integer = |number: Option<i64>| number.map_or(Parameter::Null, Parameter::Integer);
    let number = |number: Option<Decimal>| {
        number.map_or(Parameter::Null, |number| Parameter::Decimal(number.to_string()))
    };
    for (id, charge) in (first..).zip(charges) {
        let [created_by, created, changed_by, changed, login] = stamp.of_new_row();
        rows.push([
            Parameter::Integer(id),
            Parameter::Text(format!("UC-{id}")),
            Parameter::Integer(bearing.event_id),
            integer(charge.sequence),
            text(&charge.name),
            text(&charge.definition),
            integer(charge.definition_id),
            text(&charge.currency),
            number(charge.priced),
            text(&charge.priced_unit),
            number(charge.reported),
            text(&charge.reported_unit),
            number(charge.conversion),
            number(charge.extended),
            number(charge.allowance),
            number(charge.billed),
            Parameter::text(bearing.parent_entity),
            Parameter::Integer(bearing.parent_id),
            integer(charge.subscription_id),
            integer(charge.product_id),
            number(charge.covered),
            integer(charge.allowance_id),
            integer(bearing.superseded_by),
            created_by,
            created,
            changed_by,
            changed,
            login,
        ]);
    }
    rows.flush(transaction).await
}

const COLUMNS: [&str; 23] = [
    "usage_charge_id",
    "usage_charge_puid",
    "event_id",
    "sequence_number",
    "charge_name",
    "charge_definition",
    "charge_definition_id",
    "charge_currency",
    "priced_quantity",
    "priced_quantity_unit_of_measure",
    "user_reported_quantity",
    "user_reported_unit_of_measure",
    "conversion_rate",
    "extended_amount",
    "allowance_amount",
    "billed_amount",
    "parent_entity",
    "parent_entity_id",
    "subscription_id",
    "subscription_product_id",
    "allowance_quantity",
    "usage_allowance_id",
    "superseded_by_batch_id",
];

/// Marks the standing charges of an event as taken back.
pub(super) async fn supersede(
    connection: &mut Connection,
    event_id: i64,
    batch_id: i64,
) -> Result<(), Error> {
    let mut sql = Statement::new("UPDATE usage_charges SET superseded_by_batch_id = ");
    sql.bind(Parameter::Integer(batch_id)).push(" WHERE superseded_by_batch_id IS NULL AND event_id = ");
    sql.bind(Parameter::Integer(event_id));
    sql.execute(connection).await.map(|_| ())
}

/// Drops the charges of an event that was never rated: they were estimates.
pub(super) async fn drop_estimates(connection: &mut Connection, event_id: i64) -> Result<(), Error> {
    let mut sql = Statement::new("DELETE FROM usage_charges WHERE event_id = ");
    sql.bind(Parameter::Integer(event_id));
    sql.execute(connection).await.map(|_| ())
}
