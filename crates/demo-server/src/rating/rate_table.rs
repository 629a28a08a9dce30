//! The tables that the job rates by, as they stand in the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rest_contract::oracle::pricing::{Model, Tier};
use rust_decimal::Decimal;
use sqlx::Error;

use crate::database::{Connection, Statement};

/// A rate for one kind of usage in one currency.
#[derive(Clone, Debug)]
pub(super) struct Rate {
    pub model: Model,
    pub definition: String,
    pub unit: String,
    pub valid: (NaiveDate, NaiveDate),
    pub tiers: Vec<Tier>,
}

#[derive(Debug)]
pub(super) struct RateTable {
    /// By event type and currency.
    rates: BTreeMap<(String, String), Rate>,
    /// By event type, from-unit and to-unit.
    conversions: BTreeMap<(String, String, String), Decimal>,
    /// Decimal places of the active currencies.
    currencies: BTreeMap<String, u32>,
    /// The text and the advice of each known error.
    errors: BTreeMap<String, (String, String)>,
}

/// A number as it is stored.
pub(super) fn decimal(text: &str) -> Result<Decimal, Error> {
    rest_contract::read_decimal(text).map_err(|reason| Error::Decode(format!("{text:?} {reason}").into()))
}

fn day(text: &str) -> Result<NaiveDate, Error> {
    text.parse().map_err(|reason| Error::Decode(Box::new(reason)))
}

impl RateTable {
    pub(super) async fn load(connection: &mut Connection) -> Result<Self, Error> {
        Ok(Self {
            rates: rates(connection).await?,
            conversions: conversions(connection).await?,
            currencies: currencies(connection).await?,
            errors: errors(connection).await?,
        })
    }

    pub(super) fn rate(&self, event_type: &str, currency: &str, on: NaiveDate) -> Option<&Rate> {
        let rate = self.rates.get(&(event_type.to_owned(), currency.to_owned()))?;
        (rate.valid.0 <= on && on <= rate.valid.1).then_some(rate)
    }

    /// By what a quantity is multiplied to come from one unit to the other.
    pub(super) fn conversion(&self, event_type: &str, from: &str, to: &str) -> Option<Decimal> {
        if from == to {
            return Some(Decimal::ONE);
        }
        self.conversions.get(&(event_type.to_owned(), from.to_owned(), to.to_owned())).copied()
    }

    /// The decimal places of an active currency.
    pub(super) fn decimals(&self, currency: &str) -> Option<u32> {
        self.currencies.get(currency).copied()
    }

    /// What an error means, and what to do about it.
    pub(super) fn error(&self, name: &str) -> (&str, &str) {
        self.errors.get(name).map_or(("", ""), |(text, advice)| (text, advice))
    }
}

async fn rates(connection: &mut Connection) -> Result<BTreeMap<(String, String), Rate>, Error> {
    let sql = Statement::new(
        "SELECT event_type, currency_code, rating_model, charge_definition, charge_name, usage_unit_of_measure, \
         CAST(above_quantity AS TEXT), CAST(unit_price AS TEXT), valid_from, valid_to \
         FROM usage_rates ORDER BY event_type, currency_code, tier_number",
    );
    let mut rates = BTreeMap::new();
    for row in sql.rows(connection).await? {
        let text = |index: usize| row.try_get::<String, _>(index);
        let tier = Tier { name: text(4)?, above: decimal(&text(6)?)?, unit_price: decimal(&text(7)?)? };
        let new = Rate {
            model: if text(2)? == "ORA_VOLUME" { Model::Volume } else { Model::Tier },
            definition: text(3)?,
            unit: text(5)?,
            valid: (day(&text(8)?)?, day(&text(9)?)?),
            tiers: Vec::new(),
        };
        rates.entry((text(0)?, text(1)?)).or_insert(new).tiers.push(tier);
    }
    Ok(rates)
}

async fn conversions(
    connection: &mut Connection,
) -> Result<BTreeMap<(String, String, String), Decimal>, Error> {
    let sql = Statement::new(
        "SELECT event_type, from_unit_of_measure, to_unit_of_measure, CAST(conversion_rate AS TEXT) FROM unit_conversions",
    );
    let rows = sql.rows(connection).await?;
    let one = |row: &crate::database::Row| {
        let rate: String = row.try_get(3)?;
        Ok(((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?), decimal(&rate)?))
    };
    rows.iter().map(one).collect()
}

async fn currencies(connection: &mut Connection) -> Result<BTreeMap<String, u32>, Error> {
    let sql = Statement::new("SELECT currency_code, CAST(\"precision\" AS BIGINT) FROM currencies");
    let rows = sql.rows(connection).await?;
    let one = |row: &crate::database::Row| {
        let decimals: i64 = row.try_get(1)?;
        Ok((row.try_get(0)?, u32::try_from(decimals).unwrap_or(2)))
    };
    rows.iter().map(one).collect()
}

async fn errors(connection: &mut Connection) -> Result<BTreeMap<String, (String, String)>, Error> {
    let sql = Statement::new("SELECT message_name, message_text, message_user_details FROM error_keys");
    let rows = sql.rows(connection).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?)))).collect()
}
