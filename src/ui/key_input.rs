//! What people press and put in, whatever their keyboard: the press as the grid's model reads it, keys
//! that belong to an input method, letters with accents, and things that are dropped beside a field.

use grid_model::{KeyPlace, KeyPress};
use leptos::prelude::*;
use std::borrow::Cow;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, KeyboardEvent};

/// A press of a key with the texts that the browser tells it by.
pub struct Pressed {
    key: String,
    code: String,
    event: KeyboardEvent,
}

impl Pressed {
    pub fn of(event: &KeyboardEvent) -> Self {
        Self { key: event.key(), code: event.code(), event: event.clone() }
    }

    pub fn press(&self) -> KeyPress<'_> {
        KeyPress {
            key: &self.key,
            code: &self.code,
            shift: self.event.shift_key(),
            ctrl: self.event.ctrl_key() || self.event.meta_key(),
            alt: self.event.alt_key(),
            alt_graph: self.event.get_modifier_state("AltGraph"),
            is_on_mac: is_on_mac(),
            is_composing: is_composing(&self.event),
        }
    }
}

/// The platforms of Apple's keyboards, as browsers name them.
const APPLE: [&str; 3] = ["Mac", "iPad", "iPhone"];

fn is_on_mac() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    APPLE.iter().any(|apple| platform.starts_with(apple))
}

/// What browsers say of every key that an input method takes.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// Whether an input method is at work on the key. Safari ends the composition before it tells of the key
/// that ended it, and then only the old code is left to tell.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || (event.key_code() == TAKEN_BY_INPUT_METHOD && event.key() != "Process")
}

/// Whether text is typed where an event happened; there the browser has an undo of its own.
pub fn is_in_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Where a key is pressed, for the keys of the page.
pub fn key_place(event: &KeyboardEvent) -> KeyPlace {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_in = |selector| {
        target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
    };
    let is_dialog_open = || document().query_selector("dialog[open]").is_ok_and(|found| found.is_some());
    match is_in_field(event) {
        true if is_in("[role=grid]") => KeyPlace::CellField,
        true => KeyPlace::Field,
        false if is_dialog_open() => KeyPlace::Dialog,
        false => KeyPlace::Page,
    }
}

/// A text with each letter and its accents as one, where there is such a letter: two texts that look alike
/// are alike, whatever they were typed or copied from.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(js_sys::JsString::from(text).normalize("NFC").into())
}

/// Whether a text holds what is searched for, in any case.
pub fn is_found_in(find: &str, text: &str) -> bool {
    composed(text).to_lowercase().contains(&composed(find).to_lowercase())
}

/// For the whole page, once: keys of an input method reach no handler of the console's, in no field, form
/// or dialog; and what is dropped where nothing takes it does not take the page away.
pub fn guard_the_page() {
    let first = AddEventListenerOptions::new();
    first.set_capture(true);
    let to_input_method = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| {
        if is_composing(&event) {
            event.stop_immediate_propagation();
        }
    });
    let stays = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if !is_in_field(&event) {
            event.prevent_default();
        }
    });
    let stays = stays.into_js_value();
    let listens =
        [("keydown", to_input_method.into_js_value()), ("dragover", stays.clone()), ("drop", stays)];
    for (name, listener) in listens {
        let listener = listener.unchecked_ref();
        if let Err(refused) =
            window().add_event_listener_with_callback_and_add_event_listener_options(name, listener, &first)
        {
            leptos::logging::warn!("The page does not hear of {name}: {refused:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_letter_and_its_accent_are_one_however_they_are_written() {
        for (find, text) in [
            ("Zu\u{308}rich", "ZÜRICH-07"),
            ("zürich", "Zu\u{308}rich-07"),
            ("viê\u{323}t", "VIỆT"),
            ("a", "A"),
            ("", "x"),
        ] {
            assert!(is_found_in(find, text), "{find} in {text}");
        }
        assert!(!is_found_in("zurich", "Zürich"));
    }
}
