//! Which month, on which zone's clock: both stand in the address, and Back leads to the one before.

use super::month_query::{MonthQuery, MonthShown, UTC, month_words};
use crate::data::session::Session;
use crate::features::help::{help_mark, topic};
use crate::features::usual_zone::{is_known, usual_zones};
use crate::routes::use_go;
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::Lookup;
use rest_contract::month::Month;

#[component]
pub fn MonthPicker(
    session: Session,
    query: Memo<MonthQuery>,
    shown: Memo<Option<MonthShown>>,
    /// What stands at the end of the line.
    children: Children,
) -> impl IntoView {
    let go = use_go();
    let is_wrong = RwSignal::new(false);
    // Another month is in the field, whatever was typed before.
    Effect::new(move || {
        shown.track();
        is_wrong.set(false);
    });
    let month = move || shown.get().map(|shown| shown.month);
    let typed = move |text: String| match Month::read(text.trim()) {
        Some(month) => {
            is_wrong.set(false);
            if shown.with_untracked(|shown| shown.as_ref().is_none_or(|shown| shown.month != month)) {
                let query = MonthQuery { month: Some(month), ..query.get_untracked() };
                go.to(&query.address());
            }
        }
        None => is_wrong.set(true),
    };
    let beside = move |is_next: bool| {
        let other = move || {
            let other = month().and_then(|month| if is_next { month.next() } else { month.previous() });
            // An address is read of these months only.
            other.filter(|other| Month::read(&other.to_string()).is_some())
        };
        let address = move || other().map(|month| MonthQuery { month: Some(month), ..query.get() }.address());
        let label = move || {
            let words = if is_next { "Next month" } else { "Previous month" };
            format!("{words}{}", other().map(|month| format!(", {}", month_words(month))).unwrap_or_default())
        };
        let icon = if is_next { IconName::Next } else { IconName::Previous };
        view! { <a class="button button-icon" data-kind="quiet" href=address aria-label=label title=label><Icon name=icon /></a> }
    };
    let zones = move || {
        let listed = session.lookups.tables.with(|tables| {
            tables.list(Lookup::TimeZone).iter().map(|entry| entry.code.clone()).collect::<Vec<_>>()
        });
        let now = shown.get().map(|shown| shown.zone);
        let mut all: Vec<String> = Vec::new();
        let usual = usual_zones().chain([UTC.to_owned()]);
        for zone in usual.chain(listed).chain(now) {
            if !all.contains(&zone) && is_known(&zone) {
                all.push(zone);
            }
        }
        all
    };
    let choose = move |zone: String| {
        let query = MonthQuery { zone, ..query.get_untracked() };
        go.to(&query.address());
    };
    view! {
        <div class="filter-bar month-picker" role="group" aria-label="Month and time zone">
            {beside(false)}
            <label class="month-field"><span class="quiet">"Month"</span>
                <input class="input" type="text" inputmode="numeric" maxlength="7" size="8" placeholder="YYYY-MM" aria-label="Month, as YYYY-MM"
                    aria-invalid=move || is_wrong.get().then_some("true") aria-describedby="month-problem"
                    prop:value=move || month().map(|month| month.to_string()).unwrap_or_default()
                    on:change:target=move |event| typed(event.target().value()) />
            </label>
            <span id="month-problem" role="alert">
                {move || is_wrong.get().then(|| view! { <span class="field-error"><Icon name=IconName::Alert />"Type a month such as 2026-10, from 1970-01 to 2199-12."</span> })}
            </span>
            {beside(true)}
            <label class="zone-field"><span class="quiet">"Time zone"</span>
                <select class="input" aria-label="Time zone" on:change:target=move |event| choose(event.target().value())>
                    {move || {
                        let now = shown.get().map(|shown| shown.zone);
                        zones().into_iter().map(|zone| {
                            let is_now = now.as_deref() == Some(zone.as_str());
                            view! { <option value=zone.clone() selected=is_now>{zone.clone()}</option> }
                        }).collect_view()
                    }}
                </select>
            </label>
            {help_mark(topic::MONTH, "months")}
            <div class="filter-bar-end">{children()}</div>
        </div>
    }
}
