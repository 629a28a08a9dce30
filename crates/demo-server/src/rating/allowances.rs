//! Allowances while a step of the job is at work: read once, used up event by event, written back at
//! the end of the step.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::Error;

use super::rate_table::decimal;
use crate::database::{Connection, Parameter, Row, Statement};

/// What an event may use before it costs anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Allowance {
    /// The product has none.
    Without,
    /// The product has allowances, but none for that day.
    NoPeriod,
    Period {
        id: i64,
        left: Decimal,
    },
}

impl Allowance {
    pub(super) fn left(&self) -> Decimal {
        match self {
            Self::Period { left, .. } => *left,
            Self::Without | Self::NoPeriod => Decimal::ZERO,
        }
    }

    pub(super) fn id(&self) -> Option<i64> {
        match self {
            Self::Period { id, .. } => Some(*id),
            Self::Without | Self::NoPeriod => None,
        }
    }
}

#[derive(Debug)]
struct Register {
    allotted: Decimal,
    consumed: Decimal,
}

/// The registers that were touched. Each was locked when it was read, unless this is only to look.
#[derive(Debug, Default)]
pub(super) struct Allowances {
    registers: BTreeMap<i64, Register>,
    only_looks: bool,
    /// What was found for a product and day.
    found: BTreeMap<(String, NaiveDate), Found>,
}

#[derive(Clone, Copy, Debug)]
enum Found {
    Without,
    NoPeriod,
    Register(i64),
}

const LOCK: &str = "UPDATE usage_allowances SET object_version_number = object_version_number + 1 WHERE ";
const READ: &str = "usage_allowance_id, CAST(allotted_quantity AS TEXT), CAST(consumed_quantity AS TEXT)";

impl Allowances {
    /// For what is never written back.
    pub(super) fn to_look() -> Self {
        Self { only_looks: true, ..Self::default() }
    }

    /// What is left for a product on a day.
    pub(super) async fn of(
        &mut self,
        connection: &mut Connection,
        product: Option<&str>,
        day: Option<NaiveDate>,
    ) -> Result<Allowance, Error> {
        let (Some(product), Some(day)) = (product, day) else { return Ok(Allowance::Without) };
        let found = match self.found.get(&(product.to_owned(), day)) {
            Some(found) => *found,
            None => {
                let found = find(connection, product, day).await?;
                self.found.insert((product.to_owned(), day), found);
                found
            }
        };
        let id = match found {
            Found::Without => return Ok(Allowance::Without),
            Found::NoPeriod => return Ok(Allowance::NoPeriod),
            Found::Register(id) => id,
        };
        let register = self.register(connection, id).await?;
        let left = register.map_or(Decimal::ZERO, |register| register.allotted - register.consumed);
        Ok(Allowance::Period { id, left })
    }

    /// Uses up some of an allowance; a negative quantity gives it back.
    pub(super) async fn consume(
        &mut self,
        connection: &mut Connection,
        id: i64,
        quantity: Decimal,
    ) -> Result<(), Error> {
        if let Some(register) = self.register(connection, id).await? {
            register.consumed = (register.consumed + quantity).max(Decimal::ZERO);
        }
        Ok(())
    }

    async fn register(
        &mut self,
        connection: &mut Connection,
        id: i64,
    ) -> Result<Option<&mut Register>, Error> {
        if let Entry::Vacant(place) = self.registers.entry(id) {
            let mut sql = Statement::default();
            match self.only_looks {
                true => sql.push("SELECT ").push(READ).push(" FROM usage_allowances WHERE "),
                false => sql.push(LOCK),
            };
            sql.push("usage_allowance_id = ").bind(Parameter::Integer(id));
            if !self.only_looks {
                sql.push(" RETURNING ").push(READ);
            }
            if let Some(row) = sql.rows(connection).await?.first() {
                place.insert(read(row)?);
            }
        }
        Ok(self.registers.get_mut(&id))
    }

    pub(super) async fn write_back(self, connection: &mut Connection) -> Result<(), Error> {
        for (id, register) in self.registers {
            let mut sql = Statement::new("UPDATE usage_allowances SET consumed_quantity = ");
            sql.bind(Parameter::Decimal(register.consumed.normalize().to_string()));
            sql.push(" WHERE usage_allowance_id = ").bind(Parameter::Integer(id));
            sql.execute(connection).await?;
        }
        Ok(())
    }
}

async fn find(connection: &mut Connection, product: &str, day: NaiveDate) -> Result<Found, Error> {
    let day = day.to_string();
    let mut sql =
        Statement::new("SELECT usage_allowance_id FROM usage_allowances WHERE subscription_product_puid = ");
    sql.bind(Parameter::text(product)).push(" AND period_start <= ").bind(Parameter::text(&day));
    sql.push(" AND period_end >= ").bind(Parameter::Text(day));
    if let Some(row) = sql.rows(connection).await?.first() {
        return Ok(Found::Register(row.try_get(0)?));
    }
    let mut any = Statement::new("SELECT COUNT(*) FROM usage_allowances WHERE subscription_product_puid = ");
    any.bind(Parameter::text(product));
    let any = any.integer(connection).await? > 0;
    Ok(if any { Found::NoPeriod } else { Found::Without })
}

fn read(row: &Row) -> Result<Register, Error> {
    let (allotted, consumed): (String, String) = (row.try_get(1)?, row.try_get(2)?);
    Ok(Register { allotted: decimal(&allotted)?, consumed: decimal(&consumed)? })
}
