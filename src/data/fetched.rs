//! Something that a screen reads, and reads again. What was read before stays until its successor is here: it
//! is worth more than nothing, and what stands on it is not drawn anew for the same.

use super::latest::Latest;
use super::session::Session;
use crate::api::Failure;
use leptos::prelude::*;
use std::rc::Rc;

/// A handle.
pub struct Fetched<T: 'static> {
    pub found: RwSignal<Option<T>>,
    /// Why the last reading brought nothing, if so.
    pub failure: RwSignal<Option<Failure>>,
    again: Callback<()>,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

impl<T: PartialEq + Send + Sync + 'static> Fetched<T> {
    /// Made within a component, whose end ends the reading. Nothing is read before it is asked for.
    pub fn new(session: Session, read: impl AsyncFn() -> Result<T, Failure> + 'static) -> Self {
        let (found, failure) = (RwSignal::new(None::<T>), RwSignal::new(None));
        let latest = Latest::new(session);
        let read = StoredValue::new_local(Rc::new(read));
        let again = Callback::new(move |()| {
            let read = read.get_value();
            let take = move |result| match result {
                Ok(now) => {
                    failure.maybe_update(|failure| failure.take().is_some());
                    found.maybe_update(|before| {
                        let is_other = before.as_ref() != Some(&now);
                        *before = Some(now);
                        is_other
                    });
                }
                Err(why) => failure.set(Some(why)),
            };
            latest.start(async move |_| read().await, take);
        });
        Self { found, failure, again }
    }

    /// Reads it, or reads it anew.
    pub fn read(self) {
        untrack(|| self.again.run(()));
    }

    /// The same as a callback.
    pub fn again(self) -> Callback<()> {
        self.again
    }

    /// Reads it now, after each new sign-in, and whenever what `tracks` looks at changes.
    pub fn read_when(self, session: Session, tracks: impl Fn() + 'static) -> Self {
        Effect::new(move || {
            session.renewed.track();
            tracks();
            self.read();
        });
        self
    }
}
