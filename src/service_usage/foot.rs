//! The bar under the list: how many events, how much of the list is here, and following new ones.

use super::source::{Reading, SAFETY_AGE, UsageList};
use super::words;
use crate::display_text::count;
use crate::sign_in::Session;
use grid_model::RowCount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::time::Duration;

/// Between two looks for new events.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);

#[component]
pub fn UsageFoot(session: Session, list: StoredValue<Rc<UsageList>, LocalStorage>) -> impl IntoView {
    let (reading, rows, followed) = list.with_value(|list| (list.reading, list.count, list.followed));
    let follows = RwSignal::new(false);
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        stop();
        if !follows.get() {
            followed.set(None);
            return;
        }
        let look = move || {
            if let Some(list) = list.try_get_value() {
                spawn_local(list.follow_once());
            }
        };
        look();
        timer.set_value(set_interval_with_handle(look, FOLLOW_EVERY).ok());
    });
    // What a role is not shown is not counted.
    let is_barred =
        Memo::new(move |_| session.access().is_some_and(|one| one.platform.barred_from_reading().is_some()));
    let row_words = move || match rows.get() {
        _ if is_barred.get() => "Not for your role".to_owned(),
        RowCount::Unknown => "Counting events".to_owned(),
        RowCount::AtLeast(rows) => format!("{} so far", words::events(rows)),
        RowCount::Exactly(rows) => words::events(rows),
    };
    let read_whole = move |_| list.with_value(UsageList::read_whole);
    let how = move || {
        match reading.get() {
        Reading::NotBegun => match rows.get() {
            RowCount::Exactly(0) | RowCount::Unknown => ().into_any(),
            _ => view! {
                <span>"Read from the platform as you scroll."</span>
                <button class="button" data-kind="quiet" on:click=read_whole>"Read every event"</button>
            }
            .into_any(),
        },
        Reading::Under(progress) => view! {
            <span class="progress">
                <progress max=progress.total.to_string() value=progress.read.to_string() aria-label="Reading every event"></progress>
                {format!("Read {} of {}", count(progress.read as u64), count(progress.total as u64))}
                <button class="button" data-kind="quiet" on:click=move |_| list.with_value(|list| list.stop())>"Stop"</button>
            </span>
        }
        .into_any(),
        Reading::Stopped(progress) => view! {
            <span>{format!("Stopped: {} of {} read", count(progress.read as u64), words::events(progress.total))}</span>
            <button class="button" data-kind="quiet" on:click=read_whole>"Go on"</button>
        }
        .into_any(),
        Reading::Failed(failure) => view! {
            <span role="alert">{format!("Not every event was read: {}", failure.title())}</span>
            <button class="button" data-kind="quiet" on:click=read_whole>"Go on"</button>
        }
        .into_any(),
        Reading::Whole(at) => view! {
            <span>{format!("Every event is here, as of {} UTC", words::time(at))}</span>
            <button class="button" data-kind="quiet" aria-pressed=move || follows.get().to_string()
                on:click=move |_| follows.update(|follows| *follows = !*follows)>
                {move || if follows.get() { "Stop following" } else { "Follow new events" }}
            </button>
        }
        .into_any(),
    }
    };
    let news = move || {
        followed.get().map(|followed| match followed.failure {
            Some(reason) => view! { <span role="alert">{reason}</span> }.into_any(),
            None => {
                let held = match followed.held_back {
                    0 => String::new(),
                    held => format!("; {} wait until they are {SAFETY_AGE} s old", words::events(held)),
                };
                format!("{} new{held}", count(followed.taken as u64)).into_any()
            }
        })
    };
    view! {
        <footer class="totals-bar" role="group" aria-label="Totals">
            <strong data-testid="row-count">{row_words}</strong>
            {how}
            <span role="status" data-testid="followed">{news}</span>
        </footer>
    }
}
