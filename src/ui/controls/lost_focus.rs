//! Where the keyboard goes when what held it has left the page.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Takes the keyboard to an element where it stands nowhere.
pub fn take_lost_focus(element: Option<HtmlElement>) {
    let is_lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if let Some(element) = element.filter(|_| is_lost) {
        // What cannot take the focus can still be reached by Tab.
        let _ = element.focus();
    }
}

/// Takes it, where it is lost, to the first of `wanted` within an element, else to the element, once
/// what has changed is drawn.
pub fn take_lost_focus_within(element: Option<HtmlElement>, wanted: &'static str) {
    request_animation_frame(move || {
        let found = element.as_ref().and_then(|element| element.query_selector(wanted).ok().flatten());
        take_lost_focus(found.map(JsCast::unchecked_into).or(element));
    });
}

/// Takes it, where it is lost, to the page's grid, else to an element, once the page is drawn.
pub fn take_lost_focus_to_grid(otherwise: Option<HtmlElement>) {
    request_animation_frame(move || {
        let grid = document().query_selector(".page [role=grid]").ok().flatten();
        take_lost_focus(grid.map(JsCast::unchecked_into).or(otherwise));
    });
}
