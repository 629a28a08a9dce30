//! The weighing in words and figures.

use super::{Reading, ReadingProgress, ReadingState};
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
    view! { <div class="weighing" aria-live="polite"><ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) />{counted}{result}</div> }
}
