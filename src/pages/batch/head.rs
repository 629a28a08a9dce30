//! The batch in one line: how its events stand and its steps; behind a button, what else is known of it.

use super::watched_batch::WatchedBatch;
use crate::api::Failure;
use crate::data::lookups::USAGE_TYPE;
use crate::data::session::Session;
use crate::features::batch_work::{BatchSteps, is_to_re_rate};
use crate::features::help::{help_mark, topic};
use crate::features::list::FailureLine;
use crate::text::{StatusClass, count, second_utc};
use crate::ui::controls::{Icon, IconName};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::{Record, Value};

/// Whether the details stand open.
const KEY: &str = "usage-desk.batch-details";
const OPEN: &str = "open";

/// `failure`: why it could not be read, where that is told here.
#[component]
pub fn BatchHead(
    session: Session,
    number: String,
    batch: WatchedBatch,
    failure: Signal<Option<Failure>>,
    /// Asks for the evidence of the batch.
    #[prop(into)]
    prove: Callback<()>,
) -> impl IntoView {
    let (read, again) = (batch.known, Callback::new(move |()| batch.read()));
    let batch = batch.shown;
    let is_read = Memo::new(move |_| read.with(Option::is_some));
    let open = RwSignal::new(kept_choice(KEY).as_deref() == Some(OPEN));
    let turn = move |_| {
        open.update(|open| *open = !*open);
        keep_choice(KEY, if open.get_untracked() { OPEN } else { "closed" });
    };
    let is_there = Memo::new(move |_| batch.with(Option::is_some));
    let number = StoredValue::new(number);
    view! {
        <div class="batch-line" data-open=move || open.get().then_some("")>
            {move || failure.get().map(|failure| view! { <FailureLine what="The batch" failure=failure again=again /> })}
            {move || batch.get().map(|batch| view! {
                <section class="batch-events" aria-label="How the events stand">
                    <h2>{events(&batch)}</h2>
                    {share(&batch)}
                    {help_mark(topic::BATCH_STATUSES, "statuses of batches")}
                </section>
            })}
            <Show when=move || is_there.get()>
                <button class="button" data-kind="quiet" aria-expanded=move || open.get().to_string() aria-controls="batch-details" on:click=turn>
                    // Where there is no room for the steps, they are behind this too.
                    <span><span class="where-folded">"Steps and details"</span><span class="where-unfolded">"Details"</span></span>
                    <Icon name=IconName::Unfold />
                </button>
                <BatchSteps session=session number=number.get_value() batch=batch is_read=is_read />
            </Show>
        </div>
        <section class="batch-details" id="batch-details" aria-label="About the batch" hidden=move || !open.get() || !is_there.get()>
            {move || batch.get().map(|batch| details(&batch, session))}
            <button class="button" on:click=move |_| prove.run(())>"Evidence\u{2026}"</button>
        </section>
    }
}

fn events(batch: &Record) -> String {
    match number(batch, "CountOfUsageEvents") {
        1 => "1 event".to_owned(),
        number => format!("{} events", count(number)),
    }
}

fn details(batch: &Record, session: Session) -> impl IntoView + use<> {
    let tables = session.lookups.tables.get();
    let text = |name: &str| visible(batch.text(name).unwrap_or("\u{2013}")).into_owned();
    let at = |name: &str| match batch.get(name) {
        Some(Value::DateTime(at)) => format!("{} UTC", second_utc(at)),
        _ => "\u{2013}".to_owned(),
    };
    let kind = batch.text("UsageType").map_or("\u{2013}", |code| tables.meaning(USAGE_TYPE, code));
    let facts = [
        ("Batch", text("BatchNumber")),
        ("Business unit", text("BusinessUnitName")),
        ("Type", kind.to_owned()),
        ("Created", format!("{} by {}", at("CreationDate"), text("CreatedBy"))),
        ("Last changed", format!("{} by {}", at("LastUpdateDate"), text("LastUpdatedBy"))),
        ("Description", text("BatchDescription")),
    ];
    view! { <dl>{facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })}</dl> }
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
    let (done_words, done_tone) = if is_to_re_rate(batch) {
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
