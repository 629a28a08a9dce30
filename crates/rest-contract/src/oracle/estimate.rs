//! What an event is expected to cost once it is rated, from the lists that everybody can see, with the
//! inputs that the figure was made from. Where one of them is not known there is no figure, and the
//! reason in its place: a guess would be read as a price.
//!
//! An estimate is not a promise. What other events use up of the same allowance before this one is
//! processed is not known beforehand.
//!
//! Not here: reading the lists (`rate_lists` names them), and rating itself.

use super::charged_amounts::is_all_covered;
use super::pricing::{Model, Priced, Tier, converted, price};
use crate::{ExactSum, Record, Value};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a kind of usage costs in one currency, for some time.
#[derive(Clone, Debug)]
struct Rate {
    model: Model,
    unit: String,
    valid: (NaiveDate, NaiveDate),
    tiers: Vec<(i64, Tier)>,
}

/// What estimated events use up of allowances, so that one that is rated after another finds less: by
/// product and first day of the period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consumption(BTreeMap<(String, NaiveDate), Decimal>);

#[derive(Clone, Debug)]
struct Allowance {
    period: (NaiveDate, NaiveDate),
    left: Decimal,
}

/// The lists by which events are priced, as they were read.
#[derive(Clone, Debug, Default)]
pub struct RateBook {
    /// By event type and currency.
    rates: BTreeMap<(String, String), Vec<Rate>>,
    /// By event type, from-unit and to-unit.
    conversions: BTreeMap<(String, String, String), Decimal>,
    /// Decimal places of the active currencies.
    decimals: BTreeMap<String, u32>,
    /// By subscription product.
    allowances: BTreeMap<String, Vec<Allowance>>,
}

/// What of an event decides what it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventUsage {
    pub event_type: String,
    pub currency: String,
    pub product: String,
    /// The day of its start, on the clock of the event's zone.
    pub day: Option<NaiveDate>,
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    /// Quantity and unit, as reported where both were, else as used.
    pub quantity: Option<Decimal>,
    pub unit: String,
    /// Priced by the system that reported it: its charges stand as they are.
    pub pre_rated: bool,
}

/// What an event is expected to cost, and from what that was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    pub currency: String,
    pub quantity: Decimal,
    pub unit: String,
    pub conversion: Decimal,
    pub used: Decimal,
    pub used_unit: String,
    /// The unit price of each part, in the order of `charges`.
    pub unit_prices: Vec<Decimal>,
    pub charges: Vec<Priced>,
    /// What is left of the product's allowance now; nothing where it has none.
    pub allowance_left: Option<Decimal>,
}

/// Why no figure can be given. Its text is a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotKnown {
    NoRates,
    PreRated,
    EndBeforeStart,
    NoQuantity,
    NoDay,
    Currency(String),
    Rate { event_type: String, currency: String, day: NaiveDate },
    Conversion { from: String, to: String },
    AllowancePeriod { product: String, day: NaiveDate },
    TooManyDigits,
}

impl fmt::Display for NotKnown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRates => out.write_str("The system's rates cannot be read."),
            Self::PreRated => out.write_str("The event was priced by the system that reported it."),
            Self::EndBeforeStart => out.write_str("It ends before it starts."),
            Self::NoQuantity => out.write_str("It has no quantity, or no unit."),
            Self::NoDay => out.write_str("It has no start."),
            Self::Currency(code) if code.is_empty() => out.write_str("It has no currency."),
            Self::Currency(code) => write!(out, "{code} is not an active currency."),
            Self::Rate { event_type, currency, day } => {
                write!(out, "There is no rate for {event_type} in {currency} on {day}.")
            }
            Self::Conversion { from, to } => write!(out, "{from} is not mapped to {to}."),
            Self::AllowancePeriod { product, day } => {
                write!(out, "No allowance period of {product} covers {day}.")
            }
            Self::TooManyDigits => out.write_str("The amount has more digits than can be kept exactly."),
        }
    }
}

