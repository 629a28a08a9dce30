//! What others, and the person, change of records that are here.

use super::table_rows::Rows;
use super::whole_spec::Asked;
use super::{WholeList, WholeSpec};
use crate::api::{Failure, RecordKey, System};
use crate::features::list::{News, WholeProgress};
use chrono::TimeDelta;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(30);
/// Clocks of a server's processes differ, and what is changed is told a little later.
pub(super) const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// What was noted since the rows in sight were put in order.
#[derive(Default)]
pub(super) struct Noted {
    added: BTreeSet<i64>,
    changed: BTreeSet<i64>,
    /// By how many records the server's count differs from what is here.
    gone: usize,
    unknown: usize,
    is_waiting: bool,
}

impl<Spec: WholeSpec> WholeList<Spec> {
    pub(super) fn look_for_news_by_and_by(self: &Rc<Self>) {
        if self.news.borrow().is_waiting {
            return;
        }
        self.news.borrow_mut().is_waiting = true;
        // A list that is left is let go at once, and not only when this is due.
        let whole = Rc::downgrade(self);
        let look = move || {
            let Some(whole) = whole.upgrade().filter(|whole| !whole.is_left()) else { return };
            whole.news.borrow_mut().is_waiting = false;
            spawn_local(async move {
                if !document().hidden()
                    && let Err(failure) = whole.look_for_news().await
                {
                    whole.list.spec.session().expire_by(&failure);
                }
                if !whole.is_left() {
                    whole.look_for_news_by_and_by();
                }
            });
        };
        set_timeout(look, LOOK_AGAIN_AFTER);
    }

    /// Takes over what has changed on the server. No row in sight leaves its place.
    async fn look_for_news(self: &Rc<Self>) -> Result<(), Failure> {
        let Some(before) = self.rows.here.borrow().as_of else { return Ok(()) };
        let client = self.list.spec.session().client;
        let as_of = client.now_at(System::Oracle);
        let (run, time) = (self.run.get(), before - OVERLAP);
        let mut after = None;
        loop {
            let stamp = self.next_stamp();
            let page = self.list.spec.records(client, Asked::ChangedSince { time, after }).await?;
            if self.is_left() || self.run.get() != run {
                return Ok(());
            }
            let last = page.rows.last().map(|(id, _)| *id);
            let news: Vec<_> = page.rows.into_iter().filter(|(id, row)| self.note(*id, row)).collect();
            if !news.is_empty() {
                self.rows.put(&news, stamp);
                let mut here = self.rows.here.borrow_mut();
                let Rows { table, kept, .. } = &mut here.rows;
                news.iter().filter_map(|(id, _)| table.row(*id)).for_each(|at| kept.forget(at));
            }
            if !page.has_more || last <= after {
                break;
            }
            after = last;
        }
        let counted = self.list.spec.records(client, Asked::Count).await?.total;
        if self.is_left() || self.run.get() != run {
            return Ok(());
        }
        let here = self.rows.here.borrow().rows.table.len();
        if let Some(counted) = counted {
            let mut noted = self.news.borrow_mut();
            (noted.gone, noted.unknown) = (here.saturating_sub(counted), counted.saturating_sub(here));
        }
        self.rows.here.borrow_mut().as_of = Some(as_of);
        self.rows.go_on_answering();
        self.tell_here();
        Ok(())
    }

    /// Whether a record is another one than is here; if so, that is noted.
    fn note(&self, id: i64, row: &Spec::Row) -> bool {
        let mut here = self.rows.here.borrow_mut();
        let Some(at) = here.rows.table.row(id) else {
            self.news.borrow_mut().added.insert(id);
            return true;
        };
        let known = here.rows.row::<Spec>(at);
        let is_same =
            known.is_some_and(|known| self.list.spec.version(&known) == self.list.spec.version(row));
        let is_other = !is_same;
        if is_other {
            self.news.borrow_mut().changed.insert(id);
        }
        is_other
    }

    /// Says how new the rows are.
    pub(super) fn tell_here(&self) {
        let noted = self.news.borrow();
        let news =
            News { added: noted.added.len() + noted.unknown, changed: noted.changed.len(), gone: noted.gone };
        drop(noted);
        if let Some(as_of) = self.rows.here.borrow().as_of
            && self.incoming.borrow().is_none()
        {
            self.list.pages.progress.set(WholeProgress::Here { as_of, news });
        }
    }

    pub(super) fn forget_news(&self) {
        let mut noted = self.news.borrow_mut();
        noted.added.clear();
        noted.changed.clear();
        drop(noted);
        self.tell_here();
    }

    pub(super) fn show_news(self: &Rc<Self>) {
        let is_uncertain = {
            let noted = self.news.borrow();
            noted.gone + noted.unknown > 0
        };
        if is_uncertain {
            self.read_all();
        } else {
            self.rows.answer();
        }
    }

    /// Takes over what the store knows.
    pub(super) fn take_over(self: &Rc<Self>, keys: &BTreeSet<RecordKey>) {
        let stamp = self.next_stamp();
        let mut rows = Vec::new();
        for key in keys {
            let mut here = self.rows.here.borrow_mut();
            let Some(at) = Spec::row_of_key(&here.rows.table, &key.path) else { continue };
            let Some(before) = here.rows.row::<Spec>(at) else { continue };
            let mut row = (*before).clone();
            let id = here.rows.table.key(at);
            let (is_whole, read) = (self.list.spec.renewed(&mut row, key), here.rows.kept.read(at));
            if !is_whole {
                self.sight.borrow_mut().outdate(id);
            }
            let is_other = self.list.spec.version(&before) != self.list.spec.version(&row);
            match read {
                Some(read) => here.rows.kept.keep(at, Rc::new(row.clone()), read),
                None => here.rows.kept.forget(at),
            }
            if is_other {
                rows.push((id, row));
            }
        }
        if !rows.is_empty() {
            self.rows.put(&rows, stamp);
            self.rows.go_on_answering();
        }
        self.list.pages.touch();
    }
}
