//! What the processing of a batch did to amounts, event by event and per currency: billed before and
//! after re-rating, an original beside what takes it back, an estimate beside what was billed.
//!
//! A batch's own charges are told by what they refer to (`ParentEntity`, `ParentEntityId`): re-rating
//! adds charges and credits that name the batch and changes no other. So what an event was billed
//! before is the sum of its other charges, and what it is billed now the sum of all. An event that came from no
//! other batch was billed nothing before, whoever priced it.

use super::charged_amounts::{Amounts, billed_by};
use super::life_cycle::EventStatus;
use crate::{ExactSum, Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// `ParentEntity` of charges that a re-rating batch made.
const OF_A_BATCH: &str = "ORA_USAGE_BATCH";

/// Two amounts of one event in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub event: String,
    /// An empty code stands for charges without one.
    pub currency: String,
    pub first: Option<ExactSum>,
    pub second: Option<ExactSum>,
}

/// How the third figure follows from two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The second less the first.
    Difference,
    /// Both together.
    Net,
}

impl Compared {
    /// The third figure. An amount that is not there counts as nothing.
    pub fn third(&self, relation: Relation) -> ExactSum {
        let first = self.first.unwrap_or_default();
        let mut third = match relation {
            Relation::Difference => first.negated(),
            Relation::Net => first,
        };
        third.merge(&self.second.unwrap_or_default());
        third
    }
}

/// Whether an event takes the other one back: its quantity is the other's with the sign turned. A
/// correction downwards is taken back by a positive one, so the sign alone does not tell.
pub fn takes_back(event: &Record, other: &Record) -> bool {
    let quantity = |record: &Record| record.get("UsageQuantity").and_then(Value::as_decimal);
    quantity(event).is_some() && quantity(event) == quantity(other).map(|quantity| -quantity)
}

/// The event that is to take an event back and the batch that it is in, by their identifiers, where that
/// reversal is still to be processed. An original and its reversal name each other, and the original was
/// there first; a processed event without a reversal in wait can still be reversed, or is none.
pub fn pending_reversal<'a>(field: impl Fn(&'static str) -> Option<&'a Value>) -> Option<(i64, i64)> {
    let number = |name| field(name).and_then(Value::as_integer);
    let status = field("EventStatus").and_then(Value::as_text).and_then(EventStatus::of);
    let is_held = field("ReverseFlag") == Some(&Value::Boolean(false));
    let (own, reversal) = (number("EventId")?, number("RelatedEventId")?);
    let waits = status == Some(EventStatus::Processed) && is_held && own < reversal;
    waits.then_some((reversal, number("RelatedBatchId")?))
}

/// What a reversal that is still to be processed will be billed: what its original is, with the signs turned.
/// Nothing for any other event.
pub fn expected_of_reversal(event: &Record, original: &Record) -> Option<Amounts> {
    let status = event.text("EventStatus").and_then(EventStatus::of)?;
    let is_done = matches!(status, EventStatus::Processed | EventStatus::Reversed);
    (!is_done && takes_back(event, original)).then(|| negated(billed(original)))
}

/// The amounts with their signs turned.
pub fn negated(amounts: Amounts) -> Amounts {
    amounts.into_iter().map(|(currency, amount)| (currency, amount.negated())).collect()
}

/// What all charges of an event come to, per currency.
pub fn billed(event: &Record) -> Amounts {
    billed_by(event, |_| true)
}

/// What an event was billed before a re-rating batch, and is billed now.
pub fn before_and_after(event: &Record, batch_id: i64) -> (Amounts, Amounts) {
    (billed_by(event, |charge| was_there_before(event, charge, batch_id)), billed(event))
}

/// Whether a charge of an event was there before a re-rating batch came to it.
pub fn was_there_before(event: &Record, charge: &Record, batch_id: i64) -> bool {
    re_rated_by(charge) != Some(batch_id) && !is_first_charged_in(event, batch_id)
}

/// Whether the event came into the batch from no other and its charges name none: whoever reported it priced it,
/// and it is billed for the first time. One that does not say where it was may have been billed there.
fn is_first_charged_in(event: &Record, batch_id: i64) -> bool {
    let is_from_elsewhere = match event.get("RelatedBatchId") {
        Some(Value::Null) => false,
        Some(other) => other.as_integer() != Some(batch_id),
        None => true,
    };
    !is_from_elsewhere && re_rating_batches(event).is_empty()
}

/// The batch whose re-rating made a charge, by its identifier.
pub fn re_rated_by(charge: &Record) -> Option<i64> {
    let is_of_batch = charge.text("ParentEntity") == Some(OF_A_BATCH);
    charge.get("ParentEntityId").and_then(Value::as_integer).filter(|_| is_of_batch)
}

