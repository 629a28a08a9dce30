//! What becomes of the rows: before anything is sent, and afterwards.

use super::Another;
use super::controller::Import;
use super::rows::{RowCounts, RowKind, RowState, Rows, SameTime};
use crate::api::RecordKey;
use crate::data::fetched::Fetched;
use crate::features::batch_work::BatchFields;
use crate::features::form_request::{FormRequest, FormRequestStatus};
use crate::features::help::{help_mark, topic};
use crate::next_task::TaskTime;
use crate::routes;
use crate::text::{count, events, second_utc, with_notation};
use crate::ui::controls::save_pieces;
use crate::ui::part::part;
use export_files::{BYTE_ORDER_MARK, CsvField, push_csv_line};
use import_files::{FailedRows, Totals};
use js_sys::Array;
use leptos::prelude::*;
use rest_contract::oracle::action;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};
use rest_contract::oracle::one_of;
use rest_contract::{is_blank, read_decimal};

/// Reasons that are listed; the file of the failed rows has all.
const REASONS: usize = 20;
/// As many open batches are offered, the newest first.
const MOST_OFFERED: usize = 100;

part! {
    /// Both: before anything is sent, and afterwards.
    pub mod outcome_part in import_outcome: (import: Import, is_sent: bool) => match is_sent {
        false => view! { <Checked import=import /> }.into_any(),
        true => view! { <Outcome import=import /> }.into_any(),
    }
}

#[component]
fn Checked(import: Import) -> impl IntoView {
    let counts = import.counts.get_untracked();
    let fields = BatchFields::new(BatchType::Rating);
    let asking = FormRequest::new(import.session.sync);
    let begin = move || import.send();
    asking.when_done(move |made| {
        import.batch.set(made.map_or_else(|| fields.number.get_untracked(), |key| key.name()));
        begin();
    });
    let open = Fetched::new(import.session, async move || {
        let q = format!(
            "{} and {}",
            one_of("UsageType", &[BatchType::Rating.code()]),
            one_of("BatchStatus", &[BatchStatus::Draft.code()])
        );
        let page = import.session.client.batch_page(&q, "CreationDate:desc", 0, MOST_OFFERED).await?;
        Ok(page.items.iter().filter_map(rest_contract::Record::key).collect::<Vec<String>>())
    });
    open.read();
    let target = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = target.get_untracked();
        if !chosen.is_empty() {
            import.batch.set(chosen);
            begin();
        } else if !untrack(|| asking.is_under_way()) {
            let key = RecordKey::batch(&fields.number.get_untracked());
            asking.ask(key, &action::CREATE, fields.arguments());
        }
    };
    let new = counts.new;
    let is_confirmed = RwSignal::new(false);
    let same_time = import.rows.with_value(|rows| same_time(rows, &counts));
    let is_asked = new > 0 && same_time.as_ref().is_some_and(|(_, is_asked)| *is_asked);
    let same_time = same_time.map(|(words, _)| view! { <p data-testid="same-time">{words}</p> });
    let form = (new > 0).then(|| view! {
        <form class="form" on:submit=send>
            <div class="field">
                <label class="label" for="import-batch">"Batch"</label>
                <select class="input" id="import-batch" on:change=move |event| target.set(event_target_value(&event))>
                    <option value="">"New batch"</option>
                    {move || open.found.get().unwrap_or_default().into_iter().map(|number| view! { <option value=number.clone()>{number.clone()}</option> }).collect_view()}
                </select>
            </div>
            {move || target.with(String::is_empty).then(|| fields.inputs("Description"))}
            <FormRequestStatus asking=asking />
            {is_asked.then(|| view! {
                <label class="choice"><input type="checkbox" on:change:target=move |event| is_confirmed.set(event.target().checked()) /><span>"The new rows are not on the server under other numbers"</span></label>
            })}
            <button class="button" data-kind="primary" type="submit" disabled=move || (is_asked && !is_confirmed.get()) || asking.is_under_way() || (target.with(String::is_empty) && is_blank(&fields.number.get()))>
                {format!("Import {}", events(new))}
            </button>
        </form>
    });
    view! {
        <section aria-labelledby="import-checked">
            <div class="titled"><h2 id="import-checked">"Check"</h2>{help_mark(topic::THERE_ALREADY, "rows that are there already")}</div>
            <p class="quiet">{import.file_name()}</p>
            <Counts counts=counts is_sent=false />
            <ControlTotals import=import is_sent=false />
            <Shortened import=import />
            {same_time}
            {form}
            <div class="import-answers">
                <button class="button" on:click=move |_| import.back_to_columns()>"Back to the columns"</button>
                <Review import=import />
                <SaveFailed import=import />
                <Another import=import />
            </div>
        </section>
    }
}

