//! Runs one piece of work at a time: beginning a new one ends the one before, for example when a list is
//! read anew.

use super::session::Session;
use crate::api::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A place for one such work; a handle.
#[derive(Clone, Copy)]
pub struct Latest {
    session: Session,
    run: StoredValue<u64>,
}

/// One run of the work.
#[derive(Clone, Copy)]
pub struct Run {
    of: StoredValue<u64>,
    number: u64,
}

impl Run {
    /// Whether no other run has begun, and nobody has stopped this one.
    pub fn is_current(self) -> bool {
        self.of.try_get_value() == Some(self.number)
    }
}

impl Latest {
    /// Made within a component, whose end ends the work.
    pub fn new(session: Session) -> Self {
        let latest = Self { session, run: StoredValue::new(0) };
        on_cleanup(move || latest.stop());
        latest
    }

    /// Ends what is under way: nothing more is heard of it.
    pub fn stop(self) {
        self.run.try_update_value(|run| *run += 1);
    }

    /// Ends what is under way and begins `work`. `done` hears of its end, unless it was ended before; a
    /// failure that says that a session has ended is told to the session.
    pub fn start<T: 'static>(
        self,
        work: impl AsyncFnOnce(Run) -> Result<T, Failure> + 'static,
        done: impl FnOnce(Result<T, Failure>) + 'static,
    ) {
        self.stop();
        let Some(number) = self.run.try_get_value() else { return };
        let run = Run { of: self.run, number };
        spawn_local(async move {
            let result = work(run).await;
            if run.is_current() {
                if let Err(failure) = &result {
                    self.session.expire_by(failure);
                }
                done(result);
            }
        });
    }
}
