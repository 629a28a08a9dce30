//! All rows of a list, read by their ids in a few lanes at once. A reading counts as whole only where as many
//! records came as the server counts, and what changed meanwhile is read after it.

use super::news::OVERLAP;
use super::table_rows::Rows;
use super::whole_spec::Asked;
use super::{WholeList, WholeSpec};
use crate::api::{Failure, FailureKind, System};
use crate::features::list::{Page, WholeProgress, most_kept};
use chrono::{DateTime, Utc};
use leptos::task::spawn_local;
use std::rc::Rc;

/// Requests under way at once.
const LANES: i64 = 3;
/// How often a reading that does not come out whole is begun anew.
const TRIES: usize = 2;

/// A reading of all rows.
pub(super) struct Incoming<Row> {
    rows: Rows<Row>,
    lanes: Vec<Lane>,
    /// How many there are, as the server counted.
    of: usize,
    /// By the server's clock.
    begun_at: DateTime<Utc>,
    /// By the browser's, to tell how fast it goes, and how many had come by then.
    since: (DateTime<Utc>, usize),
    tried: usize,
}

/// Ids from one to another.
#[derive(Clone, Copy, Debug)]
struct Lane {
    after: Option<i64>,
    to: Option<i64>,
    is_done: bool,
}

impl<Spec: WholeSpec> WholeList<Spec> {
    pub(super) fn read_all(self: &Rc<Self>) {
        self.begin_reading(1);
    }

    fn begin_reading(self: &Rc<Self>, tried: usize) {
        let run = self.new_run();
        let whole = Rc::clone(self);
        spawn_local(async move {
            if let Err(failure) = whole.read_first(run, tried).await {
                whole.fail(run, failure);
            }
        });
    }

    pub(super) fn stop(&self) {
        self.new_run();
        if self.list.pages.whole().is_some() {
            // What is here is as old as it was.
            self.incoming.take();
            self.tell_here();
            return;
        }
        let incoming = self.incoming.borrow();
        let (read, of) =
            incoming.as_ref().map_or((0, 0), |incoming| (incoming.rows.table.len(), incoming.of));
        drop(incoming);
        self.tell(WholeProgress::Stopped { read, of });
    }

    /// Reads what is missing of a reading that was stopped or failed.
    pub(super) fn go_on(self: &Rc<Self>) {
        let has_lanes = self.incoming.borrow().as_ref().is_some_and(|incoming| !incoming.lanes.is_empty());
        if !has_lanes {
            self.most.set(self.most.get().max(most_kept()));
            self.read_all();
            return;
        }
        let run = self.new_run();
        if let Some(incoming) = &mut *self.incoming.borrow_mut() {
            incoming.since = (Utc::now(), incoming.rows.table.len());
        }
        self.run_lanes(run);
    }

    fn new_run(&self) -> u64 {
        self.run.set(self.run.get() + 1);
        self.run.get()
    }

    fn is_current(&self, run: u64) -> bool {
        self.run.get() == run && !self.is_left()
    }

    fn fail(&self, run: u64, failure: Failure) {
        if !self.is_current(run) {
            return;
        }
        // The other lanes end too.
        self.new_run();
        self.list.spec.session().expire_by(&failure);
        let incoming = self.incoming.borrow();
        let (read, of) =
            incoming.as_ref().map_or((0, 0), |incoming| (incoming.rows.table.len(), incoming.of));
        drop(incoming);
        self.tell(WholeProgress::Failed { read, of, failure });
    }

