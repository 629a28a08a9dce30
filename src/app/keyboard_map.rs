//! What every key does, on one page, at a press of `?`.

use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

type Keys = (&'static str, &'static [(&'static str, &'static str)]);

const MAP: &[Keys] = &[
    (
        "Anywhere",
        &[
            ("Ctrl+Z", "Take the last edit back"),
            ("Ctrl+Y", "Do it again"),
            ("?", "Show this list, outside a grid"),
        ],
    ),
    (
        "In a grid",
        &[
            ("Arrows, Home, End", "Move; with Ctrl to the edge"),
            ("Page Up, Page Down", "Move by a screen"),
            ("Enter", "Edit the cell, or open the row where it cannot be edited"),
            ("F2, or typing", "Edit the cell"),
            ("Space", "Select the row"),
            ("Shift+Arrows", "Select a range"),
            ("Ctrl+A", "Select every row of the filtered list"),
            ("Ctrl+C", "Copy what is selected, for Excel"),
            (
                "Up from the first row",
                "Go to the column heads: Enter sorts, Shift+Arrows size, Alt+Down opens the menu",
            ),
        ],
    ),
    (
        "While editing",
        &[
            ("Enter", "Accept and go down; with Shift up"),
            ("Tab", "Accept and go right; with Shift left"),
            ("Esc", "Leave, and what stood there stands again"),
        ],
    ),
    ("In an open event", &[("Esc", "Close it and go back to the grid")]),
];

/// The dialog, and the key that opens it. `open` opens it from elsewhere, such as the rail.
#[component]
pub fn KeyboardMap(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        // In a grid the key begins an edit, which has been done by now.
        if event.key() == "?" && !event.default_prevented() && !is_typing(&event) {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    Effect::new(move || {
        if let Some(dialog) = dialog.get()
            && open.get()
            && !dialog.open()
        {
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let section = |(title, keys): &Keys| {
        let rows = keys.iter().map(|(keys, words)| view! { <dt><kbd>{*keys}</kbd></dt><dd>{*words}</dd> });
        view! { <h3>{*title}</h3><dl class="key-list">{rows.collect_view()}</dl> }
    };
    view! {
        <dialog class="dialog key-map" node_ref=dialog aria-labelledby="key-map-title" on:close=move |_| open.set(false)>
            <h2 id="key-map-title">"Keyboard"</h2>
            {MAP.iter().map(section).collect_view()}
            <form method="dialog"><button class="button">"Close"</button></form>
        </dialog>
    }
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