impl Estimate {
    /// Whether it is nothing because an allowance covers all of the price.
    pub fn is_all_covered(&self) -> bool {
        is_all_covered(&self.billed(), Some(&self.covered()))
    }
}

impl NotKnown {
    /// Whether an event of which this is so would be in error once it is handed to the rating job. What the
    /// console cannot see, and what was priced elsewhere, may still be rated.
    pub fn leads_to_error(&self) -> bool {
        !matches!(self, Self::NoRates | Self::PreRated)
    }
}

impl RateBook {
    /// From the rows of the four lists (`rate_lists`). A row that lacks what it is for is passed over.
    pub fn read(
        rates: &[Record],
        conversions: &[Record],
        allowances: &[Record],
        currencies: &[Record],
    ) -> Self {
        let mut book = Self::default();
        for row in rates {
            book.add_rate(row);
        }
        for row in conversions {
            let text = |name: &str| row.text(name).map(str::to_owned);
            let key = (text("EventType"), text("FromUnitOfMeasure"), text("ToUnitOfMeasure"));
            if let ((Some(event_type), Some(from), Some(to)), Some(rate)) =
                (key, decimal(row, "ConversionRate"))
            {
                book.conversions.insert((event_type, from, to), rate);
            }
        }
        for row in allowances {
            let period = (day(row, "PeriodStart"), day(row, "PeriodEnd"));
            let left = decimal(row, "AllottedQuantity").zip(decimal(row, "ConsumedQuantity"));
            if let (Some(product), (Some(from), Some(to)), Some((allotted, consumed))) =
                (row.text("SubscriptionProductPuid"), period, left)
            {
                let allowance = Allowance { period: (from, to), left: allotted - consumed };
                book.allowances.entry(product.to_owned()).or_default().push(allowance);
            }
        }
        for row in currencies {
            let places = row.get("Precision").and_then(Value::as_integer).and_then(|n| u32::try_from(n).ok());
            if let Some((code, places)) = row.text("CurrencyCode").zip(places) {
                book.decimals.insert(code.to_owned(), places);
            }
        }
        book
    }

    fn add_rate(&mut self, row: &Record) -> Option<()> {
        let key = (row.text("EventType")?.to_owned(), row.text("CurrencyCode")?.to_owned());
        let valid = (day(row, "ValidFrom")?, day(row, "ValidTo")?);
        let tier = Tier {
            name: row.text("ChargeName").unwrap_or_default().to_owned(),
            above: decimal(row, "AboveQuantity")?,
            unit_price: decimal(row, "UnitPrice")?,
        };
        let number = row.get("TierNumber").and_then(Value::as_integer).unwrap_or_default();
        let model = if row.text("RatingModel") == Some("ORA_VOLUME") { Model::Volume } else { Model::Tier };
        let unit = row.text("UsageUnitOfMeasure")?.to_owned();
        let rates = self.rates.entry(key).or_default();
        let place = rates.iter().position(|rate| rate.valid == valid).unwrap_or_else(|| {
            rates.push(Rate { model, unit, valid, tiers: Vec::new() });
            rates.len() - 1
        });
        let tiers = &mut rates.get_mut(place)?.tiers;
        tiers.push((number, tier));
        tiers.sort_by_key(|(number, _)| *number);
        Some(())
    }

    /// What the event is expected to cost, rated by itself.
    ///
    /// # Errors
    /// Why that cannot be known.
    pub fn estimate(&self, event: &EventUsage) -> Result<Estimate, NotKnown> {
        self.estimate_after(event, &mut Consumption::default())
    }

