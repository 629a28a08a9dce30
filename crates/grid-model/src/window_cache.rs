use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

use crate::{RowCount, RowState};

/// So many requests may be under way at once; more would only queue in the browser, in front of
/// the page that comes into sight next.
const MAX_IN_FLIGHT: usize = 4;

/// The pages of a long list that are here, and what to ask for next.
///
/// The list is cut into pages of one length. A screen calls [`WindowCache::plan`] with the rows in
/// sight, sends what comes out, and hands every answer to [`WindowCache::accept`] or
/// [`WindowCache::fail`]. Each request carries the generation of the question (filter and order)
/// that it belongs to, so an answer to an older question changes nothing, whenever it arrives.
#[derive(Clone, Debug)]
pub struct WindowCache<Row> {
    page_len: usize,
    max_pages: usize,
    generation: u64,
    count: RowCount,
    pages: BTreeMap<usize, Page<Row>>,
    in_sight: Range<usize>,
}

#[derive(Clone, Debug)]
struct Page<Row> {
    rows: Vec<Row>,
    /// So many rows at the front answer the present question; those behind them answered it
    /// before a refresh and stand until their successors arrive.
    fresh: usize,
    fetch: Fetch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fetch {
    Needed,
    InFlight,
    Failed(String),
    Complete,
}

/// A page to fetch. It comes back with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    pub generation: u64,
    /// Rows to skip.
    pub offset: usize,
    /// Rows to ask for at most.
    pub limit: usize,
}

/// What a screen should do after the rows in sight have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagePlan {
    /// To send, the most urgent first.
    pub ask: Vec<PageRequest>,
    /// No longer in sight and not answered: may be cancelled. An answer that comes anyway is used.
    pub abandon: Vec<PageRequest>,
}

