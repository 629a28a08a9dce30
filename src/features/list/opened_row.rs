//! The row of a list from which a record was opened: whoever comes back to the list stands on it again.

use crate::routes;
use crate::ui::grid::SoughtRow;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::use_location;
use std::cell::{Cell, RefCell};
use web_sys::HtmlElement;

/// Of one place in the browser's history, which is marked with its number.
struct Opened {
    mark: String,
    list: String,
    home: String,
    row: SoughtRow,
}

/// As many are remembered, the newest.
const MOST: usize = 50;
/// A page that Back or Forward leads to stands before so many milliseconds.
const STANDS_WITHIN: f64 = 3_000.0; // exact-in-double: milliseconds

thread_local! {
    static OPENED: RefCell<Vec<Opened>> = const { RefCell::new(Vec::new()) };
    /// When Back or Forward was pressed last.
    static WENT_BACK: Cell<Option<f64>> = const { Cell::new(None) }; // exact-in-double: milliseconds
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// One list at its address; a handle.
#[derive(Clone, Copy)]
pub struct OpenedRow {
    list: StoredValue<String>,
    home: StoredValue<String>,
}

impl OpenedRow {
    /// Made with the list, which is called `list`.
    pub fn new(list: &str) -> Self {
        if !LISTENS.replace(true) {
            // It hears of it before the router does, which then makes the list anew.
            let hear = Closure::<dyn Fn()>::new(|| WENT_BACK.set(Some(js_sys::Date::now()))).into_js_value();
            let _ =
                window().add_event_listener_with_callback_and_bool("popstate", hear.unchecked_ref(), true);
        }
        // The browser's own address follows when the page stands.
        let path = use_location().pathname.get_untracked();
        Self { list: StoredValue::new(list.to_owned()), home: StoredValue::new(home_of(&path)) }
    }

    /// A record is opened from a row.
    pub fn note(&self, row: SoughtRow) {
        let Ok(history) = window().history() else { return };
        OPENED.with_borrow_mut(|all| {
            let mark = all.last().and_then(|last| last.mark.parse::<u32>().ok()).unwrap_or_default() + 1;
            let mark = mark.to_string();
            if history.replace_state(&JsValue::from_str(&mark), "").is_err() {
                return;
            }
            let (list, home) = (self.list.get_value(), self.home.get_value());
            all.push(Opened { mark, list, home, row });
            let surplus = all.len().saturating_sub(MOST);
            all.drain(..surplus);
        });
    }

    /// The row, where a person has come back to this place of the history.
    pub fn come_back(&self) -> Option<SoughtRow> {
        let is_here = |opened: &&Opened| {
            self.list.with_value(|list| *list == opened.list)
                && self.home.with_value(|home| *home == opened.home)
        };
        let mark = window().history().ok()?.state().ok()?.as_string();
        let went_back = WENT_BACK.get().is_some_and(|at| js_sys::Date::now() - at < STANDS_WITHIN);
        OPENED.with_borrow(|all| {
            let marked = mark.and_then(|mark| all.iter().find(|opened| opened.mark == mark)).filter(is_here);
            // An event that was closed, or stood open, has taken the mark's place in the history.
            let last = || all.iter().rev().filter(|_| went_back).find(is_here);
            marked.or_else(last).map(|opened| opened.row.clone())
        })
    }
}

/// The address of the list's page, without what is open of it.
fn home_of(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let own = if path.starts_with(routes::BATCHES) { 2 } else { 1 };
    parts.take(own).collect::<Vec<_>>().join("/")
}

/// Takes the keyboard to the grid that `room` holds, unless it has been taken elsewhere: a page that opens has it
/// on its heading, and what the page before held may go a moment later.
pub fn take_keyboard_back(room: NodeRef<leptos::html::Div>) {
    let take = move || {
        let is_free =
            document().active_element().is_none_or(|active| matches!(&*active.tag_name(), "BODY" | "H1"));
        let room = room.try_get_untracked().flatten().filter(|_| is_free);
        if let Some(grid) = room.and_then(|room| room.query_selector("[role=grid]").ok().flatten()) {
            let _ = grid.unchecked_into::<HtmlElement>().focus();
        }
    };
    take();
    request_animation_frame(take);
}