    /// How many there are, and where they end.
    async fn read_first(self: &Rc<Self>, run: u64, tried: usize) -> Result<(), Failure> {
        self.incoming.take();
        let session = self.list.spec.session();
        let begun_at = session.client.now_at(System::Oracle);
        let count = self.list.spec.records(session.client, Asked::Count).await?;
        if !self.is_current(run) {
            return Ok(());
        }
        let of = count.total.unwrap_or_default();
        if of > self.most.get() {
            self.tell(WholeProgress::TooLong { of, most: self.most.get() });
            return Ok(());
        }
        let since = (Utc::now(), 0);
        let whole = Lane { after: None, to: None, is_done: false };
        *self.incoming.borrow_mut() =
            Some(Incoming { rows: Rows::new::<Spec>(), lanes: vec![whole], of, begun_at, since, tried });
        self.tell_reading();
        self.read_page(run, 0).await?;
        let rest = self.incoming.borrow().as_ref().and_then(|incoming| incoming.lanes.first().copied());
        if let Some(Lane { after: Some(after), is_done: false, .. }) = rest.filter(|_| self.is_current(run)) {
            let last = self.list.spec.records(session.client, Asked::Last).await?;
            let last = last.rows.first().map_or(after, |(id, _)| *id);
            if let Some(incoming) = &mut *self.incoming.borrow_mut()
                && self.is_current(run)
            {
                incoming.lanes = lanes(after, last);
            }
        }
        if self.is_current(run) {
            self.run_lanes(run);
        }
        Ok(())
    }

    fn run_lanes(self: &Rc<Self>, run: u64) {
        let open: Vec<usize> = {
            let incoming = self.incoming.borrow();
            let lanes = incoming.iter().flat_map(|incoming| incoming.lanes.iter().enumerate());
            lanes.filter(|(_, lane)| !lane.is_done).map(|(at, _)| at).collect()
        };
        if open.is_empty() {
            self.finish(run);
        }
        for lane in open {
            let whole = Rc::clone(self);
            spawn_local(async move {
                if let Err(failure) = whole.read_lane(run, lane).await {
                    whole.fail(run, failure);
                }
            });
        }
    }

    async fn read_lane(self: &Rc<Self>, run: u64, lane: usize) -> Result<(), Failure> {
        loop {
            self.read_page(run, lane).await?;
            if !self.is_current(run) {
                return Ok(());
            }
            let incoming = self.incoming.borrow();
            let lanes = incoming.as_ref().map_or(&[][..], |incoming| &incoming.lanes);
            let is_all = lanes.iter().all(|lane| lane.is_done);
            let is_done = lanes.get(lane).is_none_or(|lane| lane.is_done);
            drop(incoming);
            if is_done {
                if is_all {
                    self.finish(run);
                }
                return Ok(());
            }
        }
    }

    /// The next page of a lane.
    async fn read_page(&self, run: u64, lane: usize) -> Result<(), Failure> {
        let Some(asked) =
            self.incoming.borrow().as_ref().and_then(|incoming| incoming.lanes.get(lane).copied())
        else {
            return Ok(());
        };
        let stamp = self.next_stamp();
        let client = self.list.spec.session().client;
        let page =
            self.list.spec.records(client, Asked::Between { after: asked.after, to: asked.to }).await?;
        if !self.is_current(run) {
            return Ok(());
        }
        in_order(&page, asked.after)?;
        if let Some(incoming) = &mut *self.incoming.borrow_mut() {
            incoming.rows.put::<Spec>(&page.rows, stamp);
            let lane = &mut incoming.lanes[lane];
            lane.after = page.rows.last().map(|(id, _)| *id).or(lane.after);
            lane.is_done = !page.has_more;
        }
        self.tell_reading();
        Ok(())
    }

    fn tell_reading(&self) {
        let incoming = self.incoming.borrow();
        let Some(incoming) = incoming.as_ref() else { return };
        let read = incoming.rows.table.len();
        let (began, had) = incoming.since;
        let spent = (Utc::now() - began).num_milliseconds().max(1).unsigned_abs() as usize;
        let per_second = read.saturating_sub(had).saturating_mul(1_000) / spent;
        let progress = WholeProgress::Reading { read, of: incoming.of, per_second };
        self.tell(progress);
    }

