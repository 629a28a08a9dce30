//! The frame of a drawer beside a list: its head with the ways out of it, and what Escape and the focus do.

use crate::routes::use_go;
use crate::ui::controls::{Icon, IconName, take_lost_focus_to_grid};
use crate::ui::kept_keys::KeptKeys;
use crate::ui::key_input::key_place;
use grid_model::{KeyPlace, PageKey, visible};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The ways out of a drawer.
#[derive(Clone, Copy)]
pub struct DrawerWays {
    pub close: Callback<()>,
    /// To the record so many rows further in the list, where a drawer has such.
    pub step: Option<Callback<isize>>,
    /// What the keys to the next and the previous record do where they do not press the buttons of `step`, in words that
    /// stand behind these.
    pub keys: Option<&'static str>,
}

impl DrawerWays {
    /// Of a drawer that stands at an address of its own over the list at `home`. `neighbour` gives the
    /// address of the record so many rows further. The list's query stays in the address.
    pub fn over_list(home: String, neighbour: impl Fn(isize) -> Option<String> + 'static) -> Self {
        let location = use_location();
        let go = use_go();
        let with_question = move |path: &str| {
            let search = location.search.get_untracked();
            let search = search.trim_start_matches('?');
            if search.is_empty() { path.to_owned() } else { format!("{path}?{search}") }
        };
        let neighbour = StoredValue::new_local(neighbour);
        let close = move |()| {
            go.to(&with_question(&home));
            // The grid is where the person came from.
            if let Ok(Some(grid)) = document().query_selector("[role=grid]") {
                let _ = grid.unchecked_into::<HtmlElement>().focus();
            }
            // A drawer over all of the page hides the grid until it is gone.
            take_lost_focus_to_grid(None);
        };
        let step = move |by| {
            if let Some(path) = neighbour.with_value(|neighbour| neighbour(by)) {
                go.in_place(&with_question(&path));
            }
        };
        Self { close: Callback::new(close), step: Some(Callback::new(step)), keys: None }
    }
}

/// - `kind`: what it shows, as it stands in "Close the event".
/// - `badge` stands behind the title, `actions` before the ways out.
#[component]
pub fn Drawer(
    kind: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] title: Signal<String>,
    ways: DrawerWays,
    #[prop(optional, into)] badge: ViewFn,
    #[prop(optional, into)] actions: ViewFn,
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    // Opening moves the keyboard here; a step to the next record keeps it here.
    Effect::new(move || {
        if let Some(root) = root.get() {
            let _ = root.focus();
        }
    });
    let DrawerWays { close, step, keys } = ways;
    // It closes from the page and its grid too, where these have no use for the key themselves.
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_inside =
            || target.is_some_and(|target| target.closest(".drawer").is_ok_and(|found| found.is_some()));
        if event.key() == "Escape"
            && !event.default_prevented()
            && (key_place(&event) == KeyPlace::Page || is_inside())
        {
            close.run(());
        }
    });
    on_cleanup(move || escape.remove());
    let kept = KeptKeys::of_page();
    let steps = step.map(|step| {
        let to = |words: &str, key: PageKey, icon: IconName, by: isize| {
            let words = format!("{words} {kind}");
            let title = {
                let words = words.clone();
                move || {
                    let told = match keys {
                        Some(keys) => both_told(kept, keys),
                        None => kept.told(key),
                    };
                    told.map_or_else(|| words.clone(), |told| format!("{words} ({told})"))
                }
            };
            // Where the keys do something else, they press nothing.
            let pressed_by = move || keys.is_none().then(|| kept.shortcut(key)).flatten();
            view! {
                <button class="button button-icon" data-kind="quiet" aria-label=words title=title aria-keyshortcuts=pressed_by
                    data-step=keys.is_none().then(|| by.to_string()) on:click=move |_| step.run(by)><Icon name=icon /></button>
            }
        };
        [
            to("Previous", PageKey::PreviousRecord, IconName::Previous, -1),
            to("Next", PageKey::NextRecord, IconName::Next, 1),
        ]
        .collect_view()
    });
    view! {
        <aside class="drawer" aria-label=label>
            <div class="drawer-head" node_ref=root tabindex="-1">
                <h2>{move || visible(&title.get()).into_owned()}</h2>
                {move || badge.run()}
                <div class="drawer-head-end">
                    {actions.run()}
                    {steps}
                    <button class="button button-icon" data-kind="quiet" aria-label=format!("Close the {kind}") title="Close (Esc)"
                        aria-keyshortcuts="Escape" on:click=move |_| close.run(())><Icon name=IconName::Close /></button>
                </div>
            </div>
            // Where nothing in it takes the focus, it is scrolled by the keyboard all the same.
            <div class="drawer-body" tabindex="0">{children()}</div>
        </aside>
    }
}

/// What the keys to the next and the previous record do, behind both of them.
fn both_told(kept: KeptKeys, does: &str) -> Option<String> {
    let (next, previous) = (kept.told(PageKey::NextRecord)?, kept.told(PageKey::PreviousRecord)?);
    Some(format!("{next} and {previous}: {does}"))
}
