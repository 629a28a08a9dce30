//! The row of a list from which a record was opened: whoever comes back to the list stands on it again.

use crate::routes::page_of;
use crate::ui::grid::SoughtRow;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::use_location;
use std::cell::RefCell;
use web_sys::HtmlElement;

/// Of one place in the browser's history, which is marked with its number. What is opened or closed over the list
/// takes the mark along (`routes::Go`).
struct Opened {
    mark: String,
    place: String,
    row: SoughtRow,
}

/// As many are remembered, the newest.
const MOST: usize = 50;

thread_local! {
    static OPENED: RefCell<Vec<Opened>> = const { RefCell::new(Vec::new()) };
}

/// One list with its question; a handle.
#[derive(Clone, Copy)]
pub struct OpenedRow {
    /// What the list is called, its page and its question.
    place: Signal<String>,
}

impl OpenedRow {
    /// Made with the list, which is called `list`.
    pub fn new(list: &str) -> Self {
        // The browser's own address follows when the page stands.
        let (location, list) = (use_location(), list.to_owned());
        let place = move || {
            location.pathname.with(|path| format!("{list} {}?{}", page_of(path), location.search.get()))
        };
        Self { place: Signal::derive(place) }
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
            all.push(Opened { mark, place: self.place.get_untracked(), row });
            let surplus = all.len().saturating_sub(MOST);
            all.drain(..surplus);
        });
    }

    /// The row, where a person has come back to this place of the history.
    pub fn come_back(&self) -> Option<SoughtRow> {
        let mark = window().history().ok()?.state().ok()?.as_string()?;
        let place = self.place.get_untracked();
        OPENED.with_borrow(|all| {
            let opened = all.iter().find(|opened| opened.mark == mark && opened.place == place)?;
            Some(opened.row.clone())
        })
    }
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