    /// The same for an event that is rated after others: `used` is what those use up, and what this one
    /// uses up is put to it.
    ///
    /// # Errors
    /// Why that cannot be known.
    pub fn estimate_after(&self, event: &EventUsage, used: &mut Consumption) -> Result<Estimate, NotKnown> {
        if self.rates.is_empty() {
            return Err(NotKnown::NoRates);
        }
        if event.pre_rated {
            return Err(NotKnown::PreRated);
        }
        if event.start.zip(event.end).is_some_and(|(start, end)| end < start) {
            return Err(NotKnown::EndBeforeStart);
        }
        let currency = &event.currency;
        let decimals = *self.decimals.get(currency).ok_or_else(|| NotKnown::Currency(currency.clone()))?;
        let day = event.day.ok_or(NotKnown::NoDay)?;
        let rate = self.rate(event, day).ok_or_else(|| NotKnown::Rate {
            event_type: event.event_type.clone(),
            currency: currency.clone(),
            day,
        })?;
        let quantity = event.quantity.filter(|_| !event.unit.is_empty()).ok_or(NotKnown::NoQuantity)?;
        let conversion = self
            .conversion(event, &rate.unit)
            .ok_or_else(|| NotKnown::Conversion { from: event.unit.clone(), to: rate.unit.clone() })?;
        let mut register = None;
        let allowance_left = match self.allowances.get(&event.product) {
            None => None,
            Some(periods) => {
                let covers = |one: &&Allowance| one.period.0 <= day && day <= one.period.1;
                let found = periods.iter().find(covers);
                let missing = || NotKnown::AllowancePeriod { product: event.product.clone(), day };
                let found = found.ok_or_else(missing)?;
                let register = register.insert((event.product.clone(), found.period.0));
                Some(found.left - used.0.get(register).copied().unwrap_or_default())
            }
        };
        let converted = converted(quantity, conversion).ok_or(NotKnown::TooManyDigits)?;
        let tiers: Vec<Tier> = rate.tiers.iter().map(|(_, tier)| tier.clone()).collect();
        let charges = price(rate.model, &tiers, converted, allowance_left.unwrap_or_default(), decimals)
            .ok_or(NotKnown::TooManyDigits)?;
        if let Some(register) = register {
            *used.0.entry(register).or_default() +=
                charges.iter().map(|charge| charge.covered).sum::<Decimal>();
        }
        let price_of = |charge: &Priced| tiers.iter().find(|tier| tier.name == charge.name);
        let unit_prices =
            charges.iter().map(|charge| price_of(charge).map_or(Decimal::ZERO, |tier| tier.unit_price));
        Ok(Estimate {
            currency: currency.clone(),
            quantity,
            unit: event.unit.clone(),
            conversion,
            used: converted,
            used_unit: rate.unit.clone(),
            unit_prices: unit_prices.collect(),
            charges,
            allowance_left,
        })
    }

    /// The units that usage of this type can be reported in, each with the unit that it is mapped to.
    pub fn mapped_units(&self, event_type: &str) -> BTreeMap<String, String> {
        let of_type = self.rates.iter().filter(|((of, _), _)| of == event_type);
        let priced: BTreeSet<&String> = of_type.flat_map(|(_, rates)| rates).map(|rate| &rate.unit).collect();
        let converted = self.conversions.keys().filter(|(of, _, to)| of == event_type && priced.contains(to));
        let mut units: BTreeMap<String, String> =
            converted.map(|(_, from, to)| (from.clone(), to.clone())).collect();
        units.extend(priced.into_iter().map(|unit| (unit.clone(), unit.clone())));
        units
    }

    fn rate(&self, event: &EventUsage, day: NaiveDate) -> Option<&Rate> {
        let rates = self.rates.get(&(event.event_type.clone(), event.currency.clone()))?;
        rates.iter().find(|rate| rate.valid.0 <= day && day <= rate.valid.1)
    }

    fn conversion(&self, event: &EventUsage, to: &str) -> Option<Decimal> {
        if event.unit == to {
            return Some(Decimal::ONE);
        }
        self.conversions.get(&(event.event_type.clone(), event.unit.clone(), to.to_owned())).copied()
    }
}

impl Estimate {
    /// The expected billed amount.
    pub fn billed(&self) -> ExactSum {
        let mut sum = ExactSum::default();
        for charge in &self.charges {
            sum.add(charge.billed());
        }
        sum
    }

    /// What of its price an allowance covers.
    pub fn covered(&self) -> ExactSum {
        let mut sum = ExactSum::default();
        for charge in &self.charges {
            sum.add(charge.allowance);
        }
        sum
    }
}

