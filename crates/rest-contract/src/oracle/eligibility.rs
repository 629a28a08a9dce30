//! What an action would do to a selection of usage events before it is done: which of them it may
//! touch, which not and why, and what those that it may touch are worth per currency.
//!
//! Not here: the rules (`life_cycle`), and reading the events.

use super::charged_amounts::{Amounts, EventAmount, billed_by, covered_by, merge};
use super::closed_period::{ClosedPeriod, holding};
use super::life_cycle::{BatchStatus, EventAction, EventFacts, EventStatus, Reason, event_action};
use crate::{Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The outcome so far; events are added as they are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Eligibility {
    /// Numbers of the events that the action may touch, in the order they were read.
    pub allowed: Vec<String>,
    /// What each of them is billed, in the same order.
    pub amounts: Vec<Box<[EventAmount]>>,
    /// The allowed events by the number of the batch that they are in; an empty one for none.
    pub by_batch: BTreeMap<String, Share>,
    /// The others, by reason.
    pub blocked: BTreeMap<Reason, Blocked>,
    /// Billed amounts of the allowed events.
    pub worth: Amounts,
    /// What of their prices allowances cover.
    pub covered: Amounts,
    /// The events of which a value that decides could not be read, by number; an empty one where that is
    /// the value. Nothing is done to them.
    pub unread: Vec<String>,
}

/// The allowed events of one batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    pub events: usize,
    pub worth: Amounts,
}

/// Events that are blocked for one reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocked {
    /// Their numbers in the order they were read.
    pub numbers: Vec<String>,
    /// Numbers of the batches that block them, where a batch does.
    pub batches: BTreeSet<String>,
}

impl Eligibility {
    /// Takes in an event as it was read with its charges. `batch_status` is the status code of the
    /// batch that it is in, `holder` the number of the batch that holds it, where one is known to. A
    /// code that is not known here is for the server to judge: the event counts as allowed. Says whether
    /// the event is allowed. Of periods that are closed those count that are known to be (`closed`).
    pub fn add(
        &mut self,
        event: &Record,
        action: EventAction,
        batch_status: &str,
        holder: Option<&str>,
        closed: &[ClosedPeriod],
    ) -> bool {
        let number = event.key().unwrap_or_default();
        if is_unread(event) {
            self.unread.push(number);
            return false;
        }
        match facts(event, batch_status, closed).map(|facts| event_action(facts, action)) {
            Some(Err(reason)) => {
                let blocked = self.blocked.entry(reason).or_default();
                blocked.numbers.push(number);
                let batch = match reason {
                    Reason::BatchLocked | Reason::BatchInProcess | Reason::BatchNotCompleted => {
                        event.text("BatchNumber")
                    }
                    Reason::HeldByOpenBatch => holder,
                    _ => None,
                };
                blocked.batches.extend(batch.map(str::to_owned));
                false
            }
            Some(Ok(())) | None => {
                let billed = billed_by(event, |_| true);
                let share = self
                    .by_batch
                    .entry(event.text("BatchNumber").unwrap_or_default().to_owned())
                    .or_default();
                share.events += 1;
                merge(&mut share.worth, &billed);
                merge(&mut self.worth, &billed);
                self.allowed.push(number);
                let covered = covered_by(event, |_| true);
                merge(&mut self.covered, &covered);
                self.amounts.push(EventAmount::of(billed, &covered).collect());
                true
            }
        }
    }

    pub fn blocked_count(&self) -> usize {
        self.blocked.values().map(|blocked| blocked.numbers.len()).sum::<usize>() + self.unread.len()
    }
}

/// Whether an event cannot be told from others, or a value that decides about it was not understood.
pub fn is_unread(event: &Record) -> bool {
    const DECIDE: [&str; 6] =
        ["BatchNumber", "EventStatus", "EventType", "RelatedEventId", "ReverseFlag", "UsageQuantity"];
    event.key().is_none() || DECIDE.iter().any(|name| event.get(name).is_some_and(Value::is_unread))
}

/// What decides about an event, where all of it is known here.
pub fn facts(event: &Record, batch_status: &str, closed: &[ClosedPeriod]) -> Option<EventFacts> {
    Some(EventFacts {
        status: EventStatus::of(event.text("EventStatus")?)?,
        can_be_reversed: event.get("ReverseFlag") == Some(&Value::Boolean(true)),
        is_reversal: is_reversal(event.get("RelatedEventId"), event.get("UsageQuantity")),
        batch_status: BatchStatus::of(batch_status)?,
        in_closed_period: holding(closed, event.get("EventStartTime")).is_some(),
    })
}

