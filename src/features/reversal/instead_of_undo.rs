//! Undo of a change whose event has been processed since: what is billed is not changed back, it is
//! reversed. The person is told, and the reversal is proposed; where that is no longer possible either,
//! the proposal says why.

use crate::api::{Failure, Resource};
use crate::data::session::Session;
use crate::features::selection::{EventPages, Selected};
use crate::text::{StatusClass, class_of};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use rest_contract::oracle::life_cycle::EventAction;

/// The status of more events than this is not asked for: the server refuses each row that it must.
const MOST_ASKED: usize = 5_000;

const SHAPE: &str = "fields=EventNumber,EventStatus&onlyData=true";

/// Undoes the last change, or proposes by `to_reverse` what takes its place.
pub fn undo_or_reverse(session: Session, to_reverse: RwSignal<Option<Selected>>) {
    let held = session.sync.held_by_the_server();
    let of_events = held.iter().filter(|key| matches!(key.resource, Resource::Event | Resource::Charge));
    let mut numbers: Vec<String> = of_events.filter_map(|key| key.event_name()).collect();
    numbers.dedup();
    if numbers.is_empty() || numbers.len() > MOST_ASKED {
        return session.sync.undo();
    }
    spawn_local(async move {
        let processed = match processed_of(session, &numbers).await {
            Ok(processed) => processed,
            Err(failure) => {
                session.expire_by(&failure);
                let words = format!(
                    "Nothing was undone: it could not be read whether the events have been processed since. {}",
                    failure.advice()
                );
                return session.sync.notices.notify(Tone::Warn, words);
            }
        };
        if processed.is_empty() {
            return session.sync.undo();
        }
        let words = "What you changed has been processed since. It is not changed back: it can be reversed, and then replaced.";
        session.sync.notices.notify(Tone::Info, words.to_owned());
        to_reverse.set(Some(events_named(&processed)));
    });
}

fn events_named(numbers: &[String]) -> Selected {
    Selected::named(numbers.iter().map(String::as_str), EventAction::Reverse)
}

/// Those of the events that are processed or reversed by now.
async fn processed_of(session: Session, numbers: &[String]) -> Result<Vec<String>, Failure> {
    let mut pages = EventPages::new(session.client, events_named(numbers), SHAPE);
    let mut processed = Vec::new();
    while let Some(events) = pages.next().await? {
        let is_done = |event: &&Record| {
            let class = event.text("EventStatus").map(class_of);
            matches!(class, Some(StatusClass::Done | StatusClass::Reversed))
        };
        processed.extend(events.iter().filter(is_done).filter_map(Record::key));
    }
    Ok(processed)
}
