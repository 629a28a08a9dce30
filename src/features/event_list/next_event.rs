//! The way from one event of the list to another: to the one beside it, or to the next one in error. Rows
//! that are not loaded are read on, so that none is passed over.

use super::source::EventList;
use crate::api::{EventPageQuery, Failure, RecordKey};
use crate::text::{StatusClass, class_of};
use grid_model::RowCount;
use rest_contract::{Record, Value};
use std::sync::Arc;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Any,
    InError,
}

/// An event of the list, as little of it as the way needs.
#[derive(Clone, Debug)]
pub struct Passed {
    pub number: String,
    pub key: Arc<str>,
    /// Its index in the list, as far as is known.
    pub row: usize,
    is_in_error: bool,
}

impl Wanted {
    fn is(self, passed: &Passed) -> bool {
        !passed.number.is_empty() && (self == Self::Any || passed.is_in_error)
    }
}

/// Where the looking begins, and which way it goes.
pub struct Along<'a> {
    pub list: &'a EventList,
    pub wanted: Wanted,
    /// The event that is left; it need not be loaded.
    pub from: Option<&'a str>,
    /// It is called before rows are read from the server.
    pub reads_on: &'a dyn Fn(),
}

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;
/// As many rows are read once more where unloaded ones begin: rows that left the list meanwhile moved
/// those behind them up.
const OVERLAP: usize = 100;

