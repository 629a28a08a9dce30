//! One row of a FOCUS file, as the usage event and the charge that it becomes.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
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

    fn holds_zero(&self, record: &StringRecord, name: &str) -> bool {
        self.text(record, name).is_some_and(|text| text.contains('\0'))
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
        if let Some((name, _)) = columns.places.iter().find(|(name, _)| columns.holds_zero(record, name)) {
            return Err(format!("{name} holds a zero character, which no database text can"));
        }
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
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| format!("{column} {text:?} is not a date and time"))
}

/// Whether a text is short enough for the field that it goes into: never cut, the row is refused.
fn fits(schema: &Schema, field: &str, column: &str, text: &str) -> Result<(), String> {
    let problem = schema.field(field).and_then(|field| field.check(&Value::Text(text.to_owned())).err());
    problem.map_or(Ok(()), |problem| Err(format!("{column} {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currencies() -> BTreeSet<String> {
        ["EUR", "JPY"].map(str::to_owned).into()
    }

    /// A file with this header, read to its end or to where it is malformed.
    fn rows(header: &[u8], body: &[u8]) -> Vec<Result<FocusRow, String>> {
        let file = [header, b"\n", body].concat();
        let mut reader = csv::Reader::from_reader(&*file);
        let Ok(headers) = reader.headers().cloned() else { return Vec::new() };
        let Ok(columns) = Columns::of(&headers) else { return Vec::new() };
        let records = reader.into_records().map_while(Result::ok);
        records.map(|record| FocusRow::read(&columns, &record, &currencies())).collect()
    }

    /// Cells that are nearly what they should be.
    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(vec![
                "",
                "NULL",
                "EUR",
                "eur",
                "Usage",
                "Hours",
                "GB",
                "1",
                "-0.50",
                "1e3",
                "1,5",
                "0x1",
                "NaN",
                "\u{0}",
                "79228162514264337593543950336",
                "2026-10-01 00:00:00",
                "2026-10-01T00:00:00Z",
                "2026-13-01 00:00:00",
                "+12026-10-01 00:00:00",
                "\"",
                "\"\"",
                "a\"b",
                "ü",
                "\u{feff}",
                "=1+1",
            ])
            .prop_map(str::to_owned),
            "[ -~]{0,12}",
            "[a-z]{118,124}",
        ]
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(header in prop::collection::vec(any::<u8>(), 0..60),
                                  body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = rows(&header, &body);
            let _ = rows(COLUMNS.join(",").as_bytes(), &body);
        }

        #[test]
        fn what_is_taken_is_what_the_row_says(
            cells in prop::collection::vec(prop::collection::vec(cell(), COLUMNS.len()), 1..4),
            wrong in prop::collection::vec(0..COLUMNS.len(), 0..3),
        ) {
            // Right but for a few cells, so that some rows are taken.
            let right = ["1.50", "EUR", "Usage", "Storage", "2026-10-02 00:00:00", "2026-10-01 00:00:00", "3",
                         "GB", "id", "2", "3", "GB", "r", "sku", "price"];
            let mut file = csv::Writer::from_writer(Vec::new());
            let mut sent = Vec::new();
            for (number, noise) in cells.iter().enumerate() {
                let mut row = right.map(str::to_owned);
                row[8] = format!("id-{number}");
                for place in &wrong {
                    row[*place].clone_from(&noise[*place]);
                }
                file.write_record(&row).unwrap();
                sent.push(row);
            }
            let found = rows(COLUMNS.join(",").as_bytes(), &file.into_inner().unwrap());
            prop_assert_eq!(found.len(), sent.len());
            for (found, sent) in found.into_iter().zip(sent) {
                if wrong.is_empty() {
                    prop_assert!(found.is_ok(), "{:?}", found);
                }
                let Ok(row) = found else { continue };
                prop_assert_eq!(&row.event_number, sent[8].trim());
                prop_assert_eq!(Ok(row.billed), read_decimal(sent[0].trim()));
                prop_assert_eq!(&row.currency, sent[1].trim());
                prop_assert!(row.start <= row.end && row.event_number.chars().count() <= 120);
                prop_assert!(!format!("{row:?}").contains("\\0"), "{:?}", row);
            }
        }
    }
}
