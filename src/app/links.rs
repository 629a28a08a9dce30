//! Links within the console, followed to the letter. The router of the framework decodes a link's path
//! before it writes it into the address, so that a `%25` in it becomes a `%` and what a reload or Back
//! finds is another record's address.

use crate::routes::use_go;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlAnchorElement, MouseEvent};

/// Follows plain clicks on links from now on. Whatever else a person or a link wants is left to the browser:
/// another tab or window, a file, another site.
pub fn follow_links() {
    let go = use_go();
    let follow = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if let Some(path) = path_to_follow(&event) {
            event.prevent_default();
            go.to(&path);
        }
    });
    // Before the router's own listener, which is the window's and leaves alone what was prevented.
    let added = document().add_event_listener_with_callback("click", follow.as_ref().unchecked_ref());
    if added.is_ok() {
        // The page's own, as long as there is a page.
        follow.forget();
    }
}

fn path_to_follow(event: &MouseEvent) -> Option<String> {
    let is_plain = event.button() == 0
        && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key())
        && !event.default_prevented();
    if !is_plain {
        return None;
    }
    let pressed = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = pressed.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let own = window().location().origin().ok()?;
    let is_elsewhere = link.origin() != own || !link.target().is_empty() || link.has_attribute("download");
    // A place on the page itself is the browser's to find.
    let is_place = link.get_attribute("href")?.starts_with('#');
    (!is_elsewhere && !is_place).then(|| format!("{}{}{}", link.pathname(), link.search(), link.hash()))
}
