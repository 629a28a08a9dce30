//! Undo of a change whose event has been processed since: what is billed is not changed back, it is
//! reversed. The person is told, and the reversal is proposed; where that is no longer possible either,
//! the proposal says why.

use crate::display_text::{StatusClass, class_of};
use crate::event_selection::{EventPages, Selected};
use crate::rest_client::{Failure, Resource};
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;

/// The status of more events than this is not asked for: the server refuses each row that it must.
const MOST_ASKED: usize = 200;

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
        // Where it cannot be read, the server judges the undo as it judges any change.
        let processed = processed_of(session, &numbers).await.unwrap_or_default();
        if processed.is_empty() {
            return session.sync.undo();
        }
        let words = "What you changed has been processed since. It is not changed back: it can be reversed, and then replaced.";
        session.sync.notices.tell(Tone::Info, words.to_owned());
        to_reverse.set(Some(events_named(&processed)));
    });
}

fn events_named(numbers: &[String]) -> Selected {
    Selected::all(None, one_of("EventNumber", numbers), EventAction::Reverse)
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