/// Whether an event takes another one back, by its confirmed RelatedEventId and UsageQuantity. The original
/// names its reversal too, with the quantity that was used.
pub fn is_reversal(related: Option<&Value>, quantity: Option<&Value>) -> bool {
    let quantity = quantity.and_then(Value::as_decimal);
    matches!(related, Some(Value::Integer(_))) && quantity.is_some_and(|quantity| quantity.is_sign_negative())
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
        let mut eligibility = Eligibility::default();
        let charge = |amount: &str, currency: &str| {
            format!(r#"{{"UsageChargePuid":"c","BilledAmount":{amount},"ChargeCurrency":{currency}}}"#)
        };
        let mut add = |event: Record, batch: &str| {
            let number = event.key().unwrap_or_default();
            let is_allowed = eligibility.add(&event, EventAction::Reverse, batch, Some("HOLDER"), &[]);
            assert_eq!(is_allowed, "ABCG".contains(&number), "{number}");
        };
        add(event("A", "ORA_PROCESSED", true, &charge("0.10", "\"EUR\"")), "ORA_COMPLETED");
        add(event("B", "ORA_PROCESSED", true, &charge("0.2000000001", "\"EUR\"")), "ORA_COMPLETED");
        add(event("C", "ORA_PROCESSED", true, &charge("7", "null")), "ORA_COMPLETED_ERRORS");
        add(event("D", "ORA_REVERSED", false, &charge("99", "\"EUR\"")), "ORA_COMPLETED");
        add(event("E", "ORA_ERROR", false, ""), "ORA_DRAFT");
        add(event("F", "ORA_PROCESSED", false, ""), "ORA_COMPLETED");
        add(event("G", "THEIR_OWN", false, ""), "ORA_COMPLETED");
        add(event("H", "ORA_PROCESSED", true, ""), "ORA_LOCKED");
        assert_eq!(eligibility.allowed, ["A", "B", "C", "G"]);
        assert_eq!(eligibility.blocked_count(), 4);
        let told = |reason: Reason| {
            let Blocked { numbers, batches } = &eligibility.blocked[&reason];
            (numbers.join(","), batches.iter().cloned().collect::<Vec<_>>().join(","))
        };
        let pair = |number: &str, batch: &str| (number.to_owned(), batch.to_owned());
        assert_eq!(told(Reason::AlreadyReversed), pair("D", ""));
        assert_eq!(told(Reason::NotProcessed), pair("E", ""));
        assert_eq!(told(Reason::HeldByOpenBatch), pair("F", "HOLDER"));
        assert_eq!(told(Reason::BatchLocked), pair("H", "of H"));
        let worth: Vec<_> = eligibility.worth.iter().map(|(code, sum)| (code.as_str(), sum.text())).collect();
        assert_eq!(worth, [("", Some("7".to_owned())), ("EUR", Some("0.3000000001".to_owned()))]);
        let amounts = eligibility.amounts.iter().map(|amounts| {
            let told = |one: &EventAmount| format!("{} {}", one.currency, one.amount.text().unwrap());
            amounts.iter().map(told).collect::<String>()
        });
        assert_eq!(amounts.collect::<Vec<_>>(), ["EUR 0.10", "EUR 0.2000000001", " 7", ""]);
        let shares: Vec<_> = eligibility
            .by_batch
            .iter()
            .map(|(batch, share)| (batch.as_str(), share.events, share.worth.len()))
            .collect();
        assert_eq!(shares, [("of A", 1, 1), ("of B", 1, 1), ("of C", 1, 1), ("of G", 1, 0)]);
    }

    #[test]
    fn what_was_not_understood_is_not_acted_on() {
        let mut eligibility = Eligibility::default();
        for odd in [
            r#"{"EventNumber":{"a":1},"EventStatus":"ORA_PROCESSED","ReverseFlag":true,"UsageQuantity":1}"#,
            r#"{"EventNumber":"B","EventStatus":7,"ReverseFlag":true,"UsageQuantity":1}"#,
            r#"{"EventNumber":"C","EventStatus":"ORA_PROCESSED","ReverseFlag":"yes","UsageQuantity":1}"#,
            r#"{"EventNumber":"D","EventStatus":"ORA_PROCESSED","ReverseFlag":true,"UsageQuantity":"1,5"}"#,
            r#"{"EventNumber":"E","EventStatus":"ORA_PROCESSED","EventStatus":"ORA_REVERSED","ReverseFlag":true}"#,
            "{}",
        ] {
            let event = Record::read(&EVENT, odd.as_bytes()).expect(odd);
            assert!(!eligibility.add(&event, EventAction::Reverse, "ORA_COMPLETED", None, &[]), "{odd}");
        }
        assert_eq!(eligibility.unread, ["", "B", "C", "D", "E", ""]);
        assert_eq!((eligibility.allowed.len(), eligibility.blocked_count()), (0, 6));
    }

    #[test]
    fn a_reversal_is_an_opposite_quantity_that_names_another_event() {
        let is_reversal = |related: &str, quantity: &str| {
            let body = format!(
                r#"{{"EventNumber":"E","EventStatus":"ORA_PROCESSED","RelatedEventId":{related},"UsageQuantity":{quantity}}}"#
            );
            let event = Record::read(&EVENT, body.as_bytes()).expect("an event");
            facts(&event, "ORA_COMPLETED", &[]).map(|facts| facts.is_reversal)
        };
        assert_eq!(is_reversal("7", "-2"), Some(true));
        assert_eq!(is_reversal("7", "2"), Some(false));
        assert_eq!(is_reversal("null", "-2"), Some(false));
    }
}