impl<Row> WindowCache<Row> {
    /// Pages of `page_len` rows; at most `max_pages` of them are kept beyond those in sight.
    pub fn new(page_len: usize, max_pages: usize) -> WindowCache<Row> {
        WindowCache {
            page_len: page_len.max(1),
            max_pages: max_pages.max(1),
            generation: 0,
            count: RowCount::Unknown,
            pages: BTreeMap::new(),
            in_sight: 0..0,
        }
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub fn count(&self) -> RowCount {
        self.count
    }

    /// Another filter or order: nothing that is here answers it.
    pub fn restart(&mut self) {
        self.generation += 1;
        self.count = RowCount::Unknown;
        self.pages.clear();
        self.in_sight = 0..0;
    }

    /// The same question once more. Rows in sight stay until their successors arrive; the others
    /// are let go. A list that was empty begins anew: it has no rows in sight to ask for.
    pub fn refresh(&mut self) {
        if self.count == RowCount::Exactly(0) {
            return self.restart();
        }
        self.generation += 1;
        let kept = self.pages_of(&self.in_sight);
        self.pages.retain(|number, page| kept.contains(number) && !page.rows.is_empty());
        for page in self.pages.values_mut() {
            page.fresh = 0;
            page.fetch = Fetch::Needed;
        }
    }

    fn pages_of(&self, rows: &Range<usize>) -> Range<usize> {
        if rows.is_empty() { 0..0 } else { rows.start / self.page_len..rows.end.div_ceil(self.page_len) }
    }

    /// The rows in sight are these: what to ask for and what to give up. Half a page on either
    /// side is fetched ahead.
    pub fn plan(&mut self, in_sight: Range<usize>) -> PagePlan {
        let ahead = self.page_len / 2;
        let around = in_sight.start.saturating_sub(ahead)..in_sight.end.saturating_add(ahead);
        self.in_sight = in_sight;
        let wanted = self.askable(self.pages_of(&around));
        let mut plan = PagePlan { ask: Vec::new(), abandon: self.abandon_all_but(&wanted) };
        let under_way = self.pages.values().filter(|page| page.fetch == Fetch::InFlight).count();
        let middle = (self.in_sight.start + self.in_sight.end) / 2;
        let distance = |number: usize| (number * self.page_len + self.page_len / 2).abs_diff(middle);
        let order: BinaryHeap<(usize, usize)> =
            wanted.clone().map(|number| (distance(number), number)).collect();
        for (_, number) in order.into_sorted_vec() {
            if under_way + plan.ask.len() >= MAX_IN_FLIGHT {
                break;
            }
            let page = self.pages.entry(number).or_insert_with(|| Page {
                rows: Vec::new(),
                fresh: 0,
                fetch: Fetch::Needed,
            });
            if page.fetch == Fetch::Needed {
                page.fetch = Fetch::InFlight;
                plan.ask.push(request(self.generation, self.page_len, number, page));
            }
        }
        self.let_go();
        plan
    }

    /// Pages that can exist: the first one while nothing is known, and the one after the last
    /// known row while the end is not known.
    fn askable(&self, pages: Range<usize>) -> Range<usize> {
        let end = match self.count {
            RowCount::Unknown => return 0..1,
            RowCount::AtLeast(rows) => rows / self.page_len + 1,
            RowCount::Exactly(rows) => rows.div_ceil(self.page_len),
        };
        pages.start.min(end)..pages.end.min(end)
    }

    fn abandon_all_but(&mut self, wanted: &Range<usize>) -> Vec<PageRequest> {
        let mut abandoned = Vec::new();
        for (number, page) in &mut self.pages {
            if page.fetch == Fetch::InFlight && !wanted.contains(number) {
                page.fetch = Fetch::Needed;
                abandoned.push(request(self.generation, self.page_len, *number, page));
            }
        }
        self.pages.retain(|_, page| page.fetch != Fetch::Needed || !page.rows.is_empty());
        abandoned
    }

    /// Keeps the pages nearest to the rows in sight. What is in flight is in sight or next to it, so that
    /// whatever is too much lies farther off.
    fn let_go(&mut self) {
        let seen = self.pages_of(&self.in_sight);
        let distance = |number: usize| {
            if number < seen.start { seen.start - number } else { (number + 1).saturating_sub(seen.end) }
        };
        while self.pages.len() > self.max_pages.max(seen.len() + 2) {
            let farthest = self
                .pages
                .iter()
                .filter(|(_, page)| page.fetch != Fetch::InFlight)
                .map(|(number, _)| *number)
                .max_by_key(|number| distance(*number));
            let Some(number) = farthest else { return };
            self.pages.remove(&number);
        }
    }

    /// An answer. `total` is the server's count, if it gave one; servers may only estimate it, so
    /// the end is believed when an answer says that there is no more. False when the answer is
    /// late or repeated and nothing changed.
    pub fn accept(
        &mut self,
        asked: PageRequest,
        rows: Vec<Row>,
        total: Option<usize>,
        has_more: bool,
    ) -> bool {
        let Some(page) = self.page_for(asked) else {
            return false;
        };
        let got = rows.len();
        let room = page.fresh + asked.limit;
        let replaced = page.rows.len().min(page.fresh + got);
        page.rows.splice(page.fresh..replaced, rows);
        page.fresh += got;
        // A server may give fewer rows than asked and still have more; the rest is asked for next.
        let is_complete = got == 0 || !has_more || page.fresh >= room;
        if is_complete {
            page.rows.truncate(page.fresh);
        }
        page.fetch = if is_complete { Fetch::Complete } else { Fetch::Needed };
        self.count = self.count_after(asked.offset, got, total, has_more);
        self.drop_beyond_end();
        true
    }

    fn count_after(&self, offset: usize, got: usize, total: Option<usize>, has_more: bool) -> RowCount {
        let end = offset + got;
        if got == 0 {
            return RowCount::Exactly(offset.min(self.count.known()));
        }
        if !has_more {
            return RowCount::Exactly(end);
        }
        match (total, self.count) {
            (Some(total), _) if total > end => RowCount::Exactly(total),
            (None, RowCount::Exactly(rows)) if rows > end => RowCount::Exactly(rows),
            (_, known) => RowCount::AtLeast(known.known().max(end)),
        }
    }

    /// A row of this index was met elsewhere: where the end is not known, the list goes on beyond it.
    pub fn reach(&mut self, row: usize) {
        if self.count.exact().is_none() {
            self.count = RowCount::AtLeast(self.count.known().max(row));
        }
    }

    fn drop_beyond_end(&mut self) {
        if let RowCount::Exactly(rows) = self.count {
            let pages = rows.div_ceil(self.page_len);
            self.pages.retain(|number, _| *number < pages);
        }
    }

    /// The request failed; the rows stay as they are until [`WindowCache::retry`]. False when it
    /// belongs to an older question.
    pub fn fail(&mut self, asked: PageRequest, reason: impl Into<String>) -> bool {
        let Some(page) = self.page_for(asked) else {
            return false;
        };
        page.fetch = Fetch::Failed(reason.into());
        true
    }

    /// The page that an answer to `asked` would continue.
    fn page_for(&mut self, asked: PageRequest) -> Option<&mut Page<Row>> {
        if asked.generation != self.generation {
            return None;
        }
        let number = asked.offset / self.page_len;
        let page = self.pages.entry(number).or_insert_with(|| Page {
            rows: Vec::new(),
            fresh: 0,
            fetch: Fetch::Needed,
        });
        let continues = number * self.page_len + page.fresh == asked.offset;
        (continues && page.fetch != Fetch::Complete).then_some(page)
    }

    /// Pages that failed are asked for again as they come into sight.
    pub fn retry(&mut self) {
        for page in self.pages.values_mut() {
            if matches!(page.fetch, Fetch::Failed(_)) {
                page.fetch = Fetch::Needed;
            }
        }
    }

    pub fn row(&self, row: usize) -> Option<&Row> {
        self.pages.get(&(row / self.page_len))?.rows.get(row % self.page_len)
    }

    pub fn row_mut(&mut self, row: usize) -> Option<&mut Row> {
        self.pages.get_mut(&(row / self.page_len))?.rows.get_mut(row % self.page_len)
    }

    pub fn state(&self, row: usize) -> RowState {
        match self.pages.get(&(row / self.page_len)) {
            Some(page) if row % self.page_len < page.rows.len() => RowState::Loaded,
            Some(Page { fetch: Fetch::Failed(_), .. }) => RowState::Failed,
            _ => RowState::Loading,
        }
    }

    /// Why the page that holds the row could not be fetched.
    pub fn failure(&self, row: usize) -> Option<&str> {
        match &self.pages.get(&(row / self.page_len))?.fetch {
            Fetch::Failed(reason) => Some(reason),
            Fetch::Needed | Fetch::InFlight | Fetch::Complete => None,
        }
    }

    /// The rows that are here, each with its place in the list, in rising order.
    pub fn loaded(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.pages.iter().flat_map(|(number, page)| {
            let first = number * self.page_len;
            page.rows.iter().enumerate().map(move |(at, row)| (first + at, row))
        })
    }

    /// Whether a page could not be fetched and has not been asked for again.
    pub fn has_failed(&self) -> bool {
        self.pages.values().any(|page| matches!(page.fetch, Fetch::Failed(_)))
    }

    pub fn is_fetching(&self) -> bool {
        self.pages.values().any(|page| page.fetch == Fetch::InFlight)
    }
}

fn request<Row>(generation: u64, page_len: usize, number: usize, page: &Page<Row>) -> PageRequest {
    PageRequest {
        generation,
        offset: number * page_len + page.fresh,
        limit: page_len.saturating_sub(page.fresh),
    }
}

#[cfg(test)]
mod tests;
