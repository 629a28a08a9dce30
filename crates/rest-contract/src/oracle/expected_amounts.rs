//! What the events of a batch are expected to come to when it is processed, event by event in the order
//! in which the job takes them, and how many of them nothing can be said of, by the reason.

use super::charged_amounts::{Amounts, EventAmount, is_all_covered, merge};
use super::compared_amounts::billed;
use super::estimate::{Consumption, EventUsage, RateBook};
use super::life_cycle::{BatchType, EventStatus};
use crate::Record;
use std::collections::BTreeMap;

/// The outcome so far; events are added in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// By event number.
    pub events: BTreeMap<String, EventAmount>,
    /// Events without a figure, by the reason in words.
    pub not_known: BTreeMap<String, usize>,
    /// What of the expected amounts' prices allowances cover.
    pub covered: Amounts,
    /// What the batch's processed events are billed now.
    pub billed_now: Amounts,
    /// What its other events are charged now: priced by whoever reported them, or before an error.
    pub charged_now: Amounts,
    used: Consumption,
}

impl Expected {
    /// Takes in an event as it was read with its charges. One that submitting a batch of that type does
    /// not hand to the job counts only with what it is billed now.
    pub fn add(&mut self, event: &Record, batch_type: BatchType, book: &RateBook) {
        let status = event.text("EventStatus").and_then(EventStatus::of);
        let is_billed = matches!(status, Some(EventStatus::Processed | EventStatus::Reversed));
        merge(if is_billed { &mut self.billed_now } else { &mut self.charged_now }, &billed(event));
        let is_rated = match status {
            Some(EventStatus::Processed) => batch_type == BatchType::Rerate,
            Some(status) => status.is_submitted(),
            // A code that is not known here may mean anything: nothing is promised of the event.
            None => false,
        };
        if !is_rated {
            return;
        }
        match book.estimate_after(&EventUsage::of(|name| event.get(name)), &mut self.used) {
            Ok(estimate) => {
                let number = event.key().unwrap_or_default();
                let (amount, covered) = (estimate.billed(), estimate.covered());
                let is_covered = is_all_covered(&amount, Some(&covered));
                self.covered.entry(estimate.currency.clone()).or_default().merge(&covered);
                self.events
                    .insert(number, EventAmount { currency: estimate.currency.clone(), amount, is_covered });
            }
            Err(reason) => *self.not_known.entry(reason.to_string()).or_default() += 1,
        }
    }

    /// The expected amounts added up.
    pub fn sums(&self) -> Amounts {
        let mut sums = Amounts::new();
        for one in self.events.values() {
            sums.entry(one.currency.clone()).or_default().merge(&one.amount);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;
    use crate::oracle::rate_lists::{CURRENCY, USAGE_RATE};

    #[test]
    fn what_is_not_handed_to_the_job_is_not_expected_of_it() {
        let row = |schema, text: &str| vec![Record::read(schema, text.as_bytes()).unwrap()];
        let rate = r#"{"EventType":"T","CurrencyCode":"EUR","UsageUnitOfMeasure":"MIN","TierNumber":1,
            "AboveQuantity":0,"UnitPrice":0.5,"ValidFrom":"2026-01-01","ValidTo":"2026-12-31"}"#;
        let book = RateBook::read(
            &row(&USAGE_RATE, rate),
            &[],
            &[],
            &row(&CURRENCY, r#"{"CurrencyCode":"EUR","Precision":2}"#),
        );
        let mut both = [BatchType::Rerate, BatchType::Rating].map(|kind| (kind, Expected::default()));
        let mut add = |number: &str, status: &str, unit: &str, charges: &str| {
            let body = format!(
                r#"{{"EventNumber":"{number}","EventStatus":"{status}","EventType":"T","CurrencyCode":"EUR",
                    "LeEventStartDate":"2026-10-01","UsageQuantity":3,"UsageUnitOfMeasure":"{unit}","usageCharges":[{charges}]}}"#
            );
            let event = Record::read(&EVENT, body.as_bytes()).unwrap();
            both.iter_mut().for_each(|(kind, expected)| expected.add(&event, *kind, &book));
        };
        add("A", "ORA_READY", "MIN", "");
        add(
            "B",
            "ORA_PROCESSED",
            "MIN",
            r#"{"UsageChargePuid":"c","ChargeCurrency":"EUR","BilledAmount":1.40}"#,
        );
        add("C", "ORA_ERROR", "MIN", "");
        add("D", "ORA_DRAFT", "TB", r#"{"UsageChargePuid":"c","ChargeCurrency":"EUR","BilledAmount":7}"#);
        let [(_, again), (_, first)] = &both;
        assert_eq!(first.events.keys().collect::<Vec<_>>(), ["A"]);
        let text = |amounts: &Amounts| amounts["EUR"].text().unwrap();
        assert_eq!((text(&again.sums()), text(&again.billed_now)), ("3.00".to_owned(), "1.40".to_owned()));
        assert_eq!(again.events.keys().collect::<Vec<_>>(), ["A", "B"]);
        // Priced by whoever reported it, and not billed yet.
        assert_eq!(text(&again.charged_now), "7");
        assert_eq!(again.not_known.get("TB is not mapped to MIN."), Some(&1));
    }
}
