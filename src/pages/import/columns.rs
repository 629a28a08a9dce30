//! What was found in the file, and what its columns are.

use super::Another;
use super::controller::Import;
use crate::text::count;
use import_files::{
    Cell, ColumnsMapping, DateForm, EventField, Holds, MappedColumn, Mapping, NumberForm, Question,
};
use leptos::prelude::*;

#[component]
pub fn Columns(import: Import) -> impl IntoView {
    let table = import.table.get_untracked();
    let facts = table.as_ref().map(|table| {
        let empty = match table.empty_rows {
            0 => String::new(),
            rows => format!(", {} empty", count(rows)),
        };
        format!(
            "{}: {} rows{empty}, {} columns",
            import.file_name(),
            count(table.rows.len() as u64),
            table.headers.len()
        )
    });
    let examples: Vec<String> = table
        .as_ref()
        .and_then(|table| table.rows.first())
        .map(|row| row.cells.iter().map(|cell: &Cell| cell.shown().into_owned()).collect())
        .unwrap_or_default();
    let questions = import.questions;
    let content = move || {
        match import.mapping.get() {
        Mapping::Focus => view! {
            <p>"This is a FOCUS cost file. Its columns are known, its times are UTC, and its amounts are what is billed."</p>
        }
        .into_any(),
        Mapping::Columns(mapping) => {
            let rows = mapping.columns.iter().enumerate().map(|(place, column)| {
                let example = examples.get(place).cloned().unwrap_or_default();
                column_row(import, &mapping, place, column, example)
            });
            view! {
                <div class="before-after" tabindex="0" role="region" aria-label="What each column is">
                    <table>
                        <thead><tr><th scope="col">"Column"</th><th scope="col">"First row"</th><th scope="col">"Field"</th><th scope="col">"Written as"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        }
    }
    };
    let asked = move || {
        let questions = questions.get();
        (!questions.is_empty()).then(|| view! {
            <ul class="import-questions">{questions.iter().map(|question| view! { <li>{in_words(question)}</li> }).collect_view()}</ul>
        })
    };
    view! {
        <section aria-labelledby="import-columns">
            <h2 id="import-columns">"Columns"</h2>
            <p data-testid="found">{facts}</p>
            {content}
            <div role="status">{asked}</div>
            <div class="import-answers">
                <button class="button" data-kind="primary" disabled=move || !import.is_settled.get() || !questions.with(Vec::is_empty) on:click=move |_| import.check()>"Check all rows"</button>
                <Another import=import />
            </div>
        </section>
    }
}

/// A question as a sentence that begins with a capital.
fn in_words(question: &Question) -> String {
    let text = question.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn column_row(
    import: Import,
    mapping: &ColumnsMapping,
    place: usize,
    column: &MappedColumn,
    example: String,
) -> AnyView {
    let change = {
        let mapping = mapping.clone();
        move |change: &dyn Fn(&mut MappedColumn)| {
            let mut mapping = mapping.clone();
            if let Some(column) = mapping.columns.get_mut(place) {
                change(column);
            }
            import.map(Mapping::Columns(mapping));
        }
    };
    let field = column.field;
    let choose_field = {
        let change = change.clone();
        move |event: leptos::ev::Event| {
            let chosen = event_target_value(&event);
            let field = EventField::ALL.into_iter().find(|field| field.title() == chosen);
            change(&|column| {
                column.set_field(field);
            });
        }
    };
    let fields = EventField::ALL
        .map(|one| view! { <option value=one.title() selected=field == Some(one)>{one.title()}</option> });
    let forms = match field.map(EventField::holds) {
        Some(Holds::Number) => {
            let form = column.number;
            let choose = move |event: leptos::ev::Event| {
                let form = match event_target_value(&event).as_str() {
                    "point" => Some(NumberForm::Point),
                    "comma" => Some(NumberForm::Comma),
                    _ => None,
                };
                change(&|column| column.choose_number(form));
            };
            view! {
                <select class="input" aria-label=format!("Numbers of {}", column.header) on:change=choose>
                    <option value="" selected=form.is_none()>"?"</option>
                    <option value="point" selected=form == Some(NumberForm::Point)>"1,234.50"</option>
                    <option value="comma" selected=form == Some(NumberForm::Comma)>"1.234,50"</option>
                </select>
            }
            .into_any()
        }
        Some(Holds::Moment) => {
            let form = column.date;
            let choose = move |event: leptos::ev::Event| {
                let form = match event_target_value(&event).as_str() {
                    "day" => Some(DateForm::DayFirst),
                    "month" => Some(DateForm::MonthFirst),
                    _ => None,
                };
                change(&|column| column.choose_date(form));
            };
            view! {
                <select class="input" aria-label=format!("Dates of {}", column.header) on:change=choose>
                    <option value="" selected=form.is_none()>"?"</option>
                    <option value="day" selected=form == Some(DateForm::DayFirst)>"Day first, UTC"</option>
                    <option value="month" selected=form == Some(DateForm::MonthFirst)>"Month first, UTC"</option>
                </select>
            }
            .into_any()
        }
        Some(Holds::Text) | None => ().into_any(),
    };
    view! {
        <tr>
            <th scope="row">{column.header.clone()}</th>
            <td class="quiet">{example}</td>
            <td>
                <select class="input" aria-label=format!("Field of {}", column.header) on:change=choose_field>
                    <option value="" selected=field.is_none()>"(not imported)"</option>
                    {fields}
                </select>
            </td>
            <td>{forms}</td>
        </tr>
    }
    .into_any()
}
