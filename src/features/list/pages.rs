//! A list that is read page by page, as its rows come into sight.

use super::whole_rows::{LoadCommand, WholeProgress, WholeReader, WholeRows};
use crate::api::{Failure, PageCalls, RestClient};
use crate::data::session::Session;
use crate::text::count;
use grid_model::{PageRequest, RowCount, RowState, SortDirection, SortKey, WindowCache};
use leptos::prelude::*;
use rest_contract::{Collection, Record};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// Rows read at once: a screen and a half, so that the first rows come quickly.
const PAGE: usize = 100;

/// How a list stands, for what surrounds the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListStatus {
    pub count: RowCount,
    pub loading: bool,
    /// Why nothing at all could be shown.
    pub failure: Option<Failure>,
    /// Why what is shown could not be read again.
    pub not_again: Option<Failure>,
}

/// What one page brought.
pub struct Page<Row> {
    pub rows: Vec<Row>,
    /// How many rows the list has in all, where the server says it.
    pub total: Option<usize>,
    pub has_more: bool,
}

impl From<Collection> for Page<Record> {
    fn from(answer: Collection) -> Self {
        let total = answer.total_results.and_then(|total| usize::try_from(total).ok());
        Self { rows: answer.items, total, has_more: answer.has_more }
    }
}

/// The pages of a list that are here, and those that are on their way; once the list is here as a whole, all of
/// its rows in their place.
pub struct ListPages<Row> {
    session: Session,
    cache: RefCell<WindowCache<Row>>,
    whole: RefCell<Option<Rc<dyn WholeRows<Row>>>>,
    reader: RefCell<Option<Rc<dyn WholeReader>>>,
    is_whole: Cell<bool>,
    /// More rows are still to come than are here.
    is_growing: Cell<bool>,
    /// Rows are read by pages at all.
    is_paged: bool,
    calls: PageCalls,
    pub revision: RwSignal<u64>,
    pub status: RwSignal<ListStatus>,
    /// How far all of the rows have come in.
    pub progress: RwSignal<WholeProgress>,
    /// All rows are wanted here, however few they are.
    pub wants_whole: RwSignal<bool>,
}

impl<Row> ListPages<Row> {
    /// At most `most_pages` are kept; where there are none, all rows come at once.
    pub fn new(session: Session, most_pages: usize) -> Self {
        Self {
            session,
            cache: RefCell::new(WindowCache::new(PAGE, most_pages)),
            whole: RefCell::default(),
            reader: RefCell::default(),
            is_whole: Cell::new(false),
            is_growing: Cell::new(false),
            is_paged: most_pages > 0,
            calls: PageCalls::default(),
            revision: RwSignal::new(0),
            status: RwSignal::new(ListStatus { loading: true, ..ListStatus::default() }),
            progress: RwSignal::default(),
            wants_whole: RwSignal::new(false),
        }
    }

    /// By which the list's server is asked.
    pub fn client(&self) -> RestClient {
        self.session.client
    }

