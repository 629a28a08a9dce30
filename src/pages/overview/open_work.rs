//! What is not finished, whatever month it is of: batches that are not completed, and what waits for the person.

use super::figure_table::{Cell, Row, figure_table, linked_lines};
use crate::api::{Failure, RestClient, System};
use crate::data::fetched::Fetched;
use crate::data::lookups::text_in_words;
use crate::data::session::Session;
use crate::features::approvals::{KnownRules, waiting_part};
use crate::features::list::{FailureLine, condition_text};
use crate::routes::{self, query_text};
use crate::text::{class_of, count};
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
    /// As the server estimates (`totalResults`).
    all: Option<u64>,
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

impl OpenBatches {
    /// How many there are, and that in words: what was read is no estimate.
    pub fn count(&self) -> (u64, String) {
        let read = self.batches.len() as u64;
        match self.all.filter(|all| *all > read) {
            Some(all) => (all, format!("about {}", count(all))),
            None => (read, count(read)),
        }
    }
}

/// The batches that are not completed, the newest first.
pub async fn open_batches(client: RestClient) -> Result<OpenBatches, Failure> {
    let as_of = client.now_at(System::Oracle);
    let q = BATCH.field("BatchStatus").and_then(|field| is_open().q(field)).unwrap_or_default();
    let page = client.batch_page(&q, "CreationDate:desc", 0, SHOWN).await?;
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

/// What is asked of a batch's status, by whoever counts the open ones and by their list.
fn is_open() -> FieldCondition {
    FieldCondition::NoneOf { values: vec!["ORA_COMPLETED".to_owned()], nor_blank: true }
}

/// The list of all that are not completed.
pub fn list_of_open() -> String {
    format!("{}{}", routes::BATCHES, query_text([("BatchStatus", condition_text(&is_open()))]))
}

fn batch_table(session: Session, found: OpenBatches) -> AnyView {
    if found.batches.is_empty() {
        return view! { <p class="quiet">"Every batch is completed."</p> }.into_any();
    }
    let (all, words) = found.count();
    let has_more = all > found.batches.len() as u64;
    let rows = found.batches.into_iter().map(|batch| -> Row {
        let home = routes::batch(&batch.number);
        let status = BATCH
            .field("BatchStatus")
            .map(|field| session.lookups.tables.with(|tables| text_in_words(field, &batch.status, tables)));
        let errors = match batch.in_error {
            Some(errors @ 1..) => Cell::number(count(errors)).to(routes::batch_part(&home, "errors")),
            _ => Cell::number("0"),
        };
        let number = Cell::words(visible(&batch.number)).to(home);
        let cells = vec![
            Cell { more: visible(&batch.name).into_owned(), ..number },
            Cell {
                kind: Some(class_of(&batch.status).tone().name()),
                ..Cell::words(status.unwrap_or_default())
            },
            Cell::number(batch.events.map(count).unwrap_or_default()),
            errors,
        ];
        (None, cells)
    });
    let heads =
        vec![Cell::words("Batch"), Cell::words("Status"), Cell::number("Events"), Cell::number("In error")];
    let table = figure_table("Open batches, as a table", "open-batches", heads, rows.collect());
    let more =
        has_more.then(|| view! { <p><a href=list_of_open()>{format!("All open batches, {words}")}</a></p> });
    view! { {table}{more} }.into_any()
}

pub fn open_work(session: Session, open: Fetched<OpenBatches>, quietly: Signal<String>) -> AnyView {
    let body = move || match (open.found.get(), open.failure.get()) {
        (_, Some(failure)) => {
            view! { <FailureLine what="The batches" failure=failure again=open.again() /> }.into_any()
        }
        (Some(found), None) => batch_table(session, found),
        (None, None) => view! { <p class="quiet" role="status">"Reading the batches"</p> }.into_any(),
    };
    view! {
        <section class="figures" aria-labelledby="open-title">
            <header class="figure-head"><h2 id="open-title">"Open batches"</h2><span class="quiet">{quietly}</span></header>
            {body}
        </section>
    }
    .into_any()
}

/// The changes of this browser that have not come to their end, and what the person is asked to approve.
pub fn waiting_for_me(session: Session) -> AnyView {
    let rules = expect_context::<KnownRules>();
    let lines = move || {
        let summary = session.sync.summary.get();
        let lines = [
            (summary.conflicts, "in conflict: decide which value counts"),
            (summary.refused, "refused: correct them or let them go"),
            (summary.in_doubt, "in doubt: sent, not confirmed"),
            (summary.pending + summary.sending, "being saved"),
        ];
        let lines = lines.into_iter().filter(|(number, _)| *number > 0).map(|(number, words)| {
            (format!("{} {words}", count(number as u64)), Some(routes::CHANGES.to_owned()), String::new())
        });
        let lines: Vec<_> = lines.collect();
        if lines.is_empty() {
            view! { <p class="quiet">"Nothing: every change that was made here is saved."</p> }.into_any()
        } else {
            linked_lines(lines)
        }
    };
    view! {
        <section class="figures" aria-labelledby="waiting-title">
            <header class="figure-head"><h2 id="waiting-title">"Waiting for you"</h2><span class="quiet">"changes made in this browser"</span></header>
            {move || rules.any().then(|| waiting_part::view(session))}
            {lines}
        </section>
    }
    .into_any()
}
