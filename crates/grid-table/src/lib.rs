//! A list that is here as a whole: ordered, filtered, grouped and added up in memory, at a million rows
//! within a frame or a few.
//!
//! # How it is used
//!
//! A [`Table`] holds the records, column by column; a [`View`] holds what is shown of it: which rows, in
//! which order, with which totals, values to choose from and groups. Columns are known by their places, a
//! record by its key, and a [`Row`] is the number that it keeps as long as it is here; orders, filters and
//! groups are lists of such numbers, and nothing is ever cloned. A grid paints what [`Table::value`] says of
//! [`View::rows`], and finds a record's line by [`Table::row`] and [`View::place`].
//!
//! ```
//! use grid_table::*;
//! use grid_model::SortDirection::Descending;
//!
//! let mut table = Table::new(&[ColumnKind::Text, ColumnKind::Text, ColumnKind::Amount { unit: 1 }]);
//! let mut view = View::new();
//! let (net, tax) = ("9000000000000000000".parse().unwrap(), "0.50".parse().unwrap());
//! view.edit(&mut table, &[
//!     Edit::Put { key: 11, version: 1, values: &[Value::Text("Zürich"), Value::Text("EUR"), Value::Decimal(net)] },
//!     Edit::Put { key: 12, version: 1, values: &[Value::Text("Bern"), Value::Text("EUR"), Value::Decimal(tax)] },
//! ])?;
//!
//! view.ask(Question {
//!     order: vec![OrderKey::new(2, Descending)],
//!     filters: vec![Filter { column: 0, test: Test::Contains("züR".to_owned()) }],
//!     ..Question::default()
//! });
//! view.add_up(2);
//! // In a browser: `step` with a budget, once a frame, until it is `Step::Done`.
//! view.finish(&mut table);
//!
//! let keys: Vec<i64> = view.rows().iter().map(|row| table.key(*row)).collect();
//! assert_eq!(keys, [11]);
//! let totals = view.totals(2).unwrap();
//! assert_eq!(totals.lines(&table)[0].sum.text(2), "9000000000000000000.00");
//! # Ok::<(), TableError>(())
//! ```
//!
//! - **Records come** by [`View::edit`], many at once: pages that are read, what others changed, and what a
//!   person types. Everything that the view holds is repaired for these rows alone. A record is known by its
//!   key, and what is older than what is here changes nothing. Rows that go to the end of a list that is neither
//!   ordered nor filtered cost nothing more; else a call costs some milliseconds at a million rows, for one edit
//!   as for thousands: gather pages while a long list comes in.
//! - **A question** ([`Question`]) is an order, filters and a quick filter. [`View::ask`] costs nothing; the
//!   work is done in [`View::step`], so many rows at a time. Until the rows of a new question are there, those
//!   of the old one stand; and only the last question is ever answered. The parts that did not change are not
//!   worked out again, and a text that got longer only looks through what its beginning found. Steps of some
//!   50,000 to 200,000 rows leave a frame its time.
//! - **Totals, values and groups** are wanted by [`View::add_up`], [`View::list_values`] and
//!   [`View::group_by`], of each any number at once. They follow the rows and are `None` until they belong to
//!   them: what is there is final.
//! - **Sums are exact, always**: [`Sum`] has room for every digit of as many numbers as there can be rows, so
//!   there is no sum that cannot be held, and none depends on the order in which records came.
//!
//! Blanks come last in either direction, unless an [`OrderKey`] says otherwise. Texts are ordered by their
//! bytes and equal letter for letter, as in the server's database; only [`Test::Contains`] and the quick
//! filter ignore case (as `rest_contract::letter_case` has it). For texts in which letters and accents may
//! stand apart, make the table by [`Table::composing`].
//!
//! A row's number is not given out again: a list of which most records were removed is better made anew.
//!
//! Not here: where records come from, what a column is called, how a value is written.

mod bits;
mod codes;
mod column_data;
mod decimals;
mod dictionary;
mod edit;
mod filter;
mod group_column;
mod grouping;
mod groups;
mod key_index;
mod letter_fold;
mod merge_sort;
mod order;
mod order_job;
mod order_parts;
mod pending;
mod question;
mod ranks;
mod repair;
mod row_list;
mod sieve;
mod sieve_way;
mod sum;
mod tallies;
mod text_search;
mod totals_job;
mod value;
mod value_codes;
mod verdicts;
mod view;

