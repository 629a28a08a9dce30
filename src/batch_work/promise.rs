//! What was promised when events were added by a rule, held against what was added.

use crate::controls::{Icon, IconName, Notice};
use crate::display_text::{count, events};
use crate::event_selection::{EventPages, Selected};
use crate::record_sync::Fate;
use crate::rest_client::{Failure, RecordKey, RestClient};
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::IntentId;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use rest_contract::oracle::weighing::Weighed;
use rest_contract::{Record, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Events that were to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    pub intent: IntentId,
    /// The batch's number.
    pub batch: String,
    pub promised: usize,
    /// The promised events by name, where they were weighed.
    pub numbers: Arc<Weighed>,
    /// How many events the batch had.
    pub before: i64,
}

/// How the promise was kept.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    promised: usize,
    added: usize,
    /// Promised and not in the batch, as far as they are known by name.
    missing: Vec<String>,
}

/// Names of events that were not added, as many as are told one by one.
const TOLD: usize = 20;
/// As many events are asked for by number in one query.
const AT_ONCE: usize = 100;
const SHAPE: &str = "fields=EventNumber,EventId,RelatedEventId&onlyData=true";

#[component]
pub fn PromiseKept(session: Session, promise: RwSignal<Option<Promise>>) -> impl IntoView {
    let is_done = Memo::new(move |_| {
        promise.get().is_some_and(|promise| session.sync.fate(promise.intent) == Fate::Done)
    });
    let kept = RwSignal::new(None::<Kept>);
    Effect::new(move || {
        kept.set(None);
        let (true, Some(asked)) = (is_done.get(), promise.get_untracked()) else { return };
        spawn_local(async move {
            // Without a reading nothing is said: the batch's own head shows how many there are.
            let Ok(found) = kept_of(session.client, &asked).await else { return };
            // Another promise may have been made meanwhile.
            if promise.try_get_untracked().flatten().is_some_and(|now| now.intent == asked.intent) {
                kept.set(Some(found));
            }
        });
    });
    move || {
        kept.get().map(|Kept { promised, added, missing }| {
            let (tone, title, text) = if added == promised {
                (Tone::Ok, format!("All {} that were promised were added.", events(promised)), String::new())
            } else if added > promised {
                let title = format!("{} were promised, {} added.", events(promised), count(added as u64));
                (Tone::Warn, title, "More events matched the rule when they were added than when they were weighed.".to_owned())
            } else {
                let names = missing.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
                let more = missing.len().saturating_sub(TOLD);
                let more = if more > 0 { format!(" and {} more", count(more as u64)) } else { String::new() };
                let names = if names.is_empty() { String::new() } else { format!(" Not added: {names}{more}.") };
                let title = format!("{} were promised, {} added.", events(promised), count(added as u64));
                (Tone::Warn, title, format!("The others changed, or went into another batch, between the weighing and the adding.{names}"))
            };
            view! {
                <div class="promise" role="status" data-testid="promise">
                    <Notice tone=tone title=title text=text />
                    <button class="button button-icon" data-kind="quiet" aria-label="Close this notice" on:click=move |_| promise.set(None)><Icon name=IconName::Close /></button>
                </div>
            }
        })
    }
}

/// How the promise was kept, by what is read after the adding.
async fn kept_of(client: RestClient, promise: &Promise) -> Result<Kept, Failure> {
    let batch = client.read_record(&RecordKey::batch(&promise.batch)).await?;
    let now = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default();
    let added = usize::try_from(now - promise.before).unwrap_or_default();
    let is_named = promise.numbers.allowed.len() == promise.promised;
    let missing =
        if added == promise.promised || !is_named { Vec::new() } else { missing_of(client, promise).await? };
    Ok(Kept { promised: promise.promised, added, missing })
}

/// The promised events that are not in the batch: neither themselves, as in re-rating, nor by an event
/// that is related to them, as in reversal.
async fn missing_of(client: RestClient, promise: &Promise) -> Result<Vec<String>, Failure> {
    let mut numbers = BTreeSet::new();
    let mut related = BTreeSet::new();
    for event in read(client, Some(&promise.batch), String::new()).await? {
        numbers.extend(event.key());
        related.extend(event.get("RelatedEventId").and_then(Value::as_integer));
    }
    let absent: Vec<&String> =
        promise.numbers.allowed.iter().filter(|number| !numbers.contains(*number)).collect();
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
