//! What the correction will do, before it is made.

use super::corrected_events::CorrectedEvents;
use super::excluded::excluded_lines;
use super::forecast::ForecastView;
use crate::data::session::Session;
use crate::features::field_form::{ZONE, shown_text};
use crate::features::selection::ReadingState;
use crate::text::{count, events as events_in_words};
use leptos::prelude::*;

/// As many events are shown one by one.
const SHOWN: usize = 12;

#[component]
pub fn Preview(session: Session, events: CorrectedEvents) -> impl IntoView {
    let counts = move || {
        let plan = events.plan.get();
        view! {
            <ul class="eligibility-list">
                <li data-testid="will-change">{if events.is_said.get() {
                    view! { <strong>{events_in_words(plan.changed.len())}</strong>" will change" }.into_any()
                } else {
                    view! { <span class="quiet">"Enter a new value to preview what changes in each event, and which events are excluded."</span> }.into_any()
                }}</li>
                {(plan.unchanged > 0).then(|| view! { <li><strong>{count(plan.unchanged as u64)}</strong>{if plan.unchanged == 1 { " holds these values already" } else { " hold these values already" }}</li> })}
                {excluded_lines(&plan.blocked)}
            </ul>
        }
    };
    let rows = move || {
        let tables = session.lookups.tables.get();
        let plan = events.plan.get();
        let more = plan.changed.len().saturating_sub(SHOWN);
        let rows = plan.changed.iter().take(SHOWN).flat_map(|row| {
            let number = events.number(row);
            // Times stand as in the event, on its clock.
            let zone_before = events.text_before(row, ZONE);
            let zone_after = events.text_after(row, ZONE);
            let changes = row.changes.iter().enumerate().map(|(at, change)| {
                let words = |value, zone: &str| match shown_text(change.field, Some(value), zone, &tables) {
                    empty if empty.is_empty() => "(empty)".to_owned(),
                    text => text,
                };
                let number = if at == 0 { number.clone() } else { String::new() };
                let (before, after) = (words(&change.before, &zone_before), words(&change.after, &zone_after));
                view! { <tr><th scope="row" class="mono">{number}</th><td>{change.field.title}</td><td class="before">{before}</td><td class="after">{after}</td></tr> }
            });
            changes.collect::<Vec<_>>()
        });
        (!plan.changed.is_empty()).then(|| view! {
            <div class="before-after" tabindex="0" role="region" aria-label="Before and after">
                <table>
                    <thead><tr><th scope="col">"Event"</th><th scope="col">"Field"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
                {(more > 0).then(|| view! { <p class="quiet">{format!("and {} in the same way", events_in_words(more))}</p> })}
            </div>
        })
    };
    move || {
        match events.state.get() {
        ReadingState::Done => view! {
            <div class="eligibility" aria-live="polite">{counts}</div>
            <ForecastView session=session events=events />
            {rows}
        }
        .into_any(),
        ReadingState::Counted(found) => view! {
            <p role="alert">{format!("{} are too many to correct at once. Filter the list further first.", events_in_words(found))}</p>
        }
        .into_any(),
        ReadingState::MoreThan(limit) => view! {
            <p role="alert">{format!("More than {} are too many to correct at once. Filter the list further first.", events_in_words(limit))}</p>
        }
        .into_any(),
        _ => ().into_any(),
    }
    }
}
