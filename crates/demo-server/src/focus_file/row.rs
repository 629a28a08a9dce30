//! One row of a FOCUS file, as the usage event and the charge that it becomes.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use csv::StringRecord;
use rest_contract::{Schema, Value, oracle, read_decimal};
use rust_decimal::Decimal;

use super::unit_code::unit_code;

/// Where the columns stand that are read.
#[derive(Debug)]
pub(super) struct Columns {
    places: Vec<(&'static str, usize)>,
}

const COLUMNS: [&str; 15] = [
    "BilledCost",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "Id",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ResourceId",
    "SkuId",
    "SkuPriceId",
];

impl Columns {
    /// The places of all columns, or the first one that is missing.
    pub(super) fn of(headers: &StringRecord) -> Result<Self, &'static str> {
        let place = |name: &'static str| {
            let place = headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
            place.map(|place| (name, place)).ok_or(name)
        };
        Ok(Self { places: COLUMNS.into_iter().map(place).collect::<Result<_, _>>()? })
    }

    /// A cell's text; `NULL` as a word is how these files say that there is none.
    fn text<'a>(&self, record: &'a StringRecord, name: &str) -> Option<&'a str> {
        let (_, place) = self.places.iter().find(|(one, _)| *one == name)?;
        record.get(*place).map(str::trim).filter(|text| !text.is_empty() && *text != "NULL")
    }
}

#[derive(Debug)]
pub(super) struct FocusRow {
    pub(super) event_number: String,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) service_id: Option<String>,
    pub(super) product: String,
    pub(super) quantity: Decimal,
    pub(super) unit: &'static str,
    pub(super) currency: String,
    pub(super) billed: Decimal,
    pub(super) list_cost: Option<Decimal>,
    pub(super) charge_name: String,
    pub(super) charge_category: String,
}

impl FocusRow {
    /// Reads a row, or says why it cannot be an event.
    pub(super) fn read(
        columns: &Columns,
        record: &StringRecord,
        currencies: &BTreeSet<String>,
    ) -> Result<Self, String> {
        let text = |name: &str| columns.text(record, name);
        let needed = |name: &str| text(name).ok_or_else(|| format!("{name} is empty"));
        let amount = |name: &str| match text(name) {
            None => Ok(None),
            Some(digits) => {
                read_decimal(digits).map(Some).map_err(|reason| format!("{name} {digits:?} {reason}"))
            }
        };
        let (quantity, unit) = match (amount("ConsumedQuantity")?, text("ConsumedUnit")) {
            (Some(quantity), Some(unit)) => (quantity, unit),
            _ => (amount("PricingQuantity")?.ok_or("there is no quantity")?, needed("PricingUnit")?),
        };
        let row = Self {
            event_number: needed("Id")?.to_owned(),
            start: moment("ChargePeriodStart", needed("ChargePeriodStart")?)?,
            end: moment("ChargePeriodEnd", needed("ChargePeriodEnd")?)?,
            service_id: text("ResourceId").or_else(|| text("SkuPriceId")).map(str::to_owned),
            product: needed("SkuId")?.to_owned(),
            quantity,
            unit: unit_code(unit).ok_or_else(|| format!("there is no unit code for the unit {unit:?}"))?,
            currency: needed("BillingCurrency")?.to_owned(),
            billed: amount("BilledCost")?.ok_or("BilledCost is empty")?,
            list_cost: amount("ListCost")?,
            charge_name: needed("ChargeDescription")?.to_owned(),
            charge_category: needed("ChargeCategory")?.to_owned(),
        };
        if !currencies.contains(&row.currency) {
            return Err(format!("BillingCurrency {:?} is not an active currency", row.currency));
        }
        if row.end < row.start {
            return Err("ChargePeriodEnd lies before ChargePeriodStart".to_owned());
        }
        fits(&oracle::EVENT, "EventNumber", "Id", &row.event_number)?;
        fits(&oracle::EVENT, "ServiceId", "ResourceId", row.service_id.as_deref().unwrap_or_default())?;
        fits(&oracle::EVENT, "SubscriptionProductPuid", "SkuId", &row.product)?;
        fits(&oracle::CHARGE, "ChargeName", "ChargeDescription", &row.charge_name)?;
        fits(&oracle::CHARGE, "ChargeDefinition", "ChargeCategory", &row.charge_category)?;
        Ok(row)
    }
}

/// `2024-09-18 23:00:00` or ISO 8601, in UTC.
fn moment(column: &str, text: &str) -> Result<DateTime<Utc>, String> {
    let plain = || {
        let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.fZ"];
        let at = formats.into_iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        at.map(|at| at.and_utc())
    };
    rest_contract::read_date_time(text)
        .or_else(plain)
        .ok_or_else(|| format!("{column} {text:?} is not a date and time"))
}

/// Whether a text is short enough for the field that it goes into: never cut, the row is refused.
fn fits(schema: &Schema, field: &str, column: &str, text: &str) -> Result<(), String> {
    let problem = schema.field(field).and_then(|field| field.check(&Value::Text(text.to_owned())).err());
    problem.map_or(Ok(()), |problem| Err(format!("{column} {problem}")))
}
