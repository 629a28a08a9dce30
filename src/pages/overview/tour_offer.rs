//! The offer of the tour to whoever opens the demo, until it is taken or declined in this browser.

use crate::features::help::{TourPlace, is_tour_there};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use leptos::prelude::*;

const KEY: &str = "usage-desk-tour-offer";
const ANSWERED: &str = "answered";

pub fn tour_offer() -> AnyView {
    let place = expect_context::<TourPlace>();
    let is_open = RwSignal::new(is_tour_there() && kept_choice(KEY).as_deref() != Some(ANSWERED));
    let answer = move |takes: bool| {
        keep_choice(KEY, ANSWERED);
        is_open.set(false);
        if takes {
            place.begin();
        }
    };
    (move || {
        (is_open.get() && place.step().is_none()).then(|| view! {
            <section class="tour-offer" aria-label="Offer of a tour">
                <span>"New here? A tour of five minutes leads through a working day on the demo\u{2019}s data."</span>
                <button class="button" type="button" on:click=move |_| answer(true)>"Start the tour"</button>
                <button class="button" type="button" data-kind="quiet" on:click=move |_| answer(false)>"No, thanks"</button>
            </section>
        })
    })
    .into_any()
}
