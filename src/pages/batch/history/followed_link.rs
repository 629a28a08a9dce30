//! The link that a person followed from a batch's timeline: who comes back stands there again.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::cell::RefCell;
use web_sys::{Element, HtmlElement};

struct Followed {
    batch: String,
    address: String,
    /// Its place among the links of that address.
    place: usize,
}

thread_local! {
    static FOLLOWED: RefCell<Option<Followed>> = const { RefCell::new(None) };
}

fn links(timeline: &Element, address: &str) -> Vec<HtmlElement> {
    let all = timeline.get_elements_by_tag_name("a");
    let all = (0..all.length()).filter_map(|at| all.item(at));
    let of_address = all.filter(|link| link.get_attribute("href").as_deref() == Some(address));
    of_address.map(JsCast::unchecked_into).collect()
}

/// Notes what was pressed in the timeline of a batch, where that is a link.
pub fn note_followed(batch: &str, timeline: NodeRef<html::Div>, event: &web_sys::MouseEvent) {
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = pressed.and_then(|pressed| pressed.closest("a").ok().flatten());
    let address = link.as_ref().and_then(|link| link.get_attribute("href"));
    let (Some(timeline), Some(link), Some(address)) = (timeline.get_untracked(), link, address) else {
        return;
    };
    let place = links(&timeline, &address).iter().position(|one| **one == link).unwrap_or_default();
    FOLLOWED.set(Some(Followed { batch: batch.to_owned(), address, place }));
}

/// Takes the keyboard to the link that was followed from this timeline, once it is drawn and unless the keyboard
/// has been taken elsewhere since: a page that opens has it on its heading.
pub fn come_back(batch: &str, timeline: NodeRef<html::Div>) {
    let followed = FOLLOWED.take().filter(|followed| followed.batch == batch);
    let Some(Followed { address, place, .. }) = followed else { return };
    request_animation_frame(move || {
        let is_free =
            document().active_element().is_none_or(|active| matches!(&*active.tag_name(), "BODY" | "H1"));
        let links = timeline.try_get_untracked().flatten().map(|timeline| links(&timeline, &address));
        let links = links.unwrap_or_default();
        if let Some(link) = links.get(place).or(links.first()).filter(|_| is_free) {
            let _ = link.focus();
        }
    });
}
