//! The sentence at the top: can the month be invoiced, and what stands against it.

use super::figure_table::linked_lines;
use super::figure_words::{drawn, events_words, list_address, list_of, number};
use super::month_query::{MonthShown, month_words};
use super::open_work::{OpenBatches, list_of_open};
use super::status_groups::StatusGroups;
use crate::text::{StatusClass, amounts_in_words, count};
use crate::ui::controls::{Icon, icon_of};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::oracle::figure::{Known, Source};
use rest_contract::oracle::month_figures::{MonthFigures, Part};

pub fn verdict(
    figures: &MonthFigures,
    groups: &StatusGroups,
    shown: &MonthShown,
    open: RwSignal<Option<OpenBatches>>,
    now: DateTime<Utc>,
) -> AnyView {
    let month = month_words(shown.month);
    let all = figures.month.events(None);
    let in_error = groups.codes(&[StatusClass::Error]);
    let errors = figures.month.events(Some(&in_error));
    let unprocessed = figures.month.events(Some(&groups.unprocessed()));
    let worth = figures.month.amounts(&in_error, Part::Net);
    let worth = worth.and_then(|worth| match worth.known() {
        Known::Whole(amounts) if !amounts.is_empty() => {
            Some(format!(", charged {}", amounts_in_words(amounts)))
        }
        _ => None,
    });
    let not_re_rated = figures.month.events_with_error(&groups.codes(&[StatusClass::Done]));
    let not_re_rated = not_re_rated.and_then(|figure| Some((drawn(&figure)?, figure.question)));
    let not_re_rated = not_re_rated.filter(|(events, _)| *events > 0);
    let days_over = figures.days.iter().filter(|day| day.span.end <= now);
    let days_without = days_over.filter(|day| day.events(None).known() == Known::Whole(&0)).count();
    let is_whole = matches!(all.known(), Known::Whole(_));
    let is_over = figures.plan.span().end <= now;
    let is_doubtful = not_re_rated.is_some() || days_without > 0;
    let faults = drawn(&errors).unwrap_or(0) + drawn(&unprocessed).unwrap_or(0);
    let events = events_words(&all);
    let (tone, title) = match (is_whole, is_over, faults, all.source) {
        (false, ..) => (Tone::Warn, format!("{month} is not counted yet: {events} so far.")),
        (true, false, ..) => {
            let tone = if is_doubtful { Tone::Warn } else { Tone::Info };
            (tone, format!("{month} is not over: {events} so far."))
        }
        // Estimates, of the statuses that are known, cannot tell that nothing else is there.
        (true, true, 0, Source::Counts) => {
            (Tone::Info, format!("{month} has {events}. None was found in error, waiting or in draft."))
        }
        (true, true, 0, Source::OneReading) => {
            let tone = if is_doubtful { Tone::Warn } else { Tone::Ok };
            let title = match all.known() {
                Known::Whole(1) => format!("The one event of {month} is processed."),
                _ => format!("All {events} of {month} are processed."),
            };
            (tone, title)
        }
        (true, true, ..) => (
            Tone::Bad,
            format!("{month} cannot be invoiced yet: {} of {events} not processed.", count(faults)),
        ),
    };
    let mut lines = Vec::new();
    match figures.month.reversing_events(None) {
        None | Some(0) => {}
        Some(1) => lines.push(("Of all events 1 is a reversing event".to_owned(), None, String::new())),
        Some(more) => {
            lines.push((format!("Of all events {} are reversing events", count(more)), None, String::new()));
        }
    }
    if drawn(&errors) != Some(0) {
        let words = format!("{} in error", events_words(&errors));
        lines.push((words, Some(list_of(&errors, None)), worth.unwrap_or_default()));
    }
    if drawn(&unprocessed) != Some(0) {
        let words = format!("{} waiting or in draft", number(&unprocessed));
        lines.push((words, Some(list_of(&unprocessed, None)), String::new()));
    }
    if let Some((events, question)) = not_re_rated {
        let (words, stands) = match events {
            1 => ("1 event could not be re-rated".to_owned(), "; its old amount stands"),
            more => (format!("{} events could not be re-rated", count(more)), "; their old amounts stand"),
        };
        lines.push((words, Some(list_address(&question)), stands.to_owned()));
    }
    match days_without {
        0 => {}
        1 => lines.push(("1 day has no events".to_owned(), None, String::new())),
        more => lines.push((format!("{more} days have no events"), None, String::new())),
    }
    let lines = move || {
        let mut lines = lines.clone();
        if let Some((batches, words)) = open.get().map(|open| open.count()).filter(|(all, _)| *all > 0) {
            let words = match batches {
                1 => "1 batch of any month is not completed".to_owned(),
                _ => format!("{words} batches of any month are not completed"),
            };
            lines.push((words, Some(list_of_open()), String::new()));
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
