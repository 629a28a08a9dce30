//! What was pasted, and how it is understood: which events, which fields, what is left out.

use super::corrected_events::CorrectedEvents;
use super::pasted_rows::{Matched, PastedRows};
use crate::data::session::Session;
use crate::text::{count, decimal};
use crate::ui::controls::{Icon, IconName, save_text};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Value;
use rust_decimal::RoundingStrategy;

#[component]
pub fn PastedForm(session: Session, events: CorrectedEvents) -> impl IntoView {
    let told = move || {
        let rows = events.pasted.get()?;
        let fields = rows.fields().join(", ");
        let what = match (rows.len(), fields.as_str()) {
            (rows, "") => format!("{}, and no field that can be changed", rows_in_words(rows)),
            (rows, fields) => format!("{}: {fields}", rows_in_words(rows)),
        };
        let events_meant = match rows.matched {
            Matched::ByNumber => "Each row is for the event whose number it names.",
            Matched::ByPlace => "Each row is for one event, in the order of the list.",
        };
        let left_out = rows.left_out().join(", ");
        Some(view! {
            <p data-testid="pasted"><strong>{what}</strong></p>
            <p class="quiet">{events_meant}</p>
            {(!left_out.is_empty()).then(|| view! { <p class="quiet">{format!("Nothing is written to: {left_out}")}</p> })}
            {without_event(&rows)}
            {(rows.blanks() > 0).then(|| view! { <Blanks blanks=rows.blanks() clears=events.clears /> })}
        })
    };
    let rounded = move || {
        let (number, of, before, after) = rounded(events)?;
        let more = if of > 1 { format!(" and {} more", count(of as u64 - 1)) } else { String::new() };
        Some(view! {
            <p data-testid="rounded" class="badge" data-tone=Tone::Warn.name()>
                <Icon name=IconName::Alert />
                {format!("Like the present value, but rounded: {number}, {before} becomes {after}{more}.")}
            </p>
        })
    };
    let save = move |_| {
        if save_text("rows-left-out.csv", &rows_left_out(events)).is_err() {
            session.sync.notices.notify(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    let left_out = Memo::new(move |_| events.plan.with(|plan| plan.blocked_count()));
    view! {
        <h3>"What each event gets"</h3>
        {told}
        {rounded}
        {move || (left_out.get() > 0).then(|| view! {
            <p>
                <button class="button" type="button" on:click=save>{move || format!("Save the {} left out", rows_in_words(left_out.get()))}</button>
            </p>
            <p class="quiet">"The file says why. Correct it, and paste it here with its first line."</p>
        })}
    }
}

/// A row that found no event is nothing that can be done.
fn without_event(rows: &PastedRows) -> Option<impl IntoView + use<>> {
    let words = match (rows.without_event, rows.matched) {
        (0, _) => return None,
        (some, Matched::ByPlace) => format!("{} not fit: the list ends before.", do_words(some)),
        (some, Matched::ByNumber) => format!("{} not name an event.", do_words(some)),
    };
    Some(view! { <p role="alert" data-testid="without-event"><Icon name=IconName::Alert />{words}</p> })
}

#[component]
fn Blanks(blanks: usize, clears: RwSignal<bool>) -> impl IntoView {
    let choice = move |value: bool, words: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="pasted-blanks" prop:checked=move || clears.get() == value on:change=move |_| clears.set(value) />
                {words}
            </label>
        }
    };
    let legend = if blanks == 1 {
        "1 cell is blank".to_owned()
    } else {
        format!("{} cells are blank", count(blanks as u64))
    };
    view! {
        <fieldset class="reverse-target">
            <legend>{legend}</legend>
            {choice(false, "Leave the field as it is")}
            {choice(true, "Empty the field")}
        </fieldset>
    }
}

/// The first quantity that becomes what it is but with fewer decimals, as a spreadsheet shows it, and how many
/// there are.
fn rounded(events: CorrectedEvents) -> Option<(String, usize, String, String)> {
    let is_rounded = |before: &Value, after: &Value| {
        let (before, after) = (before.as_decimal()?, after.as_decimal()?);
        let places = after.scale();
        let like = before.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        (before.scale() > places && like == after).then_some((before, after))
    };
    events.plan.with(|plan| {
        let rows = plan.changed.iter();
        let mut found = rows.flat_map(|row| {
            let changes = row.changes.iter();
            changes.filter_map(move |change| Some((row, is_rounded(&change.before, &change.after)?)))
        });
        let (row, (before, after)) = found.next()?;
        Some((events.number(row), 1 + found.count(), decimal(&before), decimal(&after)))
    })
}

/// The rows that change nothing because something is in the way.
fn rows_left_out(events: CorrectedEvents) -> String {
    let Some(rows) = events.pasted.get_untracked() else { return String::new() };
    events.plan.with_untracked(|plan| {
        let blocked = plan.blocked.iter();
        rows.file(
            blocked
                .flat_map(|(reason, numbers)| numbers.iter().map(|number| (number.clone(), reason.clone()))),
        )
    })
}

fn rows_in_words(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(rows as u64)) }
}

fn do_words(rows: usize) -> String {
    if rows == 1 { "1 row does".to_owned() } else { format!("{} rows do", count(rows as u64)) }
}
