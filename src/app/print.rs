//! What paper needs and a screen does not: on each sheet what it is of, when that was so, and which sheet it is.

use crate::api::connections;
use crate::data::session::Session;
use crate::text::second_utc;
use crate::ui::part_styles::{LateStyles, use_part_styles};
use chrono::Utc;
use leptos::html::P;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// What was opened for the paper, and is closed again behind it.
const OPENED: &str = "data-opened-to-print";
/// What says when the page's own figures were so.
const AS_OF: &str = ".page [data-as-of]";

/// Stands over the page on paper, and makes it ready as long as the page stands.
#[component]
pub fn PrintHead(session: Session) -> impl IntoView {
    use_part_styles(include_str!("../../style/print.css"));
    let (line, margins) = (NodeRef::<P>::new(), LateStyles::none_yet());
    let prints = window_event_listener_untyped("beforeprint", move |_| {
        let told = told(session);
        margins.fill(&format!("@page {{ @bottom-left {{ content: {}; }} }}", quoted(&told)));
        if let Some(line) = line.get_untracked() {
            line.set_text_content(Some(&told));
        }
        each(".page details:not([open])", |closed| {
            closed.set_attribute("open", "")?;
            closed.set_attribute(OPENED, "")
        });
    });
    let printed = window_event_listener_untyped("afterprint", |_| {
        each(&format!("[{OPENED}]"), |opened| {
            opened.remove_attribute("open")?;
            opened.remove_attribute(OPENED)
        });
    });
    on_cleanup(move || {
        prints.remove();
        printed.remove();
    });
    view! { <p class="print-head" aria-hidden="true" node_ref=line></p> }
}

/// Where it comes from, as of when, who printed it and when.
fn told(session: Session) -> String {
    let environment = connections().environment.as_ref().map(|environment| environment.name.clone());
    let host = window().location().host().unwrap_or_default();
    let mut as_of = Vec::new();
    each(AS_OF, |said| {
        as_of.extend(said.text_content().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
        Ok(())
    });
    let who = session.with_access(|access| access.map(|access| access.shown_name().to_owned()));
    let printed = format!(
        "printed {} UTC{}",
        second_utc(&Utc::now()),
        who.map(|who| format!(" by {who}")).unwrap_or_default()
    );
    let parts = ["Usage Desk".to_owned()].into_iter().chain(environment).chain([host]).chain(as_of);
    parts.chain([printed]).collect::<Vec<_>>().join(" \u{b7} ")
}

/// A text as a style sheet writes one.
fn quoted(text: &str) -> String {
    let plain = text.replace(|sign: char| sign.is_control(), " ");
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

fn each(selector: &str, mut act: impl FnMut(&Element) -> Result<(), JsValue>) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    for at in 0..found.length() {
        if let Some(element) = found.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            // The names of attributes are plain words.
            let _ = act(&element);
        }
    }
}
