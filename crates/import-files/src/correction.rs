//! What makes an event that is there already say what a row of a file says.

use rest_contract::oracle::closed_period::ClosedPeriod;
use rest_contract::oracle::correction::Change;
use rest_contract::oracle::correction_plan::{FieldChange, event_changes, field_change};
use rest_contract::{Field, Record};

use crate::differences::{Place, differences};
use crate::event_row::EventRow;

/// The changes of an event, and those of its only charge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    pub event: Vec<FieldChange>,
    pub charge: Vec<FieldChange>,
}

/// The changes that make the event say what the row says; none where it says so. `batch_status` is the status code of
/// the event's batch.
///
/// # Errors
/// A sentence that says why the event stays as it is.
pub fn correction(
    there: &Record,
    row: &EventRow,
    batch_status: &str,
    closed: &[ClosedPeriod],
) -> Result<Correction, String> {
    let (mut of_event, mut of_charge) = (Vec::<(&'static Field, Change)>::new(), Vec::new());
    for one in differences(there, row) {
        match one.place {
            Place::Event(field) => of_event.push((field, Change::SetTo(one.in_file))),
            Place::Charge(field) => of_charge.push((field, Change::SetTo(one.in_file))),
            Place::Amounts => {
                return Err(
                    "Its amount is not that of one charge: correct its charges one by one.".to_owned()
                );
            }
        }
    }
    // Whether the event may be changed at all holds for its charge too.
    let event = event_changes(there, batch_status, closed, &of_event)?;
    let only = there.children("usageCharges").and_then(<[Record]>::first);
    let charge = only.map(|charge| {
        let changes = of_charge.iter().map(|(field, change)| field_change(charge, field, change));
        changes.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()
    });
    Ok(Correction { event, charge: charge.transpose()?.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::Value;
    use rest_contract::oracle::{CHARGE, EVENT};
    use std::collections::BTreeMap;

    const OPEN: &str =
        r#"{"EventNumber":"A","EventStatus":"ORA_DRAFT","ServiceId":"s","CurrencyCode":"EUR"}"#;
    const CHARGED: &str = r#"{"BilledAmount":1.20,"ChargeCurrency":"EUR"}"#;

    fn record(event: &str, charges: &[&str]) -> Record {
        let mut record = Record::read(&EVENT, event.as_bytes()).expect("an event");
        let charges =
            charges.iter().map(|charge| Record::read(&CHARGE, charge.as_bytes()).expect("a charge"));
        assert!(record.set_children("usageCharges", charges.collect()));
        record
    }

    /// The changes of the event and of its charge that the row asks for, or why there are none.
    fn told(there: &Record, batch: &str, event: &str, amount: &str) -> Result<[String; 2], String> {
        let row = EventRow {
            number: "A".to_owned(),
            event: record(event, &[]),
            currency: "EUR".to_owned(),
            amounts: BTreeMap::from([("EUR".to_owned(), amount.parse().expect("an amount"))]),
            lacks: None,
            emptied: 0,
            notes: Vec::new(),
        };
        let words = |changes: Vec<FieldChange>| {
            let one =
                |change: &FieldChange| format!("{} {}>{}", change.field.name, change.before, change.after);
            changes.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        correction(there, &row, batch, &[]).map(|made| [words(made.event), words(made.charge)])
    }

    #[test]
    fn an_event_and_its_charge_become_what_the_row_says() {
        let there = record(OPEN, &[CHARGED]);
        let changed = told(&there, "ORA_DRAFT", r#"{"ServiceId":"t"}"#, "1.25");
        assert_eq!(changed.unwrap(), ["ServiceId s>t", "BilledAmount 1.20>1.25"]);
        assert_eq!(told(&there, "ORA_DRAFT", "{}", "1.2").unwrap(), ["", ""]);
    }

    #[test]
    fn what_stands_still_is_told_for_the_charge_too() {
        let locked = told(&record(OPEN, &[CHARGED]), "ORA_LOCKED", "{}", "1.25");
        assert!(locked.is_err(), "{locked:?}");
        let processed = record(&OPEN.replace("DRAFT", "PROCESSED"), &[CHARGED]);
        assert!(told(&processed, "ORA_COMPLETED", "{}", "1.25").is_err());
        let two = told(&record(OPEN, &[CHARGED, CHARGED]), "ORA_DRAFT", "{}", "1.25");
        assert_eq!(two.unwrap_err(), "Its amount is not that of one charge: correct its charges one by one.");
    }

    #[test]
    fn a_field_that_an_empty_cell_empties_is_a_change() {
        let there = record(OPEN, &[CHARGED]);
        let mut row = record("{}", &[]);
        assert!(row.set("ServiceId", Value::Null));
        let row = EventRow {
            number: "A".to_owned(),
            event: row,
            currency: String::new(),
            amounts: BTreeMap::new(),
            lacks: None,
            emptied: 1,
            notes: Vec::new(),
        };
        let made = correction(&there, &row, "ORA_DRAFT", &[]).expect("a correction");
        assert_eq!(made.event.iter().map(|change| change.after.clone()).collect::<Vec<_>>(), [Value::Null]);
    }
}
