//! The weighing in words and figures.

use super::{Reading, ReadingProgress, ReadingState};
use crate::display_text::{count, events, sum};
use leptos::prelude::*;

/// As many names are told one by one.
const TOLD: usize = 3;

/// `worth_title` says what the amounts are, such as "To be negated". `read_on` is offered where
/// there are too many events to be read unasked.
#[component]
pub fn WeighedView(
    reading: Reading,
    #[prop(into)] allowed_words: String,
    #[prop(into)] worth_title: String,
    #[prop(optional, into)] read_on: Option<Callback<()>>,
) -> impl IntoView {
    let counted = move || match reading.state.get() {
        ReadingState::Counted(found) => Some(view! {
            <p>
                <strong>{format!("{} events match. ", count(found as u64))}</strong>
                {read_on.map(|read_on| view! { <button class="button" on:click=move |_| read_on.run(())>{format!("Weigh all {}", count(found as u64))}</button> })}
            </p>
        }),
        _ => None,
    };
    let result = move || {
        let weighed = reading.weighed.get();
        let is_known = matches!(reading.state.get(), ReadingState::Done | ReadingState::Under(..));
        is_known.then(|| {
            let barred = weighed.barred.iter().map(|(reason, barred)| {
                let batches = match barred.batches.len() {
                    0 => String::new(),
                    1 => format!(" Batch: {}.", told(barred.batches.iter())),
                    _ => format!(" Batches: {}.", told(barred.batches.iter())),
                };
                let names = told(barred.numbers.iter());
                view! { <li><strong>{count(barred.numbers.len() as u64)}</strong>" barred: "{reason.to_string()}{batches}<span class="quiet">" "{names}</span></li> }
            });
            let worth = weighed.worth.iter().map(|(currency, amount)| {
                let name = if currency.is_empty() { "No currency".to_owned() } else { currency.clone() };
                view! { <div data-currency=currency.clone()><dt>{name}</dt><dd class="number">{sum(amount)}</dd></div> }
            });
            view! {
                <ul class="weighed">
                    <li data-testid="allowed"><strong>{events(weighed.allowed.len())}</strong>{format!(" {allowed_words}")}</li>
                    {barred.collect_view()}
                </ul>
                {(!weighed.worth.is_empty()).then(|| view! {
                    <section class="worth" aria-label=worth_title.clone()><h3>{worth_title.clone()}</h3><dl class="totals-list">{worth.collect_view()}</dl></section>
                })}
            }
        })
    };
    view! { <div class="weighing" aria-live="polite"><ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) />{counted}{result}</div> }
}

/// The first of several names, and how many more there are.
fn told<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = names.len().saturating_sub(TOLD);
    let first = names.take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {} more", count(more as u64)) } else { first }
}
