//! The form behind a column's head that asks something of its values: which of them, a text that they hold, a range, or
//! whether there is one. What it asks stands in the list's query.

mod column_chips;
mod range_fields;
mod server_values;
mod value_choice;

use super::conditions::Conditions;
use super::list_columns::ListColumns;
use super::list_source::List;
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::features::field_form::shown_text;
use crate::text::with_notation;
use crate::ui::controls::{Dialog, FormFoot};
use crate::ui::part::part;
use column_chips::ColumnChips;
use leptos::prelude::*;
use range_fields::RangeFields;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::{Field, Kind, Value};
use std::rc::Rc;
use value_choice::ValueChoice;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

type FilteredList = StoredValue<Rc<dyn List>, LocalStorage>;

/// What is asked of a list's columns, and who hears of it.
#[derive(Clone, Copy)]
pub struct ColumnFilters {
    pub session: Session,
    pub columns: &'static ListColumns,
    /// What a row is called, and what several are.
    pub one: &'static str,
    pub several: &'static str,
    pub asked: Signal<Conditions>,
    /// Is called with what is asked of a field from now on, or nothing.
    pub ask: Callback<(&'static Field, Option<FieldCondition>)>,
}

impl ColumnFilters {
    /// What is asked of a column, followed.
    pub fn of(self, column: &str) -> Option<FieldCondition> {
        let is_of = |(field, _): &&(&'static Field, FieldCondition)| field.name == column;
        self.asked.with(|asked| asked.iter().find(is_of).map(|(_, condition)| condition.clone()))
    }
}

part! {
    /// The form of the column of this name, in a dialog, while `open` holds.
    pub mod column_filter_part in changes: (
        filters: ColumnFilters,
        list: FilteredList,
        column: RwSignal<String>,
        open: RwSignal<bool>,
    ) => view! { <ColumnFilter filters=filters list=list column=column open=open /> }
}

part! {
    /// What is asked of columns, over the grid. `clear` takes all that is asked away.
    pub mod column_chips_part in changes: (filters: ColumnFilters, clear: Callback<()>) =>
        view! { <ColumnChips filters=filters clear=clear /> }
}

/// What is asked of a column, in words.
pub fn told(
    columns: &ListColumns,
    field: &Field,
    condition: &FieldCondition,
    tables: &LookupTables,
) -> String {
    let meaning = |code: &str| shown_text(field, Some(&Value::Text(code.to_owned())), "", tables);
    let words = with_notation(|notation| condition.words(field, notation, meaning));
    format!("{} {words}", columns.head_of(field.name))
}

#[component]
fn ColumnFilter(
    filters: ColumnFilters,
    list: FilteredList,
    column: RwSignal<String>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let title =
        Signal::derive(move || format!("Filter by {}", column.with(|name| filters.columns.head_of(name))));
    view! {
        <Dialog open=open title=title>
            {move || filters.columns.field(&column.get()).map(|field| view! { <FilterForm filters=filters list=list field=field open=open /> })}
        </Dialog>
    }
}

/// What can be asked of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Values,
    Contains,
    Range,
    Blank,
    NotBlank,
}

impl Ask {
    const ALL: [Self; 5] = [Self::Values, Self::Contains, Self::Range, Self::Blank, Self::NotBlank];

