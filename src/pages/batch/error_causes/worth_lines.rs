//! What events in error are worth: per currency what is charged and what is expected; and of how many
//! nothing is known.

use crate::features::selection::{covered_words, no_total};
use crate::text::{currency_name, events, sum};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::error_groups::Worth;
use std::collections::BTreeSet;

fn currencies(worth: &Worth) -> BTreeSet<String> {
    worth.charged.keys().chain(worth.estimated.keys()).cloned().collect()
}

/// Said with the name of the line of amounts without a currency.
fn without_total(currency: &str) -> Option<impl IntoView + use<>> {
    currency.is_empty().then(|| view! { " "<span class="quiet">{no_total(0)}</span> })
}

/// The kind of a row that says what allowances cover of the amounts above it.
const COVERED: &str = "covered";

/// A column for each currency, so that what is charged stands above what is expected.
#[component]
pub fn WorthTable(worth: Worth) -> impl IntoView {
    let currencies = currencies(&worth);
    let heads = currencies
        .iter()
        .map(|currency| view! { <th scope="col" class="number">{currency_name(currency)}{without_total(currency)}</th> });
    let heads = heads.collect_view();
    let row = |kind: &'static str, words: &'static str, amounts: &Amounts| {
        let cells = currencies.iter().map(|currency| {
            let amount =
                amounts.get(currency).map_or_else(|| "\u{2013}".to_owned(), |one| sum(one, currency));
            view! { <td class="number" data-currency=currency.clone()>{amount}</td> }
        });
        let cells = cells.collect_view();
        let is_nothing = amounts.values().all(|amount| amount.is_zero() && amount.left_out() == 0);
        let is_shown = if kind == COVERED { !is_nothing } else { !amounts.is_empty() };
        is_shown.then(|| view! { <tr data-kind=kind><th scope="row">{words}</th>{cells}</tr> })
    };
    let rows = [
        row("charged", "Charged", &worth.charged),
        row(COVERED, "Covered by allowances", &worth.charged_covered),
        row("estimated", "Expected (estimate)", &worth.estimated),
        row(COVERED, "Covered by allowances (estimate)", &worth.estimated_covered),
    ];
    let not_known = events(worth.not_known);
    view! {
        {(!currencies.is_empty()).then(|| view! {
            <table class="worth-table">
                <thead><tr><th scope="col">"Value at risk"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        })}
        {(worth.not_known > 0).then(|| view! { <p class="quiet">{format!("{not_known}: amount unknown.")}</p> })}
    }
}

/// All of it in one line.
#[component]
pub fn WorthLines(worth: Worth) -> impl IntoView {
    let amount = |currency: &str,
                  amounts: &Amounts,
                  kind: &'static str,
                  words: &'static str,
                  covered: &Amounts| {
        amounts.get(currency).map(|amount| {
                let amount = sum(amount, currency);
                let covered = covered_words(covered, currency);
                let words = covered.map_or_else(|| words.to_owned(), |covered| format!("{words} {covered}"));
                view! { <span data-kind=kind><span class="number">{amount}</span>" "<span class="quiet">{words}</span></span> }
            })
    };
    let lines = currencies(&worth).into_iter().map(|currency| {
        view! {
            <div>
                <dt>{currency_name(&currency)}{without_total(&currency)}</dt>
                <dd>
                    {amount(&currency, &worth.charged, "charged", "charged", &worth.charged_covered)}
                    {amount(&currency, &worth.estimated, "estimated", "expected (estimate)", &worth.estimated_covered)}
                </dd>
            </div>
        }
    });
    let lines = lines.collect_view();
    (worth != Worth::default()).then(|| {
        view! {
            <dl class="worth-lines">
                {lines}
                {(worth.not_known > 0).then(|| view! { <div data-kind="not-known"><dt>"Amount unknown"</dt><dd class="quiet">{events(worth.not_known)}</dd></div> })}
            </dl>
        }
    })
}
