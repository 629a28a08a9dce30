//! What is not finished, whatever month it is of: batches that are not completed, and what waits for the person.

use super::figure_table::{Cell, Row, figure_table, linked_lines};
use crate::api::{Failure, RestClient, System};
use crate::data::fetched::Fetched;
use crate::data::lookups::{BATCH_STATUS, text_in_words};
use crate::data::session::Session;
use crate::features::list::{FailureLine, condition_text};
use crate::routes::{self, query_text};
use crate::text::{StatusClass, class_of, count};
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

fn batch_table(session: Session, found: OpenBatches) -> AnyView {
    if found.batches.is_empty() {
        return view! { <p class="quiet">"Every batch is completed."</p> }.into_any();
    }
    let shown = found.batches.len() as u64;
    let rows = found.batches.into_iter().map(|batch| -> Row {
        let home = routes::batch(&batch.number);
        let words = BATCH
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
                ..Cell::words(words.unwrap_or_default())
            },
            Cell::number(batch.events.map(count).unwrap_or_default()),
            errors,
        ];
        (None, cells)
    });
    let heads =
        vec![Cell::words("Batch"), Cell::words("Status"), Cell::number("Events"), Cell::number("In error")];
    let table = figure_table("Open batches, as a table", "open-batches", heads, rows.collect());
    let more = found.all.filter(|all| *all > shown);
    let more = more.map(
        |all| view! { <p><a href=list_of_open(session)>{format!("All {} open batches", count(all))}</a></p> },
    );
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

/// The changes of this browser that have not come to their end.
pub fn waiting_for_me(session: Session) -> AnyView {
    let lines = move || {
        let summary = session.sync.summary.get();
        let lines = [
            (summary.conflicts, "in conflict: decide which value counts"),
            (summary.refused, "refused: correct them or let them go"),
            (summary.in_doubt, "in doubt: sent, not confirmed"),
            (summary.pending + summary.sending, "being saved"),
        ];
        let lines = lines.into_iter().filter(|(number, _)| *number > 0).map(|(number, words)| {
            (format!("{} {words}", count(number as u64)), routes::CHANGES.to_owned(), String::new())
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
            {lines}
        </section>
    }
    .into_any()
}
