//! The eligibility check in words and figures.

use super::event_names::NamedEvent;
use super::{DifferencesView, EventNames, Reading, ReadingProgress, ReadingState};
use crate::data::session::Session;
use crate::features::selection::AmountLines;
use crate::text::{count, events};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::EventAmount;
use rest_contract::oracle::compared_amounts::negated;

/// At most this many are named.
const MAX_LISTED: usize = 3;

/// `allowed_words` follow the number of events that may be touched. `worth_title` says what the amounts are.
/// Where `reverses` is set, they stand with the sign that the reversals will have, for each event too.
/// `read_on` is offered where there are too many events to be read unasked.
#[component]
pub fn EligibilityView(
    session: Session,
    reading: Reading,
    #[prop(into)] allowed_words: String,
    #[prop(into)] worth_title: String,
    #[prop(optional)] reverses: bool,
    #[prop(optional, into)] read_on: Option<Callback<()>>,
) -> impl IntoView {
    let counted = move || match reading.state.get() {
        ReadingState::Counted(found) => Some(view! {
            <p>
                <strong>{format!("{} events match. ", count(found as u64))}</strong>
                {read_on.map(|read_on| view! { <button class="button" on:click=move |_| read_on.run(())>{format!("Check all {}", count(found as u64))}</button> })}
            </p>
        }),
        ReadingState::MoreThan(limit) => Some(view! {
            <p>
                <strong>{format!("More than {} events match. ", count(limit as u64))}</strong>
                {read_on.map(|read_on| view! { <button class="button" on:click=move |_| read_on.run(())>"Check all"</button> })}
            </p>
        }),
        _ => None,
    };
    let words = StoredValue::new(allowed_words.clone());
    let names = Signal::derive(move || -> Vec<NamedEvent> {
        if reading.state.get() != ReadingState::Done {
            return Vec::new();
        }
        let eligibility = reading.eligibility.get();
        let allowed = eligibility.allowed.iter().zip(&eligibility.amounts).map(|(number, amounts)| {
            let amounts = reverses.then(|| amounts.iter().map(EventAmount::negated).collect());
            NamedEvent { amounts, ..NamedEvent::new(number.clone(), words.get_value()) }
        });
        let blocked = eligibility.blocked.iter().flat_map(|(reason, blocked)| {
            blocked
                .numbers
                .iter()
                .map(move |number| NamedEvent::excluded(number.clone(), format!("excluded: {reason}")))
        });
        let changed = reading.noticed.differences.get().changed.into_iter();
        let changed =
            changed.map(|one| NamedEvent::excluded(one.number, "left out: changed since it was selected"));
        allowed.chain(blocked).chain(changed).collect()
    });
    let result = move || {
        let eligibility = reading.eligibility.get();
        let is_known = reading.state.get() == ReadingState::Done;
        is_known.then(|| {
            let blocked = eligibility.blocked.iter().map(|(reason, blocked)| {
                let batches = match blocked.batches.len() {
                    0 => String::new(),
                    1 => format!(" Batch: {}.", told(blocked.batches.iter())),
                    _ => format!(" Batches: {}.", told(blocked.batches.iter())),
                };
                let names = told(blocked.numbers.iter());
                view! { <li><strong>{count(blocked.numbers.len() as u64)}</strong>" excluded: "{reason.to_string()}{batches}<span class="quiet">" "{names}</span></li> }
            });
            view! {
                <ul class="eligibility-list">
                    <li data-testid="allowed"><strong>{events(eligibility.allowed.len())}</strong>{format!(" {allowed_words}")}</li>
                    {blocked.collect_view()}
                    {(!eligibility.unread.is_empty()).then(|| view! {
                        <li><strong>{count(eligibility.unread.len() as u64)}</strong>" excluded: values that decide could not be read."<span class="quiet">" "{told(eligibility.unread.iter())}</span></li>
                    })}
                </ul>
                {(!eligibility.worth.is_empty()).then(|| {
                    let worth = eligibility.worth.clone();
                    let worth = if reverses { negated(worth) } else { worth };
                    view! { <section class="worth" aria-label=worth_title.clone()><h3>{worth_title.clone()}</h3><AmountLines amounts=worth covered=eligibility.covered.clone() /></section> }
                })}
            }
        })
    };
    view! {
        <div class="eligibility" aria-live="polite">
            <ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) again=Callback::new(move |()| reading.again()) />
            <DifferencesView session=session noticed=reading.noticed again=Callback::new(move |()| reading.again()) take_changed=Callback::new(move |()| reading.take_changed()) />
            {counted}
            {result}
            <EventNames session=session events=names file="selected-events.csv" />
        </div>
    }
}

/// The first of several names, and how many more there are.
fn told<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = names.len().saturating_sub(MAX_LISTED);
    let first = names.take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
    let first = visible(&first).into_owned();
    if more > 0 { format!("{first} and {} more", count(more as u64)) } else { first }
}