    pub fn touch(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    /// What reads all of the rows, once it has begun.
    pub fn reader(&self) -> Option<Rc<dyn WholeReader>> {
        self.reader.borrow().clone()
    }

    /// The rows, where all of them are here.
    pub fn whole(&self) -> Option<Rc<dyn WholeRows<Row>>> {
        self.whole.borrow().clone().filter(|_| self.is_whole.get())
    }

    /// All rows are going to be here.
    pub fn begin_whole(&self, rows: Rc<dyn WholeRows<Row>>) {
        *self.whole.borrow_mut() = Some(rows);
    }

    /// They are read by this.
    pub fn begin_reading_whole(&self, reader: Rc<dyn WholeReader>) {
        *self.reader.borrow_mut() = Some(reader);
    }

    /// All rows are here: they are shown in the place of pages.
    pub fn become_whole(&self) {
        self.status.update(|status| status.not_again = None);
        self.is_whole.set(true);
        self.calls.cancel_all();
    }

    pub fn set_growing(&self, is_growing: bool) {
        self.is_growing.set(is_growing);
    }

    /// Pages are shown again, in the place of the rows that are here.
    pub fn leave_whole(&self) {
        self.is_whole.set(false);
    }

    /// The list is left. What reads it, and holds it, goes.
    pub fn end_whole(&self) {
        self.is_whole.set(false);
        self.whole.take();
        self.reader.take();
    }

    /// Other rows of those that are here are shown, or in another order.
    pub fn tell_whole(&self) {
        let count = self.count();
        let not_again = self.status.with_untracked(|status| status.not_again.clone());
        self.status.set(ListStatus { count, loading: false, failure: None, not_again });
        self.touch();
    }

    /// Looks at the rows of the pages that are here.
    pub fn each_read(&self, mut look: impl FnMut(&Row)) {
        self.cache.borrow().loaded().for_each(|(_, row)| look(row));
    }

    /// Another query: nothing of what is here answers it, unless all rows are.
    pub fn restart(&self) {
        if let Some(whole) = self.whole() {
            whole.ask();
            return;
        }
        self.cache.borrow_mut().restart();
        self.calls.cancel_all();
        self.status.set(ListStatus { loading: true, ..ListStatus::default() });
        self.touch();
    }

    /// Reads everything in sight again, or all of it, keeping what is shown until its successor arrives.
    pub fn refresh(&self) {
        if let Some(reader) = self.reader().filter(|_| self.whole().is_some()) {
            reader.refresh();
            self.touch();
            return;
        }
        self.cache.borrow_mut().refresh();
        self.status.maybe_update(|status| status.not_again.take().is_some());
        self.calls.cancel_all();
        self.touch();
    }

    /// Asks again for pages that failed.
    pub fn retry(&self) {
        let has_failed = self.progress.with_untracked(|it| matches!(it, WholeProgress::Failed { .. }));
        if let Some(reader) = self.reader().filter(|_| has_failed) {
            reader.command(LoadCommand::GoOn);
        }
        if self.whole().is_some() {
            return;
        }
        self.cache.borrow_mut().retry();
        self.status.update(|status| {
            status.failure = None;
            status.not_again = None;
            status.loading = true;
        });
        self.touch();
    }

    /// The pages to be read now that these rows are in sight. What is out of sight is read no further.
    pub fn in_sight(&self, rows: Range<usize>) -> Vec<PageRequest> {
        if self.whole().is_some() {
            self.reader().inspect(|reader| reader.in_sight(rows));
            return Vec::new();
        }
        if !self.is_paged {
            return Vec::new();
        }
        let plan = self.cache.borrow_mut().plan(rows);
        self.calls.cancel(&plan.abandon);
        plan.ask
    }

    /// Reads a page by a client that a page out of sight cancels. Says whether its rows are among those
    /// shown now.
    pub async fn read(
        &self,
        asked: PageRequest,
        read: impl AsyncFnOnce(RestClient) -> Result<Page<Row>, Failure>,
    ) -> bool {
        let client = self.calls.begin(self.session.client, asked);
        let answer = read(client).await;
        // The page that showed the list may have been left meanwhile.
        if !self.calls.end(client, asked) || self.status.is_disposed() {
            return false;
        }
        let is_taken = match answer {
            Ok(page) => {
                let mut cache = self.cache.borrow_mut();
                if !cache.accept(asked, page.rows, page.total, page.has_more) {
                    return false;
                }
                let (count, has_failed) = (cache.count(), cache.has_failed());
                drop(cache);
                // Another page in sight may not have come.
                let before = self.status.with_untracked(|status| status.not_again.clone());
                let not_again = before.filter(|_| has_failed);
                self.status.set(ListStatus { count, loading: false, failure: None, not_again });
                true
            }
            Err(failure) => {
                if !self.cache.borrow_mut().fail(asked, failure.title()) {
                    return false;
                }
                let is_shown = self.cache.borrow().row(asked.offset).is_some();
                self.session.expire_by(&failure);
                self.status.update(|status| {
                    status.loading = false;
                    if is_shown {
                        status.not_again = Some(failure);
                    } else {
                        status.failure = (status.count == RowCount::Unknown).then_some(failure);
                    }
                });
                false
            }
        };
        self.touch();
        is_taken
    }

    /// A row of this index is known to exist, read by another way.
    pub fn reach(&self, row: usize) {
        if self.whole().is_none() {
            self.cache.borrow_mut().reach(row);
            self.touch();
        }
    }

    pub fn with_row<T>(&self, row: usize, look: impl FnOnce(&Row) -> T) -> Option<T> {
        let Some(whole) = self.whole() else { return self.cache.borrow().row(row).map(look) };
        let (mut look, mut seen) = (Some(look), None);
        whole.with_row(row, &mut |row| seen = look.take().map(|look| look(row)));
        seen
    }

    pub fn change_row(&self, row: usize, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.cache.borrow_mut().row_mut(row) {
            change(row);
        }
    }

    /// The index of a row that is here.
    pub fn index_of(&self, is_wanted: impl Fn(&Row) -> bool) -> Option<usize> {
        self.cache.borrow().loaded().find(|(_, row)| is_wanted(row)).map(|(index, _)| index)
    }

    pub fn count(&self) -> RowCount {
        match self.whole() {
            Some(whole) if self.is_growing.get() => RowCount::AtLeast(whole.count()),
            Some(whole) => RowCount::Exactly(whole.count()),
            None => self.cache.borrow().count(),
        }
    }

    pub fn state(&self, row: usize) -> RowState {
        match self.whole() {
            Some(whole) if row < whole.count() => RowState::Loaded,
            _ => self.cache.borrow().state(row),
        }
    }

    /// Why the page of a row could not be read, as a sentence.
    pub fn failure(&self, row: usize) -> String {
        let cache = self.cache.borrow();
        format!("{}.", cache.failure(row).unwrap_or("These rows could not be loaded"))
    }
}

impl ListStatus {
    /// How many rows the list has, by what one of them is called and several are.
    pub fn counted(&self, one: &str, several: &str) -> String {
        match self.count {
            RowCount::Unknown if self.failure.is_some() => format!("Number of {several} not known"),
            RowCount::Unknown => format!("Counting {several}"),
            RowCount::AtLeast(rows) => format!("More than {} {several}", count(rows as u64)),
            RowCount::Exactly(1) => format!("1 {one}"),
            RowCount::Exactly(rows) => format!("{} {several}", count(rows as u64)),
        }
    }
}

/// An order as Oracle's REST framework takes it (`orderBy`), made total by the record's own id so that no
/// row is on two pages or on none.
pub fn order_by(sort: &[SortKey], id: &str) -> String {
    let mut keys: Vec<_> = sort
        .iter()
        .map(|key| match key.direction {
            SortDirection::Ascending => format!("{}:asc", key.column),
            SortDirection::Descending => format!("{}:desc", key.column),
        })
        .collect();
    keys.push(format!("{id}:asc"));
    keys.join(",")
}
