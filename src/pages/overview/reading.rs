//! Reads the figures of a month: all at once where the server tells them, else count by count.

use super::month_query::MonthShown;
use super::status_groups::CLASSES;
use crate::api::{Failure, System};
use crate::data::latest::{Latest, Run};
use crate::data::lookups::EVENT_STATUS;
use crate::data::session::Session;
use crate::text::StatusClass;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use rest_contract::oracle::month_figures::{CountAsked, MonthFigures};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

/// Counts under way at once.
const LANES: usize = 3;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    #[default]
    Idle,
    Reading,
    /// So many counts of so many have come.
    Counting {
        done: usize,
        of: usize,
    },
    Stopped,
    Failed(Failure),
}

/// The figures of the month that is shown; a handle.
#[derive(Clone, Copy)]
pub struct MonthReading {
    session: Session,
    pub found: RwSignal<Option<Arc<MonthFigures>>>,
    /// When what is found was asked for, by this computer's clock.
    pub begun_at: RwSignal<Option<DateTime<Utc>>>,
    pub progress: RwSignal<Progress>,
    latest: Latest,
}

impl MonthReading {
    /// Made within a component, whose end ends the reading.
    pub fn new(session: Session) -> Self {
        let latest = Latest::new(session);
        Self {
            session,
            found: RwSignal::new(None),
            begun_at: RwSignal::new(None),
            progress: RwSignal::default(),
            latest,
        }
    }

    /// Reads the month, or reads it anew. What is shown of the same month stays until its successor is here.
    pub fn read(self, shown: &MonthShown) {
        let Some(plan) = shown.plan() else { return };
        let is_same =
            self.found.with_untracked(|found| found.as_ref().is_some_and(|found| found.plan == plan));
        let shows_parts = self.found.with_untracked(Option::is_none) || !is_same;
        if !is_same {
            self.found.set(None);
        }
        self.progress.set(Progress::Reading);
        let begun_at = Utc::now();
        let client = self.session.client;
        self.latest.start(
            async move |run| {
                let metrics = client.event_metrics(&plan.boundaries()).await?;
                if !run.is_current() {
                    return Ok(());
                }
                match metrics {
                    Some(metrics) => self.take(MonthFigures::of_reading(plan, metrics), begun_at),
                    None => {
                        let now = client.now_at(System::Oracle);
                        let figures = MonthFigures::to_count(plan, &self.statuses(), now);
                        let counted = RefCell::new(figures);
                        Rc::new(Counting { reading: self, run, counted, begun_at, shows_parts })
                            .count()
                            .await?;
                    }
                }
                Ok(())
            },
            move |result| {
                self.progress.set(match result {
                    Ok(()) => Progress::Idle,
                    Err(failure) => Progress::Failed(failure),
                });
            },
        );
    }

    pub fn stop(self) {
        self.latest.stop();
        self.progress.set(Progress::Stopped);
    }

    /// An answer of an earlier moment never takes the place of a later one's.
    fn take(self, figures: Option<MonthFigures>, begun_at: DateTime<Utc>) {
        let Some(figures) = figures else { return };
        let is_older = self.found.with_untracked(|found| {
            found.as_ref().is_some_and(|found| {
                found.plan == figures.plan
                    && found.month.has_amounts()
                    && found.month.as_of() > figures.month.as_of()
            })
        });
        if !is_older {
            self.show(figures, begun_at);
        }
    }

    fn show(self, figures: MonthFigures, begun_at: DateTime<Utc>) {
        self.begun_at.set(Some(begun_at));
        self.found.set(Some(Arc::new(figures)));
    }

    /// Every status that an event may have.
    fn statuses(self) -> Vec<String> {
        let tables = self.session.lookups.tables.get_untracked();
        let mut codes: Vec<String> =
            tables.list(EVENT_STATUS).iter().map(|entry| entry.code.clone()).collect();
        if codes.is_empty() {
            codes.extend(CLASSES.into_iter().flat_map(StatusClass::codes).map(str::to_owned));
        }
        codes
    }
}

/// The counts that stand in for a reading, as they come.
struct Counting {
    reading: MonthReading,
    run: Run,
    counted: RefCell<MonthFigures>,
    begun_at: DateTime<Utc>,
    /// Each is shown as it comes; else what is shown already stays until all of its successor is here.
    shows_parts: bool,
}

impl Counting {
    async fn count(self: Rc<Self>) -> Result<(), Failure> {
        let asked = self.counted.borrow().counts_of_months();
        self.count_all(asked).await?;
        let asked = self.counted.borrow().counts_of_days(self.now());
        self.count_all(asked).await?;
        if self.run.is_current() {
            self.show();
        }
        Ok(())
    }

    fn now(&self) -> DateTime<Utc> {
        self.reading.session.client.now_at(System::Oracle)
    }

    fn show(&self) {
        self.reading.show(self.counted.borrow().clone(), self.begun_at);
    }

    /// A few at a time.
    async fn count_all(self: &Rc<Self>, asked: Vec<CountAsked>) -> Result<(), Failure> {
        let of = asked.len();
        let queue = Rc::new(RefCell::new(VecDeque::from(asked)));
        let done = Rc::new(Cell::new(0));
        let lane = || {
            let (all, queue, done) = (Rc::clone(self), Rc::clone(&queue), Rc::clone(&done));
            async move {
                loop {
                    let Some(asked) = queue.borrow_mut().pop_front().filter(|_| all.run.is_current()) else {
                        return Ok(());
                    };
                    let count = all.reading.session.client.event_count(&asked.question.q()).await?;
                    if !all.run.is_current() {
                        return Ok(());
                    }
                    if let Some(count) = count {
                        all.counted.borrow_mut().take(&asked, count, all.now());
                        if all.shows_parts {
                            all.show();
                        }
                    }
                    done.set(done.get() + 1);
                    all.reading.progress.set(Progress::Counting { done: done.get(), of });
                }
            }
        };
        together([lane(), lane(), lane()]).await
    }
}

/// Waits for all; the first failure is the failure of all.
async fn together<F: Future<Output = Result<(), Failure>>>(lanes: [F; LANES]) -> Result<(), Failure> {
    let mut lanes = lanes.map(|lane| Some(Box::pin(lane)));
    poll_fn(|context| {
        for slot in &mut lanes {
            let Some(lane) = slot else { continue };
            if let Poll::Ready(end) = lane.as_mut().poll(context) {
                *slot = None;
                if end.is_err() {
                    return Poll::Ready(end);
                }
            }
        }
        if lanes.iter().all(Option::is_none) { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}
