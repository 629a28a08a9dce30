//! What a list tells of its records, so that all of them can be kept as a table.

use super::text_of;
use crate::api::{Failure, RecordKey, RestClient};
use crate::data::session::Session;
use crate::features::list::{ListSpec, Page};
use chrono::{DateTime, Utc};
use grid_table::{Amount, GroupColumn, Question, Row as TableRow, Table, Value};

/// Which records of the whole list are asked for, whatever its query. They come by rising id.
#[derive(Clone, Debug)]
pub enum Asked<'a> {
    /// None; only how many there are.
    Count,
    /// The one with the greatest id.
    Last,
    /// Those behind an id, up to and with another one.
    Between { after: Option<i64>, to: Option<i64> },
    /// Those that were changed at this time or later, behind an id.
    ChangedSince { time: DateTime<Utc>, after: Option<i64> },
    /// These, with all that a row in sight shows.
    InSight(&'a [i64]),
}

pub trait WholeSpec: ListSpec<Row: Clone> {
    fn session(&self) -> Session;

    /// An empty table of the columns that are kept.
    fn table() -> Table;

    /// Where a field stands in the table.
    fn column(field: &str) -> Option<usize>;

    /// What a level of groups is, by its name.
    fn group_column(level: &str) -> Option<GroupColumn> {
        Self::column(level).map(GroupColumn::from)
    }

    /// What tells a group from others of its level.
    fn group_text(_column: &GroupColumn, value: Value<'_>) -> String {
        text_of(value)
    }

    /// The columns by which sums are told apart, and the one that is added up.
    fn summed() -> (&'static [usize], usize);

    /// The records with their ids, by which they are known in the table.
    async fn records(&self, client: RestClient, asked: Asked<'_>) -> Result<Page<(i64, Self::Row)>, Failure>;

    /// By which the record is known in the table.
    fn id(row: &Self::Row) -> Option<i64>;

    /// What the column that is added up holds.
    fn amounts(row: &Self::Row) -> Vec<Amount>;

    /// What the table keeps of a row.
    fn values<'row>(row: &'row Self::Row, amounts: &'row [Amount]) -> Vec<Value<'row>>;

    /// Whether the table keeps all that the row shows. One that it does not is kept as it came.
    fn fits(row: &Self::Row) -> bool;

    /// The row again, out of the table.
    fn made(table: &Table, row: TableRow) -> Self::Row;

    /// Writes what a column shows of a row. Of a column of texts it is asked once for each text.
    fn write(&self, table: &Table, row: TableRow, kind: Self::ColumnKind, text: &mut String) {
        self.cell(&Self::made(table, row), kind, text);
    }

    /// Takes over what the store knows of the row; whether that is all there is to know of the change.
    fn renewed(&self, row: &mut Self::Row, key: &RecordKey) -> bool;

    /// The record of a key, or of a key of something that hangs on it.
    fn row_of_key(table: &Table, key: &str) -> Option<TableRow>;

    /// What the list is asked now.
    fn question(&self) -> Question;
}
