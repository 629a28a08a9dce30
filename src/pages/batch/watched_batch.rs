//! The batch of the page: read when it may have changed, and looked at again and again while the rating
//! process works on it. What was read last stays beside a failure.

use crate::api::{Failure, FailureKind, RecordKey};
use crate::data::session::Session;
use crate::features::batch_work::SeenBatches;
use crate::text::{StatusClass, class_of, count, events};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::life_cycle::BatchStatus;
use rest_contract::{Record, Value};
use std::sync::Arc;
use std::time::Duration;

/// How often a batch in process is looked at.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(1_500);

/// A handle.
#[derive(Clone, Copy)]
pub struct WatchedBatch {
    session: Session,
    key: StoredValue<RecordKey>,
    /// As it was read last.
    pub known: RwSignal<Option<Arc<Record>>>,
    /// The same; until it is read, as a list showed it.
    pub shown: Signal<Option<Arc<Record>>>,
    /// Why the last look brought nothing, if so.
    pub failure: RwSignal<Option<Failure>>,
    /// Whether the rating process works on it.
    pub works: Memo<bool>,
    /// How often it has come to an end since the page was opened; it need not have been seen at work.
    pub ends: RwSignal<u64>,
    /// Requests are numbered when they are sent: an answer that a later one has overtaken is dropped.
    sent: StoredValue<u64>,
    taken: StoredValue<u64>,
    is_watched: StoredValue<bool>,
}

impl WatchedBatch {
    /// Made within the page's component, whose end ends the watching.
    pub fn new(session: Session, number: &str) -> Self {
        let known = RwSignal::new(None::<Arc<Record>>);
        let seen = expect_context::<SeenBatches>().get(number);
        let shown = Signal::derive(move || known.get().or_else(|| seen.clone()));
        let works = Memo::new(move |_| known.with(|batch| batch.as_deref().is_some_and(is_at_work)));
        let batch = Self {
            session,
            key: StoredValue::new(RecordKey::batch(number)),
            known,
            shown,
            failure: RwSignal::new(None),
            works,
            ends: RwSignal::new(0),
            sent: StoredValue::new(0),
            taken: StoredValue::new(0),
            is_watched: StoredValue::new(false),
        };
        Effect::new(move || {
            // A new sign-in goes on where the last one ended.
            session.renewed.track();
            if works.get() {
                batch.watch();
            }
        });
        batch
    }

    /// Looks once.
    pub fn read(&self) {
        let batch = *self;
        spawn_local(async move {
            batch.look().await;
        });
    }

    /// One look at a time, with a pause between, as long as the rating process works.
    fn watch(&self) {
        if self.is_watched.try_update_value(|is_watched| std::mem::replace(is_watched, true)) == Some(false) {
            self.look_later();
        }
    }

    fn look_later(&self) {
        let batch = *self;
        let look = move || {
            if batch.works.try_get_untracked() != Some(true) {
                batch.is_watched.try_set_value(false);
                return;
            }
            spawn_local(async move {
                if batch.look().await {
                    batch.look_later();
                } else {
                    batch.is_watched.try_set_value(false);
                }
            });
        };
        set_timeout(look, LOOK_AGAIN_AFTER);
    }

    /// Whether looking on makes sense: the page is there and somebody is signed in.
    async fn look(&self) -> bool {
        let number = self.sent.try_update_value(|sent| {
            *sent += 1;
            *sent
        });
        let (Some(number), Some(key)) = (number, self.key.try_get_value()) else { return false };
        let read = self.session.client.read_record(&key).await;
        let is_news = self.taken.try_update_value(|taken| {
            let is_news = number > *taken;
            *taken = number.max(*taken);
            is_news
        });
        match (is_news, read) {
            (None, _) => return false,
            (Some(false), _) => {}
            (Some(true), Ok(batch)) => {
                let before = self.known.get_untracked();
                let is_end = before.is_some_and(|before| has_ended(&before, &batch));
                if is_end {
                    self.tell_end(&key, &batch);
                }
                self.known.set(Some(Arc::new(batch)));
                if is_end {
                    self.ends.update(|ends| *ends += 1);
                }
                self.failure.set(None);
            }
            (Some(true), Err(failure)) if failure.kind == FailureKind::SignedOut => {
                self.session.expire(failure.system);
                return false;
            }
            (Some(true), Err(failure)) => self.failure.set(Some(failure)),
        }
        true
    }

    /// Says how the processing has ended.
    fn tell_end(&self, key: &RecordKey, now: &Record) {
        let has_errors = match now.text("BatchStatus").and_then(BatchStatus::of) {
            Some(BatchStatus::Completed) => false,
            Some(BatchStatus::CompletedErrors) => true,
            _ => return,
        };
        let number = |name: &str| {
            now.get(name).and_then(Value::as_integer).unwrap_or_default().unsigned_abs() as usize
        };
        let all = events(number("CountOfUsageEvents"));
        let (tone, words) = if has_errors {
            let errors = count(number("CountOfEventsErrored") as u64);
            (Tone::Bad, format!("Batch {} is completed with errors: {errors} of {all} in error.", key.name()))
        } else {
            (Tone::Ok, format!("Batch {} is completed, with {all}.", key.name()))
        };
        self.session.sync.notices.tell_outcome(key.clone(), tone, words);
    }

    /// Whether the server says that there is no such batch.
    pub fn is_missing(&self) -> bool {
        self.failure
            .with(|failure| failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::NotFound))
    }
}

fn is_at_work(batch: &Record) -> bool {
    batch.text("BatchStatus").map(class_of) == Some(StatusClass::Working)
}

/// Whether processing has ended between two looks. A short one is over before it is seen at work.
fn has_ended(before: &Record, now: &Record) -> bool {
    let has_moved = |name: &str| before.get(name) != now.get(name);
    let is_over = matches!(
        now.text("BatchStatus").and_then(BatchStatus::of),
        Some(BatchStatus::Completed | BatchStatus::CompletedErrors)
    );
    let is_processed_anew = is_over && (has_moved("BatchStatus") || has_moved("ProcessedDatetime"));
    is_processed_anew || (is_at_work(before) && !is_at_work(now))
}