/// What the server has of the file's time, and whether that is to be confirmed; nothing for a file with numbers of its
/// own.
fn same_time(rows: &Rows, counts: &RowCounts) -> Option<(String, bool)> {
    let SameTime(there) = rows.same_time?;
    let (first, last) = rows.span.ends()?;
    let there_words = there.map_or_else(
        || "an unknown number of events".to_owned(),
        |there| events(usize::try_from(there).unwrap_or(usize::MAX)),
    );
    let known = rows.states.len() - counts.new - counts.failed;
    let words = format!(
        "The server has {there_words} from {} to {} UTC. {} of this file are among them, {} would be new.",
        second_utc(&first),
        second_utc(&last),
        rows_in_words(known),
        count(counts.new as u64),
    );
    Some((words, there != Some(0)))
}

pub fn rows_in_words(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(rows as u64)) }
}

#[component]
fn Outcome(import: Import) -> impl IntoView {
    let counts = import.counts.get_untracked();
    let batch = import.batch.get_untracked();
    let title = if counts.new == 0 { "Finished" } else { "Not finished" };
    view! {
        <section aria-labelledby="import-outcome">
            <h2 id="import-outcome">{title}</h2>
            <Counts counts=counts is_sent=true />
            <ControlTotals import=import is_sent=true />
            <div class="import-answers">
                {(!batch.is_empty()).then(|| view! { <a class="button" href=routes::batch(&batch)>{format!("Open batch {batch}")}</a> })}
                <Review import=import />
                <SaveFailed import=import />
                <Another import=import />
            </div>
        </section>
    }
}

#[component]
fn Counts(counts: RowCounts, is_sent: bool) -> impl IntoView {
    let line = |name: &'static str, number: usize, words: &'static str| {
        (number > 0)
            .then(|| view! { <li data-testid=name><strong>{count(number as u64)}</strong>{words}</li> })
    };
    let more = counts.reasons.len().saturating_sub(REASONS);
    let reasons = counts.reasons.iter().take(REASONS).map(|(reason, rows)| {
        view! { <li><strong>{count(*rows as u64)}</strong>" "{reason.clone()}</li> }
    });
    view! {
        <div role="status"><ul class="eligibility-list">
            {line("imported", counts.imported, " imported")}
            {line("new", counts.new, if is_sent { " not sent yet" } else { " new" })}
            {line("there", counts.there, " there already, with the same values")}
            {line("changed", counts.changed, " there already, with other values")}
            {line("failed", counts.failed, " not imported")}
        </ul></div>
        {(!counts.reasons.is_empty()).then(|| view! {
            <ul class="import-reasons" aria-label="Reasons">
                {reasons.collect_view()}
                {(more > 0).then(|| view! { <li class="quiet">{format!("and {} other reasons", count(more as u64))}</li> })}
            </ul>
        })}
    }
}

/// The way to the events that say something else than their rows.
#[component]
fn Review(import: Import) -> impl IntoView {
    let (changed, blocked) =
        (import.counts.with_untracked(|counts| counts.changed), import.session.blocked_from_editing());
    (changed > 0).then(|| {
        view! {
            <button class="button" disabled=blocked.is_some() title=blocked on:click=move |_| import.review()>
                {format!("Correct {}\u{2026}", events(changed))}
            </button>
        }
    })
}

