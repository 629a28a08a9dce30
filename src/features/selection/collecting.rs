//! Every event of a selection read and put together into something else, with progress; a reading can
//! be stopped, and a new one ends the one before.

use super::event_pages::EventPages;
use super::{ReadingState, Selected};
use crate::api::Failure;
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use leptos::prelude::*;
use rest_contract::Record;
use std::sync::Arc;

/// The reading and what it has put together so far; a handle.
pub struct Collecting<T: 'static> {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub found: RwSignal<Arc<T>>,
    /// Whether a reading has come to its end.
    is_known: StoredValue<bool>,
    latest: Latest,
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
        Self {
            session,
            state: RwSignal::default(),
            found: RwSignal::default(),
            is_known: StoredValue::new(false),
            latest: Latest::new(session),
        }
    }

    /// Ends what is being read; what was found so far stays, and is known to be a part.
    pub fn stop(&self) {
        self.latest.stop();
        self.state.set(ReadingState::Idle);
    }

    /// Reads the selection; `take` adds each page to what was found. What is found is shown the
    /// first time after 1, 2, 4, … pages, because showing it copies all of it; read again, it replaces
    /// what stood as a whole.
    pub fn start(
        &self,
        selected: Selected,
        shape: &'static str,
        take: impl AsyncFn(&mut T, Vec<Record>) -> Result<(), Failure> + 'static,
    ) {
        let is_first = !self.is_known.get_value();
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let reading = *self;
        let read = async move |run: Run| {
            let mut pages = EventPages::new(reading.session.client, selected, shape);
            let mut found = T::default();
            let (mut read, mut shown) = (0_usize, 0_usize);
            while let Some(events) = pages.next().await?.filter(|_| run.is_current()) {
                take(&mut found, events).await?;
                if !run.is_current() {
                    break;
                }
                read += 1;
                if is_first && read >= 2 * shown {
                    shown = read;
                    reading.found.set(Arc::new(found.clone()));
                }
                reading.state.set(ReadingState::Under(pages.read, pages.total));
            }
            Ok(found)
        };
        self.latest.start(read, move |result| match result {
            Ok(found) => {
                reading.is_known.set_value(true);
                reading.found.set(Arc::new(found));
                reading.state.set(ReadingState::Done);
            }
            Err(failure) => reading.state.set(ReadingState::Failed(failure)),
        });
    }
}
