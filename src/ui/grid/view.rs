//! The grid as a component: its elements, and who hears of what happens to them.

use crate::ui::kept_keys::KeptKeys;

use super::{Density, GridCommand, GridHandle, GridSource, RowLinks, SoughtRow};
use std::rc::Rc;
use std::sync::Arc;

use grid_model::{Column, Picked, Selection, SortKey};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::cell_field::cell_field;
use super::controller::{FieldPlace, GridController, Inputs, Shown};
use super::painter::Elements;

/// A list of any length as a grid.
///
/// - `columns`: frozen ones first (`grid_model::frozen_first`).
/// - `revision`: goes up when anything that the source answers may have changed.
/// - `is_filtered`: whether the rows are filtered by a column, which its head says; followed.
/// - `query`: goes up when filter or order changed: the list is shown from its start, and what was
///   selected stays selected by its keys, unless it was everything.
/// - `selection`: give one to share it; the grid writes it and repaints when the screen does.
/// - `active`: the record that the person put the cursor on, written by the grid; nothing where nobody
///   did, or where the record has left the list.
/// - `sought`: the screen sets it to lead to a record, whose row becomes active and comes into sight, loaded or
///   not; the keyboard stays where it is.
/// - `links`: where the records of rows are shown, for the column that opens them.
/// - `handle`: give one to have the grid do something.
/// - `children`: stand in the body's place over it, such as the message of an empty list.
#[component]
pub fn GridView(
    source: Rc<dyn GridSource>,
    #[prop(into)] columns: Signal<Arc<[Column]>>,
    #[prop(into)] revision: Signal<u64>,
    #[prop(into)] sort: Signal<Vec<SortKey>>,
    #[prop(into)] label: String,
    #[prop(optional_no_strip, into)] is_filtered: Option<Callback<String, bool>>,
    #[prop(optional, into)] query: Signal<u64>,
    #[prop(optional, into)] density: Signal<Density>,
    #[prop(optional)] selection: Option<RwSignal<Selection>>,
    #[prop(optional)] active: Option<RwSignal<Option<Picked>>>,
    #[prop(optional, into)] sought: Signal<Option<SoughtRow>>,
    #[prop(optional, into)] links: Option<RowLinks>,
    #[prop(optional)] handle: Option<GridHandle>,
    #[prop(into)] on_command: Callback<GridCommand>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let shown = Shown {
        selection: selection.unwrap_or_else(|| RwSignal::new(Selection::None)),
        active: active.unwrap_or_else(|| RwSignal::new(None)),
        editing: RwSignal::new_local(None),
        hint: RwSignal::new(String::new()),
        spoken: RwSignal::new(String::new()),
    };
    let (root, header) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let (body, layer) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let handle = handle.unwrap_or_default();
    let keys = use_context::<KeptKeys>();

    Effect::new(move |_| {
        let inputs = Inputs {
            columns: columns.get(),
            sort: sort.get(),
            filtered: is_filtered.map_or_else(Vec::new, |is_filtered| {
                columns
                    .with(|columns| columns.iter().map(|column| is_filtered.run(column.id.clone())).collect())
            }),
            revision: revision.get(),
            query: query.get(),
            density: density.get(),
        };
        shown.selection.track();
        if let Some(controller) = handle.get() {
            controller.apply(inputs);
        } else if let (Some(root), Some(header), Some(body), Some(layer)) =
            (root.get(), header.get(), body.get(), layer.get())
        {
            let elements =
                Elements { root: root.into(), header: header.into(), body: body.into(), layer: layer.into() };
            let made =
                GridController::new(Rc::clone(&source), links, on_command, keys, elements, shown, inputs);
            // The screen may have led to a record before there was a grid.
            if let Some(sought) = sought.get_untracked() {
                made.seek(sought);
            }
            handle.set(made);
        }
    });
    on_cleanup(move || {
        if let Some(controller) = handle.take() {
            controller.close();
        }
    });
    let on_stage = move |act: &dyn Fn(&GridController)| {
        if let Some(controller) = handle.get() {
            act(&controller);
        }
    };

    let prints =
        window_event_listener_untyped("beforeprint", move |_| on_stage(&GridController::begin_print));
    let printed = window_event_listener_untyped("afterprint", move |_| on_stage(&GridController::end_print));
    on_cleanup(move || {
        prints.remove();
        printed.remove();
    });

    Effect::new(move || {
        if let Some(sought) = sought.get() {
            on_stage(&|controller| controller.seek(sought.clone()));
        }
    });

    // The floating elements tell the controller when they come and go, and it places them.
    let floating = move |place: FieldPlace| {
        let element = NodeRef::<html::Div>::new();
        Effect::new(move |_| {
            let element = element.get().map(Into::into);
            on_stage(&|controller| controller.floats(place, element.clone()));
        });
        element
    };
    let field = floating(FieldPlace::Editor);
    let hint = floating(FieldPlace::Hint);
    let typed = Callback::new(move |text: String| on_stage(&|controller| controller.typed(text.clone())));

    view! {
        <div class="grid-frame" data-density=move || density.get().name()>
            <div
                class="grid"
                role="grid"
                tabindex="0"
                aria-label=label
                aria-multiselectable="true"
                node_ref=root
                on:scroll=move |_| on_stage(&GridController::scrolled)
                on:scrollend=move |_| on_stage(&GridController::settled)
                on:focus=move |_| on_stage(&GridController::visited)
                on:blur=move |_| on_stage(&GridController::mark_dirty)
                on:keydown=move |event| on_stage(&|controller| controller.key_down(&event))
                on:pointerdown=move |event| on_stage(&|controller| controller.pointer_down(&event))
                on:mousedown=move |event| on_stage(&|controller| controller.mouse_down(&event))
                on:pointermove=move |event| on_stage(&|controller| controller.pointer_move(&event))
                on:pointerup=move |event| on_stage(&|controller| controller.pointer_up(&event))
                on:pointercancel=move |_| on_stage(&GridController::pointer_lost)
                on:click=move |event| on_stage(&|controller| controller.click(&event))
                on:dblclick=move |event| on_stage(&|controller| controller.double_click(&event))
                on:contextmenu=move |event| on_stage(&|controller| controller.context_menu(&event))
                on:paste=move |event| on_stage(&|controller| controller.paste(&event))
                on:copy=move |event| on_stage(&|controller| controller.copy(event.unchecked_ref()))
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
