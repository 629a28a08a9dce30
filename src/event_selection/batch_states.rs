//! How the batches of events stand: an event does not say it itself, and it decides what may be done.

use crate::rest_client::{Failure, RestClient};
use rest_contract::Record;
use rest_contract::oracle::one_of;
use std::collections::BTreeMap;

/// Status codes by batch number. Each batch is asked for once.
#[derive(Clone, Debug, Default)]
pub struct BatchStates(BTreeMap<String, String>);

/// As many batches are asked for in one query.
const AT_ONCE: usize = 100;

impl BatchStates {
    /// Finds out about the batches of these events that are not known yet.
    pub async fn learn(&mut self, client: RestClient, events: &[Record]) -> Result<(), Failure> {
        let mut unknown: Vec<&str> = events.iter().filter_map(|event| event.text("BatchNumber")).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown.retain(|number| !self.0.contains_key(*number));
        for numbers in unknown.chunks(AT_ONCE) {
            let q = one_of("BatchNumber", numbers);
            let page = client.batch_page(&q, "UsageBatchId:asc", 0, AT_ONCE).await?;
            for batch in page.items {
                let status = batch.text("BatchStatus").unwrap_or_default().to_owned();
                self.0.insert(batch.key().unwrap_or_default(), status);
            }
        }
        Ok(())
    }

    /// The status code of the event's batch; empty where it is not known.
    pub fn of(&self, event: &Record) -> &str {
        let number = event.text("BatchNumber").unwrap_or_default();
        self.0.get(number).map_or("", String::as_str)
    }
}
