//! What was found in the file, and what its columns are.

use super::Another;
use super::clock::offered_zones;
use super::controller::Import;
use super::outcome::rows_in_words;
use crate::data::lookups::Code;
use crate::text::count;
use crate::ui::part::part;
use import_files::{
    Cell, ColumnsMapping, DateForm, EmptyCells, EventField, Holds, MappedColumn, Mapping, NumberForm,
    Question,
};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use rest_contract::Lookup;
use web_sys::HtmlElement;

/// What each control is called that draws all of them anew: the keyboard goes back to it.
const CHOICE: &str = "data-choice";

part! {
    /// The step between the choice of a file and its check.
    pub mod columns_part in import_columns: (import: Import) => view! { <Columns import=import /> }
}

#[component]
fn Columns(import: Import) -> impl IntoView {
    let table = import.table.get_untracked();
    let facts = table.as_ref().map(|table| {
        let empty = match table.empty_rows {
            0 => String::new(),
            rows => format!(", {} empty", count(rows)),
        };
        format!(
            "{}: {}{empty}, {} columns",
            import.file_name(),
            rows_in_words(table.rows.len()),
            table.headers.len()
        )
    });
    let examples: Vec<String> = table
        .as_ref()
        .and_then(|table| table.rows.get(0))
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
            let apart = (!mapping.has_numbers()).then(|| view! { <th scope="col">"Tells rows apart"</th> });
            view! {
                <div class="before-after" tabindex="0" role="region" aria-label="What each column is">
                    <table>
                        <thead><tr><th scope="col">"Column"</th><th scope="col">"First row"</th><th scope="col">"Field"</th><th scope="col">"Written as"</th>{apart}</tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
                {for_every_row(import, &mapping)}
            }
            .into_any()
        }
    }
    };
    // The last control that was changed, which is drawn anew.
    let last = StoredValue::new(None::<String>);
    let remember = move |event: leptos::ev::Event| {
        let control = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        last.set_value(control.and_then(|control| control.get_attribute(CHOICE)));
    };
    Effect::new(move || {
        import.mapping.track();
        let Some(choice) = last.get_value() else { return };
        request_animation_frame(move || {
            let is_lost = document()
                .active_element()
                .is_none_or(|it| it.get_attribute("tabindex").is_some() || it.tag_name() == "BODY");
            let control = document().query_selector(&format!("[{CHOICE}=\"{choice}\"]")).ok().flatten();
            if let Some(control) = control.filter(|_| is_lost) {
                // What cannot take the focus can still be reached by Tab.
                let _ = control.unchecked_into::<HtmlElement>().focus();
            }
        });
    });
    let asked = move || {
        let questions = questions.get();
        let mut asked: Vec<String> = questions.iter().map(in_words).collect();
        if let Some(time) = import.time_of_a_clock.get().filter(|_| lacks_zone(import)) {
            asked.push(format!("Of which time zone are times that name no offset, such as {time}?"));
        }
        (!asked.is_empty()).then(|| view! {
            <ul class="import-questions">{asked.into_iter().map(|question| view! { <li>{question}</li> }).collect_view()}</ul>
        })
    };
    view! {
        <section aria-labelledby="import-columns" on:change:capture=remember>
            <h2 id="import-columns">"Columns"</h2>
            <p data-testid="found">{facts}</p>
            {content}
            <div role="status">{asked}</div>
            <div class="import-answers">
                <button class="button" data-kind="primary" disabled=move || !import.is_settled.get() || !questions.with(Vec::is_empty) || lacks_zone(import) on:click=move |_| import.check()>"Check all rows"</button>
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

/// Whether nobody has said of which zone the file's times are.
fn lacks_zone(import: Import) -> bool {
    let is_unsaid =
        import.mapping.with(|mapping| matches!(mapping, Mapping::Columns(columns) if columns.zone.is_none()));
    is_unsaid && import.time_of_a_clock.with(Option::is_some)
}

/// The choice of the zone of times that name no offset, for a file that has some.
fn zone_choice(import: Import, mapping: &ColumnsMapping) -> Option<impl IntoView + use<>> {
    import.time_of_a_clock.get()?;
    let said = mapping.zone.clone();
    let mapping = mapping.clone();
    let choose = move |event: leptos::ev::Event| {
        let zone = Some(event_target_value(&event)).filter(|zone| !zone.is_empty());
        import.map(Mapping::Columns(ColumnsMapping { zone, ..mapping.clone() }));
    };
    let mut zones = offered_zones(import.session);
    zones.extend(said.clone().filter(|said| !zones.contains(said)));
    let options = zones.into_iter().map(|zone| {
        let is_said = said.as_deref() == Some(zone.as_str());
        view! { <option value=zone.clone() selected=is_said>{zone.clone()}</option> }
    });
    Some(view! {
        <label class="field"><span class="label">"Times without an offset"</span>
            <select class="input" data-choice="zone" on:change=choose>
                <option value="" selected=said.is_none()>"?"</option>
                {options.collect_view()}
            </select>
        </label>
    })
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
    let apart = (!mapping.has_numbers()).then(|| {
        let change = change.clone();
        let choose = move |event: leptos::ev::Event| {
            let is_chosen = event_target_checked(&event);
            change(&|column| column.identifies = is_chosen);
        };
        view! { <td><input type="checkbox" data-choice=format!("apart-{place}") aria-label=format!("{} tells rows apart", column.header) checked=column.identifies on:change=choose /></td> }
    });
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
                <select class="input" data-choice=format!("form-{place}") aria-label=format!("Numbers of {}", column.header) on:change=choose>
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
                <select class="input" data-choice=format!("form-{place}") aria-label=format!("Dates of {}", column.header) on:change=choose>
                    <option value="" selected=form.is_none()>"?"</option>
                    <option value="day" selected=form == Some(DateForm::DayFirst)>"Day first"</option>
                    <option value="month" selected=form == Some(DateForm::MonthFirst)>"Month first"</option>
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
                <select class="input" data-choice=format!("field-{place}") aria-label=format!("Field of {}", column.header) on:change=choose_field>
                    <option value="" selected=field.is_none()>"(not imported)"</option>
                    {fields}
                </select>
            </td>
            <td>{forms}</td>
            {apart}
        </tr>
    }
    .into_any()
}

