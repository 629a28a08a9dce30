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

/// Takes it, where it is lost, to the first button within an element, once what has changed is drawn.
pub fn take_lost_focus_within(element: Option<HtmlElement>) {
    request_animation_frame(move || {
        let button = element.as_ref().and_then(|element| element.query_selector("button").ok().flatten());
        take_lost_focus(button.map(JsCast::unchecked_into).or(element));
    });
}
