//! The batch's facts and a picture of how its events stand.

use crate::data::session::Session;
use crate::text::{StatusClass, count, instant_utc};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};
use rest_contract::{Record, Value};
use std::sync::Arc;

#[component]
pub fn BatchHead(batch: Signal<Option<Arc<Record>>>, session: Session) -> impl IntoView {
    move || match batch.get() {
        Some(batch) => {
            let tables = session.lookups.tables.get();
            let text = |name: &str| visible(batch.text(name).unwrap_or("\u{2013}")).into_owned();
            let at = |name: &str| match batch.get(name) {
                Some(Value::DateTime(at)) => format!("{} UTC", instant_utc(at).get(..16).unwrap_or_default()),
                _ => "\u{2013}".to_owned(),
            };
            let kind = batch
                .text("UsageType")
                .map_or("\u{2013}", |code| tables.meaning(crate::data::lookups::USAGE_TYPE, code))
                .to_owned();
            let facts = [
                ("Business unit", text("BusinessUnitName")),
                ("Type", kind),
                ("Created", format!("{} by {}", at("CreationDate"), text("CreatedBy"))),
                ("Last changed", format!("{} by {}", at("LastUpdateDate"), text("LastUpdatedBy"))),
            ];
            Some(view! {
                <div class="batch-head">
                    <section aria-label="How the events stand">
                        <h2>{format!("{} events", count(number(&batch, "CountOfUsageEvents")))}</h2>
                        {share(&batch)}
                    </section>
                    <section class="facts-section" aria-label="About the batch">
                        <dl class="facts">
                            {facts.map(|(name, value)| view! { <dt>{name}</dt><dd title=value.clone()>{value.clone()}</dd> })}
                        </dl>
                    </section>
                    <section aria-label="Description">
                        <h2>"Description"</h2>
                        <p>{text("BatchDescription")}</p>
                    </section>
                </div>
            })
        }
        _ => None,
    }
}

fn number(batch: &Record, name: &str) -> i64 {
    batch.get(name).and_then(Value::as_integer).unwrap_or_default()
}

/// A bar of the counts, each with its word and figure beside it.
fn share(batch: &Record) -> impl IntoView + use<> {
    let [errors, working, done, reversed] =
        ["CountOfEventsErrored", "CountOfEventsInprocess", "CountOfEventsProcessed", "ReversedEventsCount"]
            .map(|name| number(batch, name));
    let open = (number(batch, "CountOfUsageEvents") - errors - working - done - reversed).max(0);
    // Before a re-rating batch is submitted, its events are processed as they were elsewhere.
    let status = batch.text("BatchStatus").and_then(BatchStatus::of);
    let waits = batch.text("UsageType") == Some(BatchType::Rerate.code())
        && matches!(status, Some(BatchStatus::Draft | BatchStatus::Locked));
    let (done_words, done_tone) = if waits {
        ("to be re-rated", StatusClass::Draft.tone())
    } else {
        ("processed", StatusClass::Done.tone())
    };
    let parts = [
        (errors, "in error", StatusClass::Error.tone()),
        (open, "not rated yet", StatusClass::Draft.tone()),
        (working, "in process", StatusClass::Working.tone()),
        (done, done_words, done_tone),
        (reversed, "reversed", Tone::Quiet),
    ];
    let shown: Vec<_> = parts.into_iter().filter(|(number, ..)| *number > 0).collect();
    view! {
        <div class="share" aria-hidden="true">
            {shown.iter().map(|(number, _, tone)| view! { <span class="share-part" data-tone=tone.name() style:--weight=number.to_string()></span> }).collect_view()}
        </div>
        <ul class="share-key">
            {shown.iter().map(|(number, words, tone)| view! {
                <li><span class="swatch" data-tone=tone.name() aria-hidden="true"></span><strong>{count(*number)}</strong>{*words}</li>
            }).collect_view()}
        </ul>
    }
}
