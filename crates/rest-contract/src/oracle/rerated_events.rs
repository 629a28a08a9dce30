//! Re-rating takes an event out of the batch that it was in: which batch that was, and what the event was
//! billed there.
//!
//! The event names its first batch (`RelatedBatchId`); the batches that have re-rated it since are named by
//! the charges that they made. One whose re-rating failed there has no such charge, so of an event that was
//! taken on from there the batch before is told.

use super::charged_amounts::{Amounts, billed_by};
use super::compared_amounts::{re_rated_by, re_rating_batches};
use crate::{Record, Value};

/// The batch that the event was in before it came into this re-rating batch, by its identifier.
pub fn came_from(event: &Record, batch_id: i64) -> Option<i64> {
    let earlier = re_rating_batches(event).into_iter().take_while(|id| *id != batch_id).last();
    let first = || event.get("RelatedBatchId").and_then(Value::as_integer);
    earlier.or_else(first).filter(|id| *id != batch_id)
}

/// What the event was billed as long as it was in a batch, its first one or one that re-rated it.
pub fn billed_in(event: &Record, batch_id: i64) -> Amounts {
    let later: Vec<i64> = match re_rating_batches(event) {
        batches if batches.contains(&batch_id) => {
            batches.into_iter().skip_while(|id| *id != batch_id).skip(1).collect()
        }
        batches => batches,
    };
    billed_by(event, |charge| re_rated_by(charge).is_none_or(|id| !later.contains(&id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;

    /// Was in batch 1 for 1.10, re-rated in 7 to 0.95 and in 9 to 2.
    fn event(related: &str, re_ratings: &[(i64, &str, &str)]) -> Record {
        let charge = |amount: &str, batch: Option<i64>| {
            let parent = batch.map_or(String::new(), |id| {
                format!(r#","ParentEntity":"ORA_USAGE_BATCH","ParentEntityId":{id}"#)
            });
            format!(r#"{{"UsageChargePuid":"c","ChargeCurrency":"EUR","BilledAmount":{amount}{parent}}}"#)
        };
        let mut charges = vec![charge("1.10", None)];
        for (batch, credit, amount) in re_ratings {
            charges.extend([charge(credit, Some(*batch)), charge(amount, Some(*batch))]);
        }
        let charges = charges.join(",");
        let body = format!(r#"{{"EventNumber":"E","RelatedBatchId":{related},"usageCharges":[{charges}]}}"#);
        Record::read(&EVENT, body.as_bytes()).unwrap()
    }

    fn in_euros(amounts: &Amounts) -> String {
        amounts["EUR"].text().unwrap()
    }

    #[test]
    fn an_event_that_waits_came_from_the_batch_it_names() {
        let waiting = event("1", &[]);
        assert_eq!(came_from(&waiting, 7), Some(1));
        assert_eq!(in_euros(&billed_in(&waiting, 1)), "1.10");
        // Nobody says where it was.
        assert_eq!(came_from(&event("null", &[]), 7), None);
        assert_eq!(came_from(&event("7", &[]), 7), None);
    }

    #[test]
    fn each_re_rating_took_it_from_the_one_before() {
        let twice = event("1", &[(7, "-1.10", "0.95"), (9, "-0.95", "2")]);
        assert_eq!([7, 9, 11].map(|id| came_from(&twice, id)), [Some(1), Some(7), Some(9)]);
        assert_eq!([1, 7, 9].map(|id| in_euros(&billed_in(&twice, id))), ["1.10", "0.95", "2.00"]);
    }
}
