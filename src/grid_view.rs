//! The grid on the screen: a pool of row elements that is rewritten as the list is scrolled, the
//! keyboard, the pointer, the clipboard and the one floating cell editor.
//!
//! Not here: what a row means (a screen implements [`GridSource`] and acts on [`GridCommand`]),
//! and anything that can be decided without a browser (`grid_model` does).

mod cell_field;
mod command;
mod painter;
mod source;
mod stage;

use std::rc::Rc;
use std::sync::Arc;

use grid_model::{Column, Selection, SortKey};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use cell_field::cell_field;
use painter::Elements;
use stage::{FieldPlace, Inputs, Shown, Stage};

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

    /// The value of `data-density`, by which the style sheet sets `--row-height` to the same.
    fn name(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Comfortable => "comfortable",
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
    let shown = Shown {
        selection: selection.unwrap_or_else(|| RwSignal::new(Selection::None)),
        editing: RwSignal::new_local(None),
        hint: RwSignal::new(String::new()),
        spoken: RwSignal::new(String::new()),
    };
    let (root, header) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let (body, layer) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let stage: StoredValue<Option<Rc<Stage>>, LocalStorage> = StoredValue::new_local(None);

    Effect::new(move |_| {
        let inputs = Inputs {
            columns: columns.get(),
            sort: sort.get(),
            revision: revision.get(),
            query: query.get(),
            density: density.get(),
        };
        shown.selection.track();
        if let Some(stage) = stage.get_value() {
            stage.apply(inputs);
        } else if let (Some(root), Some(header), Some(body), Some(layer)) =
            (root.get(), header.get(), body.get(), layer.get())
        {
            let elements =
                Elements { root: root.into(), header: header.into(), body: body.into(), layer: layer.into() };
            let made = Stage::new(Rc::clone(&source), on_command, elements, shown, inputs);
            stage.set_value(Some(made));
        }
    });
    on_cleanup(move || {
        if let Some(stage) = stage.try_update_value(Option::take).flatten() {
            stage.close();
        }
    });
    let on_stage = move |act: &dyn Fn(&Stage)| {
        if let Some(stage) = stage.get_value() {
            act(&stage);
        }
    };

    // The floating elements tell the stage when they come and go, and it places them.
    let floating = move |place: FieldPlace| {
        let element = NodeRef::<html::Div>::new();
        Effect::new(move |_| {
            let element = element.get().map(Into::into);
            on_stage(&|stage| stage.floats(place, element.clone()));
        });
        element
    };
    let field = floating(FieldPlace::Editor);
    let hint = floating(FieldPlace::Hint);
    let typed = Callback::new(move |text: String| on_stage(&|stage| stage.typed(text.clone())));

    view! {
        <div class="grid-frame" data-density=move || density.get().name()>
            <div
                class="grid"
                role="grid"
                tabindex="0"
                aria-label=label
                aria-multiselectable="true"
                node_ref=root
                on:scroll=move |_| on_stage(&Stage::scrolled)
                on:scrollend=move |_| on_stage(&Stage::settled)
                on:focus=move |_| on_stage(&Stage::visited)
                on:keydown=move |event| on_stage(&|stage| stage.key_down(&event))
                on:pointerdown=move |event| on_stage(&|stage| stage.pointer_down(&event))
                on:pointermove=move |event| on_stage(&|stage| stage.pointer_move(&event))
                on:pointerup=move |event| on_stage(&|stage| stage.pointer_up(&event))
                on:pointercancel=move |_| on_stage(&Stage::pointer_lost)
                on:click=move |event| on_stage(&|stage| stage.click(&event))
                on:dblclick=move |event| on_stage(&|stage| stage.double_click(&event))
                on:contextmenu=move |event| on_stage(&|stage| stage.context_menu(&event))
                on:copy=move |event| on_stage(&|stage| stage.copy(event.unchecked_ref()))
            >
                <div class="grid-header" role="rowgroup" node_ref=header></div>
                <div class="grid-body" role="rowgroup" node_ref=body>
                    <div class="grid-layer" role="presentation" node_ref=layer></div>
                    {move || {
                        shown
                            .editing
                            .get()
                            .map(|editing| cell_field(editing, field, typed))
                    }}
                    {move || {
                        let words = shown.hint.get();
                        (!words.is_empty())
                            .then(|| view! { <div class="grid-float grid-hint" node_ref=hint><p>{words}</p></div> })
                    }}
                </div>
            </div>
            <div class="grid-spoken" role="status" aria-live="polite">
                {move || shown.spoken.get()}
            </div>
            {children.map(|children| view! { <div class="grid-message">{children()}</div> })}
        </div>
    }
}