impl EventUsage {
    /// From an event's fields, however they are held.
    pub fn of<'a>(field: impl Fn(&str) -> Option<&'a Value>) -> Self {
        let text = |name: &str| field(name).and_then(Value::as_text).unwrap_or_default().to_owned();
        let number = |name: &str| field(name).and_then(Value::as_decimal);
        let reported = number("ReportedUsageQuantity").zip(Some(text("ReportedUsageUnitOfMeasure")));
        let reported = reported.filter(|(_, unit)| !unit.is_empty());
        let (quantity, unit) = match reported {
            Some((quantity, unit)) => (Some(quantity), unit),
            None => (number("UsageQuantity"), text("UsageUnitOfMeasure")),
        };
        Self {
            event_type: text("EventType"),
            currency: text("CurrencyCode"),
            product: text("SubscriptionProductPuid"),
            day: match field("LeEventStartDate") {
                Some(Value::Date(day)) => Some(*day),
                _ => None,
            },
            start: field("EventStartTime").and_then(Value::as_date_time),
            end: field("EventEndTime").and_then(Value::as_date_time),
            quantity,
            unit,
            pre_rated: text("EventRatingType") == "ORA_PRE_RATED",
        }
    }
}

fn decimal(row: &Record, name: &str) -> Option<Decimal> {
    row.get(name).and_then(Value::as_decimal)
}

