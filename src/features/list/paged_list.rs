//! A list that is read page by page, as the grid's source.

use super::columns::ColumnSet;
use super::file_rows::{MOST_READ, OnRead, RowsRead, read_pages};
use super::find::FindText;
use super::list_source::{EventsAsked, List, find_by_cell};
use super::pages::{ListPages, ListStatus, Page};
use super::row_spec::RowSpec;
use super::whole_rows::{FEWEST_KEPT, WholeAnswers, most_kept};
use crate::api::{Failure, RestClient, System};
use crate::data::session::Session;
use crate::ui::grid::{CellEditor, GridSource, ONE_VALUE};
use grid_model::{CellFace, Column, ColumnLayout, CopiedCell, PageRequest, RowCount, RowState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::{Field, Value};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Where a list's pages come from.
#[expect(async_fn_in_trait, reason = "the page has one thread: no future is sent to another")]
pub trait ListSpec: RowSpec {
    /// How many pages are kept at most; none where all rows come at once.
    const MOST_PAGES: usize = 50;

    async fn page(&self, _client: RestClient, _asked: PageRequest) -> Result<Page<Self::Row>, Failure> {
        Ok(Page { rows: Vec::new(), total: None, has_more: false })
    }

    /// The rows of a page are among those shown now.
    fn shown(&self, _asked: PageRequest, _pages: &ListPages<Self::Row>) {}

    /// See [`List::without_place`].
    fn without_place(&self) -> usize {
        0
    }

    /// See [`List::without_filter`].
    fn without_filter(&self, _field: &'static Field) -> Option<EventsAsked> {
        None
    }

    /// See [`GridSource::why_not_pasted`].
    fn why_not_pasted(&self) -> Option<String> {
        Some(ONE_VALUE.to_owned())
    }

    /// The index of a record that is here.
    fn index_of(&self, key: &str, pages: &ListPages<Self::Row>) -> Option<usize> {
        if let Some(whole) = pages.whole() {
            return whole.row_of_key(key);
        }
        pages.index_of(|row| self.key(row).as_deref() == Some(key))
    }
}

/// A list and the pages of it that are here.
pub struct PagedList<Spec: ListSpec> {
    pub spec: Spec,
    pub columns: ColumnSet<Spec::ColumnKind>,
    pub pages: ListPages<Spec::Row>,
}

impl<Spec: ListSpec> PagedList<Spec> {
    pub fn new(session: Session, columns: ColumnSet<Spec::ColumnKind>, spec: Spec) -> Rc<Self> {
        Rc::new(Self { spec, columns, pages: ListPages::new(session, Spec::MOST_PAGES) })
    }

    /// Looks at a record that is here.
    pub fn with_record<T>(&self, key: &str, look: impl FnOnce(&Spec::Row) -> T) -> Option<T> {
        self.pages.with_row(self.spec.index_of(key, &self.pages)?, look)
    }

    /// Once the list turns out to be long, or all of it is wanted, `begin` has all of it read, unless there are
    /// more rows than it is given. Called within a component, whose end ends that.
    pub fn read_whole_once_long(
        self: &Rc<Self>,
        begin: impl Fn(StoredValue<Rc<Self>, LocalStorage>, usize) + 'static,
    ) {
        let handle = StoredValue::new_local(Rc::clone(self));
        let (status, wants_whole) = (self.pages.status, self.pages.wants_whole);
        let is_long = Memo::new(move |_| {
            wants_whole.get() || status.with(|status| status.count.exact() >= Some(FEWEST_KEPT))
        });
        Effect::new(move || {
            if is_long.get() && handle.with_value(|list| list.pages.reader().is_none()) {
                begin(handle, most_kept());
            }
        });
        on_cleanup(move || {
            if let Some(list) = handle.try_get_value() {
                list.pages.end_whole();
            }
        });
    }

    async fn read(self: Rc<Self>, asked: PageRequest) {
        let is_shown = self.pages.read(asked, async |client| self.spec.page(client, asked).await).await;
        if is_shown {
            self.spec.shown(asked, &self.pages);
            self.pages.touch();
        }
    }
}

impl<Spec: ListSpec> List for Rc<PagedList<Spec>> {
    fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        self.columns.lay_out(layout)
    }

    fn revision(&self) -> Signal<u64> {
        self.pages.revision.into()
    }

    fn status(&self) -> Signal<ListStatus> {
        self.pages.status.into()
    }

    fn find(
        &self,
        rows: Range<usize>,
        columns: &[Column],
        wanted: &FindText,
        found: &mut dyn FnMut(usize, u64),
    ) -> usize {
        match self.pages.whole() {
            Some(whole) => whole.find(rows, columns, wanted, found),
            None => find_by_cell(self, rows, columns, wanted, found),
        }
    }

    fn retry(&self) {
        self.pages.retry();
    }

    fn whole(&self) -> Option<Rc<dyn WholeAnswers>> {
        Some(self.pages.whole()?)
    }

    fn want_whole(&self) {
        self.pages.wants_whole.set(true);
    }

    fn in_file(&self, row: usize, column: usize) -> CopiedCell {
        let own = self
            .columns
            .kind(column)
            .and_then(|kind| self.pages.with_row(row, |row| self.spec.in_file(row, kind)).flatten());
        own.unwrap_or_else(|| self.copied(row, column))
    }

    fn value(&self, row: usize, field: &'static Field) -> Option<Value> {
        self.pages.with_row(row, |row| self.spec.value(row, field))?
    }

    fn totalled(&self, row: usize) -> Amounts {
        self.pages.with_row(row, |row| self.spec.totalled(row)).unwrap_or_default()
    }

    fn turn(&self) -> Option<u64> {
        let whole = self.pages.whole().filter(|_| self.pages.count().exact().is_some())?;
        whole.turn()
    }

    fn without_place(&self) -> usize {
        self.spec.without_place()
    }

    fn read_pages(&self, system: System, on_read: OnRead) -> Option<RowsRead> {
        let is_paged = Spec::MOST_PAGES > 0;
        let is_held = is_paged && self.pages.count().exact().is_some_and(|rows| rows <= MOST_READ);
        is_held
            .then(|| Box::pin(read_pages(Rc::clone(self), self.pages.client(), system, on_read)) as RowsRead)
    }

    fn without_filter(&self, field: &'static Field) -> Option<EventsAsked> {
        self.spec.without_filter(field)
    }
}

