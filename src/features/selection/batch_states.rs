//! How the batches of events stand, of which business unit they are, and which of them hold events: an event does
//! not say it itself, and it decides what may be done.

use crate::api::{Failure, RestClient};
use rest_contract::oracle::life_cycle::BatchStatus;
use rest_contract::oracle::one_of;
use rest_contract::{Record, Value, is_blank};
use std::collections::{BTreeMap, BTreeSet};

/// Batches as far as they were asked for, each once.
#[derive(Clone, Debug, Default)]
pub struct BatchStates {
    /// Status codes by batch number.
    statuses: BTreeMap<String, String>,
    /// Business units by batch number, of the batches that are of one.
    units: BTreeMap<String, String>,
    /// Batch numbers by identifier, of batches that may hold events of others.
    numbers: BTreeMap<i64, String>,
}

/// As many batches are asked for in one query.
const AT_ONCE: usize = 100;

impl BatchStates {
    /// Finds out about the batches of these events that are not known yet.
    pub async fn learn(&mut self, client: RestClient, events: &[Record]) -> Result<(), Failure> {
        let numbers: BTreeSet<&str> = events.iter().filter_map(|event| event.text("BatchNumber")).collect();
        let unknown: Vec<&str> =
            numbers.into_iter().filter(|number| !self.statuses.contains_key(*number)).collect();
        for numbers in unknown.chunks(AT_ONCE) {
            let q = one_of("BatchNumber", numbers);
            let page = client.batch_page(&q, "UsageBatchId:asc", 0, AT_ONCE).await?;
            for batch in page.items {
                let status = batch.text("BatchStatus").unwrap_or_default().to_owned();
                let number = batch.key().unwrap_or_default();
                let unit = batch.text("BusinessUnitName").filter(|unit| !is_blank(unit));
                self.units.extend(unit.map(|unit| (number.clone(), unit.to_owned())));
                self.statuses.insert(number, status);
            }
        }
        let ids: BTreeSet<i64> =
            events.iter().filter(|event| is_held(event)).filter_map(related_batch).collect();
        let unknown: Vec<String> =
            ids.iter().filter(|id| !self.numbers.contains_key(id)).map(i64::to_string).collect();
        for ids in unknown.chunks(AT_ONCE) {
            let q = format!("UsageBatchId in ({})", ids.join(","));
            let page = client.batch_page(&q, "UsageBatchId:asc", 0, AT_ONCE).await?;
            for batch in page.items {
                let id = batch.get("UsageBatchId").and_then(Value::as_integer);
                self.numbers.extend(id.zip(batch.key()));
            }
        }
        Ok(())
    }

    /// The status code of the event's batch; empty where it is not known.
    pub fn of(&self, event: &Record) -> &str {
        let number = event.text("BatchNumber").unwrap_or_default();
        self.statuses.get(number).map_or("", String::as_str)
    }

    /// The business unit of these batches, if they all are of one.
    pub fn unit_of<'a>(&self, numbers: impl IntoIterator<Item = &'a String>) -> Option<String> {
        let mut units = numbers.into_iter().map(|number| self.units.get(number));
        let first = units.next()??;
        units.all(|unit| unit == Some(first)).then(|| first.clone())
    }

    /// The number of the batch that holds a processed event: the open one that it is in to be re-rated,
    /// or the one that its reversal is in.
    pub fn holder_of<'a>(&'a self, event: &'a Record) -> Option<&'a str> {
        match BatchStatus::of(self.of(event)) {
            Some(BatchStatus::Completed | BatchStatus::CompletedErrors) => {
                related_batch(event).and_then(|id| self.numbers.get(&id)).map(String::as_str)
            }
            _ => event.text("BatchNumber"),
        }
    }
}

fn is_held(event: &Record) -> bool {
    event.get("ReverseFlag") == Some(&Value::Boolean(false))
}

fn related_batch(event: &Record) -> Option<i64> {
    event.get("RelatedBatchId").and_then(Value::as_integer)
}
