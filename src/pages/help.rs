//! What the words on the screens mean, each at an address of its own (`/help#conflict`), and the way to the tour.

use crate::features::help::{TOPICS, Topic, TourPlace, is_tour_there};
use crate::features::page_head::PageHead;
use crate::ui::controls::SearchBox;
use crate::ui::key_input::is_found_in;
use crate::ui::part_styles::use_part_styles;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

#[component]
pub fn HelpPage() -> impl IntoView {
    use_part_styles(include_str!("../../style/help.css"));
    let place = expect_context::<TourPlace>();
    let find = RwSignal::new(String::new());
    let hash = use_location().hash;
    Effect::new(move || {
        let id = hash.get();
        // What an address names is shown, whatever was searched for before.
        find.set(String::new());
        request_animation_frame(move || lead_to(id.trim_start_matches('#')));
    });
    let holds = move |topic: &Topic| {
        let all = |word: &str| is_found_in(word, topic.term) || is_found_in(word, topic.meaning);
        find.with(|find| find.split_whitespace().all(all))
    };
    let group = move |(title, topics): &'static (&str, &[Topic])| {
        let lines = topics.iter().map(|topic| {
            view! {
                <div class="topic" id=topic.id tabindex="-1" hidden=move || !holds(topic)>
                    <dt><a href=format!("#{}", topic.id)>{topic.term}</a></dt>
                    <dd>{topic.meaning}</dd>
                </div>
            }
        });
        view! {
            <section hidden=move || !topics.iter().any(holds)>
                <h2>{*title}</h2>
                <dl class="topics">{lines.collect_view()}</dl>
            </section>
        }
    };
    let finds_nothing = move || !TOPICS.iter().any(|(_, topics)| topics.iter().any(holds));
    let nothing = move || {
        finds_nothing().then(|| view! {
            <p>"No topic holds this. Search for another word, or "<button class="button" type="button" on:click=move |_| find.set(String::new())>"Show all topics"</button></p>
        })
    };
    let print = |_| {
        // A browser that does not print says so itself.
        let _ = window().print();
    };
    let tour = is_tour_there().then(|| view! {
        <button class="button" data-kind="primary" type="button" on:click=move |_| place.begin()>"Start the tour"</button>
    });
    view! {
        <PageHead title="Help">{tour}</PageHead>
        <div class="filter-bar" role="search" aria-label="Find help">
            <SearchBox find=find on_find=move |words| find.set(words) placeholder="Word or topic" label="Find help" />
            <div class="filter-bar-end"><button class="button" data-kind="quiet" type="button" on:click=print>"Print"</button></div>
        </div>
        <div class="page-body help-page" tabindex="0" role="group" aria-label="Topics">
            <div role="status">{nothing}</div>
            {TOPICS.iter().map(group).collect_view()}
        </div>
    }
}

/// The topic comes into sight and takes the keyboard.
fn lead_to(id: &str) {
    let topic = document().get_element_by_id(id).and_then(|topic| topic.dyn_into::<HtmlElement>().ok());
    if let Some(topic) = topic.filter(|topic| topic.class_list().contains("topic")) {
        topic.scroll_into_view();
        let _ = topic.focus();
    }
}
