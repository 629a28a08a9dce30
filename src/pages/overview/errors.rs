//! The month's errors by cause, the most events first.

use super::figure_words::{FigureHead, as_of_clock, drawn, events_words, list_address, number, provenance};
use super::status_groups::StatusGroups;
use crate::data::session::Session;
use crate::text::{StatusClass, amounts_in_words};
use leptos::prelude::*;
use rest_contract::Lookup;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::MonthFigures;
use std::sync::Arc;

#[component]
pub fn Errors(
    session: Session,
    figures: Arc<MonthFigures>,
    groups: StatusGroups,
    zone: String,
) -> impl IntoView {
    let codes = groups.codes(&[StatusClass::Error]);
    let all = figures.month.events(Some(&codes));
    let quietly = as_of_clock(all.as_of, &zone);
    let about = provenance(&all, &zone);
    let causes = figures.errors();
    let most = causes.iter().filter_map(|(_, events, _)| drawn(events)).max().unwrap_or(1).max(1);
    let body = if drawn(&all) == Some(0) && matches!(all.known(), Known::Whole(_)) {
        view! { <p class="quiet">"No event of this month is in error."</p> }.into_any()
    } else if causes.is_empty() {
        view! {
            <p><a href=list_address(&all.question)>{events_words(&all)}" in error"</a>". This system does not tell them by cause; each batch does, under Errors."</p>
        }.into_any()
    } else {
        let rows = causes.into_iter().map(|(error, events, amounts)| {
            let meaning = {
                let error = error.clone();
                move || match error.as_str() {
                    "" => "In error, no reason given".to_owned(),
                    key => session.lookups.tables.with(|tables| tables.meaning(Lookup::ErrorKey, key).to_owned()),
                }
            };
            let share = drawn(&events).unwrap_or(0).saturating_mul(100) / most;
            let charged = amounts.and_then(|amounts| match amounts.known() {
                Known::Whole(amounts) if !amounts.is_empty() => Some(format!("charged {}", amounts_in_words(amounts))),
                _ => None,
            });
            view! {
                <li>
                    <div class="error-words"><span>{meaning}</span><span class="quiet">{charged.unwrap_or_else(|| "not charged yet".to_owned())}</span></div>
                    <svg class="bars" width="100%" height="8" aria-hidden="true"><rect class="error-bar" width=format!("{share}%") height="8"></rect></svg>
                    <a class="number" href=list_address(&events.question) aria-label=move || format!("{} in error", events_words(&events))>{number(&events)}</a>
                </li>
            }
        }).collect_view();
        view! { <ol class="ranked">{rows}</ol> }.into_any()
    };
    view! {
        <section class="figures" aria-labelledby="errors-title">
            <FigureHead title="Errors by cause" id="errors-title" provenance=about quietly=quietly />
            {body}
        </section>
    }
}
