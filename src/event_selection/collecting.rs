//! Every event of a selection read and put together into something else, with progress; a reading can
//! be stopped, and a new one ends the one before.

use super::event_pages::EventPages;
use super::{ReadingState, Selected};
use crate::rest_client::FailureKind;
use crate::sign_in::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use std::sync::Arc;

/// The reading and what it has put together so far; a handle.
pub struct Collecting<T: 'static> {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub found: RwSignal<Arc<T>>,
    /// Whether a reading has come to its end.
    is_known: StoredValue<bool>,
    run: StoredValue<u64>,
}

impl<T> Clone for Collecting<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Collecting<T> {}

impl<T: Clone + Default + Send + Sync + 'static> Collecting<T> {
    /// Made within a component, whose end ends the reading.
    pub fn new(session: Session) -> Self {
        let run = StoredValue::new(0_u64);
        on_cleanup(move || {
            run.try_update_value(|run| *run += 1);
        });
        Self {
            session,
            state: RwSignal::default(),
            found: RwSignal::default(),
            is_known: StoredValue::new(false),
            run,
        }
    }

    /// Ends what is being read; what was found so far stays, and is known to be a part.
    pub fn stop(&self) {
        self.run.update_value(|run| *run += 1);
        self.state.set(ReadingState::Idle);
    }

    /// Reads the selection; `take` puts each event to the others. What is found is shown page by page
    /// the first time; read again, it replaces what stood as a whole.
    pub fn start(&self, selected: Selected, shape: &'static str, take: impl Fn(&mut T, &Record) + 'static) {
        let is_first = !self.is_known.get_value();
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let (reading, run) = (*self, self.run.get_value());
        spawn_local(async move {
            let mut pages = EventPages::new(reading.session.client, selected, shape);
            let mut found = T::default();
            loop {
                let page = pages.next().await;
                if reading.run.try_get_value() != Some(run) {
                    return;
                }
                match page {
                    Ok(Some(events)) => {
                        events.iter().for_each(|event| take(&mut found, event));
                        if is_first {
                            reading.found.set(Arc::new(found.clone()));
                        }
                        reading.state.set(ReadingState::Under(pages.read, pages.total));
                    }
                    Ok(None) => {
                        reading.is_known.set_value(true);
                        reading.found.set(Arc::new(found));
                        return reading.state.set(ReadingState::Done);
                    }
                    Err(failure) => {
                        if failure.kind == FailureKind::SignedOut {
                            reading.session.expire();
                        }
                        return reading.state.set(ReadingState::Failed(failure));
                    }
                }
            }
        });
    }
}
