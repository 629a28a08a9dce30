//! The bar under the list: how many events, how much of the list is here, and following new ones.

use super::labels;
use super::reading::{Reading, SAFETY_AGE, is_no_ground};
use super::source::UsageList;
use crate::data::session::Session;
use crate::text::count;
use crate::ui::controls::{UnreadRecord, UnreadRecords, act_every};
use grid_model::RowCount;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// Between two looks for new events.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);

#[component]
pub fn UsageFoot(session: Session, list: StoredValue<Rc<UsageList>, LocalStorage>) -> impl IntoView {
    let (reading, followed, unsettled) =
        list.with_value(|list| (list.spec().reading, list.spec().followed, list.spec().unsettled));
    let status = list.with_value(|list| list.list.pages.status);
    let rows = Memo::new(move |_| status.get().count);
    let follows = RwSignal::new(false);
    Effect::new(move || {
        if !follows.get() {
            followed.set(None);
        }
    });
    let look = move || {
        list.try_with_value(|list| list.follow_once());
    };
    act_every(FOLLOW_EVERY, move || follows.get(), look);
    // What a role is not shown is not counted.
    let is_blocked =
        Memo::new(move |_| session.access().is_some_and(|one| one.platform.blocked_from_reading().is_some()));
    let row_words = move || match rows.get() {
        _ if is_blocked.get() => "Not for your role".to_owned(),
        RowCount::Unknown if status.with(|status| status.failure.is_some()) => {
            "Number of events not known".to_owned()
        }
        RowCount::Unknown => "Counting events".to_owned(),
        RowCount::AtLeast(rows) => format!("{} so far", labels::events(rows)),
        RowCount::Exactly(rows) => labels::events(rows),
    };
    let read_whole = move |_| list.with_value(|list| list.read_whole());
    let how = move || {
        match reading.get() {
        Reading::NotBegun => match rows.get() {
            RowCount::Exactly(0) | RowCount::Unknown => ().into_any(),
            _ => view! {
                <span>"Read from the platform as you scroll."</span>
                <button class="button" data-kind="quiet" on:click=read_whole>"Load all events"</button>
            }
            .into_any(),
        },
        Reading::Under(progress) => view! {
            <span class="progress">
                <progress max=progress.total.to_string() value=progress.read.to_string() aria-label="Loading all events"></progress>
                {format!("Loading all: {} of {}", count(progress.read as u64), count(progress.total as u64))}
                <button class="button" data-kind="quiet" on:click=move |_| list.with_value(|list| list.stop())>"Stop"</button>
            </span>
        }
        .into_any(),
        Reading::Stopped(progress) => view! {
            <span>{format!("Loading stopped at {} of {}", count(progress.read as u64), count(progress.total as u64))}</span>
            <button class="button" data-kind="quiet" on:click=read_whole>"Load the rest"</button>
        }
        .into_any(),
        Reading::Failed(failure) => view! {
            <span role="alert">{format!("Not all loaded: {}", failure.title())}</span>
            <button class="button" data-kind="quiet" on:click=read_whole>{if is_no_ground(&failure) { "Load again" } else { "Load the rest" }}</button>
        }
        .into_any(),
        Reading::Whole(at) => view! {
            <span data-as-of="">{move || format!("All loaded, as of {} UTC{}", labels::shown_time(at), young(unsettled.get()))}</span>
            <button class="button" data-kind="quiet" aria-pressed=move || follows.get().to_string()
                on:click=move |_| follows.update(|follows| *follows = !*follows)>
                {move || if follows.get() { "Stop following" } else { "Follow new events" }}
            </button>
        }
        .into_any(),
    }
    };
    let unread = Signal::derive(move || {
        reading.track();
        list.with_value(|list| {
            let table = list.events();
            let records = table.unread().map(|event| UnreadRecord {
                reason: event.fault().unwrap_or_default().to_owned(),
                as_it_came: event.as_it_came().to_owned(),
            });
            records.collect()
        })
    });
    let news = move || {
        followed.get().map(|followed| match followed.failure {
            Some(reason) => view! { <span role="alert">{reason}</span> }.into_any(),
            None => format!("{} new", count(followed.taken as u64)).into_any(),
        })
    };
    view! {
        <footer class="totals-bar" role="group" aria-label="Totals">
            <strong data-testid="row-count">{row_words}</strong>
            {how}
            <UnreadRecords records=unread />
            <span role="status" data-testid="followed">{news}</span>
        </footer>
    }
}

/// Events whose neighbours may still be on their way.
fn young(events: usize) -> String {
    match events {
        0 => String::new(),
        1 => format!("; the last event is under {SAFETY_AGE} s old, and older ones may still arrive"),
        some => format!(
            "; the last {} are under {SAFETY_AGE} s old, and older ones may still arrive",
            labels::events(some)
        ),
    }
}
