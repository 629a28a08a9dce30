//! What is typed and not taken over yet, wherever it stands: in a cell, a field or a form. What holds such a
//! text bears the attribute `data-half-typed` for as long, and takes it along when it leaves the page: no
//! list of such texts can be wrong.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlDialogElement, HtmlInputElement};

const MARK: &str = "data-half-typed";
/// The address over which a dialog was opened.
const ADDRESS: &str = "data-address";

/// Whether anything on the page is half typed: leaving the page would drop it.
pub fn holds_half_typed() -> bool {
    document().query_selector(&format!("[{MARK}]")).is_ok_and(|found| found.is_some())
}

/// Marks the field that was typed into, for the `input` events of a form. Its fields leave the page when the
/// form is sent or closed.
pub fn mark_half_typed(event: &Event) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input.filter(|input| input.type_() == "text") {
        // Without its mark the text is there all the same, and only leaving does not ask.
        let _ = input.toggle_attribute_with_force(MARK, !input.value().is_empty());
    }
}

/// Keeps with a dialog that is about to open the address that Back would leave.
pub fn remember_address(dialog: &Element) {
    if let Ok(address) = window().location().href() {
        // Without it Back goes, and drops what is typed as the dialog's own buttons do.
        let _ = dialog.set_attribute(ADDRESS, &address);
    }
}

/// From now on Back and Forward ask before they take a dialog away in which something is half typed.
pub fn ask_before_going_back() {
    let ask = Closure::<dyn Fn(Event)>::new(|event: Event| {
        let typed = document().query_selector(&format!("dialog[open][{ADDRESS}] [{MARK}]")).ok().flatten();
        let dialog =
            typed.and_then(|typed| typed.closest("dialog").ok()??.dyn_into::<HtmlDialogElement>().ok());
        let Some(dialog) = dialog else { return };
        let question = "Leave this form? What you typed in it is not kept.";
        if window().confirm_with_message(question).unwrap_or(true) {
            // Where the page stays, the form goes all the same.
            return dialog.close();
        }
        let address = dialog.get_attribute(ADDRESS);
        // The browser has gone already; nobody else is to hear of it, and the address is put back.
        event.stop_immediate_propagation();
        let history = window().history();
        let _ =
            history.and_then(|history| history.push_state_with_url(&JsValue::NULL, "", address.as_deref()));
    });
    // Before the router's own listener, which comes to be later.
    let added = window().add_event_listener_with_callback("popstate", ask.as_ref().unchecked_ref());
    if added.is_ok() {
        // The page's own, as long as there is a page.
        ask.forget();
    }
}
