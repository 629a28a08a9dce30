//! What can be pressed on the page, as it stands when the palette opens.

use super::super::page_keys::address;
use super::{Act, Entry};
use crate::ui::kept_keys::{KeptKeys, told_keys};
use grid_model::PageKey;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, HtmlElement};

/// The ways to the screens, and what stands at their foot.
const RAIL: &str = ".rail :is(a, button):not(.skip-link, [popovertarget], [data-commands])";
const PAGE: &str = ".page :is(button, a.button, nav a, summary)";
/// What a grid or a dialog shows has its own ways.
const ELSEWHERE: &str = "[role=grid], dialog";
/// What acts at once and for good is pressed by hand alone: it is only led to.
const GRAVE: &str = "[data-grave]";
/// What a control belongs to.
const REGIONS: &str = "[role=group][aria-label], [role=search][aria-label], section[aria-label], nav[aria-label], aside[aria-label], footer[aria-label], article[aria-label]";

/// A control, and what it belongs to.
struct Command {
    element: HtmlElement,
    is_of_page: bool,
}

pub struct Commands(Vec<Command>);

impl Commands {
    pub fn of_page() -> Self {
        let of_page = controls(PAGE).into_iter().filter(is_in_sight);
        let of_page = of_page.map(|element| Command { element, is_of_page: true });
        let of_rail = controls(RAIL).into_iter().map(|element| Command { element, is_of_page: false });
        Self(of_page.chain(of_rail).collect())
    }

    /// What the page itself offers.
    pub fn entries(&self) -> Vec<Entry> {
        self.of(true)
    }

    /// What is offered on every page.
    pub fn screens(&self) -> Vec<Entry> {
        self.of(false)
    }

    /// Does what the control does, or leads to it.
    pub fn press(&self, place: usize) {
        let Some(Command { element, .. }) = self.0.get(place) else { return };
        let grave =
            element.closest(GRAVE).ok().flatten().and_then(|grave| grave.dyn_into::<HtmlElement>().ok());
        match grave {
            // Another Enter presses nothing there. What cannot take the focus has gone meanwhile.
            Some(grave) => drop(grave.focus()),
            None => element.click(),
        }
    }

    fn of(&self, is_of_page: bool) -> Vec<Entry> {
        let commands = self.0.iter().enumerate().filter(|(_, command)| command.is_of_page == is_of_page);
        let kept = KeptKeys::of_page();
        commands.filter_map(|(place, command)| entry(place, command, kept)).collect()
    }
}

fn controls(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    let found = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    found.filter(|element| element.closest(ELSEWHERE).is_ok_and(|found| found.is_none())).collect()
}

fn is_in_sight(element: &HtmlElement) -> bool {
    element.get_bounding_client_rect().width() > 0.0
}

fn entry(place: usize, Command { element, is_of_page }: &Command, kept: KeptKeys) -> Option<Entry> {
    let said = element.get_attribute("aria-label").filter(|label| !label.is_empty());
    let words = said.unwrap_or_else(|| element.inner_text());
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_forbidden = element.get_attribute("aria-disabled").is_some_and(|said| said == "true");
    let is_off = element.has_attribute("disabled");
    let title = element.get_attribute("title").filter(|title| *title != words);
    let why_not = (is_forbidden || is_off).then(|| title.unwrap_or_else(|| "Not now".to_owned()));
    let region = element.closest(REGIONS).ok().flatten().filter(|_| *is_of_page);
    let about = region.and_then(|region| region.get_attribute("aria-label")).unwrap_or_default();
    (!words.is_empty()).then(|| Entry {
        id: format!("palette-{place}"),
        words,
        about,
        keys: keys_of(element, kept),
        why_not,
        act: Act::Press(place),
    })
}

/// The keys that do the same as a control of the rail.
fn keys_of(element: &HtmlElement, kept: KeptKeys) -> Option<String> {
    let path = element.dyn_ref::<HtmlAnchorElement>()?.pathname();
    let is_it = |key: PageKey| matches!(key, PageKey::GoTo(screen) if address(screen) == path);
    let is_screen = element.closest(".rail").is_ok_and(|rail| rail.is_some());
    kept.with_untracked(|map| {
        map.rows().find(|(_, key)| is_screen && is_it(*key)).and_then(|(keys, _)| keys.map(told_keys))
    })
}