use std::collections::BTreeMap;

use bits::Bits;
use column_data::{ColumnData, TextColumn};
use key_index::KeyIndex;

pub use edit::{Edit, Edited};
pub use filter::{Filter, QuickFilter, Test};
pub use group_column::{GroupColumn, Spans};
pub use groups::{Group, Groups};
pub use order::{Blanks, OrderKey, Ties};
pub use question::{Question, Step};
pub use sum::Sum;
pub use tallies::{Subtotal, Totals};
pub use value::{Amount, ColumnKind, OwnedValue, TableError, Value};
pub use view::View;

/// The number of a record's row, by which the load goes: rows that come later have higher ones. It stays
/// the record's own until the record is removed, and is never given to another.
pub type Row = u32;

/// Records by columns. The module's page tells how it is used.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<ColumnData>,
    keys: Vec<i64>,
    versions: Vec<i64>,
    alive: Bits,
    index: KeyIndex,
    /// The greatest key that ever came: records mostly come by rising key, and need not be looked for.
    greatest: Option<i64>,
    /// The last versions of deleted records.
    removed: BTreeMap<i64, i64>,
    /// Goes up with every change.
    revision: u64,
    composed: fn(&str) -> String,
}

impl Table {
    /// An empty table of these columns.
    ///
    /// # Panics
    /// Where the unit of an amount is no column of text.
    pub fn new(columns: &[ColumnKind]) -> Self {
        Self::composing(columns, str::to_owned)
    }

    /// The same, with a function that composes letters and accents that are written apart (NFC). It is asked
    /// once for each different text beyond ASCII, and for what is searched.
    ///
    /// # Panics
    /// Where the unit of an amount is no column of text.
    pub fn composing(columns: &[ColumnKind], composed: fn(&str) -> String) -> Self {
        for kind in columns {
            if let ColumnKind::Amount { unit } = kind {
                assert_eq!(columns.get(*unit), Some(&ColumnKind::Text), "a unit is a text");
            }
        }
        Self {
            columns: columns.iter().map(|kind| ColumnData::new(*kind)).collect(),
            keys: Vec::new(),
            versions: Vec::new(),
            alive: Bits::default(),
            index: KeyIndex::default(),
            greatest: None,
            removed: BTreeMap::new(),
            revision: 0,
            composed,
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.alive.count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a record stands, if it is here.
    pub fn row(&self, key: i64) -> Option<Row> {
        if self.greatest.is_none_or(|greatest| key > greatest) {
            return None;
        }
        self.index.find(key, &self.keys)
    }

    /// The key of a row that came from here.
    pub fn key(&self, row: Row) -> i64 {
        self.keys[row as usize]
    }

    /// The version of a row that came from here.
    pub fn version(&self, row: Row) -> i64 {
        self.versions[row as usize]
    }

    /// The row of a record that has this text in a column, to the letter. It is found at once in a column of which
    /// every row has a text of its own, else all rows may be looked at.
    pub fn row_with_text(&self, column: usize, text: &str) -> Option<Row> {
        let texts = self.text(column)?;
        let code = texts.dictionary.code(text).filter(|_| !text.is_empty())?;
        let has_it = |row: usize| texts.codes.get(row) == code && self.alive.get(row);
        // Code 0 is the blank, so texts that are all different have the codes of their rows and one more.
        let expected = Some(code as usize - 1).filter(|row| *row < self.keys.len() && has_it(*row));
        let row = expected.or_else(|| (0..self.keys.len()).find(|row| has_it(*row)))?;
        Some(row as Row)
    }

    /// What a cell holds, to the last digit.
    pub fn value(&self, row: Row, column: usize) -> Value<'_> {
        self.columns[column].get(row as usize)
    }

    /// The code of the text in a column of texts: those of equal texts are equal, and stay so. The blank has 0.
    pub fn text_code(&self, row: Row, column: usize) -> Option<u32> {
        Some(self.text(column)?.codes.get(row as usize))
    }

    /// Bytes of memory that the records take.
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(ColumnData::bytes).sum();
        let rows = (self.keys.capacity() + self.versions.capacity()) * 8;
        columns + rows + self.alive.bytes() + self.index.bytes() + self.removed.len() * 32
    }

    /// The texts of a column that is one of texts.
    fn text(&self, column: usize) -> Option<&TextColumn> {
        if let ColumnData::Text(text) = &self.columns[column] { Some(text) } else { None }
    }
}
