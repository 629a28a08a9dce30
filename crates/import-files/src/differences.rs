//! What a row of a file says otherwise than the event that is there already.

use rest_contract::{Record, Value};

use crate::event_row::EventRow;

/// A field of which a row and the event that is there say different things.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Finance's word for the field.
    pub title: &'static str,
    pub there: Value,
    pub in_file: Value,
}

/// Fields that a row brings along and that are no statement of the file.
const NOT_COMPARED: [&str; 6] =
    ["BatchNumber", "EventNumber", "EventRatingType", "EventTimeZone", "EventType", "FileName"];

/// The differences between an event that is there, with its charges, and a row. A field that the row does not have is
/// left as it is, so it is none. The row's charge is held against the only one of the event; where there are several,
/// rating has made them, and none is the file's.
pub fn differences(there: &Record, row: &EventRow) -> Vec<Difference> {
    let mut found = different_fields(there, &row.event);
    let own = row.event.children("usageCharges").and_then(<[Record]>::first);
    if let (Some(own), Some([charge])) = (own, there.children("usageCharges")) {
        found.extend(different_fields(charge, own));
    }
    found
}

fn different_fields(there: &Record, in_file: &Record) -> Vec<Difference> {
    let fields = in_file.present().filter(|(field, _)| !NOT_COMPARED.contains(&field.name));
    let different = fields.filter_map(|(field, value)| {
        let known = there.get(field.name).unwrap_or(&Value::Null);
        let is_other = known != value;
        is_other.then(|| Difference { title: field.title, there: known.clone(), in_file: value.clone() })
    });
    different.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::oracle::{CHARGE, EVENT};

    fn record(event: &str, charges: &[&str]) -> Record {
        let mut record = Record::read(&EVENT, event.as_bytes()).expect("an event");
        let charges =
            charges.iter().map(|charge| Record::read(&CHARGE, charge.as_bytes()).expect("a charge"));
        assert!(record.set_children("usageCharges", charges.collect()));
        record
    }

    fn check(there: &Record, event: &str, charge: &str, expected: &[&str]) {
        let event = record(event, &[charge]);
        let row = EventRow {
            number: "A".to_owned(),
            event,
            currency: "EUR".to_owned(),
            billed: None,
            emptied: 0,
            notes: Vec::new(),
        };
        let found = differences(there, &row);
        let told: Vec<_> =
            found.iter().map(|one| format!("{} {} {}", one.title, one.there, one.in_file)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn only_what_the_row_says_is_compared() {
        let there = record(
            r#"{"EventNumber":"A","ServiceId":"s","UsageQuantity":5,"EventType":"x"}"#,
            &[r#"{"BilledAmount":1.20,"ChargeName":"c"}"#],
        );
        check(&there, r#"{"EventNumber":"A","UsageQuantity":5.0}"#, r#"{"BilledAmount":1.2}"#, &[]);
        check(
            &there,
            r#"{"EventNumber":"A","EventType":"y"}"#,
            r#"{"BilledAmount":1.25}"#,
            &["Amount 1.20 1.25"],
        );
        check(
            &there,
            r#"{"ServiceId":null,"SubscriptionProductPuid":"P"}"#,
            "{}",
            &["Service s ", "Subscription product  P"],
        );
        let rated = record("{}", &[r#"{"BilledAmount":1}"#, r#"{"BilledAmount":2}"#]);
        check(&rated, "{}", r#"{"BilledAmount":3}"#, &[]);
    }
}
