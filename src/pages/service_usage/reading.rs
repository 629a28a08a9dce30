//! Reading every event of the platform into the list, in the order in which they were made, and the end of
//! the list, which is read again because older events may still come in between.

use super::every_event::{GoOn, PageRead, Progress, read_every_event};
use super::source::UsageList;
use crate::api::{Failure, FailureKind, System};
use crate::data::latest::Run;
use leptos::prelude::*;
use rest_contract::cloud_foundry::{EventReading, UsageEvent, settled};
use std::rc::Rc;

/// An event younger than this may still be overtaken in the list by an older one that is committed later.
/// It is shown, and read again with all that follows it.
pub const SAFETY_AGE: i64 = 60;

/// How much of the whole list is here.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reading {
    #[default]
    NotBegun,
    Under(Progress),
    Stopped(Progress),
    /// Every event that the platform had at this second of its own clock is here.
    Whole(i64),
    Failed(Failure),
}

impl UsageList {
    /// Ends a reading that is under way, and a look for new events.
    pub fn stop(&self) {
        self.spec().latest.stop();
        self.spec().is_looking.set(false);
        self.spec().reading.update(|reading| {
            if let Reading::Under(progress) = reading {
                *reading = Reading::Stopped(*progress);
            }
        });
    }

    /// Reads every event, unless they are here or coming. A reading that was stopped, or failed while what is
    /// here is good, goes on where it stood.
    pub fn read_whole(self: &Rc<Self>) {
        let here = self.spec().table.borrow().len();
        let begun = match self.spec().reading.get_untracked() {
            Reading::Whole(_) | Reading::Under(_) => return,
            Reading::Stopped(progress) => progress,
            Reading::NotBegun | Reading::Failed(_) => {
                Progress { read: here, total: self.list.pages.count().known() }
            }
        };
        self.spec().reading.set(Reading::Under(begun));
        let (list, read) = (Rc::clone(self), Rc::clone(self));
        self.spec().latest.start(
            async move |run| read.read_pages(run).await,
            move |result| {
                match result {
                    Ok(as_of) => {
                        list.spec().reading.set(Reading::Whole(as_of));
                        list.answer_from_memory();
                    }
                    Err(failure) => list.reading_failed(failure),
                }
                list.list.pages.touch();
            },
        );
    }

    /// Gives the second, on the platform's clock, up to which every event is here.
    async fn read_pages(self: &Rc<Self>, run: Run) -> Result<i64, Failure> {
        let (mut tail, begun) = Tail::after(self);
        let before = tail.from;
        self.forget_from(before);
        if self.is_local() {
            self.answer_from_memory();
        }
        let mut shown = before.max(1);
        read_every_event(self.spec().session.client, begun, &mut |page| {
            if !run.is_current() {
                return GoOn::No;
            }
            tail.take(page);
            tail.put_into(self);
            let progress = page.progress;
            self.spec().reading.set(Reading::Under(progress));
            // Shown at 1, 2, 4, … pages: filtering and ordering what is here takes time as well.
            if self.is_local() && progress.read >= shown * 2 {
                shown = progress.read;
                self.answer_from_memory();
                self.list.pages.touch();
            }
            GoOn::Yes
        })
        .await?;
        Ok(tail.as_of())
    }

    fn reading_failed(&self, failure: Failure) {
        if is_no_ground(&failure) {
            self.forget_what_is_settled();
        }
        if self.spec().table.borrow().is_empty() && self.is_local() {
            self.list.pages.status.update(|status| status.failure = Some(failure.clone()));
        }
        self.spec().reading.set(Reading::Failed(failure));
    }

    /// Lets go of all events from a row on, as if they had not been read.
    pub(super) fn forget_from(&self, row: usize) {
        self.spec().table.borrow_mut().truncate(row);
        self.remove_from(row as i64);
    }

    /// The next reading begins at the first event.
    pub(super) fn forget_what_is_settled(&self) {
        self.spec().settled.set(0);
        self.spec().announced.set(0);
    }
}

/// Whether what came before a failure is nothing to go on from: the platform no longer knows the last event
/// that is here, or a page of the list left something out.
pub fn is_no_ground(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Refused(422, _) | FailureKind::NotWhole(_))
}

/// The end of the list as it is read again: everything behind the last event that nothing can come before.
pub(super) struct Tail {
    pub from: usize,
    announced: usize,
    events: Vec<UsageEvent>,
    /// How many of the rows, from the first on, are settled.
    settled: usize,
    is_settled: bool,
    /// The platform's clock at the first page.
    date: Option<i64>,
    now: i64,
}

impl Tail {
    /// With the reading that brings it.
    pub fn after(list: &UsageList) -> (Self, EventReading) {
        let table = list.spec().table.borrow();
        let from = list.spec().settled.get().min(table.len());
        let announced = list.spec().announced.get();
        let now = list.spec().session.client.now_at(System::CloudFoundry).timestamp();
        let tail =
            Self { from, announced, events: Vec::new(), settled: from, is_settled: true, date: None, now };
        (tail, EventReading::after(&table, from, announced))
    }

    pub fn take(&mut self, page: &PageRead<'_>) {
        self.date = self.date.or(page.date);
        self.announced = page.progress.total;
        // Without the platform's clock, its newest event tells a time that has certainly passed.
        let newest = || page.events.iter().map(|event| event.created_at).max();
        let now = page.date.or_else(newest).unwrap_or_default();
        if self.is_settled {
            let old_enough = settled(&page.events, now, SAFETY_AGE);
            self.settled +=
                page.events.iter().take(old_enough).filter(|event| event.fault().is_none()).count();
            self.is_settled = old_enough == page.events.len();
        }
        self.events.extend(page.events.iter().cloned());
    }

    /// Moves what was read so far into the list's table.
    pub fn put_into(&mut self, list: &UsageList) {
        let mut table = list.spec().table.borrow_mut();
        let mut rows = Vec::new();
        for event in self.events.drain(..) {
            let row = table.len() as i64;
            table.push(&event);
            if event.fault().is_none() {
                rows.push((row, event));
            }
        }
        list.put(&rows, 0);
        list.spec().settled.set(self.settled);
        list.spec().announced.set(self.announced);
        list.spec().unsettled.set(table.len().saturating_sub(self.settled));
    }

    /// The second, on the platform's clock, of which the list tells.
    pub fn as_of(&self) -> i64 {
        self.date.unwrap_or(self.now)
    }
}