/// The batches that have re-rated an event, in the order of its charges.
pub fn re_rating_batches(event: &Record) -> Vec<i64> {
    let charges = event.children("usageCharges").unwrap_or_default().iter();
    let mut batches: Vec<i64> = Vec::new();
    for id in charges.filter_map(re_rated_by) {
        if !batches.contains(&id) {
            batches.push(id);
        }
    }
    batches
}

/// A line for each currency that either of the two has.
pub fn lines(event: &str, first: &Amounts, second: &Amounts) -> Vec<Compared> {
    let currencies: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let line = |currency: &String| Compared {
        event: event.to_owned(),
        currency: currency.clone(),
        first: first.get(currency).copied(),
        second: second.get(currency).copied(),
    };
    currencies.into_iter().map(line).collect()
}

/// The lines added up, one for each currency, in the order of their codes.
pub fn totals(lines: &[Compared]) -> Vec<Compared> {
    let mut totals = BTreeMap::<&str, (Option<ExactSum>, Option<ExactSum>)>::new();
    let add = |to: &mut Option<ExactSum>, more: &Option<ExactSum>| {
        if let Some(more) = more {
            to.get_or_insert_default().merge(more);
        }
    };
    for line in lines {
        let (first, second) = totals.entry(&line.currency).or_default();
        add(first, &line.first);
        add(second, &line.second);
    }
    let total = |(currency, (first, second)): (&str, _)| Compared {
        event: String::new(),
        currency: currency.to_owned(),
        first,
        second,
    };
    totals.into_iter().map(total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;
    use proptest::prelude::*;

    fn event(charges: &[(&str, &str, Option<i64>)]) -> Record {
        let charges = charges.iter().map(|(currency, amount, batch)| {
            let parent = batch.map_or(String::new(), |id| {
                format!(r#","ParentEntity":"ORA_USAGE_BATCH","ParentEntityId":{id}"#)
            });
            format!(
                r#"{{"UsageChargePuid":"c","ChargeCurrency":"{currency}","BilledAmount":{amount}{parent}}}"#
            )
        });
        let body =
            format!(r#"{{"EventNumber":"E","usageCharges":[{}]}}"#, charges.collect::<Vec<_>>().join(","));
        Record::read(&EVENT, body.as_bytes()).unwrap()
    }

    fn told(lines: &[Compared], relation: Relation) -> Vec<String> {
        let text = |sum: Option<ExactSum>| sum.map_or("-".to_owned(), |sum| sum.text().unwrap());
        let line = |line: &Compared| {
            format!(
                "{} {} {} {}",
                line.currency,
                text(line.first),
                text(line.second),
                text(Some(line.third(relation)))
            )
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn re_rating_is_told_by_the_charges_that_name_the_batch() {
        let event = event(&[
            ("EUR", "1.10", None),
            ("EUR", "-1.10", Some(7)),
            ("EUR", "0.95", Some(7)),
            // Of an earlier re-rating: it stood before this one.
            ("USD", "3", Some(6)),
        ]);
        let (before, after) = before_and_after(&event, 7);
        let lines = lines("E", &before, &after);
        assert_eq!(told(&lines, Relation::Difference), ["EUR 1.10 0.95 -0.15", "USD 3 3 0"]);
        assert_eq!(re_rating_batches(&event), [7, 6]);
    }

    #[test]
    fn what_was_charged_first_in_a_batch_was_nothing_before() {
        let of = |related: &str, parent: &str| {
            let body = format!(
                r#"{{"EventNumber":"E",{related}"usageCharges":[{{"UsageChargePuid":"c","ChargeCurrency":"EUR","BilledAmount":2.28{parent}}}]}}"#
            );
            let event = Record::read(&EVENT, body.as_bytes()).unwrap();
            let (before, after) = before_and_after(&event, 7);
            told(&lines("E", &before, &after), Relation::Difference)
        };
        // Priced by whoever reported it, in a batch that re-rates.
        assert_eq!(of(r#""RelatedBatchId":null,"#, ""), ["EUR - 2.28 2.28"]);
        // It went on from there to another batch since.
        assert_eq!(of(r#""RelatedBatchId":7,"#, ""), ["EUR - 2.28 2.28"]);
        // Came from another batch; does not say; was re-rated by another one.
        assert_eq!(of(r#""RelatedBatchId":3,"#, ""), ["EUR 2.28 2.28 0.00"]);
        assert_eq!(of("", ""), ["EUR 2.28 2.28 0.00"]);
        let by_six = r#","ParentEntity":"ORA_USAGE_BATCH","ParentEntityId":6"#;
        assert_eq!(of(r#""RelatedBatchId":null,"#, by_six), ["EUR 2.28 2.28 0.00"]);
    }

    #[test]
    fn a_reversal_is_told_by_the_opposite_quantity() {
        let of = |quantity: &str| {
            Record::read(&EVENT, format!(r#"{{"EventNumber":"E","UsageQuantity":{quantity}}}"#).as_bytes())
                .unwrap()
        };
        assert!(takes_back(&of("-2.50"), &of("2.5")) && takes_back(&of("4"), &of("-4")));
        assert!(!takes_back(&of("2.5"), &of("2.5")) && !takes_back(&of("3"), &of("-4")));
        assert!(!takes_back(&of("null"), &of("null")));
    }

    #[test]
    fn a_reversal_that_waits_will_be_billed_the_opposite_of_its_original() {
        let of = |status: &str, quantity: &str, charges: &str| {
            let body = format!(
                r#"{{"EventNumber":"E","EventStatus":"{status}","UsageQuantity":{quantity},"usageCharges":[{charges}]}}"#
            );
            Record::read(&EVENT, body.as_bytes()).unwrap()
        };
        let charge = |amount: &str, currency: &str| {
            format!(r#"{{"UsageChargePuid":"c","BilledAmount":{amount},"ChargeCurrency":"{currency}"}}"#)
        };
        let charges = format!("{},{}", charge("1.10", "EUR"), charge("-0.004", "KWD"));
        let original = of("ORA_PROCESSED", "3", &charges);
        let expected = |event: &Record| {
            expected_of_reversal(event, &original).map(|amounts| {
                amounts
                    .iter()
                    .map(|(code, sum)| format!("{code} {}", sum.text().unwrap()))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(
            expected(&of("ORA_DRAFT", "-3.0", "")),
            Some(vec!["EUR -1.10".to_owned(), "KWD 0.004".to_owned()])
        );
        // A replacement is priced anew; what is processed has its own charges; of an unknown state nothing is said.
        assert_eq!(expected(&of("ORA_DRAFT", "2", "")), None);
        assert_eq!(expected(&of("ORA_PROCESSED", "-3", &charge("-1.10", "EUR"))), None);
        assert_eq!(expected(&of("THEIR_OWN", "-3", "")), None);
    }

    #[test]
    fn a_reversal_in_wait_is_read_off_the_original() {
        let of = |id: i64, related: &str, status: &str, flag: bool| {
            let body = format!(
                r#"{{"EventNumber":"E","EventId":{id},"RelatedEventId":{related},"RelatedBatchId":5,"EventStatus":"{status}","ReverseFlag":{flag}}}"#
            );
            let event = Record::read(&EVENT, body.as_bytes()).unwrap();
            pending_reversal(|name| event.get(name))
        };
        assert_eq!(of(1, "9", "ORA_PROCESSED", false), Some((9, 5)));
        // Taken back already; free to be reversed; the reversal itself; held to be re-rated.
        assert_eq!(of(1, "9", "ORA_REVERSED", false), None);
        assert_eq!(of(1, "9", "ORA_PROCESSED", true), None);
        assert_eq!(of(9, "1", "ORA_PROCESSED", false), None);
        assert_eq!(of(1, "null", "ORA_PROCESSED", false), None);
    }

    #[test]
    fn an_amount_that_is_missing_is_not_a_zero_but_counts_as_none() {
        let lines =
            lines("E", &billed(&event(&[("EUR", "2", None)])), &billed(&event(&[("USD", "1", None)])));
        assert_eq!(told(&lines, Relation::Net), ["EUR 2 - 2", "USD - 1 1"]);
    }

    proptest! {
        #[test]
        fn totals_are_the_sums_of_the_lines(amounts in prop::collection::vec((0_usize..3, -1_000_000_i64..1_000_000, 0_u32..6, any::<bool>()), 0..40)) {
            let codes = ["", "EUR", "USD"];
            let lines: Vec<_> = amounts.iter().map(|(code, mantissa, scale, is_first)| {
                let mut sum = ExactSum::default();
                sum.add(rust_decimal::Decimal::new(*mantissa, *scale));
                let (first, second) = if *is_first { (Some(sum), None) } else { (None, Some(sum)) };
                Compared { event: String::new(), currency: codes[*code].to_owned(), first, second }
            }).collect();
            let codes: BTreeSet<&str> = lines.iter().map(|line| line.currency.as_str()).collect();
            prop_assert!(totals(&lines).iter().map(|total| total.currency.as_str()).eq(codes));
            for total in totals(&lines) {
                let mut third = ExactSum::default();
                lines.iter().filter(|line| line.currency == total.currency).for_each(|line| third.merge(&line.third(Relation::Difference)));
                prop_assert_eq!(total.third(Relation::Difference).text(), third.text());
            }
        }
    }
}
