//! What a row of a file says otherwise than the event that is there already.

use rest_contract::oracle::CHARGE;
use rest_contract::oracle::charged_amounts::{billed_by, missing_charges};
use rest_contract::{ExactSum, Field, Record, Value};

use crate::event_row::EventRow;

/// A field of which a row and the event that is there say different things.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Finance's word for the field.
    pub title: &'static str,
    pub place: Place,
    pub there: Value,
    pub in_file: Value,
}

/// What has to be changed for a difference to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Event(&'static Field),
    /// The event's only charge.
    Charge(&'static Field),
    /// What several charges come to, or a charge that is not there: no field says it.
    Amounts,
}

/// Fields that a row brings along and that are no statement of the file.
const NOT_COMPARED: [&str; 6] =
    ["BatchNumber", "EventNumber", "EventRatingType", "EventTimeZone", "EventType", "FileName"];
/// Fields that a row fills from another one where no column is theirs.
const COPIES: [(&str, &str); 4] = [
    ("PricedQuantity", "UsageQuantity"),
    ("PricedQuantityUnitOfMeasure", "UsageUnitOfMeasure"),
    ("ReportedUsageQuantity", "UsageQuantity"),
    ("ReportedUsageUnitOfMeasure", "UsageUnitOfMeasure"),
];

/// The differences between an event that is there, with its charges, and a row. What the row does not say is left as
/// it is, so it is none. Amounts are held against what all charges of their currency come to; what else a row says of
/// its charge, against the only one of the event.
pub fn differences(there: &Record, row: &EventRow) -> Vec<Difference> {
    let mut found = different_fields(there, &row.event, &row.event, Place::Event);
    let charges = there.children("usageCharges").unwrap_or_default();
    let only = match charges {
        [charge] if missing_charges(there) == 0 => Some(charge),
        _ => None,
    };
    let own = row.event.children("usageCharges").and_then(<[Record]>::first);
    if let (Some(own), Some(charge)) = (own, only) {
        let of_charge = different_fields(charge, own, &row.event, Place::Charge);
        found.extend(of_charge.into_iter().filter(|one| !is_of_amount(one.place)));
    }
    found.extend(different_amounts(there, row, only));
    found
}

fn is_of_amount(place: Place) -> bool {
    matches!(place, Place::Charge(field) if ["BilledAmount", "ChargeCurrency"].contains(&field.name))
}

fn different_amounts(there: &Record, row: &EventRow, only: Option<&Record>) -> Vec<Difference> {
    if row.amounts.is_empty() {
        return Vec::new();
    }
    let (charged, billed) = (billed_by(there, |_| true), CHARGE.field("BilledAmount"));
    let title = billed.map_or("", |field| field.title);
    let currencies = charged.keys().chain(row.amounts.keys().filter(|one| !charged.contains_key(*one)));
    let told = currencies.filter_map(|currency| {
        let (sum, stated) = (charged.get(currency), row.amounts.get(currency));
        let mut rest = sum.copied().unwrap_or_default();
        if let Some(stated) = stated {
            rest.add(-*stated);
        }
        if rest.is_zero() && (sum.is_some() || stated.is_none()) {
            return None;
        }
        let is_one = sum.is_some() && stated.is_some() && charged.len() == 1 && row.amounts.len() == 1;
        let amount = only.and_then(|charge| charge.get("BilledAmount")).and_then(Value::as_decimal);
        let of_only = billed.filter(|_| is_one && amount.is_some()).map(Place::Charge);
        let known = |sum: &ExactSum| sum.text().filter(|_| sum.left_out() == 0);
        let there = match sum.map(known) {
            None => Value::Null,
            Some(None) => Value::Text("not known".to_owned()),
            Some(Some(digits)) => {
                rest_contract::read_decimal(&digits).map_or(Value::Text(digits), Value::Decimal)
            }
        };
        Some(Difference {
            title,
            place: of_only.unwrap_or(Place::Amounts),
            there,
            in_file: stated.map_or(Value::Null, |amount| Value::Decimal(*amount)),
        })
    });
    told.collect()
}

