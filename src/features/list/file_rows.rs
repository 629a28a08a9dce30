//! The rows that a file is written of, wherever they are.

use super::list_source::List;
use super::paged_list::{ListSpec, PagedList};
use crate::api::{Failure, RestClient, System};
use chrono::{DateTime, Utc};
use grid_model::{CopiedCell, PageRequest};
use rest_contract::oracle::charged_amounts::Amounts;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// Rows in the order of their list, with the columns as these stand.
pub trait FileRows {
    fn count(&self) -> usize;

    fn key(&self, row: usize) -> Option<Arc<str>>;

    fn cell(&self, row: usize, column: usize) -> CopiedCell;

    /// What the row adds to each currency's total.
    fn totalled(&self, row: usize) -> Amounts;

    /// Changes when other rows stand here, or in another order; nothing while they do not answer what is asked.
    fn turn(&self) -> Option<u64>;

    /// How many rows there should be, by whoever counts them; nothing where nobody does.
    fn counted(&self) -> Option<u64>;

    /// Records that came and are none of these rows, because they have no key that can be read.
    fn without_place(&self) -> u64;

    /// When they were as they stand, where they know that themselves.
    fn as_of(&self) -> Option<DateTime<Utc>>;
}

/// All rows of a list as the server has them; nothing where they did not stand still.
pub type RowsRead = Pin<Box<dyn Future<Output = Result<Option<Rc<dyn FileRows>>, Failure>>>>;

/// Hears how many rows have been read, and says whether to go on.
pub type OnRead = Rc<dyn Fn(usize) -> bool>;

/// Rows that are held as they came, which takes more room than a table.
pub const MOST_READ: usize = 50_000;
/// As many as the vendor's servers give at once.
const PAGE: usize = 499;
const READINGS: usize = 4;

/// Reads all pages of a list by its own question. What comes and goes meanwhile moves rows over the edges of pages, so
/// several pages are read until two readings give the same rows in the same order; one page is of one moment.
pub async fn read_pages<Spec: ListSpec>(
    list: Rc<PagedList<Spec>>,
    client: RestClient,
    system: System,
    on_read: OnRead,
) -> Result<Option<Rc<dyn FileRows>>, Failure> {
    let mut before = None;
    for _ in 0..READINGS {
        let as_of = client.now_at(system);
        let (mut rows, mut total, mut has_more, mut pages) = (Vec::new(), None, true, 0);
        while has_more {
            let asked = PageRequest { generation: 0, offset: rows.len(), limit: PAGE };
            let page = list.spec.page(client, asked).await?;
            has_more = page.has_more && !page.rows.is_empty();
            pages += 1;
            total = page.total;
            rows.extend(page.rows);
            if !on_read(rows.len()) || rows.len() > MOST_READ {
                return Ok(None);
            }
        }
        let is_counted = total.is_none_or(|total| total == rows.len());
        let keys: Vec<_> = rows.iter().map(|row| list.spec.key(row)).collect();
        let is_still = pages == 1 || before.as_ref() == Some(&keys);
        if is_counted && is_still {
            return Ok(Some(Rc::new(PageRows { list, rows, total, as_of })));
        }
        before = Some(keys);
    }
    Ok(None)
}

impl FileRows for Rc<dyn List> {
    fn count(&self) -> usize {
        self.row_count().known()
    }

    fn key(&self, row: usize) -> Option<Arc<str>> {
        self.row_key(row)
    }

    fn cell(&self, row: usize, column: usize) -> CopiedCell {
        self.in_file(row, column)
    }

    fn totalled(&self, row: usize) -> Amounts {
        List::totalled(&**self, row)
    }

    fn turn(&self) -> Option<u64> {
        List::turn(&**self)
    }

    fn counted(&self) -> Option<u64> {
        let counted = self.row_count().exact().filter(|_| List::without_place(&**self) == 0);
        counted.map(|rows| rows as u64)
    }

    fn without_place(&self) -> u64 {
        List::without_place(&**self) as u64
    }

    fn as_of(&self) -> Option<DateTime<Utc>> {
        None
    }
}

/// Rows as they came.
struct PageRows<Spec: ListSpec> {
    list: Rc<PagedList<Spec>>,
    rows: Vec<Spec::Row>,
    /// As the server counted them.
    total: Option<usize>,
    /// When their last reading began.
    as_of: DateTime<Utc>,
}

impl<Spec: ListSpec> FileRows for PageRows<Spec> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn key(&self, row: usize) -> Option<Arc<str>> {
        self.list.spec.key(self.rows.get(row)?)
    }

    fn cell(&self, row: usize, column: usize) -> CopiedCell {
        let mut text = String::new();
        if let (Some(row), Some(kind)) = (self.rows.get(row), self.list.columns.kind(column)) {
            let spec = &self.list.spec;
            if let Some(own) = spec.in_file(row, kind.clone()).or_else(|| spec.copied(row, kind.clone())) {
                return own;
            }
            self.list.spec.cell(row, kind, &mut text);
        }
        CopiedCell::Text(text)
    }

    fn totalled(&self, row: usize) -> Amounts {
        self.rows.get(row).map(|row| self.list.spec.totalled(row)).unwrap_or_default()
    }

    fn turn(&self) -> Option<u64> {
        Some(0)
    }

    fn counted(&self) -> Option<u64> {
        self.total.map(|total| total as u64)
    }

    fn without_place(&self) -> u64 {
        0
    }

    fn as_of(&self) -> Option<DateTime<Utc>> {
        Some(self.as_of)
    }
}
