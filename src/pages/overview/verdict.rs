//! The sentence at the top: can the month be invoiced, and what stands against it.

use super::figure_table::linked_lines;
use super::figure_words::{drawn, events_words, list_address, number};
use super::month_query::{MonthShown, month_words};
use super::open_work::{OpenBatches, list_of_open};
use super::status_groups::StatusGroups;
use crate::data::session::Session;
use crate::text::{StatusClass, amounts_in_words, count};
use crate::ui::controls::{Icon, icon_of};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::{MonthFigures, Part};

pub fn verdict(
    session: Session,
    figures: &MonthFigures,
    groups: &StatusGroups,
    shown: &MonthShown,
    open: RwSignal<Option<OpenBatches>>,
    is_over: bool,
) -> AnyView {
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
    let is_whole = matches!(all.known(), Known::Whole(_));
    let faults = drawn(&errors).unwrap_or(0) + drawn(&unprocessed).unwrap_or(0);
    let events = events_words(&all);
    let (tone, title) = match (is_whole, is_over, faults) {
        (false, ..) => (Tone::Warn, format!("{month} is not counted yet: {events} so far.")),
        (true, false, _) => (Tone::Info, format!("{month} is not over: {events} so far.")),
        (true, true, 0) => (Tone::Ok, format!("{month} is complete: {events}, all processed.")),
        (true, true, _) => (
            Tone::Bad,
            format!("{month} cannot be invoiced yet: {} of {events} not processed.", count(faults)),
        ),
    };
    let mut lines = Vec::new();
    if drawn(&errors) != Some(0) {
        let words = format!("{} in error", events_words(&errors));
        lines.push((words, list_address(&errors.question), worth.unwrap_or_default()));
    }
    if drawn(&unprocessed) != Some(0) {
        let words = format!("{} waiting or in draft", number(&unprocessed));
        lines.push((words, list_address(&unprocessed.question), String::new()));
    }
    let lines = move || {
        let mut lines = lines.clone();
        if let Some(batches) = open.get().and_then(|open| open.all).filter(|all| *all > 0) {
            let words = match batches {
                1 => "1 batch is not completed".to_owned(),
                more => format!("{} batches are not completed", count(more)),
            };
            lines.push((words, list_of_open(session), String::new()));
        }
        linked_lines(lines)
    };
    view! {
        <div class="verdict" data-tone=tone.name()>
            <Icon name=icon_of(tone) />
            <div><h2 data-testid="verdict">{title}</h2>{lines}</div>
        </div>
    }
    .into_any()
}