    fn of(condition: &FieldCondition) -> Self {
        match condition {
            FieldCondition::OneOf { .. } | FieldCondition::NoneOf { .. } => Self::Values,
            FieldCondition::Contains(_) => Self::Contains,
            FieldCondition::Between { .. } => Self::Range,
            FieldCondition::Blank => Self::Blank,
            FieldCondition::NotBlank => Self::NotBlank,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Values => "is one of",
            Self::Contains => "contains",
            Self::Range => "lies between",
            Self::Blank => "is blank",
            Self::NotBlank => "is not blank",
        }
    }
}

#[component]
fn FilterForm(
    filters: ColumnFilters,
    list: FilteredList,
    field: &'static Field,
    open: RwSignal<bool>,
) -> impl IntoView {
    let ColumnFilters { columns, several, .. } = filters;
    let asked = untrack(|| filters.of(field.name));
    // Values are counted over all rows, however few of them are shown.
    list.with_value(|list| list.want_whole());
    let values = ValueChoice::new(filters, list, field, asked.as_ref());
    let range = RangeFields::new(field, asked.as_ref());
    let text = RwSignal::new(match &asked {
        Some(FieldCondition::Contains(text)) => text.clone(),
        _ => String::new(),
    });
    // What is told by its meaning is not looked for by its code, unless nothing else tells the values.
    let is_told_by_meaning = field.lookup.is_some_and(|lookup| lookup.is_told_by_meaning());
    let was_contained = matches!(asked, Some(FieldCondition::Contains(_)));
    let can_be = move |way: Ask| match way {
        Ask::Values => field.kind == Kind::Text && (values.is_listed() || values.can_be_searched()),
        Ask::Contains => {
            field.kind == Kind::Text && (!is_told_by_meaning || was_contained || !values.is_listed())
        }
        Ask::Range => field.kind != Kind::Text,
        Ask::Blank | Ask::NotBlank => true,
    };
    // Values that are still to be searched are not what one begins with.
    let is_first = |way: Ask| can_be(way) && (way != Ask::Values || values.is_listed());
    let first = || Ask::ALL.into_iter().find(|way| untrack(|| is_first(*way))).unwrap_or(Ask::Blank);
    let way = RwSignal::new(asked.as_ref().map_or_else(first, Ask::of));
    let refusal = RwSignal::new(None::<String>);
    Effect::new(move || {
        way.track();
        values.choice.track();
        values.search.track();
        refusal.set(None);
    });
    let settle = move |condition: Option<FieldCondition>| {
        filters.ask.run((field, condition));
        open.set(false);
    };
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let condition = match way.get_untracked() {
            Ask::Values => values.condition(),
            Ask::Contains => {
                let text = text.get_untracked().trim().to_owned();
                Ok((!text.is_empty()).then_some(FieldCondition::Contains(text)))
            }
            Ask::Range => match range.condition() {
                Ok(condition) => Ok(condition),
                // It stands at its field.
                Err(()) => return,
            },
            Ask::Blank => Ok(Some(FieldCondition::Blank)),
            Ask::NotBlank => Ok(Some(FieldCondition::NotBlank)),
        };
        match condition {
            Ok(condition) => settle(condition),
            Err(words) => refusal.set(Some(words)),
        }
    };
    request_animation_frame(|| {
        let fields = document().query_selector("dialog[open] .column-filter-fields input").ok().flatten();
        let first =
            fields.or_else(|| document().query_selector("dialog[open] .column-filter select").ok().flatten());
        if let Some(first) = first {
            let _ = first.unchecked_into::<HtmlElement>().focus();
        }
    });
    let uncounted = move || {
        (field.kind == Kind::Text && !values.is_counted()).then(|| {
            format!("Values are listed with how many {several} have each once all {several} are loaded.")
        })
    };
    view! {
        <form class="column-filter" on:submit=apply>
            <select class="input" aria-label=format!("{}: condition", columns.head_of(field.name)) on:change:target=move |event| {
                let chosen = event.target().value();
                if let Some(chosen) = Ask::ALL.into_iter().find(|way| way.words() == chosen) {
                    way.set(chosen);
                }
            }>
                {move || Ask::ALL.into_iter().filter(|one| can_be(*one) || *one == way.get()).map(|one| view! {
                    <option value=one.words() selected=move || way.get() == one>{one.words()}</option>
                }).collect_view()}
            </select>
            <div class="column-filter-fields">
                {move || match way.get() {
                    Ask::Values => values.view(),
                    Ask::Contains => view! {
                        <input class="input" type="text" aria-label="Text to look for" placeholder="Any part of it, in any case"
                            prop:value=text on:input:target=move |event| text.set(event.target().value()) />
                    }.into_any(),
                    Ask::Range => range.view(),
                    Ask::Blank | Ask::NotBlank => ().into_any(),
                }}
            </div>
            {move || uncounted().map(|words| view! { <p class="field-note">{words}</p> })}
            {move || refusal.get().map(|words| view! { <p class="form-error" role="alert">{words}</p> })}
            <FormFoot open=open>
                <button class="button" data-kind="primary" type="submit">"Apply"</button>
                {asked.is_some().then(|| view! {
                    <button class="button" type="button" on:click=move |_| settle(None)>"Clear filter"</button>
                })}
            </FormFoot>
        </form>
    }
}
