//! What an action would do to a selection of usage events before it is done: which of them it may
//! touch, which not and why, and what those that it may touch are worth per currency.
//!
//! Not here: the rules (`life_cycle`), and reading the events.

use super::life_cycle::{BatchStatus, EventAction, EventFacts, EventStatus, Reason, event_action};
use crate::{ExactSum, Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The outcome so far; events are added as they are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighed {
    /// Numbers of the events that the action may touch, in the order they were read.
    pub allowed: Vec<String>,
    /// The others, by reason.
    pub barred: BTreeMap<Reason, Barred>,
    /// Billed amounts of the allowed events per currency; charges without one under an empty code.
    pub worth: BTreeMap<String, ExactSum>,
}

/// Events that are barred for one reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Barred {
    /// Their numbers in the order they were read.
    pub numbers: Vec<String>,
    /// Numbers of the batches that bar them, where a batch does.
    pub batches: BTreeSet<String>,
}

impl Weighed {
    /// Takes in an event as it was read with its charges. `batch_status` is the status code of the
    /// batch that it is in, `holder` the number of the batch that holds it, where one is known to. A
    /// code that is not known here is for the server to judge: the event counts as allowed.
    pub fn add(&mut self, event: &Record, action: EventAction, batch_status: &str, holder: Option<&str>) {
        let number = event.key().unwrap_or_default();
        match facts(event, batch_status).map(|facts| event_action(facts, action)) {
            Some(Err(reason)) => {
                let barred = self.barred.entry(reason).or_default();
                barred.numbers.push(number);
                let batch = match reason {
                    Reason::BatchLocked | Reason::BatchInProcess | Reason::BatchNotCompleted => {
                        event.text("BatchNumber")
                    }
                    Reason::HeldByOpenBatch => holder,
                    _ => None,
                };
                barred.batches.extend(batch.map(str::to_owned));
            }
            Some(Ok(())) | None => {
                self.allowed.push(number);
                for charge in event.children("usageCharges").unwrap_or_default() {
                    let currency = charge.text("ChargeCurrency").unwrap_or_default().to_owned();
                    if let Some(amount) = charge.get("BilledAmount").and_then(Value::as_decimal) {
                        self.worth.entry(currency).or_default().add(amount);
                    }
                }
            }
        }
    }

    pub fn barred_count(&self) -> usize {
        self.barred.values().map(|barred| barred.numbers.len()).sum()
    }
}

/// What decides about an event, where all of it is known here.
pub fn facts(event: &Record, batch_status: &str) -> Option<EventFacts> {
    let quantity = event.get("UsageQuantity").and_then(Value::as_decimal);
    let is_related = event.get("RelatedEventId").is_some_and(|id| *id != Value::Null);
    Some(EventFacts {
        status: EventStatus::of(event.text("EventStatus")?)?,
        can_be_reversed: event.get("ReverseFlag") == Some(&Value::Boolean(true)),
        is_reversal: is_related && quantity.is_some_and(|quantity| quantity.is_sign_negative()),
        batch_status: BatchStatus::of(batch_status)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;

    fn event(number: &str, status: &str, can_be_reversed: bool, charges: &str) -> Record {
        let body = format!(
            r#"{{"EventNumber":"{number}","BatchNumber":"of {number}","EventStatus":"{status}","ReverseFlag":{can_be_reversed},
                 "UsageQuantity":1,"usageCharges":[{charges}]}}"#
        );
        Record::read(&EVENT, body.as_bytes()).expect("an event")
    }

    #[test]
    fn a_selection_is_split_and_only_what_is_allowed_is_added_up() {
        let mut weighed = Weighed::default();
        let charge = |amount: &str, currency: &str| {
            format!(r#"{{"UsageChargePuid":"c","BilledAmount":{amount},"ChargeCurrency":{currency}}}"#)
        };
        let mut add =
            |event: Record, batch: &str| weighed.add(&event, EventAction::Reverse, batch, Some("HOLDER"));
        add(event("A", "ORA_PROCESSED", true, &charge("0.10", "\"EUR\"")), "ORA_COMPLETED");
        add(event("B", "ORA_PROCESSED", true, &charge("0.2000000001", "\"EUR\"")), "ORA_COMPLETED");
        add(event("C", "ORA_PROCESSED", true, &charge("7", "null")), "ORA_COMPLETED_ERRORS");
        add(event("D", "ORA_REVERSED", false, &charge("99", "\"EUR\"")), "ORA_COMPLETED");
        add(event("E", "ORA_ERROR", false, ""), "ORA_DRAFT");
        add(event("F", "ORA_PROCESSED", false, ""), "ORA_COMPLETED");
        add(event("G", "THEIR_OWN", false, ""), "ORA_COMPLETED");
        add(event("H", "ORA_PROCESSED", true, ""), "ORA_LOCKED");
        assert_eq!(weighed.allowed, ["A", "B", "C", "G"]);
        assert_eq!(weighed.barred_count(), 4);
        let told = |reason: Reason| {
            let Barred { numbers, batches } = &weighed.barred[&reason];
            (numbers.join(","), batches.iter().cloned().collect::<Vec<_>>().join(","))
        };
        let pair = |number: &str, batch: &str| (number.to_owned(), batch.to_owned());
        assert_eq!(told(Reason::AlreadyReversed), pair("D", ""));
        assert_eq!(told(Reason::NotProcessed), pair("E", ""));
        assert_eq!(told(Reason::HeldByOpenBatch), pair("F", "HOLDER"));
        assert_eq!(told(Reason::BatchLocked), pair("H", "of H"));
        let worth: Vec<_> = weighed.worth.iter().map(|(code, sum)| (code.as_str(), sum.text())).collect();
        assert_eq!(worth, [("", Some("7".to_owned())), ("EUR", Some("0.3000000001".to_owned()))]);
    }
}
