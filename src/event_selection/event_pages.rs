//! The events of a selection, page by page, in the order of their list.

use super::Selected;
use crate::rest_client::{EventPageQuery, Failure, RestClient};
use grid_model::RowRanges;
use rest_contract::Record;
use std::collections::VecDeque;
use std::ops::Range;

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;

pub struct EventPages {
    client: RestClient,
    selected: Selected,
    /// `fields=` or `expand=` and what else shapes an item.
    shape: &'static str,
    left: VecDeque<Range<usize>>,
    /// How many there are, as far as is known.
    pub total: Option<usize>,
    pub read: usize,
}

impl EventPages {
    pub fn new(client: RestClient, selected: Selected, shape: &'static str) -> Self {
        let rows = selected.rows.clone().unwrap_or_else(|| RowRanges::from(0..usize::MAX));
        let total = selected.rows.as_ref().map(RowRanges::len);
        Self { client, selected, shape, left: rows.ranges().iter().cloned().collect(), total, read: 0 }
    }

    /// The next page; nothing after the last one.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, Failure> {
        let Some(range) = self.left.pop_front() else { return Ok(None) };
        let query = EventPageQuery {
            batch: self.selected.batch.as_deref(),
            q: &self.selected.q,
            order_by: &self.selected.order_by,
            shape: self.shape,
            offset: range.start,
            limit: PAGE.min(range.end - range.start),
        };
        let page = self.client.event_page(&query).await?;
        self.total = self.total.or(page.total_results.and_then(|found| usize::try_from(found).ok()));
        self.read += page.items.len();
        let next = range.start + page.items.len();
        if page.items.is_empty() || !page.has_more {
            self.left.clear();
        } else if next < range.end {
            self.left.push_front(next..range.end);
        }
        Ok(Some(page.items))
    }
}
