//! What the marks do: a few listeners for all of them, so that a mark itself is hardly anything.
//!
//! The text is put beside its button, in the dialog that this may stand in: what is outside of it, nobody could read.

use super::topic_part;
use crate::routes;
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::any::Any;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, KeyboardEvent, Node};

const MARK: &str = "[data-help]";

/// A mark that is open, until it is dropped.
struct Open {
    button: HtmlElement,
    _text: Box<dyn Any>,
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.button.set_attribute("aria-expanded", "false");
    }
}

/// Marks open at a press from now on, as long as the component stands that it is called in: one at a time. Another
/// press, Escape, and the focus that goes elsewhere close it.
pub fn open_by_marks() {
    let open = StoredValue::new_local(None::<Open>);
    // What closes may be heard of while it does.
    let take = move || open.try_update_value(Option::take).flatten();
    let press = window_event_listener(leptos::ev::click, move |event| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let mark = pressed.and_then(|pressed| pressed.closest(MARK).ok()?);
        let Some(button) = mark.and_then(|mark| mark.dyn_into::<HtmlElement>().ok()) else { return };
        let was_open = take().is_some_and(|open| open.button == button);
        // Not every browser gives a pressed button the focus, and it closes when the focus goes.
        let _ = button.focus();
        if !was_open {
            open.set_value(opened(button));
        }
    });
    let leave = window_event_listener(leptos::ev::focusout, move |event| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let stays = open.with_value(|open| {
            let whole = open.as_ref().and_then(|open| open.button.parent_node());
            whole.is_none_or(|whole| whole.contains(to.as_ref()))
        });
        if !stays {
            drop(take());
        }
    });
    // Before anything else that Escape closes, such as the dialog that the mark stands in.
    let escape = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if event.key() != "Escape" {
            return;
        }
        if let Some(open) = take() {
            event.prevent_default();
            event.stop_propagation();
            let _ = open.button.focus();
        }
    });
    // The listener is the page's own, as long as there is a page.
    let _ =
        window().add_event_listener_with_callback_and_bool("keydown", escape.as_ref().unchecked_ref(), true);
    let escape = StoredValue::new_local(escape);
    on_cleanup(move || {
        press.remove();
        leave.remove();
        drop(take());
        escape.with_value(|escape| {
            let heard = escape.as_ref().unchecked_ref();
            let _ = window().remove_event_listener_with_callback_and_bool("keydown", heard, true);
        });
    });
}

fn opened(button: HtmlElement) -> Option<Open> {
    let id = button.get_attribute("data-help")?;
    let whole = button.parent_element()?.dyn_into::<HtmlElement>().ok()?;
    let address = format!("{}#{id}", routes::HELP);
    let text = mount_to(whole.clone(), move || {
        view! {
            <div class="help-text" popover="manual" tabindex="-1" role="status">
                {topic_part::view(id)}
                <a href=address>"All help"</a>
            </div>
        }
    });
    let _ = button.set_attribute("aria-expanded", "true");
    let shown = whole.last_element_child()?.dyn_into::<HtmlElement>().ok()?;
    place_beside(&shown, &button);
    // A browser that has no layers shows it where it stands.
    let _ = shown.show_popover();
    Some(Open { button, _text: Box::new(text) })
}

/// Below the button, or above it where it stands in the lower half of the window.
fn place_beside(text: &HtmlElement, button: &HtmlElement) {
    const GAP: f64 = 6.0; // pixels: between the two, and at the window's edges
    const WIDTH: f64 = 340.0; // pixels: as the styles have it
    let size = |size: Result<JsValue, _>| size.ok().and_then(|size| size.as_f64()).unwrap_or_default();
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let at = button.get_bounding_client_rect();
    let left = at.left().min(width - WIDTH - GAP).max(GAP);
    let (edge, off) = if at.top() > height / 2.0 {
        ("bottom", height - at.top() + GAP)
    } else {
        ("top", at.bottom() + GAP)
    };
    let style = text.style();
    for (name, pixels) in [("left", left), (edge, off), ("max-height", (height - off - GAP).max(0.0))] {
        // A browser that refuses a length has it where its own styles put it.
        let _ = style.set_property(name, &format!("{pixels}px"));
    }
}
