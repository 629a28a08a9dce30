//! How a person likes the page, kept in this browser. Where it keeps nothing, a choice lasts as long as the
//! page.

use leptos::prelude::*;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub fn kept_choice(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub fn keep_choice(key: &str, choice: &str) {
    if let Some(storage) = storage() {
        // It may be full or forbidden.
        let _ = storage.set_item(key, choice);
    }
}