fn different_fields(
    there: &Record,
    in_file: &Record,
    event_in_file: &Record,
    place: impl Fn(&'static Field) -> Place,
) -> Vec<Difference> {
    let is_copy = |field: &Field, value: &Value| {
        let copied = COPIES.iter().find(|(copy, _)| *copy == field.name);
        copied.is_some_and(|(_, from)| event_in_file.get(from) == Some(value))
    };
    let fields = in_file
        .present()
        .filter(|(field, value)| !NOT_COMPARED.contains(&field.name) && !is_copy(field, value));
    let different = fields.filter_map(|(field, value)| {
        let known = there.get(field.name).unwrap_or(&Value::Null);
        let is_other = known != value;
        is_other.then(|| Difference {
            title: field.title,
            place: place(field),
            there: known.clone(),
            in_file: value.clone(),
        })
    });
    different.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::oracle::EVENT;
    use rest_contract::read_decimal;

    fn record(event: &str, charges: &[&str]) -> Record {
        let mut record = Record::read(&EVENT, event.as_bytes()).expect("an event");
        let charges =
            charges.iter().map(|charge| Record::read(&CHARGE, charge.as_bytes()).expect("a charge"));
        assert!(record.set_children("usageCharges", charges.collect()));
        record
    }

    /// `amounts` are the row's, `charge` what else it says of its charge.
    fn check(there: &Record, event: &str, amounts: &[(&str, &str)], charge: &str, expected: &[&str]) {
        let amounts =
            amounts.iter().map(|(currency, digits)| ((*currency).to_owned(), read_decimal(digits).unwrap()));
        let row = EventRow {
            number: "A".to_owned(),
            event: record(event, &[charge]),
            currency: "EUR".to_owned(),
            amounts: amounts.collect(),
            lacks: None,
            emptied: 0,
            notes: Vec::new(),
        };
        let found = differences(there, &row);
        let told = found.iter().map(|one| {
            let place = match one.place {
                Place::Event(_) => "event",
                Place::Charge(_) => "charge",
                Place::Amounts => "amounts",
            };
            format!("{place}: {} {} {}", one.title, one.there, one.in_file)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_what_the_row_says_is_compared() {
        let there = record(
            r#"{"EventNumber":"A","ServiceId":"s","UsageQuantity":5,"EventType":"x","ReportedUsageQuantity":4}"#,
            &[r#"{"BilledAmount":1.20,"ChargeName":"c","ChargeCurrency":"EUR"}"#],
        );
        // What was reported is no statement of a file that has one quantity.
        let same = r#"{"EventNumber":"A","UsageQuantity":5.0,"ReportedUsageQuantity":5.0}"#;
        check(&there, same, &[("EUR", "1.2")], "{}", &[]);
        check(&there, r#"{"EventType":"y"}"#, &[("EUR", "1.25")], "{}", &["charge: Amount 1.20 1.25"]);
        check(
            &there,
            r#"{"ServiceId":null,"SubscriptionProductPuid":"P"}"#,
            &[],
            r#"{"ChargeName":"d"}"#,
            &["event: Service s ", "event: Subscription product  P", "charge: Charge c d"],
        );
    }

    #[test]
    fn amounts_are_what_all_charges_of_their_currency_come_to() {
        let euro =
            |amount: &str| format!(r#"{{"BilledAmount":{amount},"ChargeCurrency":"EUR","ChargeName":"c"}}"#);
        let dollar = r#"{"BilledAmount":3,"ChargeCurrency":"USD"}"#;
        let two = record("{}", &[&euro("1"), &euro("2.50")]);
        check(&two, "{}", &[("EUR", "3.5")], r#"{"ChargeName":"other"}"#, &[]);
        check(&two, "{}", &[("EUR", "3")], "{}", &["amounts: Amount 3.50 3"]);
        let mixed = record("{}", &[&euro("1"), dollar]);
        check(&mixed, "{}", &[("EUR", "1"), ("USD", "3.00")], "{}", &[]);
        check(&mixed, "{}", &[("EUR", "1")], "{}", &["amounts: Amount 3 "]);
        check(&mixed, "{}", &[], "{}", &[]);
        let none = record("{}", &[]);
        check(&none, "{}", &[("EUR", "1")], "{}", &["amounts: Amount  1"]);
        check(&none, "{}", &[("EUR", "0")], "{}", &["amounts: Amount  0"]);
        // Another currency is no other amount.
        check(
            &record("{}", &[dollar]),
            "{}",
            &[("EUR", "3")],
            "{}",
            &["amounts: Amount 3 ", "amounts: Amount  3"],
        );
    }
}
