//! How a person likes the page, kept in this browser. Where it keeps nothing, a choice lasts as long as the
//! page.

use leptos::prelude::*;
use std::cell::RefCell;
use web_sys::Storage;

thread_local! {
    /// What the browser did not take.
    static OF_THE_PAGE: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub fn kept_choice(key: &str) -> Option<String> {
    let of_the_page = OF_THE_PAGE.with_borrow(|choices| {
        choices.iter().find(|(known, _)| known == key).map(|(_, choice)| choice.clone())
    });
    of_the_page.or_else(|| storage()?.get_item(key).ok().flatten())
}

/// Says whether the choice outlasts the page: storage may be full or forbidden.
pub fn keep_choice(key: &str, choice: &str) -> bool {
    forget_on_page(key);
    let is_kept = storage().is_some_and(|storage| storage.set_item(key, choice).is_ok());
    if !is_kept {
        OF_THE_PAGE.with_borrow_mut(|choices| choices.push((key.to_owned(), choice.to_owned())));
    }
    is_kept
}

pub fn forget_choice(key: &str) {
    forget_on_page(key);
    if let Some(storage) = storage() {
        // What cannot be written cannot be there.
        let _ = storage.remove_item(key);
    }
}

fn forget_on_page(key: &str) {
    OF_THE_PAGE.with_borrow_mut(|choices| choices.retain(|(known, _)| known != key));
}
