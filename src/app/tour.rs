//! The tour: a panel beside the work that points at a real control, says what to do and why, and goes on when it is
//! done. It changes nothing by itself, and what it points at stays in use.

mod steps;

use crate::data::session::Session;
use crate::data::sync::{ChangeLog, ChangeStatus};
use crate::features::help::TourPlace;
use crate::routes::use_go;
use crate::ui::key_input::key_place;
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use grid_model::KeyPlace;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::time::Duration;
use steps::{Done, STEPS, Step, Target, Way};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

part! {
    /// The panel, while the tour is under way.
    pub mod tour_part in tour: (session: Session, place: TourPlace) => view! { <Tour session=session place=place /> }
}

/// How often the page is looked at: what a step points at comes and goes with the page.
const LOOKS_EVERY: Duration = Duration::from_millis(200);
/// What the styles draw a line around.
const MARK: &str = "data-tour";

/// What is known of a step since it began.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// What the person is to do was not done when the step began, or has been undone since.
    was_undone: bool,
    changes: usize,
}

#[component]
fn Tour(session: Session, place: TourPlace) -> impl IntoView {
    use_part_styles(include_str!("../../style/tour.css"));
    let go = use_go();
    let path = use_location().pathname;
    let panel = NodeRef::<Div>::new();
    let head = NodeRef::<Div>::new();
    let step = Memo::new(move |_| place.step().unwrap_or_default().min(STEPS.len() - 1));
    let is_here = RwSignal::new(true);
    let is_at = Memo::new(move |_| (STEPS[step.get()].is_at)(&path.get()));
    let seen = StoredValue::new(Seen::default());
    let is_done = move |done: Done| match done {
        Done::Seen => false,
        Done::Shown(what) => find(what).is_some(),
        Done::Closed(what) => find(what).is_none(),
        Done::Changed => session.sync.with_log(changes_made) > seen.with_value(|seen| seen.changes),
    };
    // How things stand as a step begins.
    Effect::new(move || {
        let now = step.get();
        seen.update_value(|seen| seen.changes = session.sync.with_log(changes_made));
        let was_undone = !is_done(STEPS[now].done);
        seen.update_value(|seen| seen.was_undone = was_undone);
    });
    let lead = move |to: usize| {
        let Some(Step { way, is_at, .. }) = STEPS.get(to) else { return place.leave() };
        place.go_to(Some(to));
        match way {
            // The person may have come there, with a filter of their own.
            Way::Address(address) if !(is_at)(&path.get_untracked()) || address.contains('?') => {
                go.to(address);
            }
            Way::Link(link) => find(link).into_iter().for_each(|link| link.click()),
            Way::Address(_) | Way::Here => (),
        }
    };
    let leave = move || {
        mark(None);
        place.leave();
        if let Some(page) = find("#page") {
            let _ = page.focus();
        }
    };
    let look = move || {
        let Some(now) = step.try_get_untracked() else { return };
        let Step { targets, done, .. } = &STEPS[now];
        let target = targets.iter().find_map(found);
        mark(target.as_ref());
        is_here.set(target.is_some());
        if let (Some(panel), Some(target)) = (panel.get_untracked(), &target) {
            give_way(&panel, target);
        }
        let is_done = is_done(*done);
        let goes_on = seen.try_update_value(|seen| {
            seen.was_undone |= !is_done;
            is_done && seen.was_undone
        });
        if goes_on == Some(true) && now + 1 < STEPS.len() {
            // The person is where they are: only the words go on.
            place.go_to(Some(now + 1));
        }
    };
    let looking = set_interval_with_handle(look, LOOKS_EVERY);
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        let is_free = || key_place(&event) == KeyPlace::Page && find("dialog[open], .drawer").is_none();
        if event.key() == "Escape" && !event.default_prevented() && is_free() {
            leave();
        }
    });
    on_cleanup(move || {
        mark(None);
        escape.remove();
        looking.into_iter().for_each(|looking| looking.clear());
    });
    Effect::new(move || {
        if let Some(head) = head.get() {
            let _ = head.focus();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            leave();
        }
    };
    let note = move || {
        if !is_at.get() {
            Some("This step is on another screen.")
        } else if !is_here.get() {
            Some("What this step points at is not on the screen now. Go there, or go on with Next.")
        } else {
            None
        }
    };
    let is_last = move || step.get() + 1 == STEPS.len();
    view! {
        <div class="tour" role="region" aria-label="Tour" node_ref=panel on:keydown=on_key>
            <div class="tour-head" role="status" tabindex="-1" node_ref=head>
                <p class="quiet">{move || format!("Tour, step {} of {}", step.get() + 1, STEPS.len())}</p>
                <h2>{move || STEPS[step.get()].title}</h2>
                <p>{move || STEPS[step.get()].words}</p>
                <p class="tour-note">{note}</p>
            </div>
            <div class="tour-ways">
                <button class="button" type="button" disabled=move || step.get() == 0 on:click=move |_| lead(step.get_untracked().saturating_sub(1))>"Back"</button>
                <button class="button" type="button" data-kind="primary" on:click=move |_| if is_last() { leave() } else { lead(step.get_untracked() + 1) }>
                    {move || if is_last() { "Finish" } else { "Next" }}
                </button>
                {move || note().map(|_| view! { <button class="button" type="button" on:click=move |_| lead(step.get_untracked())>"Go there"</button> })}
                <button class="button" type="button" data-kind="quiet" on:click=move |_| leave()>"Leave the tour"</button>
            </div>
        </div>
    }
}

