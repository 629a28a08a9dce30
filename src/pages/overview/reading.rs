//! Reads the figures of a month: all at once where the server tells them, else count by count.

use super::month_query::MonthShown;
use super::status_groups::CLASSES;
use crate::api::{Failure, System};
use crate::data::latest::{Latest, Run};
use crate::data::lookups::EVENT_STATUS;
use crate::data::session::Session;
use crate::text::StatusClass;
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
    pub progress: RwSignal<Progress>,
    latest: Latest,
}

impl MonthReading {
    /// Made within a component, whose end ends the reading.
    pub fn new(session: Session) -> Self {
        let latest = Latest::new(session);
        Self { session, found: RwSignal::new(None), progress: RwSignal::default(), latest }
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
        let client = self.session.client;
        self.latest.start(
            async move |run| {
                match client.event_metrics(&plan.boundaries()).await? {
                    Some(metrics) => self.take(MonthFigures::of_reading(plan, metrics)),
                    None => {
                        let now = client.now_at(System::Oracle);
                        let figures = MonthFigures::to_count(plan, &self.statuses(), now);
                        self.count(run, figures, shows_parts).await?;
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
    fn take(self, figures: Option<MonthFigures>) {
        let Some(figures) = figures else { return };
        let is_older = self.found.with_untracked(|found| {
            found.as_ref().is_some_and(|found| {
                found.plan == figures.plan
                    && found.month.has_amounts()
                    && found.month.as_of() > figures.month.as_of()
            })
        });
        if !is_older {
            self.found.set(Some(Arc::new(figures)));
        }
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

    /// What is shown already stays until all of its successor is here.
    async fn count(self, run: Run, figures: MonthFigures, shows_parts: bool) -> Result<(), Failure> {
        let asked = figures.counts_of_months();
        let counted = Rc::new(RefCell::new(figures));
        self.count_all(run, &counted, asked, shows_parts).await?;
        let asked = counted.borrow().counts_of_days(self.session.client.now_at(System::Oracle));
        self.count_all(run, &counted, asked, shows_parts).await?;
        if run.is_current() {
            self.found.set(Some(Arc::new(counted.borrow().clone())));
        }
        Ok(())
    }

    /// A few at a time, each shown as it comes.
    async fn count_all(
        self,
        run: Run,
        counted: &Rc<RefCell<MonthFigures>>,
        asked: Vec<CountAsked>,
        shows_parts: bool,
    ) -> Result<(), Failure> {
        let of = asked.len();
        let queue = Rc::new(RefCell::new(VecDeque::from(asked)));
        let done = Rc::new(Cell::new(0));
        let lane = || {
            let (queue, done, counted) = (Rc::clone(&queue), Rc::clone(&done), Rc::clone(counted));
            async move {
                loop {
                    let Some(asked) = queue.borrow_mut().pop_front().filter(|_| run.is_current()) else {
                        return Ok(());
                    };
                    let count = self.session.client.event_count(&asked.question.q()).await?;
                    if !run.is_current() {
                        return Ok(());
                    }
                    if let Some(count) = count {
                        counted.borrow_mut().take(&asked, count, self.session.client.now_at(System::Oracle));
                        if shows_parts {
                            self.found.set(Some(Arc::new(counted.borrow().clone())));
                        }
                    }
                    done.set(done.get() + 1);
                    self.progress.set(Progress::Counting { done: done.get(), of });
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
