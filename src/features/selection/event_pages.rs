//! The events of a selection, page by page. A query's events come in the order of their ids, each page
//! after the last event of the one before; chosen events are asked for by their numbers. What differs from
//! what was chosen is kept aside and told, never passed over.

use super::differences::{ChangedSince, Differences};
use super::selected::{Found, Selected, Which, joined};
use crate::api::{EventPageQuery, Failure, FailureKind, RestClient, System, version_of};
use grid_model::{ReadNext, Records, WholeReading};
use rest_contract::oracle::one_of;
use rest_contract::{Record, Value, with_field};
use std::collections::{BTreeSet, VecDeque};

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;
/// Numbers in one query: addresses of more than some thousand letters are refused by gateways.
const NAMED_AT_ONCE: usize = 60;
const LETTERS_AT_ONCE: usize = 2_000;

pub struct EventPages {
    client: RestClient,
    way: Way,
    /// `fields=` or `expand=` and what else shapes an item.
    shape: String,
    /// How many there are, as far as is known.
    pub total: Option<usize>,
    pub read: usize,
    differences: Differences,
}

enum Way {
    Question { found: Found, reading: WholeReading },
    Numbers { chosen: Records, left: VecDeque<Vec<String>> },
}

impl EventPages {
    pub fn new(client: RestClient, selected: Selected, shape: &str) -> Self {
        let has_versions = |records: &Records| records.iter().any(|one| !one.version.is_empty());
        let (way, total, shape) = match selected.which {
            Which::Found(found) => {
                let reading = WholeReading::default();
                // The id orders the pages.
                (Way::Question { found, reading }, None, with_field(shape, "EventId"))
            }
            Which::These(chosen) => {
                // The version hangs on the item's own link.
                let shape = if has_versions(&chosen) {
                    shape.replace("&onlyData=true", "&links=self,canonical")
                } else {
                    shape.to_owned()
                };
                let (left, total) = (chunks(&chosen), chosen.len());
                (Way::Numbers { chosen, left }, Some(total), shape)
            }
        };
        Self { client, way, shape, total, read: 0, differences: Differences::default() }
    }

    /// The next page; nothing after the last one.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, Failure> {
        match &self.way {
            Way::Question { .. } => self.next_found().await,
            Way::Numbers { .. } => self.next_named().await,
        }
    }

    /// In what those that came differ from those that were chosen; whole after the last page.
    pub fn differences(self) -> Differences {
        self.differences
    }

    async fn next_found(&mut self) -> Result<Option<Vec<Record>>, Failure> {
        let Way::Question { found, reading } = &mut self.way else { return Ok(None) };
        let after = match reading.next() {
            ReadNext::Nothing => {
                self.differences.of_the_question(found, reading);
                return Ok(None);
            }
            ReadNext::Count => {
                let shape = "fields=EventId&onlyData=true";
                let query = EventPageQuery { limit: 1, ..by_id(found.batch.as_deref(), &found.q, shape) };
                reading.counted(count(self.client.event_page(&query).await?.total_results));
                self.differences.of_the_question(found, reading);
                return Ok(None);
            }
            ReadNext::Page { after } => after,
        };
        let q = match after {
            Some(id) => joined(&found.q, &format!("EventId > {id}")),
            None => found.q.clone(),
        };
        let page = self.client.event_page(&by_id(found.batch.as_deref(), &q, &self.shape)).await?;
        let ids: Option<Vec<i64>> =
            page.items.iter().map(|event| event.get("EventId").and_then(Value::as_integer)).collect();
        let ids = ids.ok_or_else(|| unreadable("An event came without its identifier"))?;
        reading
            .take(&ids, count(page.total_results), page.has_more)
            .map_err(|_| unreadable("The events came in another order than was asked for"))?;
        self.total = reading.total();
        self.read = reading.read();
        let mut events = page.items;
        events.retain(|event| event.key().is_none_or(|number| !found.without.contains(&number)));
        Ok(Some(events))
    }

    async fn next_named(&mut self) -> Result<Option<Vec<Record>>, Failure> {
        let Way::Numbers { chosen, left } = &mut self.way else { return Ok(None) };
        let Some(numbers) = left.pop_front() else { return Ok(None) };
        let q = one_of("EventNumber", &numbers);
        let page = self.client.event_page(&by_id(None, &q, &self.shape)).await?;
        let mut came = BTreeSet::new();
        came.extend(page.items.iter().filter_map(Record::key));
        let gone = numbers.iter().filter(|number| !came.contains(*number));
        self.differences.gone.extend(gone.cloned());
        self.read += numbers.len();
        let mut events = page.items;
        events.retain(|event| {
            let Some(number) = event.key() else { return false };
            let version = version_of(event).token;
            let is_as_chosen =
                chosen.version(&number).is_none_or(|seen| seen.is_empty() || *seen == *version);
            if !is_as_chosen {
                self.differences.changed.push(ChangedSince::of(number, version, event));
            }
            is_as_chosen
        });
        Ok(Some(events))
    }
}

/// The first page of events, of one batch or of all, in the order of their ids.
pub fn by_id<'a>(batch: Option<&'a str>, q: &'a str, shape: &'a str) -> EventPageQuery<'a> {
    EventPageQuery { batch, q, order_by: "EventId:asc", shape, offset: 0, limit: PAGE }
}

fn chunks(chosen: &Records) -> VecDeque<Vec<String>> {
    let mut chunks: VecDeque<Vec<String>> = VecDeque::new();
    let mut letters = 0;
    for number in chosen.keys() {
        letters += number.len();
        match chunks.back_mut() {
            Some(last) if last.len() < NAMED_AT_ONCE && letters <= LETTERS_AT_ONCE => {
                last.push(number.to_owned());
            }
            _ => {
                letters = number.len();
                chunks.push_back(vec![number.to_owned()]);
            }
        }
    }
    chunks
}

fn count(total: Option<u64>) -> Option<usize> {
    total.and_then(|total| usize::try_from(total).ok())
}

fn unreadable(reason: &str) -> Failure {
    let reason = format!("{reason}, so it is not certain that none is left out.");
    Failure::new(System::Oracle, FailureKind::Unreadable(reason))
}
