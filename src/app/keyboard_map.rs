//! What every key does, on one page, at a press of `?`, and which keys the page's commands have.

mod changed_keys;

use crate::routes;
use crate::ui::key_input::is_found_in;
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use changed_keys::ChangedKeys;
use grid_model::{PageKey, Screen};
use leptos::html::Dialog;
use leptos::prelude::*;

part! {
    /// The page of keys, while `open` says so.
    pub mod key_map_part in changes: (open: RwSignal<bool>) => view! { <KeyboardMap open=open /> }
}

type Keys = (&'static str, &'static [(&'static str, &'static str)]);

/// What a key of the page does, in words.
pub(super) fn words(key: PageKey) -> &'static str {
    match key {
        PageKey::Undo => "Undo the last edit",
        PageKey::Redo => "Redo",
        PageKey::Search => "Search in the list",
        PageKey::GoTo(Screen::Overview) => "Go to the overview",
        PageKey::GoTo(Screen::Batches) => "Go to Batches",
        PageKey::GoTo(Screen::Events) => "Go to Events",
        PageKey::GoTo(Screen::BaseBuckets) => "Go to Base buckets",
        PageKey::GoTo(Screen::ServiceUsage) => "Go to Service usage",
        PageKey::GoTo(Screen::Changes) => "Go to Changes",
        PageKey::NextRegion => "Go to the grid; from the grid to the drawer, the tour, the head, the filters",
        PageKey::PreviousRegion => "Go to the previous part of the page",
        PageKey::NextRecord => {
            "Open the next event in error; in another list the next record, while one is open"
        }
        PageKey::PreviousRecord => "Open the previous event in error; in another list the previous record",
        PageKey::Map => "Show this list",
        PageKey::Commands => "Find a command, a screen, or a record by its number",
    }
}

const MAP: &[Keys] = &[
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
            ("Ctrl+D", "Among events, give the rows below the values of the first selected row"),
            ("Ctrl+F", "Find a text in the list: Enter goes to the next cell that holds it, with Shift back"),
            ("F3", "Find the next one; with Shift the previous one"),
            ("Menu key, Shift+F10", "Open the menu of the cell"),
            ("Ctrl+C", "Copy what is selected, for Excel"),
            (
                "Ctrl+V",
                "Edit the cell, beginning with one copied value; among events, paste rows from a spreadsheet",
            ),
            (
                "Up, in the first row",
                "Go to the column heads: Enter sorts, Shift+Arrows size, F fits the width to what stands in the column, Alt+Down opens the menu",
            ),
        ],
    ),
    (
        "In the days of the overview",
        &[
            ("Left, Right, Home, End", "Move from day to day"),
            ("Up, Down", "Move within a day"),
            ("Enter", "Open the list of these events"),
            ("T", "Show the table"),
        ],
    ),
    (
        "While editing",
        &[
            ("Enter", "Accept and go down; with Shift up"),
            ("Tab", "Accept and go right; with Shift left"),
            ("Esc", "Cancel and restore the old value"),
        ],
    ),
    ("While a record is open", &[("Esc", "Close it and go back to the grid")]),
];

/// `open` ends with the dialog.
#[component]
fn KeyboardMap(open: RwSignal<bool>) -> impl IntoView {
    use_part_styles(include_str!("../../style/keyboard_map.css"));
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let find = RwSignal::new(String::new());
    let holds = move |keys: &str, words: &str| {
        find.with(|find| {
            find.split_whitespace().all(|word| is_found_in(word, keys) || is_found_in(word, words))
        })
    };
    let section = move |(title, keys): &'static Keys| {
        let rows = move || {
            let found = keys.iter().filter(|(keys, words)| holds(keys, words));
            found
                .map(|(keys, words)| view! { <dt><kbd>{*keys}</kbd></dt><dd>{*words}</dd> })
                .collect::<Vec<_>>()
        };
        view! {
            <section hidden=move || rows().is_empty()>
                <h3>{*title}</h3>
                <dl class="key-list">{rows}</dl>
            </section>
        }
    };
    let changed_keys = ChangedKeys::new();
    let finds_page_key =
        move || changed_keys.rows().into_iter().any(|(_, told, key)| holds(&told, words(key)));
    let finds_nothing = move || {
        !finds_page_key() && MAP.iter().all(|(_, keys)| !keys.iter().any(|(keys, words)| holds(keys, words)))
    };
    view! {
        <dialog class="dialog key-map" node_ref=dialog aria-labelledby="key-map-title" on:close=move |_| open.set(false)>
            <h2 id="key-map-title">"Keyboard"</h2>
            <input class="input" type="text" aria-label="Find a key or what it does" placeholder="Find a key or what it does"
                autocomplete="off" spellcheck="false" autofocus=true on:input:target=move |event| find.set(event.target().value()) />
            <p class="quiet" role="status">{move || finds_nothing().then_some("No key is called so. Empty the field to see all.")}</p>
            <section hidden=move || !finds_page_key()>
                <h3>"Anywhere, except in a field or an editable cell"</h3>
                {changed_keys.view(holds)}
            </section>
            {MAP.iter().map(section).collect_view()}
            <p><a href=routes::HELP on:click=move |_| {
                if let Some(dialog) = dialog.get_untracked() {
                    dialog.close();
                }
            }>"What the words on the screens mean"</a></p>
            <form class="dialog-foot" method="dialog"><button class="button">"Close"</button></form>
        </dialog>
    }
}
