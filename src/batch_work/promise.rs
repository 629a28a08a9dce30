//! What was promised when events were added by a rule, held against what was added.

use crate::controls::{Icon, IconName, Notice};
use crate::display_text::{count, events};
use crate::event_selection::{Reading, ReadingState, Selected};
use crate::record_sync::Fate;
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::IntentId;
use rest_contract::oracle::weighing::Weighed;
use rest_contract::{Record, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Events that were to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    pub intent: IntentId,
    /// Finds what the rule still matches outside the batch.
    pub selected: Selected,
    pub promised: usize,
    /// The promised events by name, where they were weighed.
    pub numbers: Arc<Weighed>,
    /// How many events the batch had.
    pub before: i64,
}

/// Names of events that were not added, as many as are told one by one.
const TOLD: usize = 20;

#[component]
pub fn PromiseKept(
    session: Session,
    batch: Signal<Option<Arc<Record>>>,
    promise: RwSignal<Option<Promise>>,
) -> impl IntoView {
    let reading = Reading::new(session);
    let is_done = Memo::new(move |_| {
        promise.get().is_some_and(|promise| session.sync.fate(promise.intent) == Fate::Done)
    });
    // What was promised and can still be added was not added.
    Effect::new(move || {
        if is_done.get()
            && let Some(promise) = promise.get_untracked()
        {
            reading.start(promise.selected, promise.promised.max(1));
        }
    });
    let result = move || {
        let promise = promise.get().filter(|_| is_done.get())?;
        let now =
            batch.with(|batch| batch.as_ref()?.get("CountOfUsageEvents").and_then(Value::as_integer))?;
        let is_named = promise.numbers.allowed.len() == promise.promised;
        let left: BTreeSet<String> = match reading.state.get() {
            ReadingState::Done if is_named => {
                let promised: BTreeSet<&String> = promise.numbers.allowed.iter().collect();
                let still = reading.weighed.get();
                still.allowed.iter().filter(|number| promised.contains(number)).cloned().collect()
            }
            ReadingState::Done | ReadingState::Counted(_) if !is_named => BTreeSet::new(),
            _ => return None,
        };
        let counted = usize::try_from(now - promise.before).unwrap_or_default();
        let added = if is_named { promise.promised - left.len() } else { counted };
        Some((promise.promised, added, left))
    };
    move || {
        result().map(|(promised, added, left)| {
            let (tone, title, text) = if added == promised {
                (Tone::Ok, format!("All {} that were promised were added.", events(promised)), String::new())
            } else {
                let names = left.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
                let more = left.len().saturating_sub(TOLD);
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