    /// All lanes have come to their ends: reads what changed meanwhile, and counts.
    fn finish(self: &Rc<Self>, run: u64) {
        let whole = Rc::clone(self);
        spawn_local(async move {
            if let Err(failure) = whole.close(run).await {
                whole.fail(run, failure);
            }
        });
    }

    async fn close(self: &Rc<Self>, run: u64) -> Result<(), Failure> {
        let Some(begun_at) = self.incoming.borrow().as_ref().map(|incoming| incoming.begun_at) else {
            return Ok(());
        };
        let client = self.list.spec.session().client;
        let as_of = client.now_at(System::Oracle);
        let time = begun_at - OVERLAP;
        let mut after = None;
        loop {
            let stamp = self.next_stamp();
            let page = self.list.spec.records(client, Asked::ChangedSince { time, after }).await?;
            if !self.is_current(run) {
                return Ok(());
            }
            in_order(&page, after)?;
            after = page.rows.last().map(|(id, _)| *id).or(after);
            if let Some(incoming) = &mut *self.incoming.borrow_mut() {
                incoming.rows.put::<Spec>(&page.rows, stamp);
            }
            if !page.has_more {
                break;
            }
        }
        let counted = self.list.spec.records(client, Asked::Count).await?.total;
        if !self.is_current(run) {
            return Ok(());
        }
        let Some(incoming) = self.incoming.take() else { return Ok(()) };
        if counted.is_some_and(|counted| counted != incoming.rows.table.len()) {
            if incoming.tried < TRIES {
                self.begin_reading(incoming.tried + 1);
            } else {
                self.tell(WholeProgress::NotWhole);
            }
            return Ok(());
        }
        self.take(incoming, as_of);
        Ok(())
    }

    /// Shows the rows of a reading that is whole.
    fn take(self: &Rc<Self>, incoming: Incoming<Spec::Row>, as_of: DateTime<Utc>) {
        let mut rows = incoming.rows;
        {
            let mut here = self.rows.here.borrow_mut();
            let Rows { table, kept, .. } = &mut here.rows;
            // What is on the screen now stays what it is.
            for (at, row, read) in std::mem::take(kept).into_read() {
                if let Some(at) = rows.table.row(table.key(at)) {
                    rows.kept.keep(at, row, read);
                }
            }
            if self.list.pages.whole().is_none() {
                let read = self.stamp.get();
                self.list.pages.each_read(|row| {
                    if let Some(at) = Spec::id(row).and_then(|id| rows.table.row(id)) {
                        rows.kept.keep(at, Rc::new(row.clone()), read);
                    }
                });
            }
            here.next = Some(rows);
            here.as_of = Some(as_of);
        }
        self.rows.answer();
        self.look_for_news_by_and_by();
    }
}

/// Ids behind `after` up to the last one, and whatever comes behind that, in as many parts.
fn lanes(after: i64, last: i64) -> Vec<Lane> {
    let span = (last.saturating_sub(after) / LANES).max(1);
    let ends = (1..LANES).map(|lane| after.saturating_add(span.saturating_mul(lane)));
    let mut begins = Some(after);
    let mut lanes: Vec<Lane> =
        ends.map(|end| Lane { after: begins.replace(end), to: Some(end), is_done: false }).collect();
    lanes.push(Lane { after: begins, to: None, is_done: false });
    lanes
}

/// A page that does not lead on would be asked for again for ever.
fn in_order<Row>(page: &Page<(i64, Row)>, after: Option<i64>) -> Result<(), Failure> {
    let ids = || page.rows.iter().map(|(id, _)| *id);
    let is_rising = ids().zip(ids().skip(1)).all(|(one, next)| one < next);
    let is_further = ids().next().is_none_or(|first| after.is_none_or(|after| first > after));
    if is_rising && is_further && (!page.has_more || !page.rows.is_empty()) {
        return Ok(());
    }
    let words = "The records came in another order than was asked for.".to_owned();
    Err(Failure::new(System::Oracle, FailureKind::Unreadable(words)))
}
