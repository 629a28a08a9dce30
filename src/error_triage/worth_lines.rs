//! What events in error are worth: per currency what is charged and what is expected; and of how many
//! nothing is known.

use crate::display_text::{events, sum};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::error_groups::Worth;
use std::collections::BTreeSet;

#[component]
pub fn WorthLines(worth: Worth) -> impl IntoView {
    let amount = |amount: Option<&ExactSum>, kind: &'static str, words: &'static str| {
        amount.map(|amount| {
            let amount = sum(amount);
            view! { <span data-kind=kind><span class="number">{amount}</span>" "<span class="quiet">{words}</span></span> }
        })
    };
    let currencies: BTreeSet<&String> = worth.charged.keys().chain(worth.estimated.keys()).collect();
    let lines = currencies.into_iter().map(|currency| {
        let name = if currency.is_empty() { "No currency".to_owned() } else { currency.clone() };
        view! {
            <div data-currency=currency.clone()>
                <dt>{name}</dt>
                <dd>
                    {amount(worth.charged.get(currency), "charged", "charged")}
                    {amount(worth.estimated.get(currency), "estimated", "expected (estimate)")}
                </dd>
            </div>
        }
    });
    (worth != Worth::default()).then(|| {
        view! {
            <dl class="worth-lines" aria-label="Value at risk">
                {lines.collect_view()}
                {(worth.not_known > 0).then(|| view! { <div data-kind="not-known"><dt>"Amount not known"</dt><dd class="quiet">{events(worth.not_known)}</dd></div> })}
            </dl>
        }
    })
}
