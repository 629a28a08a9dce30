//! What is not finished, whatever month it is of: batches that are not completed, and what waits for the person.

use crate::api::{Failure, RestClient, System};
use crate::data::fetched::Fetched;
use crate::data::lookups::{BATCH_STATUS, text_in_words};
use crate::data::session::Session;
use crate::features::list::{FailureLine, condition_text};
use crate::routes::{self, query_text};
use crate::text::{StatusClass, class_of, count};
use crate::ui::controls::Badge;
use chrono::{DateTime, Utc};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::BATCH;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::{Record, Value};

/// So many are shown; the list has the others.
const SHOWN: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub struct OpenBatches {
    batches: Vec<OpenBatch>,
    /// As the server counts them.
    pub all: Option<u64>,
    pub as_of: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq)]
struct OpenBatch {
    number: String,
    name: String,
    status: String,
    events: Option<i64>,
    in_error: Option<i64>,
}

/// The batches that are not completed, the newest first.
pub async fn open_batches(client: RestClient) -> Result<OpenBatches, Failure> {
    let as_of = client.now_at(System::Oracle);
    let page = client.batch_page("BatchStatus != 'ORA_COMPLETED'", "CreationDate:desc", 0, SHOWN).await?;
    let batches = page.items.iter().map(|batch: &Record| {
        let text = |name: &str| batch.text(name).unwrap_or_default().to_owned();
        let number = |name: &str| batch.get(name).and_then(Value::as_integer);
        OpenBatch {
            number: batch.key().unwrap_or_default(),
            name: text("BatchName"),
            status: text("BatchStatus"),
            events: number("CountOfUsageEvents"),
            in_error: number("CountOfEventsErrored"),
        }
    });
    Ok(OpenBatches { batches: batches.collect(), all: page.total_results, as_of })
}

/// The list of all that are not completed, as far as the system tells which statuses there are.
pub fn list_of_open(session: Session) -> String {
    let tables = session.lookups.tables.get_untracked();
    let codes = tables.list(BATCH_STATUS).iter().map(|entry| entry.code.clone());
    let values: Vec<_> = codes.filter(|code| class_of(code) != StatusClass::Done).collect();
    if values.is_empty() {
        return routes::BATCHES.to_owned();
    }
    let open = condition_text(&FieldCondition::OneOf { values, or_blank: false });
    format!("{}{}", routes::BATCHES, query_text([("BatchStatus", open)]))
}

#[component]
pub fn OpenWork(session: Session, open: Fetched<OpenBatches>, quietly: Signal<String>) -> impl IntoView {
    let rows = move |found: OpenBatches| {
        let status = BATCH.field("BatchStatus");
        let rows = found.batches.iter().cloned().map(|batch| {
            let words = status.map(|field| {
                session.lookups.tables.with(|tables| text_in_words(field, &batch.status, tables))
            });
            let errors = batch.in_error.filter(|errors| *errors > 0);
            let home = routes::batch(&batch.number);
            let in_error = errors.map(|errors| view! { " \u{00b7} "<a href=routes::batch_part(&home, "errors")>{format!("{} in error", count(errors))}</a> });
            view! {
                <li>
                    <span class="open-batch"><a href=home>{visible(&batch.number).into_owned()}</a>" "<span class="quiet">{visible(&batch.name).into_owned()}</span></span>
                    <Badge tone=class_of(&batch.status).tone() text=words.unwrap_or_default() />
                    <span class="number">{batch.events.map(|events| format!("{} events", count(events)))}{in_error}</span>
                </li>
            }
        }).collect_view();
        let more = found.all.filter(|all| *all > found.batches.len() as u64).map(|all| {
            view! {
                <p><a href=list_of_open(session)>{format!("All {} open batches", count(all))}</a></p>
            }
        });
        if found.batches.is_empty() {
            view! { <p class="quiet">"Every batch is completed."</p> }.into_any()
        } else {
            view! { <ul class="open-batches">{rows}</ul>{more} }.into_any()
        }
    };
    view! {
        <section class="figures" aria-labelledby="open-title">
            <header class="figure-head"><h2 id="open-title">"Open batches"</h2><span class="quiet">{quietly}</span></header>
            {move || match (open.found.get(), open.failure.get()) {
                (_, Some(failure)) => view! { <FailureLine what="The batches" failure=failure again=open.again() /> }.into_any(),
                (Some(found), None) => rows(found),
                (None, None) => view! { <p class="quiet" role="status">"Reading the batches"</p> }.into_any(),
            }}
        </section>
    }
}

/// The changes of this browser that have not come to their end.
#[component]
pub fn WaitingForMe(session: Session) -> impl IntoView {
    let lines = move || {
        let summary = session.sync.summary.get();
        let of = |number: usize, words: &'static str| (number > 0).then(|| (count(number as u64), words));
        let lines = [
            of(summary.conflicts, "in conflict: decide which value counts"),
            of(summary.refused, "refused: correct them or let them go"),
            of(summary.in_doubt, "in doubt: sent, not confirmed"),
            of(summary.pending + summary.sending, "being saved"),
        ];
        lines.into_iter().flatten().collect::<Vec<_>>()
    };
    view! {
        <section class="figures" aria-labelledby="waiting-title">
            <header class="figure-head"><h2 id="waiting-title">"Waiting for you"</h2><span class="quiet">"changes made in this browser"</span></header>
            {move || match lines().as_slice() {
                [] => view! { <p class="quiet">"Nothing: every change that was made here is saved."</p> }.into_any(),
                lines => view! {
                    <ul class="waiting-lines">
                        {lines.iter().map(|(number, words)| view! { <li><a href=routes::CHANGES>{format!("{number} {words}")}</a></li> }).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </section>
    }
}
