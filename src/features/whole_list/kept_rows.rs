//! Rows as the grid looks at them: made out of the table when they come into sight, or as they were read last.

use grid_table::Row as TableRow;
use std::collections::HashMap;
use std::rc::Rc;

/// A few screens of rows. More of them are made again when they are looked at.
const MOST: usize = 4_000;

pub(super) struct KeptRows<Row> {
    rows: HashMap<TableRow, Kept<Row>>,
    /// Rows with values that the table cannot hold, as they came.
    exact: HashMap<TableRow, Rc<Row>>,
}

struct Kept<Row> {
    row: Rc<Row>,
    /// When the request left that brought it; nothing where it is made out of the table.
    read: Option<i64>,
}

impl<Row> Default for KeptRows<Row> {
    fn default() -> Self {
        Self { rows: HashMap::new(), exact: HashMap::new() }
    }
}

impl<Row> KeptRows<Row> {
    pub(super) fn row(
        &mut self,
        at: TableRow,
        made: impl FnOnce(TableRow) -> Option<Row>,
    ) -> Option<Rc<Row>> {
        if let Some(kept) = self.rows.get(&at) {
            return Some(Rc::clone(&kept.row));
        }
        let row = match self.exact.get(&at) {
            Some(row) => Rc::clone(row),
            None => Rc::new(made(at)?),
        };
        self.make_room();
        self.rows.insert(at, Kept { row: Rc::clone(&row), read: None });
        Some(row)
    }

    /// As it was read; `read` says when.
    pub(super) fn keep(&mut self, at: TableRow, row: Rc<Row>, read: i64) {
        self.make_room();
        self.rows.insert(at, Kept { row, read: Some(read) });
    }

    /// When a row was read by itself, if it was.
    pub(super) fn read(&self, at: TableRow) -> Option<i64> {
        self.rows.get(&at)?.read
    }

    /// The table holds something else of the row now.
    pub(super) fn forget(&mut self, at: TableRow) {
        self.rows.remove(&at);
    }

    /// Keeps a row as it came, where the table cannot.
    pub(super) fn set_exact(&mut self, at: TableRow, row: Option<Row>) {
        match row {
            Some(row) => {
                self.exact.insert(at, Rc::new(row));
            }
            None if self.exact.is_empty() => {}
            None => {
                self.exact.remove(&at);
            }
        }
    }

    /// A row with values that the table cannot hold.
    pub(super) fn exact(&self, at: TableRow) -> Option<&Row> {
        self.exact.get(&at).map(Rc::as_ref)
    }

    /// Those that were read, for another table.
    pub(super) fn into_read(self) -> impl Iterator<Item = (TableRow, Rc<Row>, i64)> {
        self.rows.into_iter().filter_map(|(at, kept)| Some((at, kept.row, kept.read?)))
    }

    fn make_room(&mut self) {
        if self.rows.len() >= MOST {
            self.rows.retain(|_, kept| kept.read.is_some());
        }
        if self.rows.len() >= MOST {
            self.rows.clear();
        }
    }
}
