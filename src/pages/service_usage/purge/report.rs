//! What a purge has done: before and after, what the race left behind, and the receipt.

use super::controller::PurgeController;
use super::receipt::{Facts, receipt};
use super::steps::{ChosenFile, FileChooser};
use crate::api::Access;
use crate::pages::service_usage::labels;
use crate::pages::service_usage::saved_copy::file_time;
use crate::text::count;
use crate::ui::controls::Notice;
use crate::ui::controls::save_text;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::cloud_foundry::{Input, InstanceEvent, PurgeMarker, PurgeSign};

/// Lines of a list that are shown; the receipt has all.
const LINES: usize = 12;

#[component]
pub fn Report(controller: PurgeController, marker: PurgeMarker, sign: PurgeSign) -> impl IntoView {
    let headline = match sign {
        PurgeSign::Done | PurgeSign::NotSeen => {
            view! { <Notice tone=Tone::Ok title="Purged and reseeded" text="Decided by reading the events that are there now." /> }
        }
        PurgeSign::Emptied => {
            view! { <Notice tone=Tone::Bad title="Purged, and nothing was seeded" text="Either the platform has no service instance, or it stopped between destroying and seeding. In that case no start of any running instance is on record: finish here, keep the copy, and purge once more to have the starts written." /> }
        }
    };
    let sent = StoredValue::new(marker);
    let has_before = move || {
        controller.report.track();
        controller.before.with_value(Option::is_some)
    };
    let save_receipt = move |_| {
        let text = controller.report.with_untracked(|report| {
            let user = controller
                .session
                .with_access(|access| access.map(Access::name_and_account))
                .unwrap_or_default();
            let origin = window().location().origin().unwrap_or_default();
            let (answered, request_id) =
                (controller.answered.get_untracked(), controller.request_id.get_untracked());
            let facts = Facts {
                user: &user,
                origin: &origin,
                answered: answered.as_deref().unwrap_or("not seen by this page"),
                request_id: request_id.as_deref(),
            };
            report.as_ref().map(|report| sent.with_value(|marker| receipt(marker, sign, report, &facts)))
        });
        let saved =
            text.and_then(|text| save_text(&format!("purge-receipt-{}.txt", file_time()), &text).ok());
        if saved.is_none() {
            controller.trouble.set("The browser could not save the receipt.".to_owned());
        }
    };
    let request = move || controller.request_id.get().unwrap_or_else(|| "not known".to_owned());
    let body = move || {
        controller.report.get().map(|report| {
            let row = |name: &'static str, before: String, after: String| view! { <tr><th scope="row">{name}</th><td class="number">{before}</td><td class="number">{after}</td></tr> };
            let time = |second: Option<i64>| second.map_or_else(|| "\u{2013}".to_owned(), labels::shown_time);
            let newest = sent.with_value(|marker| marker.newest.as_ref().map(|newest| newest.created_at));
            let lost = report.lost_starts.iter().take(LINES).map(|lost| {
                view! { <li><strong>{lost.name.clone()}</strong>" truly began "{labels::shown_time(lost.was)}<span class="mono quiet">{lost.instance.clone()}</span></li> }
            });
            view! {
                <table class="hours">
                    <thead><tr><th scope="col">"Events"</th><th scope="col" class="number">"Before"</th><th scope="col" class="number">"After"</th></tr></thead>
                    <tbody>
                        {row("In all", count(sent.with_value(|marker| marker.events as u64)), count(report.events as u64))}
                        {row("Newest, or seeded (UTC)", time(newest), time(report.seeded_at))}
                        {row("Seeded starts", "\u{2013}".to_owned(), count(report.seeded as u64))}
                    </tbody>
                </table>
                {findings("Doubled starts", "Each of these instances has a second start; count it once.", &report.doubled_starts)}
                {findings("Orphaned stops", "Each of these stops has no start; its start is in the kept copy, if anywhere.", &report.orphaned_stops)}
                {has_before().then(|| view! {
                    {findings("Instances of which nothing tells any more", "They ran by the copy and were deleted during the purge, or left out by the platform.", &report.vanished)}
                    <section class="finding">
                        <h3>{format!("Start times that only the kept copy holds: {}", count(report.lost_starts.len() as u64))}</h3>
                        <ul>{lost.collect_view()}</ul>
                        {more(report.lost_starts.len())}
                    </section>
                })}
            }
        })
    };
    view! {
        {headline}
        <p>"Sent "{labels::shown_time(sent.with_value(|marker| marker.sent_at))}" UTC, request "<code data-testid="request-id">{request}</code></p>
        {body}
        <Show when=move || !has_before()>
            <p>"This page was loaded after the purge was sent. Choose the kept copy to see what only it can tell."</p>
            <FileChooser label="The kept copy" choose=Callback::new(move |file: ChosenFile| controller.compare_with(file.0)) />
        </Show>
        <div class="step-actions">
            <button class="button" data-kind="primary" on:click=save_receipt>"Save the receipt"</button>
            <button class="button" on:click=move |_| controller.take(Input::Finish)>"Finish"</button>
        </div>
    }
}

fn findings(title: &'static str, advice: &'static str, events: &[InstanceEvent]) -> impl IntoView + use<> {
    let lines = events.iter().take(LINES).map(|event| {
        view! { <li><strong>{event.name.clone()}</strong>" "{labels::shown_time(event.at)}<span class="mono quiet">{event.instance.clone()}</span></li> }
    });
    let lines = lines.collect_view();
    view! {
        <section class="finding">
            <h3>{format!("{title}: {}", count(events.len() as u64))}</h3>
            {(!events.is_empty()).then(|| view! { <p class="quiet">{advice}</p><ul>{lines}</ul> })}
            {more(events.len())}
        </section>
    }
}

fn more(all: usize) -> Option<impl IntoView> {
    (all > LINES).then(|| view! { <p class="quiet">{format!("and {} more, all of them in the receipt", count((all - LINES) as u64))}</p> })
}