/// What the rows come to by what became of them, and what the file comes to as it was read: the same to the last digit.
#[component]
fn ControlTotals(import: Import, is_sent: bool) -> impl IntoView {
    let line = |word: &'static str, totals: &Totals| {
        let amounts = totals.amounts.iter().map(|(currency, sum)| {
            let currency = if currency.is_empty() { "without a currency" } else { currency.as_str() };
            let left_out = match sum.left_out() {
                0 => String::new(),
                rows => format!(" (without {} that cannot be read)", count(rows)),
            };
            format!("{} {currency}{left_out}", with_notation(|notation| notation.write(&sum.text())))
        });
        let amounts = amounts.collect::<Vec<_>>().join("; ");
        let rows = count(totals.rows);
        view! { <tr><th scope="row">{word}</th><td>{rows}</td><td>{amounts}</td></tr> }
    };
    let lines = import.rows.with_value(|rows| {
        let of_kinds = rows.totals.iter().filter(|(_, totals)| totals.rows > 0);
        let mut lines: Vec<_> =
            of_kinds.map(|(kind, totals)| line(words_of(*kind, is_sent), totals)).collect();
        lines.push(line("The file", &rows.file));
        lines
    });
    view! {
        <div class="before-after" tabindex="0" role="region" aria-label="Control totals">
            <table>
                <thead><tr><th scope="col">"Rows"</th><th scope="col">"Count"</th><th scope="col">"Amounts"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn words_of(kind: RowKind, is_sent: bool) -> &'static str {
    match kind {
        RowKind::Imported => "Imported",
        RowKind::New if is_sent => "Not sent yet",
        RowKind::New => "New",
        RowKind::There => "There, the same",
        RowKind::Changed => "There, with other values",
        RowKind::Failed => "Not imported",
    }
}

/// Which texts are longer than their fields take.
#[component]
fn Shortened(import: Import) -> impl IntoView {
    let columns = import.rows.with_value(|rows| rows.shortened.clone());
    let texts: u64 = columns.values().sum();
    (texts > 0).then(|| {
        let columns = columns.iter().map(|(column, rows)| format!("{column} ({})", count(*rows)));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let texts = if texts == 1 { "1 text is".to_owned() } else { format!("{} texts are", count(texts)) };
        view! {
            <p data-testid="shortened">{format!("{texts} longer than the field: {columns}. The field gets the beginning and a mark; a message of the event keeps the whole text.")}</p>
        }
    })
}

/// The rows that failed as a file, which can be corrected and imported again.
#[component]
fn SaveFailed(import: Import) -> impl IntoView {
    let (trouble, is_writing) = (RwSignal::new(false), RwSignal::new(false));
    let save = move |_| {
        is_writing.set(true);
        leptos::task::spawn_local(async move {
            let saved = save_pieces("rows-that-failed.csv", &failed_rows(import).await);
            // The page may be gone meanwhile.
            trouble.try_set(saved.is_err());
            is_writing.try_set(false);
        });
    };
    let failed = import.counts.with_untracked(|counts| counts.failed + counts.changed);
    (failed > 0).then(|| view! {
        <button class="button" disabled=is_writing on:click=save>"Download the rows that failed"</button>
        {move || trouble.get().then(|| view! { <span role="alert">"The browser did not take the file."</span> })}
    })
}

/// A piece of a file's text is handed over once it has so many bytes.
const PIECE: usize = 256 << 10;

/// The file of the rows that failed, in pieces.
async fn failed_rows(import: Import) -> Array {
    let pieces = Array::new();
    let Some(table) = import.table.get_untracked() else { return pieces };
    let file = import.mapping.with_untracked(|mapping| FailedRows::new(mapping, &table.headers));
    let mut text = String::from(BYTE_ORDER_MARK);
    let push = |text: &mut String, cells: &[String]| {
        let fields: Vec<CsvField<'_>> = cells.iter().map(|cell| field(cell)).collect();
        push_csv_line(text, &fields);
    };
    push(&mut text, &file.headers(&table.headers));
    let mut task = TaskTime::begin();
    for (place, row) in table.rows.iter().enumerate() {
        let told = import.rows.try_with_value(|rows| match rows.states.get(place) {
            Some(RowState::Failed(reason) | RowState::Changed(reason)) => {
                Some((reason.clone(), rows.numbers.get(&place).cloned()))
            }
            _ => None,
        });
        if let Some((reason, number)) = told.flatten() {
            push(&mut text, &file.cells(&row, number.as_deref(), &format!("Row {}: {reason}", row.number)));
        }
        if text.len() >= PIECE {
            pieces.push(&std::mem::take(&mut text).into());
        }
        task.give_way().await;
    }
    pieces.push(&text.into());
    pieces
}

/// An amount of a few digits stays a number in a spreadsheet; whatever else a row held is a text.
fn field(cell: &str) -> CsvField<'_> {
    let is_short = cell.len() <= 15 && !cell.trim_start_matches('-').starts_with('0');
    if is_short && read_decimal(cell).is_ok() { CsvField::Number(cell) } else { CsvField::Text(cell) }
}
