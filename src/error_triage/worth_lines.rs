//! What events in error are worth: charged, expected, not known; one line per currency and kind.

use crate::display_text::{events, sum};
use leptos::prelude::*;
use rest_contract::oracle::error_groups::{Amounts, Worth};

#[component]
pub fn WorthLines(worth: Worth) -> impl IntoView {
    let lines = |amounts: &Amounts, kind: &'static str, words: &'static str| {
        let lines = amounts.iter().map(|(currency, amount)| {
            let name = if currency.is_empty() { "No currency".to_owned() } else { currency.clone() };
            view! {
                <div data-currency=currency.clone() data-kind=kind>
                    <dt>{name}</dt>
                    <dd><span class="number">{sum(amount)}</span>" "<span class="quiet">{words}</span></dd>
                </div>
            }
        });
        lines.collect_view()
    };
    let is_empty = worth == Worth::default();
    (!is_empty).then(|| view! {
        <dl class="worth-lines" aria-label="Value at risk">
            {lines(&worth.charged, "charged", "charged")}
            {lines(&worth.estimated, "estimated", "expected (estimate)")}
            {(worth.not_known > 0).then(|| view! { <div data-kind="not-known"><dt>"Not known"</dt><dd class="quiet">{events(worth.not_known)}</dd></div> })}
        </dl>
    })
}
