//! The screen that a person begins with, where they have set one.

use super::absent_system::absent_system;
use crate::routes::OVERVIEW;
use crate::ui::kept_settings::{LAST, Setting};
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::{JsCast, JsValue};

/// Before there is a router: the address without a word of its own leads to the screen that the person begins with. An
/// address that says what it shows, a reload and a way back lead where they always do.
pub fn begin_with_kept_screen() {
    let location = window().location();
    let is_plain = location.pathname().is_ok_and(|path| path == OVERVIEW)
        && location.search().is_ok_and(|search| search.is_empty())
        && location.hash().is_ok_and(|hash| hash.is_empty());
    if !is_plain || !is_opened_anew() {
        return;
    }
    let screen = match Setting::FirstScreen.kept() {
        Some(last) if last == LAST => Setting::LastScreen.kept(),
        first => first,
    };
    if let Some(screen) = screen.filter(|screen| absent_system(screen).is_none())
        && let Ok(history) = window().history()
    {
        // A browser that refuses it shows the overview.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&screen));
    }
}

/// Neither loaded again nor come back to.
fn is_opened_anew() -> bool {
    let how = || {
        let entry =
            window().performance()?.get_entries_by_type("navigation").get(0).dyn_into::<Object>().ok()?;
        Reflect::get(&entry, &"type".into()).ok()?.as_string()
    };
    how().as_deref() == Some("navigate")
}

/// Keeps which screen is shown, where people begin with the last one; as long as the component stands that it is called
/// in.
pub fn keep_last_screen() {
    let shown = use_location().pathname;
    Effect::new(move || {
        let path = shown.get();
        if Setting::FirstScreen.kept().as_deref() == Some(LAST) {
            let screen = screen_of(&path);
            if Setting::LastScreen.takes(screen) {
                Setting::LastScreen.keep(Some(screen));
            }
        }
    });
}

/// Without the number of any record.
fn screen_of(path: &str) -> &str {
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    path.get(..end).unwrap_or(path)
}
