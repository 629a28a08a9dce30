//! A menu at a point of the window, of a column or a cell: arrows, Home, End and first letters go through it, Esc and
//! Tab leave it.

use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// One line of a menu.
#[derive(Clone)]
pub struct MenuItem {
    words: String,
    keys: &'static str,
    begins_group: bool,
    stays_open: bool,
    does: Does,
}

#[derive(Clone)]
enum Does {
    Act(Rc<dyn Fn()>),
    /// These items take the place of the menu's.
    Offer(Rc<[MenuItem]>),
}

impl MenuItem {
    pub fn new(words: impl Into<String>, act: impl Fn() + 'static) -> Self {
        Self::that(words.into(), Does::Act(Rc::new(act)))
    }

    /// One that leads to others.
    pub fn of_items(words: impl Into<String>, items: Vec<MenuItem>) -> Self {
        Self::that(words.into(), Does::Offer(items.into()))
    }

    fn that(words: String, does: Does) -> Self {
        Self { words, keys: "", begins_group: false, stays_open: false, does }
    }

    /// The keys that do the same, such as `Ctrl+C`.
    #[must_use]
    pub fn keys(self, keys: &'static str) -> Self {
        Self { keys, ..self }
    }

    /// It is parted from what stands above it.
    #[must_use]
    pub fn begins_group(self) -> Self {
        Self { begins_group: true, ..self }
    }

    /// It can be pressed again and again.
    #[must_use]
    pub fn stays_open(self) -> Self {
        Self { stays_open: true, ..self }
    }
}

/// Closes by `on_close`, which hears whether the keyboard is still in the menu and wants a place to go to. That comes
/// before what was chosen is done, so that what opens can take it.
#[component]
pub fn Menu(
    #[prop(into)] label: Signal<String>,
    /// Its upper left corner, in pixels of the window, unless it has no room there.
    at: (i32, i32),
    items: impl Fn() -> Vec<MenuItem> + Send + 'static,
    #[prop(into)] on_close: Callback<bool>,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let place = RwSignal::new(at);
    let offered = RwSignal::new_local(None::<Rc<[MenuItem]>>);
    Effect::new(move || {
        if let Some(root) = root.get() {
            // A key that follows at once is the menu's already.
            focus_first(&root);
            request_animation_frame(move || {
                place.set(within_window(at, &root));
                focus_first(&root);
            });
        }
    });
    let on_key = move |event: KeyboardEvent| {
        // While it is open no key is the page's.
        event.stop_propagation();
        let Some(root) = root.get_untracked() else { return };
        let (now, count) = focused_item(&root);
        match event.key().as_str() {
            "ArrowDown" => focus_item(&root, (now + 1) % count.max(1)),
            "ArrowUp" => focus_item(&root, (now + count.max(1) - 1) % count.max(1)),
            "Home" => focus_item(&root, 0),
            "End" => focus_item(&root, count.saturating_sub(1)),
            "Escape" | "Tab" => on_close.run(true),
            letter if !event.ctrl_key() && !event.meta_key() && !event.alt_key() => {
                match item_beginning_with(&root, letter, now) {
                    Some(place) => focus_item(&root, place),
                    None => return,
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let leave = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let stays = root.get_untracked().is_none_or(|root| root.contains(to.as_ref()));
        if !stays {
            on_close.run(false);
        }
    };
    let line = move |item: MenuItem| {
        let MenuItem { words, keys, begins_group, stays_open, does } = item;
        let leads_on = matches!(does, Does::Offer(_));
        let press = move |_| match &does {
            Does::Offer(items) => {
                offered.set(Some(Rc::clone(items)));
                request_animation_frame(move || {
                    if let Some(root) = root.get_untracked() {
                        place.set(within_window(at, &root));
                        focus_item(&root, 0);
                    }
                });
            }
            Does::Act(act) => {
                if !stays_open {
                    on_close.run(true);
                }
                act();
            }
        };
        view! {
            <button class="menu-item" role="menuitem" tabindex="-1" data-begins-group=begins_group.then_some("") aria-haspopup=leads_on.then_some("menu")
                aria-keyshortcuts=(!keys.is_empty()).then(|| keys.replace("Ctrl", "Control")) on:click=press>
                <span>{words}</span>
                {(!keys.is_empty()).then(|| view! { <kbd aria-hidden="true">{keys}</kbd> })}
            </button>
        }
    };
    view! {
        <div class="menu" role="menu" node_ref=root tabindex="-1" aria-label=label
            style:left=move || format!("{}px", place.get().0)
            style:top=move || format!("{}px", place.get().1)
            on:keydown=on_key on:focusout=leave on:contextmenu=|event| event.prevent_default()>
            {move || match offered.get() {
                Some(offered) => offered.iter().cloned().map(line).collect_view(),
                None => items().into_iter().map(line).collect_view(),
            }}
        </div>
    }
}

/// Pixels that stay free at the edges of the window.
const MARGIN: i32 = 4;

fn within_window((left, top): (i32, i32), menu: &HtmlElement) -> (i32, i32) {
    let Some(page) = document().document_element() else { return (left, top) };
    let most = |window: i32, menu: i32| (window - menu - MARGIN).max(MARGIN);
    (
        left.clamp(MARGIN, most(page.client_width(), menu.offset_width())),
        top.clamp(MARGIN, most(page.client_height(), menu.offset_height())),
    )
}

fn items_of(root: &HtmlElement) -> Vec<HtmlElement> {
    let children = root.children();
    (0..children.length()).filter_map(|at| children.item(at)?.dyn_into().ok()).collect()
}

fn focus_item(root: &HtmlElement, place: usize) {
    if let Some(item) = items_of(root).get(place) {
        // An item that cannot take the focus can still be pressed.
        let _ = item.focus();
    }
}

/// Unless one of the items has the focus.
fn focus_first(root: &HtmlElement) {
    let active = document().active_element();
    if !items_of(root).iter().any(|item| Some(item.as_ref()) == active.as_ref()) {
        focus_item(root, 0);
    }
}

/// The place of the item that has the focus, and how many there are.
fn focused_item(root: &HtmlElement) -> (usize, usize) {
    let items = items_of(root);
    let active = document().active_element();
    let place = items.iter().position(|item| Some(item.as_ref()) == active.as_ref());
    (place.unwrap_or(0), items.len())
}

/// The next item behind a place that begins with what a key types; behind the last one comes the first.
fn item_beginning_with(root: &HtmlElement, typed: &str, now: usize) -> Option<usize> {
    let mut letters = typed.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    let items = items_of(root);
    let begins = |place: &usize| {
        let words = items.get(*place).and_then(|item| item.text_content()).unwrap_or_default();
        words.to_lowercase().starts_with(&letter.to_lowercase().collect::<String>())
    };
    (now + 1..items.len()).chain(0..=now).find(begins)
}
