//! What the month comes to, a line for each currency with a scale of its own: billed, taken back, what remains, and the
//! month before beside it.

use super::figure_words::{
    FigureHead, amount_words, as_of_clock, drawn_amount, list_address, list_address_with, provenance,
};
use super::status_groups::StatusGroups;
use crate::text::{StatusClass, currency_name, sum};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::figure::{EventQuestion, Figure, Known};
use rest_contract::oracle::month_figures::{MonthFigures, Part};
use std::collections::BTreeSet;
use std::sync::Arc;

#[component]
pub fn Values(
    figures: Arc<MonthFigures>,
    groups: StatusGroups,
    zone: String,
    is_over: bool,
) -> impl IntoView {
    let billed = groups.billed();
    let question = figures.month.events(Some(&billed)).question;
    let amounts = |part| figures.month.amounts(&billed, part);
    let (Some(gross), Some(reversals), Some(net)) =
        (amounts(Part::Gross), amounts(Part::Reversals), amounts(Part::Net))
    else {
        return view! { <NoValues question=question /> }.into_any();
    };
    let before = figures.previous.amounts(&billed, Part::Net);
    let currencies = currencies_of([Some(&gross), Some(&net), before.as_ref()].into_iter().flatten());
    let reversed =
        list_address(&figures.month.events(Some(&groups.codes(&[StatusClass::Reversed]))).question);
    let has_reversals =
        matches!(reversals.known(), Known::Whole(amounts) | Known::AtLeast(amounts) if !amounts.is_empty());
    let billed_list = list_address(&question);
    let without = list_address_with(&question, &[("currency", "none")]);
    let rows = currencies.into_iter().map(|currency| {
        let is_blank = currency.is_empty();
        let list = if is_blank { without.clone() } else { billed_list.clone() };
        let now = drawn_amount(&net, &currency);
        let then = before.as_ref().and_then(|before| drawn_amount(before, &currency));
        let both = before.as_ref().and_then(|before| net.comparable(before));
        let difference = both.map(|(now, then)| difference(now, then, &currency));
        let label = format!("Billed in {}: events", currency_name(&currency));
        view! {
            <tr data-currency=currency.clone() data-alarm=is_blank.then_some("")>
                <th scope="row"><a href=list aria-label=label>{is_blank.then(|| view! { <Icon name=IconName::Alert /> })}{currency_name(&currency)}</a></th>
                <td class="value-bars">{bars(now.as_ref(), then.as_ref())}</td>
                {has_reversals.then(|| view! {
                    <td class="number">{amount_words(&gross, &currency)}</td>
                    <td class="number">{amount_words(&reversals, &currency)}</td>
                })}
                <td class="number"><strong>{amount_words(&net, &currency)}</strong></td>
                <td class="number quiet">{before.as_ref().map(|before| amount_words(before, &currency))}</td>
                <td class="number">{difference}</td>
            </tr>
        }
    }).collect_view();
    let before_words = if is_over { "Month before" } else { "All of the month before" };
    let is_empty = matches!(net.known(), Known::Whole(amounts) if amounts.is_empty());
    let quietly = as_of_clock(net.as_of, &zone);
    view! {
        <section class="figures values" aria-labelledby="values-title">
            <FigureHead title="Value by currency" id="values-title" provenance=provenance(&net, &zone) quietly=quietly />
            {if is_empty {
                view! { <p class="quiet">"Nothing was billed in this month."</p> }.into_any()
            } else {
                view! {
                    <div class="wide-table" tabindex="0" role="region" aria-label="Value by currency, as a table">
                        <table class="value-table">
                            <thead><tr>
                                <th scope="col">"Currency"</th>
                                <th scope="col"><span class="visually-hidden">"Beside the month before, on a scale of its own"</span></th>
                                {has_reversals.then(|| view! {
                                    <th scope="col" class="number">"Gross"</th>
                                    <th scope="col" class="number"><a href=reversed>"Reversed"</a></th>
                                })}
                                <th scope="col" class="number">{if has_reversals { "Net" } else { "Billed" }}</th>
                                <th scope="col" class="number">{before_words}</th>
                                <th scope="col" class="number">"Difference"</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    {has_reversals.then(|| view! { <p class="quiet figure-note">"A reversal counts in the month of the usage that it takes back, once it is processed."</p> })}
                }.into_any()
            }}
        </section>
    }.into_any()
}

/// Where the server counts and adds nothing up.
#[component]
fn NoValues(question: EventQuestion) -> impl IntoView {
    view! {
        <section class="figures values" aria-labelledby="values-title">
            <header class="figure-head"><h2 id="values-title">"Value by currency"</h2></header>
            <p>"Values are not known here: this system counts events and adds nothing up. "<a href=list_address(&question)>"The list of billed events"</a>" adds them up at its foot."</p>
        </section>
    }
}

fn currencies_of<'f>(figures: impl IntoIterator<Item = &'f Figure<Amounts>>) -> Vec<String> {
    let mut all = BTreeSet::new();
    for figure in figures {
        if let Known::Whole(amounts) | Known::AtLeast(amounts) = figure.known() {
            all.extend(amounts.keys().cloned());
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    // What has no currency is an alarm, and no first one.
    all.sort_by_key(|currency| (currency.is_empty(), currency.clone()));
    all
}

fn difference(now: &Amounts, then: &Amounts, currency: &str) -> String {
    let of = |amounts: &Amounts| amounts.get(currency).copied().unwrap_or_default();
    let mut difference = of(now);
    difference.merge(&of(then).negated());
    let text = sum(&difference, currency);
    let is_more = difference.text().is_some_and(|digits| !digits.starts_with('-')) && !difference.is_zero();
    if is_more { format!("+{text}") } else { text }
}

/// Two bars from nought, on the scale of the larger.
fn bars(now: Option<&ExactSum>, then: Option<&ExactSum>) -> impl IntoView + use<> {
    // exact-in-double: shares of a picture's width, no money
    let size =
        |sum: Option<&ExactSum>| -> f64 { sum.and_then(|sum| sum.text()?.parse().ok()).unwrap_or(0.0) }; // exact-in-double: shares of a picture's width
    let (now, then) = (size(now), size(then));
    let most = now.abs().max(then.abs());
    let width =
        |value: f64| if most > 0.0 { format!("{:.2}%", value.abs() / most * 100.0) } else { "0%".to_owned() }; // exact-in-double: shares of a picture's width
    let is_negative = |value: f64| (value < 0.0).then_some(""); // exact-in-double: a sign
    view! {
        <svg class="bars" width="100%" height="16" aria-hidden="true">
            <rect class="value-now" data-negative=is_negative(now) x="0" y="1" height="7" width=width(now)></rect>
            <rect class="value-before" data-negative=is_negative(then) x="0" y="10" height="4" width=width(then)></rect>
        </svg>
    }
}
