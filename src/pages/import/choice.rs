//! The choice of a file, and what has to be said of one that does not tell everything by itself.

use super::Another;
use super::controller::Import;
use super::reading::{Source, Unread};
use crate::features::help::{help_mark, topic};
use crate::text::count;
use import_files::TableFault;
use import_files::text::Encoding;
use import_files::xlsx::HiddenRows;
use leptos::prelude::*;
use rest_contract::is_blank;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlInputElement};

#[component]
pub fn Choice(import: Import) -> impl IntoView {
    let pasted = RwSignal::new(String::new());
    let blocked = import.session.blocked_from_editing();
    let choose = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            import.take(Source::File(file));
        }
    };
    let drop_file = move |event: DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().and_then(|data| data.files());
        if let (Some(file), None) = (files.and_then(|files| files.get(0)), blocked) {
            import.take(Source::File(file));
        }
    };
    view! {
        <section class="import-choice" aria-labelledby="import-file" on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop_file>
            <div class="titled"><h2 id="import-file">"Choose a file of usage"</h2>{help_mark(topic::DELIVERED_AGAIN, "files that come again")}</div>
            <p class="quiet">"CSV or an Excel workbook (.xlsx), or a FOCUS cost file of AWS, Azure or Google. Nothing is sent before you have seen what becomes of each row."</p>
            {blocked.map(|reason| view! { <p>{reason}</p> })}
            <label class="file"><span class="label">"File, or drop one here"</span>
                <input type="file" accept=".csv,.tsv,.txt,.xlsx,text/csv" disabled=blocked.is_some() on:change=choose />
            </label>
        </section>
        <section aria-labelledby="import-paste">
            <h2 id="import-paste">"Or paste rows"</h2>
            <label class="label" for="pasted-rows">"Rows, the first one with the names of the columns"</label>
            <textarea class="input" id="pasted-rows" rows="6" disabled=blocked.is_some() prop:value=pasted
                on:input:target=move |event| pasted.set(event.target().value())></textarea>
            <button class="button" disabled=move || is_blank(&pasted.get()) on:click=move |_| import.take(Source::Pasted(pasted.get_untracked()))>"Read these rows"</button>
        </section>
    }
}

/// Why a file could not be read, or what has to be said first.
#[component]
pub fn Unreadable(import: Import, unread: Unread) -> impl IntoView {
    let (title, answers) = match unread {
        Unread::NotGiven => (
            "The browser does not give the file. It may have been moved or changed.".to_owned(),
            ().into_any(),
        ),
        Unread::NotLoaded => {
            ("What reads workbooks could not be loaded. Try again.".to_owned(), ().into_any())
        }
        Unread::Fault(fault) => {
            let title = format!("{}: {fault}.", import.file_name());
            let title = title.replace("?.", "?").replace("..", ".");
            let answers = match fault {
                TableFault::NotEncoded(_) => view! {
                    <p class="quiet">"Files of older programs are often in Windows-1252, which holds Latin-1. If letters such as \u{e4} or \u{e9} look wrong afterwards, it is another one."</p>
                    <button class="button" on:click=move |_| import.say(|said| said.encoding = Some(Encoding::Windows1252))>"Read it as Windows-1252"</button>
                }
                .into_any(),
                TableFault::WhichSheet(sheets) => sheets
                    .into_iter()
                    .map(|(name, is_hidden)| {
                        let shown = if is_hidden { format!("{name} (hidden)") } else { name.clone() };
                        view! { <button class="button" on:click=move |_| import.say(|said| said.sheet = Some(name.clone()))>{shown}</button> }
                    })
                    .collect_view()
                    .into_any(),
                TableFault::HiddenRows(rows) => view! {
                    <button class="button" on:click=move |_| import.say(|said| said.hidden = Some(HiddenRows::Take))>{if rows == 1 { "Import the hidden row too".to_owned() } else { format!("Import the {} hidden rows too", count(rows)) }}</button>
                    <button class="button" on:click=move |_| import.say(|said| said.hidden = Some(HiddenRows::LeaveOut))>{if rows == 1 { "Leave it out" } else { "Leave them out" }}</button>
                }
                .into_any(),
                _ => ().into_any(),
            };
            (title, answers)
        }
    };
    view! {
        <p role="alert">{title}</p>
        <div class="import-answers">{answers}<Another import=import /></div>
    }
}