fn day(row: &Record, name: &str) -> Option<NaiveDate> {
    match row.get(name)? {
        Value::Date(day) => Some(*day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::rate_lists::{CURRENCY, UNIT_CONVERSION, USAGE_ALLOWANCE, USAGE_RATE};
    use super::*;
    use crate::Schema;
    use crate::oracle::EVENT;

    fn rows(schema: &'static Schema, texts: &[&str]) -> Vec<Record> {
        texts.iter().map(|text| Record::read(schema, text.as_bytes()).unwrap()).collect()
    }

    fn book() -> RateBook {
        let tier = |number: u8, above: &str, price: &str| {
            format!(
                r#"{{"EventType":"VOICE","CurrencyCode":"EUR","RatingModel":"ORA_TIER","ChargeName":"tier {number}",
                    "UsageUnitOfMeasure":"MIN","TierNumber":{number},"AboveQuantity":{above},"UnitPrice":{price},
                    "ValidFrom":"2026-01-01","ValidTo":"2026-12-31"}}"#
            )
        };
        // Out of order, as a page may bring them.
        let rates = rows(&USAGE_RATE, &[&tier(2, "300", "0.0115"), &tier(1, "0", "0.023")]);
        let conversions = rows(
            &UNIT_CONVERSION,
            &[
                r#"{"EventType":"VOICE","FromUnitOfMeasure":"SEC","ToUnitOfMeasure":"MIN","ConversionRate":0.016667}"#,
            ],
        );
        let allowances = rows(
            &USAGE_ALLOWANCE,
            &[
                r#"{"SubscriptionProductPuid":"SP-1","PeriodStart":"2026-10-01","PeriodEnd":"2026-10-31","AllottedQuantity":300,"ConsumedQuantity":290}"#,
            ],
        );
        let currencies = rows(&CURRENCY, &[r#"{"CurrencyCode":"EUR","Precision":2}"#]);
        RateBook::read(&rates, &conversions, &allowances, &currencies)
    }

    fn event(changes: &str) -> EventUsage {
        let usual = r#"{"EventType":"VOICE","CurrencyCode":"EUR","LeEventStartDate":"2026-10-05",
            "ReportedUsageQuantity":24000,"ReportedUsageUnitOfMeasure":"SEC"}"#;
        let mut record = Record::read(&EVENT, usual.as_bytes()).unwrap();
        let changes = format!("{{{}}}", changes.trim_start_matches(','));
        for (field, value) in Record::read(&EVENT, changes.as_bytes()).unwrap().present() {
            assert!(record.set(field.name, value.clone()));
        }
        EventUsage::of(|name| record.get(name))
    }

    fn check(changes: &str, expected: Result<&str, &str>) {
        let found = book().estimate(&event(changes));
        let found =
            found.map(|estimate| estimate.billed().text().unwrap()).map_err(|reason| reason.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{changes}");
    }

    #[test]
    fn a_quantity_is_converted_and_priced_over_its_tiers() {
        // 24,000 s are 400.008 min: 300 at 0.023 and 100.008 at 0.0115.
        check("", Ok("8.05"));
        let estimate = book().estimate(&event("")).unwrap();
        assert_eq!((estimate.used.to_string().as_str(), estimate.used_unit.as_str()), ("400.008000", "MIN"));
        let prices: Vec<_> = estimate.unit_prices.iter().map(ToString::to_string).collect();
        assert_eq!(prices, ["0.023", "0.0115"]);
    }

    #[test]
    fn what_is_left_of_an_allowance_comes_off() {
        // 10 minutes are left, at 0.023.
        check(r#","SubscriptionProductPuid":"SP-1""#, Ok("7.82"));
        check(r#","SubscriptionProductPuid":"SP-2""#, Ok("8.05"));
        let covered = book().estimate(&event(r#","SubscriptionProductPuid":"SP-1""#)).unwrap().covered();
        assert_eq!(covered.text().as_deref(), Some("0.23"));
    }

    #[test]
    fn an_event_that_comes_after_another_finds_less_of_the_allowance() {
        let (book, mut used) = (book(), Consumption::default());
        let one = event(
            r#","SubscriptionProductPuid":"SP-1","ReportedUsageQuantity":8,"ReportedUsageUnitOfMeasure":"MIN""#,
        );
        let mut next = || book.estimate_after(&one, &mut used).unwrap().billed().text().unwrap();
        // 10 minutes are left: 8, then 2 of 8 (0.184 less 0.046, each rounded).
        assert_eq!([next(), next(), next()], ["0.00", "0.13", "0.18"]);
    }

    #[test]
    fn used_quantities_are_taken_where_none_was_reported() {
        let used = r#","ReportedUsageUnitOfMeasure":null,"UsageQuantity":10,"UsageUnitOfMeasure":"MIN""#;
        check(used, Ok("0.23"));
    }

    #[test]
    fn a_type_of_usage_can_be_reported_in_what_is_mapped_to_its_priced_unit() {
        let units: Vec<_> = book().mapped_units("VOICE").into_iter().collect();
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(units, [pair("MIN", "MIN"), pair("SEC", "MIN")]);
        assert!(book().mapped_units("DATA").is_empty());
    }

    #[test]
    fn where_an_input_is_not_known_there_is_no_figure() {
        check(r#","CurrencyCode":"HRK""#, Err("HRK is not an active currency."));
        check(r#","CurrencyCode":null"#, Err("It has no currency."));
        check(r#","ReportedUsageUnitOfMeasure":"TB""#, Err("TB is not mapped to MIN."));
        check(r#","EventType":"ODD""#, Err("There is no rate for ODD in EUR on 2026-10-05."));
        check(r#","LeEventStartDate":"2027-01-01""#, Err("There is no rate for VOICE in EUR on 2027-01-01."));
        check(
            r#","EventRatingType":"ORA_PRE_RATED""#,
            Err("The event was priced by the system that reported it."),
        );
        check(
            r#","EventStartTime":"2026-10-05T10:00:00+00:00","EventEndTime":"2026-10-05T09:00:00+00:00""#,
            Err("It ends before it starts."),
        );
        check(
            r#","EventStartTime":"2026-10-05T10:00:00+00:00","EventEndTime":"2026-10-05T10:00:00+00:00""#,
            Ok("8.05"),
        );
        check(
            r#","SubscriptionProductPuid":"SP-1","LeEventStartDate":"2026-11-05""#,
            Err("No allowance period of SP-1 covers 2026-11-05."),
        );
        assert_eq!(RateBook::default().estimate(&event("")), Err(NotKnown::NoRates));
    }
}