impl Along<'_> {
    /// The first one that is wanted, at `at` or behind it.
    pub async fn forward(&self, mut at: usize) -> Result<Option<Passed>, Failure> {
        if self.list.pages.whole().is_some() {
            return Ok(self.in_whole(at, true));
        }
        while let Some(passed) = self.loaded(at) {
            if let Some(found) = passed.filter(|passed| self.wanted.is(passed)) {
                return Ok(Some(found));
            }
            at += 1;
        }
        if matches!(self.list.pages.count(), RowCount::Exactly(rows) if at >= rows) {
            return Ok(None);
        }
        (self.reads_on)();
        let mut offset = at.saturating_sub(OVERLAP);
        let (mut rows, mut has_more) = self.read(offset, PAGE).await?;
        let known = rows.iter().rposition(|row| self.stands(row, |index| index < at));
        let mut unseen = known.map_or(0, |known| known + 1);
        loop {
            if let Some(found) = rows.iter().skip(unseen).find(|row| self.wanted.is(row)) {
                return Ok(Some(found.clone()));
            }
            if !has_more {
                return Ok(None);
            }
            offset += rows.len();
            unseen = 0;
            (rows, has_more) = self.read(offset, PAGE).await?;
        }
    }

    /// The first one that is wanted, at `at` or before it.
    pub async fn backward(&self, at: usize) -> Result<Option<Passed>, Failure> {
        if self.list.pages.whole().is_some() {
            return Ok(self.in_whole(at, false));
        }
        let mut place = Some(at);
        let last_unloaded = loop {
            let Some(at) = place else { return Ok(None) };
            let Some(passed) = self.loaded(at) else { break at };
            if let Some(found) = passed.filter(|passed| self.wanted.is(passed)) {
                return Ok(Some(found));
            }
            place = at.checked_sub(1);
        };
        (self.reads_on)();
        let mut end = last_unloaded + 1 + OVERLAP;
        let mut is_first = true;
        loop {
            let offset = end.saturating_sub(PAGE);
            let (rows, _) = self.read(offset, end - offset).await?;
            let known = rows.iter().position(|row| self.stands(row, |index| index > last_unloaded));
            let unseen = known.filter(|_| is_first).unwrap_or(rows.len());
            if let Some(found) = rows.iter().take(unseen).rfind(|row| self.wanted.is(row)) {
                return Ok(Some(found.clone()));
            }
            if offset == 0 {
                return Ok(None);
            }
            (end, is_first) = (offset, false);
        }
    }

    /// The same in a list of which all rows are here.
    fn in_whole(&self, mut at: usize, is_forward: bool) -> Option<Passed> {
        let whole = self.list.pages.whole()?;
        let may_be = |status: &str| self.wanted == Wanted::Any || class_of(status) == StatusClass::Error;
        loop {
            at = whole.next_with(at, is_forward, "EventStatus", &may_be)?;
            if let Some(found) = self.loaded(at).flatten().filter(|passed| self.wanted.is(passed)) {
                return Some(found);
            }
            at = if is_forward { at + 1 } else { at.checked_sub(1)? };
        }
    }

    /// Of the events behind `from` the first one that is wanted, or of those before it the last one, where
    /// `from` is not loaded and its place has to be found first. Where it is in the list no more, the
    /// first one of the list.
    pub async fn by_number(&self, is_forward: bool) -> Result<Option<Passed>, Failure> {
        (self.reads_on)();
        let (mut offset, mut is_behind) = (0, false);
        let (mut first, mut before) = (None, None);
        loop {
            let (rows, has_more) = self.read(offset, PAGE).await?;
            offset += rows.len();
            for row in rows {
                if Some(row.number.as_str()) == self.from {
                    if !is_forward {
                        return Ok(before);
                    }
                    is_behind = true;
                } else if self.wanted.is(&row) {
                    if is_behind {
                        return Ok(Some(row));
                    }
                    first.get_or_insert_with(|| row.clone());
                    before = Some(row);
                }
            }
            if !has_more {
                return Ok(first.filter(|_| !is_behind));
            }
        }
    }

    /// What stands in a loaded row; nothing inside where it came without a number.
    fn loaded(&self, at: usize) -> Option<Option<Passed>> {
        self.list.pages.with_row(at, |row| {
            let row = row.as_ref().ok()?;
            Some(self.passed(at, row.number(), &row.key, row.fields.get("EventStatus")))
        })
    }

    fn stands(&self, row: &Passed, is_there: impl Fn(usize) -> bool) -> bool {
        self.list.index_of_number(&row.number).is_some_and(is_there)
    }

    /// What the person changed counts, whether it is saved by now or not.
    fn passed(&self, row: usize, number: String, key: &RecordKey, read: Option<&Value>) -> Passed {
        let is_error = |status: Option<&Value>| {
            status.and_then(Value::as_text).map(class_of) == Some(StatusClass::Error)
        };
        let is_in_error = self.list.spec.session.sync.with_view(key, |view| {
            is_error(view.as_ref().and_then(|view| view.shown(&"EventStatus")).or(read))
        });
        Passed { number, key: Arc::clone(&key.path), row, is_in_error }
    }

    /// Rows from `offset` on, `limit` of them unless the list ends before, and whether there are more.
    async fn read(&self, offset: usize, limit: usize) -> Result<(Vec<Passed>, bool), Failure> {
        let spec = &self.list.spec;
        let query = self.list.query();
        let (q, order_by) = (query.q(), query.order_by());
        let mut rows = Vec::new();
        loop {
            let page = EventPageQuery {
                batch: spec.batch.as_deref(),
                q: &q,
                order_by: &order_by,
                shape: "fields=EventId,EventNumber,EventStatus&onlyData=true",
                offset: offset + rows.len(),
                limit: limit - rows.len(),
            };
            let page = spec.session.client.event_page(&page).await?;
            let got = page.items.len();
            let first = offset + rows.len();
            rows.extend(page.items.iter().zip(first..).map(|(event, row)| self.passed_of(row, event)));
            let has_more = page.has_more && got > 0;
            if rows.len() >= limit || !has_more {
                return Ok((rows, has_more));
            }
        }
    }

    /// One that came without a number can be opened by nobody, and is not wanted.
    fn passed_of(&self, row: usize, event: &Record) -> Passed {
        match event.key() {
            Some(number) => {
                let key = RecordKey::event(&number);
                // What is loaded of the list may be older than this reading, and stand elsewhere.
                let row = self.list.index_of_event(&key.path).unwrap_or(row);
                self.passed(row, number, &key, event.get("EventStatus"))
            }
            None => Passed { number: String::new(), key: "".into(), row, is_in_error: false },
        }
    }
}
