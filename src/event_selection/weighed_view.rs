//! The weighing in words and figures.

use super::{Reading, ReadingState};
use crate::display_text::{count, events, sum};
use leptos::prelude::*;

/// `worth_title` says what the amounts are, such as "To be negated". `read_on` is offered where
/// there are too many events to be read unasked.
#[component]
pub fn WeighedView(
    reading: Reading,
    #[prop(into)] allowed_words: String,
    #[prop(into)] worth_title: String,
    #[prop(optional, into)] read_on: Option<Callback<()>>,
) -> impl IntoView {
    let progress = move || {
        match reading.state.get() {
        ReadingState::Idle | ReadingState::Done => None,
        ReadingState::Under(read, total) => {
            let of = total.map(|total| format!(" of {}", count(total as u64))).unwrap_or_default();
            let max = total.unwrap_or(read.max(1)).to_string();
            Some(view! {
                <p class="progress">
                    <progress max=max value=read.to_string() aria-label="Reading the events"></progress>
                    {format!("Reading: {}{of}", count(read as u64))}
                    <button class="button" data-kind="quiet" on:click=move |_| reading.stop()>"Stop"</button>
                </p>
            }.into_any())
        }
        ReadingState::Counted(found) => Some(view! {
            <p>
                <strong>{format!("{} events match. ", count(found as u64))}</strong>
                {read_on.map(|read_on| view! { <button class="button" on:click=move |_| read_on.run(())>{format!("Weigh all {}", count(found as u64))}</button> })}
            </p>
        }.into_any()),
        ReadingState::Failed(failure) => Some(view! { <p role="alert">{format!("{} {}", failure.title(), failure.advice())}</p> }.into_any()),
    }
    };
    let result = move || {
        let weighed = reading.weighed.get();
        let is_known = matches!(reading.state.get(), ReadingState::Done | ReadingState::Under(..));
        is_known.then(|| {
            let barred = weighed.barred.iter().map(|(reason, numbers)| {
                let names = numbers.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
                let more = if numbers.len() > 3 { format!(" and {} more", count((numbers.len() - 3) as u64)) } else { String::new() };
                view! { <li><strong>{count(numbers.len() as u64)}</strong>" barred: "{reason.to_string()}<span class="quiet">{format!(" {names}{more}")}</span></li> }
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
    view! { <div class="weighing" aria-live="polite">{progress}{result}</div> }
}
