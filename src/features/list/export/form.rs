//! What the person chooses, and how far the file is.

use super::super::whole_rows::WholeProgress;
use super::writing::{Job, Writing, saved_words};
use super::{ExportedGrid, ListExport};
use crate::text::count;
use crate::ui::controls::FormFoot;
use export_files::Format;
use leptos::prelude::*;

#[component]
pub fn ExportForm(of: ListExport, grid: ExportedGrid, work: Writing) -> impl IntoView {
    let job = work.job;
    // What the last file came to is past once another one is thought of.
    if !job.with_untracked(Job::is_under_way) {
        job.set(Job::Idle);
    }
    let (is_csv, has_mark) = (RwSignal::new(false), RwSignal::new(true));
    let selected =
        Memo::new(move |_| grid.selection.with(|selection| (!selection.is_none(), selection.number())));
    let only_selected = RwSignal::new(selected.with_untracked(|(is_any, _)| *is_any));
    let status = grid.list.with_value(|list| list.status());
    let all_words = move || match status.with(|status| status.count.exact()) {
        Some(1) => "The 1 row of the list".to_owned(),
        Some(rows) => format!("All {} rows, as the list is filtered", count(rows as u64)),
        None => "All rows, as the list is filtered".to_owned(),
    };
    let selected_words = move || match selected.get() {
        (false, _) => "Only the selected rows: none is selected".to_owned(),
        (true, Some(1)) => "Only the selected row".to_owned(),
        (true, Some(rows)) => format!("Only the {} selected rows", count(rows as u64)),
        (true, None) => "Only what is selected".to_owned(),
    };
    let is_under_way = Memo::new(move |_| job.with(Job::is_under_way));
    let why_not = move || {
        let unclear = of.why_not_all.get().filter(|_| !only_selected.get());
        let nothing = (only_selected.get() && !selected.get().0).then(|| "Select rows first.".to_owned());
        unclear.or(nothing)
    };
    let begin = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_under_way.get_untracked() {
            work.cancel();
            return;
        }
        if untrack(why_not).is_some() {
            return;
        }
        let format = match is_csv.get_untracked() {
            true => Format::Csv { has_mark: has_mark.get_untracked() },
            false => Format::Xlsx,
        };
        work.begin(format, only_selected.get_untracked());
    };
    let choice = move |name: &'static str, words: Signal<String>, chosen: RwSignal<bool>, value: bool| {
        view! {
            <label class="choice">
                <input type="radio" name=name prop:checked=move || chosen.get() == value disabled=is_under_way on:change=move |_| chosen.set(value) />
                <span>{words}</span>
            </label>
        }
    };
    let said = |words: &'static str| Signal::derive(move || words.to_owned());
    let columns = move || {
        let columns = grid.columns.with(|columns| columns.len());
        format!(
            "{} as they stand, in the order of the list, times in UTC. The file states its filters, row count, totals per currency and whether every row was read.",
            if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
        )
    };
    let state = move || match job.get() {
        Job::Idle => ().into_any(),
        Job::Waiting(_) => match of.progress.get() {
            WholeProgress::Reading { read, of, .. } => progress("Read", read, of),
            _ => view! { <p role="status">"Reading the rows"</p> }.into_any(),
        },
        Job::Reading { read, of } => progress("Read", read, of),
        Job::Writing { written, of } => progress("Written", written, of),
        saved @ Job::Saved { .. } => {
            view! { <p role="status" data-testid="exported">{saved_words(&saved)}</p> }.into_any()
        }
        Job::Failed(reason) => {
            view! { <p class="form-error" role="alert">{format!("Nothing was exported. {reason}")}</p> }
                .into_any()
        }
    };
    let closing =
        Signal::derive(move || if job.with(|job| *job == Job::Idle) { "Cancel" } else { "Close" }.to_owned());
    view! {
        <form class="column-filter export" on:submit=begin>
            <fieldset>
                <legend>"File"</legend>
                {choice("export-format", said("Excel workbook (XLSX)"), is_csv, false)}
                {choice("export-format", said("CSV, in a ZIP file with a description of the rows"), is_csv, true)}
                {move || is_csv.get().then(|| view! {
                    <label class="choice">
                        <input type="checkbox" prop:checked=has_mark disabled=is_under_way on:change:target=move |event| has_mark.set(event.target().checked()) />
                        <span>"With a byte order mark, by which Excel knows UTF-8"</span>
                    </label>
                })}
            </fieldset>
            <fieldset>
                <legend>"Rows"</legend>
                {choice("export-rows", Signal::derive(all_words), only_selected, false)}
                {choice("export-rows", Signal::derive(selected_words), only_selected, true)}
            </fieldset>
            <p class="quiet">{columns}</p>
            {move || why_not().map(|reason| view! { <p class="form-error" role="alert">{reason}</p> })}
            {state}
            <FormFoot open=of.open close=closing>
                // One button, so that the keyboard stays on it.
                <button class="button" type="submit" data-kind=move || if is_under_way.get() { "" } else { "primary" }
                    disabled=move || !is_under_way.get() && why_not().is_some()>
                    {move || if is_under_way.get() { "Stop the export" } else { "Export" }}
                </button>
            </FormFoot>
        </form>
    }
}

fn progress(verb: &'static str, done: usize, of: usize) -> AnyView {
    view! {
        <span class="progress" role="status">
            <progress max=of.max(1).to_string() value=done.to_string() aria-label=verb></progress>
            {format!("{verb} {} of {} rows", count(done as u64), count(of as u64))}
        </span>
    }
    .into_any()
}
