//! The events that others take back or replace, and with them what reversals that are still to be processed
//! will come to.

use super::{EventPages, Selected};
use crate::api::{Failure, RestClient};
use rest_contract::oracle::charged_amounts::{Amounts, merge};
use rest_contract::oracle::compared_amounts::{billed, expected_of_reversal};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::{Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// As many originals are asked for in one query.
const AT_ONCE: usize = 100;

/// What of an event tells whether and what it takes back.
const SHAPE: &str = "fields=EventNumber,EventId,BatchNumber,EventStatus,RelatedEventId,UsageQuantity;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

fn related(event: &Record) -> Option<i64> {
    event.get("RelatedEventId").and_then(Value::as_integer)
}

/// The events that these take back or replace, by their ids.
pub async fn originals_of(
    client: RestClient,
    events: &[Record],
    shape: &'static str,
) -> Result<BTreeMap<i64, Record>, Failure> {
    let ids: BTreeSet<i64> = events.iter().filter_map(related).collect();
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let mut originals = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let selected = Selected::all(None, format!("EventId in ({})", ids.join(",")), EventAction::Change);
        let mut pages = EventPages::new(client, selected, shape);
        while let Some(found) = pages.next().await? {
            let by_id = |event: Record| Some((event.get("EventId").and_then(Value::as_integer)?, event));
            originals.extend(found.into_iter().filter_map(by_id));
        }
    }
    Ok(originals)
}

/// The original of an event among those that were read.
pub fn original_of<'a>(event: &Record, originals: &'a BTreeMap<i64, Record>) -> Option<&'a Record> {
    related(event).and_then(|id| originals.get(&id))
}

/// What a batch of reversals takes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TakenBack {
    /// What is billed, and for reversals that are still to be processed, what they will be.
    pub amounts: Amounts,
    /// The numbers of the batches that the originals are in.
    pub batches: BTreeSet<String>,
}

/// What a batch of reversals comes to.
pub async fn taken_back(client: RestClient, batch: &str) -> Result<TakenBack, Failure> {
    let selected = Selected::all(Some(batch.to_owned()), String::new(), EventAction::Change);
    let mut pages = EventPages::new(client, selected, SHAPE);
    let mut taken = TakenBack::default();
    while let Some(events) = pages.next().await? {
        let originals = originals_of(client, &events, SHAPE).await?;
        for event in &events {
            let original = original_of(event, &originals);
            let expected = original.and_then(|original| expected_of_reversal(event, original));
            merge(&mut taken.amounts, &expected.unwrap_or_else(|| billed(event)));
            let batch = original.and_then(|original| original.text("BatchNumber"));
            taken.batches.extend(batch.map(str::to_owned));
        }
    }
    Ok(taken)
}