/// What holds for every row: values that no column has, and what an empty cell does to an event that is there already.
fn for_every_row(import: Import, mapping: &ColumnsMapping) -> impl IntoView {
    let asked = import.questions.get().into_iter().filter_map(|question| match question {
        Question::Missing(field) => Some(field),
        _ => None,
    });
    let mut fields: Vec<EventField> =
        mapping.constants.iter().map(|(field, _)| *field).chain(asked).collect();
    let is_mapped = |field| mapping.columns.iter().any(|column| column.field == Some(field));
    // Every event has a type, and few files have a column of it.
    fields.push(EventField::EventType);
    fields.sort_unstable();
    fields.dedup();
    let tables = import.session.lookups.tables.get_untracked();
    let inputs = fields.into_iter().map(|field| {
        let said = mapping.constants.iter().find(|(one, _)| *one == field).map(|(_, text)| text.clone());
        let said = said.unwrap_or_default();
        let choose = {
            let mapping = mapping.clone();
            move |event: leptos::ev::Event| {
                let mut mapping = mapping.clone();
                mapping.set_constant(field, &event_target_value(&event));
                import.map(Mapping::Columns(mapping));
            }
        };
        let codes: Vec<Code> = match field {
            EventField::EventType => tables.list(Lookup::EventType).to_vec(),
            EventField::Currency => tables.list(Lookup::Currency).to_vec(),
            EventField::Unit => tables.list(Lookup::UnitOfMeasure).to_vec(),
            _ => Vec::new(),
        };
        let choice = format!("constant-{field:?}");
        let control = if codes.is_empty() {
            view! { <input class="input" data-choice=choice prop:value=said on:change=choose /> }.into_any()
        } else {
            let options = codes.into_iter().map(|Code { code, meaning, .. }| {
                let words = if field == EventField::EventType && !meaning.is_empty() { meaning } else { code.clone() };
                view! { <option value=code.clone() selected=said == code>{words}</option> }
            });
            view! {
                <select class="input" data-choice=choice on:change=choose>
                    <option value="" selected=said.is_empty()>"(none)"</option>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        };
        let of_which = if is_mapped(field) { "where its cell is empty" } else { "of every row" };
        view! { <label class="field"><span class="label">{format!("{} {of_which}", field.title())}</span>{control}</label> }
    });
    let inputs = inputs.collect_view();
    let zone = zone_choice(import, mapping);
    let empties = mapping.empty_cells == EmptyCells::Empty;
    let mapping = mapping.clone();
    let choose_empty = move |event: leptos::ev::Event| {
        let mut mapping = mapping.clone();
        let empties = event_target_value(&event) == "empty";
        mapping.empty_cells = if empties { EmptyCells::Empty } else { EmptyCells::Leave };
        import.map(Mapping::Columns(mapping));
    };
    view! {
        <div class="import-constants">
            {zone}
            {inputs}
            <label class="field"><span class="label">"An empty cell"</span>
                <select class="input" data-choice="empty" on:change=choose_empty>
                    <option value="leave" selected=!empties>"leaves the field of an event as it is"</option>
                    <option value="empty" selected=empties>"empties the field of an event"</option>
                </select>
            </label>
        </div>
    }
}
