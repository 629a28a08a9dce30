//! What leads along the list: J and K to the next and the previous event in error, the arrows of the drawer
//! to the event beside. Where there is none, that is said.

use super::list_query::ListQuery;
use super::next_event::{Along, Passed, Wanted};
use super::source::EventList;
use crate::apart::NotLoaded;
use crate::api::Failure;
use crate::data::latest::Latest;
use crate::data::session::Session;
use crate::routes::{self, use_go};
use crate::ui::grid::SoughtRow;
use grid_model::{Picked, Tone};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// A handle.
#[derive(Clone, Copy)]
pub struct ListSteps {
    /// Opens the next event in error, or with -1 the previous one.
    pub error: Callback<isize>,
    /// Opens the event beside the open one.
    pub row: Callback<isize>,
    /// Where a step led last.
    pub led_to: RwSignal<Option<SoughtRow>>,
}

impl ListSteps {
    /// Along the list at `home`. Without an open event the way begins where the cursor is, `active`. Made
    /// within a component, whose end ends a reading that is under way.
    pub fn new(
        session: Session,
        list: StoredValue<Rc<EventList>, LocalStorage>,
        home: StoredValue<String>,
        list_query: Memo<ListQuery>,
        active: RwSignal<Option<Picked>>,
    ) -> Self {
        let led_to = RwSignal::new(None);
        // That there is no other event is past once a person goes elsewhere.
        Effect::new(move |before: Option<()>| {
            active.track();
            if before.is_some() {
                session.sync.notices.end_step();
            }
        });
        on_cleanup(move || session.sync.notices.end_step());
        let (location, go, reading) = (use_location(), use_go(), Latest::new(session));
        let step = move |wanted: Wanted, by: isize| {
            let open = routes::event_shown(&location.pathname.get_untracked());
            let is_open = open.is_some();
            let cursor = active.get_untracked();
            let list = list.get_value();
            let walked = Rc::clone(&list);
            let done = move |found: Result<Result<Option<Passed>, NotLoaded>, Failure>| match found {
                Ok(Ok(Some(passed))) => {
                    session.sync.notices.end_step();
                    let address = home.with_value(|home| routes::event_over(home, &passed.number));
                    let address = format!("{address}{}", list_query.with_untracked(ListQuery::write));
                    if is_open {
                        go.in_place(&address);
                    } else {
                        go.to(&address);
                    }
                    walked.pages.reach(passed.row);
                    led_to.set(Some(SoughtRow { row: passed.row, key: passed.key }));
                }
                Ok(Ok(None)) => session.sync.notices.tell_step(Tone::Info, no_other(wanted, by)),
                Ok(Err(NotLoaded)) => {
                    let words = "This part of the page could not be loaded. Press the key again.".to_owned();
                    session.sync.notices.tell_step(Tone::Warn, words);
                }
                Err(failure) => {
                    let words = format!("{}. The list was not read on.", failure.title());
                    session.sync.notices.tell_step(Tone::Warn, words);
                }
            };
            let step = Step { wanted, by, open, cursor };
            let look = async move |_| {
                if let Err(not_loaded) = way::loading().await {
                    return Ok(Err(not_loaded));
                }
                match way::made(session, list, step).await {
                    Ok(looking) => looking.await.map(Ok),
                    Err(not_loaded) => Ok(Err(not_loaded)),
                }
            };
            reading.start(look, done);
        };
        Self {
            error: Callback::new(move |by| step(Wanted::InError, by)),
            row: Callback::new(move |by| step(Wanted::Any, by)),
            led_to,
        }
    }
}

/// A step that is asked for.
pub struct Step {
    wanted: Wanted,
    by: isize,
    /// The event that is open.
    open: Option<String>,
    cursor: Option<Picked>,
}

pub type Looking = Pin<Box<dyn Future<Output = Result<Option<Passed>, Failure>>>>;

/// The looking comes with what shows the event that it finds.
#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod way {
    use super::{EventList, Looking, Step, found};
    use crate::apart::apart;
    use crate::data::session::Session;
    use std::rc::Rc;

    apart! {
        one_record: (session: Session, list: Rc<EventList>, step: Step) -> Looking { Box::pin(found(session, list, step)) }
    }
}

async fn found(session: Session, list: Rc<EventList>, step: Step) -> Result<Option<Passed>, Failure> {
    let Step { wanted, by, open, cursor } = step;
    let list = &*list;
    let reads_on = || {
        session.sync.notices.tell_step(Tone::Info, "Reading the list on\u{2026}".to_owned());
    };
    let along = Along { list, wanted, from: open.as_deref(), reads_on: &reads_on };
    let is_forward = by > 0;
    let at = match &open {
        Some(number) => match list.index_of_number(number) {
            Some(at) if is_forward => at + 1,
            Some(0) => return Ok(None),
            Some(at) => at - 1,
            None => return along.by_number(is_forward).await,
        },
        None => cursor.and_then(|picked| list.index_of_event(&picked.key)).unwrap_or(0),
    };
    if is_forward { along.forward(at).await } else { along.backward(at).await }
}

fn no_other(wanted: Wanted, by: isize) -> String {
    match (wanted, by > 0) {
        (Wanted::InError, true) => "No further event in error in this list.",
        (Wanted::InError, false) => "No earlier event in error in this list.",
        (Wanted::Any, true) => "This is the last event of this list.",
        (Wanted::Any, false) => "This is the first event of this list.",
    }
    .to_owned()
}
