//! What is in sight and stays there is read once more, with all that a row shows: who looks at rows, or acts on
//! them, has them as they are now.

use super::whole_spec::Asked;
use super::{WholeList, WholeSpec};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

/// Rows that are passed by are not read.
const RESTS: Duration = Duration::from_millis(150);
/// Ids in one query: addresses of more than some thousand letters are refused by gateways.
const AT_ONCE: usize = 100;

#[derive(Default)]
pub(super) struct Sight {
    rows: Range<usize>,
    /// Goes up when something else comes into sight.
    number: u64,
    is_waiting: bool,
    /// What was read earlier than this is old.
    fresh_since: i64,
    /// Changed here, in a way that only the server knows whole.
    stale: BTreeSet<i64>,
}

impl Sight {
    /// What was read up to now is old.
    pub(super) fn expire(&mut self, stamp: i64) {
        self.fresh_since = stamp + 1;
    }

    pub(super) fn outdate(&mut self, id: i64) {
        self.stale.insert(id);
    }
}

impl<Spec: WholeSpec> WholeList<Spec> {
    pub(super) fn look_at(self: &Rc<Self>, rows: Range<usize>) {
        let mut sight = self.sight.borrow_mut();
        if sight.is_waiting && sight.rows == rows {
            return;
        }
        sight.rows = rows;
        sight.number += 1;
        sight.is_waiting = true;
        let number = sight.number;
        drop(sight);
        let whole = Rc::clone(self);
        let read = move || {
            let is_last = whole.sight.borrow().number == number;
            if is_last && !whole.is_left() {
                whole.sight.borrow_mut().is_waiting = false;
                spawn_local(async move { whole.read_in_sight().await });
            }
        };
        set_timeout(read, RESTS);
    }

    async fn read_in_sight(self: Rc<Self>) {
        let ids = self.old_in_sight();
        if ids.is_empty() {
            return;
        }
        let stamp = self.next_stamp();
        let session = self.list.spec.session();
        match self.list.spec.records(session.client, Asked::InSight(&ids)).await {
            _ if self.is_left() => {}
            Ok(page) => {
                self.rows.put(&page.rows, stamp);
                {
                    let mut here = self.rows.here.borrow_mut();
                    let mut sight = self.sight.borrow_mut();
                    for (id, row) in page.rows {
                        if let Some(at) = here.rows.table.row(id) {
                            here.rows.kept.keep(at, Rc::new(row), stamp);
                        }
                    }
                    for id in ids {
                        sight.stale.remove(&id);
                        // It has left the list. It stands as it was until the list is read again.
                        if let Some(at) = here.rows.table.row(id)
                            && here.rows.kept.read(at).is_none_or(|read| read < stamp)
                            && let Some(row) = here.rows.row::<Spec>(at)
                        {
                            here.rows.kept.keep(at, row, stamp);
                        }
                    }
                }
                self.rows.go_on_answering();
                self.list.pages.touch();
            }
            // They are asked for again when they come into sight.
            Err(failure) => session.expire_by(&failure),
        }
    }

    /// Ids of rows in sight that were not read since they came into sight.
    fn old_in_sight(&self) -> Vec<i64> {
        let (here, sight) = (self.rows.here.borrow(), self.sight.borrow());
        let stale = sight.stale.iter().copied();
        let in_sight =
            here.shown.get(sight.rows.start.min(here.shown.len())..sight.rows.end.min(here.shown.len()));
        let is_old = |at: &u32| here.rows.kept.read(*at).is_none_or(|read| read < sight.fresh_since);
        let old =
            in_sight.unwrap_or_default().iter().copied().filter(is_old).map(|at| here.rows.table.key(at));
        let mut ids: Vec<i64> = stale.chain(old).take(AT_ONCE).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
