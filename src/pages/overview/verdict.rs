//! The sentence at the top: can the month be invoiced, and what stands against it.

use super::figure_words::{drawn, events_words, list_address, number};
use super::month_query::{MonthShown, month_words};
use super::open_work::{OpenBatches, list_of_open};
use super::status_groups::StatusGroups;
use crate::data::session::Session;
use crate::text::{StatusClass, amounts_in_words, count};
use crate::ui::controls::{Icon, icon_of};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::{MonthFigures, Part};
use std::sync::Arc;

#[component]
pub fn Verdict(
    session: Session,
    figures: Arc<MonthFigures>,
    groups: StatusGroups,
    shown: MonthShown,
    open: RwSignal<Option<OpenBatches>>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let month = month_words(shown.month);
    let all = figures.month.events(None);
    let errors = figures.month.events(Some(&groups.codes(&[StatusClass::Error])));
    let unprocessed = figures.month.events(Some(&groups.unprocessed()));
    let worth = figures.month.amounts(&groups.codes(&[StatusClass::Error]), Part::Net);
    let worth = worth.and_then(|worth| match worth.known() {
        Known::Whole(amounts) if !amounts.is_empty() => {
            Some(format!(", charged {}", amounts_in_words(amounts)))
        }
        _ => None,
    });
    let is_over = figures.plan.span().end <= now;
    let is_whole = matches!(all.known(), Known::Whole(_));
    let faults = drawn(&errors).unwrap_or(0) + drawn(&unprocessed).unwrap_or(0);
    let (tone, title) = match (is_whole, is_over, faults) {
        (false, ..) => (Tone::Warn, format!("{month} is not counted yet: {} so far.", events_words(&all))),
        (true, false, _) => (Tone::Info, format!("{month} is not over: {} so far.", events_words(&all))),
        (true, true, 0) => {
            (Tone::Ok, format!("{month} is complete: all {} are processed.", events_words(&all)))
        }
        (true, true, _) => (
            Tone::Bad,
            format!(
                "{month} cannot be invoiced yet: {} of {} not processed.",
                count(faults),
                events_words(&all)
            ),
        ),
    };
    let in_error = (drawn(&errors) != Some(0)).then(|| {
        view! {
            <li><a href=list_address(&errors.question)>{events_words(&errors)}" in error"</a>{worth}</li>
        }
    });
    let waiting = (drawn(&unprocessed) != Some(0)).then(|| view! {
        <li><a href=list_address(&unprocessed.question)>{number(&unprocessed)}" waiting or in draft"</a></li>
    });
    let batches = move || {
        let found = open.get().and_then(|open| open.all).filter(|all| *all > 0)?;
        let words = if found == 1 {
            "1 batch is not completed".to_owned()
        } else {
            format!("{} batches are not completed", count(found))
        };
        Some(view! { <li><a href=list_of_open(session)>{words}</a></li> })
    };
    view! {
        <div class="verdict" data-tone=tone.name()>
            <Icon name=icon_of(tone) />
            <div>
                <h2 data-testid="verdict">{title}</h2>
                <ul class="verdict-lines">{in_error}{waiting}{batches}</ul>
            </div>
        </div>
    }
}