/// Changes that were made, and those that were taken back before they had left.
fn changes_made(log: &ChangeLog) -> usize {
    let both = log.entries().map(|entry| 1 + usize::from(entry.status() == ChangeStatus::Discarded));
    both.sum()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// What a step points at, where it can be seen.
fn found(target: &Target) -> Option<HtmlElement> {
    let element = match target {
        Target::That(selector) => find(selector),
        Target::Button(words) => {
            let buttons = document().query_selector_all(".page button").ok()?;
            let buttons =
                (0..buttons.length()).filter_map(|at| buttons.item(at)?.dyn_into::<HtmlElement>().ok());
            let is_it = |button: &HtmlElement| {
                let own = button.inner_text();
                own.trim().strip_prefix(words).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
            };
            buttons.into_iter().find(is_it)
        }
    };
    element.filter(|element| element.get_bounding_client_rect().width() > 0.0)
}

/// One element at a time has the mark.
fn mark(element: Option<&HtmlElement>) {
    let before = find("[data-tour]");
    if before.as_ref() == element {
        return;
    }
    if let Some(before) = before {
        let _ = before.remove_attribute(MARK);
    }
    if let Some(element) = element {
        let _ = element.set_attribute(MARK, "");
        let at = element.get_bounding_client_rect();
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        if at.bottom() < 0.0 || height.is_some_and(|height| at.top() > height) {
            element.scroll_into_view();
        }
    }
}

/// Where it would lie on what it points at, the panel goes to another corner; where it would in all, it stays.
fn give_way(panel: &Element, target: &Element) {
    const CORNERS: [&str; 4] = ["bottom-right", "bottom-left", "top-right", "top-left"];
    const NAME: &str = "data-corner";
    let lies_on = || {
        let (one, other) = (panel.get_bounding_client_rect(), target.get_bounding_client_rect());
        one.left() < other.right()
            && other.left() < one.right()
            && one.top() < other.bottom()
            && other.top() < one.bottom()
    };
    if !lies_on() {
        return;
    }
    for corner in CORNERS {
        let _ = panel.set_attribute(NAME, corner);
        if !lies_on() {
            return;
        }
    }
    let _ = panel.set_attribute(NAME, CORNERS[0]);
}
