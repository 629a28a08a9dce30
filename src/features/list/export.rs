//! A list as a file: all rows that its filters find, or those that are selected, with the columns as they stand. The
//! file tells what it is of, and is complete or says that it is not (`export_files`).
//!
//! A list that is here as a whole is written from memory; one of a few rows is read by one question, whose answer is
//! of one moment; any other is brought here as a whole first, which counts it, or where it is too long for that, read
//! page by page until two readings are alike.

mod form;
mod writing;

use super::column_filter::ColumnFilters;
use super::list_filter_bar::{names_of, why_more};
use super::list_query::ListQuery;
use super::list_source::List;
use super::whole_rows::WholeProgress;
use crate::api::System;
use crate::data::session::Session;
use crate::ui::controls::Dialog;
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use form::ExportForm;
use grid_model::{Column, Selection, SortKey};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// What the file of a list tells beside what its grid shows.
#[derive(Clone, Copy)]
pub struct ListExport {
    /// The dialog is open.
    pub open: RwSignal<bool>,
    pub system: System,
    /// Such as "Events of batch UB-2026-10".
    pub source: Signal<String>,
    /// What the list is asked beside conditions of its columns, in words.
    pub asked: Signal<Vec<String>>,
    /// Why not all rows that it shows can be meant, where that is so.
    pub why_not_all: Signal<Option<String>>,
    /// How far the rows have come, where they are a server's.
    pub progress: RwSignal<WholeProgress>,
}

impl ListExport {
    /// Of a list with a plain query.
    pub fn of_query(
        system: System,
        source: &'static str,
        several: &'static str,
        query: Memo<ListQuery>,
        progress: RwSignal<WholeProgress>,
    ) -> Self {
        Self {
            open: RwSignal::new(false),
            system,
            source: Signal::derive(move || source.to_owned()),
            asked: Signal::derive(move || query.with(|query| query.found_words().into_iter().collect())),
            why_not_all: Signal::derive(move || {
                let names = query.with(|query| names_of(&query.not_known));
                (!names.is_empty()).then(|| why_more(&names, several))
            }),
            progress,
        }
    }

    /// The button that opens the dialog.
    pub fn button(self) -> impl IntoView {
        view! { <button class="button" data-kind="quiet" on:click=move |_| self.open.set(true)>"Export\u{2026}"</button> }
    }
}

/// The grid whose rows are exported.
#[derive(Clone, Copy)]
pub struct ExportedGrid {
    pub session: Session,
    pub list: StoredValue<Rc<dyn List>, LocalStorage>,
    pub label: StoredValue<String>,
    pub columns: Memo<Arc<[Column]>>,
    pub sort: Signal<Vec<SortKey>>,
    pub filters: Option<ColumnFilters>,
    pub selection: RwSignal<Selection>,
}

part! {
    /// The dialog, and what it begins: that goes on when the dialog is closed, until the list is left.
    pub mod export_part in list_export: (of: ListExport, grid: ExportedGrid) => view! { <Export of=of grid=grid /> }
}

#[component]
fn Export(of: ListExport, grid: ExportedGrid) -> impl IntoView {
    use_part_styles(include_str!("../../../style/export.css"));
    let work = writing::Writing::new(of, grid);
    view! { <Dialog open=of.open title="Export"><ExportForm of=of grid=grid work=work /></Dialog> }
}
