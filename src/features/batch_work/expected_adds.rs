//! How many events were to be added by a rule, and how many were.

use crate::api::{Failure, RecordKey, RestClient};
use crate::data::session::Session;
use crate::data::sync::OperationStatus;
use crate::features::selection::{EventPages, Selected};
use crate::text::{count, events};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::IntentId;
use rest_contract::oracle::eligibility::Eligibility;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use rest_contract::{Record, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Events that were to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedAdds {
    pub intent: IntentId,
    /// The batch's number.
    pub batch: String,
    pub expected_count: usize,
    /// The expected events by name, where the rule was checked.
    pub numbers: Arc<Eligibility>,
    /// How many events the batch had.
    pub before: i64,
}

/// How many events were added of those that were expected.
#[derive(Clone, Debug, PartialEq)]
struct Added {
    expected_count: usize,
    added: usize,
    /// Promised and not in the batch, as far as they are known by name.
    missing: Vec<String>,
}

/// At most this many events that were not added are named.
const MAX_LISTED: usize = 20;
/// As many events are asked for by number in one query.
const AT_ONCE: usize = 100;
const SHAPE: &str = "fields=EventNumber,EventId,RelatedEventId&onlyData=true";

/// Watches an adding, and tells of its end in the head of the page, as of any other step.
#[component]
pub fn AddsCheck(session: Session, expected: RwSignal<Option<ExpectedAdds>>) -> impl IntoView {
    let is_done = Memo::new(move |_| {
        expected
            .get()
            .is_some_and(|expected| session.sync.operation_status(expected.intent) == OperationStatus::Done)
    });
    Effect::new(move || {
        let (true, Some(asked)) = (is_done.get(), expected.get_untracked()) else { return };
        spawn_local(async move {
            // Without a reading nothing is said: the batch's own head shows how many there are.
            let Ok(found) = reconcile(session.client, &asked).await else { return };
            // More events may have been added meanwhile.
            if expected.try_get_untracked().flatten().is_some_and(|now| now.intent == asked.intent) {
                tell(session, &asked.batch, &found);
                expected.set(None);
            }
        });
    });
}

fn tell(session: Session, batch: &str, Added { expected_count, added, missing }: &Added) {
    let (board, record) = (session.sync.notices, RecordKey::batch(batch));
    if added == expected_count {
        let words = format!("Batch {batch}: {} added.", events(*expected_count));
        return board.tell_outcome(record, Tone::Ok, words);
    }
    let why = if added > expected_count {
        "More events matched the rule when they were added than when the rule was checked.".to_owned()
    } else {
        let names = missing.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
        let more = missing.len().saturating_sub(MAX_LISTED);
        let more = if more > 0 { format!(" and {} more", count(more as u64)) } else { String::new() };
        let names = if names.is_empty() { String::new() } else { format!(" Not added: {names}{more}.") };
        format!("The others changed, or went into another batch, between the check and the adding.{names}")
    };
    let counts = format!("{} were expected, {} added.", events(*expected_count), count(*added as u64));
    board.hold_outcome(record, format!("Batch {batch}: {counts} {why}"));
}

/// How many events were added, by what is read after the adding.
async fn reconcile(client: RestClient, expected: &ExpectedAdds) -> Result<Added, Failure> {
    let batch = client.read_record(&RecordKey::batch(&expected.batch)).await?;
    let now = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default();
    let added = usize::try_from(now - expected.before).unwrap_or_default();
    let is_named = expected.numbers.allowed.len() == expected.expected_count;
    let missing = if added == expected.expected_count || !is_named {
        Vec::new()
    } else {
        missing_of(client, expected).await?
    };
    Ok(Added { expected_count: expected.expected_count, added, missing })
}

/// The expected events that are not in the batch: neither themselves, as in re-rating, nor by an event
/// that is related to them, as in reversal.
async fn missing_of(client: RestClient, expected: &ExpectedAdds) -> Result<Vec<String>, Failure> {
    let mut numbers = BTreeSet::new();
    let mut related = BTreeSet::new();
    for event in read(client, Some(&expected.batch), String::new()).await? {
        numbers.extend(event.key());
        related.extend(event.get("RelatedEventId").and_then(Value::as_integer));
    }
    let absent: Vec<&String> =
        expected.numbers.allowed.iter().filter(|number| !numbers.contains(*number)).collect();
    let mut missing = Vec::new();
    for some in absent.chunks(AT_ONCE) {
        let found = read(client, None, one_of("EventNumber", some)).await?;
        let is_missing = |event: &&Record| {
            let id = event.get("EventId").and_then(Value::as_integer);
            id.is_none_or(|id| !related.contains(&id))
        };
        missing.extend(found.iter().filter(is_missing).filter_map(Record::key));
    }
    Ok(missing)
}

async fn read(client: RestClient, batch: Option<&str>, q: String) -> Result<Vec<Record>, Failure> {
    let selected = Selected::all(batch.map(str::to_owned), q, EventAction::Change);
    let mut pages = EventPages::new(client, selected, SHAPE);
    let mut events = Vec::new();
    while let Some(page) = pages.next().await? {
        events.extend(page);
    }
    Ok(events)
}
