//! The keys of the page: to a list's search, to another screen, from one region of a page to the next, to
//! the next record or the next event in error, and the list of them all. What a key means is `grid_model::PageKeys`.

use crate::data::session::Session;
use crate::features::reversal::undo_or_reverse;
use crate::features::selection::Selected;
use crate::routes::{self, use_go};
use crate::ui::kept_keys::KeptKeys;
use crate::ui::key_input::{Pressed, key_place};
use crate::ui::step_keys::StepKeys;
use grid_model::{PageKey, PageKeys, Region, Screen};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Listens until the component that it is called in ends. `map` opens the list of the keys, `commands` that of the
/// commands. Gives what does the same without a key.
pub fn listen(
    session: Session,
    (map, commands): (RwSignal<bool>, RwSignal<bool>),
    to_reverse: RwSignal<Option<Selected>>,
    step_keys: StepKeys,
) -> Callback<PageKey> {
    let go = use_go();
    let kept = KeptKeys::of_page();
    let keys = StoredValue::new(PageKeys::default());
    let left = StoredValue::new(None);
    let obey = Callback::new(move |key| match key {
        PageKey::Undo => undo_or_reverse(session, to_reverse),
        PageKey::Redo => session.sync.redo(),
        PageKey::Map => map.set(true),
        // Over a form that is open they would lead away from what is typed there.
        PageKey::Commands if find("dialog[open]").is_none() => commands.set(true),
        PageKey::Commands => (),
        PageKey::GoTo(screen) => go.to(address(screen)),
        PageKey::Search => search(),
        PageKey::NextRecord if !step_keys.step(1) => press(r#".drawer [data-step="1"]"#),
        PageKey::PreviousRecord if !step_keys.step(-1) => press(r#".drawer [data-step="-1"]"#),
        PageKey::NextRecord | PageKey::PreviousRecord => (),
        PageKey::NextRegion | PageKey::PreviousRegion => {
            let (there, at) = (regions(), region_of_focus());
            let to = Region::after(&there, at, left.get_value(), key == PageKey::PreviousRegion);
            if to == Some(Region::Grid) {
                left.set_value(at);
            }
            focus(to.and_then(element_of));
        }
    });
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() {
            keys.update_value(PageKeys::forget);
            return;
        }
        // Milliseconds since the page was opened; parts of one decide nothing.
        let at = event.time_stamp() as u64;
        let place = key_place(&event);
        let pressed = Pressed::of(&event);
        let key = keys
            .try_update_value(|keys| kept.with_untracked(|map| keys.press(map, pressed.press(), place, at)));
        let key = key.flatten();
        let Some(key) = key else { return };
        event.prevent_default();
        obey.run(key);
    });
    on_cleanup(move || listener.remove());
    obey
}

pub(super) fn address(screen: Screen) -> &'static str {
    match screen {
        Screen::Overview => routes::OVERVIEW,
        Screen::Batches => routes::BATCHES,
        Screen::Events => routes::EVENTS,
        Screen::BaseBuckets => routes::BASE_BUCKETS,
        Screen::ServiceUsage => routes::SERVICE_USAGE,
        Screen::Changes => routes::CHANGES,
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // What cannot take the focus can still be reached by Tab.
        let _ = element.focus();
    }
}

/// What is searched for already is replaced by what is typed.
fn search() {
    let field = find(".page input[type=search]");
    if let Some(field) = field.as_ref().and_then(|field| field.dyn_ref::<HtmlInputElement>()) {
        field.select();
    }
    focus(field);
}

fn press(button: &str) {
    if let Some(button) = find(button) {
        button.click();
    }
}

fn selector(region: Region) -> &'static str {
    match region {
        Region::Head => ".page-head",
        Region::Filters => ".page [role=search]",
        Region::Grid => ".page [role=grid]",
        Region::Drawer => ".page .drawer",
        Region::Tour => ".tour",
    }
}

fn regions() -> Vec<Region> {
    Region::ALL.into_iter().filter(|region| element_of(*region).is_some()).collect()
}

/// What has the focus in a region after F6.
fn element_of(region: Region) -> Option<HtmlElement> {
    match region {
        Region::Head => find(".page-head h1"),
        Region::Filters => find(".page [role=search] :is(button, input, select, a[href]):not(:disabled)"),
        Region::Grid => find(selector(region)),
        Region::Drawer => find(".page .drawer-head"),
        Region::Tour => find(".tour-head"),
    }
}

fn region_of_focus() -> Option<Region> {
    let active: Element = document().active_element()?;
    Region::ALL
        .into_iter()
        .find(|region| active.closest(selector(*region)).is_ok_and(|found| found.is_some()))
}
