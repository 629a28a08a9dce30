//! The grid on the screen: a pool of row elements that is rewritten as the list is scrolled, the
//! keyboard, the pointer, the clipboard and the one floating cell editor.
//!
//! Not here: what a row means (a screen implements [`GridSource`] and acts on [`GridCommand`]),
//! and anything that can be decided without a browser (`grid_model` does).

mod command;
mod source;

use std::rc::Rc;
use std::sync::Arc;

use grid_model::{Column, Selection, SortKey};
use leptos::prelude::*;

pub use command::{GridCommand, Missing};
pub use source::{CellEditor, CheckText, EditorKind, GridSource};

/// How tall rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Compact,
    Comfortable,
}

impl Density {
    /// In pixels.
    pub fn row_height(self) -> u32 {
        match self {
            Density::Compact => 28,
            Density::Comfortable => 36,
        }
    }
}

/// A list of any length as a grid.
///
/// - `columns`: frozen ones first (`grid_model::frozen_first`).
/// - `revision`: goes up when anything that the source answers may have changed.
/// - `query`: goes up when filter or order changed: the selection ends and the list is shown from
///   its start.
/// - `selection`: give one to share it; the grid writes it and repaints when the screen does.
/// - `children`: stand in the body's place over it, such as the message of an empty list.
#[component]
pub fn GridView(
    source: Rc<dyn GridSource>,
    #[prop(into)] columns: Signal<Arc<[Column]>>,
    #[prop(into)] revision: Signal<u64>,
    #[prop(into)] sort: Signal<Vec<SortKey>>,
    #[prop(into)] label: String,
    #[prop(optional, into)] query: Signal<u64>,
    #[prop(optional, into)] density: Signal<Density>,
    #[prop(optional)] selection: Option<RwSignal<Selection>>,
    #[prop(into)] on_command: Callback<GridCommand>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let _ = (source, columns, revision, sort, query, density, selection, on_command);
    view! {
        <div class="grid-frame">
            <div class="grid" role="grid" tabindex="0" aria-label=label></div>
            {children.map(|children| children())}
        </div>
    }
}