impl<Spec: ListSpec> GridSource for Rc<PagedList<Spec>> {
    fn row_count(&self) -> RowCount {
        self.pages.count()
    }

    fn row_state(&self, row: usize) -> RowState {
        self.pages.state(row)
    }

    fn row_key(&self, row: usize) -> Option<Arc<str>> {
        self.pages.with_row(row, |row| self.spec.key(row)).flatten()
    }

    fn row_version(&self, row: usize) -> Arc<str> {
        self.pages.with_row(row, |row| self.spec.version(row)).unwrap_or_else(|| "".into())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.spec.index_of(key, &self.pages)
    }

    fn row_near(&self, key: &str) -> Option<usize> {
        self.pages.whole()?.row_near(key)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        let Some(kind) = self.columns.kind(column) else { return CellFace::default() };
        self.pages.with_row(row, |row| self.spec.cell(row, kind, text)).unwrap_or_default()
    }

    fn address(&self, row: usize, column: usize) -> Option<String> {
        let kind = self.columns.kind(column)?;
        self.pages.with_row(row, |row| self.spec.address(row, kind))?
    }

    fn whole_text(&self, row: usize, column: usize) -> Option<String> {
        let kind = self.columns.kind(column)?;
        self.pages.with_row(row, |row| self.spec.whole_text(row, kind))?
    }

    fn exact(&self, row: usize, column: usize) -> Option<CopiedCell> {
        let kind = self.columns.kind(column)?;
        self.pages.with_row(row, |row| self.spec.copied(row, kind))?
    }

    fn failure(&self, row: usize) -> String {
        self.pages.failure(row)
    }

    fn viewport(&self, rows: Range<usize>) {
        for asked in self.pages.in_sight(rows) {
            spawn_local(Rc::clone(self).read(asked));
        }
    }

    fn why_not_pasted(&self) -> Option<String> {
        self.spec.why_not_pasted()
    }

    fn editor(&self, row: usize, column: usize) -> Result<CellEditor, String> {
        let kind = self.columns.kind(column).ok_or_else(String::new)?;
        let editor = self.pages.with_row(row, |row| self.spec.editor(row, kind));
        editor.unwrap_or_else(|| Err("This row is still being loaded.".to_owned()))
    }
}
